"""Duplicates: finding clients that may be the same one, and making one of several, undoable as one operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms, text
from fieldcrm.base.errors import ChangedElsewhere, InvalidField, define
from fieldcrm.base.i18n import N_
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.clients.queries import GONE, client_rows
from fieldcrm.core.clients.rules import name_key
from fieldcrm.core.clients.tables import Client, ClientContact, ClientPhone, ClientRelation
from fieldcrm.core.complaints.tables import Complaint
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.handouts.tables import Handout
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.tasks.tables import Task
from fieldcrm.core.visits.tables import Visit

NOBODY = define("client.merge_nobody", N_("Choose at least two clients to make one of them."))

_REFERENCES: tuple[Any, ...] = (
    Policy.applicant_id, Policy.insured_id, Contact.client_id, Task.client_id, Visit.client_id, Callback.client_id,
    Complaint.client_id, Handout.client_id, Client.referred_by_id,
)  # fmt: skip
# what one of two wishes decides for both, never a choice: see `_fill`
_WISHES = ("consent", "do_not_call")
_FIELDS = (
    "grade", "wechat", "email", "province", "city", "district", "address", "postcode", "latitude", "longitude",
    "consent", "do_not_call", "preferred_time", "source_type", "source_outlet", "source_channel", "referred_by_id",
    "remark", "sex", "birth_on", "lunar_birthday", "id_number", "occupation", "income_band", "family_notes",
    "credit_code", "industry", "key_industry", "present_insurers", "insurance_expires_on", "loss_experience",
    "survey_notes",
)  # fmt: skip


@dataclass(frozen=True)
class Merged:
    """What a merge did: the client that stays, and how many records now belong to it."""

    client_id: str
    moved: int


@dataclass(frozen=True)
class Side:
    """One of two clients that may be the same: name, what else tells who it is, how many records belong to it."""

    client_id: str
    name: str
    about: str
    records: int


@dataclass(frozen=True)
class Difference:
    """A field in which two clients differ, as the form shows both values; `first` whose value is suggested."""

    field: str
    label: str
    values: tuple[str, str]
    first: bool


@dataclass(frozen=True)
class Comparison:
    """Two clients side by side: what differs, what is the same (label and value), and what both give (label, value)."""

    sides: tuple[Side, Side]
    differ: tuple[Difference, ...]
    same: tuple[tuple[str, str], ...]
    joined: tuple[tuple[str, str], ...]

    @property
    def kept(self) -> Side:
        """The one whose record stays: more belongs to it."""
        one, other = self.sides
        return other if other.records > one.records else one


def compare_clients(session: Session, one_id: str, other_id: str) -> Comparison:
    """Two clients field by field; numbers stay masked. `ChangedElsewhere` when one is gone."""
    pair = (_client(session, one_id), _client(session, other_id))
    rows = client_rows(session, [one_id, other_id])
    sides = [
        Side(client.id, client.name, " · ".join(filter(None, (rows[client.id].category, rows[client.id].phone))),
             _count_records(session, client.id))
        for client in pair
    ]  # fmt: skip
    form = forms.get("client")
    differ, same = [], []
    for name in ("name", *(name for name in _FIELDS if name not in _WISHES and name in form)):
        raw = [getattr(client, name) for client in pair]
        if all(value in (None, "") for value in raw):
            continue
        left, right = (_shown(session, form[name], value) for value in raw)
        if raw[0] == raw[1]:
            same.append((form[name].label, left))
        else:
            wanted = raw[0] if sides[0].records >= sides[1].records else raw[1]
            first = raw[1] in (None, "") or (wanted is raw[0] and raw[0] not in (None, ""))
            differ.append(Difference(name, form[name].label, (left, right), first))
    return Comparison((sides[0], sides[1]), tuple(differ), tuple(same), tuple(_joined(session, pair)))


def _shown(session: Session, field: forms.Field, value: Any) -> str:
    if value in (None, ""):
        return ""
    if field.name == "id_number":  # two that differ must not look the same
        return text.HIDDEN * 4 + str(value)[-4:]
    if field.name == "referred_by_id":
        return session.scalar(select(Client.name).where(Client.id == value)) or ""
    return forms.show(field, value)


def _joined(session: Session, pair: Sequence[Client]) -> Iterator[tuple[str, str]]:
    form = forms.get("client")
    phones = dict.fromkeys(session.scalars(_phones_of([client.id for client in pair])))
    if phones:
        yield form["phones"].label, " · ".join(text.mask_phone(number) for number in phones)
    for name in ("tags", "ranks"):
        both = list(dict.fromkeys([*(getattr(pair[0], name) or ()), *(getattr(pair[1], name) or ())]))
        if both:
            yield form[name].label, forms.show(form[name], both)


def _count_records(session: Session, client_id: str) -> int:
    counted = (select(func.count()).select_from(c.class_).where(c == client_id) for c in _REFERENCES)
    return sum(session.scalar(query) or 0 for query in counted)


def find_same(session: Session, client_id: str) -> list[str]:
    """Ids of clients that may be the same one: the same document number, or the same name with a phone or birth date.

    Along indexes; the nearest in name first.
    """
    client = session.get(Client, client_id)
    if client is None or client.deleted_at is not None:
        return []
    numbers = [(Client.id_number, client.id_number), (Client.credit_code, client.credit_code)]
    known = [column == value for column, value in numbers if value]
    found = set(session.scalars(select(Client.id).where(or_(*known)))) if known else set()
    phones = set(session.scalars(_phones_of([client_id])))
    namesakes = session.execute(select(Client.id, Client.birth_on).where(Client.name == client.name)).all()
    others = [row.id for row in namesakes if row.id != client_id]
    found |= {row.id for row in namesakes if client.birth_on is not None and row.birth_on == client.birth_on}
    for other in others:
        if phones & set(session.scalars(_phones_of([other]))):
            found.add(other)
    found.discard(client_id)
    live = select(Client.id).where(Client.id.in_(sorted(found)), Client.deleted_at.is_(None))
    return list(session.scalars(live.order_by(Client.name_key, Client.id)))


def merge_clients(
    session: Session, client_id: str, other_ids: Sequence[str], chosen: Mapping[str, str] | None = None
) -> Merged:
    """Make one of several clients: what belongs to the others moves to `client_id`, what it lacks is filled in.

    `chosen` names for fields that differ the client whose value stays, an empty one included.
    The others go to the recycle bin; phones that both have are kept once; relations between them are dropped.
    `ChangedElsewhere` when one is gone, `InvalidField(other_ids)` when there is no other.
    """
    others = [id for id in dict.fromkeys(other_ids) if id != client_id]
    if not others:
        raise InvalidField("other_ids", NOBODY)
    kept, gone = _client(session, client_id), [_client(session, id) for id in others]
    moved = sum(_point(session, column, others, client_id) for column in _REFERENCES)
    moved += _move_relations(session, client_id, others)
    _move_rows(session, ClientPhone, "number", client_id, others)
    _move_rows(session, ClientContact, "name", client_id, others)
    chosen = chosen or {}
    by_id = {client.id: client for client in (kept, *gone)}
    for name, whose in chosen.items():
        if name not in ("name", *_FIELDS) or name in _WISHES:
            raise TypeError(name)
        if getattr(kept, name) != getattr(by_id[whose], name):
            setattr(kept, name, getattr(by_id[whose], name))
    kept.name_key = name_key(kept.name)
    for other in gone:
        _fill(kept, other, frozenset(chosen))
        other.deleted_at = clock.now()
    return Merged(client_id, moved)


def _fill(kept: Client, other: Client, decided: frozenset[str]) -> None:
    for name in _FIELDS:
        if name not in decided and getattr(kept, name) in (None, "") and getattr(other, name) not in (None, ""):
            setattr(kept, name, getattr(other, name))
    for name in ("tags", "ranks"):
        both = list(dict.fromkeys([*(getattr(kept, name) or ()), *(getattr(other, name) or ())]))
        if both != (getattr(kept, name) or []):
            setattr(kept, name, both)
    if other.do_not_call:
        kept.do_not_call = True  # a wish not to be called is never lost
    if other.consent is False:
        kept.consent = False
    if kept.referred_by_id == kept.id:
        kept.referred_by_id = None


def _point(session: Session, column: Any, others: Sequence[str], client_id: str) -> int:
    """Let a reference that names one of the others name the client instead; records in the bin move along."""
    name, cls = column.key, column.class_
    records = session.scalars(select(cls).where(column.in_(others))).all()
    for record in records:
        setattr(record, name, client_id)
    return len(records)


def _move_relations(session: Session, client_id: str, others: Sequence[str]) -> int:
    ends = {client_id, *others}
    r = ClientRelation
    relations = session.scalars(
        select(r).where(or_(r.client_id.in_(ends), r.other_id.in_(ends)), r.deleted_at.is_(None)).order_by(r.id)
    ).all()
    seen: set[tuple[str, str, str]] = set()
    moved = 0
    for one in sorted(relations, key=lambda one: client_id not in (one.client_id, one.other_id)):
        left, right = (client_id if end in ends else end for end in (one.client_id, one.other_id))
        if left == right or (left, right, one.kind) in seen:
            one.deleted_at = clock.now()
            continue
        seen.add((left, right, one.kind))
        moved += (left, right) != (one.client_id, one.other_id)
        one.client_id, one.other_id = left, right
    return moved


def _move_rows(session: Session, table: Any, same: str, client_id: str, others: Sequence[str]) -> None:
    """Rows of a list move to the client, behind its own; one that it has already goes."""
    own = session.scalars(select(table).where(table.parent_id == client_id, table.deleted_at.is_(None))).all()
    known = {getattr(row, same) for row in own}
    position = max((row.position for row in own), default=-1)
    rows = session.scalars(select(table).where(table.parent_id.in_(others), table.deleted_at.is_(None)))
    for row in sorted(rows, key=lambda row: (others.index(row.parent_id), row.position)):
        if getattr(row, same) in known:
            row.deleted_at = clock.now()
            continue
        known.add(getattr(row, same))
        position += 1
        row.parent_id, row.position = client_id, position


def _phones_of(ids: Sequence[str]) -> Any:
    return select(ClientPhone.number).where(ClientPhone.parent_id.in_(ids), ClientPhone.deleted_at.is_(None))


def _client(session: Session, client_id: str) -> Client:
    client = session.get(Client, client_id)
    if client is None or client.deleted_at is not None:
        raise ChangedElsewhere(GONE)
    return client
