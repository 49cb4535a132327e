"""Open stores for tests: an encrypted SQLite file and a PostgreSQL database, both empty and ours alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from fieldcrm.base.data import migrate
from fieldcrm.base.data.journal import Author
from fieldcrm.base.data.store import Store, identify
from fieldcrm.core import tables
from fieldcrm.core.clients import kept
from support.postgres import PostgresServer

KEY = bytes(range(32))
PERSON, UNIT, DEVICE = "1" * 32, "2" * 32, "ab" * 8
assert tables
kept.attach()  # as in every open book

OpenStore = Callable[..., Store]


@pytest.fixture(scope="session")
def empty_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encrypted book with every table and no row, made once and copied for each test."""
    from fieldcrm.base.data import sqlcipher

    path = tmp_path_factory.mktemp("empty") / "book.db"
    sqlcipher.create(path, KEY)
    engine = sqlcipher.engine(path, KEY)
    migrate.create(engine)
    engine.dispose()
    return path


@pytest.fixture
def open_sqlite(empty_book: Path, tmp_path: Path) -> Iterator[OpenStore]:
    """`open_sqlite(device=…, person=…, unit=…, role=…)` gives a fresh store each time it is called.

    With `copy_of` it opens a copy of that file, of a device that is known there.
    """
    from fieldcrm.base.data import sqlcipher

    opened: list[Store] = []

    def open_store(
        device: str = DEVICE, person: str = PERSON, unit: str = UNIT, role: str = "manager", copy_of: Path | None = None
    ) -> Store:
        path = tmp_path / f"book-{device}-{len(opened)}.db"
        shutil.copyfile(copy_of or empty_book, path)
        writer, readers = sqlcipher.engine(path, KEY), sqlcipher.engine(path, KEY, readonly=True)
        if copy_of is None:
            with Session(writer) as session:
                identify(session, Author(person, device, unit, role))
                session.commit()
        opened.append(Store(writer, readers, device))
        return opened[-1]

    yield open_store
    for store in opened:
        store.close()


@pytest.fixture
def open_postgres(postgres_server: PostgresServer) -> Iterator[OpenStore]:
    """As `open_sqlite`, on a real PostgreSQL server."""
    from fieldcrm.base.data import postgres

    def fill(url: str) -> None:
        engine = postgres.engine(url)
        migrate.create(engine)
        engine.dispose()

    template = postgres_server.template("empty", fill)
    opened: list[tuple[Store, str]] = []

    def open_store(device: str = DEVICE, person: str = PERSON, unit: str = UNIT, role: str = "office") -> Store:
        name = postgres_server.create(template)
        url = postgres_server.url(name)
        writer, readers = postgres.engine(url), postgres.engine(url, readonly=True)
        with Session(writer) as session:
            identify(session, Author(person, device, unit, role))
            session.commit()
        opened.append((Store(writer, readers, device), name))
        return opened[-1][0]

    yield open_store
    for store, name in opened:
        store.close()
        postgres_server.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def open_store(request: pytest.FixtureRequest) -> OpenStore:
    """Fresh stores on both dialects: the test runs once for each."""
    opener: OpenStore = request.getfixturevalue("open_sqlite" if request.param == "sqlite" else "open_postgres")
    return opener


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    """One fresh store on each dialect."""
    return open_store()


@pytest.fixture
def book(open_sqlite: OpenStore) -> Store:
    """A manager's fresh store (SQLite only), for what does not depend on the dialect."""
    return open_sqlite()
