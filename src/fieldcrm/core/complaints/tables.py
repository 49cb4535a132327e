"""Tables of complaints. Ids of other records carry no foreign key: packages bring rows in any order."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldcrm.base.data.schema import Base, Child, Id, Record


class Complaint(Record, Base):
    """One row of the form 客户投诉情况统计表; `complex` and `extension_approved` lengthen the regulatory clock."""

    __tablename__ = "complaint"
    __table_args__ = (
        Index("ix_complaint_status", "deleted_at", "status", "received_at", "id"),
        Index("ix_complaint_client_id", "client_id", "received_at"),
    )

    client_id: Mapped[str] = mapped_column(Id)
    policy_id: Mapped[str | None] = mapped_column(Id)
    policy_number: Mapped[str | None]
    received_at: Mapped[datetime]
    source: Mapped[str | None]
    category: Mapped[str | None]
    point: Mapped[str | None]
    severity: Mapped[str | None]
    mis_selling_suspected: Mapped[bool | None]
    complex: Mapped[bool | None]
    extension_approved: Mapped[bool | None]
    estimated_compensation_fen: Mapped[int | None]
    handling_opinion: Mapped[str | None]
    irregular_surrender: Mapped[bool | None]
    compensation_fen: Mapped[int | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(default="open")
    client_opinion: Mapped[str | None]
    remark: Mapped[str | None]
    filled_on: Mapped[date | None]
    serial_number: Mapped[int | None]


class ComplaintStep(Child, Base):
    """A step of handling: when, who, what."""

    __tablename__ = "complaint_step"

    happened_at: Mapped[datetime]
    person: Mapped[str | None]
    what: Mapped[str]


class ComplaintPause(Child, Base):
    """A pause of the clocks; open while `ended_at` is empty."""

    __tablename__ = "complaint_pause"

    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str]
