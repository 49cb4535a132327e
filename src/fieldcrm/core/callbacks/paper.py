"""The register 有效回访统计表: the list of past calls, the official table on paper and as a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms
from fieldcrm.base.data.listing import Column, FilterKind, ListSpec, Sort
from fieldcrm.base.jobs import Progress
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.people.tables import Person

COLUMNS = (
    "serial_number", "client_id", "policy_number", "product_held", "maturity_explained", "conversion_explained",
    "conversion_offer", "intention", "remark",
)  # fmt: skip
"""The official columns."""
_CHUNK = 500
_BLANK_ROWS = 12  # of a register without entries: to write on


@dataclass(frozen=True)
class CallRow:
    """A past call in the register list."""

    id: str
    client_id: str
    client: str
    called_at: datetime
    serial_number: int | None
    policy_number: str
    product_held: str
    result: str | None
    maturity_explained: bool | None
    conversion_offer: str
    intention: str | None
    objection: str | None
    valid: bool
    next_on: date | None
    next_time: str | None
    remark: str
    manager: str


@dataclass(frozen=True)
class CallRegister:
    """The calls of a span of days as form values, and the names of their clients."""

    first: date
    last: date
    rows: tuple[Mapping[str, Any], ...]
    names: Mapping[str, str]


def call_list() -> ListSpec:
    """The list of past calls, newest first."""
    joined = Callback.__table__.outerjoin(Client.__table__, Client.id == Callback.client_id)
    return ListSpec(
        name="callbacks",
        source=joined.outerjoin(Person.__table__, Person.id == Callback.owner_id),
        id=Callback.id,
        where=(Callback.deleted_at.is_(None),),
        sort=Sort("called_at", descending=True),
        load=load_calls,
        columns=(
            Column("called_at", Callback.called_at, FilterKind.DATE, nullable=False),
            Column("client", Client.name, FilterKind.TEXT, jump=Client.name_key),
            Column("policy_number", Callback.policy_number, FilterKind.TEXT),
            Column("product_held", Callback.product_held, FilterKind.TEXT),
            Column("result", Callback.result, FilterKind.CHOICE),
            Column("maturity_explained", Callback.maturity_explained, FilterKind.NONE),
            Column("conversion_offer", Callback.conversion_offer, FilterKind.TEXT),
            Column("intention", Callback.intention, FilterKind.CHOICE),
            Column("objection", Callback.objection, FilterKind.CHOICE),
            Column("valid", Callback.valid, FilterKind.NONE),
            Column("next_on", Callback.next_on, FilterKind.DATE),
            Column("remark", Callback.remark, FilterKind.TEXT),
            Column("manager", Person.name, FilterKind.TEXT),
        ),
    )


def load_calls(session: Session, ids: Sequence[str]) -> dict[str, CallRow]:
    """Past calls by id."""
    found: dict[str, CallRow] = {}
    for start in range(0, len(ids), _CHUNK):
        query = (
            select(Callback, Client.name, Person.name)
            .outerjoin(Client, Client.id == Callback.client_id)
            .outerjoin(Person, Person.id == Callback.owner_id)
            .where(Callback.id.in_(ids[start : start + _CHUNK]))
        )
        for call, client, manager in session.execute(query):
            found[call.id] = CallRow(
                call.id, call.client_id, client or "—", call.called_at, call.serial_number, call.policy_number or "",
                call.product_held or "", call.result, call.maturity_explained, call.conversion_offer or "",
                call.intention, call.objection, bool(call.valid), call.next_on, call.next_time, call.remark or "",
                manager or "",
            )  # fmt: skip
    return found


def call_register(
    session: Session, first: date, last: date, *, valid_only: bool = True, owner_id: str | None = None
) -> CallRegister:
    """The calls from the first to the last day, both included, numbered in order; only the valid ones unless asked."""
    start, end = clock.day_bounds(first)[0], clock.day_bounds(last)[1]
    query = (
        select(Callback, Client.name)
        .outerjoin(Client, Client.id == Callback.client_id)
        .where(Callback.deleted_at.is_(None), Callback.called_at >= start, Callback.called_at < end)
        .order_by(Callback.called_at, Callback.id)
    )
    if valid_only:
        query = query.where(Callback.valid.is_(True))
    if owner_id is not None:
        query = query.where(Callback.owner_id == owner_id)
    fields = [f.name for f in forms.get("callback").fields]
    rows: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    for call, name in session.execute(query):
        rows.append({f: getattr(call, f) for f in fields} | {"serial_number": len(rows) + 1})
        names[call.client_id] = name or "—"
    return CallRegister(first, last, tuple(rows), names)


def call_register_bytes(register: CallRegister, who: str = "", progress: Progress | None = None) -> bytes:
    """The register as PDF, for a preview."""
    from fieldcrm.base.paper import sheet
    from fieldcrm.base.paper.form import form_register

    form = forms.get("callback")
    blank = 0 if register.rows else _BLANK_ROWS
    document = form_register(form, register.rows, columns=COLUMNS, names=register.names, who=who, blank_rows=blank)
    return sheet.build(document, progress)[0]


def write_call_sheet(register: CallRegister, path: Path, progress: Progress | None = None) -> int:
    """The register as .xlsx, every field of the form; gives its rows."""
    from fieldcrm.base.i18n import is_chinese
    from fieldcrm.base.sheets import writer
    from fieldcrm.base.sheets.form_sheet import form_sheet

    form = forms.get("callback")
    rows = [dict(row) | {"client_id": register.names.get(row["client_id"], "")} for row in register.rows]
    names = [f.name for f in form.fields if f.name != "policy_id"]
    title = form.paper_zh if is_chinese() else form.paper_en
    return writer.write(path, [form_sheet(form, rows, name=title, fields=names)], progress=progress)
