"""How much waits on each page; a page that shows the same figure counts it the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.core import callbacks, policies, sync
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.complaints.tables import Complaint
from fieldcrm.core.visits import rules as visit_rules
from fieldcrm.core.visits.tables import Visit


@dataclass(frozen=True)
class _Badge:
    """One count: the role that has the page (None: both), the record kinds it hangs on (empty: any), how it is made."""

    role: str | None
    kinds: frozenset[str]
    count: Callable[[Session, str], int]  # session, own device


def _clients(session: Session, device: str) -> int:
    return session.scalar(select(func.count()).select_from(Client).where(Client.deleted_at.is_(None))) or 0


def _maturing(session: Session, device: str) -> int:
    asked = {view.key: view.asked for view in policies.policy_views()}["soon"]
    return policies.policies_list().count(session, asked)


def _stops(session: Session, device: str) -> int:
    """Today's stops that are still to be made."""
    over = (visit_rules.DONE, visit_rules.CANCELLED)
    open_today = (Visit.deleted_at.is_(None), Visit.planned_on == clock.today(), Visit.status.not_in(over))
    return session.scalar(select(func.count()).select_from(Visit).where(*open_today)) or 0


def _callbacks(session: Session, device: str) -> int:
    """Calls still to be made today: what is missing to the goal, as far as there is somebody to call."""
    queue = callbacks.queue(session)
    return min(max(0, queue.today.goal - queue.today.valid), sum(row.open for row in queue.rows))


def _complaints(session: Session, device: str) -> int:
    still_open = (Complaint.deleted_at.is_(None), Complaint.closed_at.is_(None))
    return session.scalar(select(func.count()).select_from(Complaint).where(*still_open)) or 0


def _unsent(session: Session, device: str) -> int:
    return sync.pending(session, device)


def _conflicts(session: Session, device: str) -> int:
    return sync.count_conflicts(session)


def _held(session: Session, device: str) -> int:
    return sync.count_held(session)


BADGES = {
    "clients": _Badge(None, frozenset({"client"}), _clients),
    "policies": _Badge(None, frozenset({"policy"}), _maturing),
    "visits": _Badge("manager", frozenset({"visit"}), _stops),
    "callbacks": _Badge("manager", frozenset({"callback", "policy", "client", "task", "setting"}), _callbacks),
    "complaints": _Badge(None, frozenset({"complaint"}), _complaints),
    "sync": _Badge("manager", frozenset(), _unsent),
    "inbox": _Badge("office", frozenset(), _held),
    "conflicts": _Badge("office", frozenset(), _conflicts),
}


def touched(role: str, kinds: Iterable[str] | None = None) -> tuple[str, ...]:
    """The pages of a role whose counts may have changed with these record kinds (None: all of them)."""
    changed = None if kinds is None else frozenset(kinds)
    return tuple(
        key
        for key, badge in BADGES.items()
        if badge.role in (None, role) and (changed is None or not badge.kinds or badge.kinds & changed)
    )


def badges(session: Session, device: str, keys: Iterable[str]) -> dict[str, int]:
    """The counts of these pages, of one moment."""
    return {key: BADGES[key].count(session, device) for key in keys}
