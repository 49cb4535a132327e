"""What is decided in the preview of a package: refused cells, conflicts that end with the import."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.sync.test_packages import add_client, change_client, clients
from fieldcrm.base.errors import Refused
from fieldcrm.core import history, sync
from fieldcrm.core.book import Book
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.sync import KEEP, TAKE

Books = tuple[Book, Book]


@pytest.fixture
def shared(enrolled: Books, tmp_path: Path) -> tuple[Book, Book, str]:
    """A client of the manager that the office knows."""
    manager, office = enrolled
    id, _ = manager.store.change(add_client, "王淑珍", city="福州")
    _carry(manager, office, tmp_path)
    return manager, office, id


def _carry(sender: Book, receiver: Book, folder: Path, decided: sync.Decisions | None = None) -> list[sync.Received]:
    path = folder / f"{len(list(folder.iterdir()))}.xlsx"
    sync.export_package(sender, path)
    return sync.import_packages(receiver, [path], decided=decided)


def test_a_refused_cell_stays_and_the_other_side_hears_of_it(shared: tuple[Book, Book, str], tmp_path: Path) -> None:
    manager, office, id = shared
    office.store.change(change_client, id, city="厦门", grade="A")
    path = tmp_path / "down.xlsx"
    sync.export_package(office, path)
    [looked] = sync.look_into(manager, [path])
    [city] = [c for c in looked.cells if c.field == "city"]
    assert (city.refusable, city.conflict) == (True, False)
    [result] = sync.import_packages(manager, [path], decided={city.cell: KEEP})
    assert result.state == "merged"
    assert clients(manager) == [("王淑珍", "福州")]
    [result] = _carry(manager, office, tmp_path)
    assert result.state == "merged"
    assert clients(office) == [("王淑珍", "福州")]


def _down(office: Book, folder: Path) -> Path:
    path = folder / "down.xlsx"
    sync.export_package(office, path)
    return path


def _whole(book: Book) -> bool:
    return not [f.name for f in book.store.read(history.check_book) if f.broken]


def test_one_undo_takes_the_import_back_with_what_was_refused(shared: tuple[Book, Book, str], tmp_path: Path) -> None:
    """Importing the file again behaves as the first time, and the other side never hears of the refusal."""
    manager, office, id = shared
    manager.store.change(add_client, "陈国强")
    office.store.change(change_client, id, city="厦门", grade="A")
    before = manager.store.read(history.list_operations)
    down = _down(office, tmp_path)
    for _ in range(2):
        sync.import_packages(manager, [down], decided={("client", id, "city"): KEEP})
        assert clients(manager)[0] == ("王淑珍", "福州")
        undone, _ = manager.store.undo()
        assert undone.action == "import_packages"
        assert clients(manager)[0] == ("王淑珍", "福州")
        assert manager.store.read(lambda s: s.get_one(Client, id).grade) is None
        assert manager.store.read(history.list_operations) == before
    [looked] = sync.look_into(manager, [down])
    assert {c.field: c.refusable for c in looked.cells} == {"city": True, "grade": True}
    sync.import_packages(manager, [down])
    assert clients(manager)[0] == ("王淑珍", "厦门")
    _carry(manager, office, tmp_path)
    assert clients(office) == clients(manager)
    assert _whole(manager)
    assert _whole(office)


def test_what_was_done_after_a_refusal_and_undone_stays_in_the_chain(
    shared: tuple[Book, Book, str], tmp_path: Path
) -> None:
    manager, office, id = shared
    office.store.change(change_client, id, city="厦门")
    sync.import_packages(manager, [_down(office, tmp_path)], decided={("client", id, "city"): KEEP})
    manager.store.change(add_client, "陈国强")
    assert manager.store.undo()[0].action == "add_client"
    assert manager.store.undo()[0].action == "import_packages"
    assert manager.store.undo()[0].action == "add_client"  # the first one, of before the import
    assert clients(manager) == []
    manager.store.redo()
    assert clients(manager) == [("王淑珍", "福州")]
    _carry(manager, office, tmp_path)
    assert _whole(manager)
    assert _whole(office)


def test_a_refusal_that_was_sent_on_stays(shared: tuple[Book, Book, str], tmp_path: Path) -> None:
    manager, office, id = shared
    office.store.change(change_client, id, city="厦门")
    _carry(office, manager, tmp_path, {("client", id, "city"): KEEP})
    sync.export_package(manager, tmp_path / "up.xlsx")
    with pytest.raises(Refused, match="built_on"):
        manager.store.undo()
    assert clients(manager) == [("王淑珍", "福州")]


def test_what_was_built_on_a_refusal_keeps_the_import(shared: tuple[Book, Book, str], tmp_path: Path) -> None:
    manager, office, id = shared
    office.store.change(change_client, id, city="厦门")
    _carry(office, manager, tmp_path, {("client", id, "city"): KEEP})
    manager.store.change(change_client, id, city="泉州")
    assert manager.store.undo()[0].action == "change_client"
    with pytest.raises(Refused, match="built_on"):
        manager.store.undo()


def test_an_import_without_decisions_is_one_undo(shared: tuple[Book, Book, str], tmp_path: Path) -> None:
    manager, office, id = shared
    office.store.change(change_client, id, city="厦门")
    _carry(office, manager, tmp_path, {})
    manager.store.undo()
    assert clients(manager) == [("王淑珍", "福州")]


@pytest.mark.parametrize(("word", "city"), [(KEEP, "泉州"), (TAKE, "厦门")])
def test_a_conflict_that_is_decided_ends_with_the_import(
    shared: tuple[Book, Book, str], tmp_path: Path, word: str, city: str
) -> None:
    manager, office, id = shared
    manager.store.change(change_client, id, city="泉州")
    office.store.change(change_client, id, city="厦门")
    path = tmp_path / "down.xlsx"
    sync.export_package(office, path)
    [looked] = sync.look_into(manager, [path])
    [cell] = [c for c in looked.cells if c.field == "city"]
    assert cell.conflict
    sync.import_packages(manager, [path], decided={cell.cell: word})
    assert clients(manager) == [("王淑珍", city)]
    assert manager.store.read(sync.count_conflicts) == 0
    manager.store.undo()
    assert clients(manager) == [("王淑珍", "泉州")]
    assert manager.store.read(sync.count_conflicts) == 0
    sync.import_packages(manager, [path])
    assert manager.store.read(sync.count_conflicts) == 1
    manager.store.undo()
    sync.import_packages(manager, [path], decided={cell.cell: word})
    _carry(manager, office, tmp_path)
    assert clients(office) == [("王淑珍", city)]
    assert office.store.read(sync.count_conflicts) == 0


def test_what_only_the_office_writes_cannot_be_refused(shared: tuple[Book, Book, str], tmp_path: Path) -> None:
    manager, office, _ = shared
    author = manager.store.author
    may = sync.deciding.may_refuse
    assert may(author, "client", "city", author.person_id)
    assert not may(author, "client", "owner_id", author.person_id)
    assert not may(author, "client", "city", office.store.author.person_id)
    assert not may(author, "diary", "countersigned_at", author.person_id)
    assert not may(author, "product", "name", author.person_id)
    assert may(office.store.author, "client", "city", author.person_id)
