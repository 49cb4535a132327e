"""Putting a backup in the place of the book of a folder, with the writer's lock, noted in the audit log."""

from __future__ import annotations

from pathlib import Path

from fieldcrm.base import paths, vault
from fieldcrm.base.data import lock, restore
from fieldcrm.base.errors import Environment
from fieldcrm.base.jobs import Progress
from fieldcrm.core.book.opening import FILE, unlock


def restore_book(
    folder: Path,
    file: Path,
    *,
    password: str | None = None,
    recovery_code: str | None = None,
    progress: Progress | None = None,
) -> Path | None:
    """Restore; gives where the book that was there is kept. The folder's key file stays in force where it is sound.

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
        done = restore.restore(file, folder / FILE, vault=keys, progress=progress, **secret)
        done.vault.lock()
    book = unlock(folder, password=password, recovery_code=recovery_code)
    try:
        book.audit("restore")
    finally:
        book.close()
    return done.kept
