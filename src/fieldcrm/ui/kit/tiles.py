"""Tiles: title, one big figure, the rest in small, a bar; a click opens the rows it counts."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.paint import paint_bar, paint_panel
from fieldcrm.ui.kit.theme import colors


class Tile(QAbstractButton):
    """A figure of the day. `set(figure, rest, ratio, tone)`; `clicked` opens its rows. `figure` "—" until known."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._figure, self._rest = title, "—", ""
        self._ratio: float | None = None
        self._tone = "blue"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)

    def set(self, figure: str, rest: str = "", ratio: float | None = None, tone: str = "blue") -> None:
        """Show a figure; `ratio` None draws no bar."""
        self._figure, self._rest, self._ratio, self._tone = figure, rest, ratio, tone
        self.setAccessibleDescription(f"{figure} {rest}")
        self.setToolTip(rest if self.shortened else "")
        self.update()

    @property
    def shortened(self) -> bool:
        """Whether the rest is cut at the present width."""
        return QFontMetrics(fonts.font(tokens.SMALL)).horizontalAdvance(self._rest) > self._room()

    def _room(self) -> int:
        """Pixels for the rest, beside the figure."""
        used = QFontMetrics(self._face()).horizontalAdvance(self._figure) + 6
        return self.width() - 2 * tokens.PAD - 2 - used

    def _face(self) -> QFont:
        """What the figure is written in: smaller where nine digits stand on a small screen, never cut."""
        width = self.width() - 2 * tokens.PAD - 2
        for size in range(tokens.FIGURE, tokens.FONT, -1):
            face = fonts.figures(size, True)
            if QFontMetrics(face).horizontalAdvance(self._figure) <= width:
                return face
        return fonts.figures(tokens.FONT, True)

    def figure(self) -> str:
        return self._figure

    def rest(self) -> str:
        return self._rest

    def sizeHint(self) -> QSize:
        return QSize(200, 86)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 86)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        line = c.accent_text if self.hasFocus() else c.control_line if self.underMouse() else c.line
        paint_panel(painter, QRectF(self.rect()), c.card, line)
        left, width = tokens.PAD + 1, self.width() - 2 * tokens.PAD - 2
        small = fonts.font(tokens.SMALL)
        painter.setFont(small)
        painter.setPen(QColor(c.soft))
        painter.drawText(QRectF(left, 12, width, 18), Qt.AlignmentFlag.AlignVCenter, self._title)
        painter.setFont(self._face())
        painter.setPen(QColor(c.text))
        base = 57
        painter.drawText(left, base, self._figure)
        painter.setFont(small)
        painter.setPen(QColor(c.soft))
        rest = QFontMetrics(small).elidedText(self._rest, Qt.TextElideMode.ElideRight, self._room())
        painter.drawText(left + width - self._room(), base, rest)
        if self._ratio is not None:
            paint_bar(painter, QRectF(left, 68, width, 5), self._ratio, self._tone)
