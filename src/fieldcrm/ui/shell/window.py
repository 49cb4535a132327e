"""The window: unlock or first start, then the workbench; it locks, remembers its place, changes language."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QStackedLayout, QWidget

from fieldcrm.base import i18n, settings
from fieldcrm.base.errors import Environment, FieldcrmError
from fieldcrm.base.i18n import _
from fieldcrm.base.settings import DeviceSettings, Setting
from fieldcrm.ui.kit.theme import theme
from fieldcrm.ui.shell import qtwords

if TYPE_CHECKING:
    from pathlib import Path

    from fieldcrm.ui.kit.runner import Runner
    from fieldcrm.ui.shell.firststart import Start

_WISHED = QSize(1366, 768)
_FRAME = 40  # px for a window's frame and title


class OpenBook(Protocol):
    """An unlocked book."""

    book: Any  # core.book.Book
    store: Any
    me: Any
    settings: Any

    def close(self) -> None: ...

    def back_up(self, why: str) -> None: ...


class Door(Protocol):
    """Where the book comes from; every method may block and is called off the GUI thread, except `exists`."""

    def exists(self) -> bool: ...

    def unlock(self, password: str, recovery_code: str) -> OpenBook: ...

    def create(self, start: Start) -> tuple[OpenBook, str]: ...

    def waiting(self) -> str | None: ...

    def ask_office(self, path: Path) -> str: ...

    def recover(self, path: Path, password: str) -> tuple[OpenBook, str]: ...

    def preload(self) -> None: ...

    def preload_window(self) -> Iterator[None]: ...


class Window(QWidget):
    """The one top-level window."""

    first_painted = Signal()
    demo_wanted = Signal()
    _came = Signal(object)

    def __init__(self, door: Door, device: DeviceSettings) -> None:
        super().__init__()
        self.door, self.device = door, device
        self.book: OpenBook | None = None
        self.runner: Runner | None = None
        self.bench: Any = None
        self._told: Any = None  # the book whose recovery code is being told
        self._coming: Any = None  # a bench that is being made
        self._coming_state: dict[str, Any] | None = None  # what it is prepared with; None once it is
        # Pages and timers call methods of the window, no closures: one that Qt keeps could be the last to hold the
        # window, and letting go of it would free the window under Qt's feet.
        self._fetcher, self._turn = QTimer(self), QTimer(self)
        self._fetcher.timeout.connect(self._fetch_ahead)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._go_on_building)
        self._idle: Any = None
        self._copied: Any = None
        self._system: Any = None
        self._closing: threading.Thread | None = None
        self._state: dict[str, Any] | None = None
        self._asked_to_close = False
        self._changed = False  # something was written since the last backup
        self._layout = QStackedLayout(self)
        self._came.connect(lambda call: call())
        self.setWindowTitle(_("Field desk"))
        self.setMinimumSize(880, 460)  # what 200 % leaves of a screen of 1920 × 1080
        self._place()
        theme.dress(self)
        self._show_entry()

    # -- before the book is open ----------------------------------------------------------------

    def _show_entry(self, note: str = "") -> None:
        page: Any
        if self.door.exists():
            from fieldcrm.ui.shell.unlock import UnlockPage

            unlock = UnlockPage(note)
            unlock.submitted.connect(self._unlock)
            unlock.office_wanted.connect(self._ask_office)
            page = unlock
        else:
            from fieldcrm.ui.shell.firststart import FirstStartPage

            start = FirstStartPage()
            start.submitted.connect(self._create)
            start.demo_wanted.connect(self.demo_wanted)
            start.language_wanted.connect(self.set_language)
            page = start
        page.painted.connect(self._on_first_paint)
        self._swap(page)

    def _on_first_paint(self) -> None:
        self.first_painted.emit()
        QTimer.singleShot(0, self, self._preload)

    def _preload(self) -> None:
        """While the password is typed: what knows no Qt on a thread, then the window's modules, a turn each."""
        self._fetching = threading.Thread(target=self.door.preload, name="preload", daemon=True)
        self._fetching.start()
        self._ahead = self.door.preload_window()
        self._fetcher.start(20)

    def _fetch_ahead(self) -> None:
        if not self._fetching.is_alive():
            self._fetcher.setInterval(0)
            if next(self._ahead, self) is self:
                self._fetcher.stop()

    def _unlock(self, password: str, code: str) -> None:
        self._away(lambda: self.door.unlock(password, code), self._enter)

    def unlock(self, password: str) -> None:
        """Open the book at once (the demo)."""
        self._unlock(password, "")

    def _create(self, start: Start) -> None:
        self._away(lambda: self.door.create(start), self._tell_code)

    def _tell_code(self, result: tuple[OpenBook, str]) -> None:
        from fieldcrm.ui.shell.firststart import RecoveryCodePage

        book, code = result
        page = RecoveryCodePage(code)
        self._told = book
        page.print_wanted.connect(self._print_code)
        page.finished.connect(self._enter_told)
        self._swap(page)

    def _ask_office(self) -> None:
        from fieldcrm.ui.shell.recovering import RecoverPage

        page = RecoverPage()
        page.left.connect(self._show_entry)

        page.request_wanted.connect(self._write_request)
        page.answered.connect(self._take_answer)
        self._swap(page)
        self._away(self.door.waiting, self._show_digits)

    def _write_request(self, path: Path) -> None:
        self._away(lambda: self.door.ask_office(path), self._show_digits)

    def _take_answer(self, path: Path, password: str) -> None:
        self._away(lambda: self.door.recover(path, password), self._tell_code)

    def _show_digits(self, digits: str | None) -> None:
        show = getattr(self._layout.currentWidget(), "show_digits", None)
        if show is not None:
            show(digits)

    def _enter_told(self) -> None:
        self._enter(self._told)

    def _print_code(self, code: str) -> None:
        book = self._told
        from fieldcrm.ui.kit.recovery_code import print_code

        if print_code(self, code, book.me):
            book.book.audit("print", paper="recovery_code")

    def _away(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """Do `work` on a thread of its own; problems are shown on the page that asked."""

        def run() -> None:
            if self._closing is not None:
                self._closing.join()
            try:
                result = work()
            except FieldcrmError as error:
                self._came.emit(lambda sentence=error.sentence: self._problem(sentence))
            except Exception as error:
                from fieldcrm.ui.kit.runner import log, report_of

                log.error("%s", report_of("open", error))
                name = type(error).__name__
                self._came.emit(lambda: self._problem(_("The book could not be opened ({name}).").format(name=name)))
            else:
                self._came.emit(lambda: then(result))

        threading.Thread(target=run, name="door", daemon=True).start()

    def _problem(self, sentence: str) -> None:
        page = self._layout.currentWidget()
        show = getattr(page, "show_problem", None)
        if show is not None:
            show(sentence)

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
            QTimer.singleShot(0, self, self._show_entry)

    def set_theme(self, mode: str) -> None:
        """`system`, `light` or `dark`, remembered."""
        theme.apply(mode)
        self._remember(settings.THEME, mode)

    def lock(self) -> None:
        """Blank at once; then let writes end, close the book and drop its key."""
        if self.book is None or self.runner is None:
            return
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
        self._show_entry(_("Locked. What you had typed is kept."))
        self._closing = threading.Thread(target=_shut, args=(runner, book), name="closing")
        self._closing.start()

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
        if self._closing is not None:
            self._closing.join()

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

    def _place(self) -> None:
        kept = self.device.get(settings.GEOMETRY)
        if kept and self.restoreGeometry(QByteArray.fromBase64(kept.encode())):
            return
        room = QGuiApplication.primaryScreen().availableGeometry().size()
        self.resize(_WISHED.boundedTo(room))
        if room.width() < _WISHED.width() + _FRAME or room.height() < _WISHED.height() + _FRAME:
            self.setWindowState(Qt.WindowState.WindowMaximized)  # its frame and the task bar leave no more

    def _ask_to_close(self) -> bool:
        """While a job runs, closing asks once; closing again means it."""
        if self.runner is None or self._asked_to_close or not self.runner.jobs:
            return False
        self._asked_to_close = True
        jobs = self.runner.jobs
        self.bench.say(
            "warning",
            _("Still at work: {job}.").format(job=jobs[0].title),
            [(_("Cancel it and close"), self.close), (_("Close when it is done"), self._close_after_jobs)],
        )
        for job in jobs:
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
        self._remember(settings.GEOMETRY, bytes(self.saveGeometry().toBase64().data()).decode())
        if self.bench is not None:
            self._remember(settings.LAST_PAGE, self.bench.current)
        self.shut()
        super().closeEvent(event)


def _shut(runner: Runner, book: OpenBook, backup: bool = False) -> None:
    runner.close()
    if backup:
        book.back_up("close")
    book.close()
