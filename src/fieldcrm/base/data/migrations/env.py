"""Alembic's entry: batch mode on SQLite, foreign keys off during it and checked before the commit."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from fieldcrm.base.data import migrate
from fieldcrm.base.data.schema import Base

engine = context.config.attributes["engine"]


def render(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """Our own column types by their short name."""
    if kind == "type" and type(item).__module__ == "fieldcrm.base.data.types":
        autogen.imports.add("from fieldcrm.base.data import types")
        return f"types.{type(item).__name__}()"
    return False


def ours(_item: Any, name: str | None, kind: str, reflected: bool, _compare_to: Any) -> bool:
    """Only what the tables declare: the search index and the sentinel keep to themselves."""
    return not (reflected and kind == "table" and name not in Base.metadata.tables)


with migrate.without_foreign_keys(engine) as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
        render_item=render,
        include_object=ours,
    )
    with context.begin_transaction():
        context.run_migrations()
