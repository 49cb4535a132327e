"""The journal's own tables; local to a database, carried in packages by the sync room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fieldcrm.base.data.schema import Base, Id
from fieldcrm.base.data.types import Instant, Json, Words

Hash = String(64)
StampText = String(36)
DeviceId = String(16)


class Identity(Base):
    """Who writes on a device: one row for each device that uses this database (one on SQLite)."""

    __tablename__ = "identity"

    device: Mapped[str] = mapped_column(DeviceId, primary_key=True)
    person_id: Mapped[str] = mapped_column(Id)
    unit_id: Mapped[str] = mapped_column(Id)
    role: Mapped[str] = mapped_column(String(16))  # manager | office
    person_name: Mapped[str] = mapped_column(Words, default="")
    unit_name: Mapped[str] = mapped_column(Words, default="")
    last_clock: Mapped[str | None] = mapped_column(StampText)


class Operation(Base):
    """One action of a person: a link in its device's hash chain.

    `mode` is do, undo or redo; `undoes` names the operation compensated; `undone_by` and `import_id`
    (the package import that brought it, None when made here) are local and not hashed.
    """

    __tablename__ = "operation"
    __table_args__ = (UniqueConstraint("device", "seq"), Index("ix_operation_at", "at"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    device: Mapped[str] = mapped_column(DeviceId)
    seq: Mapped[int] = mapped_column(Integer)
    person_id: Mapped[str] = mapped_column(Id)
    action: Mapped[str] = mapped_column(Words)
    mode: Mapped[str] = mapped_column(String(4))
    undoes: Mapped[str | None] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(Instant)
    rows: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(Hash)  # of the commitments of all its edits
    previous: Mapped[str] = mapped_column(Hash)
    hash: Mapped[str] = mapped_column(Hash)
    undone_by: Mapped[str | None] = mapped_column(Id)
    import_id: Mapped[str | None] = mapped_column(Id, index=True)


class Edit(Base):
    """What one operation did to one record: packed field values after and before, one clock for all.

    `after`, `before` ({field: value}) and `parents` ({head the author saw: [fields]}) are canonical JSON
    text, hashed and sent as it stands; `before` and `parents` are None for a created record, `before`
    stays here. `after` and `salt` are None once erased; `commitment` covers what travels.
    """

    __tablename__ = "edit"

    operation_id: Mapped[str] = mapped_column(Id, primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[str] = mapped_column(Id, index=True)
    clock: Mapped[str] = mapped_column(StampText)
    after: Mapped[str | None] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)
    parents: Mapped[str | None] = mapped_column(Text)
    salt: Mapped[str | None] = mapped_column(String(32))
    commitment: Mapped[str] = mapped_column(Hash)


class FieldHead(Base):
    """A head of a field, kept only where it differs from the record's creating edit.

    Several rows for one field are concurrent edits; `value` is kept for those that did not win.
    """

    __tablename__ = "field_head"

    record_id: Mapped[str] = mapped_column(Id, primary_key=True)
    field: Mapped[str] = mapped_column(String(64), primary_key=True)
    clock: Mapped[str] = mapped_column(StampText, primary_key=True)
    value: Mapped[Any] = mapped_column(Json, nullable=True)


class Import(Base):
    """One batch of packages brought in: what an undo of it withdraws. `withdrawn_at` once that was done.

    `after_seq` numbers the last operation of `device` before it: its place in the order of undo.
    """

    __tablename__ = "import"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    device: Mapped[str] = mapped_column(DeviceId)
    after_seq: Mapped[int] = mapped_column(Integer)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)


class Conflict(Base):
    """A field with several heads of different values; open until one edit names them all as parents."""

    __tablename__ = "conflict"

    record_id: Mapped[str] = mapped_column(Id, primary_key=True)
    field: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[datetime] = mapped_column(Instant)
