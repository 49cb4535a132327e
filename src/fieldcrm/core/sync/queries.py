"""What the Sync and Inbox pages show: what waits to go out, the register of packages, figures of the inbox."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, errors
from fieldcrm.base.data import undo
from fieldcrm.base.data.journal_tables import Conflict, Edit, Import, Operation
from fieldcrm.core import titles
from fieldcrm.core.sync.authority import ISSUED, STAYS
from fieldcrm.core.sync.conflicts import count_by_import
from fieldcrm.core.sync.outgoing import base_for
from fieldcrm.core.sync.status import SyncStatus, sync_status
from fieldcrm.core.sync.tables import Package, Peer
from fieldcrm.core.sync.unsent import pending

TAKEN_BACK, CONFIRMED = "taken_back", "confirmed"


@dataclass(frozen=True)
class KindCount:
    """How many records of a kind changed."""

    kind: str
    count: int

    @property
    def label(self) -> str:
        return titles.kind_label(self.kind)


@dataclass(frozen=True)
class Outgoing:
    """What the next package to our office carries, and what became of the last one; `office` None: not enrolled."""

    office: str | None
    kinds: tuple[KindCount, ...]
    status: SyncStatus

    @property
    def total(self) -> int:
        return sum(k.count for k in self.kinds)


@dataclass(frozen=True)
class PackageRow:
    """A line of the register.

    `state`: sent, confirmed (the receiver holds it), merged, repeated, held, refused or taken_back (its import was
    undone); `reason` in words;
    `open_conflicts` of its records wait for a decision. `last_import`: undo would take this import back.
    """

    id: str
    direction: str
    number: int
    name: str
    unit: str
    at: datetime
    made_at: datetime
    state: str
    operations: int
    rows: int
    new: int
    changed: int
    conflicts: int
    open_conflicts: int
    reason_code: str | None
    reason: str
    last_import: bool
    deleted: int  # of `changed`
    kinds: tuple[KindCount, ...]  # what is inside, by how much

    @property
    def source(self) -> str:
        return " · ".join(p for p in (self.unit, self.name) if p)


@dataclass(frozen=True)
class InboxFigures:
    """The tiles: who reported this week of all enrolled, senders with a gap, rows merged today, refused this week;

    `packages` ever received, `conflicts` that wait.
    """

    reported: int
    enrolled: int
    gaps: int
    rows_today: int
    packages_today: int
    refused: int
    conflicts: int
    packages: int
    refused_code: str  # why the newest refused one was


@dataclass(frozen=True)
class OfficeStatus:
    """The office's status bar: packages of today merged of those received; the merge that undo would take back.

    `unsent` changed records wait for the office above; None: there is none.
    """

    merged: int
    received: int
    undo_source: str
    undo_number: int
    undo_count: int
    undo_at: datetime | None
    unsent: int | None


def office_status(session: Session, device: str) -> OfficeStatus:
    """As of now; days are cut in Shanghai."""
    day, _ = clock.day_bounds(clock.today())
    states = session.scalars(select(Package.state).where(Package.direction == "in", Package.at >= day)).all()
    merged = sum(state in ("merged", "repeated") for state in states)
    newest = newest_import(session)
    brought = session.execute(
        select(Package.number, Package.at, Peer.unit_name, Peer.person_name)
        .outerjoin(Peer, Peer.device == Package.device)
        .where(Package.import_id == newest)
        .order_by(Package.number.desc())
    ).all() if newest is not None else []  # fmt: skip
    last = brought[0] if brought else None
    above = session.scalar(select(Peer.device).where(Peer.relation == "above", Peer.revoked_at.is_(None)).limit(1))
    return OfficeStatus(
        merged, len(states),
        " · ".join(p for p in (last.unit_name, last.person_name) if p) if last is not None else "",
        last.number if last is not None else 0, len(brought), last.at if last is not None else None,
        None if above is None else pending(session, device),
    )  # fmt: skip


def read_outgoing(session: Session, device: str) -> Outgoing:
    """What waits to go to our office, by kind, in the order of how much."""
    peer = session.scalars(
        select(Peer).where(Peer.relation == "above", Peer.revoked_at.is_(None)).order_by(Peer.enrolled_at.desc())
    ).first()
    seq = base_for(session, peer, device)[0] if peer is not None else 0
    number = func.count(distinct(Edit.record_id))
    query = (
        select(Edit.kind, number)
        .join(Operation, Operation.id == Edit.operation_id)
        .where(Operation.device == device, Operation.seq > seq, Edit.kind.not_in((*STAYS, *ISSUED)))
        .group_by(Edit.kind)
        .order_by(number.desc(), Edit.kind)
    )
    kinds = tuple(KindCount(kind, n) for kind, n in session.execute(query))
    office = f"{peer.unit_name} · {peer.person_name}" if peer is not None else None
    return Outgoing(office, kinds, sync_status(session, device))


def list_packages(
    session: Session, directions: Collection[str] = ("in", "out"), limit: int = 300, *, own: str | None = None
) -> tuple[PackageRow, ...]:
    """The register, newest first; `own` device tells which sent ones were confirmed."""
    rows = session.execute(
        select(Package, Peer.person_name, Peer.unit_name)
        .outerjoin(Peer, Peer.device == Package.device)
        .where(Package.direction.in_(directions))
        .order_by(Package.at.desc(), Package.number.desc())
        .limit(limit)
    ).all()
    withdrawn = set(session.scalars(select(Import.id).where(Import.withdrawn_at.is_not(None))))
    still_open = count_by_import(session)
    newest = newest_import(session)
    confirmed = _confirmed(session, {p.device for p, _, _ in rows if p.direction == "out"}, own)
    made = []
    for p, person, unit in rows:
        state = TAKEN_BACK if p.import_id in withdrawn else p.state
        if state == "sent" and p.tip_seq is not None and p.tip_seq <= confirmed.get(p.device, 0):
            state = CONFIRMED
        details = p.details or {}
        reason = errors.sentence(p.reason, details) if p.reason else ""
        made.append(
            PackageRow(
                id=p.id, direction=p.direction, number=p.number, name=person or "", unit=unit or "", at=p.at,
                made_at=p.made_at, state=state, operations=p.operations, rows=p.rows, new=p.new, changed=p.changed,
                conflicts=p.conflicts,
                open_conflicts=0 if state == TAKEN_BACK else still_open.get((p.import_id, p.device), 0),
                reason_code=p.reason, reason=reason, last_import=p.import_id is not None and p.import_id == newest,
                deleted=details.get("deleted", 0),
                kinds=tuple(
                    KindCount(kind, n) for kind, n in sorted(details.get("counts", {}).items(), key=lambda kn: -kn[1])
                ),
            )
        )  # fmt: skip
    return tuple(made)


def _confirmed(session: Session, devices: Collection[str], own: str | None) -> dict[str, int]:
    """Peer to the number of our operation up to which it holds our chain."""
    if own is None:
        return {}
    peers = session.scalars(select(Peer).where(Peer.device.in_(devices)))
    return {peer.device: base_for(session, peer, own)[0] for peer in peers}


def newest_import(session: Session) -> str | None:
    """The import that an undo now would take back; None when something else comes first."""
    device = session.scalar(select(Import.device).order_by(Import.at.desc()).limit(1))
    if device is None:
        return None
    newest = undo.next_to_undo(session, device)
    return newest.id if isinstance(newest, Import) else None


def count_held(session: Session) -> int:
    """How many packages that came wait for one before them."""
    held = (Package.direction == "in", Package.state == "held")
    return session.scalar(select(func.count()).select_from(Package).where(*held)) or 0


def inbox_figures(session: Session) -> InboxFigures:
    """The figures of the inbox's tiles as of now; weeks begin on Monday in Shanghai."""
    today = clock.today()
    week, _ = clock.day_bounds(today - timedelta(days=today.weekday()))
    day, _ = clock.day_bounds(today)
    taken = Package.state.in_(["merged", "repeated"])
    came = select(func.count(distinct(Peer.person_id))).join(Package, Package.device == Peer.device)
    below = (Peer.relation == "below", Peer.revoked_at.is_(None))
    incoming = (Package.direction == "in",)
    rows, packages = session.execute(
        select(func.coalesce(func.sum(Package.rows), 0), func.count())
        .outerjoin(Import, Import.id == Package.import_id)
        .where(*incoming, Package.state == "merged", Package.at >= day, Import.withdrawn_at.is_(None))
    ).one()
    return InboxFigures(
        reported=session.scalar(came.where(*below, *incoming, taken, Package.at >= week)) or 0,
        enrolled=session.scalar(select(func.count(distinct(Peer.person_id))).where(*below)) or 0,
        gaps=session.scalar(
            select(func.count(distinct(Package.device))).where(*incoming, Package.state == "held")
        ) or 0,
        rows_today=int(rows),
        packages_today=packages,
        refused=session.scalar(
            select(func.count()).where(*incoming, Package.state == "refused", Package.at >= week)
        ) or 0,
        conflicts=session.scalar(select(func.count()).select_from(Conflict)) or 0,
        packages=session.scalar(select(func.count()).select_from(Package).where(*incoming)) or 0,
        refused_code=session.scalar(
            select(Package.reason).where(*incoming, Package.state == "refused").order_by(Package.at.desc()).limit(1)
        ) or "",
    )  # fmt: skip
