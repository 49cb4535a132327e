"""Tables of target lists. Ids of other records carry no foreign key: packages bring rows in any order."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldcrm.base.data.schema import Base, Child, Id, Record


class TargetList(Record, Base):
    """The list of an institution and year; `status` is proposed, reviewed, confirmed or issued."""

    __tablename__ = "target_list"
    __table_args__ = (Index("ix_target_list_unit_id", "unit_id", "year"),)

    unit_id: Mapped[str] = mapped_column(Id)
    year: Mapped[int]
    name: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="proposed")
    issued_at: Mapped[datetime | None]


class Target(Record, Base):
    """A client on a target list; `kind` is renewal or new, `review` what the office said about the row."""

    __tablename__ = "target"
    __table_args__ = (Index("ix_target_list_id", "list_id"), Index("ix_target_client_id", "client_id"))

    list_id: Mapped[str] = mapped_column(Id)
    client_id: Mapped[str | None] = mapped_column(Id)
    client_name: Mapped[str | None]
    kind: Mapped[str]
    line: Mapped[str | None]
    expires_on: Mapped[date | None]
    expected_premium_fen: Mapped[int | None]
    expected_commission_fen: Mapped[int | None]
    breakthrough: Mapped[str | None]
    plan: Mapped[str | None]
    stage: Mapped[str | None]
    review: Mapped[str | None]
    review_reason: Mapped[str | None]
    result: Mapped[str | None]
    won_on: Mapped[date | None]


class TargetFeedback(Child, Base):
    """The monthly feedback on a target; `month_on` is the first day of the month."""

    __tablename__ = "target_feedback"

    month_on: Mapped[date]
    words: Mapped[str]
