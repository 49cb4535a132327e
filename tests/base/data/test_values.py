"""Odd values through columns and journal alike: rare text, JSON that is changed in place, the ends of the calendar."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from fieldcrm.base.data import journal
from fieldcrm.base.data.journal_tables import Edit
from fieldcrm.base.data.store import Store
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.policies.tables import Policy


def add_client(session: Session, **values: Any) -> str:
    client = Client(**values)
    session.add(client)
    session.flush()
    return client.id


def set_field(session: Session, id: str, name: str, value: Any) -> None:
    setattr(session.get_one(Client, id), name, value)


def client(session: Session, id: str) -> Client:
    return session.get_one(Client, id)


def noted(session: Session, id: str) -> list[dict[str, Any]]:
    edits = session.scalars(select(Edit).where(Edit.record_id == id).order_by(Edit.clock))
    return [json.loads(e.after or "") for e in edits]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("王\0淑珍", "王淑珍"),
        ("a\0b", "ab"),
        ("王\ud842", "王\ufffd"),
        ("𠮷㛃䶮 😀", "𠮷㛃䶮 😀"),
        ("cafe\u0301", "caf\u00e9"),
        ("长" * 700, "长" * 700),
    ],
)
def test_text_is_kept_the_same_in_the_record_and_in_the_journal(store: Store, given: str, kept: str) -> None:
    id, _ = store.change(add_client, name=given, extra={"q": given}, tags=[given])
    (second,), _ = store.change(journal.bulk_insert, Client, [{"name": given}])
    for one in (id, second):
        assert store.read(client, one).name == kept
        assert store.read(noted, one)[0]["name"] == kept
    assert store.read(noted, id)[0]["tags"] == store.read(client, id).tags
    _, changes = store.change(set_field, id, "name", kept)
    assert changes.operation_id is None
    store.change(set_field, id, "name", "x")
    store.undo()
    assert store.read(client, id).name == kept


def test_a_list_that_grows_after_it_was_saved_is_not_noted_behind_the_columns_back(store: Store) -> None:
    def add(session: Session) -> str:
        made = Client(name="陈国强", tags=["养老"])
        session.add(made)
        session.flush()
        made.tags.append("教育")  # type: ignore[union-attr]
        return made.id

    id, _ = store.change(add)
    assert store.read(noted, id)[0]["tags"] == store.read(client, id).tags


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31), date(2024, 2, 29)])
def test_the_ends_of_the_calendar_come_back_by_undo(store: Store, day: date) -> None:
    id, _ = store.change(add_client, name="何志远", birth_on=day)
    store.change(journal.bulk_update, Client, {id: {"birth_on": None}})
    store.undo()
    assert store.read(client, id).birth_on == day


@pytest.mark.parametrize("fen", [2**53 + 1, 2**63 - 1, -(2**63)])
def test_amounts_are_exact_to_the_end_of_64_bits(store: Store, fen: int) -> None:
    (id,), _ = store.change(journal.bulk_insert, Policy, [{"number": "1", "premium_fen": fen}])
    store.change(journal.bulk_update, Policy, {id: {"premium_fen": 1}})
    store.undo()
    assert store.read(lambda session: session.get_one(Policy, id).premium_fen) == fen


def test_a_naive_instant_is_refused_one_by_one_and_in_bulk(store: Store) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(StatementError, match="aware"):
        store.change(add_client, name="甲", deleted_at=naive)
    with pytest.raises(ValueError, match="aware"):
        store.change(journal.bulk_insert, Client, [{"name": "乙", "deleted_at": naive}])
