"""Whole books for tests: founded in a folder with a public password, managers and offices, enrolled with each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldcrm.core.book import Book, found
from support.postgres import PostgresServer

PASSWORD = "correct horse 9"
FoundBook = Callable[..., Book]


@pytest.fixture
def found_book(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[FoundBook]:
    """`found_book("林晓", "福州支公司")` gives an open book of a manager; `role="office"`, `server=True`."""
    opened: list[Book] = []

    def make(name: str, unit: str, role: str = "manager", server: bool = False) -> Book:
        database = None
        if server:
            postgres: PostgresServer = request.getfixturevalue("postgres_server")
            database = postgres.url(postgres.create())
        folder = tmp_path / f"book-{len(opened)}"
        opened.append(found(folder, name=name, unit=unit, role=role, password=PASSWORD, database=database).book)
        return opened[-1]

    yield make
    for book in opened:
        book.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def enrolled(request: pytest.FixtureRequest, found_book: FoundBook, tmp_path: Path) -> tuple[Book, Book]:
    """A manager and an office (on SQLite and on PostgreSQL) that know each other."""
    from fieldcrm.core import sync

    manager = found_book("林晓", "待登记")
    office = found_book("陈敏", "福州支公司", role="office", server=request.param == "postgresql")
    sync.request(manager, tmp_path / "request.xlsx")
    sync.grant(office, tmp_path / "request.xlsx", tmp_path / "grant.xlsx")
    sync.accept(manager, tmp_path / "grant.xlsx")
    return manager, office
