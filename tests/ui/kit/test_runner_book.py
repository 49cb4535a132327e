"""The runner on a real book: writes tell their kinds, a superseded query is interrupted, undo and redo are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from fieldcrm.base.errors import InvalidField, define
from fieldcrm.core.clients.tables import Client
from fieldcrm.ui.kit.runner import Runner

EMPTY = define("test.empty", "Empty.")


def add_client(session: Session, name: str) -> str:
    if not name:
        raise InvalidField("name", EMPTY)
    client = Client(name=name, type="person")
    session.add(client)
    session.flush()
    return client.id


def count_clients(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Client).where(Client.deleted_at.is_(None))).one()


@pytest.fixture
def runner(qtbot: QtBot, open_sqlite: Any) -> Iterator[Runner]:
    made = Runner(open_sqlite())
    yield made
    made.close()


def test_a_write_tells_its_kinds_and_then_its_result(runner: Runner, qtbot: QtBot) -> None:
    told: list[Any] = []
    runner.changed.connect(lambda changes: told.append(changes.kinds))
    busy: list[bool] = []
    runner.busy.connect(busy.append)
    runner.change(add_client, "王淑珍", then=told.append)
    qtbot.waitUntil(lambda: runner.quiet)
    assert told[0] == {"client"}
    assert isinstance(told[1], str)
    assert busy == [True, False]
    got: list[int] = []
    runner.read(count_clients, then=got.append)
    qtbot.waitUntil(lambda: got == [1])


def test_a_refused_write_changes_nothing(runner: Runner, qtbot: QtBot) -> None:
    form: list[Exception] = []
    told: list[Any] = []
    runner.changed.connect(told.append)
    runner.change(add_client, "", failed=form.append)
    qtbot.waitUntil(lambda: len(form) == 1)
    assert told == []
    assert isinstance(form[0], InvalidField)


def test_undo_and_redo_are_told(runner: Runner, qtbot: QtBot) -> None:
    said: list[tuple[str, bool]] = []
    runner.undone.connect(lambda undone, again: said.append((undone.action, again)))
    runner.change(add_client, "王淑珍")
    runner.undo()
    runner.redo()
    qtbot.waitUntil(lambda: runner.quiet)
    assert said == [("add_client", False), ("add_client", True)]
    got: list[int] = []
    runner.read(count_clients, then=got.append)
    qtbot.waitUntil(lambda: got == [1])


def test_undo_with_nothing_to_undo_is_said(runner: Runner, qtbot: QtBot) -> None:
    with qtbot.waitSignal(runner.failed):
        runner.undo()


def test_a_superseded_query_is_interrupted(runner: Runner, qtbot: QtBot) -> None:
    begun = threading.Event()

    def endless(session: Session) -> int:
        begun.set()
        count = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
        return session.execute(text(count)).scalar_one()

    got: list[int] = []
    failures: list[Any] = []
    runner.failed.connect(failures.append)
    runner.crashed.connect(failures.append)
    runner.read(endless, then=got.append, key="list")
    assert begun.wait(10)
    runner.read(count_clients, then=got.append, key="list")
    qtbot.waitUntil(lambda: runner.quiet, timeout=10_000)
    assert got == [0]
    assert failures == []


def test_a_job_hands_on_what_a_change_gives(runner: Runner, qtbot: QtBot) -> None:
    told: list[Any] = []
    runner.changed.connect(lambda changes: told.append(changes.kinds))
    runner.job("Import", lambda progress: runner.store.change(add_client, "林晓"), then=told.append)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[0] == {"client"}
    assert isinstance(told[1], str)
    qtbot.waitUntil(lambda: runner.quiet)


def test_closing_while_a_query_runs_ends_it(qtbot: QtBot, open_sqlite: Any) -> None:
    made = Runner(open_sqlite())
    begun = threading.Event()

    def endless(session: Session) -> int:
        begun.set()
        count = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
        return session.execute(text(count)).scalar_one()

    made.read(endless, then=print)
    assert begun.wait(10)
    made.close()
    assert not any(thread.is_alive() for thread in made._threads)
