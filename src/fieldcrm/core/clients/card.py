"""One client as the 360 pane shows it: who, worth, what comes due, next step, policies, family, gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms
from fieldcrm.base.errors import ChangedElsewhere
from fieldcrm.base.i18n import N_, _
from fieldcrm.base.text import age, mask_id, mask_phone
from fieldcrm.core.clients import rules
from fieldcrm.core.clients.queries import GONE, client_rows
from fieldcrm.core.clients.tables import Client, ClientContact, ClientPhone, ClientRelation
from fieldcrm.core.complaints.tables import Complaint
from fieldcrm.core.policies.due import Due, due_of, is_in_force
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.said import retold
from fieldcrm.core.tasks.tables import Task
from fieldcrm.core.visits.tables import Visit

LIFE_LINES = ("participating", "universal", "annuity", "endowment", "health", "accident")
PROPERTY_LINES = ("property", "fleet", "group_ah", "liability", "marine")


@dataclass(frozen=True)
class HeldPolicy:
    """A policy on the card; its number in full."""

    id: str
    number: str
    product: str
    line: str | None
    status: str | None
    premium_fen: int | None
    principal_fen: int | None
    effective_on: date | None
    due: Due


@dataclass(frozen=True)
class Related:
    """Another client this one is related to; `role` in words, seen from this client."""

    relation_id: str
    client_id: str
    name: str
    kind: str
    role: str
    category: str


@dataclass(frozen=True)
class ComplaintLine:
    """A complaint of the client."""

    id: str
    received_on: date
    point: str
    status: str
    tone: str


@dataclass(frozen=True)
class NextStep:
    """What is to be done next: an open step or a planned stop (`kind` task or visit)."""

    kind: str
    id: str
    on: date | None
    time: str
    what: str
    bring: str
    overdue: bool


@dataclass(frozen=True)
class PhoneLine:
    """A phone, masked; of a contact person with name and role."""

    number: str
    label: str


@dataclass(frozen=True)
class LineHeld:
    """A line of insurance and whether the client holds it."""

    line: str
    label: str
    held: bool


@dataclass(frozen=True)
class ClientCard:
    """Everything about one client but its timeline and history; money in fen, phones and ID masked."""

    id: str
    name: str
    type: str
    grade: str | None
    tags: tuple[str, ...]
    sex: str | None
    birth_on: date | None
    lunar_birthday: bool
    age: int | None
    category: str
    phones: tuple[PhoneLine, ...]
    document: str
    address: str
    source: str
    remark: str
    do_not_call: bool
    consent: bool | None
    preferred_time: str
    worth_fen: int
    due: Due
    contacted_on: date | None
    neglected: bool
    next_step: NextStep | None
    policies: tuple[HeldPolicy, ...]
    related: tuple[Related, ...]
    complaints: tuple[ComplaintLine, ...]
    lines: tuple[LineHeld, ...]


def client_card(session: Session, client_id: str) -> ClientCard:
    """The card of a client; `ChangedElsewhere` when it is gone."""
    card = find_client_card(session, client_id)
    if card is None:
        raise ChangedElsewhere(GONE)
    return card


def find_client_card(session: Session, client_id: str) -> ClientCard | None:
    """The card of a client; None when it is gone."""
    client = session.get(Client, client_id)
    if client is None or client.deleted_at is not None:
        return None
    today = clock.today()
    row = client_rows(session, [client_id])[client_id]
    policies = _held(session, client_id, today)
    return ClientCard(
        id=client.id,
        name=client.name,
        type=client.type,
        grade=client.grade,
        tags=row.tags,
        sex=client.sex,
        birth_on=client.birth_on,
        lunar_birthday=bool(client.lunar_birthday),
        age=None if client.birth_on is None else age(client.birth_on, today),
        category=row.category,
        phones=_phones(session, client),
        document=mask_id(client.id_number) if client.id_number else client.credit_code or "",
        address=rules.whole_address(client.city, client.district, client.address),
        source=row.source,
        remark=client.remark or "",
        do_not_call=bool(client.do_not_call),
        consent=client.consent,
        preferred_time=client.preferred_time or "",
        worth_fen=sum(p.premium_fen or 0 for p in policies if is_in_force(p.status)),
        due=row.due,
        contacted_on=row.contacted_on,
        neglected=row.neglected,
        next_step=_next_step(session, client_id, today),
        policies=policies,
        related=_related(session, client_id, today),
        complaints=_complaints(session, client_id),
        lines=_lines(client.type, policies),
    )


def _phones(session: Session, client: Client) -> tuple[PhoneLine, ...]:
    form = forms.get("client")["phones"].form
    own = session.execute(
        select(ClientPhone.number, ClientPhone.label)
        .where(ClientPhone.parent_id == client.id, ClientPhone.deleted_at.is_(None))
        .order_by(ClientPhone.position, ClientPhone.id)
    )
    people = session.execute(
        select(ClientContact.name, ClientContact.role, ClientContact.phone)
        .where(ClientContact.parent_id == client.id, ClientContact.deleted_at.is_(None))
        .order_by(ClientContact.position, ClientContact.id)
    )
    assert form is not None  # noqa: S101 the form says so
    lines = [PhoneLine(mask_phone(number), forms.show(form["label"], label)) for number, label in own]
    lines += [PhoneLine(mask_phone(phone or ""), " ".join(filter(None, (name, role)))) for name, role, phone in people]
    return tuple(lines)


def _held(session: Session, client_id: str, today: date) -> tuple[HeldPolicy, ...]:
    found = session.scalars(select(Policy).where(Policy.applicant_id == client_id, Policy.deleted_at.is_(None)))
    rows = [
        HeldPolicy(
            id=p.id,
            number=p.number,
            product=p.product_name or forms.show(forms.get("policy")["line"], p.line),
            line=p.line,
            status=p.status,
            premium_fen=p.premium_fen,
            principal_fen=p.principal_fen,
            effective_on=p.effective_on,
            due=due_of(p.status, p.line, p.matures_on, p.renews_on, today),
        )
        for p in found
    ]
    return tuple(sorted(rows, key=lambda p: (not is_in_force(p.status), p.due.on or date.max, p.number)))


def _next_step(session: Session, client_id: str, today: date) -> NextStep | None:
    day = func.coalesce(Task.snoozed_to, Task.due_on)
    task = session.execute(
        select(Task, day.label("day"))
        .where(Task.client_id == client_id, Task.deleted_at.is_(None), Task.status == "open")
        .order_by(day.is_(None), day, Task.due_time, Task.id)
        .limit(1)
    ).first()
    visit = session.scalars(
        select(Visit)
        .where(
            Visit.client_id == client_id,
            Visit.deleted_at.is_(None),
            Visit.status.in_(("planned", "moved")),
            Visit.planned_on >= today,
        )
        .order_by(Visit.planned_on, Visit.slot)
        .limit(1)
    ).first()
    steps: list[NextStep] = []
    if visit is not None:
        steps.append(
            NextStep(
                "visit", visit.id, visit.planned_on, visit.slot or "", retold(visit.purpose), visit.bring or "", False
            )
        )
    if task is not None:
        step, on = task.Task, task.Task.snoozed_to or task.Task.due_on
        late = on is not None and on < today
        steps.append(NextStep("task", step.id, on, step.due_time or "", retold(step.what), "", late))
    return min(steps, key=lambda s: (s.on or date.max, s.time or "24", s.kind), default=None)


_OTHER_WAY = {"employer": N_("Employee"), "contact": N_("Contact for"), "referral": N_("Referred client")}
"""What the other side of a relation is, seen from the one it was noted of; family is family both ways."""


def _related(session: Session, client_id: str, today: date) -> tuple[Related, ...]:
    relations = session.scalars(
        select(ClientRelation).where(
            or_(ClientRelation.client_id == client_id, ClientRelation.other_id == client_id),
            ClientRelation.deleted_at.is_(None),
        )
    ).all()
    others = {r.id: r.other_id if r.client_id == client_id else r.client_id for r in relations}
    rows = client_rows(session, sorted(set(others.values())))
    form = forms.get("client_relation")
    found: list[Related] = []
    for relation in relations:
        other = rows.get(others[relation.id])
        if other is None:
            continue
        mine = relation.client_id == client_id
        kind = forms.show(form["kind"], relation.kind)
        if not mine and relation.kind in _OTHER_WAY:
            kind = _(_OTHER_WAY[relation.kind])
        role = relation.role if mine else None
        found.append(Related(relation.id, other.id, other.name, relation.kind, role or kind, other.category))
    return tuple(sorted(found, key=lambda r: (r.kind != "family", r.name)))


def _complaints(session: Session, client_id: str) -> tuple[ComplaintLine, ...]:
    found = session.scalars(
        select(Complaint)
        .where(Complaint.client_id == client_id, Complaint.deleted_at.is_(None))
        .order_by(Complaint.received_at.desc())
    )
    field = forms.get("complaint")["status"]
    rows = []
    for one in found:
        choice = field.choice(one.status)
        words, tone = (choice.label, choice.tone) if choice else (one.status, "grey")
        rows.append(ComplaintLine(one.id, clock.day_of(one.received_at), one.point or "", words, tone))
    return tuple(rows)


def _lines(type: str, policies: Sequence[HeldPolicy]) -> tuple[LineHeld, ...]:
    """The lines a client of this type could hold, and those held beside them."""
    held = {p.line for p in policies if p.line and is_in_force(p.status)}
    usual = PROPERTY_LINES if type == rules.ORGANISATION else LIFE_LINES
    field = forms.get("policy")["line"]
    every = [*usual, *sorted(held - set(usual))]
    return tuple(LineHeld(line, forms.show(field, line), line in held) for line in every)
