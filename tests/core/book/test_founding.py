"""Founding: what no undo takes back, a second computer of an office on its database, nothing half made."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base.errors import Refused
from fieldcrm.core import sync
from fieldcrm.core.book import Book
from fieldcrm.core.history import list_operations
from fieldcrm.core.people.tables import Person
from support.books import FoundBook


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
