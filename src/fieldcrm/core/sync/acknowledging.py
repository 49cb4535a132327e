"""What a package tells of its sender: what it holds, and how its audit log goes on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base.data import wire
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.core.sync.opening import Opened, name_of
from fieldcrm.core.sync.tables import Package, Peer

AUDIT_CUT = define(
    "package.audit_cut",
    N_("The audit log of {name} is shorter than before or was rewritten. The package is merged; ask what happened."),
)


def acknowledge(session: Session, peer: Peer, opened: Opened) -> None:
    """Note what the sender holds as its package tells it, so that it can take back what it no longer holds.

    An older one that comes late may tell less than is true: then more is sent than needed. Again it tells nothing.
    """
    if session.get(Package, opened.header["id"]) is None:
        peer.acked = dict(opened.holds)


def audit_cut(session: Session, peer: Peer, opened: Opened) -> Refused | None:
    """A mark when the sender's audit log does not go on from where its newest package before ended."""
    told: list[Any] = opened.header.get("audit") or []
    known = peer.audit_head
    if not is_newest(session, opened, peer) or not wire.is_head(told):
        return None  # an older one that comes late, or brought again
    peer.audit_head = told
    if known is None:
        return None
    went_on = told == known if told[0] == known[0] else known[0] == 0 or opened.audit.get(str(known[0])) == known[1]
    return None if went_on and told[0] >= known[0] else Refused(AUDIT_CUT, name=name_of(peer))


def is_newest(session: Session, opened: Opened, peer: Peer) -> bool:
    """Whether the sender made this package after all others that came from it.

    A restored computer counts its packages from an older number, one whose clock was set right dates them earlier.
    """
    newest = select(func.max(Package.number), func.max(Package.made_at)).where(
        Package.device == peer.device, Package.direction == "in", Package.state != "refused",
        Package.id != opened.header["id"],
    )  # fmt: skip
    number, made_at = session.execute(newest).one()
    return number is None or opened.header["number"] > number or opened.made_at > made_at
