"""Two computers of one office on one PostgreSQL database: clocks, chains, undo of one's own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data import migrate, postgres
from fieldcrm.base.data.journal import Author
from fieldcrm.base.data.journal_tables import Edit, Operation
from fieldcrm.base.data.store import Store, identify
from fieldcrm.base.errors import Refused
from fieldcrm.core.clients.tables import Client
from support.postgres import PostgresServer

pytestmark = pytest.mark.postgres


@pytest.fixture
def computers(postgres_server: PostgresServer) -> Iterator[tuple[Store, Store]]:
    """Two stores on one database, a person and a device each."""
    name = postgres_server.create()
    url = postgres_server.url(name)
    opened: list[Store] = []
    for device, person in (("aa" * 8, "1" * 32), ("bb" * 8, "3" * 32)):
        writer, readers = postgres.engine(url), postgres.engine(url, readonly=True)
        if not opened:
            migrate.create(writer)
        with Session(writer) as session:
            identify(session, Author(person, device, "2" * 32, "office"))
            session.commit()
        opened.append(Store(writer, readers, device))
    yield opened[0], opened[1]
    for store in opened:
        store.close()
    postgres_server.drop(name)


def add_client(session: Session, name: str) -> str:
    client = Client(name=name)
    session.add(client)
    session.flush()
    return client.id


def rename(session: Session, id: str, name: str) -> None:
    session.get_one(Client, id).name = name


def names(session: Session) -> list[str]:
    return sorted(session.scalars(select(Client.name).where(Client.deleted_at.is_(None))))


def test_an_edit_is_later_than_what_it_changes_whatever_the_clocks_say(computers: tuple[Store, Store]) -> None:
    fast, slow = computers
    with clock.at(datetime.now(UTC) + timedelta(hours=1)):
        id, _ = fast.change(add_client, "王淑珍")
    slow.change(rename, id, "王淑真")

    def stamps(session: Session) -> list[tuple[str, list[str]]]:
        edits = session.scalars(select(Edit).where(Edit.record_id == id))
        return [(e.clock, list(json.loads(e.parents or "{}"))) for e in edits]

    assert all(parent < stamp for stamp, parents in slow.read(stamps) for parent in parents)


def test_a_clock_that_was_years_ahead_and_is_set_right_stops_nobody(computers: tuple[Store, Store]) -> None:
    here, there = computers
    with clock.at(datetime(2031, 1, 1, tzinfo=UTC)):
        id, _ = here.change(add_client, "陈国强")
    for store, name in ((here, "陈国栋"), (there, "陈国梁")):
        store.change(rename, id, name)
        assert store.read(names) == [name]


def test_each_computer_undoes_only_its_own(computers: tuple[Store, Store]) -> None:
    here, there = computers
    id, _ = here.change(add_client, "何志远")
    there.change(add_client, "郑美玲")
    there.change(rename, id, "何致远")
    undone, _ = here.undo()
    assert [s.record_id for s in undone.skipped] == [id]
    with pytest.raises(Refused):
        here.undo()
    there.undo()
    there.undo()
    assert there.read(names) == here.read(names) == ["何志远"]


def test_writing_at_once_keeps_both_chains_whole(computers: tuple[Store, Store]) -> None:
    failed: list[BaseException] = []

    def work(store: Store, who: str) -> None:
        try:
            for n in range(15):
                store.change(add_client, f"{who}{n}")
        except BaseException as error:  # told to the test, which would not see it in another thread
            failed.append(error)

    threads = [threading.Thread(target=work, args=(s, w)) for s, w in zip(computers, "甲乙", strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []

    def chains(session: Session) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for device, seq in session.execute(select(Operation.device, Operation.seq).order_by(Operation.seq)):
            found.setdefault(device, []).append(seq)
        return found

    assert computers[0].read(chains) == {s.author.device: list(range(1, 16)) for s in computers}
