"""Writing contacts: one entry holds the touch and the next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms
from fieldcrm.base.errors import ChangedElsewhere, Refused, define
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.core import tasks
from fieldcrm.core.clients.queries import GONE as CLIENT_GONE
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.contacts.rules import REACHED
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.form_values import record_values

GONE = define("contact.gone", N_("This entry is no longer there."))
OF_A_STOP = define(
    "contact.of_a_stop", N_("This entry belongs to a stop of the visit plan; it is corrected, not deleted.")
)
NEXT_STEP = N_("Contact again")


@dataclass(frozen=True)
class Logged:
    """What an entry made: the contact, its next step when one was given, how many due steps it answered."""

    contact_id: str
    task_id: str | None
    answered: int


def log_contact(
    session: Session,
    client_id: str,
    *,
    kind: str = "phone",
    result: str | None = None,
    summary: str | None = None,
    objection: str | None = None,
    started_at: datetime | None = None,
    minutes: int | None = None,
    next_what: str | None = None,
    next_on: date | None = None,
    next_time: str | None = None,
    next_way: str | None = None,
) -> Logged:
    """Log one touch with a client, with its next step; the client's due steps count as answered when reached.

    Raises `InvalidFields` by the form, `ChangedElsewhere` when the client is gone.
    """
    client = session.get(Client, client_id)
    if client is None or client.deleted_at is not None:
        raise ChangedElsewhere(CLIENT_GONE)
    values = forms.clean(
        forms.get("contact"),
        {
            "client_id": client_id,
            "kind": kind,
            "started_at": started_at or clock.now(),
            "minutes": minutes,
            "result": result,
            "summary": summary,
            "objection": objection,
        },
    )
    contact = Contact(**values)
    session.add(contact)
    session.flush()
    answered = tasks.answer_steps(session, client_id, ("contact", contact.id)) if result in REACHED else 0
    task_id = None
    if next_what or next_on:
        task_id = tasks.add_step(
            session, client_id=client_id, what=next_what or gettext(NEXT_STEP), due_on=next_on, due_time=next_time,
            way=next_way, made_by=("contact", contact.id),
        )  # fmt: skip
        contact.next_step_id = task_id
    return Logged(contact.id, task_id, answered)


def contact_values(session: Session, contact_id: str) -> dict[str, Any] | None:
    """An entry by its form's field names, to be corrected; None when it is gone."""
    contact = session.get(Contact, contact_id)
    return None if contact is None or contact.deleted_at is not None else record_values(session, contact, {})


def change_contact(session: Session, contact_id: str, **values: Any) -> None:
    """Correct an entry; values by the form's field names. Raises `InvalidFields`, `ChangedElsewhere`."""
    contact = _contact(session, contact_id)
    form = forms.get("contact")
    for name, value in forms.clean(form, record_values(session, contact, {}) | values).items():
        if name in values:
            setattr(contact, name, value)


def delete_contact(session: Session, contact_id: str) -> None:
    """Put an entry logged by mistake into the recycle bin: its own next step goes along, what it answered opens again.

    `Refused` for the entry of a stop: the stop says what happened. `ChangedElsewhere` when it is gone.
    """
    from fieldcrm.core.visits.tables import Visit  # its room reads this one

    contact = _contact(session, contact_id)
    if session.scalar(select(Visit.id).where(Visit.contact_id == contact_id, Visit.deleted_at.is_(None)).limit(1)):
        raise Refused(OF_A_STOP)
    contact.deleted_at = clock.now()
    tasks.take_back_entry(session, ("contact", contact_id), contact.deleted_at)


def _contact(session: Session, contact_id: str) -> Contact:
    contact = session.get(Contact, contact_id)
    if contact is None or contact.deleted_at is not None:
        raise ChangedElsewhere(GONE)
    return contact
