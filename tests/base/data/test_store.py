"""The open store among threads: many writers, closing under a read and a write, lost servers, errors without data."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data import journal, sqlcipher
from fieldcrm.base.data.journal_tables import Operation
from fieldcrm.base.data.store import Interrupted, Store
from fieldcrm.base.errors import Environment
from fieldcrm.core.clients.tables import Client
from support.stores import KEY


def add_client(session: Session, name: str, id: str | None = None) -> None:
    session.add(Client(id=id, name=name))


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Client)) or 0


def numbers(session: Session) -> list[int]:
    return list(session.scalars(select(Operation.seq).order_by(Operation.seq)))


def started(work: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """A thread at work, and what came of it: the result or the exception."""
    outcome: list[object] = []

    def run() -> None:
        try:
            outcome.append(work())
        except BaseException as error:  # told to the test, which would not see it in another thread
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, outcome


def test_ten_threads_write_at_once(store: Store) -> None:
    def work() -> None:
        for n in range(10):
            store.change(add_client, f"{n}")

    for thread, outcome in [started(work) for _ in range(10)]:
        thread.join()
        assert outcome == [None]
    assert store.read(count) == 100
    assert store.read(numbers) == list(range(1, 101))


@pytest.mark.parametrize("fails", [False, True])
def test_the_notes_of_an_operation_end_with_it(store: Store, fails: bool) -> None:
    """Whoever found them alive would free them all at once: the collector does, in the window's thread."""
    seen: list[journal.Journal] = []

    gone = {"deleted_at": clock.now()}  # deleted: whatever else is attached to the store leaves it alone

    def work(session: Session) -> None:
        notes = journal.of(session)
        seen.append(notes)
        add_client(session, "王淑珍")
        session.flush()
        notes.arrived[Client], notes.merged["client"], notes.left["policy", "applicant_id"] = {"a": gone}, ["a"], {"b"}
        came.append(notes.arrived[Client])
        if fails:
            raise ValueError("nothing came of it")

    came: list[dict[str, object]] = []
    with pytest.raises(ValueError, match="nothing") if fails else contextlib.nullcontext():
        store.change(work)
    [notes] = seen
    assert (notes.notes, notes.arrived, notes.merged, dict(notes.left), came) == ({}, {}, {}, {}, [{}])


def test_a_write_within_a_write_is_refused_at_once(store: Store) -> None:
    with pytest.raises(TypeError):
        store.change(lambda session: store.change(add_client, "甲"))
    store.change(add_client, "乙")
    assert store.read(count) == 1


def test_closing_stops_a_read_and_leaves_no_connection(store: Store) -> None:
    reading, stopped = threading.Event(), threading.Event()

    def query(session: Session) -> int:
        session.connection()
        reading.set()
        stopped.wait(20)
        return count(session)

    thread, outcome = started(lambda: store.read(query))
    assert reading.wait(20)
    closing, _ = started(store.close)
    stopped.set()
    closing.join()
    thread.join()
    assert isinstance(outcome[0], Interrupted | int)
    for late in (lambda: store.change(add_client, "甲"), lambda: store.read(count)):
        with pytest.raises(Environment) as told:
            late()
        assert told.value.code == "store.closed"
    store.close()


def test_closing_waits_for_a_write(store: Store) -> None:
    writing, go = threading.Event(), threading.Event()

    def action(session: Session) -> None:
        add_client(session, "王淑珍")
        session.flush()
        writing.set()
        go.wait(20)

    thread, outcome = started(lambda: store.change(action)[1].kinds)
    assert writing.wait(20)
    closing, _ = started(store.close)
    go.set()
    thread.join()
    closing.join()
    assert outcome == [{"client"}]


def test_the_log_of_writes_is_taken_in_when_the_book_is_closed(book: Store, tmp_path: Path) -> None:
    reading, go = threading.Event(), threading.Event()

    def query(session: Session) -> int:
        before = count(session)
        reading.set()
        go.wait(20)
        assert count(session) == before
        return before

    thread, outcome = started(lambda: book.read(query))
    assert reading.wait(20)
    for _ in range(3):
        book.change(journal.bulk_insert, Client, [{"name": f"{n}", "address": "路" * 200} for n in range(500)])
    go.set()
    thread.join()
    assert outcome == [0]
    book.close()
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(("-wal", "-shm"))] == []


def test_a_locked_book_is_told_and_works_when_it_is_free(
    book: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.close()  # connections wait as long as they were opened with
    monkeypatch.setattr(sqlcipher, "BUSY_SECONDS", 0.05)
    path = next(tmp_path.glob("book-*.db"))
    store = Store(sqlcipher.engine(path, KEY), sqlcipher.engine(path, KEY, readonly=True), book.author.device)
    other = sqlcipher.connect(path, KEY)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Environment) as told:
        store.change(add_client, "王淑珍")
    assert told.value.code == "book_busy"
    other.execute("ROLLBACK")
    other.close()
    store.change(add_client, "王淑珍")
    assert store.read(count) == 1
    store.close()


@pytest.mark.postgres
def test_a_server_that_ends_our_connections_is_told_and_then_found_again(open_postgres: Callable[[], Store]) -> None:
    store = open_postgres()

    def cut(session: Session) -> None:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    for use in (store.change, store.read):
        with pytest.raises(Environment) as told:
            use(cut)
        assert told.value.code == "postgres.no_server"
    store.change(add_client, "王淑珍")
    assert store.read(count) == 1


def test_an_error_does_not_carry_what_was_typed(store: Store) -> None:
    store.change(add_client, "王淑珍", "1" * 32)
    with pytest.raises((IntegrityError, OperationalError)) as told:
        store.change(add_client, "陈国强", "1" * 32)
    assert "陈国强" not in str(told.value)
