"""The window: the entrance, then the workbench; it locks, remembers its place, changes language."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from fieldcrm.base import i18n, settings
from fieldcrm.base.errors import Environment
from fieldcrm.base.i18n import _
from fieldcrm.base.settings import DeviceSettings, Setting
from fieldcrm.ui.kit.theme import theme
from fieldcrm.ui.shell import place, qtwords
from fieldcrm.ui.shell.entrance import Door, Entrance, OpenBook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldcrm.ui.kit.messages import Action
    from fieldcrm.ui.kit.runner import Runner


class Window(QWidget):
    """The one top-level window."""

    first_painted = Signal()
    demo_wanted = Signal()

    def __init__(self, door: Door, device: DeviceSettings) -> None:
        super().__init__()
        self.door, self.device = door, device
        self.book: OpenBook | None = None
        self.runner: Runner | None = None
        self.bench: Any = None
        self._coming: Any = None  # a bench that is being made
        self._coming_state: dict[str, Any] | None = None  # what it is prepared with; None once it is
        # Pages and timers call methods of the window, no closures: one that Qt keeps could be the last to hold the
        # window, and letting go of it would free the window under Qt's feet.
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._go_on_building)
        self._idle: Any = None
        self._copied: Any = None
        self._system: Any = None
        self._state: dict[str, Any] | None = None
        self._asked_to_close = False
        self._changed = False  # something was written since the last backup
        self._layout = QStackedLayout(self)
        self.setWindowTitle(_("Field desk"))
        self.setMinimumSize(880, 460)  # what 200 % leaves of a screen of 1920 × 1080
        place.put(self, device.get(settings.GEOMETRY))
        theme.dress(self)
        self.entrance = Entrance(door, self)
        self.entrance.shown.connect(self._swap)
        self.entrance.painted.connect(self._on_first_paint)
        self.entrance.opened.connect(self._enter)
        self.entrance.demo_wanted.connect(self.demo_wanted)
        self.entrance.language_wanted.connect(self.set_language)
        self.entrance.show()

    # -- before the book is open ----------------------------------------------------------------

    def _on_first_paint(self) -> None:
        self.first_painted.emit()
        QTimer.singleShot(0, self, self._preload)

    def _preload(self) -> None:
        self.entrance.fetch_ahead()

    def unlock(self, password: str) -> None:
        """Open the book at once (the demo)."""
        self.entrance.unlock(password)

    # -- the open book --------------------------------------------------------------------------

    def _enter(self, book: OpenBook) -> None:
        from fieldcrm.ui.kit.runner import Runner
        from fieldcrm.ui.shell.copied import CopiedText
        from fieldcrm.ui.shell.idle import IdleWatch

        self.book = book
        self.runner = Runner(book.store, self)
        self.runner.changed.connect(self._note_change)
        minutes = book.settings.get(settings.IDLE_LOCK_MINUTES)
        self._idle = self._idle or IdleWatch(minutes, self)
        self._idle.minutes = minutes
        self._idle.idle.connect(self.lock)
        self._idle.restart()
        self._copied = self._copied or CopiedText(0, self)
        self._copied.seconds = book.settings.get(settings.CLIPBOARD_SECONDS)
        if self._system is None:
            QTimer.singleShot(2000, self, self._hear_the_system)  # its library takes longer than the page may
        self._build(self._state)

    def _hear_the_system(self) -> None:
        from fieldcrm.ui.shell.system_lock import SystemLock

        if self._system is None:
            self._system = SystemLock(self)
            self._system.locking.connect(self.lock)

    def _take_settings(self, values: Any) -> None:
        if self.book is not None:
            self.book.settings = values
        if self._idle is not None:
            self._idle.minutes = values.get(settings.IDLE_LOCK_MINUTES)
            self._idle.restart()
            self._copied.seconds = values.get(settings.CLIPBOARD_SECONDS)

    def _take_me(self, me: Any) -> None:
        if self.book is not None:
            self.book.me = me

    def _note_change(self) -> None:
        self._changed = True

    def _build(self, state: dict[str, Any] | None) -> None:
        """Make the bench, make its page, show them: a turn of the events each, so that none stops the window long."""
        from fieldcrm.ui.shell.workbench import Workbench

        assert self.book is not None  # noqa: S101
        assert self.runner is not None  # noqa: S101
        bench = Workbench(self.runner, self.book.me, self.book.settings, self.device, self.book.book)
        bench.lock_wanted.connect(self.lock)
        bench.language_wanted.connect(self.set_language)
        bench.theme_wanted.connect(self.set_theme)
        bench.settings_taken.connect(self._take_settings)
        bench.me_taken.connect(self._take_me)
        bench.rekey_wanted.connect(self.rekey)
        bench.restore_wanted.connect(self.bring_back)
        self._drop_coming()
        self._coming, self._coming_state = bench, state or {"current": self.device.get(settings.LAST_PAGE)}
        self._turn.start(0)

    def _go_on_building(self) -> None:
        bench, state = self._coming, self._coming_state
        if bench is None:
            return
        if state is not None:
            self._coming_state = None
            bench.prepare(state)
            self._turn.start(0)
        else:
            self.bench, self._coming = bench, None
            self._swap(bench)
            bench.begin()
            self._say_news()

    def _say_news(self) -> None:
        """What opening brought: a backup came back, and the book that was here before lies there."""
        if self.book is not None and self.book.news:
            self.bench.say("done", self.book.news)
            self.book.news = ""

    def _build_anew(self) -> None:
        if self.bench is not None:
            self._build(self.bench.state())

    def _drop_coming(self) -> None:
        """A bench that is not shown yet is not wanted any more."""
        if self._coming is not None:
            self._coming.deleteLater()
            self._coming = None

    def set_language(self, language: str) -> None:
        """Speak another language: every page is built anew and keeps what it was showing."""
        i18n.use(language)
        qtwords.speak(language)
        self._remember(settings.LANGUAGE, language)
        self.setWindowTitle(_("Field desk"))
        if self.bench is not None:
            QTimer.singleShot(0, self, self._build_anew)
        else:
            QTimer.singleShot(0, self.entrance, self.entrance.show)

    def set_theme(self, mode: str) -> None:
        """`system`, `light` or `dark`, remembered."""
        theme.apply(mode)
        self._remember(settings.THEME, mode)

    def lock(self) -> None:
        """Blank at once; then let writes end, close the book and drop its key."""
        closing = self._leave()
        if closing is not None:
            self.entrance.show(_("Locked. What you had typed is kept."))
            closing.start()

    def rekey(self, password: str) -> None:
        """Close the book and open it again under a new key."""
        if self._at_work([]):
            return
        closing = self._leave()
        if closing is not None:
            closing.start()
            self.entrance.rekey(password)

    def bring_back(self) -> None:
        """Close the book and ask which backup comes back."""
        if self._at_work([]):
            return
        closing = self._leave()
        if closing is not None:
            closing.start()
            self.entrance.ask_backup()

    def _leave(self) -> threading.Thread | None:
        """Put the bench away and take the book out of the window; gives the thread to close it, if there is one."""
        if self.book is None or self.runner is None:
            return None
        book, runner = self.book, self.runner
        self._drop_coming()
        if self.bench is not None:
            self.bench.put_away()
            self._state = self.bench.state()
        self.book = self.runner = self.bench = None
        if self._idle is not None:
            self._idle.idle.disconnect(self.lock)
            self._idle.stop()
            self._copied.clear()
        self.entrance.closing = threading.Thread(target=_shut, args=(runner, book), name="closing")
        return self.entrance.closing

    def shut(self) -> None:
        """Close the book and wait until it is closed."""
        if self.book is not None and self.runner is not None:
            book, runner, changed = self.book, self.runner, self._changed
            self.book = self.runner = None
            self._drop_coming()
            if self.bench is not None:
                self.bench.put_away()
            self._copied.clear()
            self.hide()
            _shut(runner, book, backup=changed)
        self.entrance.let_go()
        if self.entrance.closing is not None:
            self.entrance.closing.join()

    # -- the window itself ----------------------------------------------------------------------

    def _swap(self, page: QWidget) -> None:
        old = self._layout.currentWidget()
        self._layout.addWidget(page)
        self._layout.setCurrentWidget(page)
        if old is not None:
            self._layout.removeWidget(old)
            old.hide()
            old.deleteLater()

    def raise_window(self) -> None:
        """Come to the front (a second start of the program asks for it)."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)  # maximised stays maximised
        self.show()
        self.raise_()
        self.activateWindow()

    def _at_work(self, actions: Sequence[Action]) -> bool:
        """Whether a job runs, which a bar says with what can be done about it."""
        if self.runner is None or not self.runner.jobs:
            return False
        self.bench.say("warning", _("Still at work: {job}.").format(job=self.runner.jobs[0].title), actions)
        return True

    def _ask_to_close(self) -> bool:
        """While a job runs, closing asks once; closing again means it. While the closed book is worked on, it waits."""
        if self.entrance.working is not None:
            self.entrance.page.show_problem(self.entrance.page.busy)
            return True
        actions = [(_("Cancel it and close"), self.close), (_("Close when it is done"), self._close_after_jobs)]
        if self._asked_to_close or not self._at_work(actions):
            return False
        self._asked_to_close = True
        for job in self.runner.jobs if self.runner is not None else ():
            job.finished.connect(self._forget_asking)
        return True

    def _close_after_jobs(self) -> None:
        if self.runner is None or not self.runner.jobs:
            self.close()
            return
        for job in self.runner.jobs:
            job.finished.connect(self._close_after_jobs, Qt.ConnectionType.QueuedConnection)

    def _forget_asking(self) -> None:
        self._asked_to_close = False

    def _remember(self, setting: Setting[str], value: str) -> None:
        """Settings of the window are a convenience: a folder that cannot be written keeps nothing from working."""
        with suppress(Environment):
            self.device.set(setting, value)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._ask_to_close():
            event.ignore()
            return
        self._remember(settings.GEOMETRY, place.remembered(self))
        if self.bench is not None:
            self._remember(settings.LAST_PAGE, self.bench.current)
        self.shut()
        super().closeEvent(event)


def _shut(runner: Runner, book: OpenBook, backup: bool = False) -> None:
    runner.close()
    if backup:
        book.back_up("close")
    book.close()
