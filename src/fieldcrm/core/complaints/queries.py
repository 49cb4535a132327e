"""Reading complaints: the list with both clocks, one case with everything that happened, what is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, and_, case, cast, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms, text
from fieldcrm.base.data.among import parts
from fieldcrm.base.data.listing import Column, FilterKind, ListSpec, Sort
from fieldcrm.base.i18n import _
from fieldcrm.core.clients.tables import Client, ClientPhone
from fieldcrm.core.complaints import rules
from fieldcrm.core.complaints.rules import Clock
from fieldcrm.core.complaints.tables import Complaint, ComplaintPause, ComplaintStep
from fieldcrm.core.people.tables import Person
from fieldcrm.core.policies.tables import Policy


@dataclass(frozen=True)
class ComplaintRow:
    """A complaint in the list. `first`: mis-sold and over 50; `satisfied` is None while it is open."""

    id: str
    client_id: str
    client: str
    age: int | None
    policy_number: str
    received_at: datetime
    source: str | None
    category: str | None
    point: str
    severity: str | None
    status: str
    first: bool
    answer: Clock
    regulatory: Clock
    satisfied: bool | None
    manager: str

    @property
    def due_at(self) -> datetime:
        """The deadline that matters now: the answer, and once answered the regulatory one."""
        return self.answer.due_at if self.status == "open" else self.regulatory.due_at

    @property
    def clock(self) -> Clock:
        return self.answer if self.status == "open" else self.regulatory


@dataclass(frozen=True)
class Event:
    """One thing that happened to a complaint; `kind`: received, step, paused, resumed, answered, closed."""

    kind: str
    at: datetime
    words: str
    person: str = ""


@dataclass(frozen=True)
class Case:
    """A complaint with everything: its row, the values of its form, what happened in order of time."""

    row: ComplaintRow
    values: Mapping[str, Any]
    events: tuple[Event, ...]
    phone: str
    product: str


@dataclass(frozen=True)
class OpenComplaints:
    """How many are open, when the nearest deadline is, and how it stands."""

    count: int
    due_at: datetime | None
    tone: str
    used: int


def complaint_list() -> ListSpec:
    """The list of complaints as of today: open ones first, among them mis-sold clients over 50, then by receipt."""
    urgency = case(
        (Complaint.closed_at.is_not(None), "2"),
        (and_(Complaint.mis_selling_suspected.is_(True), Client.birth_on <= _born_by(clock.today())), "0"),
        else_="1",
    ).concat(cast(Complaint.received_at, String))
    joined = Complaint.__table__.outerjoin(Client.__table__, Client.id == Complaint.client_id)
    return ListSpec(
        name="complaints",
        source=joined.outerjoin(Person.__table__, Person.id == Complaint.owner_id),
        id=Complaint.id,
        where=(Complaint.deleted_at.is_(None),),
        sort=Sort("urgency"),
        load=load_rows,
        columns=(
            Column("urgency", urgency, nullable=False),
            Column("client", Client.name_key, sortable=True, jump=Client.name),
            Column("name", Client.name, FilterKind.TEXT),
            Column("policy_number", Complaint.policy_number, FilterKind.TEXT),
            Column("received_at", Complaint.received_at, FilterKind.DATE, nullable=False),
            Column("source", Complaint.source, FilterKind.CHOICE),
            Column("category", Complaint.category, FilterKind.CHOICE),
            Column("point", Complaint.point, FilterKind.TEXT),
            Column("severity", Complaint.severity, FilterKind.CHOICE),
            Column("status", Complaint.status, FilterKind.CHOICE, nullable=False),
            Column("manager", Person.name, FilterKind.TEXT),
        ),
    )


def load_rows(session: Session, ids: Sequence[str]) -> dict[str, ComplaintRow]:
    """Complaints by id, with both clocks as of now."""
    found: dict[str, ComplaintRow] = {}
    for part in parts(ids):
        pauses = _pauses(session, part)
        query = (
            select(Complaint, Client.name, Client.birth_on, Person.name)
            .outerjoin(Client, Client.id == Complaint.client_id)
            .outerjoin(Person, Person.id == Complaint.owner_id)
            .where(Complaint.id.in_(part))
        )
        for complaint, name, birth_on, manager in session.execute(query):
            found[complaint.id] = _row(complaint, name, birth_on, manager, pauses.get(complaint.id, []))
    return found


def open_complaints(session: Session, limit: int = 500) -> list[ComplaintRow]:
    """Those not closed, most urgent first: mis-sold clients over 50, then by the deadline that matters now."""
    ids = session.scalars(
        select(Complaint.id)
        .where(Complaint.deleted_at.is_(None), Complaint.closed_at.is_(None))
        .order_by(Complaint.received_at)
        .limit(limit)
    ).all()
    return sorted(load_rows(session, ids).values(), key=lambda row: (not row.first, row.due_at, row.id))


def count_open(session: Session) -> OpenComplaints:
    """The figure of the day: how many are open, and the nearest deadline."""
    rows = open_complaints(session)
    running = [row for row in rows if not row.clock.paused]
    nearest = min(running, key=lambda row: row.due_at, default=None)
    if nearest is None:
        return OpenComplaints(len(rows), None, "blue", 0)
    return OpenComplaints(len(rows), nearest.due_at, nearest.clock.tone, nearest.clock.used)


def list_complaints_of(session: Session, client_id: str) -> list[ComplaintRow]:
    """A client's complaints, newest first."""
    ids = session.scalars(
        select(Complaint.id).where(Complaint.client_id == client_id, Complaint.deleted_at.is_(None))
    ).all()
    return sorted(load_rows(session, ids).values(), key=lambda row: row.received_at, reverse=True)


def find_case(session: Session, complaint_id: str) -> Case | None:
    """One complaint with everything; None when it is gone."""
    complaint = session.get(Complaint, complaint_id)
    if complaint is None or complaint.deleted_at is not None:
        return None
    row = load_rows(session, [complaint_id])[complaint_id]
    number = session.scalars(
        select(ClientPhone.number)
        .where(ClientPhone.parent_id == complaint.client_id, ClientPhone.deleted_at.is_(None))
        .order_by(ClientPhone.position)
        .limit(1)
    ).first()
    policy = session.get(Policy, complaint.policy_id) if complaint.policy_id else None
    values = {f.name: getattr(complaint, f.name, None) for f in forms.get("complaint").fields}
    return Case(
        row,
        values,
        _events(session, complaint),
        text.mask_phone(number) if number else "",
        (policy.product_name or "") if policy is not None else "",
    )


def policies_of(session: Session, client_id: str) -> list[tuple[str, str]]:
    """(id, words) of a client's policies, the one that ends last first: what a complaint may be about."""
    found = session.scalars(
        select(Policy)
        .where(Policy.applicant_id == client_id, Policy.deleted_at.is_(None))
        .order_by(Policy.matures_on.desc(), Policy.id)
    )
    return [(policy.id, f"••{policy.number[-4:]} {policy.product_name or ''}".strip()) for policy in found]


def _events(session: Session, complaint: Complaint) -> tuple[Event, ...]:
    form = forms.get("complaint")
    source = forms.show(form["source"], complaint.source) if complaint.source else ""
    events = [Event("received", complaint.received_at, source)]
    for step in session.scalars(_children(ComplaintStep, complaint.id)):
        events.append(Event("step", step.happened_at, step.what, step.person or ""))
    for pause in session.scalars(_children(ComplaintPause, complaint.id)):
        events.append(Event("paused", pause.started_at, pause.reason))
        if pause.ended_at is not None:
            events.append(Event("resumed", pause.ended_at, ""))
    if complaint.answered_at is not None:
        events.append(Event("answered", complaint.answered_at, complaint.handling_opinion or ""))
    if complaint.closed_at is not None:
        satisfied = rules.is_satisfied(complaint.closed_at, complaint.irregular_surrender, complaint.compensation_fen)
        words = _("settled to satisfaction") if satisfied else _("with surrender or compensation")
        events.append(Event("closed", complaint.closed_at, words))
    return tuple(sorted(events, key=lambda event: event.at))


def _children(child: Any, complaint_id: str) -> Any:
    return select(child).where(child.parent_id == complaint_id, child.deleted_at.is_(None)).order_by(child.position)


def _pauses(session: Session, ids: Sequence[str]) -> dict[str, list[rules.Pause]]:
    found: dict[str, list[rules.Pause]] = defaultdict(list)
    query = select(ComplaintPause.parent_id, ComplaintPause.started_at, ComplaintPause.ended_at).where(
        ComplaintPause.parent_id.in_(ids), ComplaintPause.deleted_at.is_(None)
    )
    for parent, started, ended in session.execute(query):
        found[parent].append(rules.Pause(started, ended))
    return found


def _row(
    complaint: Complaint, name: str | None, birth_on: date | None, manager: str | None, pauses: list[rules.Pause]
) -> ComplaintRow:
    now, today = clock.now(), clock.today()
    limit = rules.regulatory_limit(complaint.complex, complaint.extension_approved)
    answered = complaint.answered_at or complaint.closed_at
    return ComplaintRow(
        complaint.id,
        complaint.client_id,
        name or "—",
        text.age(birth_on, today) if birth_on else None,
        complaint.policy_number or "",
        complaint.received_at,
        complaint.source,
        complaint.category,
        complaint.point or "",
        complaint.severity,
        complaint.status,
        rules.comes_first(complaint.mis_selling_suspected, birth_on, today),
        rules.run(complaint.received_at, rules.ANSWER, pauses, now, answered),
        rules.run(complaint.received_at, limit, pauses, now, complaint.closed_at),
        rules.is_satisfied(complaint.closed_at, complaint.irregular_surrender, complaint.compensation_fen),
        manager or "",
    )


def _born_by(on: date) -> date:
    """The last birth date of those over 50 on a day; 29 February counts from 1 March in other years."""
    year = on.year - rules.MIS_SOLD_FIRST_AGE - 1
    try:
        return on.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
