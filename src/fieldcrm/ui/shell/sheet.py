"""The narrow card of what comes before the pages, and its mark."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldcrm.ui.kit import icons
from fieldcrm.ui.kit.middle import set_in_the_middle
from fieldcrm.ui.kit.paint import paint_panel
from fieldcrm.ui.kit.theme import colors

_WIDTH = 380


class Sheet(QWidget):
    """A narrow card in the middle of an empty window, for what comes before the pages. Add to `body`."""

    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painted = False
        self.card = _Card()
        self.body = self.card.column
        set_in_the_middle(self, self.card)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(colors().window))
        if not self._painted:
            self._painted = True
            self.painted.emit()


class _Card(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_WIDTH)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(28, 26, 28, 26)
        self.column.setSpacing(8)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        paint_panel(QPainter(self), QRectF(self.rect()), c.card, c.line)


def mark(icon: str, size: int, ratio: float) -> QPixmap:
    """The program's mark: an icon on a round square of the accent, `size` px, `ratio` device pixels per px."""
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(QColor(0, 0, 0, 0))
    picture.setDevicePixelRatio(ratio)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors().accent))
    painter.drawRoundedRect(QRectF(0, 0, size, size), 10, 10)
    icons.paint(painter, icon, colors().on_accent, size / 4, size / 4, size // 2)
    painter.end()
    return picture


class Brand(QWidget):
    """The mark as a widget."""

    def __init__(self, icon: str = "shield-check") -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(44, 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).drawPixmap(0, 0, mark(self._icon, 44, self.devicePixelRatioF()))
