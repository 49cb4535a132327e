"""Merge by field: others' edits planned against the records here, then written in the import's transaction.

The winner of a field is the head with the greatest clock; every other head with a different value makes a
conflict. `plan` only reads, so that a person can see every changed cell before `write`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, inspect, select, tuple_, update
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data import bulk, codec, hlc, journal, references, wire
from fieldcrm.base.data.among import among
from fieldcrm.base.data.journal_tables import Conflict, Edit, FieldHead, Operation
from fieldcrm.base.data.schema import Record, record_tables
from fieldcrm.base.data.wire import SentChain, SentEdit, SentOperation
from fieldcrm.base.jobs import Progress, let_go

_CHUNK = 2_000


@dataclass(frozen=True)
class Cell:
    """A cell that the merge changes; values as JSON, `person_id` its author, `clock` when."""

    kind: str
    record_id: str
    field: str
    old: Any
    new: Any
    person_id: str
    clock: str


@dataclass(slots=True)
class State:
    """A record while it is merged: field values as JSON and the heads of fields that have any but the base."""

    cls: type[Record]
    id: str
    base: str
    created: bool
    values: dict[str, Any]
    heads: dict[str, dict[str, Any]] = field(default_factory=dict)  # field -> {clock: value}
    before: dict[str, Any] = field(default_factory=dict)  # fields touched -> value before
    stored: set[str] = field(default_factory=set)  # fields that have head rows in the database
    latest: str = ""

    def winner(self, name: str) -> str:
        return max(self.heads[name]) if name in self.heads else self.base


@dataclass
class Plan:
    """What a merge will do. `edits` pairs each new edit with the value its record had before."""

    operations: list[tuple[str, SentOperation]]
    states: dict[str, State]
    edits: list[tuple[SentOperation, SentEdit, int, str | None]]

    def let_go(self) -> None:
        """Forget it all; nothing is asked any more."""
        let_go(self.edits)
        let_go(self.states)

    @property
    def created(self) -> list[State]:
        return [s for s in self.states.values() if s.created]

    @property
    def changed(self) -> list[State]:
        """Records here already in which a value changes."""
        return [
            s for s in self.states.values() if not s.created and any(s.values.get(f) != v for f, v in s.before.items())
        ]

    def cells(self) -> Iterable[Cell]:
        """Every changed cell of records that are here already, old and new."""
        authors = {e.clock: o.person_id for o, e, _, _ in self.edits}
        for state in self.changed:
            for name, old in state.before.items():
                new = state.values.get(name)
                if old != new:
                    stamp = state.winner(name)
                    kind = state.cls.__tablename__
                    yield Cell(kind, state.id, name, old, new, authors.get(stamp, ""), stamp)

    def conflicts(self) -> list[tuple[str, str, str]]:
        """(kind, record, field) with several heads of different values."""
        return [
            (s.cls.__tablename__, s.id, name)
            for s in self.states.values()
            for name, heads in s.heads.items()
            if (s.created or name in s.before) and len({codec.canonical(v) for v in heads.values()}) > 1
        ]


def plan(
    session: Session,
    chains: Sequence[SentChain],
    progress: Progress | None = None,
    late: Sequence[tuple[SentOperation, SentEdit]] = (),
) -> Plan:
    """What these chains change here; operations held already are passed over. Only reads.

    `late` are edits of operations held here that did not come along with them.
    `Refused(clock.ahead)` for a stamp more than 48 h ahead.
    """
    fresh = [(c.device, o) for c in chains for o in _unknown(session, c)]
    tables = record_tables()
    sent = [(o, e, e.position) for _, o in fresh for e in o.edits if e.kind in tables]
    sent += [(o, e, e.position) for o, e in late if e.kind in tables]
    sent.sort(key=lambda item: item[1].clock)  # a parent's clock is smaller than its child's
    if sent:
        hlc.check_not_ahead(sent[-1][1].clock)
    states = _load(session, [e for _, e, _ in sent], tables)
    known = _superseded(session, sent, states)
    result = Plan(fresh, states, [])
    for done, (operation, edit, position) in enumerate(sent):
        if progress is not None and done % 1000 == 0:
            progress.step(done)
        before = _merge(states, tables[edit.kind], edit, known)
        result.edits.append((operation, edit, position, before))
    return result


def _unknown(session: Session, sent: SentChain) -> list[SentOperation]:
    alike = wire.agreed(session, sent)
    return [o for o in sent.operations if o.seq > alike]


def _load(session: Session, edits: Sequence[SentEdit], tables: Mapping[str, type[Record]]) -> dict[str, State]:
    by_kind: dict[str, list[str]] = defaultdict(list)
    for e in edits:
        by_kind[e.kind].append(e.record_id)
    states: dict[str, State] = {}
    for kind, ids in by_kind.items():
        cls = tables[kind]
        table = cls.__table__  # type: ignore[attr-defined]
        names = list(codec.columns(cls))
        columns = [table.c.id, table.c.clock, *(table.c[n] for n in names)]
        wanted = list(dict.fromkeys(ids))
        for at in range(0, len(wanted), _CHUNK):
            for id, base, *values in session.execute(
                select(*columns).where(among(table.c.id, wanted[at : at + _CHUNK]))
            ):
                encoded = {n: codec.encode(cls, n, v) for n, v in zip(names, values, strict=True)}
                states[id] = State(cls, id, base, False, encoded)
    here = list(states)
    for at in range(0, len(here), _CHUNK):
        heads = select(FieldHead.record_id, FieldHead.field, FieldHead.clock, FieldHead.value)
        for id, name, stamp, value in session.execute(heads.where(among(FieldHead.record_id, here[at : at + _CHUNK]))):
            states[id].heads.setdefault(name, {})[stamp] = value
            states[id].stored.add(name)
    for state in states.values():
        for name, stamps in state.heads.items():
            stamps[max(stamps)] = state.values.get(name)
    return states


def _superseded(
    session: Session, sent: Sequence[tuple[SentOperation, SentEdit, int]], states: Mapping[str, State]
) -> dict[str, set[tuple[str, str]]]:
    """Record to (field, clock) that an edit held here already names as parent: they came late."""
    late = {
        e.record_id
        for _, e, _ in sent
        if e.record_id in states and any(e.clock < max(h) for h in states[e.record_id].heads.values())
    }
    named: dict[str, set[tuple[str, str]]] = defaultdict(set)
    wanted = list(late)
    for at in range(0, len(wanted), _CHUNK):
        query = select(Edit.record_id, Edit.parents).where(
            among(Edit.record_id, wanted[at : at + _CHUNK]), Edit.parents.is_not(None)
        )
        for record_id, parents in session.execute(query):
            for stamp, fields in json.loads(parents or "{}").items():
                named[record_id].update((name, stamp) for name in fields)
    return named


def _merge(
    states: dict[str, State], cls: type[Record], edit: SentEdit, superseded: Mapping[str, set[tuple[str, str]]]
) -> str | None:
    """Merge one edit into its record's state; gives the values before as JSON text, None for a created record."""
    after = edit.values
    state = states.get(edit.record_id)
    if state is None:
        # an edit whose creating edit is out of scope makes the record known by what came
        states[edit.record_id] = State(cls, edit.record_id, edit.clock, True, dict(after), latest=edit.clock)
        return None
    seen: dict[str, set[str]] = defaultdict(set)
    for stamp, names in edit.heads.items():
        for name in names:
            seen[name].add(stamp)
    before = {name: state.values.get(name) for name in after}
    for name, value in after.items():
        if not state.created:
            state.before.setdefault(name, before[name])
        heads = state.heads.get(name) or {state.base: state.values.get(name)}
        heads = {stamp: v for stamp, v in heads.items() if stamp not in seen[name]}
        if (name, edit.clock) not in superseded.get(state.id, ()):
            heads[edit.clock] = value  # else it came late: it only ends those before it
        state.heads[name] = heads
        state.values[name] = heads[max(heads)]
    state.latest = max(state.latest, edit.clock)
    return codec.canonical(before)


def write(session: Session, plan: Plan, import_id: str | None) -> None:
    """Write a plan: operations, edits, records, heads and conflicts; nothing becomes an edit of ours.

    `import_id` None: the operations were made here.
    """
    if not plan.operations and not plan.edits:
        return
    connection = session.connection()
    notes = journal.of(session)
    if plan.operations:
        _insert_operations(connection, plan.operations, import_id)
    if plan.edits:
        _insert_edits(connection, plan.edits)
        notes.ticker.observe(max(e.clock for _, e, _, _ in plan.edits))
    for state in plan.states.values():
        notes.merged.setdefault(state.cls.__tablename__, []).append(state.id)
        if state.created:
            notes.arrived.setdefault(state.cls, {})[state.id] = state.values
        else:  # of a package before this one in the batch: its values are no longer those that came
            notes.arrived.get(state.cls, {}).pop(state.id, None)
        for name in references.id_columns(state.cls) if state.before else ():
            if state.before.get(name) is not None:
                notes.left[state.cls.__tablename__, name].add(state.before[name])
    with journal.journalled(connection):
        _insert_records(session, plan.created)
        _update_records(session, [s for s in plan.states.values() if not s.created and s.before])
    _write_heads(session, plan)
    _write_conflicts(session, plan)
    session.expire_all()


def resolve(session: Session, record_id: str, name: str, value: Any) -> None:
    """End a conflict by one edit that names every head as its parent; `value` is the column's."""
    conflict = session.get_one(Conflict, (record_id, name))
    journal.of(session).named[record_id, name] = None
    journal.bulk_update(session, record_tables()[conflict.kind], {record_id: {name: value}})


def _insert_operations(
    connection: Connection, operations: Sequence[tuple[str, SentOperation]], import_id: str | None
) -> None:
    names = ("id", "seq", "person_id", "action", "mode", "undoes", "at", "rows", "digest", "previous", "hash")
    columns: dict[str, list[Any]] = {name: [getattr(o, name) for _, o in operations] for name in names}
    columns["device"] = [device for device, _ in operations]
    columns["import_id"] = [import_id] * len(operations)
    bulk.insert_columns(connection, inspect(Operation).local_table, columns, normal=True)


def _insert_edits(connection: Connection, edits: Sequence[tuple[SentOperation, SentEdit, int, str | None]]) -> None:
    names = ("kind", "record_id", "clock", "after", "parents", "salt", "commitment")
    sent = [e for _, e, _, _ in edits]
    columns: dict[str, list[Any]] = {name: list(map(attrgetter(name), sent)) for name in names}
    columns["operation_id"] = [o.id for o, _, _, _ in edits]
    columns["position"] = [position for _, _, position, _ in edits]
    columns["before"] = [before if e.parents is not None else None for _, e, _, before in edits]
    bulk.insert_columns(connection, inspect(Edit).local_table, columns, normal=True)


def _insert_records(session: Session, states: Sequence[State]) -> None:
    by_class: dict[type[Record], list[State]] = defaultdict(list)
    for s in states:
        by_class[s.cls].append(s)
    for cls, fresh in by_class.items():
        for at in range(0, len(fresh), _CHUNK):
            _insert_some(session.connection(), cls, fresh[at : at + _CHUNK])


def _insert_some(connection: Connection, cls: type[Record], fresh: Sequence[State]) -> None:
    columns: dict[str, list[Any]] = {"id": [s.id for s in fresh], "clock": [s.base for s in fresh]}
    rows = [s.values for s in fresh]
    named = set().union(*rows)
    for name, decode in codec.decoders(cls).items():  # a newer program's field stays in the edit
        if name in named:
            values = [row.get(name) for row in rows]
            # days go in as JSON spells them
            columns[name] = values if decode in (None, date.fromisoformat) else _decoded(decode, values)
    columns["created_at"] = hlc.instants_of(columns["clock"])
    columns["changed_at"] = hlc.instants_of([s.latest or s.base for s in fresh])
    bulk.insert_columns(connection, inspect(cls).local_table, columns)


def _decoded(decode: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    known = {v: decode(v) for v in set(values) if v is not None}  # dates and instants: a few, many times
    return [known.get(v) for v in values]


def _update_records(session: Session, states: Sequence[State]) -> None:
    batches: dict[tuple[type[Record], tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)
    for s in states:
        names = tuple(sorted(n for n, old in s.before.items() if s.values.get(n) != old and n in codec.columns(s.cls)))
        row = {f"v_{n}": codec.decode(s.cls, n, s.values[n]) for n in names}
        batches[s.cls, names].append({"_id": s.id, "_at": hlc.instant_of(s.latest), **row})
    for (cls, names), rows in batches.items():
        table = cls.__table__  # type: ignore[attr-defined]
        assigned = {n: bindparam(f"v_{n}", type_=table.c[n].type) for n in names}
        at = bindparam("_at", type_=table.c.changed_at.type)
        statement = update(table).where(table.c.id == bindparam("_id")).values(changed_at=at, **assigned)
        session.connection().execute(statement, rows)


def _write_heads(session: Session, plan: Plan) -> None:
    stale: list[tuple[str, str]] = []
    rows: list[dict[str, Any]] = []
    for s in plan.states.values():
        touched = s.heads if s.created else s.before
        for name in touched:
            heads = s.heads.get(name, {})
            if name in s.stored:
                stale.append((s.id, name))
            if list(heads) == [s.base]:
                continue
            best = max(heads, default="")
            rows.extend(
                {"record_id": s.id, "field": name, "clock": stamp, "value": None if stamp == best else value}
                for stamp, value in heads.items()
            )
    _delete_keys(session, FieldHead, stale)
    if rows:
        session.connection().execute(insert(FieldHead), rows)


def _write_conflicts(session: Session, plan: Plan) -> None:
    open_now = plan.conflicts()
    if not open_now and session.scalar(select(Conflict.record_id).limit(1)) is None:
        return
    touched = [(s.id, name) for s in plan.states.values() for name in s.before]
    known = _delete_keys(session, Conflict, touched, keep={(id, name) for _, id, name in open_now})
    fresh = [
        {"kind": kind, "record_id": id, "field": name, "opened_at": clock.now()}
        for kind, id, name in open_now
        if (id, name) not in known
    ]
    if fresh:
        session.connection().execute(insert(Conflict), fresh)


def _delete_keys(
    session: Session,
    table: type[FieldHead] | type[Conflict],
    keys: Sequence[tuple[str, str]],
    keep: set[tuple[str, str]] | None = None,
) -> set[tuple[str, str]]:
    """Delete rows by (record, field) but those to keep; gives the kept ones that exist."""
    key = tuple_(table.record_id, table.field)
    kept: set[tuple[str, str]] = set()
    for at in range(0, len(keys), _CHUNK // 2):
        chunk = keys[at : at + _CHUNK // 2]
        if keep:
            found = session.execute(select(table.record_id, table.field).where(key.in_(chunk)))
            kept |= {(r, f) for r, f in found if (r, f) in keep}
        gone = [k for k in chunk if keep is None or k not in keep]
        if gone:
            session.execute(delete(table).where(key.in_(gone)), execution_options={"synchronize_session": False})
    return kept
