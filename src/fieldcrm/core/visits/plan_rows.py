"""The week's visits made into what is printed: addresses, masked phones, policies, last contacts, calls of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms, text
from fieldcrm.base.data.journal_tables import Identity
from fieldcrm.base.i18n import _
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.channels.tables import Channel
from fieldcrm.core.clients.rules import whole_address
from fieldcrm.core.clients.tables import Client, ClientContact, ClientPhone
from fieldcrm.core.contacts.rules import told
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.people.tables import Person, Unit
from fieldcrm.core.policies.rules import is_whole_life
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.said import retold
from fieldcrm.core.tasks.tables import Task
from fieldcrm.core.visits import ranking, rules
from fieldcrm.core.visits.paper import CallPaper, DayPaper, PlanPaper, StopPaper, house_address
from fieldcrm.core.visits.tables import Visit

_MOST_CALLS = 12
_SUGGESTED = 4  # calls to maturing clients fill the table up to so many


def plan_paper(session: Session, monday: date, person_id: str | None = None) -> PlanPaper:
    """The plan of a week; of one person where the book holds several. Phones are masked."""
    unit, manager = _who(session, person_id)
    visits = session.scalars(
        select(Visit)
        .where(
            Visit.deleted_at.is_(None),
            Visit.planned_on >= monday,
            Visit.planned_on < monday + timedelta(days=7),
            Visit.status.in_(rules.OPEN),
            *([Visit.owner_id == person_id] if person_id else []),
        )
        .order_by(Visit.planned_on, Visit.slot.is_(None), Visit.slot, Visit.id)
    ).all()
    around = _around(session, visits)
    used = {visit.client_id for visit in visits if visit.client_id}
    days = []
    for day in (monday + timedelta(days=n) for n in range(7)):
        stops = tuple(_stop(visit, around) for visit in visits if visit.planned_on == day)
        if stops or day.weekday() < 5:
            calls = tuple(_calls(session, day, used, person_id)) if stops else ()
            days.append(DayPaper(day, stops, calls))
    planned = [day for day in days if day.stops]
    return PlanPaper(tuple(planned or days[:5]), unit, manager, clock.now())


def _who(session: Session, person_id: str | None) -> tuple[str, str]:
    """Names of unit and person; of the device's own person unless another is asked for."""
    own: Identity | None = None
    if person_id is None:
        identities = session.scalars(select(Identity).limit(2)).all()
        own = identities[0] if len(identities) == 1 else None
    person = session.get(Person, person_id or (own.person_id if own else ""))
    unit_id = person.unit_id if person and person.unit_id else own.unit_id if own else None
    unit = session.get(Unit, unit_id) if unit_id else None
    unit_name = unit.name if unit else own.unit_name if own else ""
    return unit_name, person.name if person else own.person_name if own else ""


@dataclass(frozen=True)
class _Around:
    """What stands round the visits, by client or channel id."""

    clients: dict[str, Client]
    channels: dict[str, Channel]
    phones: dict[str, str]
    people: dict[str, ClientContact]
    policies: dict[str, Policy]
    contacts: dict[str, Contact]


def _around(session: Session, visits: Sequence[Visit]) -> _Around:
    ids = sorted({visit.client_id for visit in visits if visit.client_id})
    channel_ids = sorted({visit.channel_id for visit in visits if visit.channel_id})
    contacts: dict[str, Contact] = {}
    for id in ids:  # a week's stops: one short indexed query each
        latest = select(Contact).where(Contact.client_id == id, Contact.deleted_at.is_(None))
        found = session.scalars(latest.order_by(Contact.started_at.desc()).limit(1)).first()
        if found is not None:
            contacts[id] = found
    return _Around(
        {c.id: c for c in session.scalars(select(Client).where(Client.id.in_(ids)))},
        {c.id: c for c in session.scalars(select(Channel).where(Channel.id.in_(channel_ids)))},
        first_phones(session, ids),
        _contact_people(session, ids),
        ranking.next_policies(session, ids, clock.today()),
        contacts,
    )


def first_phones(session: Session, client_ids: Sequence[str]) -> dict[str, str]:
    """The phone that is shown of each client, unmasked."""
    found: dict[str, str] = {}
    for phone in session.scalars(
        select(ClientPhone)
        .where(ClientPhone.parent_id.in_(client_ids), ClientPhone.deleted_at.is_(None))
        .order_by(ClientPhone.position, ClientPhone.id)
    ):
        found.setdefault(phone.parent_id, phone.number)
    return found


def _contact_people(session: Session, client_ids: Sequence[str]) -> dict[str, ClientContact]:
    found: dict[str, ClientContact] = {}
    for person in session.scalars(
        select(ClientContact)
        .where(ClientContact.parent_id.in_(client_ids), ClientContact.deleted_at.is_(None))
        .order_by(ClientContact.position, ClientContact.id)
    ):
        found.setdefault(person.parent_id, person)
    return found


def _stop(visit: Visit, around: _Around) -> StopPaper:
    if visit.client_id is None or visit.client_id not in around.clients:
        return _channel_stop(visit, around.channels.get(visit.channel_id or ""))
    client, policy = around.clients[visit.client_id], around.policies.get(visit.client_id)
    person = around.people.get(client.id)
    phone = around.phones.get(client.id) or (person.phone if person else None)
    chip, tone = ranking.due_chip(policy, clock.today())
    if client.consent is False:  # withdrawn after it was planned: the person who goes must see it
        chip, tone = _("withdrew consent"), "red"
    return StopPaper(
        slot=visit.slot or "",
        minutes=visit.minutes,
        name=client.name,
        about=_about(client, person),
        chip=chip,
        chip_tone=tone,
        address=visit.place or whole_address(None, client.district or client.city, client.address),
        phone=text.mask_phone(phone) if phone else "",
        purpose=retold(visit.purpose),
        bring=visit.bring or "",
        policy=_policy_words(policy),
        history=_history(around.contacts.get(client.id)),
        navigate_to=house_address(client.city, client.district, visit.place or client.address),
    )


def _channel_stop(visit: Visit, channel: Channel | None) -> StopPaper:
    return StopPaper(
        slot=visit.slot or "",
        minutes=visit.minutes,
        name=channel.name if channel else text.EMPTY,
        about=(channel.contact_name or "") if channel else "",
        chip=_("outlet work"),
        chip_tone="blue",
        address=visit.place or (whole_address(None, channel.district, channel.address) if channel else ""),
        phone=text.mask_phone(channel.phone) if channel and channel.phone else "",
        purpose=retold(visit.purpose),
        bring=visit.bring or "",
        navigate_to=house_address(channel.city, channel.district, visit.place or channel.address) if channel else "",
    )


def _about(client: Client, person: ClientContact | None) -> str:
    if client.type != "person":
        return " ".join(filter(None, (person.role, person.name))) if person else ""
    age = text.age(client.birth_on, clock.today()) if client.birth_on else None
    words = [text.age_words(age)]
    words.append({"female": _("female"), "male": _("male")}.get(client.sex or "", ""))
    return " • ".join(filter(None, words))


def _policy_words(policy: Policy | None) -> str:
    """`千里马两全（分红）12 万 • 满期给付 134,260`."""
    if policy is None:
        return ""
    amount = policy.principal_fen or policy.premium_fen
    first = f"{policy.product_name or policy.number}" + (f" {rules.short_amount(amount)}" if amount else "")
    benefit = policy.expected_maturity_benefit_fen
    return first if not benefit else f"{first} • {_('pays {amount} at maturity').format(amount=text.money(benefit))}"


def _history(contact: Contact | None) -> str:
    """`上次 11-20 电话：同意看方案，女儿在家`."""
    if contact is None:
        return ""
    choice = forms.get("contact")["kind"].choice(contact.kind)
    way = choice.label if choice else contact.kind
    words = _("last on {day}, {way}").format(day=text.day_text(clock.day_of(contact.started_at)), way=way)
    said = told(contact.result, contact.summary)
    return _("{when}: {summary}").format(when=words, summary=said) if said else words


def _calls(session: Session, day: date, used: set[str], person_id: str | None) -> list[CallPaper]:
    """Calls of a day: next steps and callbacks due on it, then clients who mature in one to five weeks.

    `used` holds the clients already on the plan; who is called is added. Do-not-call and withdrawn consent keep out.
    """
    due = _due_calls(session, day, person_id)
    callable_ids = set(
        session.scalars(
            select(Client.id).where(
                Client.id.in_([id for id, _reason, _time in due]),
                Client.deleted_at.is_(None),
                Client.consent.is_distinct_from(False),
                Client.do_not_call.is_distinct_from(True),
            )
        )
    )
    chosen: list[tuple[str, str, str]] = []
    for id, reason, time in due:
        if id in callable_ids and id not in used and (time or reason) and len(chosen) < _MOST_CALLS:
            used.add(id)
            chosen.append((id, reason, time))
    ids = [id for id, _reason, _time in chosen]
    if len(ids) < _SUGGESTED:
        for id, words in _maturing(session, day, person_id, _SUGGESTED - len(ids), used):
            used.add(id)
            chosen.append((id, words, ""))
    return _call_papers(session, sorted(chosen, key=lambda call: call[2] or "99"))


def _due_calls(session: Session, day: date, person_id: str | None) -> list[tuple[str, str, str]]:
    tasks = session.execute(
        select(Task.client_id, Task.what, Task.due_time)
        .where(
            *ranking.open_task(),
            Task.client_id.is_not(None),
            ranking.due_on() == day,
            or_(Task.way.is_(None), Task.way != "visit"),
            *([Task.owner_id == person_id] if person_id else []),
        )
        .limit(100)
    ).all()
    calls = session.execute(
        select(Callback.client_id, Callback.product_held, Callback.next_time)
        .where(
            Callback.deleted_at.is_(None),
            Callback.next_on == day,
            Callback.next_step_id.is_(None),
            *([Callback.owner_id == person_id] if person_id else []),
        )
        .limit(100)
    ).all()
    found = [(id, retold(what), time or "") for id, what, time in tasks if id]
    return found + [(id, _("callback: {product}").format(product=held or ""), time or "") for id, held, time in calls]


def _maturing(session: Session, day: date, person_id: str | None, most: int, used: set[str]) -> list[tuple[str, str]]:
    since = clock.instant(day - timedelta(days=20))
    touched = select(Contact.id).where(Contact.client_id == Client.id, Contact.started_at >= since).exists()
    called = select(Callback.id).where(Callback.client_id == Client.id, Callback.called_at >= since).exists()
    rows = session.execute(
        select(Client.id, Policy.matures_on, Policy.line)
        .join(Policy, Policy.applicant_id == Client.id)
        .where(
            Policy.deleted_at.is_(None),
            Policy.matures_on >= day + timedelta(days=7),
            Policy.matures_on <= day + timedelta(days=35),
            or_(Policy.status.is_(None), Policy.status == "in_force"),
            Client.deleted_at.is_(None),
            Client.consent.is_distinct_from(False),
            Client.do_not_call.is_distinct_from(True),
            ~touched,
            ~called,
            *([Client.owner_id == person_id] if person_id else []),
        )
        .order_by(Policy.matures_on, Client.id)
        .limit(most + len(used) + 20)
    ).all()
    found: dict[str, str] = {}
    for id, matures_on, line in rows:
        if id not in used and len(found) < most and matures_on is not None:
            what = rules.maturity_words(line, matures_on)
            if not is_whole_life(line):
                what = _("callback, matures {day}").format(day=text.day_text(matures_on))
            found.setdefault(id, what)
    return list(found.items())


def _call_papers(session: Session, calls: Sequence[tuple[str, str, str]]) -> list[CallPaper]:
    ids = [id for id, _reason, _time in calls]
    found = session.execute(select(Client.id, Client.name).where(Client.id.in_(ids)))
    names = {row.id: row.name for row in found}
    phones, people = first_phones(session, ids), _contact_people(session, ids)
    papers = []
    for id, reason, time in calls:
        person = people.get(id)
        phone = phones.get(id) or (person.phone if person else None)
        name = f"{names[id]} {person.name}" if person else names[id]
        papers.append(CallPaper(name, reason, text.mask_phone(phone) if phone else "", time))
    return papers
