"""Backups: an encrypted copy made while the book is in use, with its key file in the same file, rotated.

A backup is a SQLCipher database under the backup key, followed by the key file (its own pages) and a
footer, so that the password or the recovery code of that day opens it on any machine.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldcrm.base import clock, files
from fieldcrm.base.data import sqlcipher
from fieldcrm.base.errors import Environment, define
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress
from fieldcrm.base.vault import sidecar

if TYPE_CHECKING:
    from fieldcrm.base.vault import Vault

SUFFIX = ".fcbackup"
RECENT, DAILY, WEEKLY, MONTHLY = 12, 14, 8, 12

BACKUP_DAMAGED = define("backup_damaged", N_("This backup is damaged or cut short. Take an earlier one."))
BACKUP_MISSING = define("backup_missing", N_("There is no file {file}."))
BACKUP_NOT_ONE = define("backup_not_one", N_("This file is not a backup of a book."))
BACKUP_FOLDER = define("backup_folder", N_("The backup cannot be written in this folder."))

_PAGE = 4096
_STEP = 1024  # pages between two reports of progress
_MAGIC = b"fieldcrm backup1"
_NAME = re.compile(r"(\d{8}T\d{6}Z)-([a-z]+)(?:-\d+)?" + re.escape(SUFFIX))
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class BackupRow:
    """A backup in the folder: when it was taken, why ("close", "import", "migration" …), its size in bytes."""

    path: Path
    taken_at: datetime
    why: str
    size: int


def take(book: Path, vault: Vault, why: str, *, folder: Path | None = None, progress: Progress | None = None) -> Path:
    """Back the book up as of now, check the copy by opening it, then rotate. Gives the new file.

    `why` is one lower-case word. Others may write meanwhile. The file appears whole or not at all.
    Raises Environment `disk_full`, `backup_folder`, and those of `sqlcipher.connect`.
    """
    folder = folder or book.parent / "backups"
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            require_room(folder, book)
            target = _free_name(folder, why)
            part = target.with_name(target.name + ".part")
            try:
                copy(book, vault.data_key, part, vault.backup_key, progress)
                _append_sidecar(part, vault)
                read_sidecar(part)
                open_backup(part, vault.backup_key).close()
                files.move(part, target)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
            rotate(folder)
    return target


def list_backups(folder: Path) -> list[BackupRow]:
    """The backups of a folder, newest first."""
    rows = []
    for path in folder.glob("*" + SUFFIX):
        if found := _NAME.fullmatch(path.name):
            taken_at = datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC)
            rows.append(BackupRow(path, taken_at, found[2], path.stat().st_size))
    return sorted(rows, key=lambda row: (row.taken_at, row.path.name), reverse=True)


def rotate(folder: Path) -> list[Path]:
    """Remove the backups that `kept` lets go; gives their paths. Other files are left alone."""
    rows = list_backups(folder)
    keep = kept(row.taken_at for row in rows)
    gone = [row.path for row in rows if row.taken_at not in keep]
    for path in gone:
        with contextlib.suppress(OSError):  # one that is being read on Windows goes next time
            path.unlink()
    return gone


def kept(instants: Iterable[datetime]) -> set[datetime]:
    """What stays: the 12 newest, and the newest of 14 days, 8 weeks and 12 months that have one (Shanghai days)."""
    newest_first = sorted(set(instants), reverse=True)
    keep = set(newest_first[:RECENT])
    for wanted, form in ((DAILY, "%Y-%m-%d"), (WEEKLY, "%G-%V"), (MONTHLY, "%Y-%m")):
        seen: dict[str, datetime] = {}
        for instant in newest_first:
            seen.setdefault(clock.local(instant).strftime(form), instant)
        keep.update(list(seen.values())[:wanted])
    return keep


def copy(source: Path, source_key: bytes, target: Path, target_key: bytes, progress: Progress | None = None) -> None:
    """Copy one snapshot of a book into a fresh, checked file under another key.

    Environment(book_damaged) when a page of the source does not authenticate, or the copy is not sound.
    """
    reader = sqlcipher.connect(source, source_key, readonly=True)
    try:
        copy_from(reader, target, target_key, progress)
    finally:
        reader.close()


def copy_from(reader: Any, target: Path, target_key: bytes, progress: Progress | None = None) -> None:
    """As `copy`, from an open connection."""
    target.unlink(missing_ok=True)
    with sqlcipher.translated():
        require_authentic_pages(reader)
        writer = sqlcipher.raw(target, target_key, "rwc")
        try:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM book_sentinel").fetchone()  # the snapshot begins
            writer.execute("PRAGMA journal_mode = OFF")  # a torn copy is thrown away
            writer.execute("PRAGMA synchronous = OFF")
            reader.backup(writer, pages=_STEP, progress=_reporting(progress))
            writer.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        finally:
            writer.close()
            if reader.in_transaction:
                reader.execute("ROLLBACK")
    files.sync(target)
    require_sound(target, target_key)


def require_authentic_pages(connection: Any) -> None:
    """Environment(book_damaged) when a page of the file does not authenticate.

    The copy itself would not tell: the backup interface of SQLCipher gives an empty page for a damaged one.
    A page that is being checkpointed may look torn for a moment, and after a power cut until the log is copied in
    again, hence three looks with a checkpoint between.
    """
    import sqlcipher3.dbapi2 as driver

    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    for _ in range(3):
        told = [words for (words,) in connection.execute("PRAGMA cipher_integrity_check")]
        numbers = [re.search(r"page (\d+)", words) for words in told]
        if all(number is not None and int(number[1]) > pages for number in numbers):  # beyond: the key file
            return
        with contextlib.suppress(driver.DatabaseError):  # a folder that cannot be written keeps its pages
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    raise Environment(sqlcipher.BOOK_DAMAGED)


def require_sound(path: Path, key: bytes) -> None:
    """Open a copy and walk every page of it; Environment(book_damaged)."""
    connection = open_backup(path, key)
    try:
        with sqlcipher.translated():
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            if pages * _PAGE > path.stat().st_size:
                raise Environment(sqlcipher.BOOK_DAMAGED)
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise Environment(sqlcipher.BOOK_DAMAGED)
    finally:
        connection.close()


def open_backup(path: Path, key: bytes) -> Any:
    """A read-only connection on a backup, which leaves the file and its folder untouched."""
    with sqlcipher.translated():
        connection = sqlcipher.raw(path, key, "ro", "&immutable=1")
        try:
            sqlcipher.check_inside(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def read_sidecar(path: Path) -> sidecar.Sidecar:
    """The key file inside a backup; Environment `backup_missing`, `backup_not_one` or `backup_damaged`."""
    try:
        with path.open("rb") as file:
            file.seek(-64, 2)
            magic, length, digest = _footer(file.read(64))
            if magic != _MAGIC:
                raise Environment(BACKUP_NOT_ONE)
            file.seek(-_padded(length), 2)
            raw = file.read(length)
    except FileNotFoundError:
        raise Environment(BACKUP_MISSING, file=str(path)) from None
    except (OSError, OverflowError) as problem:
        raise Environment(BACKUP_NOT_ONE) from problem
    found = sidecar.parse(raw) if hashlib.sha256(raw).digest() == digest else None
    if found is None:
        raise Environment(BACKUP_DAMAGED)
    return found


@contextlib.contextmanager
def as_damaged_backup() -> Iterator[None]:
    """The key of a backup comes from its own authenticated key file, so a page that does not open is damage."""
    try:
        yield
    except Environment as problem:
        if problem.code in (sqlcipher.BOOK_WRONG_KEY, sqlcipher.BOOK_NOT_ONE, sqlcipher.BOOK_DAMAGED):
            raise Environment(BACKUP_DAMAGED) from problem
        raise


def require_room(folder: Path, book: Path) -> None:
    """Environment(disk_full) unless the disk has room for another copy of the book."""
    needed = sum(part.stat().st_size for part in _files_of(book) if part.exists())
    if shutil.disk_usage(folder).free < needed + 1_000_000:
        raise Environment(sqlcipher.DISK_FULL)


@contextlib.contextmanager
def writing_to(folder: Path) -> Iterator[None]:
    """Turn what the system says about writing files in `folder` into Environment errors."""
    try:
        yield
    except OSError as problem:
        full = problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise Environment(sqlcipher.DISK_FULL if full else BACKUP_FOLDER) from problem


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time in a folder; what a killed one left is removed."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / "backup.lock", timeout=30, fallback_to_soft=False):
            for part in folder.glob("*.part"):
                part.unlink(missing_ok=True)
            yield
    except Timeout as problem:
        raise Environment(sqlcipher.BOOK_BUSY) from problem


def _files_of(book: Path) -> list[Path]:
    return [book, book.with_name(book.name + "-wal")]


def _free_name(folder: Path, why: str) -> Path:
    if not re.fullmatch("[a-z]+", why):
        raise ValueError(why)
    base = f"{clock.now().astimezone(UTC).strftime(_STAMP)}-{why}"
    path, number = folder / (base + SUFFIX), 1
    while path.exists():
        number += 1
        path = folder / f"{base}-{number}{SUFFIX}"
    return path


def _reporting(progress: Progress | None) -> Any:
    if progress is None:
        return None
    begun = False

    def report(_status: int, remaining: int, total: int) -> None:
        nonlocal begun
        if not begun:
            progress.begin(gettext("Copying the book"), total)
            begun = True
        progress.step(total - remaining)

    return report


def _append_sidecar(part: Path, vault: Vault) -> None:
    raw = vault.sidecar.to_bytes(vault.master)
    whole = raw.ljust(_padded(len(raw)) - 64, b"\0")
    whole += _MAGIC + len(raw).to_bytes(16) + hashlib.sha256(raw).digest()
    with part.open("ab") as file:
        file.write(whole)
    files.sync(part)


def _padded(length: int) -> int:
    """Bytes of key file, padding and footer: whole pages, so that SQLite sees a plausible file."""
    return -(-(length + 64) // _PAGE) * _PAGE


def _footer(raw: bytes) -> tuple[bytes, int, bytes]:
    return raw[:16], int.from_bytes(raw[16:32]), raw[32:]
