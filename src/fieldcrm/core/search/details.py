"""What tells found records apart beside their titles, for all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data.search.index import Hit
from fieldcrm.base.text import age, age_words
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.policies.tables import Policy

Detail = tuple[str, str]  # the words, and what it is: client, organisation or policy


def details(session: Session, hits: Sequence[Hit]) -> dict[str, Detail]:
    """By record id: of a client age or industry, district and grade; of a policy whose it is."""
    ids: dict[str, list[str]] = {"client": [], "policy": []}
    for hit in hits:
        ids.setdefault(hit.kind, []).append(hit.record_id)
    return {**dict(_clients(session, ids["client"])), **dict(_policies(session, ids["policy"]))}


def _clients(session: Session, ids: Sequence[str]) -> Iterator[tuple[str, Detail]]:
    if not ids:
        return
    c = Client
    for one in session.execute(select(c.id, c.type, c.industry, c.birth_on, c.district, c.grade).where(c.id.in_(ids))):
        person = one.type == "person"
        parts = [one.industry if not person else "", one.district, one.grade]
        if person and one.birth_on is not None:
            parts[0] = age_words(age(one.birth_on, clock.today()))
        yield one.id, (" · ".join(p for p in parts if p), "client" if person else "organisation")


def _policies(session: Session, ids: Sequence[str]) -> Iterator[tuple[str, Detail]]:
    if not ids:
        return
    holders = select(Policy.id, Client.name).join(Client, Client.id == Policy.applicant_id)
    for id, name in session.execute(holders.where(Policy.id.in_(ids))):
        yield id, (name, "policy")
