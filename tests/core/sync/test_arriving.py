"""What a merge brings is found and kept as it is in the end, and not read back to be indexed."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

from sqlalchemy import event, select

from core.sync.test_packages import Books, add_client, change_client
from fieldcrm.base.data import journal
from fieldcrm.base.data.search import index
from fieldcrm.core import search, sync
from fieldcrm.core.clients.tables import Client, ClientPhone


def found(books: Books, text: str) -> list[str]:
    return [hit.title for hit in books[1].store.read(search.find, text)]


def test_new_clients_are_indexed_from_memory(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    names = [f"王淑珍{n}" for n in "甲乙丙丁"]
    rows = [{"type": "person", "name": name, "name_key": ""} for name in names]
    made, _ = manager.store.change(journal.bulk_insert, Client, rows)
    manager.store.change(lambda s: s.add(ClientPhone(parent_id=made[1], number="13805910032")))
    manager.store.change(change_client, made[2], name="吴明德")
    manager.store.change(
        change_client, made[3], deleted_at=manager.store.read(lambda s: s.get_one(Client, made[3]).created_at)
    )
    sync.export_package(manager, tmp_path / "1.xlsx")
    asked: list[str] = []
    event.listen(office.store.writer, "before_cursor_execute", lambda *a: asked.append(a[2]))
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    assert [s for s in asked if s.startswith("SELECT") and "client.tags" in s and "client.wechat" not in s] == []
    assert found(enrolled, "王淑珍") == ["王淑珍甲", "王淑珍乙"]
    assert found(enrolled, "0032") == ["王淑珍乙"]
    assert found(enrolled, "wmd") == ["吴明德"]


def test_what_a_later_package_of_the_batch_changes_counts(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    id, _ = manager.store.change(add_client, "王淑珍", type="org", insurance_expires_on=date(2030, 3, 1))
    sync.export_package(manager, tmp_path / "1.xlsx")
    manager.store.change(change_client, id, name="吴明德", insurance_expires_on=date(2030, 2, 1))
    sync.export_package(manager, tmp_path / "2.xlsx")
    results = sync.import_packages(office, [tmp_path / "1.xlsx", tmp_path / "2.xlsx"])
    assert [r.state for r in results] == ["merged", "merged"]
    assert (found(enrolled, "王淑珍"), found(enrolled, "wmd")) == ([], ["吴明德"])
    assert office.store.read(lambda s: s.scalar(select(Client.due_on))) == date(2030, 2, 1)


def test_a_source_asks_in_the_thread_of_its_session(enrolled: Books) -> None:
    """The Docs are made in a thread beside; the database is asked before."""
    manager, _ = enrolled
    here, elsewhere = threading.get_ident(), set()
    event.listen(
        manager.store.writer, "before_cursor_execute",
        lambda *_: None if threading.get_ident() == here else elsewhere.add(threading.get_ident()),
    )  # fmt: skip
    rows = [{"type": "person", "name": f"王{n}", "name_key": ""} for n in range(index._CHUNK + 5)]
    made, _ = manager.store.change(journal.bulk_insert, Client, rows)
    manager.store.change(lambda s: journal.bulk_update(s, Client, {id: {"name": "李四"} for id in made}))
    assert elsewhere == set()
    assert len(manager.store.read(search.find, "李四", limit=5)) == 5
