"""The card: a white panel with a head (title, subtitle, buttons at the right) and a body; and the empty state."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldcrm.ui.kit import icons, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.paint import paint_panel
from fieldcrm.ui.kit.text import Elided, Label, soft
from fieldcrm.ui.kit.theme import colors


class Card(QWidget):
    """A panel. Add to `body` (a QVBoxLayout); `padded=False` lets a table reach the edges.

    With a title the head is drawn with a line below it; `add_button` puts widgets at its right.
    """

    def __init__(
        self, title: str = "", subtitle: str = "", *, padded: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        self._head = QWidget(self)
        self._head.setFixedHeight(tokens.CARD_HEAD)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(tokens.PAD, 0, tokens.PAD, 0)
        row.setSpacing(8)
        self._title = Label(title, bold=True)
        self._subtitle = Elided(subtitle, size=tokens.SMALL, token="soft")  # noqa: S106
        row.addWidget(self._title)
        row.addWidget(self._subtitle, 1)
        self._buttons = row
        outer.addWidget(self._head)
        inner = QWidget(self)
        self.body = QVBoxLayout(inner)
        pad = tokens.PAD if padded else 0
        self.body.setContentsMargins(pad, 12 if padded else 0, pad, pad if padded else 4)
        self.body.setSpacing(8 if padded else 0)
        outer.addWidget(inner, 1)
        self._head.setVisible(bool(title))

    def set_title(self, text: str) -> None:
        self._title.setText(text)
        self._head.setVisible(bool(text))
        self.update()

    def set_subtitle(self, text: str) -> None:
        self._subtitle.setText(text)

    def add_button(self, widget: QWidget) -> None:
        """Put a widget at the right of the head."""
        self._buttons.addWidget(widget)

    def set_compact(self) -> None:
        """A head of row height, for narrow queues."""
        self._head.setFixedHeight(40)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        paint_panel(painter, QRectF(self.rect()), c.card, c.line)
        if self._head.isVisibleTo(self):
            painter.setPen(QColor(c.line_soft))
            y = self._head.geometry().bottom()
            painter.drawLine(1, y, self.width() - 2, y)


class Panel(QWidget):
    """A tinted box inside a card (a suggestion, the next step); `tone` blue for the chosen one, clickable on demand."""

    clicked = Signal()

    def __init__(self, tone: str = "grey", *, clickable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone, self._clickable = tone, clickable
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(12, 9, 12, 9)
        self.body.setSpacing(2)
        if clickable:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_tone(self, tone: str) -> None:
        self._tone = tone
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._clickable and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        plain = self._tone == "grey"
        ground = c.head if plain else _mix(c.card, c.tone(self._tone).tint)
        line = c.line if plain else _mix(c.tone(self._tone).fill, c.tone(self._tone).tint, 0.7)
        paint_panel(QPainter(self), QRectF(self.rect()), ground, line)


class Figure(QWidget):
    """A small figure with its name above, on a quiet ground (the three figures of the client pane)."""

    def __init__(self, title: str = "", figure: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(2)
        self._title = soft(title)
        self._figure = Label(figure, size=tokens.LARGE + 1, bold=True)
        column.addWidget(self._title)
        column.addWidget(self._figure)

    def set(self, title: str, figure: str) -> None:
        self._title.setText(title)
        self._figure.setText(figure)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(_rounded(QRectF(self.rect()), 6), QColor(colors().window))


def _rounded(box: QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(box, radius, radius)
    return path


def _mix(one: str, other: str, share: float = 0.5) -> str:
    a, b = QColor(one), QColor(other)
    parts = ((getattr(a, n)() * (1 - share) + getattr(b, n)() * share) for n in ("red", "green", "blue"))
    return QColor(*(round(p) for p in parts)).name()


_READABLE = 520  # px; a longer line is not read at a glance


class EmptyState(QWidget):
    """What will be here, and the first step as a button."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str = "",
        actions: tuple[tuple[str, Callable[[], object]], ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(_Mark(icon), 0, Qt.AlignmentFlag.AlignHCenter)
        heading = Label(title, size=tokens.LARGE, bold=True, wrap=True)
        words = soft(text, size=tokens.FONT, wrap=True)
        for label in (heading, words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setMaximumWidth(_READABLE)
            line = QHBoxLayout()
            line.addWidget(label, 1)
            column.addLayout(line)  # first: shown without a parent it would be a window for a moment
            label.setVisible(bool(label.text()))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        for number, (words_, act) in enumerate(actions):
            button = Button(words_, kind="primary" if number == 0 else "secondary")
            button.clicked.connect(lambda _checked=False, act=act: act())
            row.addWidget(button)
            if number == 0:
                self.setFocusProxy(button)
        row.addStretch()
        column.addSpacing(4)
        column.addLayout(row)
        column.addStretch(3)


class _Mark(QWidget):
    """The icon of an empty state on its round ground."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(56, 56)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.blue.tint))
        painter.drawEllipse(self.rect())
        icons.paint(painter, self._icon, c.blue.text, 16, 16, 24)
