"""The journal: every write noted, chained, undone and redone, on both dialects."""

from __future__ import annotations

import contextlib
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data import chain, journal
from fieldcrm.base.data.journal_tables import Edit, FieldHead, Operation
from fieldcrm.base.data.store import Interrupted, Store, Ticket
from fieldcrm.base.errors import Cancelled, Refused
from fieldcrm.base.jobs import Progress
from fieldcrm.core.clients.tables import Client, ClientPhone
from support.stores import OpenStore


def add_client(session: Session, name: str, **values: Any) -> str:
    client = Client(name=name, **values)
    session.add(client)
    session.flush()
    return client.id


def rename(session: Session, id: str, name: str) -> None:
    client = session.get(Client, id)
    assert client is not None
    client.name = name


def set_fields(session: Session, id: str, **values: Any) -> None:
    client = session.get(Client, id)
    assert client is not None
    for name, value in values.items():
        setattr(client, name, value)


def names(session: Session) -> list[str]:
    return list(session.scalars(select(Client.name).where(Client.deleted_at.is_(None)).order_by(Client.id)))


def operations(session: Session) -> list[Operation]:
    return list(session.scalars(select(Operation).order_by(Operation.seq)))


def test_a_write_is_noted_with_before_and_after(store: Store) -> None:
    id, created = store.change(add_client, "王淑珍", birth_on=date(1974, 3, 16), tags=["养老"])
    _, changed = store.change(set_fields, id, name="王淑真", tags=None)
    assert created.kinds == changed.kinds == {"client"}

    def edits(session: Session) -> list[Edit]:
        return list(
            session.scalars(select(Edit).join(Operation, Operation.id == Edit.operation_id).order_by(Edit.clock))
        )

    first, second = store.read(edits)
    assert first.before is None
    assert first.parents is None
    after = json.loads(first.after or "")
    assert after["birth_on"] == "1974-03-16"
    assert after["owner_id"] == store.author.person_id
    assert json.loads(second.before or "") == {"name": "王淑珍", "tags": ["养老"]}
    assert json.loads(second.after or "") == {"name": "王淑真", "tags": None}
    assert json.loads(second.parents or "") == {first.clock: ["name", "tags"]}


def test_operations_form_a_verifiable_chain(store: Store) -> None:
    id, _ = store.change(add_client, "陈国强")
    for n in range(3):
        store.change(rename, id, f"陈国强{n}")

    def verify(session: Session) -> int:
        previous = chain.GENESIS
        for operation in operations(session):
            edits = list(session.scalars(select(Edit).where(Edit.operation_id == operation.id).order_by(Edit.position)))
            for e in edits:
                assert e.salt is not None
                assert e.after is not None
                assert e.commitment == chain.commitment(e.salt, e.kind, e.record_id, e.clock, e.after, e.parents)
            assert operation.previous == previous
            previous = operation.hash
            assert previous == chain.link(
                operation.previous, id=operation.id, device=operation.device, seq=operation.seq,
                person_id=operation.person_id, action=operation.action, mode=operation.mode,
                undoes=operation.undoes, at=operation.at, rows=len(edits),
                digest=chain.digest(e.commitment for e in edits),
            )  # fmt: skip
        return len(operations(session))

    assert store.read(verify) == 4


def test_an_action_that_changes_nothing_leaves_no_operation(store: Store) -> None:
    id, _ = store.change(add_client, "郑美玲")
    _, changes = store.change(rename, id, "郑美玲")
    assert changes.operation_id is None
    assert changes.kinds == frozenset()
    assert len(store.read(operations)) == 1


def test_a_failing_action_rolls_back_whole(store: Store) -> None:
    def half(session: Session) -> None:
        add_client(session, "一")
        raise Refused("undo.nothing")

    with pytest.raises(Refused):
        store.change(half)
    assert store.read(names) == []
    assert store.read(operations) == []


def test_an_action_cancelled_at_its_end_leaves_nothing(store: Store) -> None:
    progress = Progress()

    def add(session: Session) -> None:
        session.info["progress"] = progress
        journal.bulk_insert(session, Client, [{"name": f"客户{n}"} for n in range(10)])
        progress.cancel()

    with pytest.raises(Cancelled):
        store.change(add)
    assert store.read(lambda session: session.scalars(select(Client)).all()) == []
    store.change(lambda session: session.add(Client(name="王淑珍")))  # and the next one is not


def test_a_write_around_the_journal_is_refused(store: Store) -> None:
    id, _ = store.change(add_client, "何志远")

    def around(session: Session) -> None:
        session.execute(text("UPDATE client SET name = 'x'"))

    def delete(session: Session) -> None:
        session.delete(session.get(Client, id))

    for action in (around, delete):
        with pytest.raises(TypeError):
            store.change(action)
    assert store.read(names) == ["何志远"]


def test_readers_cannot_write(store: Store) -> None:
    def write(session: Session) -> None:
        session.execute(text("DELETE FROM client"))

    with pytest.raises(Exception, match=r"(?i)read.?only|book_folder"):
        store.read(write)


def test_bulk_is_journalled_and_undone(store: Store) -> None:
    rows = [{"name": f"客户{n:04}", "city": "福州"} for n in range(1200)]
    ids, _ = store.change(journal.bulk_insert, Client, rows)
    assert len(set(ids)) == 1200
    changed, _ = store.change(journal.bulk_update, Client, {id: {"city": "厦门", "grade": "A"} for id in ids[:700]})
    assert len(changed) == 700
    again, changes = store.change(journal.bulk_update, Client, {id: {"city": "厦门"} for id in ids[:700]})
    assert again == []
    assert changes.operation_id is None

    def cities(session: Session) -> set[tuple[str | None, str | None]]:
        return {(row.city, row.grade) for row in session.execute(select(Client.city, Client.grade))}

    undone, _ = store.undo()
    assert (undone.action, undone.rows, undone.skipped) == ("bulk_update", 700, ())
    assert store.read(cities) == {("福州", None)}
    store.undo()
    assert store.read(names) == []
    store.redo()
    store.redo()
    assert store.read(cities) == {("福州", None), ("厦门", "A")}
    assert len(store.read(names)) == 1200


def test_undo_leaves_alone_what_was_changed_since_and_names_it(store: Store) -> None:
    ids, _ = store.change(journal.bulk_insert, Client, [{"name": "甲"}, {"name": "乙"}])
    store.change(journal.bulk_update, Client, {id: {"city": "福州"} for id in ids})
    store.change(set_fields, ids[0], city="泉州")

    def bring_back(session: Session) -> Any:
        from fieldcrm.base.data import undo

        operation = session.scalars(select(Operation).where(Operation.seq == 2)).one()
        return undo.compensate(session, operation, "undo")

    undone, _ = store.change(bring_back)
    assert undone.rows == 1
    assert [s.record_id for s in undone.skipped] == [ids[0]]

    def cities(session: Session) -> list[str | None]:
        return list(session.scalars(select(Client.city).order_by(Client.id)))

    assert store.read(cities) == ["泉州", None]


def test_nothing_to_undo_or_redo_is_said(store: Store) -> None:
    with pytest.raises(Refused) as undo:
        store.undo()
    assert undo.value.sentence == "There is nothing to undo."
    store.change(add_client, "一")
    store.undo()
    store.change(add_client, "二")
    with pytest.raises(Refused):
        store.redo()


def test_new_stamps_are_later_than_all_before_even_when_the_clock_goes_back(open_store: OpenStore) -> None:
    store = open_store()
    with clock.at(clock.instant(date(2026, 11, 20), 9)):
        id, _ = store.change(add_client, "一")
    with clock.at(clock.instant(date(2026, 11, 19), 9)):
        store.change(rename, id, "二")

    def stamps(session: Session) -> list[str]:
        return list(session.scalars(select(Edit.clock).order_by(Edit.operation_id)))

    first, second = store.read(stamps)
    assert first < second or second < first  # ids follow the wall clock, stamps must not
    assert max(first, second) == store.read(lambda s: s.scalars(select(FieldHead.clock)).one())


def test_children_are_records_of_their_own(store: Store) -> None:
    def with_phone(session: Session) -> str:
        id = add_client(session, "吴秀英")
        session.add(ClientPhone(parent_id=id, number="13805910032"))
        return id

    id, changes = store.change(with_phone)
    assert changes.kinds == {"client", "client_phone"}
    store.undo()
    left = store.read(lambda s: s.scalars(select(ClientPhone.deleted_at).where(ClientPhone.parent_id == id)).one())
    assert left is not None


def test_a_superseded_read_is_interrupted(store: Store) -> None:
    ticket = Ticket()
    ticket.interrupt()
    with pytest.raises(Interrupted):
        store.read_with(ticket, names)

    ticket = Ticket()

    def endless(session: Session) -> None:
        import threading

        threading.Timer(0.05, ticket.interrupt).start()
        session.execute(
            text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
        ).scalar()

    with pytest.raises(Interrupted):
        store.read_with(ticket, endless)
    assert store.read(names) == []


def test_a_read_stopped_between_two_statements_begins_no_other(store: Store) -> None:
    ticket, begun = Ticket(), []

    def two_statements(session: Session) -> None:
        names(session)
        ticket.interrupt()
        begun.append(names(session))

    with pytest.raises(Interrupted):
        store.read_with(ticket, two_statements)
    assert begun == []


STEP = st.one_of(
    st.tuples(st.just("set"), st.integers(0, 2), st.sampled_from(["name", "city", "grade"]), st.sampled_from("ABC")),
    st.tuples(st.just("undo")),
    st.tuples(st.just("redo")),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=25))
def test_undo_and_redo_walk_the_history_like_a_stack_of_states(book: Store, steps: list[tuple[Any, ...]]) -> None:
    ids, _ = book.change(journal.bulk_insert, Client, [{"name": "A"}] * 3)

    def view(session: Session) -> list[tuple[Any, ...]]:
        query = select(Client.name, Client.city, Client.grade).where(Client.id.in_(ids)).order_by(Client.id)
        return [tuple(row) for row in session.execute(query)]

    past, future, now = [], [], book.read(view)
    for step in steps:
        if step[0] == "set":
            _, changes = book.change(set_fields, ids[step[1]], **{step[2]: step[3]})
            if changes.operation_id:
                past, future, now = [*past, now], [], book.read(view)
        elif step[0] == "undo" and past:
            book.undo()
            future, now, past = [now, *future], past[-1], past[:-1]
        elif step[0] == "redo" and future:
            book.redo()
            past, now, future = [*past, now], future[0], future[1:]
        assert book.read(view) == now


def test_an_action_neither_commits_nor_goes_on_after_a_failed_write(store: Store) -> None:
    id, _ = store.change(add_client, "王淑珍")

    def commits(session: Session) -> None:
        add_client(session, "甲")
        session.commit()

    def saves_a_point(session: Session) -> None:
        with session.begin_nested():
            add_client(session, "乙")

    def swallows(session: Session) -> None:
        session.add(Client(id=id, name="丙"))
        with contextlib.suppress(IntegrityError):
            session.flush()
        session.rollback()
        add_client(session, "丁")

    for action in (commits, saves_a_point, swallows):
        with pytest.raises(TypeError):
            store.change(action)
    assert store.read(names) == ["王淑珍"]
    assert len(store.read(operations)) == 1
