"""How clients and policies are found: names, numbers and words of each, kept up to date in every transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base.data import journal, store
from fieldcrm.base.data.among import among
from fieldcrm.base.data.search import index
from fieldcrm.base.data.search.index import Doc, Hit
from fieldcrm.base.data.types import words
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
    rows = _values(session, Client, _CLIENT, ids)
    return (_client_doc(row, phones.get(row[0], ()), people.get(row[0], ())) for row in rows)


_CLIENT = ("name", "id_number", "credit_code", "district", "address", "source_outlet", "tags", "grade")


def _client_doc(row: Sequence[Any], phones: Iterable[str], people: Iterable[str]) -> Doc:
    id, name, id_number, credit_code, district, address, outlet, tags, grade = row
    return Doc(
        id,
        name,
        names=(name, *people),
        numbers=tuple(filter(None, (id_number, credit_code, *phones))),
        words=tuple(filter(None, (district, address, outlet, *(tags or ())))),
        weight=_WEIGHT.get(grade, 0),
    )


def policy_docs(session: Session, ids: Sequence[str]) -> Iterable[Doc]:
    """Policies by number and product; a person is found as a client."""
    return (_policy_doc(*row) for row in _values(session, Policy, ("number", "product_name"), ids))


def _policy_doc(id: str, number: str, product: str | None) -> Doc:
    title = f"{product or ''} {number}".strip()
    return Doc(id, title, numbers=(number,), words=(product,) if product else ())


def _values(session: Session, cls: Any, names: Sequence[str], ids: Sequence[str]) -> Iterable[Sequence[Any]]:
    """(id, value…) of those of these records that are not deleted; of new ones as they are in memory."""
    fresh = journal.fresh(session, cls, ids)
    others = [id for id in ids if id not in fresh]
    rows: Sequence[Any] = ()
    if others:
        columns = (getattr(cls, name) for name in ("id", *names))
        rows = session.execute(select(*columns).where(among(cls.id, others), cls.deleted_at.is_(None))).all()
    made = ((id, *_kept(values, names)) for id, values in fresh.items() if values.get("deleted_at") is None)
    return chain(rows, made)


def _kept(values: Mapping[str, Any], names: Sequence[str]) -> Iterable[Any]:
    """Values that came, spelled as their columns keep them."""
    for name in names:
        value = values.get(name)
        yield words(value) if isinstance(value, str) else [*map(words, value)] if isinstance(value, list) else value
