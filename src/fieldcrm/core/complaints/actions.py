"""Writing complaints: register, steps, pauses with a reason, answer, close, reopen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms, text
from fieldcrm.base.data.journal import author
from fieldcrm.base.errors import ChangedElsewhere, InvalidField, Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.complaints.tables import Complaint, ComplaintPause, ComplaintStep
from fieldcrm.core.policies.tables import Policy

GONE = define("complaint.gone", N_("This complaint is no longer there."))
CLOSED = define("complaint.closed", N_("This complaint is closed; reopen it first."))
NOT_CLOSED = define("complaint.not_closed", N_("This complaint is not closed."))
PAUSED = define("complaint.paused", N_("The clocks are paused already."))
RUNNING = define("complaint.running", N_("The clocks are running."))
NO_REASON = define("complaint.no_reason", N_("Say why the clocks are paused."))
NO_WHAT = define("complaint.no_what", N_("Say what was done."))
NO_OPINION = define("complaint.no_opinion", N_("Write the handling opinion first."))
NO_SURRENDER = define("complaint.no_surrender", N_("Say whether there was an irregular surrender."))
FUTURE = define("complaint.future", N_("This lies in the future."))

_SET_BY_ACTIONS = frozenset({"steps", "pauses", "answered_at", "closed_at", "status", "serial_number", "filled_on"})


def register_complaint(
    session: Session,
    *,
    client_id: str,
    policy_id: str | None = None,
    received_at: datetime | None = None,
    **values: Any,
) -> str:
    """Take in a complaint; `values` by the form's field names. The clocks start on receipt. Gives its id.

    Raises `InvalidFields`, `ChangedElsewhere` when the client is gone.
    """
    client = session.get(Client, client_id)
    if client is None or client.deleted_at is not None:
        raise ChangedElsewhere(GONE)
    moment = received_at or clock.now()
    if moment > clock.now():
        raise InvalidField("received_at", FUTURE)
    policy = session.get(Policy, policy_id) if policy_id else None
    given = {name: value for name, value in values.items() if name not in _SET_BY_ACTIONS}
    given |= {"client_id": client_id, "received_at": moment, "policy_id": policy.id if policy else None}
    given["policy_number"] = policy.number if policy else values.get("policy_number")
    cleaned = forms.clean(forms.get("complaint"), given)
    kept = {name: value for name, value in cleaned.items() if name not in _SET_BY_ACTIONS}
    day = clock.day_of(moment)
    complaint = Complaint(**kept, status="open", filled_on=clock.today(), serial_number=_next_serial(session, day))
    session.add(complaint)
    session.flush()
    return complaint.id


def change_complaint(session: Session, complaint_id: str, **values: Any) -> None:
    """Correct a complaint; steps, pauses and its state have actions of their own. Raises `InvalidFields`."""
    complaint = _complaint(session, complaint_id)
    form = forms.get("complaint")
    kept = {f.name: getattr(complaint, f.name) for f in form.fields if f.name not in ("steps", "pauses")}
    asked = {name: value for name, value in values.items() if name not in _SET_BY_ACTIONS}
    cleaned = forms.clean(form, kept | asked)
    for field in form.fields:
        if field.name in kept and field.name not in _SET_BY_ACTIONS and cleaned[field.name] != kept[field.name]:
            setattr(complaint, field.name, cleaned[field.name])


def add_complaint_step(
    session: Session, complaint_id: str, what: str, *, person: str | None = None, happened_at: datetime | None = None
) -> str:
    """Add a step of handling, by who is writing unless said. Gives its id; `InvalidField(what)`, `Refused`."""
    complaint = _standing(session, complaint_id)
    words = text.one_line(what)
    if not words:
        raise InvalidField("what", NO_WHAT)
    who = person or author(session).person_name or None
    step = ComplaintStep(
        parent_id=complaint.id, owner_id=complaint.owner_id, position=_position(session, ComplaintStep, complaint.id),
        happened_at=happened_at or clock.now(), person=who, what=words,
    )  # fmt: skip
    session.add(step)
    session.flush()
    return step.id


def pause_complaint(session: Session, complaint_id: str, reason: str) -> None:
    """Stop both clocks from now. `InvalidField(reason)` without one, `Refused` when paused already or closed."""
    complaint = _standing(session, complaint_id)
    words = text.one_line(reason)
    if not words:
        raise InvalidField("reason", NO_REASON)
    if _open_pause(session, complaint.id) is not None:
        raise Refused(PAUSED)
    session.add(
        ComplaintPause(
            parent_id=complaint.id, owner_id=complaint.owner_id, started_at=clock.now(), reason=words,
            position=_position(session, ComplaintPause, complaint.id),
        )
    )  # fmt: skip


def resume_complaint(session: Session, complaint_id: str) -> None:
    """The clocks run again. `Refused` when they do."""
    pause = _open_pause(session, _standing(session, complaint_id).id)
    if pause is None:
        raise Refused(RUNNING)
    pause.ended_at = clock.now()


def answer_complaint(
    session: Session, complaint_id: str, *, handling_opinion: str | None = None, answered_at: datetime | None = None
) -> None:
    """The client has been answered: the 7-day clock stops. `InvalidField(handling_opinion)` without an opinion."""
    complaint = _standing(session, complaint_id)
    _write_opinion(complaint, handling_opinion)
    _end_pause(session, complaint.id)
    complaint.answered_at = answered_at or clock.now()
    complaint.status = "answered"


def close_complaint(
    session: Session,
    complaint_id: str,
    *,
    irregular_surrender: bool | None,
    compensation_fen: int | None = None,
    client_opinion: str | None = None,
    handling_opinion: str | None = None,
) -> None:
    """Close a complaint; one that was not answered counts as answered now.

    Whether it was settled to satisfaction follows from the surrender and the compensation (`rules.is_satisfied`).
    Raises `InvalidField` (irregular_surrender, handling_opinion, …), `Refused` when closed.
    """
    complaint = _standing(session, complaint_id)
    if irregular_surrender is None:
        raise InvalidField("irregular_surrender", NO_SURRENDER)
    _write_opinion(complaint, handling_opinion)
    told = {
        "irregular_surrender": irregular_surrender,
        "compensation_fen": compensation_fen,
        "client_opinion": client_opinion,
    }
    for name, value in forms.clean(forms.get("complaint"), told, partial=True).items():
        setattr(complaint, name, value)
    _end_pause(session, complaint.id)
    now = clock.now()
    complaint.answered_at = complaint.answered_at or now
    complaint.closed_at = now
    complaint.status = "closed"


def reopen_complaint(session: Session, complaint_id: str) -> None:
    """The complaint goes on: the regulatory clock runs from receipt as before. `Refused` when it is not closed."""
    complaint = _complaint(session, complaint_id)
    if complaint.closed_at is None:
        raise Refused(NOT_CLOSED)
    complaint.closed_at = None
    complaint.status = "answered" if complaint.answered_at else "open"


def _complaint(session: Session, complaint_id: str) -> Complaint:
    complaint = session.get(Complaint, complaint_id)
    if complaint is None or complaint.deleted_at is not None:
        raise ChangedElsewhere(GONE)
    return complaint


def _standing(session: Session, complaint_id: str) -> Complaint:
    complaint = _complaint(session, complaint_id)
    if complaint.closed_at is not None:
        raise Refused(CLOSED)
    return complaint


def _write_opinion(complaint: Complaint, opinion: str | None) -> None:
    if opinion is not None:
        told = forms.clean(forms.get("complaint"), {"handling_opinion": opinion}, partial=True)
        complaint.handling_opinion = told["handling_opinion"]
    if not complaint.handling_opinion:
        raise InvalidField("handling_opinion", NO_OPINION)


def _open_pause(session: Session, complaint_id: str) -> ComplaintPause | None:
    return session.scalars(
        select(ComplaintPause)
        .where(
            ComplaintPause.parent_id == complaint_id,
            ComplaintPause.deleted_at.is_(None),
            ComplaintPause.ended_at.is_(None),
        )
        .order_by(ComplaintPause.started_at)
    ).first()


def _end_pause(session: Session, complaint_id: str) -> None:
    pause = _open_pause(session, complaint_id)
    if pause is not None:
        pause.ended_at = clock.now()


def _position(session: Session, child: type[ComplaintStep] | type[ComplaintPause], complaint_id: str) -> int:
    last = session.scalar(select(func.max(child.position)).where(child.parent_id == complaint_id))
    return 0 if last is None else int(last) + 1


def _next_serial(session: Session, day: date) -> int:
    """The serial number in the register of the month of receipt."""
    start = clock.day_bounds(day.replace(day=1))[0]
    end = clock.instant(date(day.year + day.month // 12, day.month % 12 + 1, 1))
    highest = session.scalar(
        select(func.max(Complaint.serial_number)).where(
            Complaint.deleted_at.is_(None), Complaint.received_at >= start, Complaint.received_at < end,
            Complaint.owner_id == author(session).person_id,
        )
    )  # fmt: skip
    return int(highest or 0) + 1
