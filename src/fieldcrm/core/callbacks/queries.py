"""Reading callbacks: the queue of the sprint, the day's count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms, text
from fieldcrm.base.data.among import parts
from fieldcrm.base.data.journal_tables import Identity
from fieldcrm.base.data.setting_table import read_settings
from fieldcrm.base.i18n import _
from fieldcrm.base.settings import CALLBACKS_A_DAY
from fieldcrm.core.callbacks import rules
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.policies import rules as policy_rules
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.visits.rules import short_amount

WAITING, RETRY, LATER, AGAIN = "waiting", "retry", "later", "again"
"""States of a client in the queue beside the form's intentions and `wrong_number`: not called yet; unreached and due
now; unreached, due later; to be called again (promised, or not all was explained)."""
OPEN = frozenset({WAITING, RETRY, AGAIN})
_LATE_DAYS = 7  # matured so long ago and not called: still in the queue
_CAMPAIGN_DAYS = 60  # a call older than this belongs to another maturity
MOST = 2000  # policies in a queue: more than anybody calls in a month
# lines that run out and are renewed, but never pay at maturity: no maturity callback
_RENEWED = (
    "property", "fleet", "group_ah", "liability", "marine", "engineering", "credit", "home", "accident", "health",
)  # fmt: skip


@dataclass(frozen=True)
class QueueRow:
    """A client to call, with the policies that bring the client here; `time` is when to try next ("14:30")."""

    client_id: str
    name: str
    age: int | None
    line: str
    amount_fen: int
    matures_on: date | None
    policy_ids: tuple[str, ...]
    state: str
    label: str
    tone: str
    time: str | None
    overdue: bool
    whole_life: bool = False  # the day is only what the list says: it is told that the policy never matures

    @property
    def amount(self) -> str:
        """`12 万`."""
        return short_amount(self.amount_fen) if self.amount_fen else ""

    @property
    def open(self) -> bool:
        """Whether the client is to be called now."""
        return self.state in OPEN


@dataclass(frozen=True)
class DayCount:
    """Calls of a day, the valid ones among them, the day's goal (the setting of who keeps the book)."""

    calls: int
    valid: int
    goal: int


@dataclass(frozen=True)
class Queue:
    """The sprint: clients by maturity, then amount; `month_clients` of them have a policy that matures next month.

    `capped`: only the policies that mature first were read, as many as `MOST`.
    """

    rows: tuple[QueueRow, ...]
    month_clients: int
    today: DayCount
    capped: bool = False


def count_day(session: Session, day: date | None = None, owner_id: str | None = None) -> DayCount:
    """Calls of a day (today), of one manager when asked."""
    start, end = clock.day_bounds(day or clock.today())
    query = select(Callback.valid, func.count()).where(
        Callback.deleted_at.is_(None), Callback.called_at >= start, Callback.called_at < end
    )
    if owner_id is not None:
        query = query.where(Callback.owner_id == owner_id)
    found = {bool(valid): int(n) for valid, n in session.execute(query.group_by(Callback.valid)) if valid is not None}
    unsaid = session.execute(query.where(Callback.valid.is_(None)).group_by(Callback.valid)).first()
    calls = sum(found.values()) + (int(unsaid[1]) if unsaid else 0)
    whose = owner_id or session.scalar(select(Identity.person_id).limit(1))
    goal = read_settings(session, whose).get(CALLBACKS_A_DAY)
    return DayCount(calls, found.get(True, 0), goal)


def count_today(session: Session, owner_id: str | None = None) -> DayCount:
    """Today's calls against the day's goal."""
    return count_day(session, None, owner_id)


def queue(session: Session, owner_id: str | None = None) -> Queue:
    """Whom to call: policies maturing next month (one month ahead), what was missed, and who is to be tried again.

    Never clients who withdrew their consent or do not want calls; one row per client.
    """
    today = clock.today()
    first, last = policy_rules.next_month(today)
    policies = _maturing(session, today - timedelta(days=_LATE_DAYS), last, owner_id)
    promised = _promised(session, today, owner_id)
    ids = list(dict.fromkeys([*policies, *promised]))
    calls = newest_calls(session, ids, today)
    missing = [id for id in promised if id not in policies]
    policies |= _policies_of(session, missing, today)
    rows: list[QueueRow] = []
    month = 0
    for client in _callable(session, ids):
        held = policies.get(client.id, [])
        this_month = any(p.matures_on and first <= p.matures_on <= last for p in held)
        call = calls.get(client.id)
        row = _queue_row(client, held, call, today)
        month += this_month
        if this_month or row.open or row.state == LATER or (call is not None and clock.day_of(call.called_at) == today):
            rows.append(row)
    rows.sort(key=lambda row: (row.matures_on or date.max, -row.amount_fen, row.name, row.client_id))
    capped = sum(map(len, policies.values())) >= MOST
    return Queue(tuple(rows), month, count_today(session, owner_id), capped)


# What brings a client into the queue


def _maturing(session: Session, first: date, last: date, owner_id: str | None) -> dict[str, list[Policy]]:
    query = (
        select(Policy)
        .where(
            Policy.deleted_at.is_(None), Policy.matures_on >= first, Policy.matures_on <= last,
            Policy.applicant_id.is_not(None), or_(Policy.status.is_(None), Policy.status == "in_force"),
            or_(Policy.line.is_(None), Policy.line.not_in(_RENEWED)),
        )
        .order_by(Policy.matures_on, Policy.id)
        .limit(MOST)
    )  # fmt: skip
    if owner_id is not None:
        query = query.where(Policy.owner_id == owner_id)
    found: dict[str, list[Policy]] = defaultdict(list)
    for policy in session.scalars(query):
        found[policy.applicant_id or ""].append(policy)
    return dict(found)


def _promised(session: Session, today: date, owner_id: str | None) -> list[str]:
    """Clients of calls whose next contact, by phone, is due by today."""
    query = (
        select(Callback.client_id)
        .where(
            Callback.deleted_at.is_(None), Callback.next_on <= today,
            Callback.called_at >= clock.instant(today - timedelta(days=_CAMPAIGN_DAYS)),
            or_(Callback.next_way.is_(None), Callback.next_way == "phone"),
        )
        .distinct()
        .limit(MOST)
    )  # fmt: skip
    if owner_id is not None:
        query = query.where(Callback.owner_id == owner_id)
    return list(session.scalars(query))


def _policies_of(session: Session, client_ids: Sequence[str], today: date) -> dict[str, list[Policy]]:
    """The policy that matures next of clients who are to be called again."""
    found: dict[str, list[Policy]] = {}
    for ids in parts(client_ids):
        for policy in session.scalars(
            select(Policy).where(
                Policy.applicant_id.in_(ids), Policy.deleted_at.is_(None),
                or_(Policy.status.is_(None), Policy.status == "in_force"),
            )
        ):  # fmt: skip
            known = found.get(policy.applicant_id or "")
            if known is None or nearness(policy, today) < nearness(known[0], today):
                found[policy.applicant_id or ""] = [policy]
    return found


def newest_calls(session: Session, client_ids: Sequence[str], today: date) -> dict[str, Callback]:
    """The newest call of each client in this campaign."""
    since = clock.instant(today - timedelta(days=_CAMPAIGN_DAYS))
    found: dict[str, Callback] = {}
    for ids in parts(client_ids):
        for call in session.scalars(
            select(Callback)
            .where(Callback.client_id.in_(ids), Callback.deleted_at.is_(None), Callback.called_at >= since)
            .order_by(Callback.called_at, Callback.id)
        ):
            found[call.client_id] = call
    return found


def _callable(session: Session, client_ids: Sequence[str]) -> Iterator[Client]:
    for ids in parts(client_ids):
        yield from session.scalars(
            select(Client).where(
                Client.id.in_(ids), Client.deleted_at.is_(None), Client.consent.is_distinct_from(False),
                Client.do_not_call.is_distinct_from(True),
            )
        )  # fmt: skip


# Rows


def _queue_row(client: Client, held: Sequence[Policy], call: Callback | None, today: date) -> QueueRow:
    biggest = max(held, key=lambda p: principal_of(p) or 0, default=None)
    days = [p.matures_on for p in held if p.matures_on is not None]
    state, label, tone, time = _state(call, today)
    line = forms.show(forms.get("policy")["line"], biggest.line) if biggest is not None and biggest.line else ""
    first = policy_rules.next_month(today)[0]
    return QueueRow(
        client.id, client.name, text.age(client.birth_on, today) if client.birth_on else None, line,
        sum(principal_of(p) or 0 for p in held), min(days, default=None), tuple(p.id for p in held),
        state, label, tone, time, state in OPEN and min(days, default=date.max) < first,
        bool(held) and all(policy_rules.is_whole_life(p.line) for p in held),
    )  # fmt: skip


def _state(call: Callback | None, today: date) -> tuple[str, str, str, str | None]:
    """State, its words, its tone, and the time of the next try."""
    if call is None:
        return WAITING, _("To call"), "grey", None
    form = forms.get("callback")
    due = call.next_on is not None and call.next_on <= today and call.next_way in (None, "phone")
    before = clock.day_of(call.called_at) < today
    if call.result == "wrong_number":
        choice = form["result"].choice("wrong_number")
        return "wrong_number", choice.label if choice else "", "red", None
    if call.result != "reached":
        if call.next_on is None or not due:
            return LATER, _("Not reached"), "grey", call.next_time
        if call.next_on < today or _has_come(call.next_time):
            return RETRY, _("Try again"), "amber", call.next_time
        return LATER, _("Not reached"), "grey", call.next_time
    if due and before:
        return AGAIN, _("Call promised"), "amber", call.next_time
    choice = form["intention"].choice(call.intention) if call.intention else None
    if choice is None or not call.valid:
        return (AGAIN if before else "incomplete"), _("Explain again"), "amber", None
    return choice.code, choice.label, choice.tone, None


def _has_come(time: str | None) -> bool:
    return time is None or f"{clock.local(clock.now()):%H:%M}" >= time


def nearness(policy: Policy, today: date) -> tuple[int, int, str]:
    """What matures next comes first, then what matured lately, then what never does."""
    if policy.matures_on is None:
        return 10**7, -(principal_of(policy) or 0), policy.id
    left = (policy.matures_on - today).days
    return (left if left >= -30 else 10**6 - left), -(principal_of(policy) or 0), policy.id


def principal_of(policy: Policy) -> int | None:
    paid = policy_rules.principal(policy.pay_mode, policy.premium_fen, policy.instalments_paid, policy.principal_fen)
    return policy.premium_fen if paid is None else paid


def next_echo(called_at: datetime | None = None) -> tuple[date, str]:
    """When an unreached client would be tried again."""
    return rules.next_try(called_at or clock.now())
