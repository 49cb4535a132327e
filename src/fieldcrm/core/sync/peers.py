"""The enrolled computers: who, when they last reported, how much they brought; taking the trust back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data import audit
from fieldcrm.base.vault import seal
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.diary.tables import Diary
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.sync.tables import Package, Peer


@dataclass(frozen=True)
class PeerRow:
    """An enrolled computer; `relation` above (our office) or below."""

    device: str
    relation: str
    person_id: str
    name: str
    unit: str
    enrolled_at: datetime
    revoked_at: datetime | None
    last_at: datetime | None
    last_number: int | None
    clients: int
    policies: int
    callbacks: int  # this month
    diary_on: date | None  # the day of the newest entry


def list_peers(session: Session) -> tuple[PeerRow, ...]:
    """Every enrolled computer, revoked ones last; the last package we took from each, and its person's work."""
    last: dict[str, tuple[datetime, int]] = {}
    taken = select(Package.device, Package.at, Package.number).where(
        Package.direction == "in", Package.state.in_(["merged", "repeated"])
    )
    for device, at, number in session.execute(taken.order_by(Package.at)):
        last[device] = (at, number)
    clients, policies = (_by_owner(session, table) for table in (Client, Policy))
    month, _ = clock.day_bounds(clock.today().replace(day=1))
    callbacks = _by_owner(session, Callback, Callback.called_at >= month)
    days = select(Diary.owner_id, func.max(Diary.day)).where(Diary.deleted_at.is_(None)).group_by(Diary.owner_id)
    diaries = {owner: day for owner, day in session.execute(days) if owner}
    rows = session.scalars(select(Peer).order_by(Peer.revoked_at.is_not(None), Peer.unit_name, Peer.person_name))
    return tuple(
        PeerRow(
            device=p.device, relation=p.relation, person_id=p.person_id, name=p.person_name, unit=p.unit_name,
            enrolled_at=p.enrolled_at, revoked_at=p.revoked_at,
            last_at=last.get(p.device, (None, None))[0], last_number=last.get(p.device, (None, None))[1],
            clients=clients.get(p.person_id, 0), policies=policies.get(p.person_id, 0),
            callbacks=callbacks.get(p.person_id, 0), diary_on=diaries.get(p.person_id),
        )
        for p in rows
    )  # fmt: skip


def _by_owner(session: Session, table: type[Client | Policy | Callback], *some: ColumnElement[bool]) -> dict[str, int]:
    query = select(table.owner_id, func.count()).where(table.deleted_at.is_(None), *some).group_by(table.owner_id)
    return {owner: n for owner, n in session.execute(query) if owner}


def peer_fingerprint(session: Session, device: str) -> str:
    """The digits of an enrolled computer, "0412 8830 5519"; takes a tenth of a second, so not for lists."""
    peer = session.get_one(Peer, device)
    return seal.fingerprint(bytes.fromhex(peer.signing), bytes.fromhex(peer.sealing))


def revoke_peer(session: Session, device: str) -> str:
    """Trust a computer no longer: its packages are refused from now on, it gets none. Gives its person's name."""
    peer = session.get_one(Peer, device)
    peer.revoked_at = peer.revoked_at or clock.now()
    audit.note(session, "revoke", peer.person_id, device=device)
    return peer.person_name
