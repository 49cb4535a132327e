"""The register 客户投诉情况统计表 on paper and as a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms
from fieldcrm.base.jobs import Progress
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.complaints.tables import Complaint

COLUMNS = (
    "serial_number", "client_id", "policy_number", "received_at", "point", "handling_opinion", "irregular_surrender",
    "answered_at", "closed_at", "remark",
)  # fmt: skip
"""The official columns, with the days that prove the time limits."""
_BLANK_ROWS = 12  # of a register without entries: to write on


@dataclass(frozen=True)
class ComplaintRegister:
    """The complaints received in a span of days, as form values, and the names of their clients."""

    first: date
    last: date
    rows: tuple[Mapping[str, Any], ...]
    names: Mapping[str, str]


def complaint_register(
    session: Session, first: date, last: date, owner_id: str | None = None, ids: frozenset[str] | None = None
) -> ComplaintRegister:
    """What was received from the first to the last day, both included, in order; of one manager when asked."""
    start, end = clock.day_bounds(first)[0], clock.day_bounds(last)[1]
    query = (
        select(Complaint, Client.name)
        .outerjoin(Client, Client.id == Complaint.client_id)
        .where(Complaint.deleted_at.is_(None), Complaint.received_at >= start, Complaint.received_at < end)
        .order_by(Complaint.received_at, Complaint.id)
    )
    if owner_id is not None:
        query = query.where(Complaint.owner_id == owner_id)
    rows: list[dict[str, Any]] = []
    names: dict[str, str] = {}
    fields = [f.name for f in forms.get("complaint").fields if f.name not in ("steps", "pauses")]
    for complaint, name in session.execute(query):
        if ids is None or complaint.id in ids:
            rows.append({f: getattr(complaint, f) for f in fields} | {"serial_number": len(rows) + 1})
            names[complaint.client_id] = name or "—"
    return ComplaintRegister(first, last, tuple(rows), names)


def complaint_register_bytes(register: ComplaintRegister, who: str = "", progress: Progress | None = None) -> bytes:
    """The register as PDF, for a preview."""
    from fieldcrm.base.paper import sheet
    from fieldcrm.base.paper.form import form_register

    form = forms.get("complaint")
    blank = 0 if register.rows else _BLANK_ROWS
    document = form_register(form, register.rows, columns=COLUMNS, names=register.names, who=who, blank_rows=blank)
    return sheet.build(document, progress)[0]


def write_complaint_sheet(register: ComplaintRegister, path: Path, progress: Progress | None = None) -> int:
    """The register as .xlsx, every field of the form; gives its rows."""
    from fieldcrm.base.i18n import is_chinese
    from fieldcrm.base.sheets import writer
    from fieldcrm.base.sheets.form_sheet import form_sheet

    form = forms.get("complaint")
    rows = [dict(row) | {"client_id": register.names.get(row["client_id"], "")} for row in register.rows]
    names = [f.name for f in form.fields if f.name not in ("policy_id", "steps", "pauses")]
    title = form.paper_zh if is_chinese() else form.paper_en
    return writer.write(path, [form_sheet(form, rows, name=title, fields=names)], progress=progress)
