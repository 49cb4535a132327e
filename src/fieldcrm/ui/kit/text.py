"""Text on screen: labels in the program's sizes and tones, one line that shortens itself, section labels."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
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


class Clamped(Label):
    """Wrapped text of at most `lines` lines (0: all of them); it ends in … then and tells the whole on hover."""

    def __init__(self, lines: int, *, size: int = tokens.FONT, token: str = "text") -> None:  # noqa: S107
        super().__init__("", size=size, token=token, wrap=True)
        self._lines = lines
        self._short = False

    def setText(self, text: str) -> None:
        super().setText(text)
        self._tell()

    def set_lines(self, lines: int) -> None:
        self._lines = lines
        self._tell()
        self.updateGeometry()
        self.update()

    @property
    def shortened(self) -> bool:
        """Whether it is cut at its present width."""
        return self._short

    def _most(self) -> int:
        return self._lines * self.fontMetrics().lineSpacing() + 2 if self._lines else 16_777_215

    def heightForWidth(self, width: int) -> int:
        return min(super().heightForWidth(width), self._most())

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), min(hint.height(), self._most()))

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(hint.width(), min(hint.height(), self._most()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def _tell(self) -> None:
        # not asked while painting: a label that can be selected lays its text out for it, and paints itself again
        self._short = bool(self._lines) and super().heightForWidth(self.width()) > self._most()
        self.setToolTip(self.text() if self._short else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._short:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        shown = cut_to_lines(self.text(), self.font(), self.width(), self._lines)
        painter.drawText(self.rect(), Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop, shown)


def elided_pair(name: str, rest: str, metrics: QFontMetrics, room: int) -> str:
    """A name and what is said of it in `room` px: a long name leaves half of the room to the rest."""
    right = Qt.TextElideMode.ElideRight
    if metrics.horizontalAdvance(name + rest) > room:
        name = metrics.elidedText(name, right, max(room // 2, room - metrics.horizontalAdvance(rest)))
    return metrics.elidedText(name + rest, right, room)


def cut_to_lines(text: str, font: QFont, width: int, lines: int) -> str:
    """As much of a text as wraps into so many lines of a width, the last one ending in … where it is cut."""
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    layout.setTextOption(QTextOption())
    option = layout.textOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    starts: list[int] = []
    while len(starts) <= lines and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        starts.append(line.textStart())
    layout.endLayout()
    if len(starts) <= lines:
        return text
    # Qt counts in UTF-16 units: a rare character is two of them
    units = text.encode("utf-16-le")
    before = units[: 2 * starts[-2]].decode("utf-16-le")
    last = units[2 * starts[-2] :].decode("utf-16-le").split("\n", 1)[0] + "…"
    return before + QFontMetrics(font).elidedText(last + " ", Qt.TextElideMode.ElideRight, max(40, width - 14))


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
