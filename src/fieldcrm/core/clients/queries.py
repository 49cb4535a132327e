"""Reading clients: the list with its views, and the values of one client for its form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, null, or_, select, true
from sqlalchemy.orm import Session, aliased

from fieldcrm.base import clock, forms
from fieldcrm.base.data.among import parts
from fieldcrm.base.data.listing import (
    Asked,
    Between,
    Column,
    Contains,
    Filter,
    FilterKind,
    ListSpec,
    NamedView,
    OneOf,
    Sort,
)
from fieldcrm.base.errors import ChangedElsewhere, define
from fieldcrm.base.i18n import N_
from fieldcrm.base.text import age, mask_phone, wan
from fieldcrm.core.clients import rules
from fieldcrm.core.clients.tables import Client, ClientContact, ClientPhone
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.form_values import record_values
from fieldcrm.core.people.tables import Person
from fieldcrm.core.policies.due import Due, due_of, is_in_force
from fieldcrm.core.policies.rules import next_month
from fieldcrm.core.policies.tables import Policy, of_maturing_line

GONE = define("client.gone", N_("This client is no longer there."))
CHUNK = 500


@dataclass(frozen=True)
class ClientRow:
    """A client in the list; `due` belongs to the policy named in `policy`, `contacted_on` is the last contact."""

    id: str
    name: str
    type: str
    category: str
    age: int | None
    grade: str | None
    tags: tuple[str, ...]
    policy: str
    policies: int
    due: Due
    matures_on: date | None
    renews_on: date | None
    contacted_on: date | None
    neglected: bool
    source: str
    phone: str
    district: str
    manager: str
    do_not_call: bool


@dataclass(frozen=True)
class Counted:
    """How many clients there are, by type."""

    total: int
    persons: int
    organisations: int


def views(on: date | None = None) -> tuple[NamedView, ...]:
    """The views that everybody has, as of a day."""
    today = on or clock.today()
    month = Between(*next_month(today))
    silent = Between(None, today - timedelta(days=rules.NOT_CONTACTED_DAYS + 1))
    soon = Between(today, today + timedelta(days=90))
    return (
        NamedView("all", N_("All"), Asked()),
        NamedView("next_month", N_("Maturing next month"), Asked((("matures_on", month),))),
        NamedView("grade_a", N_("Key clients (A)"), Asked((("grade", OneOf(("A",))),))),
        NamedView("silent", N_("60 days without contact"), Asked((("contacted_on", silent),))),
        NamedView("renewals", N_("Renewal within 90 days"), Asked((("renews_on", soon),))),
    )


@cache
def clients_list() -> ListSpec:
    """The list of clients; sorted by name or grade along an index, what other tables know loaded by the page."""
    text, choice, day = FilterKind.TEXT, FilterKind.CHOICE, FilterKind.DATE
    return ListSpec(
        name="clients",
        source=Client.__table__,
        id=Client.id,
        columns=(
            Column("name", Client.name_key, text, jump=Client.name, narrow=_by_name),
            Column("type", Client.type, choice, sortable=False, nullable=False),
            Column("grade", Client.grade, choice, narrow=_by_grade, tallied=True),
            Column("policy", null(), sortable=False),
            Column("due_on", Client.due_on, day, narrow=_due, tallied=True),
            Column("matures_on", null(), day, sortable=False, narrow=_matures),
            Column("renews_on", null(), day, sortable=False, narrow=_renews),
            Column("contacted_on", Client.contacted_at, day, narrow=_contacted),
            Column("source_type", Client.source_type, choice, sortable=False),
            Column("phone", null(), text, sortable=False, narrow=_by_phone),
            Column("manager", null(), text, sortable=False, narrow=_by_manager),
            Column("district", Client.district, text, sortable=False),
            Column("tags", Client.tags, text, sortable=False),
            Column("age", null(), FilterKind.NUMBER, sortable=False, narrow=_by_age),
        ),
        where=(Client.deleted_at.is_(None),),
        sort=Sort("name"),
        load=client_rows,
    )


def count_clients(session: Session) -> Counted:
    """How many clients the book has."""
    organisations = func.coalesce(func.sum(case((Client.type == rules.ORGANISATION, 1), else_=0)), 0)
    query = select(func.count(), organisations).where(Client.deleted_at.is_(None))
    total, firms = (int(n) for n in session.execute(query).one())
    return Counted(total, total - firms, firms)


def client_rows(session: Session, ids: Sequence[str]) -> Mapping[str, ClientRow]:
    """Rows of the list by id; ids of clients that are gone are left out."""
    today = clock.today()
    policies, phones = _policies(session, ids), _phones(session, ids)
    contacted = last_contacts(session, ids)
    managers = dict(session.execute(select(Person.id, Person.name)).all())
    rows: dict[str, ClientRow] = {}
    c = Client
    for part in parts(ids):
        columns = (
            c.id, c.name, c.type, c.birth_on, c.industry, c.key_industry, c.ranks, c.grade, c.tags, c.source_type,
            c.source_outlet, c.source_channel, c.district, c.do_not_call, c.consent, c.insurance_expires_on,
            c.owner_id,
        )  # fmt: skip
        for one in session.execute(select(*columns).where(c.id.in_(part))):
            rows[one.id] = _row(one, policies[one.id], contacted.get(one.id), phones.get(one.id, ""), managers, today)
    return rows


def last_contacts(session: Session, ids: Sequence[str]) -> dict[str, date]:
    """The day of the last contact of each of these clients."""
    found: dict[str, date] = {}
    for part in parts(ids):
        query = (
            select(Contact.client_id, func.max(Contact.started_at))
            .where(Contact.client_id.in_(part), Contact.deleted_at.is_(None))
            .group_by(Contact.client_id)
        )
        found.update((id, clock.day_of(moment)) for id, moment in session.execute(query))
    return found


def client_values(session: Session, client_id: str) -> dict[str, Any]:
    """The values of a client by the form's field names, its lists with the rows' ids; `ChangedElsewhere`."""
    client = session.get(Client, client_id)
    if client is None or client.deleted_at is not None:
        raise ChangedElsewhere(GONE)
    return record_values(session, client, {"phones": ClientPhone, "contacts": ClientContact})


# Rows


def _row(
    one: Any, held: Sequence[Any], contacted_on: date | None, phone: str, managers: Mapping[str, str], today: date
) -> ClientRow:
    main, due, matures_on, renews_on = _main(held, today)
    elsewhere = due_of(None, None, None, one.insurance_expires_on, today)  # another insurer's: a renewal to win
    if elsewhere.on is not None:
        due = min((d for d in (due, elsewhere) if d.on is not None), key=lambda d: d.on or date.max)
        renews_on = min(filter(None, (renews_on, elsewhere.on)))
    return ClientRow(
        id=one.id,
        name=one.name,
        type=one.type,
        category=rules.category(one.type, one.birth_on, one.industry, one.key_industry, one.ranks or (), today),
        age=None if one.birth_on is None else age(one.birth_on, today),
        grade=one.grade,
        tags=tuple(one.tags or ()),
        policy=main,
        policies=len(held),
        due=due,
        matures_on=matures_on,
        renews_on=renews_on,
        contacted_on=contacted_on,
        neglected=rules.neglected(one.grade, contacted_on, today),
        source=rules.source(one.source_type, one.source_outlet, one.source_channel),
        phone=mask_phone(phone),
        district=one.district or "",
        manager=managers.get(one.owner_id, ""),
        do_not_call=bool(one.do_not_call) or one.consent is False,
    )


def _main(held: Sequence[Any], today: date) -> tuple[str, Due, date | None, date | None]:
    """The policy a client is known by: what comes due next, else the largest in force, else the last that ended."""
    if not held:
        return "", Due("none"), None, None
    dues = [(due_of(p.status, p.line, p.matures_on, p.renews_on, today), p) for p in held]

    def rank(pair: tuple[Due, Any]) -> tuple[bool, bool, date, int]:
        due, policy = pair
        return (not is_in_force(policy.status), due.on is None, due.on or date.max, -_amount(policy))

    due, main = min(dues, key=rank)
    days = {
        kind: min((d.on for d, _ in dues if d.kind == kind and d.on), default=None) for kind in ("matures", "renews")
    }
    return policy_words(main.line, main.product_name, _amount(main)), due, days["matures"], days["renews"]


def policy_words(line: str | None, product_name: str | None, amount_fen: int) -> str:
    """`分红 12 万`: the line (else the product) and the money in it."""
    what = forms.show(forms.get("policy")["line"], line) if line not in (None, "other") else product_name or ""
    return f"{what} {wan(amount_fen).replace('.0 ', ' ')}".strip() if amount_fen else what


def _amount(policy: Any) -> int:
    return policy.principal_fen or policy.premium_fen or 0


def _policies(session: Session, ids: Sequence[str]) -> dict[str, list[Any]]:
    p = Policy
    columns = (
        p.applicant_id, p.status, p.line, p.product_name, p.matures_on, p.renews_on, p.principal_fen, p.premium_fen,
    )  # fmt: skip
    found: dict[str, list[Any]] = defaultdict(list)
    for part in parts(ids):
        for row in session.execute(select(*columns).where(p.applicant_id.in_(part), p.deleted_at.is_(None))):
            found[row.applicant_id].append(row)
    return found


def _phones(session: Session, ids: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in parts(ids):
        query = select(ClientPhone.parent_id, ClientPhone.number).where(
            ClientPhone.parent_id.in_(part), ClientPhone.deleted_at.is_(None)
        )
        for id, number in session.execute(query.order_by(ClientPhone.position, ClientPhone.id)):
            found.setdefault(id, number)
    return found


# Filters that ask other tables; each finds its ids along an index of that table


def _by_name(wanted: Filter) -> ColumnElement[bool]:
    """In the sort key, which ends with the name and is in the index: by characters or by spaced pinyin."""
    if not isinstance(wanted, Contains):
        return true()
    return Client.name_key.contains(wanted.text.strip().casefold(), autoescape=True)


def _by_grade(wanted: Filter) -> ColumnElement[bool]:
    """Told so that the list is walked by name along its index, not by grade and then sorted."""
    if not isinstance(wanted, OneOf):
        return true()
    return func.coalesce(Client.grade, "").in_([value or "" for value in wanted.values])


def _by_phone(wanted: Filter) -> ColumnElement[bool]:
    digits = wanted.text.replace(" ", "").replace("-", "") if isinstance(wanted, Contains) else ""
    some = select(ClientPhone.parent_id).where(
        ClientPhone.deleted_at.is_(None), ClientPhone.number.contains(digits, autoescape=True)
    )
    return Client.id.in_(some)


def _by_manager(wanted: Filter) -> ColumnElement[bool]:
    name = wanted.text.strip() if isinstance(wanted, Contains) else ""
    return Client.owner_id.in_(select(Person.id).where(Person.name.contains(name, autoescape=True)))


def _by_age(wanted: Filter) -> ColumnElement[bool]:
    """Full years today; who was born on 29 February has the birthday on 1 March in other years."""
    parts: list[ColumnElement[bool]] = [Client.birth_on.is_not(None)]
    if isinstance(wanted, Between):
        today = clock.today()
        if wanted.low is not None:
            parts.append(Client.birth_on <= _years_before(today, _number(wanted.low)))
        if wanted.high is not None:
            parts.append(Client.birth_on > _years_before(today, _number(wanted.high) + 1))
    return and_(*parts)


def _number(value: date | int) -> int:
    return value if isinstance(value, int) else 0


def _years_before(day: date, years: int) -> date:
    year = max(1, day.year - years)
    return date(year, 2, 28) if (day.month, day.day) == (2, 29) and not _leap(year) else day.replace(year=year)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _matures(wanted: Filter) -> ColumnElement[bool]:
    return Client.id.in_(_holders(Policy.matures_on, wanted).where(of_maturing_line()))


def _renews(wanted: Filter) -> ColumnElement[bool]:
    elsewhere = aliased(Client)
    ending = select(elsewhere.id).where(
        elsewhere.insurance_expires_on.is_not(None), *_in_range(elsewhere.insurance_expires_on, wanted)
    )
    return Client.id.in_(_holders(Policy.renews_on, wanted).union_all(ending))


def _in_range(day: Any, wanted: Filter) -> list[ColumnElement[bool]]:
    parts = [day.is_not(None)]
    if isinstance(wanted, Between):
        parts += [day >= wanted.low] if wanted.low is not None else []
        parts += [day <= wanted.high] if wanted.high is not None else []
    return parts


def _holders(day: Any, wanted: Filter) -> Select[Any]:
    parts = _in_range(day, wanted)
    in_force = or_(Policy.status.is_(None), Policy.status == "in_force")
    return select(Policy.applicant_id).where(Policy.deleted_at.is_(None), *parts, in_force)


def _due(wanted: Filter) -> ColumnElement[bool]:
    """Told so that a list by name is walked along its index, with those who are due at hand."""
    other = aliased(Client)
    due = select(other.id).where(other.deleted_at.is_(None), *_in_range(other.due_on, wanted))
    return func.coalesce(Client.id, "").in_(due)


def _contacted(wanted: Filter) -> ColumnElement[bool]:
    """The last contact lies in the range; with an open beginning, who was never contacted counts in."""
    if not isinstance(wanted, Between):
        return true()
    parts: list[ColumnElement[bool]] = [true()]
    if wanted.low is not None:
        parts.append(Client.id.in_(_touched_since(clock.day_bounds(_day(wanted.low))[0])))
    if wanted.high is not None:
        parts.append(Client.id.not_in(_touched_since(clock.day_bounds(_day(wanted.high))[1])))
    return and_(*parts)


def _touched_since(moment: datetime) -> Select[Any]:
    other = aliased(Client)
    return select(other.id).where(other.deleted_at.is_(None), other.contacted_at >= moment)


def _day(value: date | int) -> date:
    if not isinstance(value, date):
        raise TypeError("a range of contacts is given in days")
    return value
