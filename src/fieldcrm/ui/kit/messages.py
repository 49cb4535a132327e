"""News in the window, never in a box over it: message bars with a remedy, the undo bar, progress of long work."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QCursor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _, ngettext
from fieldcrm.base.jobs import Step
from fieldcrm.ui.kit import icons, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.paint import paint_bar, paint_panel
from fieldcrm.ui.kit.text import Elided, Label, soft
from fieldcrm.ui.kit.theme import colors

_AIMING_MS = 2000  # the mouse rests so long before a bar goes by itself
Action = tuple[str, Callable[[], object]]

_LOOKS = {
    "info": ("blue", "info"),
    "done": ("green", "circle-check"),
    "warning": ("amber", "triangle-alert"),
    "error": ("red", "circle-alert"),
}


class MessageBar(QWidget):
    """One message: level info, done, warning or error; remedies as buttons; closes itself after `seconds`."""

    closed = Signal()

    def __init__(
        self, level: str, text: str, actions: Sequence[Action] = (), seconds: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.level, self.text = level, text
        self.topic = ""
        self._tone, self._icon = _LOOKS[level]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(38, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(Label(text, token=self._tone, wrap=True), 1)
        for words, act in actions:
            button = Button(words, small=True)
            button.clicked.connect(lambda _checked=False, act=act: self._do(act))
            row.addWidget(button)
        shut = Button(icon="x", kind="quiet", small=True)
        shut.token = self._tone
        shut.setToolTip(_("Close"))
        shut.setAccessibleName(_("Close"))
        shut.clicked.connect(self.shut)
        row.addWidget(shut)
        self._mouse = QCursor.pos()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._expire)
        if seconds:
            self._timer.start(seconds * 1000)

    def _expire(self) -> None:
        """Go, but not under a hand that aims: what stands below moves up."""
        before, self._mouse = self._mouse, QCursor.pos()
        if self._mouse != before:
            self._timer.start(_AIMING_MS)
        else:
            self.shut()

    def _do(self, act: Callable[[], object]) -> None:
        self.shut()
        act()

    def shut(self) -> None:
        self.hide()
        self.closed.emit()
        self.deleteLater()

    def paintEvent(self, event: QPaintEvent) -> None:
        tone = colors().tone(self._tone)
        painter = QPainter(self)
        paint_panel(painter, QRectF(self.rect()), tone.tint, tone.tint)
        icons.paint(painter, self._icon, tone.text, 13, (self.height() - tokens.ICON) / 2)


class MessageArea(QWidget):
    """Where the bars of a window or page stand, newest on top, the same text only once; hidden when empty."""

    LIMIT = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(tokens.EDGE, tokens.GAP, tokens.EDGE, 0)
        self._column.setSpacing(6)
        self._bars: list[MessageBar] = []
        self.hide()

    def bars(self) -> list[MessageBar]:
        return list(self._bars)

    def show_message(
        self, level: str, text: str, actions: Sequence[Action] = (), seconds: int = 0, topic: str = ""
    ) -> MessageBar:
        for old in [b for b in self._bars if b.text == text or (topic and b.topic == topic)]:
            old.shut()
        bar = MessageBar(level, text, actions, seconds)
        bar.topic = topic
        bar.closed.connect(lambda: self._gone(bar))
        self._bars.insert(0, bar)
        self._column.insertWidget(0, bar)
        for old in self._bars[self.LIMIT :]:
            old.shut()
        self.show()
        return bar

    def take_back(self, topic: str) -> None:
        """Close the bar of a topic."""
        for bar in [b for b in self._bars if b.topic == topic]:
            bar.shut()

    def clear(self) -> None:
        for bar in list(self._bars):
            bar.shut()

    def _gone(self, bar: MessageBar) -> None:
        if bar in self._bars:
            self._bars.remove(bar)
        self.setVisible(bool(self._bars))


class UndoBar(QWidget):
    """Says what was just done or undone and offers the way back; goes away after a while."""

    SECONDS = 12
    BELOW = 8  # px left free under the bar

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 8, 6 + self.BELOW)
        row.setSpacing(8)
        self._words = Elided(token="rail_strong")  # noqa: S106
        row.addWidget(self._words, 1)
        self._button = Button("", small=True, hint="Ctrl Z")
        self._button.clicked.connect(self._act)
        row.addWidget(self._button)
        self._do: Callable[[], object] = lambda: None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def offer_undo(self, text: str, act: Callable[[], object]) -> None:
        """`text` says what was done ("Moved to the recycle bin: 王淑珍"); `act` undoes it."""
        self._offer(text, _("Undo"), "Ctrl Z", act)

    def offer_redo(self, text: str, act: Callable[[], object]) -> None:
        """`text` says what was undone; `act` does it again."""
        self._offer(text, _("Redo"), "Ctrl Shift Z", act)

    def tell(self, text: str) -> None:
        """`text` says what was undone, where nothing does it again."""
        self._offer(text, "", "", lambda: None)

    def _offer(self, text: str, words: str, hint: str, act: Callable[[], object]) -> None:
        self._button.setVisible(bool(words))
        self._words.setText(text)
        self._button.setText(words)
        self._button.set_hint(hint)
        self._do = act
        self._timer.start(self.SECONDS * 1000)
        self.show()

    def text(self) -> str:
        return self._words.text()

    def _act(self) -> None:
        self.hide()
        self._do()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        paint_panel(QPainter(self), QRectF(self.rect()).adjusted(0, 0, 0, -self.BELOW), c.rail_active, c.rail_active)


class ProgressPanel(QWidget):
    """A job that runs: its name and stage, how many of how many, time left, and Cancel."""

    cancelled = Signal()
    ended = Signal()  # the job's end, told on: the panel may be gone with its window by then

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ratio = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 14)
        row.setSpacing(10)
        row.addWidget(Label(title, bold=True))
        self._stage = Elided(token="soft")  # noqa: S106
        row.addWidget(self._stage, 1)
        self._count = soft("")
        row.addWidget(self._count)
        self._cancel = Button(_("Cancel"), small=True)
        self._cancel.clicked.connect(self._stop)
        row.addWidget(self._cancel)

    def show_step(self, step: Step) -> None:
        self._stage.setText(step.stage)
        self._ratio = step.done / step.total if step.total else 0.0
        self._count.setText(step_words(step))
        self.update()

    def _stop(self) -> None:
        self._cancel.setEnabled(False)
        self._stage.setText(_("Cancelling…"))
        self.cancelled.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        paint_panel(painter, QRectF(self.rect()), c.card, c.line)
        paint_bar(painter, QRectF(14, self.height() - 10, self.width() - 28, 4), self._ratio, "blue")


def step_words(step: Step) -> str:
    """How far and how long still: "12,000 / 36,823 · 8 s left"."""
    if not step.total:
        return f"{step.done:,}" if step.done else ""
    words = f"{step.done:,} / {step.total:,}"
    if step.seconds_left is not None:
        words += " · " + time_left(step.seconds_left)
    return words


def time_left(seconds: float) -> str:
    """Time still to go, in words."""
    if seconds < 90:
        n = max(1, round(seconds))
        return ngettext("{n} s left", "{n} s left", n).format(n=n)
    n = round(seconds / 60)
    return ngettext("{n} min left", "{n} min left", n).format(n=n)
