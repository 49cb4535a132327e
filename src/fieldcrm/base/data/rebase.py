"""One's own operations put on top of the chain anew, with new stamps.

A computer that was restored or copied goes on from an older end of its chain. What its office holds of the chain comes
back; what the computer wrote instead goes on top of it. Operations that a clock far ahead had stamped are put on anew
as well. Ids, authors and values stay; nobody else has seen the old stamps.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from fieldcrm.base.data import chain, codec, journal, merge
from fieldcrm.base.data.journal_tables import Edit, Identity, Import, Operation
from fieldcrm.base.data.wire import SentChain, SentEdit, SentOperation
from fieldcrm.base.data.withdraw import rebuild

_QUIET = {"synchronize_session": False}


@dataclass(frozen=True)
class Tail:
    """Operations taken off a chain, `first` on, with who took each back."""

    device: str
    first: int
    operations: tuple[SentOperation, ...]
    undone_by: dict[str, str]

    def without_first(self) -> Tail:
        """The same without its first operation, which does not go on again."""
        return replace(self, first=self.first + 1, operations=self.operations[1:])


def again(session: Session, device: str, first: int) -> None:
    """Put the operations from number `first` on onto the chain anew, with stamps of now."""
    put_on(session, take_off(session, device, first))


def take_off(session: Session, device: str, first: int) -> Tail:
    """Take the operations from number `first` on off the chain; what they touched becomes what is left."""
    rows = session.scalars(
        select(Operation).where(Operation.device == device, Operation.seq >= first).order_by(Operation.seq)
    ).all()
    edits: dict[str, list[SentEdit]] = defaultdict(list)
    query = select(Edit).join(Operation, Operation.id == Edit.operation_id)
    mine = Operation.device == device, Operation.seq >= first
    for e in session.scalars(query.where(*mine).order_by(Operation.seq, Edit.position)):
        edits[e.operation_id].append(
            SentEdit(e.kind, e.record_id, e.clock, e.after or "{}", e.parents, e.salt or "", e.commitment, e.position)
        )
    tail = Tail(
        device, first, tuple(_sent(o, edits[o.id]) for o in rows), {o.id: o.undone_by for o in rows if o.undone_by}
    )
    gone = select(Operation.id).where(*mine)
    session.execute(delete(Edit).where(Edit.operation_id.in_(gone)), execution_options=_QUIET)
    session.execute(delete(Operation).where(*mine), execution_options=_QUIET)
    session.expire_all()
    touched: dict[str, set[str]] = defaultdict(set)
    for of_one in edits.values():
        for edit in of_one:
            touched[edit.kind].add(edit.record_id)
    rebuild(session, {kind: sorted(ids) for kind, ids in touched.items()})
    journal.of(session).ticker.back_to(session.scalar(select(func.max(Edit.clock))))
    return tail


def put_on(session: Session, tail: Tail) -> None:
    """Put what was taken off on top of the chain as it is now; what came back meanwhile is not put on twice."""
    notes = journal.of(session)
    stamps = _come_back(session, tail)
    previous, seq = journal.tip(session, tail.device)
    base = seq, previous
    fresh: list[SentOperation] = []
    for old in tail.operations:
        if old.id in stamps.came:
            continue
        edits = [_anew(e, n, notes.ticker.tick(), stamps.new) for n, e in enumerate(old.edits)]
        digest = chain.digest(e.commitment for e in edits)
        seq += 1
        hash_ = chain.link(
            previous, id=old.id, device=tail.device, seq=seq, person_id=old.person_id, action=old.action,
            mode=old.mode, undoes=old.undoes, at=old.at, rows=len(edits), digest=digest,
        )  # fmt: skip
        fresh.append(replace(old, seq=seq, edits=edits, rows=len(edits), digest=digest, previous=previous, hash=hash_))
        previous = hash_
    merge.write(session, merge.plan(session, [SentChain(tail.device, *base, tuple(fresh))]), None)
    for id, by in tail.undone_by.items():
        session.execute(update(Operation).where(Operation.id == id).values(undone_by=by), execution_options=_QUIET)
    moved = (fresh[0].seq if fresh else base[0] + 1) - tail.first
    later = Import.device == tail.device, Import.after_seq >= tail.first - 1  # just before it as well
    session.execute(update(Import).where(*later).values(after_seq=Import.after_seq + moved), execution_options=_QUIET)
    session.get_one(Identity, tail.device).last_clock = notes.ticker.last
    session.flush()


@dataclass
class _Stamps:
    """Old stamps to new ones, and the operations that came back from elsewhere."""

    new: dict[str, str]
    came: set[str]


def _come_back(session: Session, tail: Tail) -> _Stamps:
    found = _Stamps({}, set())
    for old in tail.operations:
        held = session.scalars(select(Edit.clock).where(Edit.operation_id == old.id).order_by(Edit.position)).all()
        if held or session.get(Operation, old.id) is not None:
            found.came.add(old.id)
            if len(held) == len(old.edits):
                found.new.update(zip((e.clock for e in old.edits), held, strict=True))
    return found


def _anew(old: SentEdit, position: int, stamp: str, new: dict[str, str]) -> SentEdit:
    parents = old.parents
    if parents is not None:
        named: dict[str, Any] = json.loads(parents)
        parents = codec.canonical({new.get(head, head): names for head, names in named.items()})
    new[old.clock] = stamp
    salt = os.urandom(16).hex()
    commitment = chain.commitment(salt, old.kind, old.record_id, stamp, old.after, parents)
    return SentEdit(old.kind, old.record_id, stamp, old.after, parents, salt, commitment, position)


def _sent(o: Operation, edits: Sequence[SentEdit]) -> SentOperation:
    return SentOperation(
        o.id, o.seq, o.person_id, o.action, o.mode, o.undoes, o.at, o.rows, o.digest, o.previous, o.hash, list(edits)
    )
