"""The schema's versions: a fresh database is made whole, an older one is brought up by Alembic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from fieldcrm.base.data.schema import Base
from fieldcrm.base.data.search import index
from fieldcrm.base.errors import Environment, define
from fieldcrm.base.i18n import N_

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0002"
"""The newest revision in migrations/versions; a test holds it equal to Alembic's own head."""

NEWER = define(
    "schema.newer", N_("This database was written by a newer version of the program; install that version to open it.")
)


def create(engine: Engine) -> None:
    """Make every table and index in an empty database and mark it as of the newest revision."""
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        index.create(connection)
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def revision(connection: Connection) -> str | None:
    """The revision a database is of; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def is_current(connection: Connection) -> bool:
    return revision(connection) == HEAD


def upgrade(engine: Engine) -> None:
    """Bring an older database up to the newest revision; `Environment` when it is newer than the program."""
    from alembic import command

    refuse_newer(engine)
    command.upgrade(alembic_config(engine), "head")


def refuse_newer(engine: Engine) -> None:
    """`Environment` when the database is of a revision that this program does not know."""
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    with engine.connect() as connection:
        found = revision(connection)
    try:
        ScriptDirectory.from_config(alembic_config(engine)).get_revision(found or "base")
    except CommandError as error:
        raise Environment(NEWER) from error


@contextmanager
def without_foreign_keys(engine: Engine) -> Iterator[Connection]:
    """One transaction in which SQLite may rebuild tables: keys off before it, checked before its commit.

    With the defaults, rebuilding a parent silently deletes the rows of an ON DELETE CASCADE child.
    """
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        if sqlite and driver is not None:
            driver.execute("PRAGMA foreign_keys=OFF")  # inside a transaction it does nothing
        try:
            with connection.begin():
                yield connection
                if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                    raise RuntimeError("rows point nowhere after the migration")
        finally:
            if sqlite and driver is not None:
                driver.execute("PRAGMA foreign_keys=ON")


def alembic_config(engine: Engine) -> Config:
    """Alembic's configuration for an open engine; there is no alembic.ini."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["engine"] = engine
    return config
