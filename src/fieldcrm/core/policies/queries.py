"""Reading policies: the list with its views, one policy as its pane shows it, and its values for the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, false, null, or_, select, true
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms
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
from fieldcrm.base.errors import ChangedElsewhere
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.form_values import record_values
from fieldcrm.core.people.tables import Person
from fieldcrm.core.policies import rules
from fieldcrm.core.policies.actions import GONE
from fieldcrm.core.policies.due import Due, due_of
from fieldcrm.core.policies.tables import Policy, PolicyBeneficiary, PolicyClaim, Product, of_maturing_line

CHUNK = 500
RENEWAL_DAYS = 60


@dataclass(frozen=True)
class PolicyRow:
    """A policy in the list; money in fen."""

    id: str
    number: str
    product: str
    line: str | None
    applicant_id: str | None
    applicant: str
    insured: str
    outlet: str
    effective_on: date | None
    matures_on: date | None
    renews_on: date | None
    due: Due
    premium_fen: int | None
    principal_fen: int | None
    status: str | None
    manager: str


@dataclass(frozen=True)
class CallLine:
    """A callback about the policy."""

    id: str
    on: date
    result: str
    tone: str
    text: str
    valid: bool


@dataclass(frozen=True)
class ClaimLine:
    """A claim under the policy; money in fen."""

    id: str
    on: date | None
    amount_fen: int | None
    paid_fen: int | None
    status: str
    tone: str
    remark: str


@dataclass(frozen=True)
class PolicyCard:
    """One policy: its row, its facts as (label, value) in the form's order, and what belongs to it."""

    row: PolicyRow
    applicant_age: int | None
    applicant_phone: str
    facts: tuple[tuple[str, str], ...]
    remark: str
    beneficiaries: tuple[str, ...]
    callbacks: tuple[CallLine, ...]
    claims: tuple[ClaimLine, ...]
    converted_into: str


def policy_views(on: date | None = None) -> tuple[NamedView, ...]:
    """The views that everybody has, as of a day."""
    today = on or clock.today()
    following = rules.next_month(today)
    first = today.replace(day=1)
    this_month = Between(first, following[0] - timedelta(days=1))
    soon = Between(today, today + timedelta(days=30))
    renewals = Between(today, today + timedelta(days=RENEWAL_DAYS))
    in_force = ("status", OneOf(("in_force", None)))
    by_maturity, by_renewal = Sort("due_on"), Sort("renews_on")
    return (
        NamedView("in_force", N_("In force"), Asked((in_force,), by_maturity)),
        NamedView("this_month", N_("Maturing this month"), Asked((("matures_on", this_month), in_force), by_maturity)),
        NamedView(
            "next_month", N_("Maturing next month"), Asked((("matures_on", Between(*following)), in_force), by_maturity)
        ),
        NamedView("soon", N_("Within 30 days"), Asked((("matures_on", soon), in_force), by_maturity)),
        NamedView("renewals", N_("Renewal within 60 days"), Asked((("renews_on", renewals), in_force), by_renewal)),
        NamedView("all", N_("All"), Asked((), Sort("number"))),
    )


@cache
def policies_list() -> ListSpec:
    """The list of policies; sorted by maturity, renewal or number along an index, the applicant's name by the page."""
    text, choice, day, money = FilterKind.TEXT, FilterKind.CHOICE, FilterKind.DATE, FilterKind.MONEY
    p = Policy
    return ListSpec(
        name="policies",
        source=p.__table__,
        id=p.id,
        columns=(
            Column("matures_on", p.matures_on, day, narrow=_matures),
            Column("renews_on", p.renews_on, day),
            Column("number", p.number, text, nullable=False),
            Column("product", p.product_name, text, sortable=False),
            Column("applicant", p.applicant_id, text, sortable=False, narrow=_by_applicant),
            Column("manager", null(), text, sortable=False, narrow=_by_manager),
            Column("line", p.line, choice, sortable=False),
            Column("effective_on", p.effective_on, day, sortable=False),
            Column("due_on", p.matures_on, day, narrow=_matures),
            Column("premium_fen", p.premium_fen, money, sortable=False),
            Column("principal_fen", p.principal_fen, money, sortable=False),
            Column("status", p.status, choice, sortable=False),
            Column("outlet", p.outlet, text, sortable=False),
            Column("insured", p.insured_name, text, sortable=False),
        ),
        where=(p.deleted_at.is_(None),),
        sort=Sort("number"),
        load=policy_rows,
    )


def policy_rows(session: Session, ids: Sequence[str]) -> Mapping[str, PolicyRow]:
    """Rows of the list by id."""
    today = clock.today()
    found: dict[str, PolicyRow] = {}
    for at in range(0, len(ids), CHUNK):
        query = (
            select(Policy, Client.name, Person.name)
            .outerjoin(Client, Client.id == Policy.applicant_id)
            .outerjoin(Person, Person.id == Policy.owner_id)
            .where(Policy.id.in_(ids[at : at + CHUNK]), Policy.deleted_at.is_(None))
        )
        found.update((p.id, _row(p, applicant, manager, today)) for p, applicant, manager in session.execute(query))
    return found


def policy_card(session: Session, policy_id: str) -> PolicyCard:
    """One policy with what belongs to it; `ChangedElsewhere` when it is gone."""
    _policy(session, policy_id)
    card = find_policy_card(session, policy_id)
    assert card is not None  # noqa: S101 it was there a moment ago, on the same snapshot
    return card


def find_policy_card(session: Session, policy_id: str) -> PolicyCard | None:
    """As `policy_card`; None when it is gone."""
    policy = session.get(Policy, policy_id)
    if policy is None or policy.deleted_at is not None:
        return None
    row = policy_rows(session, [policy_id])[policy_id]
    into = session.get(Policy, policy.converted_into_id) if policy.converted_into_id else None
    age, phone = _applicant(session, policy.applicant_id)
    return PolicyCard(
        row=row,
        applicant_age=age,
        applicant_phone=phone,
        facts=_facts(policy),
        remark=policy.remark or "",
        beneficiaries=_beneficiaries(session, policy_id),
        callbacks=_callbacks(session, policy_id),
        claims=_claims(session, policy_id),
        converted_into="" if into is None else f"{into.product_name or ''} {into.number}".strip(),
    )


def policy_values(session: Session, policy_id: str) -> dict[str, Any]:
    """The values of a policy by the form's field names; `ChangedElsewhere`."""
    lists = {"beneficiaries": PolicyBeneficiary, "claims": PolicyClaim}
    return record_values(session, _policy(session, policy_id), lists)


def find_products(session: Session, typed: str, limit: int = 8) -> list[tuple[str, str, str]]:
    """Products whose name or code has this in it, as (id, name, code)."""
    words = typed.strip()
    query = select(Product.id, Product.name, Product.code).where(
        Product.deleted_at.is_(None),
        or_(Product.name.icontains(words, autoescape=True), Product.code.istartswith(words, autoescape=True)),
    )
    return [(row.id, row.name, row.code or "") for row in session.execute(query.order_by(Product.name).limit(limit))]


def _policy(session: Session, policy_id: str) -> Policy:
    policy = session.get(Policy, policy_id)
    if policy is None or policy.deleted_at is not None:
        raise ChangedElsewhere(GONE)
    return policy


def _row(p: Policy, applicant: str | None, manager: str | None, today: date) -> PolicyRow:
    return PolicyRow(
        id=p.id,
        number=p.number,
        product=p.product_name or "",
        line=p.line,
        applicant_id=p.applicant_id,
        applicant=applicant or "",
        insured=p.insured_name or "",
        outlet=p.outlet or "",
        effective_on=p.effective_on,
        matures_on=rules.matures(p.line, p.matures_on),
        renews_on=p.renews_on,
        due=due_of(p.status, p.line, p.matures_on, p.renews_on, today),
        premium_fen=p.premium_fen,
        principal_fen=p.principal_fen,
        status=p.status,
        manager=manager or "",
    )


_FACTS = (
    "pay_mode", "term_years", "pay_years", "instalments_paid", "effective_on", "matures_on", "renews_on",
    "sum_assured_fen", "cash_value_fen", "expected_maturity_benefit_fen",
    "deposit_value_fen", "commission_fen", "insured_name", "outlet", "channel", "insurer",
)  # fmt: skip


# where the form's label is too long to stand beside its value
_SHORT = {"expected_maturity_benefit_fen": N_("Pays out"), "deposit_value_fen": N_("As deposit")}


def _fact_label(field: forms.Field) -> str:
    return gettext(_SHORT[field.name]) if field.name in _SHORT else field.label


def _facts(policy: Policy) -> tuple[tuple[str, str], ...]:
    form = forms.get("policy")
    shown = ((_fact_label(form[name]), forms.show(form[name], getattr(policy, name))) for name in _FACTS)
    return tuple((label, value) for label, value in shown if value)


def _applicant(session: Session, client_id: str | None) -> tuple[int | None, str]:
    from fieldcrm.base.text import age
    from fieldcrm.core.clients.queries import client_rows

    client = session.get(Client, client_id) if client_id else None
    if client is None or client.deleted_at is not None:
        return None, ""
    years = None if client.birth_on is None else age(client.birth_on, clock.today())
    return years, client_rows(session, [client.id])[client.id].phone


def _beneficiaries(session: Session, policy_id: str) -> tuple[str, ...]:
    b = PolicyBeneficiary
    query = select(b).where(b.parent_id == policy_id, b.deleted_at.is_(None)).order_by(b.position)
    return tuple(
        " ".join(filter(None, (one.name, one.relation, f"{one.share}%" if one.share else "")))
        for one in session.scalars(query)
    )


def _callbacks(session: Session, policy_id: str) -> tuple[CallLine, ...]:
    form = forms.get("callback")
    query = select(Callback).where(Callback.policy_id == policy_id, Callback.deleted_at.is_(None))
    lines = []
    for one in session.scalars(query.order_by(Callback.called_at.desc())):
        choice = form["result"].choice(one.result or "")
        words = (forms.show(form["intention"], one.intention), one.conversion_offer or "", one.remark or "")
        lines.append(
            CallLine(
                one.id, clock.day_of(one.called_at), choice.label if choice else "", choice.tone if choice else "grey",
                " · ".join(filter(None, words)), bool(one.valid),
            )
        )  # fmt: skip
    return tuple(lines)


def _claims(session: Session, policy_id: str) -> tuple[ClaimLine, ...]:
    form = forms.get("policy")["claims"].form
    assert form is not None  # noqa: S101 the form says so
    query = select(PolicyClaim).where(PolicyClaim.parent_id == policy_id, PolicyClaim.deleted_at.is_(None))
    lines = []
    for one in session.scalars(query.order_by(PolicyClaim.position)):
        choice = form["status"].choice(one.status or "")
        day = one.happened_on or (clock.day_of(one.reported_at) if one.reported_at else None)
        lines.append(
            ClaimLine(
                one.id, day, one.amount_fen, one.paid_fen, choice.label if choice else "",
                choice.tone if choice else "grey", one.remark or "",
            )
        )  # fmt: skip
    return tuple(lines)


# Filters


def _matures(wanted: Filter) -> ColumnElement[bool]:
    """A whole-life policy does not mature, whatever the list says."""
    if not isinstance(wanted, Between):
        return true()
    day: Any = Policy.matures_on
    parts = [day.is_not(None), of_maturing_line()]
    parts += [day >= wanted.low] if wanted.low is not None else []
    parts += [day <= wanted.high] if wanted.high is not None else []
    return and_(*parts)


def _by_manager(wanted: Filter) -> ColumnElement[bool]:
    name = wanted.text.strip() if isinstance(wanted, Contains) else ""
    return Policy.owner_id.in_(select(Person.id).where(Person.name.contains(name, autoescape=True)))


def _by_applicant(wanted: Filter) -> ColumnElement[bool]:
    if isinstance(wanted, Contains):
        some = select(Client.id).where(Client.name.icontains(wanted.text.strip(), autoescape=True))
        return Policy.applicant_id.in_(some)
    if isinstance(wanted, OneOf):
        return Policy.applicant_id.in_([v for v in wanted.values if isinstance(v, str)])
    return false()
