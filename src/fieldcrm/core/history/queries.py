"""Reading the journal: the operations, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base.data.journal_tables import Operation
from fieldcrm.core.people.tables import Person


@dataclass(frozen=True)
class OperationRow:
    """One operation. `mode` is do, undo or redo; `rows` records were written; `imported` came in a package.

    One that cannot be taken back names itself in `undone_by` and counts as standing.
    """

    id: str
    at: datetime
    action: str
    mode: str
    rows: int
    person_id: str
    person_name: str
    device: str
    undone: bool
    imported: bool


def list_operations(session: Session, limit: int = 20, device: str | None = None) -> list[OperationRow]:
    """The newest operations, of one device or of all."""
    o = Operation
    query = (
        select(
            o.id, o.at, o.action, o.mode, o.rows, o.person_id, Person.name, o.device, o.undone_by, o.import_id
        )
        .outerjoin(Person, Person.id == o.person_id)
        .order_by(o.at.desc(), o.seq.desc())
        .limit(limit)
    )  # fmt: skip
    if device is not None:
        query = query.where(o.device == device)
    return [
        OperationRow(id, at, action, mode, rows, person, name or "", by, undone not in (None, id), brought is not None)
        for id, at, action, mode, rows, person, name, by, undone, brought in session.execute(query)
    ]


def count_operations(session: Session, device: str | None = None) -> int:
    """How many operations the journal holds."""
    query = select(func.count()).select_from(Operation)
    return session.scalar(query if device is None else query.where(Operation.device == device)) or 0
