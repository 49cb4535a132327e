"""The table of next steps. Ids of other records carry no foreign key: packages bring rows in any order."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldcrm.base.data.schema import Base, Id, Record


class Task(Record, Base):
    """A next step, made by an entry (`made_by_kind`, `made_by_id`) and closed by the entry that answers it.

    A snoozed step keeps `due_on` as first set; it counts from `snoozed_to`.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_status", "deleted_at", "status", "due_on", "id"),
        Index("ix_task_client_id", "client_id", "status"),
    )

    client_id: Mapped[str | None] = mapped_column(Id)
    what: Mapped[str]
    way: Mapped[str | None]
    due_on: Mapped[date | None]
    due_time: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="open")
    snoozed_to: Mapped[date | None]
    snooze_reason: Mapped[str | None]
    made_by_kind: Mapped[str | None]
    made_by_id: Mapped[str | None] = mapped_column(Id)
    closed_at: Mapped[datetime | None]
    closed_by_kind: Mapped[str | None]
    closed_by_id: Mapped[str | None] = mapped_column(Id)
