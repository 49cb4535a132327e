"""Undo and redo by compensating edits: the journal of one's own actions, walked back and forth."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data import codec, journal
from fieldcrm.base.data.journal_tables import Edit, FieldHead, Import, Operation
from fieldcrm.base.data.schema import record_tables
from fieldcrm.base.data.withdraw import withdraw
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_

NOTHING_TO_UNDO = define("undo.nothing", N_("There is nothing to undo."))
NOTHING_TO_REDO = define("redo.nothing", N_("There is nothing to redo."))
IMPORT = "import_packages"  # the action word of an import that is taken back


@dataclass(frozen=True)
class Skipped:
    """A record that an undo left alone because it was changed since."""

    kind: str
    record_id: str


@dataclass(frozen=True)
class Compensated:
    """What an undo or redo did: the action taken back or done again, how many records, which were left alone."""

    action: str
    rows: int
    skipped: tuple[Skipped, ...]


def last_undoable(session: Session, device: str) -> Operation | None:
    """The device's newest operation that still stands and is not itself an undo."""
    return session.scalars(
        select(Operation)
        .where(Operation.device == device, Operation.mode != "undo", Operation.undone_by.is_(None))
        .order_by(Operation.seq.desc())
        .limit(1)
    ).first()


def last_import(session: Session, device: str) -> Import | None:
    """The newest import of packages on this device that was not taken back."""
    return session.scalars(
        select(Import).where(Import.device == device, Import.withdrawn_at.is_(None)).order_by(Import.at.desc()).limit(1)
    ).first()


def last_redoable(session: Session, device: str) -> Operation | None:
    """The newest undo that still stands, unless something new was done after it."""
    newest = session.scalar(select(func.max(Operation.seq)).where(Operation.device == device, Operation.mode == "do"))
    return session.scalars(
        select(Operation)
        .where(
            Operation.device == device,
            Operation.mode == "undo",
            Operation.undone_by.is_(None),
            Operation.seq > (newest or 0),
        )
        .order_by(Operation.seq.desc())
        .limit(1)
    ).first()


def undo(session: Session) -> Compensated:
    """Take back what this device did last: its newest standing operation, or an import of packages.

    `Refused` when there is none, or when something was built on the import.
    """
    device = journal.author(session).device
    operation, brought = last_undoable(session, device), last_import(session, device)
    if brought is not None and (operation is None or brought.at > operation.at):
        return Compensated(IMPORT, withdraw(session, brought.id), ())
    if operation is None:
        raise Refused(NOTHING_TO_UNDO)
    return _compensate(session, operation, "undo")


def redo(session: Session) -> Compensated:
    """Do again what the newest undo took back; `Refused` when there is none."""
    operation = last_redoable(session, journal.author(session).device)
    if operation is None:
        raise Refused(NOTHING_TO_REDO)
    return _compensate(session, operation, "redo")


def _compensate(session: Session, operation: Operation, mode: str) -> Compensated:
    notes = journal.of(session)
    notes.mode, notes.undoes, notes.action = mode, operation.id, operation.action
    changed_since = _changed_since(session, operation.id)
    tables = record_tables()
    skipped: list[Skipped] = []
    changes: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for kind, record_id, after, before in session.execute(
        select(Edit.kind, Edit.record_id, Edit.after, Edit.before)
        .where(Edit.operation_id == operation.id)
        .order_by(Edit.position)
    ):
        fields = {"deleted_at": None} if before is None else json.loads(before)
        blocked = changed_since.get(record_id, set())
        kept = {} if before is None and blocked else {f: v for f, v in fields.items() if f not in blocked}
        if len(kept) < len(fields) or after is None:
            skipped.append(Skipped(kind, record_id))
        if after is None:
            continue
        cls = tables[kind]
        if before is None and kept:
            changes[kind][record_id] = {"deleted_at": clock.now()}
        elif kept:
            changes[kind][record_id] = {f: codec.decode(cls, f, v) for f, v in kept.items()}
    rows = sum(len(journal.bulk_update(session, tables[kind], by_id)) for kind, by_id in changes.items())
    if not rows:  # nothing left to take back: remember it as done, so that the next undo goes further back
        operation.undone_by = operation.id
    return Compensated(operation.action, rows, tuple(skipped))


def _changed_since(session: Session, operation_id: str) -> dict[str, set[str]]:
    """Record id to the fields that somebody changed after this operation and that still are changed."""
    newest: dict[tuple[str, str], str] = {}
    mine: dict[str, tuple[str, bool, set[str]]] = {}
    for record_id, stamp, before, after in session.execute(
        select(Edit.record_id, Edit.clock, Edit.before, Edit.after).where(Edit.operation_id == operation_id)
    ):
        mine[record_id] = (stamp, before is None, set(json.loads(after or "{}")))
    for record_id, field, stamp in session.execute(
        select(FieldHead.record_id, FieldHead.field, FieldHead.clock)
        .join(Edit, Edit.record_id == FieldHead.record_id)
        .where(Edit.operation_id == operation_id)
    ):
        newest[record_id, field] = max(stamp, newest.get((record_id, field), ""))
    blocked: dict[str, set[str]] = defaultdict(set)
    for (record_id, field), stamp in newest.items():
        own, created, touched = mine[record_id]
        if not created and field not in touched:
            continue
        if stamp != own and not _same_standing(session, record_id, field, stamp, own):
            blocked[record_id].add(field)
    return blocked


def _same_standing(session: Session, record_id: str, field: str, one: str, other: str) -> bool:
    """Whether the same edit stands behind two heads: a compensation stands for what it brought back."""
    edits = {
        stamp: (mode, undoes, operation_id, json.loads(parents or "{}"))
        for stamp, parents, operation_id, mode, undoes in session.execute(
            select(Edit.clock, Edit.parents, Operation.id, Operation.mode, Operation.undoes)
            .join(Operation, Operation.id == Edit.operation_id)
            .where(Edit.record_id == record_id)
        )
    }
    by_operation = {operation_id: parents for _, _, operation_id, parents in edits.values()}

    def standing(stamp: str) -> str:
        while stamp in edits and edits[stamp][0] != "do":
            parents = by_operation.get(edits[stamp][1] or "", {})
            before = [s for s, fields in parents.items() if field in fields]
            if not before:
                break
            stamp = max(before)
        return stamp

    return standing(one) == standing(other)
