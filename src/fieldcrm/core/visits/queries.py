"""Reading visits: the week as a board, the next week that has visits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, workdays
from fieldcrm.base.data.among import parts
from fieldcrm.base.i18n import _
from fieldcrm.core.channels.tables import Channel
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.said import retold
from fieldcrm.core.visits import rules
from fieldcrm.core.visits.paper import house_address
from fieldcrm.core.visits.ranking import CandidateRow, candidates, due_chip, next_policies
from fieldcrm.core.visits.rules import Clash
from fieldcrm.core.visits.tables import Visit

WEEK_GOAL = 5 * rules.DAY_CAPACITY


@dataclass(frozen=True)
class VisitRow:
    """A stop on the board; `chip` says why in short, its `tone` how urgent. Length in minutes."""

    id: str
    client_id: str | None
    channel_id: str | None
    name: str
    planned_on: date
    slot: str | None
    minutes: int | None
    purpose: str
    bring: str
    place: str
    status: str
    reason: str
    chip: str
    tone: str


@dataclass(frozen=True)
class DayRows:
    """A day of the board: its stops by time, those that overlap, and how many are too many."""

    on: date
    visits: tuple[VisitRow, ...]
    clashes: tuple[Clash, ...]
    too_many: int


@dataclass(frozen=True)
class WeekRows:
    """Monday to Friday; weekend days where something is planned or that are worked. `planned` counts what stands."""

    monday: date
    days: tuple[DayRows, ...]
    planned: int
    done: int
    goal: int


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week(session: Session, monday: date) -> WeekRows:
    """The board of one week; cancelled visits are left out."""
    visits = session.scalars(
        select(Visit)
        .where(*_in_week(monday), Visit.status != rules.CANCELLED)
        .order_by(Visit.planned_on, Visit.slot.is_(None), Visit.slot, Visit.id)
    ).all()
    rows = _rows(session, visits)
    days = tuple(_day(day, rows.get(day, [])) for day in _days(monday, rows))
    standing = [row for found in rows.values() for row in found]
    return WeekRows(
        monday,
        days,
        planned=sum(row.status in rules.OPEN for row in standing),
        done=sum(row.status == rules.DONE for row in standing),
        goal=WEEK_GOAL,
    )


@dataclass(frozen=True)
class BoardRows:
    """The board with its candidates."""

    week: WeekRows
    candidates: tuple[CandidateRow, ...]


def board(session: Session, monday: date) -> BoardRows:
    """The week and who is worth a visit in it, in one snapshot."""
    return BoardRows(week(session, monday), tuple(candidates(session, monday)))


def day_of_visit(session: Session, visit_id: str) -> date | None:
    """The day a visit is planned on; None when it is gone."""
    return session.scalar(select(Visit.planned_on).where(Visit.id == visit_id, Visit.deleted_at.is_(None)))


def addresses(session: Session, monday: date) -> dict[str, str]:
    """Where each visit of a week leads, by visit id: as far as the house."""
    visits = session.scalars(select(Visit).where(*_in_week(monday))).all()
    ids = sorted({visit.client_id or visit.channel_id or "" for visit in visits})
    places: dict[str, Client | Channel] = {}
    places.update((row.id, row) for row in session.scalars(select(Client).where(Client.id.in_(ids))))
    places.update((row.id, row) for row in session.scalars(select(Channel).where(Channel.id.in_(ids))))
    found: dict[str, str] = {}
    for visit in visits:
        place = places.get(visit.client_id or visit.channel_id or "")
        if place is not None:
            found[visit.id] = house_address(place.city, place.district, visit.place or place.address)
    return found


def next_week_with_visits(session: Session, today: date | None = None) -> date:
    """The Monday of this week or of the next one that has open visits; this week when none has."""
    monday = monday_of(today or clock.today())
    first = session.scalar(
        select(func.min(Visit.planned_on)).where(
            Visit.deleted_at.is_(None), Visit.planned_on >= monday, Visit.status.in_(rules.OPEN)
        )
    )
    return monday if first is None else monday_of(first)


def taken_on(session: Session, on: date) -> list[rules.Taken]:
    """What still stands on a day."""
    visits = session.scalars(
        select(Visit).where(Visit.deleted_at.is_(None), Visit.planned_on == on, Visit.status.in_(rules.OPEN))
    )
    return [rules.Taken(visit.id, visit.slot, visit.minutes) for visit in visits]


def districts_of(session: Session, client_ids: Sequence[str]) -> dict[str, str]:
    """The district of each of these clients that has one."""
    found: dict[str, str] = {}
    for ids in parts(sorted(set(client_ids))):
        rows = session.execute(select(Client.id, Client.district).where(Client.id.in_(ids)))
        found.update((id, district) for id, district in rows if district)
    return found


# How it is found


def _in_week(monday: date) -> tuple[ColumnElement[bool], ...]:
    return (Visit.deleted_at.is_(None), Visit.planned_on >= monday, Visit.planned_on < monday + timedelta(days=7))


def _rows(session: Session, visits: Sequence[Visit]) -> dict[date, list[VisitRow]]:
    today = clock.today()
    client_ids = sorted({visit.client_id for visit in visits if visit.client_id})
    names: dict[str | None, str] = {}
    unwilling = set(session.scalars(select(Client.id).where(Client.id.in_(client_ids), Client.consent.is_(False))))
    channel_ids = sorted({visit.channel_id for visit in visits if visit.channel_id})
    models: tuple[tuple[type[Client] | type[Channel], list[str]], ...] = ((Client, client_ids), (Channel, channel_ids))
    for model, ids in models:
        for part in parts(ids):
            for id, name in session.execute(select(model.id, model.name).where(model.id.in_(part))):
                names[id] = name
    policies = next_policies(session, client_ids, today)
    rows: dict[date, list[VisitRow]] = defaultdict(list)
    for visit in visits:
        chip, tone = due_chip(policies.get(visit.client_id or ""), today)
        if visit.client_id in unwilling:
            chip, tone = _("withdrew consent"), "red"
        elif visit.status == rules.DONE:
            tone = "green"
        rows[visit.planned_on].append(_row(visit, names.get(visit.client_id or visit.channel_id, "—"), chip, tone))
    return rows


def _row(visit: Visit, name: str, chip: str, tone: str) -> VisitRow:
    return VisitRow(
        visit.id, visit.client_id, visit.channel_id, name, visit.planned_on, visit.slot, visit.minutes,
        retold(visit.purpose), visit.bring or "", visit.place or "", visit.status, retold(visit.reason), chip, tone,
    )  # fmt: skip


def _days(monday: date, rows: dict[date, list[VisitRow]]) -> list[date]:
    week_days = [monday + timedelta(days=n) for n in range(7)]
    return [day for day in week_days if day.weekday() < 5 or rows.get(day) or workdays.is_makeup(day)]


def _day(day: date, rows: Sequence[VisitRow]) -> DayRows:
    standing = [rules.Taken(row.id, row.slot, row.minutes) for row in rows if row.status in rules.OPEN]
    return DayRows(day, tuple(rows), tuple(rules.clashes(standing)), rules.over_capacity(len(standing)))
