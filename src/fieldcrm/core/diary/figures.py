"""The figures of a day, counted from its records; the same count on the laptop and at the office."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, text
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.complaints.tables import Complaint, ComplaintStep
from fieldcrm.core.contacts.rules import REACHED
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.visits import rules as visit_rules
from fieldcrm.core.visits.tables import Visit


@dataclass(frozen=True)
class Figures:
    """Counts of one day. Calls are phone contacts and callbacks; a callback that made a contact counts once.

    `intentions` and `objections` count by code, the most frequent first. Money in fen.
    """

    calls: int = 0
    reached: int = 0
    appointments: int = 0
    visits_planned: int = 0
    visits_done: int = 0
    callbacks: int = 0
    callbacks_valid: int = 0
    callbacks_unreached: int = 0
    intentions: dict[str, int] = field(default_factory=dict)
    objections: dict[str, int] = field(default_factory=dict)
    contacts: int = 0
    policies: int = 0
    premium_fen: int = 0
    complaints_received: int = 0
    complaints_handled: int = 0
    complaints_closed: int = 0

    @property
    def empty(self) -> bool:
        """Nothing happened (what was only planned does not count)."""
        done = (self.contacts, self.callbacks, self.visits_done, self.policies)
        return not any((*done, self.complaints_received, self.complaints_handled, self.complaints_closed))

    @property
    def appointment_rate(self) -> str:
        """Appointments ÷ calls made (domain, section 5)."""
        return text.percent(self.appointments, self.calls)

    def snapshot(self) -> dict[str, Any]:
        """As kept in an entry."""
        return asdict(self)


def from_snapshot(kept: dict[str, Any] | None) -> Figures | None:
    """The figures of an entry; what an older or newer version counted besides is left out."""
    if kept is None:
        return None
    known = Figures.__dataclass_fields__
    return Figures(**{name: value for name, value in kept.items() if name in known})


def owned(column: Any, person_id: str | None) -> tuple[ColumnElement[bool], ...]:
    """Of one person, or of everybody in the book."""
    return () if person_id is None else (column == person_id,)


def figures(session: Session, day: date, person_id: str | None = None) -> Figures:
    """Count a day's records, of one person where the book holds several."""
    start, end = clock.day_bounds(day)
    touches = session.execute(
        select(Contact.id, Contact.kind, Contact.result, Contact.objection).where(
            Contact.deleted_at.is_(None), Contact.started_at >= start, Contact.started_at < end,
            *owned(Contact.owner_id, person_id),
        )
    ).all()  # fmt: skip
    callbacks = session.execute(
        select(
            Callback.result, Callback.valid, Callback.intention, Callback.objection, Callback.contact_id
        ).where(
            Callback.deleted_at.is_(None), Callback.called_at >= start, Callback.called_at < end,
            *owned(Callback.owner_id, person_id),
        )
    ).all()  # fmt: skip
    by_callback = {row.contact_id for row in callbacks if row.contact_id}
    phone = [row for row in touches if row.kind == "phone"]
    alone = [row for row in callbacks if row.contact_id not in {contact.id for contact in phone}]
    unreached = sum(row.result not in (None, "reached") for row in callbacks)
    spoken = [row.objection for row in touches if row.id not in by_callback] + [row.objection for row in callbacks]
    return Figures(
        calls=len(phone) + len(alone),
        reached=sum(row.result in REACHED for row in phone) + sum(row.result == "reached" for row in alone),
        appointments=sum(row.result == "appointment" for row in phone),
        callbacks=len(callbacks),
        callbacks_valid=sum(bool(row.valid) for row in callbacks),
        callbacks_unreached=unreached,
        intentions=_counted([row.intention for row in callbacks]),
        objections=_counted(spoken),
        contacts=len(touches) + sum(row.contact_id is None for row in callbacks),
        **_visits(session, day, person_id),
        **_policies(session, day, person_id),
        **_complaints(session, day, person_id),
    )


def _counted(codes: Sequence[str | None]) -> dict[str, int]:
    return dict(Counter(code for code in codes if code).most_common())


def _visits(session: Session, day: date, person_id: str | None) -> dict[str, int]:
    statuses: Counter[str] = Counter()
    for status, count in session.execute(
        select(Visit.status, func.count())
        .where(Visit.deleted_at.is_(None), Visit.planned_on == day, *owned(Visit.owner_id, person_id))
        .group_by(Visit.status)
    ):
        statuses[status] = count
    done = statuses[visit_rules.DONE]
    return {"visits_planned": done + sum(statuses[status] for status in visit_rules.OPEN), "visits_done": done}


def _policies(session: Session, day: date, person_id: str | None) -> dict[str, int]:
    """Policies that take effect on the day; a list that is imported brings those of years, so it counts the date."""
    found = session.execute(
        select(func.count(), func.coalesce(func.sum(Policy.premium_fen), 0)).where(
            Policy.deleted_at.is_(None), Policy.effective_on == day,
            *owned(Policy.owner_id, person_id),
        )
    ).one()  # fmt: skip
    return {"policies": found[0], "premium_fen": int(found[1] or 0)}


def _complaints(session: Session, day: date, person_id: str | None) -> dict[str, int]:
    start, end = clock.day_bounds(day)
    mine = (Complaint.deleted_at.is_(None), *owned(Complaint.owner_id, person_id))
    stepped = (
        select(ComplaintStep.id)
        .where(
            ComplaintStep.parent_id == Complaint.id, ComplaintStep.deleted_at.is_(None),
            ComplaintStep.happened_at >= start, ComplaintStep.happened_at < end,
        )
        .exists()
    )  # fmt: skip
    answered = (Complaint.answered_at >= start) & (Complaint.answered_at < end)
    closed = (Complaint.closed_at >= start) & (Complaint.closed_at < end)

    def count(*conditions: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(Complaint).where(*mine, *conditions)) or 0

    return {
        "complaints_received": count(Complaint.received_at >= start, Complaint.received_at < end),
        "complaints_handled": count(or_(stepped, answered, closed)),
        "complaints_closed": count(closed),
    }


def names_of(session: Session, client_ids: Sequence[str | None]) -> dict[str, str]:
    """Names of clients by id."""
    ids = sorted({id for id in client_ids if id})
    found: dict[str, str] = {}
    for start in range(0, len(ids), 500):
        rows = session.execute(select(Client.id, Client.name).where(Client.id.in_(ids[start : start + 500])))
        found.update((id, name) for id, name in rows)
    return found
