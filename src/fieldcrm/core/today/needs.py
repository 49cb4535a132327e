"""What needs the person, sorted by deadline: complaints, maturities, renewals, next steps, birthdays, silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, text
from fieldcrm.base.i18n import N_, _, ngettext
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.complaints.queries import ComplaintRow
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.diary.deadlines import open_deadlines
from fieldcrm.core.diary.draft import label
from fieldcrm.core.diary.figures import names_of, owned
from fieldcrm.core.policies import rules as policy_rules
from fieldcrm.core.policies.tables import Policy, of_maturing_line
from fieldcrm.core.said import retold
from fieldcrm.core.tasks.tables import Task
from fieldcrm.core.today import birthdays
from fieldcrm.core.today.rules import Need
from fieldcrm.core.visits.rules import RHYTHM, short_amount

KINDS: dict[str, str] = {
    "complaint": N_("Complaint due"),
    "maturing": N_("Matures in 7 days"),
    "renewal_30": N_("Renewal 30 days"),
    "renewal_60": N_("Renewal 60 days"),
    "step": N_("Next step"),
    "birthday": N_("Birthday"),
    "neglected": N_("Long silence"),
}
"""Kinds to their words, in the order they are named."""

KEY_GRADES = ("A", "B")
BIRTHDAY_DAYS = 7
STEP_DAYS = 1
_MOST = 120  # rows of one kind that are listed; the counts are whole


@dataclass(frozen=True)
class Needs:
    """The rows by deadline, long silences last, and how many there are of each kind (rows are at most 120 a kind)."""

    rows: tuple[Need, ...]
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def needs(
    session: Session, on: date, person_id: str | None = None, complaints: Sequence[ComplaintRow] | None = None
) -> Needs:
    """Everything that needs the person on a day; `complaints` are the `open_deadlines`, where they were read."""
    found: list[Need] = []
    counts: Counter[str] = Counter()
    for rows, total in (
        _complaints(open_deadlines(session, person_id) if complaints is None else complaints),
        _maturing(session, on, person_id),
        _renewing(session, "renewal_30", on, on + timedelta(days=30), person_id),
        _renewing(session, "renewal_60", on + timedelta(days=31), on + timedelta(days=60), person_id),
        _steps(session, on, person_id),
        _birthdays(session, on, person_id),
        _neglected(session, on, person_id),
    ):
        found += rows
        if rows:
            counts[rows[0].kind] += total
    order = {kind: number for number, kind in enumerate(KINDS)}
    found.sort(key=lambda row: (row.kind == "neglected", row.due_on, order[row.kind], row.due_time or "99", row.name))
    return Needs(tuple(found), {kind: counts[kind] for kind in KINDS if counts[kind]})


Found = tuple[list[Need], int]


def _complaints(deadlines: Sequence[ComplaintRow]) -> Found:
    rows = [
        Need(
            "complaint", row.clock.tone, row.client_id, row.client,
            label("complaint", "category", row.category) if row.category else text.one_line(row.point),
            text.instant_text(row.due_at), clock.day_of(row.due_at), ("complaint", row.id),
            f"{clock.local(row.due_at):%H:%M}",
        )
        for row in deadlines
        if not row.clock.paused
    ]  # fmt: skip
    return rows, len(rows)


def alive() -> ColumnElement[bool]:
    return and_(Policy.deleted_at.is_(None), or_(Policy.status.is_(None), Policy.status == "in_force"))


def maturing_between(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    """Policies in force that mature in these days; those of lines that never do are left out."""
    return (alive(), Policy.matures_on >= first, Policy.matures_on <= last, of_maturing_line())


def _maturing(session: Session, on: date, person_id: str | None) -> Found:
    where = (
        *maturing_between(on, on + timedelta(days=policy_rules.URGENT_DAYS)),
        *owned(Policy.owner_id, person_id),
    )
    return _policy_rows(session, "maturing", "red", Policy.matures_on, where)


def _renewing(session: Session, kind: str, first: date, last: date, person_id: str | None) -> Found:
    where = (
        alive(), Policy.renews_on >= first, Policy.renews_on <= last, *owned(Policy.owner_id, person_id)
    )  # fmt: skip
    return _policy_rows(session, kind, "amber" if kind == "renewal_30" else "blue", Policy.renews_on, where)


def _policy_rows(session: Session, kind: str, tone: str, day: Any, where: Sequence[ColumnElement[bool]]) -> Found:
    rows = session.execute(
        select(Policy.id, Policy.applicant_id, Policy.product_name, Policy.number, Policy.principal_fen,
               Policy.premium_fen, day.label("day"))
        .where(*where).order_by(day, Policy.id).limit(_MOST)
    ).all()  # fmt: skip
    total = len(rows)
    if total == _MOST:
        total = session.scalar(select(func.count()).select_from(Policy).where(*where)) or total
    names = names_of(session, [row.applicant_id for row in rows])
    found = []
    for row in rows:
        amount = row.principal_fen or row.premium_fen
        words = [row.product_name or row.number, short_amount(amount) if amount else ""]
        found.append(
            Need(
                kind, tone, row.applicant_id, names.get(row.applicant_id or "", text.EMPTY),
                " • ".join(filter(None, words)), text.near_day(row.day), row.day, ("policy", row.id),
            )
        )  # fmt: skip
    return found, total


def _steps(session: Session, on: date, person_id: str | None) -> Found:
    """Open next steps that are overdue, due today or tomorrow."""
    until = on + timedelta(days=STEP_DAYS)
    due = func.coalesce(Task.snoozed_to, Task.due_on)
    where = (
        Task.deleted_at.is_(None), Task.status == "open", Task.due_on <= until, due <= until,
        *owned(Task.owner_id, person_id),
    )  # fmt: skip
    rows = session.execute(
        select(Task.id, Task.client_id, Task.what, Task.due_time, due.label("day"))
        .where(*where).order_by(Task.due_on.desc(), Task.id).limit(_MOST)
    ).all()  # fmt: skip
    total = len(rows)
    if total == _MOST:
        total = session.scalar(select(func.count()).select_from(Task).where(*where)) or total
    names = names_of(session, [row.client_id for row in rows])
    found = []
    for row in rows:
        late = row.day < on
        when = text.near_day(row.day) + (f" {row.due_time}" if row.due_time else "")
        tone = "red" if late else "amber" if row.day == on else "blue"
        found.append(
            Need(
                "step", tone, row.client_id, names.get(row.client_id or "", ""), retold(row.what), when, row.day,
                ("task", row.id), row.due_time or "",
            )
        )  # fmt: skip
    return found, total


def _birthdays(session: Session, on: date, person_id: str | None) -> Found:
    """Birthdays of the next 7 days, by the solar or, where the client keeps it so, the lunar calendar.

    Of clients that one knows: graded, or in touch within a year; a list of thousands has hundreds a week.
    """
    days = birthdays.days_from(on, BIRTHDAY_DAYS + 1)
    rows: list[tuple[date, str, str, date, bool]] = []
    for births, lunar in ((birthdays.solar_births(days), False), (birthdays.lunar_births(days), True)):
        rows += [
            (births[born], name, id, born, lunar) for id, name, born in _born_on(session, births, lunar, on, person_id)
        ]
    rows.sort()
    found = []
    for day, name, id, born, lunar in rows[:_MOST]:
        years = _("turns {age}").format(age=day.year - born.year)
        words = _("{age}, lunar").format(age=years) if lunar else years
        found.append(Need("birthday", "blue", id, name, words, text.near_day(day), day, ("client", id)))
    return found, len(rows)


def _born_on(
    session: Session, births: Iterable[date], lunar: bool, on: date, person_id: str | None
) -> list[tuple[str, str, date]]:
    """Known clients born on one of these dates who keep their birthday by this calendar: id, name, birth date."""
    keeps = Client.lunar_birthday.is_(True) if lunar else Client.lunar_birthday.is_not(True)
    rows = session.execute(
        select(Client.id, Client.name, Client.birth_on, Client.grade).where(
            Client.birth_on.in_(sorted(births)), keeps, Client.deleted_at.is_(None),
            Client.consent.is_distinct_from(False), *owned(Client.owner_id, person_id),
        )
    ).all()  # fmt: skip
    since = clock.instant(on - timedelta(days=365))
    strangers = [row.id for row in rows if row.grade is None]
    known: set[str] = set()
    for start in range(0, len(strangers), 500):
        part = strangers[start : start + 500]
        known.update(
            session.scalars(
                select(Contact.client_id).where(
                    Contact.client_id.in_(part), Contact.started_at >= since, Contact.deleted_at.is_(None)
                )
            )
        )
    return [
        (
            row.id,
            row.name,
            row.birth_on,
        )
        for row in rows
        if row.birth_on and (row.grade or row.id in known)
    ]


def _neglected(session: Session, on: date, person_id: str | None) -> Found:
    """Key clients (A and B) longer without contact than the rhythm of their grade allows, the longest first.

    A client never contacted counts from the day it was entered. One pass along the grades, whatever their number.
    """
    last = Client.contacted_at
    since = func.coalesce(last, Client.created_at)
    limits = {grade: clock.instant(on - timedelta(days=RHYTHM[grade])) for grade in KEY_GRADES}
    silent = [and_(Client.grade == grade, since < limit) for grade, limit in limits.items()]
    rows = session.execute(
        select(Client.id, Client.name, since.label("since"), last.is_not(None).label("touched"), func.count().over())
        .where(
            Client.deleted_at.is_(None), Client.grade.in_(KEY_GRADES), or_(*silent),
            Client.consent.is_distinct_from(False), *owned(Client.owner_id, person_id),
        )
        .order_by(since, Client.id)
        .limit(_MOST)
    ).all()  # fmt: skip
    found = [(clock.day_of(row.since), row.name, row.id, bool(row.touched)) for row in rows]
    return list(_silent_rows(found, on)), rows[0][4] if rows else 0


def _silent_rows(silent: Iterable[tuple[date, str, str, bool]], on: date) -> Iterable[Need]:
    for since, name, id, touched in silent:
        n = (on - since).days
        when = ngettext("{n} day", "{n} days", n).format(n=n) if touched else _("never")
        yield Need("neglected", "amber", id, name, _("key client"), when, since, ("client", id))
