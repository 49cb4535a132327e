"""How many records wait to go to our office; counted on from the last count, for our own chain only grows."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, distinct, exists, func, select
from sqlalchemy.orm import Session, aliased

from fieldcrm.base.data.journal_tables import Edit, Operation
from fieldcrm.core.sync.authority import STAYS
from fieldcrm.core.sync.outgoing import base_for
from fieldcrm.core.sync.tables import Peer


@dataclass(frozen=True)
class _Counted:
    """The records changed by the operations of a device after number `base`, up to number `tip` with its `hash`."""

    base: int
    tip: int
    hash: str
    records: int


_last: WeakKeyDictionary[Engine, dict[str, _Counted]] = WeakKeyDictionary()


def pending(session: Session, device: str) -> int:
    """How many records changed here have an edit that our office has not acknowledged yet."""
    peer = session.scalars(select(Peer).where(Peer.relation == "above", Peer.revoked_at.is_(None)).limit(1)).first()
    base = base_for(session, peer, device)[0] if peer is not None else 0
    own = select(Operation.seq, Operation.hash).where(Operation.device == device)
    tip = session.execute(own.order_by(Operation.seq.desc()).limit(1)).first()
    if tip is None or tip.seq <= base:
        return 0
    counted = _last.setdefault(session.get_bind().engine, {})
    known = counted.get(device)
    if known is not None and (known.base != base or _hash(session, device, known.tip) != known.hash):
        known = None
    records = _changed(session, device, base, base) if known is None else known.records
    if known is not None and known.tip < tip.seq:
        records += _changed(session, device, base, known.tip)
    counted[device] = _Counted(base, tip.seq, tip.hash, records)
    return records


def _hash(session: Session, device: str, seq: int) -> str | None:
    return session.scalar(select(Operation.hash).where(Operation.device == device, Operation.seq == seq))


def _changed(session: Session, device: str, base: int, after: int) -> int:
    """Records changed by operations after number `after`, and by none from `base` up to it."""
    query = (
        select(func.count(distinct(Edit.record_id)))
        .join(Operation, Operation.id == Edit.operation_id)
        .where(Operation.device == device, Operation.seq > after, Edit.kind.not_in(STAYS))
    )
    if after > base:
        edit, operation = aliased(Edit), aliased(Operation)
        # asked edit by edit of the record: joined, SQLite begins at the operations and reads all they hold, each time
        number = select(operation.seq).where(operation.id == edit.operation_id, operation.device == device)
        number = number.correlate(edit)
        earlier = exists().where(edit.record_id == Edit.record_id, number.scalar_subquery().between(base + 1, after))
        query = query.where(~earlier)
    return session.scalar(query) or 0
