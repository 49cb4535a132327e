"""Tables of people and units. Ids of other records carry no foreign key: packages bring rows in any order."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldcrm.base.data.schema import Base, Id, Record


class Unit(Record, Base):
    """An organisation unit; `level` is head, region, institution or team."""

    __tablename__ = "unit"
    __table_args__ = (Index("ix_unit_parent_unit_id", "parent_unit_id"),)

    name: Mapped[str]
    level: Mapped[str]
    parent_unit_id: Mapped[str | None] = mapped_column(Id)
    code: Mapped[str | None]
    grade: Mapped[str | None]
    broking_companies: Mapped[int | None]
    broking_premium_fen: Mapped[int | None]
    remark: Mapped[str | None]


class Person(Record, Base):
    """An account manager or a person at an office; keys of devices are kept by sync."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_unit_id", "unit_id"),)

    name: Mapped[str]
    name_key: Mapped[str | None]
    unit_id: Mapped[str | None] = mapped_column(Id)
    role: Mapped[str]
    title: Mapped[str | None]
    staff_number: Mapped[str | None]
    phone: Mapped[str | None]
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    remark: Mapped[str | None]
