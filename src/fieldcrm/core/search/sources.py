"""How clients and policies are found: names, numbers and words of each, kept up to date in every transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base.data import store
from fieldcrm.base.data.among import among
from fieldcrm.base.data.search import index
from fieldcrm.base.data.search.index import Doc, Hit
from fieldcrm.core.clients.tables import Client, ClientContact, ClientPhone
from fieldcrm.core.policies.tables import Policy

_WEIGHT: dict[str | None, int] = {"A": 3, "B": 2, "C": 1}  # a better client first among equals


def attach() -> None:
    """Say what is indexed and have every operation refresh it; harmless when done before."""
    index.register("client", client_docs, parts=("client_phone", "client_contact"))
    index.register("policy", policy_docs)
    store.before_commit(index.refresh_changed)


def find(session: Session, text: str, kinds: Collection[str] | None = None, limit: int = 20) -> list[Hit]:
    """Records found by characters, pinyin, initials or last digits; best first."""
    return index.find(session, text, kinds=kinds, limit=limit)


def client_docs(session: Session, ids: Sequence[str]) -> Iterable[Doc]:
    """Clients by name, contact people, ID and credit number, phones, address and tags."""
    phones: dict[str, list[str]] = defaultdict(list)
    people: dict[str, list[str]] = defaultdict(list)
    for parent, number in session.execute(
        select(ClientPhone.parent_id, ClientPhone.number).where(
            among(ClientPhone.parent_id, ids), ClientPhone.deleted_at.is_(None)
        )
    ):
        phones[parent].append(number)
    for parent, name, phone in session.execute(
        select(ClientContact.parent_id, ClientContact.name, ClientContact.phone).where(
            among(ClientContact.parent_id, ids), ClientContact.deleted_at.is_(None)
        )
    ):
        people[parent].append(name)
        phones[parent].append(phone or "")
    c = Client
    rows = session.execute(
        select(
            c.id, c.name, c.id_number, c.credit_code, c.district, c.address, c.source_outlet, c.tags, c.grade,
        ).where(among(c.id, ids), c.deleted_at.is_(None))
    )  # fmt: skip
    for id, name, id_number, credit_code, district, address, outlet, tags, grade in rows:
        numbers, words = [id_number, credit_code, *phones.get(id, ())], [district, address, outlet, *(tags or ())]
        yield Doc(
            id,
            name,
            names=(name, *people.get(id, ())),
            numbers=tuple(filter(None, numbers)),
            words=tuple(filter(None, words)),
            weight=_WEIGHT.get(grade, 0),
        )


def policy_docs(session: Session, ids: Sequence[str]) -> Iterable[Doc]:
    """Policies by number and product; a person is found as a client."""
    p = Policy
    rows = session.execute(select(p.id, p.number, p.product_name).where(among(p.id, ids), p.deleted_at.is_(None)))
    for id, number, product in rows:
        yield Doc(
            record_id=id,
            title=f"{product or ''} {number}".strip(),
            numbers=(number,),
            words=(product,) if product else (),
        )
