"""Conditions FIELD=VALUE, the value as a person writes it in the form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, select

from fieldcrm.base import clock, forms
from fieldcrm.base.data.schema import record_tables
from fieldcrm.base.data.types import Instant
from fieldcrm.base.errors import InvalidField, define
from fieldcrm.base.forms.model import Field, Form, Kind
from fieldcrm.base.i18n import N_

NO_EQUALS = define("show.no_equals", N_("“{text}” is no condition; write FIELD=VALUE."))
NO_FIELD = define("show.no_field", N_("{kind} has no field “{name}”. Fields: {known}."))


@dataclass(frozen=True)
class Condition:
    """A field of the form (or `id`, `owner_id`) and the text it shall equal; empty text means not filled in."""

    field: str
    text: str


def condition(text: str) -> Condition:
    """Read FIELD=VALUE; `InvalidField(where)` when there is no “=”."""
    field, equals, value = text.partition("=")
    if not equals or not field.strip():
        raise InvalidField("where", NO_EQUALS, text=text)
    return Condition(field.strip(), value.strip())


def expression(form: Form, wanted: Condition) -> ColumnElement[bool]:
    """The condition in SQL; `InvalidField(where)` when the form has no such field or it cannot hold the value."""
    table = record_tables()[form.kind].__table__  # type: ignore[attr-defined]
    if wanted.field == "id":
        return _equals(table.c.id, wanted.text or None)
    if wanted.field in ("owner", "owner_id", "owner_name"):
        return _names(table.c.owner_id, "person", wanted.text) if wanted.text else _equals(table.c.owner_id, None)
    field = _field(form, wanted.field)
    if field.kind is Kind.LIST:
        return _in_list(form, field, wanted.text)
    if field.name not in table.c:
        raise _unknown(form, wanted.field)
    column = table.c[field.name]
    if not wanted.text:
        return _equals(column, None)
    if field.kind is Kind.RECORD:
        return _names(column, field.of, wanted.text)
    if field.kind is Kind.INSTANT and (day := _day(wanted.text)):
        begin, end = clock.day_bounds(day)
        return and_(column >= begin, column < end)
    value = _parsed(field, wanted.text)
    if field.kind is Kind.MONEY and wanted.field == field.name and wanted.text.isascii() and wanted.text.isdecimal():
        value = int(wanted.text)  # as rows carry it, in fen
    if field.kind in (Kind.TAGS, Kind.CHOICES):
        return and_(*(_holds(column, item) for item in value or ()))
    return _equals(column, value)


def _field(form: Form, name: str) -> Field:
    """By its name, with or without `_id` and `_fen`, by its label, or as rows carry a record's name."""
    for field in form.fields:
        bare = field.name.removesuffix("_id")
        if name in (field.name, bare, field.name.removesuffix("_fen"), field.zh, field.en):
            return field
        if field.kind is Kind.RECORD and name == f"{bare}_name":
            return field
    raise _unknown(form, name)


def _parsed(field: Field, text: str) -> Any:
    try:
        return forms.parse(field, text)
    except InvalidField as wrong:
        raise InvalidField("where", wrong.code, **wrong.values) from None


def _day(text: str) -> date | None:
    """A text that names a day and no time."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _unknown(form: Form, name: str) -> InvalidField:
    known = ", ".join(["id", "owner_id", *(field.name for field in form.fields)])
    return InvalidField("where", NO_FIELD, kind=form.label, name=name, known=known)


def _equals(column: Any, value: Any) -> ColumnElement[bool]:
    if value is None:
        return column.is_(None)  # type: ignore[no-any-return]
    if isinstance(column.type, Instant):  # to the minute, as it is written
        return and_(column >= value, column < value + timedelta(minutes=1))
    return column == value  # type: ignore[no-any-return]


def _holds(column: Any, item: str) -> ColumnElement[bool]:
    """A JSON list of words holds one of them; the same on both dialects."""
    spelled = (json.dumps(item, ensure_ascii=True), json.dumps(item, ensure_ascii=False))
    text = cast(column, String)
    return text.contains(spelled[0], autoescape=True) | text.contains(spelled[1], autoescape=True)


def _names(column: Any, kind: str, text: str) -> ColumnElement[bool]:
    """A record by its id, or by its name or number."""
    table = record_tables()[kind].__table__  # type: ignore[attr-defined]
    name = next((table.c[n] for n in ("name", "number", "what") if n in table.c), None)
    if name is None or (len(text) == 32 and text.isalnum() and text.isascii()):
        return _equals(column, text)
    return column.in_(select(table.c.id).where(name == text, table.c.deleted_at.is_(None)))  # type: ignore[no-any-return]


def _in_list(form: Form, field: Field, text: str) -> ColumnElement[bool]:
    """A list of which one row has the value in its first required field (phones=13805910032)."""
    child = field.form
    assert child is not None  # noqa: S101 - a list has a form
    parent = record_tables()[form.kind].__table__  # type: ignore[attr-defined]
    table = record_tables()[child.kind].__table__  # type: ignore[attr-defined]
    key = next((f for f in child.fields if f.required), child.fields[0])
    rows = select(table.c.parent_id).where(table.c.deleted_at.is_(None))
    if not text:
        return parent.c.id.not_in(rows)  # type: ignore[no-any-return]
    return parent.c.id.in_(rows.where(_equals(table.c[key.name], _parsed(key, text))))  # type: ignore[no-any-return]
