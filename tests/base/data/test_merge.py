"""Merge by field between devices: both sides end equal, nothing is lost silently, again changes nothing."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, ids
from fieldcrm.base.data import chain, codec, journal, merge, undo, wire
from fieldcrm.base.data.journal_tables import Conflict, Edit, FieldHead, Import, Operation
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import Refused
from fieldcrm.core.clients.tables import Client
from support.stores import OpenStore

A, B = "aa" * 8, "bb" * 8


def add(session: Session, name: str, **values: Any) -> str:
    client = Client(name=name, **values)
    session.add(client)
    session.flush()
    return client.id


def put(session: Session, id: str, **values: Any) -> None:
    client = session.get_one(Client, id)
    for name, value in values.items():
        setattr(client, name, value)


def send(source: Store, target: Store, devices: tuple[str, ...] = (A, B)) -> str:
    """Everything the target lacks of these devices' chains, as JSON text."""
    packed = []
    for device in devices:
        tip, seq = target.read(journal.tip, device)
        packed.append(source.read(wire.pack, device, seq, tip, lambda kind, id: True))
    return json.dumps(packed)


def receive(store: Store, text: str) -> tuple[str, merge.Plan]:
    chains = [wire.unpack(data) for data in json.loads(text)]

    def take_in(session: Session) -> tuple[str, merge.Plan]:
        planned = merge.plan(session, chains)
        import_id = ids.new()
        device = store.author.device
        session.add(Import(id=import_id, at=clock.now(), device=device, after_seq=journal.tip(session, device)[1]))
        merge.write(session, planned, import_id)
        return import_id, planned

    return store.change(take_in)[0]


def view(session: Session) -> dict[str, Any]:
    """All that a merge decides: values, heads and conflicts."""
    columns = list(codec.columns(Client))
    rows = session.execute(select(Client.id, *(getattr(Client, c) for c in columns)).order_by(Client.id))
    heads = select(FieldHead.record_id, FieldHead.field, FieldHead.clock, FieldHead.value)
    conflicts = select(Conflict.kind, Conflict.record_id, Conflict.field)
    return {
        "rows": [tuple(r) for r in rows],
        "heads": sorted((tuple(r) for r in session.execute(heads)), key=repr),
        "conflicts": sorted(tuple(r) for r in session.execute(conflicts)),
    }


@pytest.fixture
def two(open_store: OpenStore) -> tuple[Store, Store]:
    return open_store(device=A), open_store(device=B, role="office")


def test_a_record_arrives_and_again_changes_nothing(two: tuple[Store, Store]) -> None:
    manager, office = two
    id, _ = manager.change(add, "王淑珍", tags=["养老"], city="福州")
    manager.change(put, id, city="厦门")
    package = send(manager, office)
    _, plan = receive(office, package)
    assert [s.id for s in plan.created] == [id]
    before = office.read(view)
    assert before == manager.read(view)
    _, again = receive(office, package)
    assert not again.operations
    assert office.read(view) == before


def test_different_fields_never_conflict_and_the_same_one_is_kept_and_shown(two: tuple[Store, Store]) -> None:
    manager, office = two
    id, _ = manager.change(add, "王淑珍", city="福州", grade="B")
    receive(office, send(manager, office))
    manager.change(put, id, city="厦门", address="工业路 211 号")
    office.change(put, id, city="泉州", grade="A")
    receive(office, send(manager, office))
    receive(manager, send(office, manager))
    assert manager.read(view) == office.read(view)
    assert office.read(view)["conflicts"] == [("client", id, "city")]
    city, grade, address = office.read(lambda s: s.execute(select(Client.city, Client.grade, Client.address)).one())
    assert (city, grade, address) == ("泉州", "A", "工业路 211 号")
    losers = [row for row in office.read(view)["heads"] if row[3] is not None]
    assert [(row[1], row[3]) for row in losers] == [("city", "厦门")]

    office.change(merge.resolve, id, "city", "厦门")
    receive(manager, send(office, manager))
    assert manager.read(view) == office.read(view)
    assert manager.read(view)["conflicts"] == []
    assert manager.read(lambda s: s.scalars(select(Client.city)).one()) == "厦门"


def test_a_conflict_resolved_for_the_winner_ends_on_both_sides(two: tuple[Store, Store]) -> None:
    manager, office = two
    id, _ = manager.change(add, "王淑珍", city="福州")
    receive(office, send(manager, office))
    manager.change(put, id, city="厦门")
    office.change(put, id, city="泉州")
    receive(office, send(manager, office))
    receive(manager, send(office, manager))
    manager.change(merge.resolve, id, "city", "泉州")
    receive(office, send(manager, office))
    assert manager.read(view) == office.read(view)
    assert office.read(view)["conflicts"] == []


def test_out_of_scope_edits_travel_as_hashes_only(two: tuple[Store, Store]) -> None:
    manager, office = two
    ids_, _ = manager.change(journal.bulk_insert, Client, [{"name": "甲"}, {"name": "乙"}])
    manager.change(put, ids_[1], city="福州")
    packed = manager.read(wire.pack, A, 0, chain.GENESIS, lambda kind, id: id == ids_[0])
    assert "乙" not in json.dumps(packed, ensure_ascii=False)
    receive(office, json.dumps([packed]))
    assert office.read(lambda s: s.scalars(select(Client.name)).all()) == ["甲"]
    assert office.read(journal.tip, A) == manager.read(journal.tip, A)


@pytest.mark.parametrize("damage", ["after", "hash", "order", "person", "drop"])
def test_a_changed_chain_is_refused(two: tuple[Store, Store], damage: str) -> None:
    manager, office = two
    id, _ = manager.change(add, "王淑珍")
    manager.change(put, id, city="福州")
    data = json.loads(send(manager, office))[0]
    operations = data["operations"]
    if damage == "after":
        operations[0][-1][0][3] = operations[0][-1][0][3].replace("王", "黄")
    elif damage == "hash":
        operations[1][-2] = "0" * 64
    elif damage == "order":
        operations.reverse()
    elif damage == "person":
        operations[0][2] = "f" * 32
    else:
        del operations[0]
    with pytest.raises(Refused) as refused:
        wire.unpack(data)
    assert refused.value.code == wire.BROKEN


def test_a_stamp_far_ahead_is_refused(two: tuple[Store, Store]) -> None:
    from datetime import timedelta

    manager, office = two
    with clock.at(clock.now() + timedelta(hours=60)):
        manager.change(add, "王淑珍")
        package = send(manager, office)
    with pytest.raises(Refused) as refused:
        receive(office, package)
    assert refused.value.code == "clock.ahead"
    assert office.read(lambda s: s.scalar(select(func.count()).select_from(Operation))) == 0


def test_an_import_is_withdrawn_and_comes_in_again_as_the_first_time(two: tuple[Store, Store]) -> None:
    manager, office = two
    id, _ = manager.change(add, "王淑珍", city="福州")
    receive(office, send(manager, office))
    office.change(put, id, city="泉州")
    before = office.read(view)
    manager.change(put, id, city="厦门", grade="A")
    manager.change(add, "陈国强")
    package = send(manager, office)
    import_id, _ = receive(office, package)
    after = office.read(view)
    assert after["conflicts"]
    office.change(undo.take_back_import, import_id)
    assert office.read(view) == before
    receive(office, package)
    assert office.read(view) == after


def test_undo_takes_back_what_was_done_last_an_import_included(two: tuple[Store, Store]) -> None:
    manager, office = two
    office.change(add, "办公室")
    manager.change(add, "王淑珍")
    receive(office, send(manager, office))
    count = lambda s: s.scalar(select(func.count()).select_from(Client).where(Client.deleted_at.is_(None)))  # noqa: E731
    assert office.read(count) == 2
    undone, changes = office.undo()
    assert (undone.action, undone.rows, changes.kinds) == ("import_packages", 1, {"client"})
    assert office.read(count) == 1
    undone, _ = office.undo()
    assert undone.action == "add"
    assert office.read(count) == 0


def test_an_import_built_on_is_not_withdrawn(two: tuple[Store, Store]) -> None:
    manager, office = two
    id, _ = manager.change(add, "王淑珍")
    import_id, _ = receive(office, send(manager, office))
    office.change(put, id, grade="A")
    with pytest.raises(Refused) as refused:
        office.change(undo.take_back_import, import_id)
    assert refused.value.values == {"count": 1}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from("mo"), st.integers(0, 2), st.sampled_from(["city", "grade"]), st.sampled_from("xyz")),
        st.tuples(st.sampled_from(["undo m", "undo o", "up", "down", "lost up", "delete m", "delete o"])),
    ),
    max_size=24,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_any_history_ends_equal(open_sqlite: OpenStore, steps: list[tuple[Any, ...]]) -> None:
    manager, office = open_sqlite(device=A), open_sqlite(device=B, role="office")
    known, _ = manager.change(journal.bulk_insert, Client, [{"name": n} for n in "甲乙丙"])
    receive(office, send(manager, office))
    old: list[str] = []
    for step in steps:
        if len(step) == 4:
            store = manager if step[0] == "m" else office
            store.change(put, known[step[1]], **{step[2]: step[3]})
        elif step[0].startswith("undo"):
            store = manager if step[0][-1] == "m" else office
            if store.read(undo.last_undoable, store.author.device) is not None and store.read(_can_undo, store):
                store.undo()
        elif step[0].startswith("delete"):
            store = manager if step[0][-1] == "m" else office
            store.change(put, known[0], deleted_at=clock.now())
        elif step[0] == "up":
            old.append(send(manager, office))
            receive(office, old[-1])
        elif step[0] == "lost up":
            old.append(send(manager, office))
        else:
            receive(manager, send(office, manager))
    random.Random(len(steps)).shuffle(old)
    for package in old:
        receive(office, package)
    receive(office, send(manager, office))
    receive(manager, send(office, manager))
    assert manager.read(view) == office.read(view)


def _can_undo(session: Session, store: Store) -> bool:
    operation = undo.last_undoable(session, store.author.device)
    return operation is not None and operation.seq > 1 and bool(session.get(Edit, (operation.id, 0)))


def test_a_decision_taken_back_beside_a_third_value_keeps_all_three(two: tuple[Store, Store]) -> None:
    manager, office = two
    id, _ = manager.change(add, "王淑珍", city="福州")
    receive(office, send(manager, office))
    manager.change(put, id, city="厦门")
    office.change(put, id, city="泉州")
    late = send(manager, office)
    office_saw = send(office, manager)
    receive(manager, office_saw)
    receive(office, late)
    manager.change(put, id, city="漳州")  # on the value that stood, without deciding
    third = send(manager, office)
    _, decision = office.change(merge.resolve, id, "city", "泉州")
    receive(office, third)
    office.change(lambda s: undo.compensate(s, s.get_one(Operation, decision.operation_id), "undo"))
    receive(manager, send(office, manager))
    assert manager.read(view) == office.read(view)
    heads = office.read(lambda s: list(s.scalars(select(FieldHead.clock).where(FieldHead.field == "city"))))
    assert len(heads) == 3
    office.redo()
    receive(manager, send(office, manager))
    assert manager.read(view) == office.read(view)


def test_a_conflict_ends_when_an_undo_makes_its_values_equal(two: tuple[Store, Store]) -> None:
    manager, office = two
    id, _ = manager.change(add, "王淑珍", city="福州")
    receive(office, send(manager, office))
    for city in ("泉州", "福州"):
        office.change(put, id, city=city)
    _, moved = manager.change(put, id, city="厦门")
    receive(office, send(manager, office))
    receive(manager, send(office, manager))
    assert manager.read(view)["conflicts"]
    manager.change(lambda s: undo.compensate(s, s.get_one(Operation, moved.operation_id), "undo"))
    assert manager.read(view)["conflicts"] == []
    receive(office, send(manager, office))
    receive(manager, send(office, manager))
    assert manager.read(view) == office.read(view)
    assert office.read(view)["conflicts"] == []
