"""The working window of an open book: rail, header, page, messages, status; it is the desk that pages sit at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QTableView, QVBoxLayout, QWidget

from fieldcrm.base.errors import FieldcrmError, Refused
from fieldcrm.base.i18n import _
from fieldcrm.core.history.words import action_words
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.messages import Action, MessageArea, ProgressPanel, UndoBar
from fieldcrm.ui.kit.page import MERGED, OPENED, Page
from fieldcrm.ui.kit.runner import Job, Runner
from fieldcrm.ui.kit.scrolling import Stack, scrolled
from fieldcrm.ui.kit.theme import colors
from fieldcrm.ui.shell import navigation
from fieldcrm.ui.shell.badges import BadgeWatch
from fieldcrm.ui.shell.drops import Drops
from fieldcrm.ui.shell.facts import FactsWatch
from fieldcrm.ui.shell.header import Header
from fieldcrm.ui.shell.keys import FieldKeys, LentKeyboard
from fieldcrm.ui.shell.me import MANAGER, Me
from fieldcrm.ui.shell.palette import Palette
from fieldcrm.ui.shell.rail import Rail
from fieldcrm.ui.shell.remedies import remedies
from fieldcrm.ui.shell.statusbar import Facts, StatusBar

if TYPE_CHECKING:
    from fieldcrm.ui.shell.quicklog import QuickLog

REFUSED = "refused"
"""The topic of a refusal: it goes with the next thing that is done or undone."""
_PATIENCE_MS = 250  # a job that is done sooner shows no progress


class Workbench(QWidget):
    """Shows pages and carries out what they ask of the desk (see kit.page.Desk)."""

    lock_wanted = Signal()
    language_wanted = Signal(str)
    theme_wanted = Signal(str)
    settings_taken = Signal(object)
    me_taken = Signal(object)
    rekey_wanted = Signal(str)
    restore_wanted = Signal()
    opened = Signal(str)

    def __init__(
        self, runner: Runner, me: Me, settings: Any, device: Any, book: Any = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.book = book
        self.runner, self.me, self.settings, self.device = runner, me, settings, device
        self.pages: dict[str, Page] = {}
        self.current = ""
        self._states: dict[str, dict[str, Any]] = {}
        self._counts: dict[str, int | None] = {}
        self._more: dict[str, int] = {}  # what only a page knows of, beside its count
        self.log_panel: QuickLog | None = None
        self._draft: dict[str, Any] = {}
        self._keyboard = LentKeyboard()
        self._awaited: QWidget | None = None  # gets the keyboard once it is shown
        self._build()
        self.finder = Palette(self.header.search, self)
        self._shortcuts()
        runner.failed.connect(self._on_failed)
        runner.crashed.connect(self._on_crashed)
        runner.undone.connect(self._on_undone)
        runner.busy.connect(self.status.set_saving)
        runner.job_started.connect(self._on_job)
        self.drops = Drops(self)
        self.facts = FactsWatch(runner, book, self)
        self.facts.told.connect(self.show_facts)
        self.badges = BadgeWatch(runner, self, self)

    # -- building -------------------------------------------------------------------------------

    def _build(self) -> None:
        self.entries = navigation.entries(self.me.role)
        in_rail = [entry for entry in self.entries if not entry.under]
        self.rail = Rail(in_rail, self.me.unit, self._person())
        self.rail.chosen.connect(self.go)
        self.header = Header()
        self.header.quick_log.connect(lambda: self.quick_log())
        self.messages = MessageArea()
        self.jobs = QVBoxLayout()
        self.jobs.setContentsMargins(tokens.EDGE, 0, tokens.EDGE, 0)
        self.stack = Stack()
        self.undo_bar = UndoBar()
        undo_row = QHBoxLayout()
        undo_row.setContentsMargins(tokens.EDGE, 0, tokens.EDGE, 0)
        undo_row.addWidget(self.undo_bar)
        self.status = StatusBar()
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.messages)
        column.addLayout(self.jobs)
        self.area = scrolled(self.stack, across=True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(self.area, 1)
        column.addLayout(undo_row)
        column.addWidget(self.status)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)

    def _person(self) -> str:
        role = _("Account manager") if self.me.role == MANAGER else ""
        return f"{role} {self.me.name}".strip()

    def _shortcuts(self) -> None:
        FieldKeys(self)
        self._key("Ctrl+K", self.search)
        self._key("Ctrl+N", lambda: self.quick_log())
        self._key("Ctrl+L", self.lock_wanted.emit)
        self._key("Ctrl+J", lambda: self.go("diary"))
        self._key("F1", lambda: self.go("help"))
        self._key("Ctrl+Z", self.undo)
        self._key("Ctrl+Shift+Z", self.redo)
        self._key("Ctrl+Y", self.redo)
        self._key("Ctrl+I", lambda: self.go("imports", ask=True))
        for number, entry in enumerate([e for e in self.entries if not e.under][:9], 1):
            self._key(f"Ctrl+{number}", partial(self.go, entry.key))

    def _key(self, keys: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(act)

    # -- the desk -------------------------------------------------------------------------------

    def go(self, key: str, **what: Any) -> None:
        """Open a page; `what` says what it should show."""
        if key not in {entry.key for entry in self.entries}:
            return
        page = self.pages.get(key)
        if page is None:
            self._paint_next_turn()
            page = self._make(key)
        free = self.log_panel is None or not self.log_panel.isVisible()
        if free and self.current != key:  # else Qt hands the keyboard of a hidden page to whatever stands next
            self.stack.setFocus(Qt.FocusReason.OtherFocusReason)
        self.current = key
        self.stack.setCurrentWidget(page)
        self.rail.mark(self._entry(key).under or key)
        self._show_heading()
        if what:
            page.open(**what)
        if free:
            self._into(page)
        self.opened.emit(key)

    def _into(self, page: Page) -> None:
        """Give the keyboard to a page just opened (to its list, once it is there), unless it took it itself."""
        focus = self.window().focusWidget()
        if focus is not None and page.isAncestorOf(focus):
            return
        target: QWidget = page
        while (proxy := target.focusProxy()) is not None:
            target = proxy
        if target.isVisibleTo(self):
            target.setFocus(Qt.FocusReason.OtherFocusReason)
        else:  # a list that is still empty
            self.stack.setFocus(Qt.FocusReason.OtherFocusReason)
            self._awaited = target
            target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and watched is self._awaited and isinstance(watched, QWidget):
            watched.removeEventFilter(self)
            self._awaited = None
            if self.window().focusWidget() is self.stack:
                watched.setFocus(Qt.FocusReason.OtherFocusReason)
        return False

    def say(self, level: str, text: str, actions: Sequence[Action] = (), seconds: int = 0, topic: str = "") -> None:
        self.messages.show_message(level, text, actions, seconds, topic)

    def unsay(self, topic: str) -> None:
        self.messages.take_back(topic)

    def done(self, text: str) -> None:
        self.messages.take_back(REFUSED)
        self.undo_bar.offer_undo(text, self.undo)

    def badge(self, key: str, count: int | None) -> None:
        self._counts[key] = count
        self._show_badge(key)

    def badge_more(self, key: str, count: int) -> None:
        self._more[key] = count
        self._show_badge(key)

    def _show_badge(self, key: str) -> None:
        self.rail.set_count(key, (self._counts.get(key) or 0) + self._more.get(key, 0) or None)

    def show_facts(self, facts: Facts) -> None:
        self.status.show_facts(facts)

    def undo(self) -> None:
        self.runner.undo()

    def redo(self) -> None:
        self.runner.redo()

    def search(self) -> None:
        self.lend_keyboard()
        self.finder.open()

    def lend_keyboard(self) -> None:
        """A panel over the page takes the keyboard; `give_keyboard_back` when it is gone."""
        self._keyboard.lend(self.window(), self.pages.get(self.current))

    def give_keyboard_back(self) -> None:
        self._keyboard.give_back(self.pages.get(self.current))

    def quick_log(self, client_id: str | None = None, kind: str | None = None) -> None:
        """Open the quick log, for a client when known; an unfinished one comes back."""
        if self.log_panel is None:
            from fieldcrm.ui.shell.quicklog import QuickLog

            self.log_panel = QuickLog(self)
            self.log_panel.saved.connect(lambda name: self.done(_("Logged: {name}").format(name=name)))
            self.log_panel.take_draft(self._draft)
            self.log_panel.look_for_draft()
        self.log_panel.open(client_id, kind=kind)

    def set_language(self, language: str) -> None:
        self.language_wanted.emit(language)

    def set_theme(self, mode: str) -> None:
        self.theme_wanted.emit(mode)

    def know_me(self) -> None:
        """Name or unit were changed: they stand in the rail, in the settings and on paper from now on."""
        self.runner.background(self.runner.store.read_identity, then=lambda _none: self._know_me(), owner=self)

    def _know_me(self) -> None:
        author = self.runner.store.author
        self.me = Me(author.person_id, author.person_name, author.unit_id, author.unit_name, author.role)
        self.rail.show_who(self.me.unit, self._person())
        self.me_taken.emit(self.me)

    def rekey(self, password: str) -> None:
        self.rekey_wanted.emit(password)

    def bring_back(self) -> None:
        self.restore_wanted.emit()

    def put_away(self) -> None:
        """Have every page keep what is half typed, before the book closes."""
        for page in self.pages.values():
            page.put_away()
        if self.log_panel is not None:
            self.log_panel.keep()

    def take_settings(self, values: Any) -> None:
        """The book's settings as they were changed just now."""
        self.settings = values
        self.settings_taken.emit(values)

    # -- carrying over a language switch --------------------------------------------------------

    def state(self) -> dict[str, Any]:
        return {
            "current": self.current,
            "pages": {key: page.state() for key, page in self.pages.items()},
            "counts": dict(self._counts),
            "facts": self.status.facts,
            "draft": self.log_panel.draft() if self.log_panel is not None else self._draft,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where a bench before this one was: `prepare`, then `begin`."""
        self.prepare(state)
        self.begin()

    def prepare(self, state: dict[str, Any]) -> None:
        """Take on what a bench before this one showed, and make its page without showing it."""
        self._states = dict(state.get("pages", {}))
        for key, count in state.get("counts", {}).items():
            self.badge(key, count)
        self.show_facts(state.get("facts", Facts()))
        self._draft = state.get("draft", {})
        keys = [entry.key for entry in self.entries]
        current = state.get("current")
        self.current = str(current) if current in keys else keys[0]
        self._make(self.current)

    def begin(self) -> None:
        """Show the page that was prepared."""
        self.go(self.current)
        self.facts.begin()

    # -- inside ---------------------------------------------------------------------------------

    def _entry(self, key: str) -> navigation.Entry:
        return next(entry for entry in self.entries if entry.key == key)

    def _make(self, key: str) -> Page:
        entry = self._entry(key)
        page = navigation.page_class(entry)(self)
        if not page.title:
            page.title = _(entry.label)
        page.heading.connect(self._show_heading)
        for table in page.findChildren(QTableView):
            table.setAccessibleName(table.accessibleName() or page.title)
        self.drops.pass_by(page)
        self.pages[key] = page
        self.stack.addWidget(page)
        if key in self._states:
            page.restore(self._states.pop(key))
        return page

    def _paint_next_turn(self) -> None:
        """Making a page and its first painting are a turn of the events each, so that none stops the window long."""
        self.stack.setUpdatesEnabled(False)
        QTimer.singleShot(0, self.stack, lambda: self.stack.setUpdatesEnabled(True))

    def _show_heading(self) -> None:
        page = self.pages.get(self.current)
        if page is not None:
            self.header.show_page(page.title, page.subtitle, page.header_buttons, page.wants_quick_log)

    def _on_failed(self, error: FieldcrmError) -> None:
        refused = isinstance(error, Refused)
        level, topic = ("warning", REFUSED) if refused else ("error", "")
        self.say(level, error.sentence, remedies(self, error.code), topic=topic)

    def _on_crashed(self, report: str) -> None:
        words = _("Something went wrong that should not have. Your data is safe.")
        self.say("error", words, [(_("Copy report"), lambda: QGuiApplication.clipboard().setText(report))])

    def _on_undone(self, undone: Any, again: bool) -> None:
        for topic in (MERGED, OPENED, REFUSED):
            self.messages.take_back(topic)
        name = action_words(undone.action)
        left = len(undone.skipped)
        words = (_("Done again: {what}") if again else _("Undone: {what}")).format(what=name)
        if left:
            words += " · " + _("{n} left as they are: changed since").format(n=f"{left:,}")
        if again:
            self.undo_bar.offer_undo(words, self.undo)
        elif undone.redoable:
            self.undo_bar.offer_redo(words, self.redo)
        else:
            self.undo_bar.tell(words + " · " + _("to bring it back, import it again"))

    def _on_job(self, job: Job) -> None:
        panel = ProgressPanel(job.title)
        job.step.connect(panel.show_step)
        panel.cancelled.connect(job.cancel)
        job.finished.connect(panel.ended)
        panel.ended.connect(lambda: self._end_job(panel))
        panel.hide()
        self.jobs.addWidget(panel)
        QTimer.singleShot(_PATIENCE_MS, panel, lambda: self._show_job(panel))

    def _show_job(self, panel: ProgressPanel) -> None:
        if self.jobs.indexOf(panel) >= 0:
            self.jobs.setContentsMargins(tokens.EDGE, tokens.GAP, tokens.EDGE, 0)
            panel.show()

    def _end_job(self, panel: ProgressPanel) -> None:
        self.jobs.removeWidget(panel)
        panel.hide()
        panel.deleteLater()
        if not self.jobs.count():
            self.jobs.setContentsMargins(tokens.EDGE, 0, tokens.EDGE, 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A button that says Esc is pressed by Esc wherever the keyboard is; who has it comes first."""
        page = self.pages.get(self.current)
        if event.key() == Qt.Key.Key_Escape and page is not None:
            for button in page.findChildren(Button):
                if button.hint == "Esc" and button.isVisible() and button.isEnabled():
                    button.click()
                    return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.log_panel is not None:
            self.log_panel.fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(colors().window))
