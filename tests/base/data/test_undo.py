"""Undo beside later work: what others point at stays, what nobody knows any more stays, and the order holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, ids
from fieldcrm.base.data import chain, codec, journal, merge, undo, wire
from fieldcrm.base.data.journal_tables import Edit, Import, Operation
from fieldcrm.base.data.schema import Record, record_tables
from fieldcrm.base.data.setting_table import change_setting, read_settings
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import Cancelled, Refused
from fieldcrm.base.jobs import Progress, Step
from fieldcrm.base.settings import CALLBACKS_A_DAY as GOAL
from fieldcrm.core.clients.tables import Client, ClientPhone
from fieldcrm.core.contacts import log_contact
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.policies.tables import Policy
from support.stores import OpenStore


def take_back(session: Session, operation_id: str | None) -> undo.Compensated:
    return undo.compensate(session, session.get_one(Operation, operation_id), "undo")


def add_list(session: Session, names: str) -> dict[str, list[str]]:
    """Clients with a telephone and a policy each, as an import makes them."""
    clients = journal.bulk_insert(session, Client, [{"name": n} for n in names])
    phones = journal.bulk_insert(session, ClientPhone, [{"parent_id": c, "number": "13805910032"} for c in clients])
    policies = journal.bulk_insert(session, Policy, [{"number": f"P{c}", "applicant_id": c} for c in clients])
    return {"client": clients, "client_phone": phones, "policy": policies}


def put(session: Session, cls: type[Record], id: str, **values: Any) -> None:
    record = session.get_one(cls, id)
    for name, value in values.items():
        setattr(record, name, value)


def living(session: Session) -> dict[str, list[str]]:
    found = {
        kind: list(session.scalars(select(c.id).where(c.deleted_at.is_(None)))) for kind, c in record_tables().items()
    }
    return {kind: sorted(some) for kind, some in found.items() if some}


def skipped(done: undo.Compensated) -> set[str]:
    return {s.record_id for s in done.skipped}


def test_a_client_somebody_spoke_with_since_stays_with_the_rows_of_its_lists(store: Store) -> None:
    made, changes = store.change(add_list, "甲乙丙")
    logged, _ = store.change(log_contact, made["client"][1], result="reached", summary="聊了续保")
    done, _ = store.change(take_back, changes.operation_id)
    kept = {made["client"][1], made["client_phone"][1]}
    assert skipped(done) == kept
    assert done.rows == 7
    assert store.read(living) == {
        "client": [made["client"][1]], "client_phone": [made["client_phone"][1]], "contact": [logged.contact_id],
    }  # fmt: skip


def test_a_record_that_stays_keeps_what_it_points_at(store: Store) -> None:
    made, changes = store.change(add_list, "甲乙")
    store.change(put, Policy, made["policy"][0], remark="改过")
    done, _ = store.change(take_back, changes.operation_id)
    assert skipped(done) == {ids_[0] for ids_ in made.values()}
    assert store.read(living) == {kind: [ids_[0]] for kind, ids_ in made.items()}


def test_what_was_in_the_bin_and_what_pointed_there_no_longer_hold_nothing(store: Store) -> None:
    made, changes = store.change(add_list, "甲乙")
    logged, _ = store.change(log_contact, made["client"][0], summary="无人接听")
    store.change(put, Contact, logged.contact_id, deleted_at=clock.now())
    done, _ = store.change(take_back, changes.operation_id)
    assert done.skipped == ()
    assert store.read(living) == {}


def test_a_row_added_to_a_standing_record_goes_with_its_undo(store: Store) -> None:
    made, _ = store.change(add_list, "甲")
    before = store.read(living)

    def add_phone(session: Session) -> None:
        session.add(ClientPhone(parent_id=made["client"][0], number="13959190032"))
        session.get_one(Client, made["client"][0]).city = "福州"

    store.change(add_phone)
    done, _ = store.undo()
    assert done.skipped == ()
    assert store.read(living) == before


def test_a_pointer_that_the_undo_puts_back_holds_nothing(store: Store) -> None:
    made, _ = store.change(add_list, "甲")

    def other_applicant(session: Session) -> str:
        client = Client(name="乙")
        session.add(client)
        session.flush()
        session.get_one(Policy, made["policy"][0]).applicant_id = client.id
        return client.id

    store.change(other_applicant)
    done, _ = store.undo()
    assert done.skipped == ()
    assert store.read(lambda s: s.get_one(Policy, made["policy"][0]).applicant_id) == made["client"][0]


def test_undo_of_a_restored_client_leaves_it_when_it_was_used_since(store: Store) -> None:
    made, _ = store.change(add_list, "甲")
    client = made["client"][0]
    store.change(put, Client, client, deleted_at=clock.now())
    _, restored = store.change(put, Client, client, deleted_at=None)
    store.change(log_contact, client, result="reached")
    done, _ = store.change(take_back, restored.operation_id)
    assert skipped(done) == {client}
    assert client in store.read(living)["client"]


def test_an_entry_with_its_next_step_is_undone_and_done_again_whole(store: Store) -> None:
    made, _ = store.change(add_list, "甲")
    before = store.read(living)
    store.change(log_contact, made["client"][0], result="reached", next_what="送方案")
    after = store.read(living)
    for _ in range(2):
        assert store.undo()[0].skipped == ()
        assert store.read(living) == before
        assert store.redo()[0].skipped == ()
        assert store.read(living) == after


def test_what_this_program_does_not_know_is_left_alone(store: Store) -> None:
    """A newer program wrote a field and a kind of record; this one undoes the rest."""
    made, changes = store.change(add_list, "甲")

    def tell_of_more(session: Session) -> None:
        rows = session.scalars(select(Edit).where(Edit.operation_id == changes.operation_id)).all()
        for edit in rows:
            if edit.kind == "policy":
                edit.kind = "policy_of_tomorrow"

    store.change(put, Client, made["client"][0], name="乙")

    def tell_of_a_field(session: Session) -> None:
        newest = session.scalars(select(Edit).order_by(Edit.clock.desc()).limit(1)).one()
        newest.before = codec.canonical({"name": "甲", "shoe_size": 42})
        newest.after = codec.canonical({"name": "乙", "shoe_size": 43})

    store.change(tell_of_a_field)
    store.change(tell_of_more)
    done, _ = store.undo()
    assert (done.rows, skipped(done)) == (1, {made["client"][0]})
    done, _ = store.undo()
    assert done.rows == 0 or made["policy"][0] in skipped(done)
    assert made["policy"][0] in store.read(living)["policy"]


def test_settings_and_the_bin_are_undone_and_done_again(store: Store) -> None:
    made, _ = store.change(add_list, "甲乙")
    store.change(change_setting, GOAL.key, 12)
    store.change(journal.bulk_update, Client, {id: {"deleted_at": clock.now()} for id in made["client"]})
    store.undo()
    assert len(store.read(living)["client"]) == 2
    store.undo()
    assert store.read(read_settings).get(GOAL) == 20
    store.redo()
    store.redo()
    assert store.read(read_settings).get(GOAL) == 12
    assert "client" not in store.read(living)


def send(source: Store, target: Store) -> list[wire.SentChain]:
    seq, tip = target.read(lambda s: journal.tip(s, source.author.device)[::-1])
    packed = source.read(wire.pack, source.author.device, seq, tip or chain.GENESIS, lambda kind, id: True)
    return [wire.unpack(json.loads(json.dumps(packed)))]


def receive(session: Session, chains: list[wire.SentChain], device: str) -> str:
    import_id = ids.new()
    session.add(Import(id=import_id, at=clock.now(), device=device, after_seq=journal.tip(session, device)[1]))
    merge.write(session, merge.plan(session, chains), import_id)
    return import_id


def test_an_import_whose_client_was_used_since_is_not_taken_back(open_store: OpenStore) -> None:
    manager, office = open_store(device="a" * 16), open_store(device="b" * 16, role="office")
    made, _ = manager.change(add_list, "甲乙")
    import_id, _ = office.change(receive, send(manager, office), office.author.device)
    office.change(log_contact, made["client"][0], result="reached")
    with pytest.raises(Refused) as refused:
        office.change(undo.take_back_import, import_id)
    assert refused.value.values == {"count": 1}
    office.undo()
    with pytest.raises(Refused):  # the contact in the bin could be restored
        office.change(undo.take_back_import, import_id)
    assert len(office.read(living)["client"]) == 2


def test_the_order_of_undo_is_that_of_the_chain_when_the_clock_goes_back(open_store: OpenStore) -> None:
    manager, office = open_store(device="a" * 16), open_store(device="b" * 16, role="office")
    manager.change(add_list, "甲")
    with clock.at(datetime.now(UTC) + timedelta(hours=5)):
        office.change(receive, send(manager, office), office.author.device)
    office.change(journal.bulk_insert, Client, [{"name": "乙"}])
    assert office.undo()[0].action == "bulk_insert"
    assert office.undo()[0].action == undo.IMPORT
    assert (
        office.read(lambda s: s.scalar(select(func.count()).select_from(Client).where(Client.deleted_at.is_(None))))
        == 0
    )


def test_a_long_undo_says_how_far_it_is_and_can_be_cancelled(store: Store) -> None:
    """Cancelled, nothing is taken back and the next undo finds the same; redo is the same way back."""
    store.change(lambda s: add_list(s, "甲乙丙" * 1000))
    there = store.read(living)
    steps: list[tuple[str, int, int | None]] = []

    def cancel_midway(step: Step) -> None:
        steps.append((step.stage, step.done, step.total))
        if step.total:
            progress.cancel()

    progress = Progress(cancel_midway)
    with pytest.raises(Cancelled):
        store.undo(progress)
    assert steps == [("Taking it back", 0, None), ("Taking it back", 0, 9000)]
    assert store.read(living) == there

    told: list[Step] = []
    undone, _ = store.undo(Progress(told.append))
    assert (undone.rows, store.read(living)) == (9000, {})
    assert [s.total for s in told if s.done == 0][:2] == [None, 9000]
    store.redo(Progress(told.append))
    assert store.read(living) == there
    assert "Doing it again" in {s.stage for s in told}
