"""The open database: one journalled writer, a few readers, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, event, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from fieldcrm.base.data import closing, journal, undo
from fieldcrm.base.data.hlc import Hlc
from fieldcrm.base.data.journal import Author
from fieldcrm.base.data.journal_tables import Identity
from fieldcrm.base.data.undo import Compensated
from fieldcrm.base.errors import Environment, define
from fieldcrm.base.i18n import N_
from fieldcrm.base.jobs import Progress, without_collector

P = ParamSpec("P")
T = TypeVar("T")

NO_IDENTITY = define("store.no_identity", N_("This database does not know this computer; enrol it first."))
CLOSED = define("store.closed", N_("The book was closed."))
_CLOSING_SECONDS = 10.0  # how long closing waits for reads that were told to stop
_WRITER_LOCK = 0x66635F77  # PostgreSQL advisory lock: one journal writer at a time


class Interrupted(Exception):
    """A read was superseded and stopped."""


@dataclass(frozen=True)
class Changes:
    """What an operation changed: its id (None: nothing) and the record kinds."""

    operation_id: str | None
    kinds: frozenset[str]


class Ticket:
    """A handle to a running read, so that another thread can stop it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop: Callable[[], None] | None = None
        self.interrupted = False

    def interrupt(self) -> None:
        with self._lock:
            self.interrupted = True
            if self._stop is not None:
                self._stop()

    @contextmanager
    def running(self, stop: Callable[[], None]) -> Iterator[None]:
        """While inside, `interrupt` calls `stop`; raises `Interrupted` when it came before."""
        with self._lock:
            if self.interrupted:
                raise Interrupted
            self._stop = stop
        try:
            yield
        finally:
            with self._lock:
                self._stop = None


_TICKET = "fieldcrm.ticket"


def _still_wanted(connection: Connection, *_: object) -> None:
    """Readers' engine listener: a read that was stopped between two statements begins no other."""
    ticket = connection.info.get(_TICKET)
    if ticket is not None and ticket.interrupted:
        raise Interrupted


AfterFlush = Callable[[Session, dict[str, list[str]]], None]
_before_commit: list[AfterFlush] = []


def before_commit(function: AfterFlush) -> None:
    """Call `function(session, {kind: changed ids})` in every operation's transaction, before its commit."""
    if function not in _before_commit:
        _before_commit.append(function)


class Store:
    """An open book. `writer` serves one transaction at a time, `readers` a small pool of snapshots."""

    def __init__(self, writer: Engine, readers: Engine, device: str) -> None:
        self.writer = writer
        self.readers = readers
        self._lock = threading.RLock()
        self._closed = self._writing = False
        self._reading: list[Ticket] = []
        self._idle = threading.Condition()
        event.listen(writer, "before_cursor_execute", journal.guard)
        event.listen(readers, "before_cursor_execute", _still_wanted)
        with Session(readers) as session:
            identity = session.get(Identity, device)
            if identity is None:
                raise Environment(NO_IDENTITY)
            self.author = _author(identity)
            self.clock = Hlc(device, identity.last_clock)

    def read_identity(self) -> None:
        """Take note of a changed identity (after an enrolment)."""
        self.author = self.read(lambda session: _author(session.get_one(Identity, self.author.device)))

    @property
    def dialect(self) -> str:
        return self.writer.dialect.name

    def change(
        self, action: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> tuple[T, Changes]:
        """Run `action(session, …)` in one journalled transaction named after it; all or nothing."""
        with self._transaction(action.__name__) as session:
            result = action(session, *args, **kwargs)
            changes = self._close(session)
        return result, changes

    @without_collector()
    def undo(self, progress: Progress | None = None) -> tuple[Compensated, Changes]:
        """Take back the newest standing operation of this device; `Refused` when there is none."""
        return self.change(undo.undo, progress)

    @without_collector()
    def redo(self, progress: Progress | None = None) -> tuple[Compensated, Changes]:
        """Do again what the newest undo took back; `Refused` when there is none."""
        return self.change(undo.redo, progress)

    def read(
        self,
        query: Callable[Concatenate[Session, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `query(session, …)` on one snapshot."""
        return self.read_with(Ticket(), query, *args, **kwargs)

    def read_with(
        self, ticket: Ticket, query: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `read`, stoppable by `ticket.interrupt()` from another thread (`Interrupted`)."""
        with (
            self._counted(ticket),
            in_our_words(self.dialect),
            Session(self.readers, expire_on_commit=False, autoflush=False) as session,
        ):
            connection = session.connection()
            driver = connection.connection.driver_connection
            stop = driver.cancel if self.dialect == "postgresql" else driver.interrupt  # type: ignore[union-attr]
            with ticket.running(stop):
                info = connection.info  # of a lost connection it cannot be asked any more
                info[_TICKET] = ticket
                try:
                    return query(session, *args, **kwargs)
                except Exception as error:
                    if ticket.interrupted:
                        raise Interrupted from error
                    raise
                finally:
                    info.pop(_TICKET, None)

    @contextmanager
    def _transaction(self, action: str) -> Iterator[Session]:
        with self._lock, in_our_words(self.dialect), Session(self.writer, expire_on_commit=False) as session:
            if self._closed:
                raise Environment(CLOSED)
            if self._writing:
                raise TypeError("an action calls other actions with its session, not the store")
            self._writing = True
            session.info["journal"] = notes = journal.Journal(self.author, self.clock, action)
            try:
                journal.watch(session)
                connection = session.connection()
                connection.info.clear()
                if self.dialect == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})
                    newest = session.scalar(select(func.max(Identity.last_clock)))  # of every computer of this office
                    if newest is not None:
                        self.clock.follow(newest)
                yield session
                session.commit()
            finally:
                self._writing = False
                notes.let_go()

    @contextmanager
    def _counted(self, ticket: Ticket) -> Iterator[None]:
        """A read that closing stops and waits for."""
        with self._idle:
            if self._closed:
                raise Environment(CLOSED)
            self._reading.append(ticket)
        try:
            yield
        finally:
            with self._idle:
                self._reading.remove(ticket)
                self._idle.notify_all()

    def _close(self, session: Session) -> Changes:
        session.flush()
        notes = journal.of(session)
        changed = notes.changed()
        if changed:
            for function in _before_commit:
                function(session, changed)
        operation_id = closing.close(session)
        return Changes(operation_id, frozenset(changed if operation_id else notes.merged))

    def close(self) -> None:
        """Let go of every connection, after a running write has ended; running reads are stopped. Harmless twice."""
        with self._lock:
            with self._idle:
                self._closed = True
                for ticket in self._reading:
                    ticket.interrupt()
                self._idle.wait_for(lambda: not self._reading, _CLOSING_SECONDS)
            self.writer.dispose()
            self.readers.dispose()


@contextmanager
def in_our_words(dialect: str) -> Iterator[None]:
    """A full disk, a lock, a lost server as an `Environment`; anything else is a bug and stays as it is."""
    try:
        yield
    except DBAPIError as error:
        code = None if error.orig is None else _code_of(dialect)(error.orig)
        if code is None:
            raise
        raise Environment(code) from error


def _code_of(dialect: str) -> Callable[[BaseException], str | None]:
    if dialect == "postgresql":
        from fieldcrm.base.data.postgres import code_of
    else:
        from fieldcrm.base.data.sqlcipher import code_of
    return code_of


def identify(session: Session, author: Author) -> None:
    """Write who this device belongs to (first start, enrolment)."""
    row = session.get(Identity, author.device)
    if row is None:
        session.add(Identity(**asdict(author)))
    else:
        for name, value in asdict(author).items():
            setattr(row, name, value)


def _author(row: Identity) -> Author:
    return Author(row.person_id, row.device, row.unit_id, row.role, row.person_name, row.unit_name)
