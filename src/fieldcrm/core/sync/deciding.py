"""What a person decided cell by cell in the preview: changes that are refused, conflicts that end with the import.

A merge takes all edits of a package, or its hash chain would break. Refusing is therefore an edit of our own right
after it, in the same transaction, which brings back what stood here and travels like any other. It belongs to the
import: undo takes both back (`base/data/withdraw`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base.data import audit, journal, merge, withdraw
from fieldcrm.base.data.journal import Author
from fieldcrm.base.data.journal_tables import Conflict
from fieldcrm.base.data.schema import record_tables
from fieldcrm.core.sync.authority import ISSUED, OFFICE_FIELDS, STAYS

TAKE, KEEP = "take", "keep"
Cell = tuple[str, str, str]
"""Kind, record, field."""
Decisions = Mapping[Cell, str]
"""`TAKE`: the package's value, which ends a conflict; `KEEP`: what stands here."""


def may_refuse(author: Author, kind: str, field: str, owner_id: Any) -> bool:
    """Whether our own edit of this field would be taken above: it is our record and the field is not the office's."""
    if author.role == "office":
        return True
    reserved = OFFICE_FIELDS.get(kind, frozenset()) | {"owner_id"}
    return kind not in ISSUED | STAYS and owner_id == author.person_id and field not in reserved


def values_here(session: Session, decided: Decisions) -> dict[Cell, Any]:
    """What stands in the fields decided on; records that are not here are left out."""
    found: dict[Cell, Any] = {}
    for kind, record_id, field in decided:
        table = record_tables()[kind].__table__  # type: ignore[attr-defined]
        row = session.execute(select(table.c[field]).where(table.c.id == record_id)).one_or_none()
        if row is not None:
            found[kind, record_id, field] = row[0]
    return found


def settle(session: Session, decided: Decisions, before: Mapping[Cell, Any]) -> bool:
    """After the merge: bring back what is kept (`before` has the values), end the conflicts that were decided.

    Gives whether that took an operation of our own.
    """
    changes: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for (kind, record_id, field), now in values_here(session, decided).items():
        cell = kind, record_id, field
        if decided[cell] == TAKE and before.get(cell, TAKE) == now:
            continue  # a later value was typed here since the preview: both stand until somebody decides
        value = before.get(cell, now) if decided[cell] == KEEP else now
        if session.get(Conflict, (record_id, field)) is not None:
            merge.resolve(session, record_id, field, value)
            audit.note(session, "conflict_resolved", record_id, field=field, kind=kind)
        elif decided[cell] == KEEP:
            changes[kind][record_id][field] = value
    for kind, by_id in changes.items():
        journal.bulk_update(session, record_tables()[kind], by_id)
    notes = journal.of(session)
    if notes.notes:
        notes.action = withdraw.KEPT
    return bool(notes.notes)
