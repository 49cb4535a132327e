"""An office restored from a backup: it goes on as a new generation, and its managers give back what it signed."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.sync.test_packages import add_client, change_client, clients, enrol
from fieldcrm.base import vault
from fieldcrm.base.data import chain
from fieldcrm.base.data.drafts import find_draft, save_draft
from fieldcrm.base.errors import Refused
from fieldcrm.core import history, sync
from fieldcrm.core.book import Book, restore_book, take_for_restored, unlock
from fieldcrm.core.sync import body, envelope, outgoing
from support.books import PASSWORD, FoundBook
from support.postgres import PostgresServer


class Unit:
    """An office and its managers; the office is restored now and then."""

    def __init__(self, office: Book, managers: list[Book], folder: Path) -> None:
        self.office, self.managers, self.folder, self.count = office, managers, folder, 0
        for manager in managers:
            enrol(manager, office, folder)

    def up(self, manager: Book) -> sync.Received:
        return self._send(manager, self.office)

    def down(self, manager: Book) -> sync.Received:
        return self._send(self.office, manager, manager.store.author.person_id)

    def _send(self, source: Book, target: Book, to: str | None = None) -> sync.Received:
        self.count += 1
        path = self.folder / f"{self.count}.xlsx"
        sync.export_package(source, path, to=to)
        [received] = sync.import_packages(target, [path])
        return received

    def restore(self, backup: Path | None) -> None:
        assert backup is not None
        self.office.close()
        restore_book(self.office.folder, backup, password=PASSWORD)
        self.office = unlock(self.office.folder, password=PASSWORD)

    def forget_a_change(self) -> list[str]:
        """Change a client of each manager in one operation, send it, come back from before it; gives the clients."""
        names = zip(self.managers, "甲乙", strict=True)
        ids = [manager.store.change(add_client, name)[0] for manager, name in names]
        for manager in self.managers:
            self.up(manager)
            self.down(manager)
        backup = self.office.back_up("test")
        self.office.store.change(change_all, ids, city="厦门")
        for manager in self.managers:
            self.down(manager)
        self.restore(backup)
        return ids

    def check(self) -> None:
        """Everybody sees the same, and every book is whole."""
        seen = [line for manager in self.managers for line in clients(manager)]
        assert sorted(clients(self.office), key=str) == sorted(seen, key=str)
        for book in (self.office, *self.managers):
            assert [f.name for f in book.store.read(history.check_book) if f.broken] == []
            assert not book.store.read(sync.list_conflicts)


@pytest.fixture
def unit(found_book: FoundBook, tmp_path: Path) -> Unit:
    office = found_book("陈敏", "福州支公司", role="office")
    return Unit(office, [found_book("林晓", "待登记"), found_book("王强", "待登记")], tmp_path)


def change_all(session: Session, ids: list[str], **values: Any) -> None:
    for id in ids:
        change_client(session, id, **values)


def test_a_restored_office_gets_back_what_it_sent_and_goes_on(unit: Unit) -> None:
    one, other = unit.managers
    mine, _ = one.store.change(add_client, "王淑珍", city="福州")
    for manager in (one, other):
        unit.up(manager)
        unit.down(manager)
    backup = unit.office.back_up("test")
    person = one.store.author.person_id
    unit.office.store.change(change_client, mine, grade="B")
    lost, _ = unit.office.store.change(add_client, "陈国强", owner_id=person)
    assert unit.down(one).state == "merged"
    unit.restore(backup)

    # what is built on what the office lost waits, and says what to do
    one.store.change(change_client, lost, city="泉州")
    waits = unit.up(one)
    assert (waits.state, waits.code) == ("held", "package.office_gap")
    assert "Export a package to" in waits.reason
    # what the office writes meanwhile arrives at once, at both
    unit.office.store.change(change_client, mine, remark="回访")
    assert unit.down(one).state == "merged"
    assert unit.down(other).state in ("merged", "repeated")
    # and the next package brings everything back
    assert unit.up(one).state == "merged"
    register = unit.office.store.read(sync.list_packages, ("in",))
    assert [row.state for row in register if row.state == "held"] == []
    unit.down(one)
    unit.check()
    assert clients(unit.office) == [("王淑珍", "福州"), ("陈国强", "泉州")]
    assert unit.up(one).state == "repeated"


def test_each_manager_gives_back_the_part_of_an_operation_that_it_sees(unit: Unit) -> None:
    unit.forget_a_change()
    for manager in unit.managers:
        unit.down(manager)
    assert unit.up(unit.managers[0]).state == "merged"
    assert dict(clients(unit.office)) == {"甲": "厦门", "乙": None}
    assert unit.up(unit.managers[1]).state == "merged"
    unit.check()
    assert dict(clients(unit.office)) == {"甲": "厦门", "乙": "厦门"}


def test_what_one_manager_cannot_see_the_other_gives_back_though_the_office_knows_the_operation(unit: Unit) -> None:
    """The first to report gives the operation with its own client; what the office tells then still asks the other."""
    one, other = unit.managers
    unit.forget_a_change()
    unit.down(one)
    assert unit.up(one).state == "merged"
    unit.down(other)
    assert unit.up(other).state == "merged"
    assert dict(clients(unit.office)) == {"甲": "厦门", "乙": "厦门"}
    unit.down(one)
    unit.check()
    assert [unit.up(manager).state for manager in unit.managers] == ["repeated", "repeated"]
    unit.down(one)
    made = one.store.read(outgoing._gather, one.device, None)
    assert body.unpack(made.body, body.LARGEST)["back"] == []


def test_what_comes_back_after_what_was_built_on_it_leaves_no_conflict(unit: Unit) -> None:
    """An edit that arrives late, behind one that names it, still ends the value before it."""
    one, other = unit.managers
    ids = unit.forget_a_change()
    unit.down(one)
    unit.up(one)
    other.store.change(change_client, ids[1], city="泉州")
    assert unit.up(other).state == "merged"
    unit.down(other)
    unit.up(other)
    unit.down(other)
    unit.check()
    assert dict(clients(unit.office)) == {"甲": "厦门", "乙": "泉州"}


def test_restored_twice_from_one_backup_it_writes_two_generations(unit: Unit) -> None:
    one, other = unit.managers
    mine, _ = one.store.change(add_client, "王淑珍")
    unit.up(one)
    backup = unit.office.back_up("test")
    for city in ("福州", "厦门", "泉州"):
        unit.office.store.change(change_client, mine, city=city)
        assert unit.down(one).state == "merged"
        unit.restore(backup)
        unit.down(one)
        assert unit.up(one).state == "merged"
    unit.down(other)
    unit.check()
    assert clients(unit.office) == [("王淑珍", "泉州")]


class Server:
    """An office whose database is put back without the program: a server's, or a file copied into place by hand."""

    def __init__(self, office: Book, server: PostgresServer | None) -> None:
        self.office, self.server, self.saved = office, server, ""
        self.file = office.folder / "book.db"

    def save(self) -> None:
        self.reopen(self._save)

    def put_back(self) -> Book:
        return self.reopen(self._put_back)

    def reopen(self, change: Callable[[], None]) -> Book:
        database = self.office.vault.secret("database") or ""
        self.office.close()
        self.name = database.rpartition("/")[2].partition("?")[0]
        change()
        self.office = unlock(self.office.folder, password=PASSWORD)
        return self.office

    def _save(self) -> None:
        if self.server is not None:
            self.saved = self.server.create(self.name)
        else:
            shutil.copyfile(self.file, self.file.with_suffix(".saved"))

    def _put_back(self) -> None:
        if self.server is not None:
            keys = vault.unlock(self.office.folder, password=PASSWORD)
            keys.set_secret("database", self.server.url(self.saved))
            keys.lock()
        else:
            shutil.copyfile(self.file.with_suffix(".saved"), self.file)


@pytest.fixture(params=["file", pytest.param("server", marks=pytest.mark.postgres)])
def put_back(request: pytest.FixtureRequest, found_book: FoundBook, tmp_path: Path) -> Iterator[tuple[Unit, Server]]:
    on_server = request.param == "server"
    office = found_book("陈敏", "福州支公司", role="office", server=on_server)
    unit = Unit(office, [found_book("林晓", "待登记"), found_book("王强", "待登记")], tmp_path)
    server = Server(office, request.getfixturevalue("postgres_server") if on_server else None)
    yield unit, server
    server.office.close()


@pytest.mark.parametrize("remembers", [True, False], ids=["the folder is kept", "the folder is put back too"])
def test_an_office_put_back_without_the_program_heals_as_well(put_back: tuple[Unit, Server], remembers: bool) -> None:
    """What left last is remembered beside the book; where that is old too, a manager's package tells."""
    unit, server = put_back
    one, _ = unit.managers
    mine, _ = one.store.change(add_client, "王淑珍")
    for manager in unit.managers:
        unit.up(manager)
        unit.down(manager)
    server.save()
    unit.office = server.office
    unit.office.store.change(change_client, mine, city="厦门")
    unit.down(one)
    one.store.change(change_client, mine, grade="A")
    if not remembers:
        unit.office.vault.set_secret("told", None)
    unit.office = server.put_back()
    assert clients(unit.office) == [("王淑珍", None)]
    assert (unit.office.store.author.device != unit.office.device) is remembers
    if not remembers:
        waits = unit.up(one)
        assert (waits.state, waits.code) == ("held", "package.put_back")
        assert "open it again" in waits.reason
        unit.office = server.reopen(lambda: None)
        assert unit.office.store.author.device != unit.office.device
    unit.office.store.change(change_client, mine, remark="回访")
    unit.down(one)
    assert unit.up(one).state == "merged"
    for manager in unit.managers:
        unit.down(manager)
    unit.check()
    assert clients(unit.office) == [("王淑珍", "厦门")]
    generation = unit.office.store.author.device
    assert server.reopen(lambda: None).store.author.device == generation


def test_an_office_is_told_that_it_was_put_back(unit: Unit) -> None:
    office, folder = unit.office, unit.office.folder
    office.close()
    take_for_restored(folder, password=PASSWORD)
    unit.office = unlock(folder, password=PASSWORD)
    assert unit.office.store.author.device != unit.office.device
    one, _ = unit.managers
    one.close()
    with pytest.raises(Refused):
        take_for_restored(one.folder, password=PASSWORD)


def test_drafts_of_the_backup_are_there_after_the_restore(unit: Unit) -> None:
    unit.office.store.change(save_draft, unit.office.store.author.device, "client", {"name": "王"})
    unit.restore(unit.office.back_up("test"))
    assert unit.office.store.author.device != unit.office.device
    found = unit.office.store.read(find_draft, unit.office.store.author.device, "client")
    assert found is not None
    assert found.state == {"name": "王"}


def test_without_a_lost_operation_nothing_is_given_back(unit: Unit) -> None:
    one, _ = unit.managers
    one.store.change(add_client, "王淑珍")
    unit.up(one)
    unit.down(one)
    made = one.store.read(outgoing._gather, one.device, None)
    assert body.unpack(made.body, body.LARGEST)["back"] == []
    assert unit.office.device == unit.office.store.author.device


def _other_value(piece: list[Any]) -> None:
    """The manager's own words under the office's name."""
    edit = piece[2][0]["operations"][-1][10][-1]
    edit[3] = edit[3].replace("厦门", "北京")


def _linked_anew(piece: list[Any]) -> None:
    """The same, the hashes worked out again."""
    _other_value(piece)
    data = piece[2][0]
    *head, edits = data["operations"][-1]
    commitments = [e if isinstance(e, str) else chain.commitment(e[5], e[0], e[1], e[2], e[3], e[4]) for e in edits]
    head[8] = chain.digest(commitments)
    data["operations"][-1] = [*head, edits]


def _own_header(piece: list[Any]) -> None:
    """A header that says what the manager likes."""
    header = json.loads(base64.b64decode(piece[0]))
    header["number"] += 1
    piece[0] = base64.b64encode(json.dumps(header).encode()).decode()


@pytest.mark.parametrize("change", [_other_value, _linked_anew, _own_header])
def test_only_what_the_office_signed_comes_back(unit: Unit, change: Callable[[list[Any]], None]) -> None:
    one, _ = unit.managers
    mine, _ = one.store.change(add_client, "王淑珍")
    unit.up(one)
    backup = unit.office.back_up("test")
    unit.office.store.change(change_client, mine, city="厦门")
    unit.down(one)
    unit.restore(backup)
    unit.down(one)
    made = one.store.read(outgoing._gather, one.device, None)
    inside = body.unpack(made.body, body.LARGEST)
    change(inside["back"][-1])
    made.body = body.pack(inside)
    forged = envelope.make(made.header | {"sealed": True}, outgoing._seal(made), one.vault.device.sign)
    envelope.write(unit.folder / "forged.xlsx", forged, [], [], title="")
    [received] = sync.import_packages(unit.office, [unit.folder / "forged.xlsx"])
    assert received.state == "refused"
    assert received.code in ("package.chain_broken", "package.bad_signature")
    assert clients(unit.office) == [("王淑珍", None)]
    assert unit.up(one).state == "merged"
    assert clients(unit.office) == [("王淑珍", "厦门")]
