"""Every record kind is written, changed, undone and redone through the store, each column with a real value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, Integer
from sqlalchemy.orm import Session

from fieldcrm.base.data.schema import Base, is_field, record_tables
from fieldcrm.base.data.store import Store
from fieldcrm.base.data.types import Instant, Json
from fieldcrm.core import tables

assert tables

FIRST = {
    Boolean: True,
    Date: date(2026, 11, 20),
    Instant: datetime(2026, 11, 20, 2, 12, tzinfo=UTC),
    Integer: 12_000_000,
    Json: ["养老", "㛃䶮𠮷"],
}
SECOND = {
    Boolean: False,
    Date: date(1974, 3, 16),
    Instant: datetime(2027, 1, 1, 16, 0, tzinfo=UTC),
    Integer: -1,
    Json: {"甲": 1},
}


def value_of(kind: str, values: dict[type, Any], words: str) -> dict[str, Any]:
    """A value for each column, by its type; ids get 32 hex digits."""
    row: dict[str, Any] = {}
    for column in Base.metadata.tables[kind].columns:
        if not is_field(column) or column.name in {"deleted_at", "extra", "owner_id"}:
            continue
        found = next((v for t, v in values.items() if isinstance(column.type, t)), None)
        if found is None:
            found = words * 8 if getattr(column.type, "length", None) == 32 else words
        row[column.name] = found
    return row


def add(session: Session, kind: str, row: dict[str, Any]) -> str:
    record = record_tables()[kind](**row)
    session.add(record)
    session.flush()
    return str(record.id)


def edit(session: Session, kind: str, id_: str, row: dict[str, Any]) -> None:
    record = session.get(record_tables()[kind], id_)
    for name, value in row.items():
        setattr(record, name, value)


def read(session: Session, kind: str, id_: str, names: list[str]) -> dict[str, Any]:
    record = session.get(record_tables()[kind], id_)
    return {name: getattr(record, name) for name in names}


def test_written_changed_undone_redone(store: Store) -> None:
    kinds = sorted(k for k, cls in record_tables().items() if cls.__module__.startswith("fieldcrm.core."))
    assert len(kinds) > 20
    for kind in kinds:
        first, second = value_of(kind, FIRST, "abcd"), value_of(kind, SECOND, "0123")
        id_, changes = store.change(add, kind, first)
        assert kind in changes.kinds
        names = list(first)
        assert store.read(read, kind, id_, names) == first, kind
        store.change(edit, kind, id_, second)
        assert store.read(read, kind, id_, names) == second, kind
        store.undo()
        assert store.read(read, kind, id_, names) == first, kind
        store.redo()
        assert store.read(read, kind, id_, names) == second, kind
