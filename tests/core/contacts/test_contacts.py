"""Entries of the timeline: logged, corrected, deleted, brought back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from fieldcrm.base import clock
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import Refused
from fieldcrm.core import bin as recycle_bin
from fieldcrm.core import clients, contacts, tasks, visits
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.tasks.tables import Task


@pytest.fixture
def client_id(store: Store) -> str:
    return store.change(clients.add_client, {"type": "person", "name": "王淑珍"})[0]


def steps(store: Store) -> dict[str, str]:
    """What is to be done, and its status; those in the bin are left out."""
    found = store.read(lambda s: s.execute(select(Task.what, Task.status).where(Task.deleted_at.is_(None))).all())
    return {row.what: row.status for row in found}


def test_an_entry_is_corrected_by_its_form(store: Store, client_id: str) -> None:
    logged = store.change(contacts.log_contact, client_id, kind="phone", result="no_answer", summary="没人接")[0]
    values = store.read(contacts.contact_values, logged.contact_id)
    assert values is not None
    assert (values["result"], values["summary"]) == ("no_answer", "没人接")
    store.change(contacts.change_contact, logged.contact_id, result="reached", summary="接通了")
    contact = store.read(lambda s: s.get_one(Contact, logged.contact_id))
    assert (contact.kind, contact.result, contact.summary) == ("phone", "reached", "接通了")


def test_an_entry_deleted_takes_its_step_along_and_opens_what_it_answered(store: Store, client_id: str) -> None:
    """Undo, and the recycle bin, bring both back."""
    store.change(tasks.add_step, client_id=client_id, what="送计划书", due_on=clock.today())
    logged = store.change(
        contacts.log_contact, client_id, result="reached", next_what="签单", next_on=clock.today() + timedelta(days=2)
    )[0]
    assert steps(store) == {"送计划书": "done", "签单": "open"}
    store.change(contacts.delete_contact, logged.contact_id)
    assert steps(store) == {"送计划书": "open"}
    assert store.read(contacts.contact_values, logged.contact_id) is None
    store.undo()
    assert steps(store) == {"送计划书": "done", "签单": "open"}
    store.change(contacts.delete_contact, logged.contact_id)
    store.change(recycle_bin.restore_records, [("contact", logged.contact_id)])
    assert steps(store)["签单"] == "open"


def test_the_entry_of_a_stop_is_not_deleted(store: Store, client_id: str) -> None:
    visit_id = store.change(visits.plan_visit, client_id=client_id, planned_on=clock.today(), slot="09:00")[0]
    store.change(visits.finish_visit, visit_id, result="reached")
    contact_id = store.read(lambda s: s.scalars(select(Contact.id)).one())
    with pytest.raises(Refused) as refused:
        store.change(contacts.delete_contact, contact_id)
    assert refused.value.code == "contact.of_a_stop"
