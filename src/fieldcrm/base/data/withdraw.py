"""Taking an import back: its operations leave, and what they touched becomes what the rest of the journal says.

What was decided in its preview belongs to it: an operation of our own right after it, which goes with it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, insert, or_, select, true, update
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data import codec, hlc, journal, references
from fieldcrm.base.data.journal_tables import Conflict, Edit, FieldHead, Import, Operation
from fieldcrm.base.data.schema import Record, record_tables
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_

_CHUNK = 500

BUILT_ON = define(
    "import.built_on",
    N_("The import can no longer be taken back; records of it were changed, used or sent on since: {count}."),
)
KEPT = "keep_values"  # the action word of what was decided in the preview of an import

LastSent = Callable[[Session, str], int]
_last_sent: list[LastSent] = []


def ask_last_sent(function: LastSent) -> None:
    """Have `function(session, device)` say the number of the device's last operation that left in a package."""
    if function not in _last_sent:
        _last_sent.append(function)


def belongs(operation: Operation, batch: Import) -> bool:
    """Whether an operation of our own is what was decided in the preview of an import."""
    return operation.action == KEPT and operation.device == batch.device and operation.seq == batch.after_seq + 1


def own_part(session: Session, batch: Import) -> Operation | None:
    """What was decided in the preview of an import, as long as it stands."""
    own = select(Operation).where(Operation.device == batch.device, Operation.seq == batch.after_seq + 1)
    return session.scalars(own.where(Operation.action == KEPT, Operation.undone_by.is_(None))).first()


def check(session: Session, batch: Import, own: Operation | None = None) -> None:
    """`Refused(import.built_on)` when something that stays was built on the import, or `own` was sent on."""
    if own is not None and any(last(session, own.device) >= own.seq for last in _last_sent):
        raise Refused(BUILT_ON, count=own.rows)
    going = _brought(batch) if own is None else _brought(batch) | (Operation.id == own.id)
    touched = _touched(session, going)
    later = len(_built_on(session, going, touched) | _pointed_at(session, batch, going, touched))
    if later:
        raise Refused(BUILT_ON, count=later)


def withdraw(session: Session, batch: Import) -> int:
    """Take a checked import back, so that importing it again behaves as the first time; gives the records touched.

    What it brought back of this device's own chain stays.
    """
    touched = _touched(session, _brought(batch))
    gone = select(Operation.id).where(_brought(batch))
    quiet = {"synchronize_session": False}
    session.execute(delete(Edit).where(Edit.operation_id.in_(gone)), execution_options=quiet)
    session.execute(delete(Operation).where(_brought(batch)), execution_options=quiet)
    batch.withdrawn_at = clock.now()
    session.flush()
    rebuild(session, touched)
    return sum(len(ids) for ids in touched.values())


def rebuild(session: Session, records: Mapping[str, Sequence[str]]) -> None:
    """Make records (kind to ids), their heads and conflicts anew from the edits that are left."""
    for kind, ids in records.items():
        for pointer in references.pointers(session, {kind: ids}, living=False):
            journal.of(session).left[kind, pointer.field].add(pointer.target)
        for at in range(0, len(ids), _CHUNK):
            _rebuild(session, record_tables()[kind], ids[at : at + _CHUNK])
        journal.of(session).merged.setdefault(kind, []).extend(ids)
        came = journal.of(session).arrived.get(record_tables()[kind], {})
        for id in ids:
            came.pop(id, None)
    session.expire_all()


def _brought(batch: Import) -> ColumnElement[bool]:
    return (Operation.import_id == batch.id) & (Operation.device != batch.device)


def _stays(going: ColumnElement[bool]) -> ColumnElement[bool]:
    return going.is_not(true())  # an operation made here has no import: neither true nor false


def _touched(session: Session, going: ColumnElement[bool]) -> dict[str, list[str]]:
    rows = session.execute(
        select(Edit.kind, Edit.record_id).join(Operation, Operation.id == Edit.operation_id).where(going).distinct()
    )
    touched: dict[str, list[str]] = defaultdict(list)
    for kind, record_id in rows:
        touched[kind].append(record_id)
    return touched


def _built_on(session: Session, going: ColumnElement[bool], touched: dict[str, list[str]]) -> set[str]:
    """Records that have an edit that stays and names an edit of the import as its parent."""
    mine = select(Edit.clock).join(Operation, Operation.id == Edit.operation_id)
    stamps = set(session.scalars(mine.where(going)))
    built: set[str] = set()
    for ids in touched.values():
        for record_id, parents in _staying(session, going, ids):
            if parents and stamps & json.loads(parents).keys():
                built.add(record_id)
    return built


def _pointed_at(session: Session, batch: Import, going: ColumnElement[bool], touched: dict[str, list[str]]) -> set[str]:
    """Records that the import alone brought and that records written since, the bin's included, point at."""
    all_touched = {id for ids in touched.values() for id in ids}
    stays = {id for ids in touched.values() for id, _ in _staying(session, going, ids)}
    gone = all_touched - stays
    here = Operation.device == batch.device
    came_later = Operation.import_id.in_(select(Import.id).where(Import.at >= batch.at))
    made_later = or_(here & (Operation.seq > batch.after_seq), ~here & (Operation.at > batch.at - references.SKEW))
    later = references.edited_by(session, _stays(going) & or_(came_later, made_later))
    return {
        p.target
        for p in references.pointers(session, later, living=False)
        if p.target in gone and (p.id not in all_touched or _points(session, going, p))
    }


def _points(session: Session, going: ColumnElement[bool], pointer: references.Pointer) -> bool:
    """Whether a record that the import changed as well pointed there before."""
    query = (
        select(Edit.after)
        .join(Operation, Operation.id == Edit.operation_id)
        .where(Edit.record_id == pointer.id, _stays(going))
    )
    return any(json.loads(after or "{}").get(pointer.field) == pointer.target for after in session.scalars(query))


def _staying(session: Session, going: ColumnElement[bool], ids: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    for at in range(0, len(ids), _CHUNK):
        query = (
            select(Edit.record_id, Edit.parents)
            .join(Operation, Operation.id == Edit.operation_id)
            .where(Edit.record_id.in_(ids[at : at + _CHUNK]), _stays(going))
        )
        yield from ((record_id, parents) for record_id, parents in session.execute(query))


def _rebuild(session: Session, cls: type[Record], ids: Sequence[str]) -> None:
    """Records, heads and conflicts anew from the edits that are left; without any, the record goes."""
    edits: dict[str, list[tuple[str, dict[str, Any], dict[str, list[str]]]]] = defaultdict(list)
    query = select(Edit.record_id, Edit.clock, Edit.after, Edit.parents).where(Edit.record_id.in_(ids))
    for record_id, stamp, after, parents in session.execute(query.order_by(Edit.clock)):
        edits[record_id].append((stamp, json.loads(after or "{}"), json.loads(parents or "{}")))
    table = cls.__table__  # type: ignore[attr-defined]
    quiet = {"synchronize_session": False}
    for local in (FieldHead, Conflict):
        session.execute(delete(local).where(local.record_id.in_(ids)), execution_options=quiet)
    heads: list[dict[str, Any]] = []
    conflicts: list[dict[str, Any]] = []
    with journal.journalled(session.connection()) as connection:
        for id in ids:
            if id not in edits:
                connection.execute(delete(table).where(table.c.id == id))
                continue
            values, rows = _replay(id, edits[id])
            heads.extend(rows)
            fields = {n: codec.decode(cls, n, values.get(n)) for n in codec.columns(cls)}
            fields["changed_at"] = hlc.instant_of(edits[id][-1][0])
            connection.execute(update(table).where(table.c.id == bindparam("_id")).values(**fields), {"_id": id})
            conflicts.extend(_conflicts(cls, id, rows, values))
    if heads:
        session.connection().execute(insert(FieldHead), heads)
    if conflicts:
        session.connection().execute(insert(Conflict), conflicts)


def _replay(
    id: str, edits: Sequence[tuple[str, dict[str, Any], dict[str, list[str]]]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Every field's value and the head rows of a record, from all its edits in the order of their clocks."""
    base = edits[0][0]
    values: dict[str, dict[str, Any]] = defaultdict(dict)  # field -> {clock: value}
    named: set[tuple[str, str]] = set()
    for stamp, after, parents in edits:
        for name, value in after.items():
            values[name][stamp] = value
        named.update((name, parent) for parent, names in parents.items() for name in names)
    won: dict[str, Any] = {}
    rows: list[dict[str, Any]] = []
    for name, by_clock in values.items():
        heads = {stamp: v for stamp, v in by_clock.items() if (name, stamp) not in named}
        best = max(heads)
        won[name] = heads[best]
        if list(heads) != [base]:
            rows.extend(
                {"record_id": id, "field": name, "clock": s, "value": None if s == best else v}
                for s, v in heads.items()
            )
    return won, rows


def _conflicts(
    cls: type[Record], id: str, rows: Sequence[dict[str, Any]], values: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    by_field: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in rows:
        by_field[row["field"]][row["clock"]] = row["value"]
    for name, heads in by_field.items():
        heads[max(heads)] = values[name]
        if len({codec.canonical(v) for v in heads.values()}) > 1:
            yield {"kind": cls.__tablename__, "record_id": id, "field": name, "opened_at": clock.now()}
