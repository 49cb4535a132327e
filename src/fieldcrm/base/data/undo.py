"""Undo and redo by compensating edits: the journal of one's own actions, walked back and forth."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data import codec, journal, rebase, references, withdraw
from fieldcrm.base.data.journal_tables import Edit, FieldHead, Import, Operation
from fieldcrm.base.data.schema import Record, record_tables
from fieldcrm.base.data.standing import pasts
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress

NOTHING_TO_UNDO = define("undo.nothing", N_("There is nothing to undo."))
NOTHING_TO_REDO = define("redo.nothing", N_("There is nothing to redo."))
TAKING_BACK, DOING_AGAIN = N_("Taking it back"), N_("Doing it again")
_BATCH = 2_000
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

    @property
    def redoable(self) -> bool:
        """Whether redo brings it back; an import that was taken back is imported again instead."""
        return self.action != IMPORT


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
        select(Import)
        .where(Import.device == device, Import.withdrawn_at.is_(None))
        .order_by(Import.after_seq.desc(), Import.at.desc())
        .limit(1)
    ).first()


def next_to_undo(session: Session, device: str) -> Operation | Import | None:
    """What an undo on this device would take back; the order is the chain's, whatever the clock said."""
    operation, brought = last_undoable(session, device), last_import(session, device)
    if brought is None or operation is None:
        return brought or operation
    return brought if brought.after_seq >= operation.seq or withdraw.belongs(operation, brought) else operation


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


def undo(session: Session, progress: Progress | None = None) -> Compensated:
    """Take back what this device did last: its newest standing operation, or an import of packages.

    `Refused` when there is none, or when something was built on the import; `Cancelled`.
    """
    session.info["progress"] = progress  # what follows before the commit reports and can be cancelled as well
    device = journal.author(session).device
    newest = next_to_undo(session, device)
    if newest is None:
        raise Refused(NOTHING_TO_UNDO)
    if isinstance(newest, Import):
        if progress is not None:
            progress.begin(gettext(TAKING_BACK))
        return Compensated(IMPORT, take_back_import(session, newest.id), ())
    return compensate(session, newest, "undo")


def take_back_import(session: Session, import_id: str) -> int:
    """Take an import of packages back with what was decided in its preview; gives the records touched.

    `Refused(import.built_on)` when something was built on it.
    """
    batch = session.get_one(Import, import_id)
    own = withdraw.own_part(session, batch)
    withdraw.check(session, batch, own)
    if own is None:
        return withdraw.withdraw(session, batch)
    tail = rebase.take_off(session, own.device, own.seq)
    rows = withdraw.withdraw(session, batch)
    rebase.put_on(session, tail.without_first())
    return rows


def redo(session: Session, progress: Progress | None = None) -> Compensated:
    """Do again what the newest undo took back; `Refused` when there is none, `Cancelled`."""
    session.info["progress"] = progress
    operation = last_redoable(session, journal.author(session).device)
    if operation is None:
        raise Refused(NOTHING_TO_REDO)
    return compensate(session, operation, "redo")


@dataclass(slots=True)
class _Step:
    """One edit to take back: the fields put back, and whether the record would leave with it.

    `stamp` is the edit's, `parents` the heads it named ({head: fields}).
    """

    kind: str
    id: str
    fields: dict[str, Any]
    leaves: bool
    whole: bool  # nothing of it stays behind
    stamp: str
    parents: dict[str, list[str]]


def compensate(session: Session, operation: Operation, mode: str) -> Compensated:
    """Take one operation back (`mode` undo, or redo for an undo); what was changed or used since is left alone."""
    notes = journal.of(session)
    notes.mode, notes.undoes, notes.action = mode, operation.id, operation.action
    progress: Progress | None = session.info.get("progress")
    if progress is not None:
        progress.begin(gettext(TAKING_BACK if mode == "undo" else DOING_AGAIN))
    steps = _steps(session, operation.id)
    pointed_at = _pointed_at(session, operation, steps)
    tables = record_tables()
    skipped: list[Skipped] = []
    changes: dict[str, dict[str, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for step in steps:
        fields = dict(step.fields)
        if step.id in pointed_at:
            del fields["deleted_at"]
        if not step.whole or step.id in pointed_at:
            skipped.append(Skipped(step.kind, step.id))
        if fields:
            cls = tables[step.kind]
            changes[step.kind][step.id].update((f, codec.decode(cls, f, v)) for f, v in fields.items())
    _undecide(session, steps, changes)
    if progress is not None:
        progress.begin(gettext(TAKING_BACK if mode == "undo" else DOING_AGAIN), sum(map(len, changes.values())))
    rows = done = 0
    for kind, by_id in changes.items():
        items = iter(by_id.items())
        while some := dict(islice(items, _BATCH)):
            rows += len(journal.bulk_update(session, tables[kind], some))
            done += len(some)
            if progress is not None:
                progress.step(done)
    if not rows:  # nothing left to take back: remember it as done, so that the next undo goes further back
        operation.undone_by = operation.id
    return Compensated(operation.action, rows, tuple(dict.fromkeys(skipped)))


def _undecide(session: Session, steps: list[_Step], changes: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """Of what is taken back: a conflict that was decided opens again, and one that opened so ends again.

    Taken back, a decision leaves the values it had ended, each by an edit of its own; done again, one edit ends those.
    """
    notes = journal.of(session)
    of_record: dict[tuple[str, str], list[_Step]] = defaultdict(list)
    for step in steps:
        of_record[step.kind, step.id].append(step)
    for (kind, id), some in of_record.items():
        if len(some) == 1 and len(some[0].parents) < 2:
            continue
        for name in changes[kind].get(id, ()):
            made = frozenset(s.stamp for s in some if name in s.fields)
            ended = sorted(stamp for stamp, names in some[0].parents.items() if name in names)
            if len(made) > 1:
                notes.named[id, name] = made
            elif len(ended) > 1:
                _set_beside(session, record_tables()[kind], id, name, ended[:-1])


def _set_beside(session: Session, cls: type[Record], id: str, name: str, ended: list[str]) -> None:
    """Let the values of the edits `ended` stand beside the field's own again."""
    notes = journal.of(session)
    of_field = FieldHead.record_id == id, FieldHead.field == name
    head = session.scalar(select(func.max(FieldHead.clock)).where(*of_field))
    if head is None:
        return
    notes.named[id, name] = frozenset({head})
    column = cls.__table__.c[name]  # type: ignore[attr-defined]
    now = codec.encode(cls, name, session.execute(select(column).where(column.table.c.id == id)).scalar_one())
    edits = select(Edit.after).where(Edit.record_id == id, Edit.clock.in_(ended), Edit.after.is_not(None))
    for after in session.scalars(edits.order_by(Edit.clock)):
        value = json.loads(after or "{}").get(name)
        notes.asides.append(journal.Aside(cls, id, name, notes.ticker.tick(), value, now))


def _steps(session: Session, operation_id: str) -> list[_Step]:
    """What taking an operation back means for each record; what this program no longer knows stays as it is."""
    changed_since = _changed_since(session, operation_id)
    tables = record_tables()
    now = codec.instant_text(clock.now())
    steps: list[_Step] = []
    for kind, record_id, stamp, after, before, parents in session.execute(
        select(Edit.kind, Edit.record_id, Edit.clock, Edit.after, Edit.before, Edit.parents)
        .where(Edit.operation_id == operation_id)
        .order_by(Edit.position)
    ):
        blocked = changed_since.get(record_id, set())
        fields: dict[str, Any] = {"deleted_at": now} if before is None else json.loads(before)
        known = codec.columns(tables[kind]) if kind in tables and after is not None else {}
        if before is None and blocked:
            known = {}
        kept = {f: v for f, v in fields.items() if f in known and f not in blocked}
        leaves = fields.get("deleted_at") is not None
        whole = len(kept) == len(fields)
        steps.append(_Step(kind, record_id, kept, leaves, whole, stamp, json.loads(parents) if parents else {}))
    return steps


def _pointed_at(session: Session, operation: Operation, steps: list[_Step]) -> set[str]:
    """Records that would leave although living ones of later operations point at them: as good as changed since."""
    own: dict[str, list[str]] = defaultdict(list)
    for step in steps:
        if step.leaves:
            own[step.kind].append(step.id)
    going = {s.id for s in steps if s.leaves and "deleted_at" in s.fields}
    if not going:
        return set()
    here = Operation.device == operation.device
    later = or_(here & (Operation.seq > operation.seq), ~here & (Operation.at > operation.at - references.SKEW))
    stamp = session.scalar(select(func.min(Edit.clock)).where(Edit.operation_id == operation.id)) or ""
    later &= Edit.clock > stamp
    changed = {s.id for s in steps if s.leaves} - going
    restored = {s.id: s.fields.keys() for s in steps if not s.leaves}
    return references.needed(session, own, references.edited_by(session, later), going, changed, restored)


def _changed_since(session: Session, operation_id: str) -> dict[str, set[str]]:
    """Record id to the fields that somebody changed after this operation and that still are changed."""
    newest: dict[tuple[str, str], str] = {}
    for record_id, field, stamp in session.execute(
        select(FieldHead.record_id, FieldHead.field, FieldHead.clock)
        .join(Edit, Edit.record_id == FieldHead.record_id)
        .where(Edit.operation_id == operation_id)
    ):
        newest[record_id, field] = max(stamp, newest.get((record_id, field), ""))
    if not newest:
        return {}
    mine: dict[str, list[tuple[str, bool, str]]] = defaultdict(list)
    for record_id, stamp, before, after in session.execute(
        select(Edit.record_id, Edit.clock, Edit.before, Edit.after).where(Edit.operation_id == operation_id)
    ):
        mine[record_id].append((stamp, before is None, after or "{}"))
    blocked: dict[str, set[str]] = defaultdict(set)
    for (record_id, field), stamp in newest.items():
        own = [o for o, _, _ in mine[record_id]]
        if stamp in own:
            continue
        created = mine[record_id][0][1]
        if not created and not any(field in json.loads(after) for _, _, after in mine[record_id]):
            continue
        past = pasts(session, [record_id])[record_id]
        if past.behind(field, stamp) != past.behind(field, max(own)):
            blocked[record_id].add(field)
    return blocked
