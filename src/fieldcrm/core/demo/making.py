"""Founding the demo's own book in its own folder; a folder with a real book is never touched."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from fieldcrm.base import clock, ids, paths, vault
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.files import write
from fieldcrm.base.i18n import N_
from fieldcrm.base.jobs import Progress
from fieldcrm.base.vault import failures
from fieldcrm.core import book as books
from fieldcrm.core.book import Book
from fieldcrm.core.demo.filling import BEGUN, fill
from fieldcrm.core.demo.office import OFFICE_PASSWORD, UNIT, Office

PASSWORD = OFFICE_PASSWORD
CLIENTS, SEED = 412, 1
NAME = "林晓"
_MARK = "demo.txt"
_WORDS = "fieldcrm demo book: invented data"  # alone in the marks of earlier programs

NOT_A_DEMO = define("demo.not_a_demo", N_("This folder holds a book that is no demo; choose another with --data."))


def is_demo(folder: Path) -> bool:
    """Whether a folder holds a demo book: its mark names the very book (a mark may outlive a demo cut short)."""
    try:
        mark = (folder / _MARK).read_text("utf-8").split("\n")
    except (OSError, ValueError):
        return False
    return books.is_book(folder) and mark in ([_WORDS, ""], [_WORDS, str(vault.book_id_of(folder)), ""])


def is_open(folder: Path) -> bool:
    """Whether a window (or a command) works on the demo now."""
    from fieldcrm.base.data import lock

    return is_demo(folder) and lock.is_held(folder)


def make(
    folder: Path,
    *,
    clients: int = CLIENTS,
    seed: int = SEED,
    password: str = PASSWORD,
    what: str = "command",
    enrolled: bool = False,
    progress: Progress | None = None,
) -> Book:
    """A fresh demo book of an account manager in `folder`, open for writing; an earlier demo there is replaced.

    `enrolled`: known to an office, with packages that went out, one of them acknowledged, and a backup of this morning.
    `Refused(demo.not_a_demo)` when the folder holds a real book; else as `book.found`.
    """
    folder, book_id = _cleared(folder)
    with clock.at(_begun()):
        book = books.found(
            folder, name=NAME, unit=UNIT, role="manager", password=password, what=what, book_id=book_id
        ).book
    try:
        if not enrolled:
            fill(book.store, clients, seed, progress)
            return book
        with TemporaryDirectory(prefix="fieldcrm-demo-") as away:
            with clock.at(_begun()):
                office = Office(Path(away))
                office.take_in(book)
            try:
                fill(book.store, clients, seed, progress, evening=lambda day: office.evening(book, day))
            finally:
                office.book.close()
        with clock.at(min(clock.now(), clock.instant(clock.today(), 8, 2))):
            book.back_up("close")
    except BaseException:
        book.close()
        _remove(folder)
        raise
    return book


def make_office(
    folder: Path,
    *,
    clients: int = CLIENTS,
    seed: int = SEED,
    password: str = PASSWORD,
    what: str = "command",
    progress: Progress | None = None,
) -> Book:
    """A fresh demo book of an office, with the packages of a few account managers, and a conflict to resolve."""
    folder, book_id = _cleared(folder)
    with clock.at(_begun()):
        office = Office(folder, password, what, book_id)
    try:
        office.gather(clients, seed, progress)
    except BaseException:
        office.book.close()
        _remove(folder)
        raise
    return office.book


def _begun() -> datetime:
    return clock.instant(clock.today() - timedelta(days=BEGUN), 8, 30)


def _cleared(folder: Path) -> tuple[Path, str]:
    """The folder without an earlier demo, marked for the demo of the id given; `Refused` when it holds a real book."""
    if books.is_book(folder) and not is_demo(folder):
        raise Refused(NOT_A_DEMO)
    paths.check_place(folder)
    if is_demo(folder):
        _remove(folder)
    folder = paths.prepare(folder)
    book_id = ids.new()
    write(folder / _MARK, f"{_WORDS}\n{book_id}\n".encode())
    return folder, book_id


def _remove(folder: Path) -> None:
    """Take an earlier demo away: only what a book makes, nothing a person put there."""
    from fieldcrm.base.data.lock import writing

    with writing(folder):
        for path in folder.iterdir():
            if path.name.startswith(("book.db", "vault-")) or path.name in (_MARK, "device.json", failures.NAME):
                path.unlink(missing_ok=True)
        shutil.rmtree(folder / "backups", ignore_errors=True)
