"""The schema's versions: a database brought up by the migrations equals one made whole, on both dialects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, insert, inspect, select, text
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data import migrate, postgres, sqlcipher
from fieldcrm.base.data.schema import Base
from fieldcrm.base.errors import Environment
from fieldcrm.core import tables
from fieldcrm.core.clients import kept
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.policies.tables import Policy
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


def test_clients_of_a_released_book_are_sorted_by_what_its_records_say(empty: MakeEngine) -> None:
    """Revision 0002 fills what it adds; the program finds nothing of it wrong."""
    engine = empty()
    command.upgrade(migrate.alembic_config(engine), "0001")
    today = clock.today()
    soon, late, passed = today + timedelta(days=9), today + timedelta(days=90), today - timedelta(days=40)
    made = {"clock": "x", "created_at": clock.now(), "changed_at": clock.now()}
    clients = [{"id": n * 32, "name": n, "insurance_expires_on": None} for n in "abcd"]
    clients[2]["insurance_expires_on"] = late
    held: list[dict[str, Any]] = [
        {"id": "1" * 32, "applicant_id": "a" * 32, "line": "endowment", "matures_on": late, "renews_on": None},
        {"id": "2" * 32, "applicant_id": "a" * 32, "line": None, "matures_on": soon, "renews_on": None},
        {"id": "3" * 32, "applicant_id": "a" * 32, "line": "universal", "matures_on": passed, "renews_on": None},
        {"id": "4" * 32, "applicant_id": "b" * 32, "line": "fleet", "matures_on": None, "renews_on": passed},
        {"id": "5" * 32, "applicant_id": "b" * 32, "line": "fleet", "matures_on": soon, "renews_on": late},
    ]
    touches = [{"id": n * 32, "client_id": "b" * 32, "started_at": clock.instant(passed, int(n))} for n in "79"]
    rows: dict[type[Base], list[dict[str, Any]]] = {
        Client: clients,
        Policy: [{"number": "P", "status": None} | p for p in held],
        Contact: [{"kind": "phone"} | t for t in touches],
    }
    with engine.begin() as connection:
        for cls, some in rows.items():
            connection.execute(insert(inspect(cls).local_table), [one | made for one in some])
    migrate.upgrade(engine)
    with Session(engine) as session:
        c = Client
        found = {n: (*days,) for n, *days in session.execute(select(c.name, c.due_on, c.due_until, c.contacted_at))}
        assert kept.wrong(session, [n * 32 for n in "abcd"]) == []
    assert found == {
        "a": (soon, None, None),
        "b": (late, late + timedelta(days=30), clock.instant(passed, 9)),
        "c": (late, late + timedelta(days=30), None),
        "d": (None, None, None),
    }


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
