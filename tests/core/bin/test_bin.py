"""The recycle bin: what lies in it, and its way back with the rows of lists, for one's own records only."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import Refused
from fieldcrm.core import bin, sync
from fieldcrm.core.book import Book
from fieldcrm.core.clients.tables import Client, ClientPhone
from fieldcrm.core.contacts.tables import Contact


def fill(session: Session) -> str:
    client = Client(name="王淑珍")
    session.add(client)
    session.flush()
    session.add(ClientPhone(parent_id=client.id, number="13805910032"))
    session.add(Contact(client_id=client.id, kind="phone", started_at=clock.now(), summary="同意看方案"))
    return client.id


def delete_client(session: Session, id: str) -> None:
    now = clock.now()
    session.get_one(Client, id).deleted_at = now
    for phone in session.query(ClientPhone).where(ClientPhone.parent_id == id):
        phone.deleted_at = now


def test_a_deleted_client_comes_back_with_its_phone_and_can_be_undone(store: Store) -> None:
    id, _ = store.change(fill)
    assert store.read(bin.list_deleted) == ()
    store.change(delete_client, id)
    [row] = store.read(bin.list_deleted)
    assert (row.kind, row.title, row.kind_label) == ("client", "王淑珍", "Client")
    assert len(store.read(bin.list_deleted)) == 1
    restored, _ = store.change(bin.restore_records, [(row.kind, row.record_id)])
    assert restored == 1
    assert (
        store.read(lambda s: (s.get_one(Client, id).deleted_at, s.query(ClientPhone).one().deleted_at)) == (None,) * 2
    )
    undone, _ = store.undo()
    assert undone.action == "restore_records"
    assert len(store.read(bin.list_deleted)) == 1


def test_an_office_cannot_bring_back_what_a_manager_deleted(enrolled: tuple[Book, Book], tmp_path: Path) -> None:
    manager, office = enrolled
    id, _ = manager.store.change(fill)
    manager.store.change(delete_client, id)
    sync.export_package(manager, tmp_path / "1.xlsx")
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    [row] = office.store.read(bin.list_deleted)
    assert (row.person, row.owner_id) == ("林晓", manager.store.author.person_id)
    with pytest.raises(Refused) as refused:
        office.store.change(bin.restore_records, [("client", id)])
    assert refused.value.code == "bin.not_ours"
