"""Many rows in one statement, column by column: what SQLAlchemy's types do once a value, done once a column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Date, FromClause
from sqlalchemy.types import TypeEngine

from fieldcrm.base.data.types import Instant, Words


def insert_columns(
    connection: Connection, table: FromClause, columns: Mapping[str, Sequence[Any]], *, normal: bool = False
) -> None:
    """Insert rows given as equally long columns. `normal`: its text is in NFC already."""
    dialect = connection.dialect
    bound: list[Sequence[Any]] = []
    for name, values in columns.items():
        column = table.c[name]
        if isinstance(column.type, Words) and normal:
            bound.append(values)
            continue
        processor = column.type.dialect_impl(dialect).bind_processor(dialect)
        bound.append(values if processor is None else _processed(column.type, processor, values))
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    quote = dialect.identifier_preparer.quote
    names = ", ".join(quote(n) for n in columns)
    marks = ", ".join([mark] * len(columns))
    statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"  # type: ignore[attr-defined]  # noqa: S608
    connection.exec_driver_sql(statement, list(zip(*bound, strict=True)))


def _processed(kind: TypeEngine[Any], processor: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    if isinstance(kind, Instant | Date):  # a few values, many times
        known = {v: processor(v) for v in set(values) if v is not None}
        return [known.get(v) for v in values]
    return [None if v is None else processor(v) for v in values]
