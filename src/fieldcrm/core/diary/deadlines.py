"""Open complaints with the clock that runs out first; the rules are those of the complaint room."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.complaints import rules
from fieldcrm.core.complaints.tables import Complaint, ComplaintPause
from fieldcrm.core.diary.figures import owned


@dataclass(frozen=True)
class Deadline:
    """An open complaint: whose, about what (code or words), and the clock that is due first."""

    complaint_id: str
    client_id: str
    name: str
    category: str | None
    point: str
    due_at: datetime
    used: int
    tone: str
    answered: bool
    comes_first: bool


def open_deadlines(session: Session, person_id: str | None = None) -> list[Deadline]:
    """Open complaints, the nearest deadline first; mis-sold clients over 50 come before others of the same day."""
    rows = session.execute(
        select(Complaint, Client.name, Client.birth_on)
        .outerjoin(Client, Client.id == Complaint.client_id)
        .where(Complaint.deleted_at.is_(None), Complaint.closed_at.is_(None), *owned(Complaint.owner_id, person_id))
    ).all()
    pauses: dict[str, list[rules.Pause]] = defaultdict(list)
    for pause in session.scalars(
        select(ComplaintPause).where(
            ComplaintPause.deleted_at.is_(None), ComplaintPause.parent_id.in_([row.Complaint.id for row in rows])
        )
    ):
        pauses[pause.parent_id].append(rules.Pause(pause.started_at, pause.ended_at))
    now, today = clock.now(), clock.today()
    found = []
    for complaint, name, birth_on in rows:
        stopped = complaint.answered_at
        limits = [rules.regulatory_limit(complaint.complex, complaint.extension_approved)]
        if stopped is None:
            limits.append(rules.ANSWER)
        clocks = [rules.run(complaint.received_at, limit, pauses[complaint.id], now) for limit in limits]
        first = min(clocks, key=lambda each: each.due_at)
        found.append(
            Deadline(
                complaint.id, complaint.client_id, name or "—", complaint.category, complaint.point or "",
                first.due_at, first.used, first.tone, stopped is not None,
                rules.comes_first(complaint.mis_selling_suspected, birth_on, today),
            )
        )  # fmt: skip
    found.sort(key=lambda row: (clock.day_of(row.due_at), not row.comes_first, row.due_at, row.complaint_id))
    return found
