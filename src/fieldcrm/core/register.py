"""Registers: the records of a span of days in order, on paper as the official table and as a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms
from fieldcrm.base.forms import Kind
from fieldcrm.base.jobs import Progress
from fieldcrm.core.clients.tables import Client

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

    from fieldcrm.base.paper.sheet import Document

_BLANK_ROWS = 9  # of a register without entries, to write on: a page with room to sign


@dataclass(frozen=True)
class Register:
    """Records of one form as its values, the fields printed as columns, and the names of the clients by id; `first`
    and `last` are the days it tells of, None of a blank one."""

    kind: str
    columns: tuple[str, ...]
    first: date | None
    last: date | None
    rows: tuple[Mapping[str, Any], ...]
    names: Mapping[str, str]

    @property
    def days(self) -> str:
        """The days it tells of, with their year."""
        if self.first is None or self.last is None:
            return ""
        return " – ".join(dict.fromkeys((self.first.isoformat(), self.last.isoformat())))


def blank(kind: str, columns: tuple[str, ...]) -> Register:
    """A register to fill in by hand."""
    return Register(kind, columns, None, None, (), {})


def read_register(
    session: Session,
    cls: Any,
    at: InstrumentedAttribute[Any],
    columns: tuple[str, ...],
    first: date,
    last: date,
    *where: ColumnElement[bool],
) -> Register:
    """What happened (`at`) from the first to the last day, both included, numbered in order."""
    start, end = clock.day_bounds(first)[0], clock.day_bounds(last)[1]
    query = (
        select(cls, Client.name)
        .outerjoin(Client, Client.id == cls.client_id)
        .where(cls.deleted_at.is_(None), at >= start, at < end, *where)
        .order_by(at, cls.id)
    )
    kind: str = cls.__tablename__
    fields = [f.name for f in forms.get(kind).fields if f.kind is not Kind.LIST]
    rows: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    for record, name in session.execute(query):
        rows.append({f: getattr(record, f) for f in fields} | {"serial_number": len(rows) + 1})
        names[record.client_id] = name or "—"
    return Register(kind, columns, first, last, tuple(rows), names)


def register_document(register: Register, who: str = "") -> Document:
    """The register as the official table, drawn."""
    from fieldcrm.base.paper.form import form_register

    form = forms.get(register.kind)
    return form_register(
        form, register.rows, columns=register.columns, names=register.names,
        who=" · ".join(filter(None, (who, register.days))), blank_rows=0 if register.rows else _BLANK_ROWS,
    )  # fmt: skip


def register_bytes(register: Register, who: str = "", progress: Progress | None = None) -> bytes:
    """The register as PDF, for a preview."""
    from fieldcrm.base.paper import sheet

    return sheet.build(register_document(register, who), progress)[0]


def write_register(register: Register, path: Path, progress: Progress | None = None) -> int:
    """The register as .xlsx, every field of the form; gives its rows."""
    from fieldcrm.base.i18n import is_chinese
    from fieldcrm.base.sheets import writer
    from fieldcrm.base.sheets.form_sheet import form_sheet

    form = forms.get(register.kind)
    rows = [dict(row) | {"client_id": register.names.get(row["client_id"], "")} for row in register.rows]
    names = [f.name for f in form.fields if f.name != "policy_id"]
    title = form.paper_zh if is_chinese() else form.paper_en
    return writer.write(path, [form_sheet(form, rows, name=title, fields=names)], progress=progress)
