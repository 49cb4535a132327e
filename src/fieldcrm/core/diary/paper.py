"""The evening sheet (客户经理工作日志) of a day: the counted figures, then the form, filled or with room to write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import forms, text
from fieldcrm.base.data.journal_tables import Identity
from fieldcrm.base.i18n import _
from fieldcrm.base.jobs import Progress
from fieldcrm.core.diary.draft import draft
from fieldcrm.core.diary.figures import Figures
from fieldcrm.core.diary.queries import entry
from fieldcrm.core.people.tables import Person, Unit

if TYPE_CHECKING:
    from fieldcrm.base.paper.sheet import Document


@dataclass(frozen=True)
class EveningPaper:
    """What is printed: form values of the day, the figures, who."""

    values: dict[str, Any]
    figures: Figures
    who: str
    countersigned_by: str


def evening_paper(session: Session, day: date, person_id: str | None = None) -> EveningPaper:
    """The sheet of a day: as saved; where nothing was written yet, the draft from the day's records."""
    drafted = draft(session, day, person_id)
    saved = entry(session, day, person_id)
    values: dict[str, Any] = {"day": day}
    if saved is None:
        values |= {"happened": drafted.happened or None, "plan_tomorrow": drafted.tomorrow or None}
    else:
        values |= saved.words
        values |= {
            "countersigned_at": saved.countersigned_at,
            "countersigned_by_id": saved.countersigned_by or None,
            "countersign_remark": saved.countersign_remark or None,
            "notes": [{"written_at": n.written_at, "person_id": n.person, "words": n.words} for n in saved.notes],
        }
    signed = saved is not None and saved.countersigned_at is not None
    counted = saved.figures if saved and saved.figures and signed else drafted.figures
    return EveningPaper(values, counted, _who(session, day, person_id), saved.countersigned_by if saved else "")


def figure_rows(counted: Figures) -> list[tuple[str, str]]:
    """The figures as pairs of words, in the order of the sheet."""
    return [
        (_("Calls made"), str(counted.calls)),
        (_("Reached"), f"{counted.reached} ({text.percent(counted.reached, counted.calls)})"),
        (_("Appointments"), f"{counted.appointments} ({counted.appointment_rate})"),
        (_("Visits"), f"{counted.visits_done} / {counted.visits_planned}"),
        (_("Callbacks"), str(counted.callbacks)),
        (_("Valid callbacks"), str(counted.callbacks_valid)),
        (_("Contacts"), str(counted.contacts)),
        (_("Policies issued"), str(counted.policies)),
        (_("Complaints received"), str(counted.complaints_received)),
        (_("Complaints handled"), str(counted.complaints_handled)),
    ]


def document(paper: EveningPaper) -> Document:
    """The sheet, drawn."""
    from fieldcrm.base.paper.blocks import Block, Heading
    from fieldcrm.base.paper.form import form_filled
    from fieldcrm.base.paper.table import Column, Table

    names = {value: value for value in (paper.countersigned_by,) if value}
    names |= {note["person_id"]: note["person_id"] for note in paper.values.get("notes") or ()}
    made = form_filled(forms.get("diary"), paper.values, names=names, who=paper.who)
    rows = figure_rows(paper.figures)
    half = len(rows) // 2
    columns = tuple(Column(label) for label, _value in rows[:half])  # all as wide: the two rows stand as one table
    second = tuple(Column(label) for label, _value in rows[half:])
    blocks: list[Block] = [
        Heading(words=_("Figures of the day, counted from the records")),
        Table(columns, [[value for _label, value in rows[:half]]], grid=True, row_height=22.0),
        Table(second, [[value for _label, value in rows[half:]]], grid=True, row_height=22.0),
    ]
    return replace(made, parts=[replace(made.parts[0], blocks=[*blocks, *made.parts[0].blocks])])


def evening_sheet_bytes(paper: EveningPaper, progress: Progress | None = None) -> bytes:
    """The sheet as PDF in memory, for a preview."""
    from fieldcrm.base.paper import sheet

    return sheet.build(document(paper), progress)[0]


def _who(session: Session, day: date, person_id: str | None) -> str:
    identity = session.scalars(select(Identity).limit(1)).first()
    person = session.get(Person, person_id or (identity.person_id if identity else ""))
    unit = session.get(Unit, person.unit_id) if person and person.unit_id else None
    unit_name = unit.name if unit else identity.unit_name if identity else ""
    name = person.name if person else identity.person_name if identity else ""
    return " • ".join(filter(None, (f"{day.isoformat()} {text.weekday(day)}", unit_name, name)))
