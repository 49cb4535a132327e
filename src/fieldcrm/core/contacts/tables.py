"""The table of contacts. Ids of other records carry no foreign key: packages bring rows in any order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from fieldcrm.base.data.schema import Base, Id, Record

_LIVE = text("deleted_at IS NULL")


class Contact(Record, Base):
    """One touch with a client; `next_step_id` is the task that the same entry made."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("ix_contact_client_id", "client_id", "started_at", "deleted_at"),
        # partial, not led by deleted_at: else the last contacts of a page of clients would be read from all contacts
        Index(
            "ix_contact_started_at",
            "started_at",
            "id",
            "client_id",
            "deleted_at",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    client_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str]
    started_at: Mapped[datetime]
    minutes: Mapped[int | None]
    result: Mapped[str | None]
    summary: Mapped[str | None]
    objection: Mapped[str | None]
    next_step_id: Mapped[str | None] = mapped_column(Id)
