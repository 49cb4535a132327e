"""Writing visits: plan, change, move, cancel, finish. Each takes the session of one journalled transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, text, workdays
from fieldcrm.base.data import journal
from fieldcrm.base.data.setting_table import read_settings
from fieldcrm.base.errors import ChangedElsewhere, InvalidField, Refused, define
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.settings import VISITS_A_DAY
from fieldcrm.core import contacts, tasks
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.contacts.actions import NEXT_STEP
from fieldcrm.core.tasks.tables import Task
from fieldcrm.core.visits import proposal, queries, ranking, rules
from fieldcrm.core.visits.tables import Visit

GONE = define("visit_gone", N_("This visit is no longer there."))


@dataclass(frozen=True)
class Finished:
    """What finishing made: the contact, and the next step when one was given."""

    contact_id: str
    task_id: str | None


def plan_visit(
    session: Session,
    *,
    planned_on: date,
    client_id: str | None = None,
    channel_id: str | None = None,
    slot: str | None = None,
    minutes: int | None = rules.DEFAULT_MINUTES,
    purpose: str | None = None,
    bring: str | None = None,
    place: str | None = None,
    task_id: str | None = None,
) -> str:
    """Plan a stop; gives its id. Raises `InvalidField` (slot, minutes, client_id), `Refused` without consent."""
    if client_id is None and channel_id is None:
        raise InvalidField("client_id", rules.NO_WHO)
    if client_id is not None:
        client = session.get(Client, client_id)
        if client is not None and client.consent is False:
            raise Refused(rules.NO_CONSENT)
    rules.minute_of(slot)
    rules.check_length(minutes)
    visit = Visit(
        client_id=client_id,
        channel_id=channel_id,
        planned_on=planned_on,
        slot=slot,
        minutes=minutes,
        purpose=_words(purpose),
        bring=_words(bring),
        place=_words(place),
        task_id=task_id,
        status=rules.PLANNED,
    )
    session.add(visit)
    session.flush()
    return visit.id


def change_visit(session: Session, visit_id: str, **values: Any) -> None:
    """Change slot, minutes, purpose, what to bring or the place of a stop; its day is changed by `move_visit`."""
    visit = _visit(session, visit_id)
    rules.minute_of(values.get("slot"))
    rules.check_length(values.get("minutes"))
    for name, value in values.items():
        if name not in ("slot", "minutes", "purpose", "bring", "place"):
            raise TypeError(name)
        setattr(visit, name, _words(value) if isinstance(value, str) else value)


def move_visit(session: Session, visit_id: str, planned_on: date, slot: str | None, reason: str | None = None) -> None:
    """Move a stop. Within its day no reason is asked; to another day one is, unless it was only just planned today.

    Raises `InvalidField` (slot, reason) and `Refused` for a stop that is done or cancelled.
    """
    visit = _visit(session, visit_id)
    rules.minute_of(slot)
    if planned_on != visit.planned_on:
        rules.check_status(visit.status, rules.MOVED)
        drafted = visit.status == rules.PLANNED and clock.day_of(visit.created_at) == clock.today()
        if reason or not drafted:
            visit.reason = rules.check_reason(reason)
            visit.status = rules.MOVED
        visit.planned_on = planned_on
    elif visit.status not in rules.OPEN:
        rules.check_status(visit.status, rules.MOVED)
    visit.slot = slot


def cancel_visit(session: Session, visit_id: str, reason: str) -> None:
    """Cancel a stop, with its reason; raises `InvalidField`, `Refused`."""
    visit = _visit(session, visit_id)
    rules.check_status(visit.status, rules.CANCELLED)
    visit.reason = rules.check_reason(reason)
    visit.status = rules.CANCELLED


def finish_visit(
    session: Session,
    visit_id: str,
    *,
    result: str,
    summary: str | None = None,
    started_at: datetime | None = None,
    minutes: int | None = None,
    objection: str | None = None,
    next_what: str | None = None,
    next_on: date | None = None,
    next_time: str | None = None,
    next_way: str | None = None,
) -> Finished:
    """A stop is done: it becomes a contact, with the next step in the same entry, and closes the step it came from.

    A stop at a channel has no client and so makes no contact: its id is empty then.
    """
    visit = _visit(session, visit_id)
    rules.check_status(visit.status, rules.DONE)
    rules.minute_of(next_time)
    visit.status = rules.DONE
    if visit.client_id is None:
        made = _finish_at_channel(session, visit, next_what, next_on, next_time, next_way)
    else:
        logged = contacts.log_contact(
            session,
            visit.client_id,
            kind="visit",
            result=result,
            summary=_words(summary),
            objection=objection,
            started_at=started_at or _planned_at(visit),
            minutes=minutes or visit.minutes,
            next_what=next_what or (visit.purpose if next_on else None),
            next_on=next_on,
            next_time=next_time,
            next_way=next_way,
        )
        visit.contact_id = logged.contact_id
        made = Finished(logged.contact_id, logged.task_id)
    if visit.task_id and session.get(Task, visit.task_id) is not None:
        by = ("contact", made.contact_id) if made.contact_id else ("visit", visit.id)
        tasks.close_step(session, visit.task_id, by)
    return made


def plan_candidate(
    session: Session,
    client_id: str,
    *,
    monday: date,
    planned_on: date | None = None,
    slot: str | None = None,
    minutes: int | None = rules.DEFAULT_MINUTES,
    purpose: str | None = None,
    bring: str | None = None,
) -> str:
    """Plan a stop on a day of the week of `monday`; without a day on its first workday with room, from today on.

    Without a time it takes the first free slot. Raises `Refused` when the week is full, else as `plan_visit`.
    """
    length = minutes or rules.DEFAULT_MINUTES
    if planned_on is None:
        planned_on = next((on for on in _coming_workdays(monday) if _room(session, on, length)), None)
        if planned_on is None:
            raise Refused(rules.WEEK_FULL)
    if slot is None:
        slot = rules.free_slot(queries.taken_on(session, planned_on), length, _gone(planned_on))
    return plan_visit(
        session, planned_on=planned_on, client_id=client_id, slot=slot, minutes=minutes, purpose=purpose, bring=bring
    )


def _coming_workdays(monday: date) -> list[date]:
    days = [monday + timedelta(days=n) for n in range(7)]
    return [day for day in days if day >= clock.today() and workdays.is_workday(day)]


def _room(session: Session, on: date, minutes: int) -> bool:
    taken = queries.taken_on(session, on)
    return len(taken) < rules.DAY_CAPACITY and rules.free_slot(taken, minutes, _gone(on)) is not None


def _gone(day: date) -> int:
    """The minutes of a day that have passed; none of any other than today."""
    now = clock.local(clock.now())
    return now.hour * 60 + now.minute if day == now.date() else 0


def drop_visit(session: Session, visit_id: str, planned_on: date, reason: str | None = None) -> None:
    """Move a stop to another day, at its time when that is free there, else at the first free one."""
    visit = _visit(session, visit_id)
    if planned_on == visit.planned_on:
        return
    taken = queries.taken_on(session, planned_on)
    own = rules.Taken(visit.id, visit.slot, visit.minutes)
    clashing = any(visit.id in (clash.first_id, clash.second_id) for clash in rules.clashes([*taken, own]))
    minutes = visit.minutes or rules.DEFAULT_MINUTES
    slot = (rules.free_slot(taken, minutes, _gone(planned_on)) or visit.slot) if clashing else visit.slot
    move_visit(session, visit_id, planned_on, slot, reason)


def edit_stop(
    session: Session, visit_id: str, *, planned_on: date, slot: str | None, reason: str | None = None, **values: Any
) -> None:
    """Change a stop in one operation: its day and time (as `move_visit`), and what `change_visit` takes."""
    visit = _visit(session, visit_id)
    if (planned_on, slot) != (visit.planned_on, visit.slot):
        move_visit(session, visit_id, planned_on, slot, reason)
    change_visit(session, visit_id, **values)


def propose_week(session: Session, monday: date) -> int:
    """Fill the free slots of a week's workdays, from today on, with the best candidates; gives how many were planned.

    A day takes as many stops as the setting `visits_a_day` says; one operation, so one undo takes it all back.
    """
    today = clock.today()
    now = queries.week(session, monday)
    rows = ranking.candidates(session, monday)
    facts = ranking.facts_of(session, [row.client_id for row in rows], today)
    districts = queries.districts_of(
        session, [row.client_id for row in rows] + [v.client_id for day in now.days for v in day.visits if v.client_id]
    )
    days = []
    for day in now.days:
        if day.on >= today and workdays.is_workday(day.on):
            taken = [rules.Taken(row.id, row.slot, row.minutes) for row in day.visits]
            found = proposal.OpenDay(day.on, taken, after=_gone(day.on))
            found.districts.update(districts.get(row.client_id or "", "") for row in day.visits)
            days.append(found)
    wanted = [
        proposal.Wanted(row.client_id, row.points, districts.get(row.client_id, ""), facts[row.client_id].matures_on)
        for row in rows
    ]
    purposes = {row.client_id: row.reasons[0] for row in rows if row.reasons}
    capacity = read_settings(session, journal.author(session).person_id).get(VISITS_A_DAY)
    made = proposal.propose(days, wanted, capacity)
    for one in made:
        plan_visit(
            session, planned_on=one.on, client_id=one.client_id, slot=one.slot, purpose=purposes.get(one.client_id)
        )
    return len(made)


def finish_stop(
    session: Session,
    visit_id: str,
    outcome: str | None,
    *,
    note: str | None = None,
    next_what: str | None = None,
    next_on: date | None = None,
    next_time: str | None = None,
) -> Finished | None:
    """Type back one stop of the paper: `outcome` is one of the paper's boxes (`rules.OUTCOMES`).

    The box ticked is the result of the contact. "moved" moves the stop to `next_on`, with the note as reason,
    and gives None. Raises `InvalidField` (outcome, next_on) and `Refused`.
    """
    if outcome not in rules.OUTCOMES:
        raise InvalidField("outcome", rules.NO_OUTCOME)
    said = _words(note)
    if outcome == "moved":
        if next_on is None:
            raise InvalidField("next_on", rules.NO_NEW_DAY)
        visit = _visit(session, visit_id)
        move_visit(session, visit_id, next_on, next_time or visit.slot, said or gettext(rules.OUTCOMES[outcome]))
        return None
    return finish_visit(
        session, visit_id, result=outcome, summary=said, next_what=next_what, next_on=next_on, next_time=next_time
    )


def _finish_at_channel(
    session: Session, visit: Visit, what: str | None, on: date | None, time: str | None, way: str | None
) -> Finished:
    if not (what or on):
        return Finished("", None)
    step = what or visit.purpose or gettext(NEXT_STEP)
    made_by = ("visit", visit.id)
    task_id = tasks.add_step(session, client_id=None, what=step, due_on=on, due_time=time, way=way, made_by=made_by)
    return Finished("", task_id)


def _planned_at(visit: Visit) -> datetime:
    """The planned instant, or now where that is still ahead or unknown."""
    minute = rules.minute_of(visit.slot)
    if minute is None:
        return clock.now()
    return min(clock.now(), clock.instant(visit.planned_on, minute // 60, minute % 60))


def _visit(session: Session, visit_id: str) -> Visit:
    visit = session.get(Visit, visit_id)
    if visit is None or visit.deleted_at is not None:
        raise ChangedElsewhere(GONE)
    return visit


def _words(value: str | None) -> str | None:
    return " ".join(text.nfc(value).split()) or None if value is not None else None


@dataclass(frozen=True)
class Planned:
    """What planning for several clients did: stops made, and clients left out because they gave no consent."""

    planned: int
    left_out: int


def plan_visits(session: Session, client_ids: Sequence[str], planned_on: date, purpose: str | None = None) -> Planned:
    """Plan a stop without a time for each of these clients, in one operation; those without consent are left out.

    Who has an open stop on that day already gets no second one.
    """
    planned = left_out = 0
    for client_id in client_ids:
        client = session.get(Client, client_id)
        if client is None or client.deleted_at is not None:
            continue
        if client.consent is False:
            left_out += 1
            continue
        known = select(Visit.id).where(
            Visit.client_id == client_id,
            Visit.planned_on == planned_on,
            Visit.status.in_(rules.OPEN),
            Visit.deleted_at.is_(None),
        )
        if session.scalars(known.limit(1)).first() is None:
            plan_visit(session, planned_on=planned_on, client_id=client_id, purpose=purpose)
            planned += 1
    return Planned(planned, left_out)
