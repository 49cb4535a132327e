"""Chips: a word on a tint that means something; painted, so that tables and cards draw the same one."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.theme import colors

HEIGHT = 19
_SIDE = 6


def chip_width(text: str) -> int:
    """Pixels a chip with this text takes."""
    return QFontMetrics(fonts.font(tokens.SMALL)).horizontalAdvance(text) + 2 * _SIDE


def paint_chip(painter: QPainter, x: int, middle: int, text: str, tone: str = "grey", limit: int = 10_000) -> int:
    """Draw a chip whose left edge is `x`, centred on `middle`, at most `limit` wide; gives its width."""
    face = fonts.font(tokens.SMALL)
    width = min(chip_width(text), limit)
    if width < 2 * _SIDE + 4:
        return 0
    shade = colors().tone(tone)
    box = QRect(QPoint(x, middle - HEIGHT // 2), QSize(width, HEIGHT))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(shade.tint))
    painter.drawRoundedRect(QRectF(box), tokens.RADIUS_CHIP, tokens.RADIUS_CHIP)
    painter.setPen(QColor(shade.text))
    painter.setFont(face)
    shown = text
    if width < chip_width(text):
        shown = QFontMetrics(face).elidedText(text, Qt.TextElideMode.ElideRight, width - 2 * _SIDE)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
    painter.restore()
    return width


class Chip(QWidget):
    """A chip as a widget; tones: red, amber, blue, green, grey."""

    def __init__(self, text: str = "", tone: str = "grey", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._tone = text, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def set(self, text: str, tone: str = "grey") -> None:
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        return self._text

    def tone(self) -> str:
        return self._tone

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self._text), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_chip(QPainter(self), 0, self.height() // 2, self._text, self._tone, self.width())
