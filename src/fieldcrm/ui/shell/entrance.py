"""What comes before the book is open: unlock, first start, the office's help, a new key, a backup; all on threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from fieldcrm.base.errors import Cancelled, FieldcrmError
from fieldcrm.base.i18n import _

if TYPE_CHECKING:
    from pathlib import Path

    from fieldcrm.base.jobs import Progress
    from fieldcrm.ui.shell.firststart import Start
    from fieldcrm.ui.shell.working import WorkingPage


class OpenBook(Protocol):
    """An unlocked book."""

    book: Any  # core.book.Book
    store: Any
    me: Any
    settings: Any
    news: str

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

    def rekey(self, password: str, progress: Progress) -> tuple[OpenBook, str]: ...

    def backups(self) -> Sequence[Any]: ...

    def restore(self, path: Path, password: str, progress: Progress) -> OpenBook: ...

    def preload(self) -> None: ...

    def preload_window(self) -> Iterator[None]: ...


class Entrance(QObject):
    """Gives its pages by `shown(page)`, the first of all painted by `painted`, and the open book by `opened(book)`."""

    shown = Signal(QWidget)
    painted = Signal()
    opened = Signal(object)
    demo_wanted = Signal()
    language_wanted = Signal(str)
    _came = Signal(object)
    _stepped = Signal(object)

    def __init__(self, door: Door, parent: QObject) -> None:
        super().__init__(parent)
        self.door = door
        self.page: Any = None
        self.closing: threading.Thread | None = None  # the book that closes still, before another is opened
        self.working: Progress | None = None  # of work on the whole book, which is closed meanwhile
        self._back: Callable[[], object] = self.show  # what comes when such work ends without a book
        self._told: Any = None  # the book whose recovery code is being told
        # A closure that Qt keeps could be the last to hold the window: pages and timers call methods.
        self._fetcher = QTimer(self)
        self._fetcher.timeout.connect(self._fetch_ahead)
        self._came.connect(lambda call: call())

    def show(self, note: str = "") -> None:
        """The page that opens the book, or that founds one."""
        if self.door.exists():
            from fieldcrm.ui.shell.unlock import UnlockPage

            unlock = UnlockPage(note)
            unlock.submitted.connect(self.unlock)
            unlock.office_wanted.connect(self._ask_office)
            unlock.backup_wanted.connect(self.ask_backup)
            self._show(unlock)
        else:
            from fieldcrm.ui.shell.firststart import FirstStartPage

            start = FirstStartPage()
            start.submitted.connect(self._create)
            start.demo_wanted.connect(self.demo_wanted)
            start.backup_wanted.connect(self.ask_backup)
            start.language_wanted.connect(self.language_wanted)
            self._show(start)
        self.page.painted.connect(self.painted)

    def unlock(self, password: str, code: str = "") -> None:
        """Open the book by either."""
        self._away(lambda: self.door.unlock(password, code), self._open)

    def rekey(self, password: str) -> None:
        """Give the book, which closes just now, a new key, with progress and Cancel; then it is open again."""
        from fieldcrm.ui.shell.working import WorkingPage

        def work(progress: Progress) -> tuple[OpenBook, str]:
            try:
                return self.door.rekey(password, progress)
            except Cancelled:
                return self.door.unlock(password, ""), ""

        self._work(WorkingPage.for_new_key(), work, self._rekeyed, self.show)

    def ask_backup(self, chosen: Path | None = None) -> None:
        """Which backup comes back, with which password; `chosen` was asked for before."""
        from fieldcrm.ui.shell.restoring import RestorePage

        page = RestorePage(chosen)
        page.left.connect(self.show)
        page.asked.connect(self._restore)
        self._show(page)
        self._away(self.door.backups, self._show_backups)

    def cancel(self) -> None:
        """Cancel the work on the closed book."""
        if self.working is not None:
            self.working.cancel()

    def fetch_ahead(self) -> None:
        """While the password is typed: what knows no Qt on a thread, then the window's modules, a turn each."""
        self._fetching = threading.Thread(target=self.door.preload, name="preload", daemon=True)
        self._fetching.start()
        self._ahead = self.door.preload_window()
        self._fetcher.start(20)

    # -- inside ---------------------------------------------------------------------------------

    def _open(self, book: OpenBook) -> None:
        self.page = None  # the window takes it away
        self.opened.emit(book)

    def _show(self, page: QWidget) -> None:
        self.page = page
        self.shown.emit(page)

    def _fetch_ahead(self) -> None:
        if not self._fetching.is_alive():
            self._fetcher.setInterval(0)
            if next(self._ahead, self) is self:
                self._fetcher.stop()

    def _work(
        self,
        page: WorkingPage,
        work: Callable[[Progress], Any],
        then: Callable[[Any], object],
        back: Callable[[], object],
    ) -> None:
        """Work on the whole book, with progress and Cancel; `back` comes when it was cancelled or has a problem."""
        from fieldcrm.base.jobs import Progress

        page.cancelled.connect(self.cancel)
        self._stepped.connect(page.show_step)
        self._show(page)
        progress = self.working = Progress(self._stepped.emit)
        self._back = back
        self._away(lambda: work(progress), then)

    def _restore(self, path: Path, password: str) -> None:
        from fieldcrm.ui.shell.working import WorkingPage

        work = partial(self.door.restore, path, password)
        self._work(WorkingPage.for_backup(), work, self._restored, partial(self.ask_backup, path))

    def _restored(self, book: OpenBook) -> None:
        self.working = None
        self._open(book)

    def _show_backups(self, rows: Sequence[Any]) -> None:
        show = getattr(self.page, "show_backups", None)
        if show is not None:
            show(rows)

    def _create(self, start: Start) -> None:
        self._away(lambda: self.door.create(start), self._tell_code)

    def _rekeyed(self, result: tuple[OpenBook, str]) -> None:
        self.working = None
        if result[1]:
            self._tell_code(result)
        else:
            self._open(result[0])

    def _tell_code(self, result: tuple[OpenBook, str]) -> None:
        from fieldcrm.ui.shell.code_page import RecoveryCodePage

        self._told, code = result
        page = RecoveryCodePage(code)
        page.print_wanted.connect(self._print_code)
        page.finished.connect(self._enter_told)
        self._show(page)

    def _enter_told(self) -> None:
        book, self._told = self._told, None
        self._open(book)

    def let_go(self) -> None:
        """Close a book whose recovery code is still being told."""
        if self._told is not None:
            self._told.close()
            self._told = None

    def _print_code(self, code: str) -> None:
        from fieldcrm.ui.kit.recovery_code import print_code

        if print_code(self.page, code, self._told.me):
            self._told.book.audit("print", paper="recovery_code")

    def _ask_office(self) -> None:
        from fieldcrm.ui.shell.recovering import RecoverPage

        page = RecoverPage()
        page.left.connect(self.show)
        page.request_wanted.connect(self._write_request)
        page.answered.connect(self._take_answer)
        self._show(page)
        self._away(self.door.waiting, self._show_digits)

    def _write_request(self, path: Path) -> None:
        self._away(lambda: self.door.ask_office(path), self._show_digits)

    def _take_answer(self, path: Path, password: str) -> None:
        self._away(lambda: self.door.recover(path, password), self._tell_code)

    def _show_digits(self, digits: str | None) -> None:
        show = getattr(self.page, "show_digits", None)
        if show is not None:
            show(digits)

    def _away(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """Do `work` on a thread of its own; problems are shown on the page that asked."""

        def run() -> None:
            if self.closing is not None:
                self.closing.join()
            try:
                result = work()
            except Cancelled:
                self._came.emit(self._ended)
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

    def _ended(self) -> None:
        """Work on the closed book ended without one."""
        if self.working is not None:
            self.working = None
            self._back()

    def _problem(self, sentence: str) -> None:
        self._ended()
        if self.page is not None:
            self.page.show_problem(sentence)
