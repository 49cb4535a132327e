"""Text on screen: labels in the program's sizes and tones, one line that shortens itself, section labels."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.theme import colors, theme


class Label(QLabel):
    """A label by role: `size` in px, `bold`, `token` a colour of the token table or a tone's name."""

    def __init__(
        self,
        text: str = "",
        *,
        size: int = tokens.FONT,
        bold: bool = False,
        token: str = "text",  # noqa: S107 a colour's name
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._token = token
        self.setFont(fonts.font(size, bold))
        self.setWordWrap(wrap)
        self._dress()
        theme.changed.connect(self._dress)

    def _dress(self) -> None:
        value = getattr(colors(), self._token)
        shade = value if isinstance(value, str) else value.text
        made = self.palette()
        made.setColor(QPalette.ColorRole.WindowText, QColor(shade))
        self.setPalette(made)


def soft(text: str = "", *, size: int = tokens.SMALL, wrap: bool = False) -> Label:
    """Secondary text."""
    return Label(text, size=size, token="soft", wrap=wrap)  # noqa: S106 a colour's name


def title(text: str = "", *, size: int = tokens.TITLE) -> Label:
    """A page's or person's name."""
    return Label(text, size=size, bold=True)


def section(text: str) -> Label:
    """The quiet heading over a field or a group."""
    return soft(text)


class Elided(QWidget):
    """One line that ends in … when room is short and then tells the whole on hover."""

    def __init__(
        self,
        text: str = "",
        *,
        size: int = tokens.FONT,
        bold: bool = False,
        token: str = "text",  # noqa: S107 a colour's name
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._token, self._align = text, token, align
        self.setFont(fonts.font(size, bold))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self.updateGeometry()
            self._tell()
            self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(24, self.sizeHint().width()), self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._tell()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def _tell(self) -> None:
        short = self.fontMetrics().horizontalAdvance(self._text) > self.width()
        self.setToolTip(self._text if short else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(str(getattr(colors(), self._token))))
        shown = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), self._align | Qt.AlignmentFlag.AlignVCenter, shown)
