"""Writing callbacks: one entry holds the call, its touch on the timeline, the next step, the visit, the complaint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms, text, workdays
from fieldcrm.base.data.journal import author
from fieldcrm.base.errors import ChangedElsewhere, InvalidField, define
from fieldcrm.base.i18n import N_, _
from fieldcrm.core import complaints, contacts, tasks, visits
from fieldcrm.core.callbacks import rules
from fieldcrm.core.callbacks.card import policies_to_call
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.clients.queries import GONE as CLIENT_GONE
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.form_values import record_values
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.tasks.tables import Task
from fieldcrm.core.visits import rules as visit_rules
from fieldcrm.core.visits.tables import Visit

GONE = define("callback.gone", N_("This callback is no longer there."))
PAST = define("callback.next_in_past", N_("The next contact lies in the past."))

_VISITS = ("visit", "outlet")
_OF_CALL = (
    "result", "maturity_explained", "conversion_explained", "conversion_offer", "intention", "objection",
    "next_on", "next_time", "next_way", "remark",
)  # fmt: skip


@dataclass(frozen=True)
class CallLogged:
    """What a call made: its id, whether it is valid, and the ids of what came with it."""

    callback_id: str
    valid: bool
    serial_number: int
    contact_id: str
    task_id: str | None
    visit_id: str | None
    complaint_id: str | None


def log_callback(
    session: Session,
    client_id: str,
    *,
    policy_id: str | None = None,
    called_at: datetime | None = None,
    **values: Any,
) -> CallLogged:
    """Log one call of the form 有效回访统计表; `values` by its field names.

    Without `policy_id` the call is about what matures next. Written with it, in the same operation: the contact on
    the timeline, the next step, a visit in the plan when the next contact is one, a complaint when the client
    complains. An unreached client comes back at another time of day.
    Raises `InvalidFields` by the form, `InvalidField(next_on)`, `ChangedElsewhere`.
    """
    client = session.get(Client, client_id)
    if client is None or client.deleted_at is not None:
        raise ChangedElsewhere(CLIENT_GONE)
    moment = called_at or clock.now()
    policy = session.get(Policy, policy_id) if policy_id else next(iter(policies_to_call(session, client_id)), None)
    given = _cleaned(client_id, policy, moment, values)
    _plan_next(given, moment)
    earlier = _latest(session, client_id)
    call = Callback(
        **given,
        attempt_number=_attempt(earlier),
        valid=rules.is_valid(given["result"], given["maturity_explained"], given["intention"]),
        filled_on=clock.day_of(moment),
        serial_number=next_serial(session, clock.day_of(moment)),
    )
    session.add(call)
    session.flush()
    logged = _log_contact(session, call)
    call.contact_id, call.next_step_id = logged.contact_id, logged.task_id
    _answer_earlier(session, earlier, logged.contact_id)
    visit_id = _plan_visit(session, call, logged.task_id)
    complaint_id = _complain(session, call) if call.intention == "complaint" else None
    return CallLogged(
        call.id, bool(call.valid), call.serial_number or 0, logged.contact_id, logged.task_id, visit_id, complaint_id
    )


CORRECTED = tuple(name for name in _OF_CALL if not name.startswith("next_"))
"""What can be corrected of a call: what was said; the next contact is a step or a stop by now and changed there."""


def call_values(session: Session, callback_id: str) -> dict[str, Any] | None:
    """A call by its form's field names, to be corrected, with the client's name; None when it is gone."""
    call = session.get(Callback, callback_id)
    if call is None or call.deleted_at is not None:
        return None
    client = session.get(Client, call.client_id)
    return record_values(session, call, {}) | {"name": client.name if client is not None else text.EMPTY}


def change_callback(session: Session, callback_id: str, **values: Any) -> None:
    """Correct a call; whether it is valid follows, and so does the contact on the timeline.

    Raises `InvalidFields`, `ChangedElsewhere`.
    """
    call = session.get(Callback, callback_id)
    if call is None or call.deleted_at is not None:
        raise ChangedElsewhere(GONE)
    form = forms.get("callback")
    kept = {f.name: getattr(call, f.name) for f in form.fields}
    cleaned = forms.clean(form, kept | {name: values[name] for name in values if name in _OF_CALL})
    for name in _OF_CALL:
        if cleaned.get(name) != kept[name]:
            setattr(call, name, cleaned.get(name))
    call.valid = rules.is_valid(call.result, call.maturity_explained, call.intention)
    contact = session.get(Contact, call.contact_id) if call.contact_id else None
    if contact is not None:
        contact.result, contact.summary, contact.objection = _contact_result(call), summary_of(call), call.objection


def next_serial(session: Session, day: date, owner_id: str | None = None) -> int:
    """The serial number the next call of a day gets; `owner_id` defaults to who is writing."""
    owner = owner_id or author(session).person_id
    start, end = clock.day_bounds(day)
    highest = session.scalar(
        select(func.max(Callback.serial_number)).where(
            Callback.deleted_at.is_(None), Callback.called_at >= start, Callback.called_at < end,
            Callback.owner_id == owner,
        )
    )  # fmt: skip
    return int(highest or 0) + 1


def _cleaned(client_id: str, policy: Policy | None, moment: datetime, values: dict[str, Any]) -> dict[str, Any]:
    form = forms.get("callback")
    given = {name: values.get(name) for name in _OF_CALL}
    if given["result"] != "reached":
        given |= dict.fromkeys(name for name in _OF_CALL if form[name].when)
    elif given["conversion_explained"] is None and given["conversion_offer"]:
        given["conversion_explained"] = True
    cleaned = forms.clean(
        form,
        given
        | {
            "client_id": client_id,
            "policy_id": policy.id if policy else None,
            "policy_number": policy.number if policy else None,
            "product_held": policy.product_name if policy else None,
            "called_at": moment,
        },
    )
    names = ("client_id", "policy_id", "policy_number", "product_held", "called_at", *_OF_CALL)
    return {name: cleaned.get(name) for name in names}


def _plan_next(given: dict[str, Any], moment: datetime) -> None:
    """Fill in the next try of an unreached client, and how the next contact is made."""
    if rules.needs_retry(given["result"]) and given["next_on"] is None:
        given["next_on"], given["next_time"] = rules.next_try(moment)
    if given["next_on"] is not None and given["next_on"] < clock.day_of(moment):
        raise InvalidField("next_on", PAST)
    if given["next_on"] is None:
        given["next_time"] = given["next_way"] = None
    elif given["next_way"] is None:
        given["next_way"] = "phone"


def _latest(session: Session, client_id: str) -> Callback | None:
    return session.scalars(
        select(Callback)
        .where(Callback.client_id == client_id, Callback.deleted_at.is_(None))
        .order_by(Callback.called_at.desc(), Callback.id.desc())
        .limit(1)
    ).first()


def _attempt(earlier: Callback | None) -> int:
    """The first call, or one more than an earlier one that did not reach the client."""
    if earlier is None or earlier.result == "reached":
        return 1
    return min((earlier.attempt_number or 1) + 1, 99)


def _log_contact(session: Session, call: Callback) -> contacts.Logged:
    what, on, at, way = next_words(call), call.next_on, call.next_time, call.next_way
    if call.result == "wrong_number" and on is None:
        what, on = _("Find a number that works"), workdays.next_workday(clock.day_of(call.called_at))
    return contacts.log_contact(
        session, call.client_id, kind="phone", result=_contact_result(call), summary=summary_of(call),
        objection=call.objection, started_at=call.called_at, next_what=what if on else None, next_on=on,
        next_time=at, next_way=way,
    )  # fmt: skip


def _contact_result(call: Callback) -> str | None:
    if call.result == "reached" and call.next_way in _VISITS and call.next_on:
        return "appointment"
    return "refused" if call.intention == "refused" else call.result


def next_words(call: Callback) -> str:
    """The next step of a call in words: what the visit or the next call is for."""
    offer = call.conversion_offer
    if call.result != "reached":
        return _("Call again")
    if call.next_way in _VISITS:
        return _("Explain: {offer}").format(offer=offer) if offer else _("Explain the maturity")
    return _("Ask again about: {offer}").format(offer=offer) if offer else _("Call again")


def summary_of(call: Callback) -> str:
    """What the timeline says of a call: intention and offer, then the remark."""
    form = forms.get("callback")
    head = forms.show(form["intention"], call.intention) if call.intention else ""
    if call.conversion_offer:
        head = f"{head} · {call.conversion_offer}" if head else call.conversion_offer
    return " · ".join(filter(None, (head, text.one_line(call.remark or ""))))


def _answer_earlier(session: Session, earlier: Callback | None, contact_id: str) -> None:
    """The next try that the call before had asked for is made now."""
    task = session.get(Task, earlier.next_step_id) if earlier is not None and earlier.next_step_id else None
    if task is not None and task.deleted_at is None and task.way not in _VISITS:
        tasks.close_step(session, task.id, ("contact", contact_id))


def _plan_visit(session: Session, call: Callback, task_id: str | None) -> str | None:
    if call.next_way not in _VISITS or call.next_on is None:
        return None
    known = session.scalars(
        select(Visit.id).where(
            Visit.client_id == call.client_id, Visit.planned_on == call.next_on, Visit.deleted_at.is_(None),
            Visit.status.in_(visit_rules.OPEN),
        ).limit(1)
    ).first()  # fmt: skip
    if known is not None:
        return known
    place = _outlet(session, call) if call.next_way == "outlet" else None
    return visits.plan_visit(
        session, planned_on=call.next_on, client_id=call.client_id, slot=call.next_time, purpose=next_words(call),
        place=place, task_id=task_id,
    )  # fmt: skip


def _outlet(session: Session, call: Callback) -> str | None:
    policy = session.get(Policy, call.policy_id) if call.policy_id else None
    return policy.outlet if policy is not None else None


def _complain(session: Session, call: Callback) -> str:
    objection = forms.show(forms.get("callback")["objection"], call.objection) if call.objection else ""
    point = text.one_line(call.remark or "") or objection or _("Complained in a callback")
    return complaints.register_complaint(
        session, client_id=call.client_id, policy_id=call.policy_id, received_at=call.called_at, source="client",
        category=call.objection if call.objection in ("below_deposit", "service") else None, point=point,
    )  # fmt: skip
