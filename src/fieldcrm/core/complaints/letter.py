"""The answer letter (投诉答复函): what the client complained of, the answer, who gives it, room to sign for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data.journal_tables import Identity
from fieldcrm.base.errors import ChangedElsewhere, Refused, define
from fieldcrm.base.i18n import N_, _
from fieldcrm.base.jobs import Progress
from fieldcrm.base.text import full_date
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.complaints.actions import GONE
from fieldcrm.core.complaints.tables import Complaint
from fieldcrm.core.people.tables import Person
from fieldcrm.core.policies.tables import Policy

if TYPE_CHECKING:
    from fieldcrm.base.paper.sheet import Document

NO_ANSWER = define("complaint.no_answer", N_("This complaint has no answer yet; answer it first."))
_SIZE = 10.5


@dataclass(frozen=True)
class AnswerLetter:
    """What the letter says; `about` is the policy in words, `answered_on` today while the answer is a draft."""

    client: str
    sex: str | None
    received_on: date
    about: str
    point: str
    answer: str
    answered_on: date
    unit: str
    manager: str
    phone: str


def answer_letter(session: Session, complaint_id: str) -> AnswerLetter:
    """The letter of an answered complaint; raises `Refused(complaint.no_answer)`, `ChangedElsewhere`."""
    complaint = session.get(Complaint, complaint_id)
    if complaint is None or complaint.deleted_at is not None:
        raise ChangedElsewhere(GONE)
    if not complaint.handling_opinion:
        raise Refused(NO_ANSWER)
    client = session.get(Client, complaint.client_id)
    policy = session.get(Policy, complaint.policy_id) if complaint.policy_id else None
    own = session.scalars(select(Identity).limit(1)).first()
    person = session.get(Person, complaint.owner_id or (own.person_id if own else ""))
    return AnswerLetter(
        client=client.name if client is not None else "",
        sex=client.sex if client is not None and client.type == "person" else None,
        received_on=clock.day_of(complaint.received_at),
        about=" ".join(filter(None, (policy.product_name, policy.number))) if policy else complaint.policy_number or "",
        point=complaint.point or "",
        answer=complaint.handling_opinion,
        answered_on=clock.day_of(complaint.answered_at) if complaint.answered_at else clock.today(),
        unit=own.unit_name if own else "",
        manager=person.name if person else own.person_name if own else "",
        phone=(person.phone or "") if person else "",
    )


def document(letter: AnswerLetter) -> Document:
    """The letter, drawn; it is the client's, so nothing internal stands on it."""
    from fieldcrm.base.paper.blocks import Block, Heading, Prose, Space
    from fieldcrm.base.paper.sheet import Document, Head, Part

    about = _("about your policy {policy}").format(policy=letter.about) if letter.about else _("about our service")
    opening = _("On {day} you complained {about}. We have looked into it.").format(
        day=full_date(letter.received_on), about=about
    )
    closing = _("If you do not agree, please tell me or the company's customer service. Thank you for telling us.")
    manager = _("Account manager {name}").format(name=letter.manager)
    signed = (letter.unit, f"{manager} {letter.phone}".strip(), full_date(letter.answered_on))
    receipt = _("Received by the client: ______________________    Date: ______________")
    blocks: list[Block] = [
        Prose(greeting(letter), _SIZE, True, after=8),
        Prose(opening, _SIZE, after=4),
        Heading(words=_("What you told us")),
        Prose(letter.point, _SIZE, after=6),
        Heading(words=_("Our answer")),
        Prose(letter.answer, _SIZE, after=10),
        Prose(closing, _SIZE, after=16),
        Prose("\n".join(filter(None, signed)), _SIZE, after=24, right=True),
        Space(12),
        Prose(receipt, _SIZE),
    ]
    title = _("Answer to your complaint")
    who = " • ".join(filter(None, (letter.unit, full_date(letter.answered_on))))
    return Document(title, [Part(Head(title, who), blocks)], foot=letter.unit)


def greeting(letter: AnswerLetter) -> str:
    """`尊敬的王淑珍女士：`."""
    words = {
        "female": _("Dear Ms {name},"), "male": _("Dear Mr {name},"),
    }.get(letter.sex or "", _("Dear {name},"))  # fmt: skip
    return words.format(name=letter.client)


def letter_bytes(letter: AnswerLetter, progress: Progress | None = None) -> bytes:
    """The letter as PDF in memory, for a preview."""
    from fieldcrm.base.paper import sheet

    return sheet.build(document(letter), progress)[0]
