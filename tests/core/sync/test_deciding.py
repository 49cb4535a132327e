"""What is decided in the preview of a package: refused cells, conflicts that end with the import."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.sync.test_packages import add_client, change_client, clients
from fieldcrm.base.errors import Refused
from fieldcrm.core import history, sync
from fieldcrm.core.book import Book
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


def test_undo_brings_the_package_s_value_and_names_what_it_undid(
    shared: tuple[Book, Book, str], tmp_path: Path
) -> None:
    manager, office, id = shared
    office.store.change(change_client, id, city="厦门")
    _carry(office, manager, tmp_path, {("client", id, "city"): KEEP})
    kept, brought = manager.store.read(history.list_operations, 2)  # two lines: undo takes back the upper one
    assert (kept.action, kept.imported, brought.imported) == ("keep_values", False, True)
    undone, _ = manager.store.undo()
    assert undone.action == "keep_values"
    assert clients(manager) == [("王淑珍", "厦门")]
    with pytest.raises(Refused, match="built"):
        manager.store.undo()
    manager.store.redo()
    assert clients(manager) == [("王淑珍", "福州")]


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
