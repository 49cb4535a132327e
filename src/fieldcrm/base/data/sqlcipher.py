"""The encrypted book file: making it, opening it with a raw key, and the SQLAlchemy engine over it."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fieldcrm.base import files, paths
from fieldcrm.base.errors import Environment, Refused, define
from fieldcrm.base.i18n import N_

if TYPE_CHECKING:
    from sqlalchemy import Engine

APPLICATION_ID = 0x46434D31  # "FCM1", in the encrypted header
FORMAT = 1  # PRAGMA user_version; raised when an older program could no longer read the book
SENTINEL = "fieldcrm book"
BUSY_SECONDS = 10.0

BOOK_MISSING = define("book_missing", N_("There is no book here. Check the folder, or restore a backup."))
BOOK_WRONG_KEY = define(
    "book_wrong_key",
    N_("The key file does not open the book: it is damaged or another one. Restore the latest backup."),
)
BOOK_NOT_ONE = define("book_not_one", N_("This file is not a fieldcrm book."))
BOOK_DAMAGED = define("book_damaged", N_("The book is damaged. Restore the latest backup."))
BOOK_NEWER = define("book_newer", N_("A newer version of the program wrote this book. Update the program."))
BOOK_FOLDER = define("book_folder", N_("This folder cannot be written. Choose another one or ask for the rights."))
DISK_FULL = files.DISK_FULL
DISK_TROUBLE = define("disk_trouble", N_("The disk did not read or write as asked. Check the disk, then the book."))
BOOK_BUSY = define("book_busy", N_("The book is busy in another program. Try again in a moment."))

_ROOM = 1 << 20  # bytes; less is a full disk
_PLAIN_HEADER = b"SQLite format 3\0"


def create(path: Path, key: bytes, *, book_id: str = "") -> None:
    """Make an empty book at `path` with its sentinel row; refused (`vault_exists`) when the file is there.

    The file appears whole or not at all: it is made beside its place and renamed.
    """
    if path.exists():
        raise Refused(paths.BOOK_EXISTS)
    draft = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
    except OSError as problem:
        raise Environment(BOOK_FOLDER) from problem
    with translated():
        connection = raw(draft, key, "rwc")
        try:
            stamp(connection, book_id)
        finally:
            connection.close()
    files.move(draft, path)


def stamp(connection: Any, book_id: str) -> None:
    """Write the header numbers and the sentinel row into an empty database."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("CREATE TABLE book_sentinel (sentinel TEXT NOT NULL, book_id TEXT NOT NULL)")
    connection.execute("INSERT INTO book_sentinel VALUES (?, ?)", (SENTINEL, book_id))
    connection.execute("COMMIT")


def connect(path: Path, key: bytes, *, readonly: bool = False) -> Any:
    """A checked sqlcipher3 connection with the raw 32-byte `key`; transactions are explicit (`BEGIN`).

    WAL, `synchronous=FULL`, foreign keys on. `readonly` connections refuse writes and also work in a
    folder that cannot be written. Raises Environment with `book_missing`, `book_not_one`,
    `book_wrong_key`, `book_damaged`, `book_newer`, `book_folder`, `book_busy`, `disk_full`.
    """
    check_file(path)
    try:
        with translated():
            connection = _answering(path, key, readonly)
            try:
                check_inside(connection)
                _tune(connection, readonly)
            except BaseException:
                connection.close()
                raise
    except Environment as problem:
        # where SQLite finds no room for its shared memory it says "I/O error"
        if problem.code == DISK_TROUBLE and shutil.disk_usage(path.parent).free < _ROOM:
            raise Environment(DISK_FULL) from problem
        raise
    return connection


def engine(path: Path, key: bytes, *, readonly: bool = False, pool_size: int | None = None) -> Engine:
    """A SQLAlchemy engine on the book: one pooled connection for the writer (BEGIN IMMEDIATE), four for readers."""
    import sqlcipher3.dbapi2 as driver
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import QueuePool

    made = create_engine(
        f"sqlite+pysqlite:///{path.name}",  # names the dialect; the creator opens the file
        module=driver,
        creator=lambda: connect(path, key, readonly=readonly),
        poolclass=QueuePool,
        pool_size=pool_size or (4 if readonly else 1),
        max_overflow=0,
        hide_parameters=True,  # an error's text must not carry what a person typed
    )
    opening = "BEGIN" if readonly else "BEGIN IMMEDIATE"

    @event.listens_for(made, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(opening)

    return made


def check_file(path: Path) -> None:
    """Raise Environment unless `path` can be an encrypted book, judged from outside (no key needed)."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(16)
    except FileNotFoundError:
        raise Environment(BOOK_MISSING) from None
    except OSError as problem:
        raise Environment(BOOK_NOT_ONE) from problem
    if head == _PLAIN_HEADER or size < 4096:
        raise Environment(BOOK_NOT_ONE)
    # a power cut while the log was copied into the book leaves half a page, which the log mends
    if size % 4096 and not _has_log(path):
        raise Environment(BOOK_DAMAGED)


def _has_log(path: Path) -> bool:
    """Whether a write-ahead log with something in it lies beside a book."""
    wal = path.with_name(path.name + "-wal")
    return wal.exists() and wal.stat().st_size > 0


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn what SQLite says about file, disk and key into Environment errors; other errors pass."""
    import sqlcipher3.dbapi2 as driver

    try:
        yield
    except driver.DatabaseError as problem:
        code = code_of(problem)
        if code is None:
            raise
        raise Environment(code) from problem


def code_of(problem: BaseException) -> str | None:
    """The error code for a driver error about file, disk, lock or damage; None for any other error."""
    text = str(problem)
    for words, code in _WORDS:
        if words in text:
            return code
    return None


_WORDS = (
    ("file is not a database", BOOK_WRONG_KEY),
    ("file is encrypted", BOOK_WRONG_KEY),
    ("malformed", BOOK_DAMAGED),
    ("disk I/O error", DISK_TROUBLE),
    ("database or disk is full", DISK_FULL),
    ("readonly database", BOOK_FOLDER),
    ("unable to open", BOOK_FOLDER),
    ("is locked", BOOK_BUSY),
)


def raw(path: Path, key: bytes, mode: str, more: str = "") -> Any:
    """A connection with key and nothing else: unchecked, untuned. `mode` is SQLite's (ro, rw, rwc)."""
    import sqlcipher3.dbapi2 as driver

    if len(key) != 32:
        raise ValueError("a raw key has 32 bytes")
    connection = driver.connect(
        f"file:{quote(path.absolute().as_posix())}?mode={mode}{more}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA cipher_log_level = NONE")  # it would print to stderr, wrong keys included
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def _answering(path: Path, key: bytes, readonly: bool) -> Any:
    """A connection that answered a first question. Readers fall back to ways that need no write."""
    import sqlcipher3.dbapi2 as driver

    # immutable ignores a WAL, so it is right only when there is none
    ways = [("rw", "")] if not readonly else [("rw", ""), ("ro", ""), ("ro", "&immutable=1")]
    for number, (mode, more) in enumerate(ways):
        if more and _has_log(path):
            raise Environment(DISK_FULL if shutil.disk_usage(path.parent).free < _ROOM else BOOK_FOLDER)
        connection = raw(path, key, mode, more)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except driver.DatabaseError as problem:
            connection.close()
            if number + 1 < len(ways) and code_of(problem) in (BOOK_FOLDER, DISK_TROUBLE, DISK_FULL):
                continue
            raise
        return connection
    raise Environment(BOOK_FOLDER)


def check_inside(connection: Any) -> None:
    """Environment `book_wrong_key`, `book_not_one` or `book_newer` unless this is a book the program can read."""
    import sqlcipher3.dbapi2 as driver

    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    try:
        row = connection.execute("SELECT sentinel FROM book_sentinel").fetchone()
    except driver.OperationalError as problem:
        if code_of(problem):
            raise
        row = None
    if application_id != APPLICATION_ID or row is None or row[0] != SENTINEL:
        raise Environment(BOOK_NOT_ONE)
    if version > FORMAT:
        raise Environment(BOOK_NEWER)


def _tune(connection: Any, readonly: bool) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")  # a spill to a temp file would be in clear
    connection.execute("PRAGMA cache_size = -32000")  # KiB; a cached page needs no second decryption
    if readonly:
        connection.execute("PRAGMA query_only = ON")
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA journal_size_limit = 67108864")
