"""A list over a real encrypted book, read by the real runner: order, narrowing, changes, closing while reading."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from fieldcrm.base import clock, ids
from fieldcrm.base.data.journal import bulk_insert
from fieldcrm.base.data.listing import Asked, Column, Contains, FilterKind, ListSpec, Sort
from fieldcrm.base.data.store import Store
from fieldcrm.core.clients.tables import Client
from fieldcrm.ui.kit.columns import ListColumn
from fieldcrm.ui.kit.list_pane import ListPane
from fieldcrm.ui.kit.runner import Runner

pytest_plugins = ["support.stores"]
SPEC = ListSpec(
    name="clients",
    source=Client.__table__,
    id=Client.id,
    where=(Client.deleted_at.is_(None),),
    sort=Sort("name"),
    columns=(Column("name", Client.name_key, FilterKind.TEXT), Column("grade", Client.grade, FilterKind.CHOICE)),
)
COLUMNS = (
    ListColumn("name", lambda: "Client", lambda r: str(r["name"])),
    ListColumn("grade", lambda: "Grade", lambda r: str(r["grade"] or "")),
)


def add_clients(session: Session, numbers: range) -> None:
    rows: list[dict[str, Any]] = [
        {"id": ids.new(), "name": f"客户{n:05d}", "name_key": f"kehu{n:05d}", "grade": "ABC"[n % 3]} for n in numbers
    ]
    bulk_insert(session, Client, rows)


def remove_client(session: Session, client_id: str) -> None:
    session.get_one(Client, client_id).deleted_at = clock.now()


@pytest.fixture
def runner(book: Store, qtbot: QtBot) -> Iterator[Runner]:
    book.change(add_clients, range(1000))
    made = Runner(book)
    yield made
    made.close()


@pytest.fixture
def pane(runner: Runner, qtbot: QtBot) -> ListPane:
    made = ListPane(SPEC, COLUMNS, runner)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    with qtbot.waitSignal(made.counted):
        made.open()
    return made


def _first(pane: ListPane) -> str:
    return str(pane.model.index(pane.table.rowAt(2), 0).data())


def test_the_first_page_the_end_and_back(pane: ListPane, qtbot: QtBot) -> None:
    assert pane.model.rowCount() == 1000
    assert _first(pane) == "kehu00000"
    pane.table.select_row(999)
    qtbot.waitUntil(lambda: pane.current_row() is not None)
    assert pane.current_row()["name"] == "kehu00999"  # type: ignore[index]
    pane.table.select_row(400)
    qtbot.waitUntil(lambda: pane.current_row() is not None)
    assert pane.current_row()["name"] == "kehu00400"  # type: ignore[index]


def test_narrowed_and_turned(pane: ListPane, qtbot: QtBot) -> None:
    with qtbot.waitSignal(pane.counted) as counted:
        pane.open(Asked((("name", Contains("99")),), Sort("name", True)))
        pane.model.row(900)  # a repaint of the old rows wants one of them
    assert counted.args == [19]
    assert _first(pane) == "kehu00999"


def test_a_change_keeps_the_place(pane: ListPane, runner: Runner, qtbot: QtBot) -> None:
    pane.table.select_row(500)
    qtbot.waitUntil(lambda: pane.current_id() is not None)
    here, gone = pane.current_id(), pane.model.id_of(3)
    runner.changed.connect(lambda _changes: pane.reload())
    with qtbot.waitSignal(pane.model.reset_to):
        runner.change(remove_client, gone)
    assert pane.current_id() == here
    assert pane.table.currentIndex().row() == 499
    with qtbot.waitSignal(pane.model.reset_to):
        runner.undo()
    assert pane.table.currentIndex().row() == 500


def test_type_to_jump_asks_the_book(pane: ListPane, qtbot: QtBot) -> None:
    qtbot.keyClicks(pane.table, "kehu0073")
    qtbot.waitUntil(lambda: pane.table.currentIndex().row() == 730)


def test_closing_a_list_while_it_reads_is_quiet(runner: Runner, qtbot: QtBot) -> None:
    pane = ListPane(SPEC, COLUMNS, runner)
    pane.open()
    pane.deleteLater()
    with qtbot.waitSignal(pane.destroyed):
        pass
    answered: list[int] = []
    runner.read(SPEC.count, Asked(), then=answered.append)
    qtbot.waitUntil(lambda: answered == [1000])


def test_the_list_of_clients_needs_no_sorting(book: Store) -> None:
    def plan(session: Session) -> str:
        from sqlalchemy.dialects import sqlite

        from fieldcrm.base.data import windows

        expression = Client.name_key.is_not(None)
        query = windows.where(SPEC, Asked(), Client.id, Client.name_key).where(expression)
        query = query.order_by(*windows.order(SPEC, Asked())).limit(200)
        told = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
        rows = session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + told).all()
        return " ".join(str(row[-1]) for row in rows)

    told = book.read(plan)
    assert "COVERING INDEX ix_client_list" in told
    assert "TEMP B-TREE" not in told


def test_painting_again_and_again_does_not_keep_rows_away(pane: ListPane, qtbot: QtBot) -> None:
    """Each repaint of rows that are not there yet asks for them; moving the mouse over them repaints."""
    pane.table.verticalScrollBar().setValue(pane.table.verticalScrollBar().maximum())

    def arrived() -> bool:
        pane.table.viewport().repaint()
        return pane.model.index(999, 0).data() is not None

    qtbot.waitUntil(arrived)
