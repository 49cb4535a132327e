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
from fieldcrm.base.lunar import next_lunar_birthday
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.complaints.queries import ComplaintRow
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.diary.deadlines import open_deadlines
from fieldcrm.core.diary.draft import label
from fieldcrm.core.diary.figures import names_of, owned
from fieldcrm.core.policies import rules as policy_rules
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.tasks.tables import Task
from fieldcrm.core.visits.rules import NO_GRADE_RHYTHM, RHYTHM, short_amount

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
_WHOLE_LIFE = ("universal", "whole_life")


@dataclass(frozen=True)
class Need:
    """One thing that needs the person: `what` in words, `when` as it is said, `due_on` to sort by.

    `record` names what is behind it as (kind, id).
    """

    kind: str
    tone: str
    client_id: str | None
    name: str
    what: str
    when: str
    due_on: date
    record: tuple[str, str]
    due_time: str = ""

    @property
    def line(self) -> str:
        return " • ".join(filter(None, (self.name, self.what)))


@dataclass(frozen=True)
class Needs:
    """The rows by deadline, long silences last, and how many there are of each kind (rows are at most 120 a kind)."""

    rows: tuple[Need, ...]
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def needs(session: Session, on: date, person_id: str | None = None) -> Needs:
    """Everything that needs the person on a day."""
    found: list[Need] = []
    counts: Counter[str] = Counter()
    for rows, total in (
        _complaints(open_deadlines(session, person_id)),
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
            label("complaint", "category", row.category) if row.category else text.tidy(row.point),
            text.instant_text(row.due_at), clock.day_of(row.due_at), ("complaint", row.id),
            f"{clock.local(row.due_at):%H:%M}",
        )
        for row in deadlines
    ]  # fmt: skip
    return rows, len(rows)


def alive() -> ColumnElement[bool]:
    return and_(Policy.deleted_at.is_(None), or_(Policy.status.is_(None), Policy.status == "in_force"))


def maturing_between(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    """Policies in force that mature in these days; whole-life lines do not mature, whatever the list says."""
    lines = or_(Policy.line.is_(None), Policy.line.not_in(_WHOLE_LIFE))
    return (alive(), Policy.matures_on >= first, Policy.matures_on <= last, lines)


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
                " • ".join(filter(None, words)), text.day_text(row.day), row.day, ("policy", row.id),
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
        when = text.near_date(row.day) + (f" {row.due_time}" if row.due_time else "")
        tone = "red" if late else "amber" if row.day == on else "blue"
        found.append(
            Need(
                "step", tone, row.client_id, names.get(row.client_id or "", ""), row.what, when, row.day,
                ("task", row.id), row.due_time or "",
            )
        )  # fmt: skip
    return found, total


def _known(on: date) -> ColumnElement[bool]:
    """Clients whose birthday is worth a call: graded, or in touch within a year; a list of thousands has hundreds."""
    since = clock.instant(on - timedelta(days=365))
    touched = select(Contact.client_id).where(Contact.deleted_at.is_(None), Contact.started_at >= since)
    return or_(Client.grade.in_(("A", "B", "C")), Client.id.in_(touched))


def _birthdays(session: Session, on: date, person_id: str | None) -> Found:
    """Birthdays of the next 7 days, by the solar or, where the client keeps it so, the lunar calendar."""
    rows = session.execute(
        select(Client.id, Client.name, Client.birth_on, Client.lunar_birthday).where(
            Client.deleted_at.is_(None), _known(on), Client.birth_on.is_not(None),
            Client.consent.is_distinct_from(False), *owned(Client.owner_id, person_id),
        )
    ).all()  # fmt: skip
    until = on + timedelta(days=BIRTHDAY_DAYS)
    found = []
    for id, name, birth_on, lunar in rows:
        if birth_on is None:
            continue
        day = birthday(birth_on, bool(lunar), on, until)
        if day is not None:
            years = _("{age} y").format(age=day.year - birth_on.year)
            words = _("{age}, lunar").format(age=years) if lunar else years
            found.append(
                Need("birthday", "blue", id, name, words, text.near_date(day), day, ("client", id))
            )  # fmt: skip
    found.sort(key=lambda row: (row.due_on, row.name))
    return found[:_MOST], len(found)


def birthday(birth_on: date, lunar: bool, on: date, until: date) -> date | None:
    """The birthday that falls between two days, if one does."""
    if lunar:
        day = next_lunar_birthday(birth_on, on)
        return day if day <= until else None
    days = (text.birthday(birth_on, year) for year in range(on.year, until.year + 1))
    return next((day for day in days if on <= day <= until), None)


def _neglected(session: Session, on: date, person_id: str | None) -> Found:
    """Key clients (A and B) longer without contact than the rhythm of their grade allows, the longest first."""
    last = (
        select(func.max(Contact.started_at))
        .where(Contact.client_id == Client.id, Contact.deleted_at.is_(None))
        .correlate(Client)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Client.id, Client.name, Client.grade, Client.created_at, last.label("last")).where(
            Client.deleted_at.is_(None), Client.grade.in_(KEY_GRADES), Client.consent.is_distinct_from(False),
            *owned(Client.owner_id, person_id),
        )
    ).all()  # fmt: skip
    silent = []
    for id, name, grade, created_at, last_at in rows:
        since = clock.day_of(last_at or created_at)
        if (on - since).days > RHYTHM.get(grade or "", NO_GRADE_RHYTHM):
            silent.append((since, name, id, last_at is not None))
    silent.sort()
    return list(_silent_rows(silent[:_MOST], on)), len(silent)


def _silent_rows(silent: Iterable[tuple[date, str, str, bool]], on: date) -> Iterable[Need]:
    for since, name, id, touched in silent:
        n = (on - since).days
        when = ngettext("{n} day", "{n} days", n).format(n=n) if touched else _("never")
        yield Need("neglected", "amber", id, name, _("key client"), when, since, ("client", id))
