"""The base of every table; `Record` is what is journalled, merged and sent in packages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from fieldcrm.base import ids
from fieldcrm.base.data.types import Instant, Json, Words

Id = String(32)
EVERYONE = "0" * 32  # owner of what belongs to nobody in particular: settings of a whole book, issued rules

# Columns that follow from the journal itself; they are neither journalled nor merged as fields.
STAMPS = frozenset({"id", "clock", "created_at", "changed_at"})


KEPT: dict[Any, Any] = {"kept": True}  # info of a column that follows from other records: local, never journalled


class Base(DeclarativeBase):
    """Typed declarative base; a class without `Record` is local to this database and never leaves it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Words,
        int: BigInteger,
        bool: Boolean,
        date: Date,
        datetime: Instant,
        dict[str, Any]: Json,
        list[str]: Json,
    }


class Record:
    """A journalled record. The subclass's `__tablename__` is the record kind ("client", "policy").

    `owner_id` is the person it belongs to: the author unless said otherwise, or `EVERYONE`.
    `deleted_at` marks the recycle bin and travels as a field; `extra` holds answers to fields that
    have no column; `clock` is the stamp of the creating edit and the head of every field that has no
    later one; `created_at` and `changed_at` follow from the journal.
    """

    __tablename__: str

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=ids.new)
    owner_id: Mapped[str | None] = mapped_column(Id, index=True)
    deleted_at: Mapped[datetime | None] = mapped_column(Instant)
    extra: Mapped[dict[str, Any] | None] = mapped_column(Json)
    clock: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class Child(Record):
    """A row of a list inside a record (a phone, a claim, a complaint step); `parent_id` names the record."""

    parent_id: Mapped[str] = mapped_column(Id, index=True)
    position: Mapped[int] = mapped_column(Integer, default=0)


def is_field(column: Column[Any]) -> bool:
    """Whether a record's column is journalled and merged: neither a stamp nor kept from what other records say."""
    return column.key not in STAMPS and "kept" not in column.info


def record_tables() -> dict[str, type[Record]]:
    """Record kind to class, for every record class imported so far."""
    found: dict[str, type[Record]] = {}
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, Record):
            found[mapper.class_.__tablename__] = mapper.class_
    return found
