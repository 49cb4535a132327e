"""Reading rows of a kind: values as JSON by the form's field names, personal numbers masked, lists inside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms
from fieldcrm.base.data.schema import record_tables
from fieldcrm.base.forms.model import Field, Form, Kind
from fieldcrm.core import tables as _tables  # noqa: F401 - every table is known
from fieldcrm.core.show.where import Condition, expression

_CHUNK = 500
# (column, newest or greatest first); the id breaks ties
_ORDER: dict[str, tuple[str, bool]] = {
    "client": ("name_key", False), "policy": ("matures_on", False), "callback": ("called_at", True),
    "complaint": ("received_at", True), "diary": ("day", True), "visit": ("planned_on", True),
    "task": ("due_on", False), "contact": ("started_at", True), "product": ("name", False), "person": ("name", False),
    "channel": ("name", False), "channel_score": ("scored_on", True), "unit": ("name", False),
}  # fmt: skip
_NAMED = ("name", "number", "what", "day")


@dataclass(frozen=True)
class Rows:
    """`total` that match, and the first of them: `id`, `owner_id`, the form's fields, `…_name` beside a record's id."""

    form: Form
    total: int
    rows: list[dict[str, Any]] = field(default_factory=list)


def list_rows(
    session: Session,
    kind: str,
    where: Sequence[Condition] = (),
    limit: int | None = 50,
    masked: bool = True,
    ids: Sequence[str] | None = None,
) -> Rows:
    """Rows of a kind (singular) that meet every condition, or only those of `ids` (at most 1,000).

    Raises `InvalidField` for a condition that cannot be.

    Dates are ISO text, instants ISO with Shanghai's offset, money integer fen, choices their codes.
    """
    form = forms.get(kind)
    table = record_tables()[kind].__table__  # type: ignore[attr-defined]
    conditions = [table.c.deleted_at.is_(None), *(expression(form, wanted) for wanted in where)]
    if ids is not None:
        conditions.append(table.c.id.in_(ids))
    total = session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
    fields = [f for f in form.fields if f.name in table.c]
    key, descending = _ORDER.get(kind, ("created_at", True))
    order = table.c[key].desc() if descending else table.c[key].asc()
    query = select(table.c.id, table.c.owner_id, table.c.extra, *(table.c[f.name] for f in fields))
    query = query.where(*conditions).order_by(table.c[key].is_(None), order, table.c.id).limit(limit)
    found = session.execute(query).all()
    rows = [_row(row, fields, masked) for row in found]
    _add_names(session, fields, rows)
    _add_lists(session, form, rows, masked)
    names = [f.name for f in form.fields]
    return Rows(form, total, [_ordered(row, names) for row in rows])


def _row(found: Any, fields: Sequence[Field], masked: bool) -> dict[str, Any]:
    id, owner_id, extra, *values = found
    row: dict[str, Any] = {"id": id, "owner_id": owner_id}
    for f, value in zip(fields, values, strict=True):
        row[f.name] = _plain(f, value, masked)
    return row | ({"extra": extra} if extra else {})


def _plain(f: Field, value: Any, masked: bool) -> Any:
    """A value as JSON."""
    if value is None:
        return None
    if masked and f.masked:
        return forms.hide(f, value)
    if isinstance(value, datetime):
        return clock.local(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _ordered(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    first = {name: row[name] for name in ("id", "owner_id", "owner_name")}
    for name in names:
        if name in row:
            first[name] = row[name]
            beside = f"{name.removesuffix('_id')}_name"
            if name.endswith("_id") and beside in row:
                first[beside] = row[beside]
    return first | {name: value for name, value in row.items() if name not in first}


def _add_names(session: Session, fields: Sequence[Field], rows: list[dict[str, Any]]) -> None:
    of = {"owner_id": "person"} | {f.name: f.of for f in fields if f.kind is Kind.RECORD and f.of in record_tables()}
    for field_name, kind in of.items():
        table = record_tables()[kind].__table__  # type: ignore[attr-defined]
        column = next((table.c[n] for n in _NAMED if n in table.c), None)
        ids = sorted({row[field_name] for row in rows if row[field_name]})
        names: dict[str, Any] = {}
        for at in range(0, len(ids) if column is not None else 0, _CHUNK):
            part = select(table.c.id, column).where(table.c.id.in_(ids[at : at + _CHUNK]))  # type: ignore[arg-type]
            names.update((id, name) for id, name in session.execute(part))
        beside = f"{field_name.removesuffix('_id')}_name"
        for row in rows:
            if beside not in row:
                name = names.get(row[field_name])
                row[beside] = name.isoformat() if isinstance(name, date) else name


def _add_lists(session: Session, form: Form, rows: list[dict[str, Any]], masked: bool) -> None:
    for f in form.fields:
        if f.kind is not Kind.LIST or f.form is None or f.form.kind not in record_tables():
            continue
        table = record_tables()[f.form.kind].__table__  # type: ignore[attr-defined]
        fields = [child for child in f.form.fields if child.name in table.c]
        by_parent: dict[str, list[dict[str, Any]]] = defaultdict(list)
        ids = [row["id"] for row in rows]
        for at in range(0, len(ids), _CHUNK):
            query = (
                select(table.c.parent_id, table.c.id, *(table.c[child.name] for child in fields))
                .where(table.c.parent_id.in_(ids[at : at + _CHUNK]), table.c.deleted_at.is_(None))
                .order_by(table.c.position, table.c.id)
            )
            for parent_id, id, *values in session.execute(query):
                row = {c.name: _plain(c, v, masked) for c, v in zip(fields, values, strict=True)}
                by_parent[parent_id].append({"id": id, **row})
        for row in rows:
            row[f.name] = by_parent.get(row["id"], [])
