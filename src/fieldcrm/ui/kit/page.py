"""The base of every page, and the desk it sits at: what a page may ask of the window around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from fieldcrm.ui.kit.messages import Action
from fieldcrm.ui.kit.runner import Runner

MERGED = "merged"
"""The topic of what an import brought: it goes when its conflicts are decided, or when it is taken back."""

OPENED = "opened"
"""The topic of what an entry opened beside itself (a complaint): it goes when something is taken back."""

_PATIENCE_MS = 100  # a page that is not painted by then (the window is covered) reads all the same


class Desk(Protocol):
    """The window as pages see it."""

    runner: Runner
    book: Any  # core.book.Book (folder, vault, store); None when only a store is open
    settings: Any  # base.settings.Settings of the book
    device: Any  # base.settings.DeviceSettings
    me: Any  # who is signed in: person_id, name, unit, role ("manager" | "office")

    def go(self, key: str, **what: Any) -> None:
        """Open a page by its key, with what it should show (`client_id="…"`)."""

    def say(self, level: str, text: str, actions: Sequence[Action] = (), seconds: int = 0, topic: str = "") -> None:
        """A bar above the page: info, done, warning, error; a later one of the same `topic` takes its place."""

    def unsay(self, topic: str) -> None:
        """Take the bar of a topic away: it is no longer true."""

    def done(self, text: str) -> None:
        """Say what was just done, with Undo."""

    def quick_log(self, client_id: str | None = None, kind: str | None = None) -> None:
        """Open the quick log, for a client when known."""

    def set_language(self, language: str) -> None:
        """Speak zh_CN or en from now on; every page is built anew."""

    def set_theme(self, mode: str) -> None:
        """system, light or dark."""

    def know_me(self) -> None:
        """My name or unit were changed."""

    def rekey(self, password: str) -> None:
        """Close the book, give it a new key under this password, which is right, and open it again."""

    def bring_back(self) -> None:
        """Close the book and ask which backup comes back."""

    def badge(self, key: str, count: int | None) -> None:
        """The count beside a page's name in the rail."""

    def badge_more(self, key: str, count: int) -> None:
        """What a page knows of beside that, without the book."""


# record kind to the page that shows one, and what it is called when the page is opened
OPENED_BY = {
    "policy": ("policies", "policy_id"),
    "complaint": ("complaints", "complaint_id"),
    "callback": ("callbacks", "call_id"),
    "visit": ("visits", "visit_id"),
}


def open_record(desk: Desk, kind: str, record_id: str) -> None:
    """Show a record on its page; a kind without one opens nothing."""
    if kind in OPENED_BY:
        page, name = OPENED_BY[kind]
        desk.go(page, **{name: record_id})


class Page(QWidget):
    """A page of the window.

    Subclasses build their widgets in `__init__(self, desk)`, set `kinds` to the record kinds they show, and fetch in
    `load()` by `self.desk.runner.read(..., key=...)`. `load` runs when the page is first shown, when a watched kind
    changed while it is visible, and at the next showing when it changed while hidden. On a language switch the
    window builds the page anew; `state()` and `restore()` carry over what the person was looking at.
    """

    kinds: ClassVar[frozenset[str]] = frozenset()
    heading = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.title = ""
        self.subtitle = ""
        self.header_buttons: list[QWidget] = []
        self.wants_quick_log = True  # show the quick-log button of the header
        self._stale = True
        self._waits_for_paint = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._reload)
        desk.runner.changed.connect(self._on_changed)

    def set_heading(self, title: str, subtitle: str = "") -> None:
        """What the header says."""
        self.title, self.subtitle = title, subtitle
        self.heading.emit()

    def load(self) -> None:
        """Fetch what is shown (never blocks: ask the runner)."""

    def open(self, **what: Any) -> None:
        """Show something in particular, as `desk.go(key, **what)` asks."""

    def state(self) -> dict[str, Any]:
        """What to carry over when the page is built anew."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Take `state()` of the page built before."""

    def put_away(self) -> None:
        """The window locks or closes now: save drafts at once (`keeper.flush()`); writes asked here are still done."""

    @property
    def stale(self) -> bool:
        return self._stale

    def refresh(self) -> None:
        """Load again soon, or at the next showing."""
        self._stale = True
        if self.isVisible():
            self._timer.start(0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            # once it is painted: a reader at work would take turns with the painting, which then takes twice as long
            self._waits_for_paint = True
            self._timer.start(_PATIENCE_MS)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._waits_for_paint:
            self._waits_for_paint = False
            self._timer.start(0)

    def _on_changed(self, changes: Any) -> None:
        if changes.kinds and (not self.kinds or self.kinds & changes.kinds):
            self.refresh()

    def _reload(self) -> None:
        if self._stale and self.isVisible():
            self._stale = False
            self.load()
