"""What lies in the recycle bin: records of every kind, newest first; rows of lists go with their record."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from fieldcrm.base.data.journal_tables import Edit, FieldHead, Operation
from fieldcrm.base.data.schema import Child, record_tables
from fieldcrm.core import titles
from fieldcrm.core.sync.authority import STAYS

_CHUNK = 200


@dataclass(frozen=True)
class BinRow:
    """A deleted record; `person` deleted it; `owner_id` decides who may bring it back."""

    kind: str
    record_id: str
    title: str
    kind_label: str
    person: str
    deleted_at: datetime
    owner_id: str | None


def _kinds() -> list[str]:
    return sorted(k for k, cls in record_tables().items() if k not in STAYS and not issubclass(cls, Child))


def list_deleted(session: Session, limit: int = 1000) -> tuple[BinRow, ...]:
    """The bin, newest first."""
    parts = [
        select(literal(k).label("kind"), c.id.label("id"), c.deleted_at.label("at"), c.owner_id.label("owner")).where(
            c.deleted_at.is_not(None)
        )
        for k in _kinds()
        for c in (record_tables()[k].__table__.c,)  # type: ignore[attr-defined]
    ]
    every = union_all(*parts).subquery()
    rows = session.execute(select(every).order_by(every.c.at.desc(), every.c.id).limit(limit)).all()
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        wanted[row.kind].add(row.id)
    names, people = titles.titles(session, wanted), titles.people(session)
    authors = _authors(session, [row.id for row in rows])
    return tuple(
        BinRow(
            row.kind, row.id, names.get(row.id, ""), titles.kind_label(row.kind),
            people.get(authors.get(row.id, ""), ""), row.at, row.owner,
        )
        for row in rows
    )  # fmt: skip


def _authors(session: Session, ids: list[str]) -> dict[str, str]:
    """Record id to the person whose edit deleted it."""
    found: dict[str, str] = {}
    for at in range(0, len(ids), _CHUNK):
        query = (
            select(Edit.record_id, Operation.person_id)
            .join(Operation, Operation.id == Edit.operation_id)
            .join(FieldHead, (FieldHead.record_id == Edit.record_id) & (FieldHead.clock == Edit.clock))
            .where(FieldHead.field == "deleted_at", Edit.record_id.in_(ids[at : at + _CHUNK]))
            .order_by(Edit.clock)
        )
        found.update((id, person) for id, person in session.execute(query))
    return found
