"""Which records point at which by their id columns, asked before records go; as quick as little was done since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, inspect, select
from sqlalchemy.orm import Session

from fieldcrm.base.data.codec import per_class
from fieldcrm.base.data.hlc import FUTURE_LIMIT as SKEW  # how far two clocks that work together may be apart
from fieldcrm.base.data.journal_tables import Edit, Operation
from fieldcrm.base.data.schema import Record, record_tables

PARENT = "parent_id"
_CHUNK = 500

__all__ = ["PARENT", "SKEW", "Pointer", "edited_by", "id_columns", "needed", "pointers"]


@dataclass(frozen=True)
class Pointer:
    """A record, its id column and the record that this names."""

    id: str
    field: str
    target: str


@per_class
def id_columns(cls: type[Record]) -> list[str]:
    """The fields that name another record; `owner_id` says whose a record is and counts as none."""
    return [
        c.key
        for c in inspect(cls).local_table.columns
        if c.key.endswith("_id") and c.key != "owner_id" and isinstance(c.type, String) and c.type.length == 32
    ]


def edited_by(session: Session, edits: ColumnElement[bool]) -> dict[str, list[str]]:
    """Kind to the ids of the records that these edits (a condition on `Edit` and `Operation`) wrote."""
    query = select(Edit.kind, Edit.record_id).join(Operation, Operation.id == Edit.operation_id).where(edits)
    found: dict[str, list[str]] = defaultdict(list)
    for kind, id in session.execute(query.distinct()):
        found[kind].append(id)
    return found


def pointers(session: Session, records: Mapping[str, Iterable[str]], *, living: bool = True) -> Iterator[Pointer]:
    """What these records (kind to ids) point at; `living`: those in the bin are left out."""
    tables = record_tables()
    for kind, ids in records.items():
        fields = id_columns(tables[kind]) if kind in tables else []
        if not fields:
            continue
        table: Any = inspect(tables[kind]).local_table
        query = select(table.c.id, *(table.c[f] for f in fields))
        if living:
            query = query.where(table.c.deleted_at.is_(None))
        wanted = list(ids)
        for at in range(0, len(wanted), _CHUNK):
            for id, *targets in session.execute(query.where(table.c.id.in_(wanted[at : at + _CHUNK]))):
                yield from (Pointer(id, f, t) for f, t in zip(fields, targets, strict=True) if t is not None)


def needed(
    session: Session,
    own: Mapping[str, Collection[str]],
    later: Mapping[str, Collection[str]],
    going: Collection[str],
    changed: Collection[str],
    restored: Mapping[str, Collection[str]],
) -> set[str]:
    """Those of `going` that living records which stay point at, directly or by way of another one that then stays.

    `own` (kind to ids) holds what goes, `changed` what would have gone but was changed since, `later` what
    was written since; `restored` says which fields of which records are put back, so that they point there
    no longer. What stays keeps the rows of its lists.
    """
    staying = [
        p.target
        for p in pointers(session, later)
        if p.target in going and p.id not in going and p.field not in restored.get(p.id, ())
    ]
    if not staying and not changed:
        return set()
    points: dict[str, list[str]] = defaultdict(list)
    for p in pointers(session, own):
        points[p.id].append(p.target)
        if p.field == PARENT:
            points[p.target].append(p.id)
    for id in changed:
        staying += points[id]
    kept: set[str] = set()
    while staying:
        id = staying.pop()
        if id in going and id not in kept:
            kept.add(id)
            staying += points[id]
    return kept
