"""Open complaints by their nearest deadline, of one person where the book holds several."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.core.complaints.queries import ComplaintRow, load_rows
from fieldcrm.core.complaints.tables import Complaint
from fieldcrm.core.diary.figures import owned


def open_deadlines(session: Session, person_id: str | None = None) -> list[ComplaintRow]:
    """Open complaints, the nearest deadline first; mis-sold clients over 50 come before others of the same day."""
    ids = session.scalars(
        select(Complaint.id).where(
            Complaint.deleted_at.is_(None), Complaint.closed_at.is_(None), *owned(Complaint.owner_id, person_id)
        )
    ).all()
    rows = load_rows(session, ids).values()
    return sorted(rows, key=lambda row: (clock.day_of(row.due_at), not row.first, row.due_at, row.id))
