"""Many rows in one statement, column by column: what SQLAlchemy's types do once a value, done once a column."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Date, FromClause
from sqlalchemy.types import TypeEngine

from fieldcrm.base.data.types import Instant, Words

_BATCH = 2_000  # rows made ready in one call; a hundred thousand would hold the interpreter, and with it the window


def insert_columns(
    connection: Connection, table: FromClause, columns: Mapping[str, Sequence[Any]], *, normal: bool = False
) -> None:
    """Insert rows given as equally long columns, days as such or as ISO text. `normal`: text is in NFC already."""
    quote = connection.dialect.identifier_preparer.quote
    for batch in _batches(columns):
        # the driver takes long over a None: what stands in no row is not named
        some = {n: values for n, values in batch.items() if values.count(None) < len(values)}
        names = ", ".join(quote(n) for n in some)
        marks = ", ".join([_mark(connection)] * len(some))
        statement = f"INSERT INTO {_name(connection, table)} ({names}) VALUES ({marks})"  # noqa: S608
        rows = list(zip(*_bound(connection, table, some, normal), strict=True))
        connection.exec_driver_sql(statement, rows)


def update_columns(
    connection: Connection, table: FromClause, ids: Sequence[str], columns: Mapping[str, Sequence[Any]]
) -> None:
    """Set columns of the rows of `ids`, each column as long as `ids`."""
    quote, mark = connection.dialect.identifier_preparer.quote, _mark(connection)
    assigned = ", ".join(f"{quote(n)} = {mark}" for n in columns)
    statement = f"UPDATE {_name(connection, table)} SET {assigned} WHERE {quote('id')} = {mark}"  # noqa: S608
    for some in _batches({**columns, "id": ids}):  # the id last, as in the statement
        rows = list(zip(*_bound(connection, table, some, False), strict=True))
        connection.exec_driver_sql(statement, rows)


def delete_rows(connection: Connection, table: FromClause, names: Sequence[str], keys: Sequence[Sequence[Any]]) -> None:
    """Delete the rows in which the columns `names` are one of `keys`."""
    quote, mark = connection.dialect.identifier_preparer.quote, _mark(connection)
    condition = " AND ".join(f"{quote(n)} = {mark}" for n in names)
    statement = f"DELETE FROM {_name(connection, table)} WHERE {condition}"  # noqa: S608
    for at in range(0, len(keys), _BATCH):
        connection.exec_driver_sql(statement, [tuple(key) for key in keys[at : at + _BATCH]])


def _batches(columns: Mapping[str, Sequence[Any]]) -> Iterator[Mapping[str, Sequence[Any]]]:
    count = len(next(iter(columns.values())))
    for at in range(0, count, _BATCH):
        yield columns if count <= _BATCH else {n: values[at : at + _BATCH] for n, values in columns.items()}


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.paramstyle == "qmark" else "%s"


def _name(connection: Connection, table: FromClause) -> str:
    return connection.dialect.identifier_preparer.quote(str(table.name))  # type: ignore[attr-defined]


def _bound(
    connection: Connection, table: FromClause, columns: Mapping[str, Sequence[Any]], normal: bool
) -> list[Sequence[Any]]:
    bound: list[Sequence[Any]] = []
    for name, values in columns.items():
        kind = table.c[name].type
        processor = None
        if not (_is_text(kind, values) or (isinstance(kind, Words) and (normal or _is_normal(values)))):
            processor = kind.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        bound.append(values if processor is None else _processed(kind, processor, values))
    return bound


def _is_text(kind: TypeEngine[Any], values: Sequence[Any]) -> bool:
    """Whether these are days as JSON spells them, which both databases take as they are."""
    return isinstance(kind, Date) and isinstance(next((v for v in values if v is not None), None), str)


def _is_normal(values: Sequence[str | None]) -> bool:
    """Whether all of a column is in NFC, asked at once (nothing combines with the mark between them)."""
    return unicodedata.is_normalized("NFC", "\0".join(filter(None, values)))


def _processed(kind: TypeEngine[Any], processor: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    if isinstance(kind, Instant | Date):  # a few values, many times
        known = {v: processor(v) for v in set(values) if v is not None}
        return [known.get(v) for v in values]
    return [None if v is None else processor(v) for v in values]
