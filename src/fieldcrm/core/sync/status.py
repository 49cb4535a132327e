"""How far our work has travelled: what waits, what went, what the office confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.core.sync.outgoing import base_for
from fieldcrm.core.sync.tables import Package, Peer
from fieldcrm.core.sync.unsent import pending


@dataclass(frozen=True)
class SyncStatus:
    """`unsent` changed records; the newest package sent, and the newest one whose content the office acknowledged."""

    unsent: int
    sent_at: datetime | None
    sent_number: int | None
    confirmed_number: int | None


def sync_status(session: Session, device: str) -> SyncStatus:
    """The state of our own chain towards our office."""
    sent = session.execute(
        select(Package.made_at, Package.number, Package.tip_seq)
        .where(Package.direction == "out")
        .order_by(Package.at.desc())
        .limit(1)
    ).first()
    above = select(Peer).where(Peer.relation == "above", Peer.revoked_at.is_(None)).order_by(Peer.enrolled_at.desc())
    peer = session.scalars(above.limit(1)).first()
    confirmed = None
    if peer is not None:
        seq = base_for(session, peer, device)[0]
        confirmed = session.scalar(
            select(Package.number)
            .where(Package.direction == "out", Package.device == peer.device, Package.tip_seq <= seq)
            .order_by(Package.number.desc())
            .limit(1)
        )
    return SyncStatus(pending(session, device), sent[0] if sent else None, sent[1] if sent else None, confirmed)
