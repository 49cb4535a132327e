"""The book's door: whether there is one, unlocking, founding; everything heavy is imported behind it."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldcrm.base.errors import FieldcrmError
from fieldcrm.base.i18n import _
from fieldcrm.ui.shell.me import Me

if TYPE_CHECKING:
    from fieldcrm.base.jobs import Progress
    from fieldcrm.ui.shell.firststart import Start

# What is fetched while the person types the password, in the order it is needed.
AHEAD = ("fieldcrm.core.book", "fieldcrm.base.data.setting_table", "fieldcrm.core.history", "fieldcrm.core.today")
# What the bench and the first pages are made of, a turn of the window each. No other thread may import these: Qt's
# classes come into being as they are first touched, and two threads at it once crash now and then.
AHEAD_OF_WINDOW = (
    "fieldcrm.ui.shell.header", "fieldcrm.ui.shell.statusbar", "fieldcrm.ui.shell.palette", "fieldcrm.ui.shell.rail",
    "fieldcrm.ui.shell.workbench", "fieldcrm.ui.kit.cards", "fieldcrm.ui.kit.tiles", "fieldcrm.ui.kit.row_list",
    "fieldcrm.ui.kit.calendar", "fieldcrm.ui.kit.fields", "fieldcrm.ui.kit.fields_choice", "fieldcrm.ui.kit.fields_day",
    "fieldcrm.ui.kit.fields_record", "fieldcrm.ui.kit.fields_many", "fieldcrm.ui.kit.form",
)  # fmt: skip

log = logging.getLogger("fieldcrm.ui.door")

# As base.vault.sidecar names them; asked here, since the first paint waits for the answer and not for the vault.
KEY_FILES = ("vault-1.json", "vault-2.json")


@dataclass
class Opened:
    """An unlocked book as the window holds it."""

    book: Any  # core.book.Book
    store: Any
    me: Me
    settings: Any  # base.settings.Settings, of the book
    news: str = ""  # what the window says first, and keeps until it is closed

    def close(self) -> None:
        self.book.close()

    def back_up(self, why: str) -> None:
        """Back the book up beside itself; a server keeps its own backups. A failure is logged, never in the way."""
        try:
            self.book.back_up(why)
        except FieldcrmError as error:
            log.warning("no backup: %s", error.code)


class BookDoor:
    """The door of the book in a folder (see window.Door)."""

    def __init__(self, folder: Path, first_page: str = "") -> None:
        self.folder = folder
        self.first_page = first_page

    def exists(self) -> bool:
        return any((self.folder / name).exists() for name in KEY_FILES)

    def unlock(self, password: str, recovery_code: str) -> Opened:
        from fieldcrm.core import book

        opened = book.unlock(
            self.folder, password=password or None, recovery_code=recovery_code or None, writing="window"
        )
        return _opened(opened)

    def create(self, start: Start) -> tuple[Opened, str]:
        from fieldcrm.core import book

        made = book.found(
            self.folder, name=start.name, unit=start.unit, role=start.role, password=start.password, what="window"
        )
        return _opened(made.book), made.recovery_code

    def waiting(self) -> str | None:
        from fieldcrm.core.sync import recover

        return recover.waiting(self.folder)

    def ask_office(self, path: Path) -> str:
        from fieldcrm.core.sync import recover

        return recover.request(self.folder, path)

    def recover(self, path: Path, password: str) -> tuple[Opened, str]:
        from fieldcrm.core.sync import recover

        done = recover.accept(self.folder, path, password, "window")
        return _opened(done.book), done.recovery_code

    def rekey(self, password: str, progress: Progress) -> tuple[Opened, str]:
        from fieldcrm.core import book

        code = book.rekey_book(self.folder, password, progress)
        return self.unlock(password, ""), code

    def backups(self) -> list[Any]:
        from fieldcrm.base.data import backup

        return backup.list_backups(self.folder / "backups")

    def restore(self, path: Path, password: str, progress: Progress) -> Opened:
        from fieldcrm.core import book

        kept = book.restore_book(self.folder, path, password=password, progress=progress)
        news = [_("The backup is back.")]
        if kept is not None:
            news.append(_("The book that was there is kept as {file}.").format(file=kept))
        return replace(self.unlock(password, ""), news=" ".join(news))

    def preload(self) -> None:
        for name in AHEAD:
            importlib.import_module(name)
        from fieldcrm.core import book

        book.get_ready()

    def preload_window(self) -> Iterator[None]:
        for name in AHEAD_OF_WINDOW:
            importlib.import_module(name)
            yield
        from fieldcrm.ui.shell import navigation

        navigation.import_page(self.first_page)
        yield


def _opened(book: Any) -> Opened:
    from fieldcrm.base.data.setting_table import read_settings

    author = book.store.author
    values = book.store.read(read_settings, author.person_id)
    me = Me(author.person_id, author.person_name, author.unit_id, author.unit_name, author.role)
    return Opened(book, book.store, me, values)
