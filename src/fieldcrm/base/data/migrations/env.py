"""Alembic's entry: batch mode on SQLite, foreign keys off during it and checked before the commit."""

from __future__ import annotations

from alembic import context

from fieldcrm.base.data.schema import Base

engine = context.config.attributes["engine"]

with engine.connect() as connection:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:  # inside a transaction the pragma does nothing
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=sqlite, transaction_per_migration=False
    )
    with context.begin_transaction():
        context.run_migrations()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"{len(broken)} rows point nowhere after the migration")
    if sqlite:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
