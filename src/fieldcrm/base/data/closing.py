"""The end of an operation: its edits with their parents, chained, and the heads and conflicts they leave."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session

from fieldcrm.base import clock, ids
from fieldcrm.base.data import bulk, chain, codec
from fieldcrm.base.data.journal import Journal, Noted, of, rows_by_id, tip
from fieldcrm.base.data.journal_tables import Conflict, Edit, FieldHead, Identity, Operation
from fieldcrm.base.jobs import Progress, let_go

_TURN = 2_000  # edits between two looks at whether it was cancelled


def close(session: Session) -> str | None:
    """Write the operation, its edits and heads; gives its id, or None when nothing changed."""
    session.flush()
    journal = of(session)
    if journal.lost:
        raise TypeError("an action went on after a failed write; what it did before is lost")
    journal.closed = True
    notes = {id: n for id, n in journal.notes.items() if _changes(journal, id, n)}
    if not notes:
        return None
    heads = _heads(session, [id for id, n in notes.items() if not n.created])
    progress: Progress = session.info.get("progress") or Progress()  # a long action can be cancelled until here
    edits = _edits(journal, notes, heads, progress)
    identity = session.get(Identity, journal.author.device)
    if identity is None:
        raise LookupError("no identity for this device")
    previous, seq = tip(session, journal.author.device)
    operation = Operation(
        id=ids.new(), device=journal.author.device, seq=seq + 1, person_id=journal.author.person_id,
        action=journal.action, mode=journal.mode, undoes=journal.undoes, at=clock.now(),
        rows=len(edits["position"]), digest=chain.digest(edits["commitment"]), previous=previous,
    )  # fmt: skip
    operation.hash = chain.link(
        previous, id=operation.id, device=operation.device, seq=operation.seq, person_id=operation.person_id,
        action=operation.action, mode=operation.mode, undoes=operation.undoes, at=operation.at,
        rows=operation.rows, digest=operation.digest,
    )  # fmt: skip
    operation.undone_by = operation.id if journal.lasting else None  # names itself: passed over by undo
    session.add(operation)
    if journal.undoes is not None:
        session.execute(
            update(Operation).where(Operation.id == journal.undoes).values(undone_by=operation.id),
            execution_options={"synchronize_session": False},
        )
    identity.last_clock = journal.ticker.last
    session.flush()
    edits["operation_id"] = [operation.id] * operation.rows
    bulk.insert_columns(session.connection(), inspect(Edit).local_table, edits, normal=True)
    progress.check()
    _advance_heads(session, journal, notes, heads)
    _settle_conflicts(session, journal, notes, heads)
    for values in edits.values():
        let_go(values)
    return operation.id


def _changes(journal: Journal, id: str, n: Noted) -> bool:
    return n.created or any(n.after[f] != b or (id, f) in journal.named for f, b in n.before.items())


def _heads(session: Session, record_ids: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    columns = [FieldHead.record_id, FieldHead.field, FieldHead.clock]
    for record_id, field, stamp in rows_by_id(session, columns, FieldHead.record_id, record_ids):
        found[record_id, field].append(stamp)
    for stamps in found.values():
        stamps.sort(reverse=True)
    return found


_EDIT = ("position", "kind", "record_id", "clock", "after", "before", "parents", "salt", "commitment")


def _edits(
    journal: Journal, notes: Mapping[str, Noted], heads: Mapping[tuple[str, str], list[str]], progress: Progress
) -> dict[str, list[Any]]:
    """The edits of an operation, by column."""
    salts = os.urandom(16 * (len(notes) + len(journal.asides))).hex()
    columns: dict[str, list[Any]] = {name: [] for name in _EDIT}
    adds = [values.append for values in columns.values()]
    place = count()

    def add(kind: str, id: str, stamp: str, after: dict[str, Any], before: str | None, parents: Any) -> None:
        position = next(place)
        if position % _TURN == 0:
            progress.check()
        text, named = codec.canonical(after), None if parents is None else codec.canonical(parents)
        salt = salts[position * 32 : position * 32 + 32]
        commitment = chain.commitment(salt, kind, id, stamp, text, named)
        values = position, kind, id, stamp, text, before, named, salt, commitment
        for append, value in zip(adds, values, strict=True):
            append(value)

    for id, n in notes.items():
        parents: dict[str, list[str]] | None = None
        if not n.created:
            parents = defaultdict(list)
            for field in sorted(n.after):
                for stamp in _seen(journal, id, field, heads.get((id, field)) or [n.base]):
                    parents[stamp].append(field)
        add(n.cls.__tablename__, id, n.stamp, n.after, None if n.created else codec.canonical(n.before), parents)
    for a in journal.asides:
        seen = _seen(journal, a.record_id, a.field, heads.get((a.record_id, a.field), []))
        before = codec.canonical({a.field: a.before})
        add(a.cls.__tablename__, a.record_id, a.stamp, {a.field: a.value}, before, {s: [a.field] for s in seen})
    return columns


def _seen(journal: Journal, id: str, field: str, heads: list[str]) -> list[str]:
    """Which of a field's heads its edit names as parents: the winner, unless the operation says otherwise."""
    if (id, field) not in journal.named:
        return heads[:1]
    wanted = journal.named[id, field]
    return heads if wanted is None else [stamp for stamp in heads if stamp in wanted]


def _advance_heads(
    session: Session, journal: Journal, notes: Mapping[str, Noted], heads: Mapping[tuple[str, str], list[str]]
) -> None:
    stale: list[tuple[str, str, str]] = []
    fresh: list[dict[str, Any]] = []
    for id, n in notes.items():
        if n.created:
            continue
        for field in n.after:
            seen = _seen(journal, id, field, heads.get((id, field), []))
            stale.extend((id, field, stamp) for stamp in seen)
            fresh.append({"record_id": id, "field": field, "clock": n.stamp, "value": None})
    fresh.extend(
        {"record_id": a.record_id, "field": a.field, "clock": a.stamp, "value": a.value} for a in journal.asides
    )
    drop_heads(session, stale)
    if fresh:
        columns = {name: [head[name] for head in fresh] for name in fresh[0]}
        bulk.insert_columns(session.connection(), inspect(FieldHead).local_table, columns, normal=True)


def _settle_conflicts(
    session: Session, journal: Journal, notes: Mapping[str, Noted], heads: Mapping[tuple[str, str], list[str]]
) -> None:
    """A conflict opens and ends with the heads of its field: here where the operation met or made several."""
    met = {(id, name) for (id, name), stamps in heads.items() if len(stamps) > 1 and name in notes[id].after}
    for id, name in met | {(a.record_id, a.field) for a in journal.asides}:
        of_field = FieldHead.record_id == id, FieldHead.field == name
        held = session.execute(select(FieldHead.clock, FieldHead.value).where(*of_field))
        values = {row.clock: row.value for row in held}
        values[notes[id].stamp] = notes[id].after[name]
        is_open = len({codec.canonical(v) for v in values.values()}) > 1
        known = session.get(Conflict, (id, name))
        if is_open and known is None:
            kind = notes[id].cls.__tablename__
            session.add(Conflict(record_id=id, field=name, kind=kind, opened_at=clock.now()))
        elif known is not None and not is_open:
            session.delete(known)
    session.flush()


def drop_heads(session: Session, keys: Sequence[tuple[str, str, str]]) -> None:
    """Forget heads by (record, field, clock)."""
    bulk.delete_rows(session.connection(), inspect(FieldHead).local_table, ("record_id", "field", "clock"), keys)
