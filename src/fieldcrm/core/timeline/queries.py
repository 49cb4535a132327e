"""Everything about one client in time order: contacts, callbacks, complaints, stops, handouts, policies, claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.text import EMPTY, day_text, wan
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.complaints.tables import Complaint
from fieldcrm.core.contacts.rules import told
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.handouts.tables import Handout, HandoutTemplate
from fieldcrm.core.policies.tables import Policy, PolicyClaim
from fieldcrm.core.said import retold
from fieldcrm.core.visits.tables import Visit

LIMIT = 300

_CALLBACK, _COMPLAINT, _HANDOUT = N_("Callback"), N_("Complaint"), N_("Handout")
_BOUGHT, _MATURED, _CLAIM, _STOP = N_("Taken out"), N_("Matured"), N_("Claim"), N_("Visit planned")


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `at` when the time of day is known; `kind` and `record_id` say which record it is."""

    on: date
    at: datetime | None
    kind: str
    record_id: str
    chip: str
    tone: str
    text: str

    @property
    def when(self) -> str:
        """`11-20 10:12`, `06-02`, `2021-12-03`: the time only within this year, as the day says enough before."""
        if self.at is None or self.on.year != clock.today().year:
            return day_text(self.on)
        return f"{day_text(self.on)} {clock.local(self.at):%H:%M}"


def client_timeline(session: Session, client_id: str, limit: int = LIMIT) -> tuple[Entry, ...]:
    """The newest entries about a client, newest first."""
    found: list[Entry] = []
    for part in (_contacts, _callbacks, _complaints, _stops, _handouts, _policies):
        found += part(session, client_id)
    found.sort(key=lambda e: (e.on, e.at or clock.instant(e.on), e.record_id), reverse=True)
    return tuple(found[:limit])


def _contacts(session: Session, client_id: str) -> Iterator[Entry]:
    form = forms.get("contact")
    of_calls = set(session.scalars(select(Callback.contact_id).where(Callback.client_id == client_id)))
    query = select(Contact).where(Contact.client_id == client_id, Contact.deleted_at.is_(None))
    for one in session.scalars(query.order_by(Contact.started_at.desc()).limit(LIMIT)):
        if one.id in of_calls:  # the callback itself says more
            continue
        choice = form["kind"].choice(one.kind)
        yield Entry(
            clock.day_of(one.started_at), one.started_at, "contact", one.id, choice.label if choice else one.kind,
            choice.tone if choice else "grey", told(one.result, one.summary) or EMPTY,
        )  # fmt: skip


def _callbacks(session: Session, client_id: str) -> Iterator[Entry]:
    form = forms.get("callback")
    query = select(Callback).where(Callback.client_id == client_id, Callback.deleted_at.is_(None))
    for one in session.scalars(query.order_by(Callback.called_at.desc()).limit(LIMIT)):
        result = forms.show(form["result"], one.result) if one.result != "reached" else ""
        intention = forms.show(form["intention"], one.intention)
        words = [result, intention, one.conversion_offer or "", _first_line(one.remark)]
        yield Entry(
            clock.day_of(one.called_at), one.called_at, "callback", one.id, gettext(_CALLBACK), "blue", _joined(words)
        )


def _complaints(session: Session, client_id: str) -> Iterator[Entry]:
    field = forms.get("complaint")["status"]
    query = select(Complaint).where(Complaint.client_id == client_id, Complaint.deleted_at.is_(None))
    for one in session.scalars(query):
        tone = "red" if one.closed_at is None else "grey"
        words = [_first_line(one.point), forms.show(field, one.status)]
        yield Entry(
            clock.day_of(one.received_at), one.received_at, "complaint", one.id, gettext(_COMPLAINT), tone,
            _joined(words),
        )  # fmt: skip


def _stops(session: Session, client_id: str) -> Iterator[Entry]:
    """Stops that are still planned or were cancelled; one that was made is told by its contact."""
    field = forms.get("visit")["status"]
    query = select(Visit).where(Visit.client_id == client_id, Visit.deleted_at.is_(None), Visit.status != "done")
    for one in session.scalars(query):
        state = "" if one.status == "planned" else forms.show(field, one.status)
        words = [one.slot or "", retold(one.purpose), state, retold(one.reason)]
        tone = "grey" if one.status == "cancelled" else "blue"
        yield Entry(one.planned_on, None, "visit", one.id, gettext(_STOP), tone, _joined(words))


def _handouts(session: Session, client_id: str) -> Iterator[Entry]:
    query = (
        select(Handout, HandoutTemplate.name)
        .outerjoin(HandoutTemplate, HandoutTemplate.id == Handout.template_id)
        .where(Handout.client_id == client_id, Handout.deleted_at.is_(None))
    )
    for one, name in session.execute(query):
        words = [name or "", one.template_version, one.received_by or ""]
        yield Entry(one.given_on, None, "handout", one.id, gettext(_HANDOUT), "green", _joined(words))


def _policies(session: Session, client_id: str) -> Iterator[Entry]:
    today = clock.today()
    pay = forms.get("policy")["pay_mode"]
    held = session.scalars(select(Policy).where(Policy.applicant_id == client_id, Policy.deleted_at.is_(None))).all()
    for one in held:
        amount = wan(one.principal_fen or one.premium_fen) if one.principal_fen or one.premium_fen else ""
        words = [f"{one.product_name or ''} {amount}".strip(), forms.show(pay, one.pay_mode)]
        if one.effective_on is not None and one.effective_on <= today:
            yield Entry(one.effective_on, None, "policy", one.id, gettext(_BOUGHT), "grey", _joined(words))
        if one.status == "matured" and one.matures_on is not None:
            yield Entry(one.matures_on, None, "policy", one.id, gettext(_MATURED), "amber", one.product_name or "")
    yield from _claims(session, [one.id for one in held])


def _claims(session: Session, policy_ids: list[str]) -> Iterator[Entry]:
    fields = forms.get("policy")["claims"].form
    query = select(PolicyClaim).where(PolicyClaim.parent_id.in_(policy_ids), PolicyClaim.deleted_at.is_(None))
    for one in session.scalars(query):
        day = one.happened_on or (clock.day_of(one.reported_at) if one.reported_at else None)
        if day is None or fields is None:
            continue
        words = [wan(one.amount_fen) if one.amount_fen else "", forms.show(fields["status"], one.status)]
        words.append(_first_line(one.remark))
        yield Entry(day, None, "policy_claim", one.id, gettext(_CLAIM), "amber", _joined(words))


def _first_line(text: str | None) -> str:
    return (text or "").split("\n", 1)[0]


def _joined(words: list[str]) -> str:
    return " · ".join(filter(None, words)) or EMPTY
