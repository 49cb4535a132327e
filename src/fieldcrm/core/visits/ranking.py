"""Who is worth a visit: where candidates come from, what the score asks of them, what is due next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, text
from fieldcrm.base.data.among import parts
from fieldcrm.base.i18n import _
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.complaints.tables import Complaint
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.said import retold
from fieldcrm.core.tasks.tables import Task
from fieldcrm.core.visits import rules
from fieldcrm.core.visits.rules import Facts, Score
from fieldcrm.core.visits.tables import Visit

_Client = Any  # a row of what is asked of a client here


@dataclass(frozen=True)
class CandidateRow:
    """A client worth a visit: points of 99, the tone of its chip, and the reasons, the weightiest first."""

    client_id: str
    name: str
    age: int | None
    points: int
    tone: str
    reasons: tuple[str, ...]
    points_of: tuple[int, ...] = ()

    @property
    def explained(self) -> str:
        """Every reason with its points, a line each."""
        return "\n".join(f"+{points}  {words}" for points, words in zip(self.points_of, self.reasons, strict=False))

    @property
    def line(self) -> str:
        """The two weightiest reasons."""
        return " • ".join(self.reasons[:2])


def candidates(session: Session, monday: date, limit: int = 50) -> list[CandidateRow]:
    """Clients to visit in the week of `monday`, best first: those with something due, without a visit yet.

    Clients who withdrew their consent are never offered.
    """
    today = clock.today()
    ids = set().union(*(session.scalars(found).all() for found in _sources(today, monday)))
    ids -= set(session.scalars(select(Visit.client_id).where(*_ahead(min(today, monday)))))
    clients = {client.id: client for client in _clients(session, ids)}
    found = [
        _candidate(clients[id], rules.score(facts, today), today)
        for id, facts in _facts(session, clients, today).items()
    ]
    found.sort(key=lambda row: (-row.points, clients[row.client_id].name_key or row.name, row.client_id))
    return found[:limit]


def facts_of(session: Session, client_ids: Sequence[str], today: date) -> dict[str, Facts]:
    """What the score asks of each of these clients."""
    return _facts(session, {client.id: client for client in _clients(session, client_ids)}, today)


def _facts(session: Session, clients: Mapping[str, _Client], today: date) -> dict[str, Facts]:
    client_ids = list(clients)
    policies = next_policies(session, client_ids, today)
    complained: set[str] = set()
    overdue: dict[str | None, str] = {}
    for ids in parts(client_ids):
        complained.update(
            session.scalars(
                select(Complaint.client_id).where(
                    Complaint.client_id.in_(ids), Complaint.deleted_at.is_(None), Complaint.closed_at.is_(None)
                )
            )
        )
        late = select(Task.client_id, Task.what).where(Task.client_id.in_(ids), *open_task(), due_on() < today)
        overdue.update((id, retold(what)) for id, what in session.execute(late))
    found: dict[str, Facts] = {}
    for client in clients.values():
        policy = policies.get(client.id)
        found[client.id] = Facts(
            matures_on=policy.matures_on if policy else None,
            line=policy.line if policy else None,
            renews_on=(policy and policy.renews_on) or client.insurance_expires_on,
            principal_fen=(policy.principal_fen or policy.premium_fen) if policy else None,
            grade=client.grade,
            contacted_on=None if client.contacted_at is None else clock.day_of(client.contacted_at),
            open_complaint=client.id in complained,
            birthday_on=_next_birthday(client, today),
            overdue_task=overdue.get(client.id),
            valued=bool(client.key_industry or client.ranks),
        )
    return found


def next_policies(session: Session, client_ids: Sequence[str], today: date) -> dict[str, Policy]:
    """Of each client the policy that comes due next (matured up to 30 days ago included)."""
    from_day = today - timedelta(days=30)
    found: dict[str, Policy] = {}
    for ids in parts(client_ids):
        for policy in session.scalars(
            select(Policy).where(
                Policy.applicant_id.in_(ids),
                Policy.deleted_at.is_(None),
                or_(Policy.status.is_(None), Policy.status == "in_force"),
                or_(Policy.matures_on >= from_day, Policy.renews_on >= from_day),
            )
        ):
            known = found.get(policy.applicant_id or "")
            if policy.applicant_id and (known is None or _due_day(policy, from_day) < _due_day(known, from_day)):
                found[policy.applicant_id] = policy
    return found


def due_chip(policy: Policy | None, today: date) -> tuple[str, str]:
    """A chip's words and tone: `满期 12-03 • 12 万`, red within 7 days, amber within 30."""
    if policy is None:
        return "", "grey"
    day = _due_day(policy, today - timedelta(days=30))
    if day == date.max or (day - today).days > 120:
        return "", "grey"
    renewal = _("renewal {day}").format(day=text.day_text(day))
    words = rules.maturity_words(policy.line, day) if day == policy.matures_on else renewal
    amount = policy.principal_fen or policy.premium_fen
    parts = [words, rules.short_amount(amount) if amount else ""]
    left = (day - today).days
    return " • ".join(filter(None, parts)), "red" if left <= 7 else "amber" if left <= 30 else "blue"


def _ahead(day: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Visit.deleted_at.is_(None),
        Visit.planned_on >= day,
        Visit.status.in_(rules.OPEN),
        Visit.client_id.is_not(None),
    )


def open_task() -> tuple[ColumnElement[bool], ...]:
    return (Task.deleted_at.is_(None), Task.status == "open")


def due_on() -> ColumnElement[date]:
    return func.coalesce(Task.snoozed_to, Task.due_on)


def _sources(today: date, monday: date) -> Iterator[Select[Any]]:
    """Where candidates come from, each bounded, so that a large book answers as fast as a small one."""
    alive = and_(Policy.deleted_at.is_(None), or_(Policy.status.is_(None), Policy.status == "in_force"))
    matures, renews = Policy.matures_on, Policy.renews_on
    for column, first, last, most in (
        (matures, today - timedelta(days=7), monday + timedelta(days=60), 400),
        (renews, today, monday + timedelta(days=90), 200),
    ):
        yield (
            select(Policy.applicant_id)
            .where(alive, column >= first, column <= last, Policy.applicant_id.is_not(None))
            .order_by(column)
            .limit(most)
        )
    yield (
        select(Complaint.client_id)
        .where(Complaint.deleted_at.is_(None), Complaint.closed_at.is_(None))
        .order_by(Complaint.received_at)
        .limit(200)
    )
    yield (
        select(Task.client_id)
        .where(*open_task(), Task.client_id.is_not(None), due_on() <= monday + timedelta(days=6))
        .limit(200)
    )
    since = clock.instant(today - timedelta(days=rules.RHYTHM["A"]))
    silent = or_(Client.contacted_at.is_(None), Client.contacted_at < since)
    yield select(Client.id).where(Client.deleted_at.is_(None), Client.grade == "A", silent).limit(200)


def _clients(session: Session, ids: Iterable[str | None]) -> Iterator[_Client]:
    c = Client
    columns = (
        c.id, c.name, c.name_key, c.birth_on, c.lunar_birthday, c.grade, c.insurance_expires_on, c.key_industry,
        c.ranks, c.contacted_at,
    )  # fmt: skip
    for part in parts(sorted(id for id in ids if id)):
        yield from session.execute(
            select(*columns).where(c.id.in_(part), c.deleted_at.is_(None), c.consent.is_distinct_from(False))
        )


def _due_day(policy: Policy, from_day: date) -> date:
    days = [day for day in (policy.matures_on, policy.renews_on) if day is not None and day >= from_day]
    return min(days, default=date.max)


def _next_birthday(client: _Client, today: date) -> date | None:
    if client.birth_on is None or client.lunar_birthday:
        return None
    this = text.birthday(client.birth_on, today.year)
    return this if this >= today else text.birthday(client.birth_on, today.year + 1)


def _candidate(client: _Client, score: Score, today: date) -> CandidateRow:
    return CandidateRow(
        client.id,
        client.name,
        text.age(client.birth_on, today) if client.birth_on else None,
        score.points,
        score.tone,
        tuple(reason.words for reason in score.reasons),
        tuple(reason.points for reason in score.reasons),
    )
