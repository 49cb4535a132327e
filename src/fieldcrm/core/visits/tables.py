"""The table of visits. Ids of other records carry no foreign key: packages bring rows in any order."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldcrm.base.data.schema import Base, Id, Record


class Visit(Record, Base):
    """A planned stop; `slot` is "HH:MM", `place` an address other than the client's, `contact_id` what it became."""

    __tablename__ = "visit"
    __table_args__ = (
        Index("ix_visit_planned_on", "deleted_at", "planned_on", "slot", "id"),
        Index("ix_visit_client_id", "client_id", "planned_on"),
    )

    client_id: Mapped[str | None] = mapped_column(Id)
    channel_id: Mapped[str | None] = mapped_column(Id)
    planned_on: Mapped[date]
    slot: Mapped[str | None]
    minutes: Mapped[int | None]
    purpose: Mapped[str | None]
    bring: Mapped[str | None]
    place: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="planned")
    reason: Mapped[str | None]
    task_id: Mapped[str | None] = mapped_column(Id)
    contact_id: Mapped[str | None] = mapped_column(Id)
