"""A backup in the place of the book of a folder, or a new key; with the writer's lock, noted in the audit log."""

from __future__ import annotations

from pathlib import Path

from fieldcrm.base import paths, vault
from fieldcrm.base.data import lock, restore
from fieldcrm.base.errors import Environment, Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.base.jobs import Progress
from fieldcrm.core.book import generation
from fieldcrm.core.book.opening import FILE, unlock

NO_OFFICES_BOOK = define(
    "book.no_offices",
    N_("Only an office says so. A restored laptop heals by itself: export a package and import the office's next one."),
)


def restore_book(
    folder: Path,
    file: Path,
    *,
    password: str | None = None,
    recovery_code: str | None = None,
    progress: Progress | None = None,
) -> Path | None:
    """Restore; gives where the book that was there is kept. The folder's key file stays in force where it is sound.

    An office begins a new generation: it goes on under another chain, as its managers know the one before better.
    Raises `Refused` (open elsewhere, wrong password, another book's backup), `Environment` (file, disk).
    """
    folder = paths.prepare(folder)
    secret = {"password": password, "recovery_code": recovery_code}
    with lock.writing(folder):
        keys = None
        if vault.exists(folder):
            try:
                keys = vault.unlock(folder, password=password, recovery_code=recovery_code)
            except Environment:  # a lost key file: that of the backup comes along
                keys = None
        if keys is not None:
            generation.begin_next(keys)
        done = restore.restore(file, folder / FILE, vault=keys, progress=progress, **secret)
        if keys is None:
            generation.begin_next(done.vault)
        done.vault.lock()
    book = unlock(folder, password=password, recovery_code=recovery_code)
    try:
        if book.store.author.role != "office":  # else opening noted it with the generation
            book.audit("restore")
    finally:
        book.close()
    return done.kept


def take_for_restored(folder: Path, *, password: str | None = None, recovery_code: str | None = None) -> None:
    """Go on after an office's database was put back to an older state without the program: a new generation begins.

    Needed only where the folder was put back with it, so that nothing here remembers more. Raises `Refused` (wrong
    password, open elsewhere, no office's book).
    """
    book = unlock(folder, password=password, recovery_code=recovery_code)
    office = book.store.author.role == "office"
    if office:
        generation.begin_next(book.vault)
    book.close()
    if not office:
        raise Refused(NO_OFFICES_BOOK)
    unlock(folder, password=password, recovery_code=recovery_code).close()


def rekey_book(folder: Path, password: str, progress: Progress | None = None) -> str:
    """Give the book a new master key, everything encrypted anew; gives the new recovery code, the password stays.

    Raises `Refused` (wrong password, open elsewhere), `Environment` (disk full, damaged).
    """
    unlock(folder, password=password).close()  # takes in the failed unlocks, which the new key could not read
    with lock.writing(folder):
        fresh, code = restore.rekey(folder / FILE, vault.unlock(folder, password=password), password, progress)
        fresh.lock()
    book = unlock(folder, password=password)
    try:
        book.audit("rekeyed")
    finally:
        book.close()
    return code
