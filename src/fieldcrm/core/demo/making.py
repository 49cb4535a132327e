"""Founding the demo's own book in its own folder; a folder with a real book is never touched."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from fieldcrm.base import clock, paths
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.files import write
from fieldcrm.base.i18n import N_
from fieldcrm.base.jobs import Progress
from fieldcrm.core import book as books
from fieldcrm.core.book import Book
from fieldcrm.core.demo.filling import BEGUN, fill

PASSWORD = "fieldcrm demo"  # noqa: S105 - public: everything behind it is invented
CLIENTS, SEED = 412, 1
NAME, UNIT = "林晓", "金诚 · 福州支公司"
_MARK = "demo.txt"

NOT_A_DEMO = define("demo.not_a_demo", N_("This folder holds a book that is no demo; choose another with --data."))


def is_demo(folder: Path) -> bool:
    """Whether a folder holds a demo book."""
    return (folder / _MARK).exists() and books.is_book(folder)


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
    progress: Progress | None = None,
) -> Book:
    """A fresh demo book in `folder`, open for writing; an earlier demo there is replaced.

    `Refused(demo.not_a_demo)` when the folder holds a real book; else as `book.found`.
    """
    if books.is_book(folder) and not is_demo(folder):
        raise Refused(NOT_A_DEMO)
    paths.check_place(folder)
    if is_demo(folder):
        _remove(folder)
    folder = paths.prepare(folder)
    write(folder / _MARK, b"fieldcrm demo book: invented data\n")
    begun = clock.instant(clock.today() - timedelta(days=BEGUN), 8, 30)
    with clock.at(begun):
        book = books.found(folder, name=NAME, unit=UNIT, role="manager", password=password, what=what).book
    try:
        fill(book.store, clients, seed, progress)
    except BaseException:
        book.close()
        _remove(folder)
        raise
    return book


def _remove(folder: Path) -> None:
    """Take an earlier demo away: only what a book makes, nothing a person put there."""
    from fieldcrm.base.data.lock import writing

    with writing(folder):
        for path in folder.iterdir():
            if path.name.startswith(("book.db", "vault-", "failures")) or path.name in (_MARK, "device.json"):
                path.unlink(missing_ok=True)
        shutil.rmtree(folder / "backups", ignore_errors=True)
