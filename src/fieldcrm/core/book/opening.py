"""Founding and opening a book: vault, lock, schema, store and the tables' search hooks, in this order."""

from __future__ import annotations

import importlib
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from fieldcrm.base import forms, ids, paths, vault
from fieldcrm.base.data import audit, backup, journal, lock, migrate, postgres, restore, sqlcipher
from fieldcrm.base.data.journal import Author
from fieldcrm.base.data.schema import Base
from fieldcrm.base.data.store import Store, identify, in_our_words
from fieldcrm.base.errors import Environment, InvalidField, InvalidFields, Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.base.vault import failures, sidecar
from fieldcrm.core import search
from fieldcrm.core import tables as _tables  # noqa: F401 - every table is known before a store opens
from fieldcrm.core.book import generation
from fieldcrm.core.clients import kept
from fieldcrm.core.people.tables import Person, Unit

if TYPE_CHECKING:
    from fieldcrm.base.jobs import Progress
    from fieldcrm.base.vault import Vault

FILE = "book.db"
DATABASE = "database"  # the vault's secret that holds an office's PostgreSQL address

KEYS_MISSING = define(
    "book.keys_missing",
    N_("There is a book in this folder, but its key file is missing. Restore the latest backup; it brings its own."),
)
MANAGER_ON_SERVER = define("book.manager_on_server", N_("A manager's book is a file; only an office uses a server."))


@dataclass
class Book:
    """An open book. `close` ends a running write, closes every connection and drops the keys."""

    folder: Path
    vault: Vault
    store: Store
    writing: lock.WriterLock | None

    @property
    def device(self) -> str:
        """This computer as packages address it; the chain it writes is `store.author.device`."""
        return generation.device(self.vault)

    def remember_sent(self, number: int | None, hash_: str | None) -> None:
        """Keep beside an office's book where its chain ends in a package that leaves, so that it sees when it was put
        back to an older state."""
        if number and hash_ and self.store.author.role == "office":
            generation.remember(self.vault, self.store.author.device, number, hash_)

    @property
    def on_server(self) -> bool:
        return self.store.dialect == "postgresql"

    def back_up(self, why: str, progress: Progress | None = None) -> Path | None:
        """Back the book up beside itself, `why` in one lower-case word; None on a server, which has its own backups.

        Raises `Environment` as `backup.take` does.
        """
        if self.on_server:
            return None
        return backup.take(self.folder / FILE, self.vault, why, progress=progress)

    def audit(self, what: str, subject_id: str | None = None, **codes: str | int | bool) -> None:
        """Note in the audit log what touched personal data (see `audit.note`).

        A book open for reading notes it beside the log; the next opening for writing takes it in.
        """
        if self.writing is None:
            failures.note(self.folder, f"{what}:{next(iter(codes.values()), '')}")
            return

        def note(session: Session) -> None:
            audit.note(session, what, subject_id, **codes)

        self.store.change(note)

    def close(self) -> None:
        self.store.close()
        self.vault.lock()
        if self.writing is not None:
            self.writing.release()


@dataclass(frozen=True)
class Founded:
    """A fresh book, open, and what is told once."""

    book: Book
    person_id: str
    unit_id: str
    recovery_code: str


def get_ready() -> None:
    """What the first opening would otherwise wait for: libraries it imports on use, tables mapped, forms read."""
    for name in ("sqlcipher3.dbapi2", "filelock", "chinese_calendar", "cryptography.hazmat.primitives.kdf.argon2"):
        importlib.import_module(name)
    Base.registry.configure()
    forms.all_forms()


def found(
    folder: Path,
    *,
    name: str,
    unit: str,
    role: str,
    password: str,
    database: str | None = None,
    what: str = "command",
    book_id: str | None = None,
) -> Founded:
    """Make a book for a person (`role` manager or office) of a unit and open it for writing.

    `database`: an office's PostgreSQL address instead of a file; `what` writes, "window" or "command";
    `book_id` where it was chosen before. Raises `Refused` when there is one already or the folder is unsafe,
    `InvalidFields(name, unit)`, `InvalidField(password)`, `Environment`.
    """
    if database is not None and role != "office":
        raise Refused(MANAGER_ON_SERVER)
    name, unit = _names(name, unit)
    vault.check_password(password)  # before a folder is made
    folder = paths.prepare(folder)
    held = lock.WriterLock(folder)
    held.acquire(what)
    engines: tuple[Engine, ...] = ()
    try:
        require_no_book(folder)
    except BaseException:
        held.release()
        raise
    try:
        keys, code = vault.create(folder, password, book_id)
        if database is None:
            sqlcipher.create(folder / FILE, keys.data_key, book_id=keys.book_id)
        else:
            keys.set_secret(DATABASE, database)
        writer, readers = engines = _engines(folder, keys)
        with in_our_words(writer.dialect.name):
            _bring_up(writer)
            person_id, unit_id = _known(writer, name, unit, role)
            author = Author(person_id or ids.new(), generation.device(keys), unit_id or ids.new(), role, name, unit)
            with Session(writer) as session:
                identify(session, author)
                session.commit()
        _attach()
        store = Store(writer, readers, author.device)
        store.change(found_book, author)
    except BaseException:
        _dispose(engines)  # an open file cannot be deleted on Windows
        _clear(folder)
        held.release()
        raise
    return Founded(Book(folder, keys, store, held), author.person_id, author.unit_id, code)


def found_book(session: Session, author: Author) -> None:
    """The first operation of a book: its person, and the unit where an office founds one.

    A manager's unit is its office's record; until enrolled only its name is known. On an office's second
    computer both are there already.
    """
    journal.lasting(session)
    if session.get(Person, author.person_id) is None:
        session.add(
            Person(
                id=author.person_id,
                owner_id=author.person_id,
                name=author.person_name,
                unit_id=author.unit_id,
                role=author.role,
            )
        )
    if author.role == "office" and session.get(Unit, author.unit_id) is None:
        session.add(Unit(id=author.unit_id, name=author.unit_name, level="institution"))


def _names(name: str, unit: str) -> tuple[str, str]:
    """Both on one line and checked by the rules of their forms; InvalidFields where one cannot stand."""
    given = {"person": name, "unit": unit}
    found, problems = [], []
    for kind, text in given.items():
        try:
            found.append(forms.clean(forms.get(kind), {"name": " ".join(text.split())}, partial=True)["name"])
        except InvalidFields as refused:
            problems += [
                InvalidField("unit" if kind == "unit" else "name", p.code, **p.values) for p in refused.problems
            ]
    if problems:
        raise InvalidFields(problems)
    return found[0], found[1]


def is_book(folder: Path) -> bool:
    """Whether a folder holds a book, with its key file or without."""
    return vault.exists(folder) or any((folder / name).exists() for name in (FILE, f"{FILE}.next"))


def require_no_book(folder: Path) -> None:
    """Refused(vault_exists), or Environment(book.keys_missing) where a book lost its key file: it is left as it is."""
    if vault.exists(folder):
        raise Refused(paths.BOOK_EXISTS)
    if is_book(folder):
        raise Environment(KEYS_MISSING)


def _clear(folder: Path) -> None:
    """Take away what a founding cut short made (there was nothing before), so that it can be tried again."""
    for name in (FILE, f"{FILE}-wal", f"{FILE}-shm", *sidecar.NAMES, failures.NAME):
        (folder / name).unlink(missing_ok=True)


def unlock(
    folder: Path, *, password: str | None = None, recovery_code: str | None = None, writing: str | None = "command"
) -> Book:
    """Open a book by password or recovery code; `writing` ("window", "command") takes the one writer's lock.

    An older schema is brought up first, after a backup of the file, also to be read. Raises `Refused` (wrong password,
    already open for writing), `Environment` (missing, damaged, newer).
    """
    keys = vault.unlock(folder, password=password, recovery_code=recovery_code)
    held = lock.WriterLock(folder) if writing else None
    engines: tuple[Engine, ...] = ()
    try:
        if held is not None and writing is not None:
            held.acquire(writing)
            restore.settle(folder / FILE, keys)
        writer, readers = engines = _engines(folder, keys)
        with in_our_words(writer.dialect.name):
            with readers.connect() as connection:
                current = migrate.is_current(connection)
            if not current:
                migrate.refuse_newer(readers)
                with nullcontext() if held is not None else lock.writing(folder):
                    if keys.secret(DATABASE) is None:
                        backup.take(folder / FILE, keys, "migration")
                    migrate.upgrade(writer)
            _attach()
            chain, begun = generation.chain(keys, readers if held is None else writer, held is not None)
            store = Store(writer, readers, chain)
        if held is not None:
            if begun:
                store.change(_note_restored)
            store.change(kept.overtake)
            if store.change(audit.fold, keys)[0]:
                keys.forget_failures()
    except BaseException:
        _dispose(engines)
        keys.lock()
        if held is not None:
            held.release()
        raise
    return Book(folder, keys, store, held)


def _note_restored(session: Session) -> None:
    audit.note(session, "restore")


def _attach() -> None:
    """Have every operation keep right what follows from the records."""
    search.attach()
    kept.attach()


def _bring_up(writer: Engine) -> None:
    """Make the schema of an empty database; a server's that an older program made is brought up."""
    with writer.connect() as connection:
        revision = migrate.revision(connection)
    if revision is None:
        migrate.create(writer)
    elif revision != migrate.HEAD:
        migrate.upgrade(writer)


def _dispose(engines: tuple[Engine, ...]) -> None:
    for engine in engines:
        engine.dispose()


def _engines(folder: Path, keys: Vault) -> tuple[Engine, Engine]:
    address = keys.secret(DATABASE)
    if address is not None:
        return postgres.engine(address), postgres.engine(address, readonly=True)
    path = folder / FILE
    return sqlcipher.engine(path, keys.data_key), sqlcipher.engine(path, keys.data_key, readonly=True)


def _known(engine: Engine, name: str, unit: str, role: str) -> tuple[str | None, str | None]:
    """Ids of the person and the unit of these names, where another computer of the office noted them already."""
    with Session(engine) as session:
        units = select(Unit.id).where(Unit.name == unit, Unit.deleted_at.is_(None)).order_by(Unit.id).limit(1)
        unit_id = session.scalars(units).first()
        people = select(Person.id).where(
            Person.name == name, Person.role == role, Person.unit_id == unit_id, Person.deleted_at.is_(None)
        )
        return session.scalars(people.order_by(Person.id).limit(1)).first(), unit_id
