"""Putting another file in the book's place: restore, a new master key, and finishing either after a kill.

The new file is made and checked beside the book as `book.db.next`; for a new master key the key file is
the point of no return. `settle`, called with the writer's lock before the book is opened, carries through
what was complete and removes what was not.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fieldcrm.base import files
from fieldcrm.base.data import backup, lock, sqlcipher
from fieldcrm.base.errors import Environment, Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.base.jobs import Progress
from fieldcrm.base.vault import failures, keys, sidecar

if TYPE_CHECKING:
    from fieldcrm.base.vault import Vault

BACKUP_OTHER_BOOK = define("backup_other_book", N_("This backup is of another book. Restore it into an empty folder."))
BACKUP_NEEDS_PASSWORD = define(
    "backup_needs_password", N_("This backup needs the password or recovery code of the day it was taken.")
)


@dataclass(frozen=True)
class Restored:
    """The vault that now opens the book, and where the book that was there before is kept (None: there was none)."""

    vault: Vault
    kept: Path | None


def restore(
    file: Path,
    book: Path,
    *,
    vault: Vault | None = None,
    password: str | None = None,
    recovery_code: str | None = None,
    progress: Progress | None = None,
) -> Restored:
    """Put a backup in the book's place; the book that was there is kept beside it. Close the book first.

    With the unlocked `vault` of the folder its key file stays in force. Without one (new machine, lost key
    file) the password or recovery code of the backup opens it, and its key file comes along. Raises
    Refused `backup_other_book`, `backup_needs_password`, `wrong_password`, `wrong_recovery_code`;
    Environment `backup_missing`, `backup_not_one`, `backup_damaged`, `disk_full`, `backup_folder`.
    """
    source = _unlock_backup(file, book.parent, vault, password, recovery_code)
    target = vault or source
    with backup.writing_to(book.parent):
        book.parent.mkdir(parents=True, exist_ok=True)
        backup.require_room(book.parent, file)
        with backup.as_damaged_backup():
            reader = backup.open_backup(file, source.backup_key)
            try:
                _stage(reader, book, target.data_key, progress)
            finally:
                reader.close()
        if vault is None:
            _set_aside_vault(book.parent, _staged(book))
            target.save()
        kept = settle(book, target)
    return Restored(target, kept)


def rekey(book: Path, vault: Vault, password: str, progress: Progress | None = None) -> tuple[Vault, str]:
    """Give the book a new master key (a password became known together with a copy of the files).

    Everything is encrypted anew; the password stays, a new recovery code is given. Earlier backups still
    open with the password and code of their day. Close the book first. Refused(wrong_password).
    """
    keys.unlock(vault.folder, password=password).lock()
    fresh, code = vault.with_new_master(password)
    with backup.writing_to(book.parent):
        if book.exists():
            backup.require_room(book.parent, book)
            reader = sqlcipher.connect(book, vault.data_key, readonly=True)
            try:
                _stage(reader, book, fresh.data_key, progress)
            finally:
                reader.close()
        fresh.save()
        vault.lock()
        old = settle(book, fresh)
        if old is not None:
            _remove(old)
    return fresh, code


def settle(book: Path, vault: Vault) -> Path | None:
    """Finish a restore or rekey that was cut short, remove what it left; gives where the old book is kept."""
    _part(book).unlink(missing_ok=True)
    for name in (book.name, *sidecar.NAMES, failures.NAME, lock.HOLDER_NAME):
        book.with_name(name + ".new").unlink(missing_ok=True)
    staged = _staged(book)
    if not staged.exists():
        return None
    try:
        backup.open_backup(staged, vault.data_key).close()
    except Environment:
        if book.exists():  # made for a key file that never came into force
            staged.unlink()
        return None
    return _swap(book, staged)


def _swap(book: Path, staged: Path) -> Path | None:
    """The write-ahead log goes first: a log beside another database would be replayed into it."""
    aside = _kept(book, staged)
    for end in ("-wal", "-shm", ""):
        old = book.with_name(book.name + end)
        if old.exists():
            files.move(old, aside.with_name(aside.name + end))
    files.move(staged, book)
    return aside if aside.exists() else None


def _stage(reader: object, book: Path, key: bytes, progress: Progress | None) -> None:
    part = _part(book)
    try:
        backup.copy_from(reader, part, key, progress)
        files.move(part, _staged(book))
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _unlock_backup(
    file: Path, folder: Path, vault: Vault | None, password: str | None, recovery_code: str | None
) -> Vault:
    inside = backup.read_sidecar(file)
    if vault is not None and inside.book_id != vault.book_id:
        raise Refused(BACKUP_OTHER_BOOK)
    if vault is not None and inside.is_authentic(vault.master):
        return vault
    if password is None and recovery_code is None:
        raise Refused(BACKUP_NEEDS_PASSWORD)
    return keys.open_copies(folder, [inside], password=password, recovery_code=recovery_code)


def _set_aside_vault(folder: Path, staged: Path) -> None:
    for name in sidecar.NAMES:
        if (folder / name).exists():
            files.move(folder / name, folder / f"{_stamp(staged)}-kept-{name}")


def _remove(old: Path) -> None:
    for end in ("-wal", "-shm", ""):
        old.with_name(old.name + end).unlink(missing_ok=True)


def _part(book: Path) -> Path:
    return book.with_name(book.name + ".next.part")


def _staged(book: Path) -> Path:
    return book.with_name(book.name + ".next")


def _kept(book: Path, staged: Path) -> Path:
    """Named after the staged file's time, so that a swap cut short and finished later uses the same name."""
    return book.with_name(f"{_stamp(staged)}-kept-{book.name}")


def _stamp(staged: Path) -> str:
    return datetime.fromtimestamp(staged.stat().st_mtime, UTC).strftime("%Y%m%dT%H%M%SZ")
