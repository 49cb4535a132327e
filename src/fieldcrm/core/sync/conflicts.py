"""Conflicts: fields that two sides changed without knowing of each other; seen side by side and resolved."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from fieldcrm.base.data import audit, codec, hlc, merge
from fieldcrm.base.data.among import parts
from fieldcrm.base.data.journal_tables import Conflict, Edit, FieldHead, Identity, Operation
from fieldcrm.base.data.schema import record_tables
from fieldcrm.base.errors import ChangedElsewhere, define
from fieldcrm.base.i18n import N_
from fieldcrm.core import titles

_CHUNK = 200
T = TypeVar("T")

GONE = define("conflict.gone", N_("The conflict was resolved meanwhile, or another value arrived. Look again."))


@dataclass(frozen=True)
class Side:
    """One of the values: its text as the form shows it, who wrote it and when.

    `clock` names it. `ours`: written on this side. `suggested`: the later one, which stands until resolved.
    """

    clock: str
    value: Any
    text: str
    person: str
    at: datetime
    ours: bool
    suggested: bool


@dataclass(frozen=True)
class ConflictRow:
    """A field with several values, newest first in `sides`; `title` names the record, `label` the field."""

    kind: str
    record_id: str
    field: str
    title: str
    label: str
    sides: tuple[Side, ...]
    opened_at: datetime

    @property
    def key(self) -> tuple[str, str]:
        return self.record_id, self.field


def count_conflicts(session: Session) -> int:
    """How many fields wait for a decision."""
    return session.scalar(select(func.count()).select_from(Conflict)) or 0


def list_conflicts(session: Session, limit: int = 500) -> list[ConflictRow]:
    """Open conflicts, oldest first."""
    found = session.scalars(select(Conflict).order_by(Conflict.opened_at, Conflict.record_id).limit(limit)).all()
    heads = _heads(session, found)
    written = _written(session, {id for id, _ in heads})
    here = set(session.scalars(select(Identity.device)))
    wanted: dict[str, set[str]] = defaultdict(set)
    for c in found:
        wanted[c.kind].add(c.record_id)
        values = [(c.field, v) for v in heads.get((c.record_id, c.field), {}).values()]
        for kind, ids in titles.named_ids(c.kind, values).items():
            wanted[kind] |= ids
    names = titles.titles(session, wanted)
    people = titles.people(session)
    rows = []
    for c in found:
        by_clock = heads.get((c.record_id, c.field), {})
        best = max(by_clock, default="")
        sides = []
        for stamp in sorted(by_clock, reverse=True):
            value = by_clock[stamp]
            first, person_id = written[c.record_id].origin(stamp, c.field, value)
            sides.append(
                Side(
                    clock=stamp, value=value, text=titles.value_text(c.kind, c.field, value, names | people),
                    person=people.get(person_id, ""), at=hlc.instant_of(first), ours=hlc.device_of(first) in here,
                    suggested=stamp == best,
                )
            )  # fmt: skip
        label = titles.field_label(c.kind, c.field)
        title = names.get(c.record_id, titles.kind_label(c.kind))
        rows.append(ConflictRow(c.kind, c.record_id, c.field, title, label, tuple(sides), c.opened_at))
    return rows


def count_by_import(session: Session) -> dict[tuple[str | None, str], int]:
    """(import, sender) to the number of open conflicts one of whose values it brought.

    A decision that was taken back left the values by edits made here: who brought them first counts.
    """
    found: dict[tuple[str | None, str], set[tuple[str, str]]] = defaultdict(set)
    brought = select(Operation.import_id, Operation.device, Edit.record_id, Edit.clock)
    brought = brought.join(Edit, Edit.operation_id == Operation.id).where(Operation.import_id.is_not(None))
    open_now = session.scalars(select(Conflict)).all()
    records = {c.record_id for c in open_now}
    written = _written(session, records)
    came = {
        (id, stamp): (batch, device)
        for some in parts(sorted(records), _CHUNK)
        for batch, device, id, stamp in session.execute(brought.where(Edit.record_id.in_(some)))
    }
    for (id, name), by_clock in _heads(session, open_now).items():
        for stamp, value in by_clock.items():
            for one in (stamp, written[id].origin(stamp, name, value)[0]):
                if (id, one) in came:
                    found[came[id, one]].add((id, name))
    return {sender: len(keys) for sender, keys in found.items()}


def resolve_conflict(session: Session, record_id: str, field: str, clock: str) -> None:
    """Keep the side with this clock; one edit that names every side as its parent. Raises `ChangedElsewhere`."""
    _resolve(session, (record_id, field), clock)


def resolve_as_suggested(session: Session, keys: Sequence[tuple[str, str]] | None = None) -> int:
    """Keep the later value of the conflicts named (all without `keys`), as one operation; gives how many."""
    if keys is None:
        keys = [(c.record_id, c.field) for c in session.scalars(select(Conflict))]
    for key in keys:
        _resolve(session, key, None)
    return len(keys)


def _resolve(session: Session, key: tuple[str, str], clock: str | None) -> None:
    conflict = session.get(Conflict, key)
    if conflict is None:
        raise ChangedElsewhere(GONE)
    by_clock = _heads(session, [conflict]).get(key, {})
    if not by_clock or (clock is not None and clock not in by_clock):
        raise ChangedElsewhere(GONE)
    chosen = by_clock[clock or max(by_clock)]
    kind = conflict.kind
    merge.resolve(session, *key, codec.decode(record_tables()[kind], key[1], chosen))
    audit.note(session, "conflict_resolved", key[0], field=key[1], kind=kind)


def _heads(session: Session, conflicts: Sequence[Conflict]) -> dict[tuple[str, str], dict[str, Any]]:
    """(record, field) to its values by clock; the greatest one's value is the record's column."""
    keys = [(c.record_id, c.field) for c in conflicts]
    kinds = {c.record_id: c.kind for c in conflicts}
    found: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    query = select(FieldHead.record_id, FieldHead.field, FieldHead.clock, FieldHead.value)
    for some in parts(keys, _CHUNK):
        for id, name, stamp, value in session.execute(
            query.where(tuple_(FieldHead.record_id, FieldHead.field).in_(some))
        ):
            found[id, name][stamp] = value
    for (id, name), by_clock in found.items():
        cls = record_tables()[kinds[id]]
        column = cls.__table__.c[name]  # type: ignore[attr-defined]
        now = session.execute(select(column).where(column.table.c.id == id)).scalar_one_or_none()
        by_clock[max(by_clock)] = codec.encode(cls, name, now)
    return dict(found)


@dataclass
class _Written:
    """The edits of a record, by clock: person, operation, what this takes back, values, heads named."""

    edits: dict[str, tuple[str, str, str | None, dict[str, Any], dict[str, list[str]]]] = field(default_factory=dict)

    def origin(self, stamp: str, name: str, value: Any) -> tuple[str, str]:
        """The edit that first said a head's value, and its person: an undo brings back what others wrote."""
        while stamp in self.edits and (undone := self.edits[stamp][2]) is not None:
            of_undone = [heads for _, operation, _, _, heads in self.edits.values() if operation == undone]
            named = {s for heads in of_undone for s, names in heads.items() if name in names and s in self.edits}
            same = [s for s in named if self.edits[s][3].get(name) == value]
            if not same:
                break
            stamp = max(same)
        return stamp, self.edits[stamp][0] if stamp in self.edits else ""


def _written(session: Session, ids: set[str]) -> dict[str, _Written]:
    """Record to its edits."""
    found: dict[str, _Written] = defaultdict(_Written)
    for some in parts(sorted(ids), _CHUNK):
        query = (
            select(Edit.record_id, Edit.clock, Edit.after, Edit.parents, Operation)
            .join(Operation, Operation.id == Edit.operation_id)
            .where(Edit.record_id.in_(some))
        )
        for id, stamp, after, parents, o in session.execute(query):
            values, heads = json.loads(after or "{}"), json.loads(parents or "{}")
            found[id].edits[stamp] = (o.person_id, o.id, o.undoes, values, heads)
    return found
