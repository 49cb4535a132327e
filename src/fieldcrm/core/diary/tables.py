"""Tables of the diary. Ids of other records carry no foreign key: packages bring rows in any order."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldcrm.base.data.schema import Base, Child, Id, Record


class Diary(Record, Base):
    """The entry of one day. One a day and owner is a rule, not a constraint: two laptops may both write one.

    `figures` is the snapshot of the counted figures at the last save; they are counted, never typed.
    """

    __tablename__ = "diary"
    __table_args__ = (Index("ix_diary_day", "deleted_at", "day", "id"),)

    day: Mapped[date]
    figures: Mapped[dict[str, Any] | None]
    happened: Mapped[str | None]
    problems: Mapped[str | None]
    help_wanted: Mapped[str | None]
    plan_tomorrow: Mapped[str | None]
    evening_notes: Mapped[str | None]
    countersigned_at: Mapped[datetime | None]
    countersigned_by_id: Mapped[str | None] = mapped_column(Id)
    countersign_remark: Mapped[str | None]


class DiaryNote(Child, Base):
    """An annotation: what was added after the countersign."""

    __tablename__ = "diary_note"

    written_at: Mapped[datetime]
    person_id: Mapped[str | None] = mapped_column(Id)
    words: Mapped[str]
