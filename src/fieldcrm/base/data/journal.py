"""The one place every write of a record goes through, bulk included: noted per record; `closing` chains the notes.

A session opened by the store carries a `Journal`; flushes are noted by event, bulk writes by the two
functions here, and any other INSERT, UPDATE or DELETE on a record table is refused.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, event, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.base import NO_VALUE

from fieldcrm.base import ids
from fieldcrm.base.data import bulk, chain, codec, hlc
from fieldcrm.base.data.among import among
from fieldcrm.base.data.journal_tables import Operation
from fieldcrm.base.data.schema import STAMPS, Record, record_tables
from fieldcrm.base.data.types import Words
from fieldcrm.base.jobs import let_go

_CHUNK = 2_000  # keys asked for at once
_DML = re.compile(r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|DELETE\s+FROM)\s+\"?(\w+)", re.IGNORECASE)
_GUARD = "fieldcrm.journalled"


@dataclass(frozen=True)
class Author:
    """Who writes: a person on a device of a unit; role is `manager` or `office`."""

    person_id: str
    device: str
    unit_id: str
    role: str
    person_name: str = ""
    unit_name: str = ""


@dataclass(slots=True)
class Noted:
    """What the running operation did to one record so far."""

    cls: type[Record]
    stamp: str
    created: bool
    base: str  # the record's creating stamp
    after: dict[str, Any]
    before: dict[str, Any]


@dataclass(frozen=True)
class Aside:
    """A value that stands beside its field's own, by an edit of its own: what a decision now undone had set aside."""

    cls: type[Record]
    record_id: str
    field: str
    stamp: str
    value: Any
    before: Any


class Journal:
    """The notes of one running operation; lives in `session.info`."""

    def __init__(self, author: Author, ticker: hlc.Hlc, action: str) -> None:
        self.author = author
        self.ticker = ticker
        self.action = action
        self.mode = "do"
        self.undoes: str | None = None
        # (record, field) whose edit is noted though its value stays, and the heads that it ends (None: every one)
        self.named: dict[tuple[str, str], frozenset[str] | None] = {}
        self.asides: list[Aside] = []
        self.notes: dict[str, Noted] = {}
        self.lasting = False  # whether no undo takes it back
        self.closed = False  # whether the notes are written, so that the transaction may end
        self.lost = False  # whether a rollback took away what the notes say
        self.merged: dict[str, list[str]] = {}  # kind to ids that a merge wrote: no edits of ours
        self.arrived: dict[type[Record], dict[str, dict[str, Any]]] = {}  # of these the new: id to values as JSON
        self.left: dict[tuple[str, str], set[str]] = defaultdict(set)  # (kind, field) to ids a merge made it leave

    def note(self, cls: type[Record], id: str, *, created: bool, base: str, stamp: str = "") -> Noted:
        """The note of a record, stamped when it is first touched (with `stamp`, where one is given)."""
        noted = self.notes.get(id)
        if noted is None:
            stamp = base if created else stamp or self.ticker.tick()
            noted = self.notes[id] = Noted(cls, stamp, created, base, {}, {})
        return noted

    def let_go(self) -> None:
        """Forget the notes, which are many: a session lives until the collector finds it, in the window's thread."""
        many: tuple[dict[Any, Any], ...] = (self.notes, *self.arrived.values(), self.arrived, self.merged, self.left)
        for some in many:
            let_go(some)

    def changed(self) -> dict[str, list[str]]:
        """Kind to the ids that were written, by this author or by a merge."""
        by_kind = {kind: list(ids) for kind, ids in self.merged.items()}
        for id, noted in self.notes.items():
            by_kind.setdefault(noted.cls.__tablename__, []).append(id)
        return by_kind


def of(session: Session) -> Journal:
    """The journal of a writing session; a reading one has none (KeyError: a programming error)."""
    journal: Journal = session.info["journal"]
    return journal


def author(session: Session) -> Author:
    """Who is writing in this session."""
    return of(session).author


def lasting(session: Session) -> None:
    """Let no undo take the running operation back: a book's founding, an enrolment."""
    of(session).lasting = True


def made(session: Session, cls: type[Record]) -> dict[str, dict[str, Any]]:
    """Records of a class that the running operation made: id to field values as JSON."""
    return {id: n.after for id, n in of(session).notes.items() if n.created and n.cls is cls}


def arrived(session: Session, cls: type[Record]) -> dict[str, dict[str, Any]]:
    """As `made`, of records that a merge made; older records may name them."""
    return of(session).arrived.get(cls, {})


def fresh(session: Session, cls: type[Record], ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Of these records those that the running operation or its merge made, as they are now: id to values as JSON."""
    journal: Journal | None = session.info.get("journal")
    if journal is None:
        return {}
    came, found = journal.arrived.get(cls, {}), {}
    for id in ids:
        noted = journal.notes.get(id)
        values = came.get(id) if noted is None else noted.after if noted.created else None
        if values is not None:
            found[id] = values
    return found


def pointed(session: Session, cls: type[Record], field: str, ids: Iterable[str]) -> set[str]:
    """What these records that the running operation wrote name by an id field, now and before it."""
    journal: Journal | None = session.info.get("journal")
    notes, left = ({}, {}) if journal is None else (journal.notes, journal.left)
    found: set[Any] = set(left.get((cls.__tablename__, field), ()))
    unknown: list[str] = []
    for id in ids:
        n = notes.get(id)
        if n is None or (not n.created and field not in n.after):
            unknown.append(id)
        else:
            found.update((n.before.get(field), n.after.get(field)))
    columns = cls.__table__.c  # type: ignore[attr-defined]
    found.update(row[0] for row in rows_by_id(session, [columns[field]], columns.id, unknown))
    return found - {None}


# --- single records: the flush ----------------------------------------------------------------


def watch(session: Session) -> None:
    """Note every flush of this session, and hold it to one transaction that only `close` ends."""
    event.listen(session, "before_flush", _before_flush)
    event.listen(session, "after_flush", _after_flush)
    event.listen(session, "before_commit", _before_commit)
    event.listen(session, "after_rollback", _after_rollback)


def _before_commit(session: Session) -> None:
    if session.in_nested_transaction() or not of(session).closed:
        raise TypeError("an action neither commits nor makes savepoints: its transaction is the store's")


def _after_rollback(session: Session) -> None:
    of(session).lost = True


def _before_flush(session: Session, *_: Any) -> None:
    journal = of(session)
    for obj in session.deleted:
        if isinstance(obj, Record):
            raise TypeError("records are never deleted outright; set deleted_at")
    for obj in session.new:
        if isinstance(obj, Record):
            _note_new(journal, obj)
    for obj in session.dirty:
        if isinstance(obj, Record):
            _note_changed(session, journal, obj)
    session.connection().info[_GUARD] = True


def _after_flush(session: Session, *_: Any) -> None:
    session.connection().info[_GUARD] = False


def _note_new(journal: Journal, obj: Record) -> None:
    cls = type(obj)
    for name, column in inspect(cls).columns.items():
        if getattr(obj, name) is None and column.default is not None and name not in STAMPS:
            setattr(obj, name, _default(column))
    obj.id = obj.id or ids.new()
    obj.owner_id = obj.owner_id or journal.author.person_id
    stamp = journal.ticker.tick()
    obj.clock = stamp
    obj.created_at = obj.changed_at = hlc.instant_of(stamp)
    noted = journal.note(cls, obj.id, created=True, base=stamp)
    for name in codec.columns(cls):
        value = codec.encode(cls, name, getattr(obj, name))
        if value is not None:
            noted.after[name] = value


def _default(column: Column[Any]) -> Any:
    default: Any = column.default
    return default.arg(None) if default.is_callable else default.arg


def _note_changed(session: Session, journal: Journal, obj: Record) -> None:
    cls = type(obj)
    state = inspect(obj)
    changed: dict[str, tuple[Any, Any]] = {}
    for name in codec.columns(cls):
        history = state.attrs[name].history
        if not history.has_changes():
            continue
        before = history.deleted[0] if history.deleted else NO_VALUE
        if before is NO_VALUE:
            table = cls.__table__  # type: ignore[attr-defined]
            with session.no_autoflush:
                before = session.execute(select(table.c[name]).where(table.c.id == obj.id)).scalar_one()
        pair = codec.encode(cls, name, before), codec.encode(cls, name, getattr(obj, name))
        if pair[0] != pair[1]:
            changed[name] = pair
    if changed:
        noted = journal.note(cls, obj.id, created=False, base=obj.clock)
        _merge(noted, changed)
        obj.changed_at = hlc.instant_of(noted.stamp)


def _merge(noted: Noted, changed: Mapping[str, tuple[Any, Any]]) -> None:
    for name, (before, after) in changed.items():
        noted.after[name] = after
        if not noted.created:
            noted.before.setdefault(name, before)


# --- bulk -------------------------------------------------------------------------------------


def bulk_insert(session: Session, cls: type[Record], rows: Sequence[dict[str, Any]]) -> list[str]:
    """Create many records at once; `rows` hold column values by field name. Gives their ids in order."""
    if not rows:
        return []
    session.flush()
    journal = of(session)
    columns = _columns_of(journal, cls, rows)
    stamps = journal.ticker.ticks(len(rows))
    encoders = codec.encoders(cls)
    encoded: dict[str, list[Any]] = {}
    for name, values in columns.items():
        encode = None if name == "id" else encoders[name]
        encoded[name] = values if encode is None else [None if v is None else encode(v) for v in values]
        if isinstance(codec.columns(cls)[name].type if name != "id" else None, Words):
            columns[name] = encoded[name]
    ids_ = columns["id"]
    names = [n for n in encoded if n != "id"]
    cells = zip(*(encoded[n] for n in names), strict=True)
    for id, stamp, row in zip(ids_, stamps, cells, strict=True):
        after = {n: v for n, v in zip(names, row, strict=True) if v is not None}
        journal.notes[id] = Noted(cls, stamp, True, stamp, after, {})
    columns["clock"] = stamps
    columns["created_at"] = columns["changed_at"] = [hlc.instant_of(stamps[0])] * len(rows)
    with _journalled(session.connection()) as connection:
        bulk.insert_columns(connection, inspect(cls).local_table, columns, normal=True)
    return ids_


def _columns_of(journal: Journal, cls: type[Record], rows: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """The rows turned into columns, with ids, owner and defaults filled in."""
    fields = codec.columns(cls)
    names = list(dict.fromkeys(n for row in rows for n in row))
    columns = {n: [row.get(n) for row in rows] for n in names}
    fresh = iter(ids.many(len(rows)))
    columns["id"] = [given or next(fresh) for given in columns.get("id", [None] * len(rows))]
    owner = journal.author.person_id
    columns["owner_id"] = [given or owner for given in columns.get("owner_id", [None] * len(rows))]
    for name, column in fields.items():
        if column.default is not None:
            given = columns.get(name, [None] * len(rows))
            columns[name] = [_default(column) if v is None else v for v in given]
    return columns


def bulk_update(session: Session, cls: type[Record], changes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Change many records: id to {field: new value}. Gives the ids that really changed."""
    session.flush()
    journal = of(session)
    by_fields: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for id, values in changes.items():
        by_fields[tuple(sorted(values))].append(id)
    written: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for names, record_ids in by_fields.items():
        found = list(_differences(session, cls, names, record_ids, changes))
        stamps = journal.ticker.ticks(len(found)) if found else []
        for (id, pairs, base), stamp in zip(found, stamps, strict=True):
            _merge(journal.note(cls, id, created=False, base=base, stamp=stamp), pairs)
            written[tuple(pairs)].append(id)
    with _journalled(session.connection()) as connection:
        for names, record_ids in written.items():
            columns: dict[str, list[Any]] = {n: [changes[id][n] for id in record_ids] for n in names}
            columns["changed_at"] = hlc.instants_of([journal.notes[id].stamp for id in record_ids])
            bulk.update_columns(connection, inspect(cls).local_table, record_ids, columns)
    session.expire_all()
    return [id for record_ids in written.values() for id in record_ids]


def _differences(
    session: Session,
    cls: type[Record],
    names: tuple[str, ...],
    record_ids: Sequence[str],
    changes: Mapping[str, Mapping[str, Any]],
) -> Iterator[tuple[str, dict[str, tuple[Any, Any]], str]]:
    """(id, {field: (before, after)} as JSON, creating stamp) of the records that differ from `changes`."""
    table, encoders, named = inspect(cls).local_table, codec.encoders(cls), of(session).named
    columns = [table.c.id, table.c.clock, *(table.c[n] for n in names)]
    for id, base, *old in rows_by_id(session, columns, table.c.id, record_ids):
        pairs: dict[str, tuple[Any, Any]] = {}
        for name, before in zip(names, old, strict=True):
            encode, after = encoders[name], changes[id][name]
            if encode is not None:
                before = None if before is None else encode(before)
                after = None if after is None else encode(after)
            if before != after or (named and (id, name) in named):
                pairs[name] = (before, after)
        if pairs:
            yield id, pairs, base


def rows_by_id(session: Session, columns: list[Any], key: Any, record_ids: Sequence[str]) -> Iterable[Any]:
    for at in range(0, len(record_ids), _CHUNK):
        yield from session.execute(select(*columns).where(among(key, record_ids[at : at + _CHUNK]))).all()


# --- the guard --------------------------------------------------------------------------------


class _journalled:  # noqa: N801 - reads as a word where it is used
    """A stretch in which this connection may write record tables."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.info = connection.info  # of a lost connection it cannot be asked any more

    def __enter__(self) -> Connection:
        self.info[_GUARD] = True
        return self.connection

    def __exit__(self, *_: object) -> None:
        self.info[_GUARD] = False


journalled = _journalled


@cache
def _guarded(count: int) -> frozenset[str]:
    return frozenset(record_tables())


def guard(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
    """Engine listener (before_cursor_execute): refuse a write of a record table that the journal does not see."""
    found = _DML.match(statement)
    if found is None or connection.info.get(_GUARD):
        return
    from fieldcrm.base.data.schema import Base

    if found[1] in _guarded(len(Base.registry.mappers)):
        raise TypeError(f"a write of {found[1]} around the journal; use the session or bulk_insert / bulk_update")


def tip(session: Session, device: str) -> tuple[str, int]:
    """Hash and number of the last operation held of a device's chain (`GENESIS`, 0 when none)."""
    row = session.execute(
        select(Operation.hash, Operation.seq).where(Operation.device == device).order_by(Operation.seq.desc()).limit(1)
    ).first()
    return (row.hash, row.seq) if row else (chain.GENESIS, 0)
