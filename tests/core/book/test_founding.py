"""Founding: what no undo takes back, a second computer of an office on its database, nothing half made."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base.errors import Environment, FieldcrmError, InvalidFields, Refused
from fieldcrm.core import sync
from fieldcrm.core.book import Book, Founded, found, restore_book, unlock
from fieldcrm.core.history import list_operations
from fieldcrm.core.people.tables import Person, Unit
from support.books import PASSWORD, FoundBook
from support.postgres import PostgresServer


@pytest.mark.parametrize("left", ["book.db", "book.db.next"])
def test_a_book_that_lost_its_key_file_is_left_alone(tmp_path: Path, left: str) -> None:
    """Founding over it once took the book away; the backup brings book and key file back."""
    made = found(tmp_path / "data", name="林晓", unit="福州", role="manager", password="right sentence").book
    kept = made.back_up("hand")
    made.close()
    assert kept is not None
    for name in ("vault-1.json", "vault-2.json"):
        (tmp_path / "data" / name).unlink()
    if left != "book.db":
        (tmp_path / "data" / "book.db").rename(tmp_path / "data" / left)
    before = {path: path.read_bytes() for path in (tmp_path / "data").glob("book.db*")}
    with pytest.raises(Environment) as told:
        found(tmp_path / "data", name="林晓", unit="福州", role="manager", password="another sentence")
    assert told.value.code == "book.keys_missing"
    assert {path: path.read_bytes() for path in (tmp_path / "data").glob("book.db*")} == before
    restore_book(tmp_path / "data", kept, password="right sentence")
    unlock(tmp_path / "data", password="right sentence").close()


@pytest.mark.parametrize(
    ("name", "unit", "fields"), [("", "福州", ["name"]), ("林晓", " \t", ["unit"]), ("x" * 61, "", ["name", "unit"])]
)
def test_a_book_has_a_person_and_a_unit(tmp_path: Path, name: str, unit: str, fields: list[str]) -> None:
    with pytest.raises(InvalidFields) as told:
        found(tmp_path / "data", name=name, unit=unit, role="manager", password="right sentence")
    assert [problem.field for problem in told.value.problems] == fields
    assert not (tmp_path / "data").exists()


def test_names_stand_on_one_line(tmp_path: Path) -> None:
    made = found(tmp_path, name=" 林\n晓 ", unit="福州\t支公司", role="office", password="right sentence").book
    assert (made.store.author.person_name, made.store.author.unit_name) == ("林 晓", "福州 支公司")
    made.close()


def people(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Person).where(Person.deleted_at.is_(None))) or 0


@pytest.mark.parametrize("role", ["manager", "office"])
def test_the_founding_cannot_be_undone(found_book: FoundBook, role: str) -> None:
    book = found_book("林晓", "福州支公司", role=role)
    with pytest.raises(Refused) as refused:
        book.store.undo()
    assert refused.value.code == "undo.nothing"
    assert book.store.read(people) == 1
    assert [o.undone for o in book.store.read(list_operations)] == [False]


def test_an_enrolment_cannot_be_undone(enrolled: tuple[Book, Book], tmp_path: Path) -> None:
    manager, office = enrolled
    unit = manager.store.author.unit_id
    with pytest.raises(Refused):
        manager.store.undo()
    assert manager.store.read(lambda s: s.get_one(Person, manager.store.author.person_id).unit_id) == unit
    sync.export_package(manager, tmp_path / "package.xlsx")
    (received,) = sync.import_packages(office, [tmp_path / "package.xlsx"])
    assert received.state == "merged"


@pytest.mark.postgres
def test_a_second_computer_of_an_office_joins_its_database(postgres_server: PostgresServer, tmp_path: Path) -> None:
    address = postgres_server.url(postgres_server.create())

    def join(folder: str, name: str) -> Founded:
        return found(
            tmp_path / folder, name=name, unit="福州支公司", role="office", password=PASSWORD, database=address
        )

    first, again, other = join("a", "陈敏"), join("b", "陈敏"), join("c", "林一")
    assert first.person_id == again.person_id != other.person_id
    assert first.unit_id == again.unit_id == other.unit_id
    devices = {f.book.store.author.device for f in (first, again, other)}
    assert len(devices) == 3
    assert other.book.store.read(people) == 2
    assert other.book.store.read(lambda s: s.scalar(select(func.count()).select_from(Unit))) == 1
    for one in (first, again, other):
        with pytest.raises(Refused):
            one.book.store.undo()
        one.book.close()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("postgresql+psycopg://nobody@127.0.0.1:1/none", "postgres.no_server"),
        ("postgresql://nobody@127.0.0.1:1/none", "postgres.no_server"),
        ("sqlite:///other.db", "postgres.not_an_address"),
        ("office-server", "postgres.not_an_address"),
    ],
)
def test_a_founding_that_fails_leaves_nothing_and_can_be_tried_again(tmp_path: Path, address: str, code: str) -> None:
    folder = tmp_path / "book"
    with pytest.raises(FieldcrmError) as told:
        found(folder, name="陈敏", unit="福州", role="office", password=PASSWORD, database=address)
    assert told.value.code == code
    assert [p.name for p in folder.iterdir() if p.name != "writer.lock"] == []
    found(folder, name="陈敏", unit="福州", role="office", password=PASSWORD).book.close()
