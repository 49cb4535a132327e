"""A record with its lists as the values of its form: read, and the rows of a list written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms


def record_values(session: Session, record: Any, lists: Mapping[str, Any]) -> dict[str, Any]:
    """A record by its form's field names; `lists` says which child table fills which list field."""
    form = forms.get(record.__tablename__)
    values: dict[str, Any] = {f.name: getattr(record, f.name) for f in form.fields if hasattr(record, f.name)}
    for name, table in lists.items():
        names = [f.name for f in form[name].form.fields]  # type: ignore[union-attr]
        rows = session.scalars(
            select(table).where(table.parent_id == record.id, table.deleted_at.is_(None)).order_by(table.position)
        )
        values[name] = [{"id": row.id, **{n: getattr(row, n) for n in names}} for row in rows]
    return values


def write_rows(session: Session, table: Any, parent_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Make the child rows of a record be these: rows with an id are changed, others added, missing ones deleted."""
    kept = {
        row.id: row
        for row in session.scalars(select(table).where(table.parent_id == parent_id, table.deleted_at.is_(None)))
    }
    for position, row in enumerate(rows):
        child = kept.pop(row.get("id") or "", None)
        if child is None:
            child = table(parent_id=parent_id)
            session.add(child)
        child.position = position
        for name, value in row.items():
            if name != "id":
                setattr(child, name, value)
    for gone in kept.values():
        gone.deleted_at = clock.now()
