"""The table of goals. Ids of other records carry no foreign key: packages bring rows in any order."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldcrm.base.data.schema import Base, Id, Record


class Goal(Record, Base):
    """An issued figure of a unit or a person for the days `from_on` to `to_on`, both included.

    `rate` (per cent), `base` and `figure` are decimal text; a figure that does not follow from rate and
    base is shown, not believed.
    """

    __tablename__ = "goal"
    __table_args__ = (Index("ix_goal_period", "deleted_at", "from_on", "to_on"),)

    unit_id: Mapped[str | None] = mapped_column(Id)
    person_id: Mapped[str | None] = mapped_column(Id)
    measure: Mapped[str]
    from_on: Mapped[date]
    to_on: Mapped[date]
    rate: Mapped[str | None]
    base: Mapped[str | None]
    figure: Mapped[str | None]
    remark: Mapped[str | None]
