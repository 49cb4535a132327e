"""Drafts: half-filled forms kept in the encrypted book, local to this device and never journalled or sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from fieldcrm.base import clock
from fieldcrm.base.data.schema import Base
from fieldcrm.base.data.types import Json

KEPT = timedelta(days=90)


class Draft(Base):
    """One form that was not finished; `owner` is the device, `key` the form's kind with its record or context."""

    __tablename__ = "draft"

    owner: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    state: Mapped[Any] = mapped_column(Json)
    saved_at: Mapped[datetime]


@dataclass(frozen=True)
class DraftRow:
    """A draft: the form editor's raw state, and when it was kept."""

    key: str
    state: dict[str, Any]
    saved_at: datetime


def save_draft(session: Session, owner: str, key: str, state: dict[str, Any]) -> None:
    """Keep the state of a form, in place of what was kept under the key before."""
    kept = session.get(Draft, (owner, key))
    if kept is None:
        session.add(Draft(owner=owner, key=key, state=state, saved_at=clock.now()))
    else:
        kept.state, kept.saved_at = state, clock.now()


def discard_draft(session: Session, owner: str, key: str) -> None:
    """Forget a draft, and those that nobody came back to for 90 days."""
    from sqlalchemy import delete, or_

    old = Draft.saved_at < clock.now() - KEPT
    session.execute(delete(Draft).where(Draft.owner == owner, or_(Draft.key == key, old)))


def find_draft(session: Session, owner: str, key: str) -> DraftRow | None:
    """The draft of a form, None when there is none."""
    kept = session.get(Draft, (owner, key))
    return None if kept is None else DraftRow(kept.key, kept.state, kept.saved_at)
