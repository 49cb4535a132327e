"""The client's card of a call: policies, advice, script, what the form begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms, text
from fieldcrm.core.callbacks import scripts
from fieldcrm.core.callbacks.queries import nearness, newest_calls, principal_of
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.clients.tables import Client, ClientPhone
from fieldcrm.core.policies import conversion
from fieldcrm.core.policies import rules as policy_rules
from fieldcrm.core.policies.conversion import Advice
from fieldcrm.core.policies.tables import Policy


@dataclass(frozen=True)
class CardPolicy:
    """A policy on the card. `days_left` None: it does not mature (whole life); `deposit_higher` is told in red."""

    id: str
    tail: str
    product: str
    line: str | None
    matures_on: date | None
    days_left: int | None
    tone: str
    principal_fen: int | None
    premium_fen: int | None
    benefit_fen: int | None
    deposit_fen: int | None
    whole_life: bool

    @property
    def difference_fen(self) -> int | None:
        """Same-period deposit less what the policy pays; None when one of them is not known."""
        if self.deposit_fen is None or self.benefit_fen is None:
            return None
        return self.deposit_fen - self.benefit_fen

    @property
    def deposit_higher(self) -> bool:
        return (self.difference_fen or 0) > 0


@dataclass(frozen=True)
class CallCard:
    """All that is needed on the phone. `phone` is masked; `scripts` holds the steps by objection ("": the opening)."""

    client_id: str
    name: str
    age: int | None
    sex: str
    stage: str
    outlet: str
    phone: str
    phone_id: str | None
    preferred_time: str
    policies: tuple[CardPolicy, ...]
    policy_id: str | None
    advice: Advice
    scripts: dict[str, tuple[str, ...]]
    objection: str | None
    attempt_number: int
    serial_number: int
    may_call: bool

    @property
    def policy(self) -> CardPolicy | None:
        """The policy the call is about."""
        return next((p for p in self.policies if p.id == self.policy_id), None)


def call_card(session: Session, client_id: str, policy_id: str | None = None) -> CallCard | None:
    """The card of a client; None when the client is gone. The call is about `policy_id`, or what matures next."""
    client = session.get(Client, client_id)
    if client is None or client.deleted_at is not None:
        return None
    today = clock.today()
    held = policies_to_call(session, client_id)
    cards = tuple(_card_policy(p, today) for p in held)
    chosen = next((p for p in held if p.id == policy_id), held[0] if held else None)
    band = policy_rules.age_band(client.birth_on, today)
    advice = conversion.advise(
        band, chosen.line if chosen else None, principal_of(chosen) if chosen else None,
        chosen.term_years if chosen else None,
    )  # fmt: skip
    about = next((c for c in cards if chosen is not None and c.id == chosen.id), None)
    latest = newest_calls(session, [client_id], today).get(client_id)
    phone = session.execute(
        select(ClientPhone.id, ClientPhone.number)
        .where(ClientPhone.parent_id == client_id, ClientPhone.deleted_at.is_(None))
        .order_by(ClientPhone.position, ClientPhone.id)
        .limit(1)
    ).first()
    retrying = latest is not None and latest.result != "reached"
    form = forms.get("client")
    return CallCard(
        client_id,
        client.name,
        text.age(client.birth_on, today) if client.birth_on else None,
        forms.show(form["sex"], client.sex) if client.sex else "",
        scripts.stage(band),
        _place(client, chosen),
        text.mask_phone(phone.number) if phone else "",
        phone.id if phone else None,
        client.preferred_time or "",
        cards,
        about.id if about else None,
        advice,
        _scripts(about, band),
        (latest.objection if latest else None) or advice.objection,
        (latest.attempt_number or 1) + 1 if latest is not None and retrying else 1,
        _next_serial(session, today, client.owner_id),
        client.consent is not False and not client.do_not_call,
    )


def policies_to_call(session: Session, client_id: str) -> list[Policy]:
    """The policies of a client in the order a call is about them: what matures next comes first."""
    today = clock.today()
    held = session.scalars(
        select(Policy).where(
            Policy.applicant_id == client_id,
            Policy.deleted_at.is_(None),
            or_(Policy.status.is_(None), Policy.status.in_(("in_force", "matured"))),
        )
    )
    return sorted(held, key=lambda p: nearness(p, today))


def _card_policy(policy: Policy, today: date) -> CardPolicy:
    left = policy_rules.days_to_maturity(policy.line, policy.matures_on, today)
    line = forms.show(forms.get("policy")["line"], policy.line) if policy.line else ""
    return CardPolicy(
        policy.id, policy.number[-4:], policy.product_name or line, policy.line,
        policy_rules.matures(policy.line, policy.matures_on), left, policy_rules.maturity_tone(left),
        principal_of(policy), policy.premium_fen, policy.expected_maturity_benefit_fen, policy.deposit_value_fen,
        policy_rules.is_whole_life(policy.line),
    )  # fmt: skip


def _scripts(about: CardPolicy | None, band: str) -> dict[str, tuple[str, ...]]:
    difference = about.difference_fen if about else None
    whole_life = about.whole_life if about else False
    codes = ["", *(c.code for c in forms.get("callback")["objection"].choices)]
    return {code: scripts.steps(code or None, difference, band, whole_life=whole_life) for code in codes}


def _place(client: Client, policy: Policy | None) -> str:
    return (policy.outlet if policy is not None else None) or client.source_outlet or client.source_channel or ""


def _next_serial(session: Session, day: date, owner_id: str | None) -> int:
    start, end = clock.day_bounds(day)
    highest = session.scalar(
        select(func.max(Callback.serial_number)).where(
            Callback.deleted_at.is_(None), Callback.called_at >= start, Callback.called_at < end,
            Callback.owner_id == owner_id,
        )
    )  # fmt: skip
    return int(highest or 0) + 1
