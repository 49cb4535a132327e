"""The schema's versions: a database brought up by the migrations equals one made whole, on both dialects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from fieldcrm.base.data import migrate, postgres, sqlcipher
from fieldcrm.base.data.schema import Base
from fieldcrm.base.errors import Environment
from fieldcrm.core import tables
from support.postgres import PostgresServer

KEY = bytes(range(32))
assert tables
MakeEngine = Callable[[], Engine]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeEngine]:
    """Engines on fresh databases without a table of ours."""
    made: list[Engine] = []

    def make() -> Engine:
        if request.param == "sqlite":
            path = tmp_path / f"{len(made)}.db"
            sqlcipher.create(path, KEY)
            made.append(sqlcipher.engine(path, KEY))
        else:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            made.append(postgres.engine(server.url(server.create())))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()


def shape(engine: Engine) -> dict[str, Any]:
    """Tables with their columns, keys, indexes; triggers and virtual tables by name."""
    found = inspect(engine)
    shapes: dict[str, Any] = {}
    for name in found.get_table_names():
        columns = [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(name)]
        indexes = sorted((i["name"], i["column_names"], bool(i["unique"])) for i in found.get_indexes(name))
        shapes[name] = columns, found.get_pk_constraint(name)["constrained_columns"], indexes
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with engine.connect() as connection:
        shapes["triggers"] = sorted(connection.execute(text(query)).scalars())
    return shapes


def test_head_is_the_newest_revision() -> None:
    engine: Any = None
    assert ScriptDirectory.from_config(migrate.alembic_config(engine)).get_current_head() == migrate.HEAD


def test_migrations_end_at_the_tables_as_they_are(empty: MakeEngine) -> None:
    whole, grown = empty(), empty()
    migrate.create(whole)
    migrate.upgrade(grown)
    assert shape(grown) == shape(whole)
    with grown.connect() as connection:
        assert migrate.is_current(connection)
        context = MigrationContext.configure(
            connection,
            opts={"include_object": lambda _, name, kind, *__: kind != "table" or name in Base.metadata.tables},
        )
        assert compare_metadata(context, Base.metadata) == []


def test_a_newer_database_is_refused_with_a_sentence(empty: MakeEngine) -> None:
    engine = empty()
    migrate.create(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Environment) as refused:
        migrate.upgrade(engine)
    assert refused.value.code == "schema.newer"


def test_rebuilding_a_table_keeps_the_rows_that_point_to_it(tmp_path: Path) -> None:
    """SQLite's batch mode with its defaults deletes the children of a rebuilt parent."""
    from alembic.operations import Operations

    sqlcipher.create(tmp_path / "book.db", KEY)
    engine = sqlcipher.engine(tmp_path / "book.db", KEY)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY, old TEXT)"))
        connection.execute(
            text("CREATE TABLE child (id INTEGER PRIMARY KEY, p INTEGER REFERENCES parent ON DELETE CASCADE)")
        )
        connection.execute(text("INSERT INTO parent VALUES (1, 'x')"))
        connection.execute(text("INSERT INTO child VALUES (1, 1)"))
    with migrate.without_foreign_keys(engine) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("parent", recreate="always") as batch:
            batch.drop_column("old")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM child")).scalar() == 1
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()
