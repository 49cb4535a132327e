"""Tables of the exchange with other books; local to this database, they never travel."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from fieldcrm.base.data.journal_tables import DeviceId, Hash
from fieldcrm.base.data.schema import Base, Id
from fieldcrm.base.data.types import Instant, Json, Words


class Peer(Base):
    """A device we exchange packages with. `relation` is above (our office) or below (a manager of ours).

    Keys are hex. `acked` says what it told us it holds: {device: [number, hash]}; `audit_head` is the end of its
    audit log as its newest package told it: [number, hash].
    """

    __tablename__ = "peer"

    device: Mapped[str] = mapped_column(DeviceId, primary_key=True)
    relation: Mapped[str] = mapped_column(String(8))
    person_id: Mapped[str] = mapped_column(Id)
    person_name: Mapped[str] = mapped_column(Words)
    unit_id: Mapped[str] = mapped_column(Id)
    unit_name: Mapped[str] = mapped_column(Words)
    signing: Mapped[str] = mapped_column(String(64))
    sealing: Mapped[str] = mapped_column(String(64))
    enrolled_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    acked: Mapped[dict[str, Any] | None] = mapped_column(Json)
    audit_head: Mapped[list[Any] | None] = mapped_column(Json)


class Enrolment(Base):
    """A request of ours that waits for its grant."""

    __tablename__ = "enrolment"

    nonce: Mapped[str] = mapped_column(String(32), primary_key=True)
    requested_at: Mapped[datetime] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)


class Package(Base):
    """The register of packages sent and received.

    `direction` is out or in; `state` sent, merged, repeated (nothing new), held (its base is unknown) or
    refused (`reason` is an error code, `details` its values; a merged one has a reason where the audit log of
    its sender was cut back). `details` also keeps how many records of each kind it carries (`counts`), of a merged
    one how many records it moved to the bin (`deleted`), of a sent one where our audit log ended. `held` keeps the
    signed bytes of a held one, and of a merged one from above what can be given back to it.
    """

    __tablename__ = "package"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    direction: Mapped[str] = mapped_column(String(3))
    number: Mapped[int]
    device: Mapped[str] = mapped_column(DeviceId, index=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(8))
    operations: Mapped[int] = mapped_column(default=0)
    rows: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    conflicts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(String(64))
    details: Mapped[dict[str, Any] | None] = mapped_column(Json)
    tip_seq: Mapped[int | None]
    tip_hash: Mapped[str | None] = mapped_column(Hash)
    import_id: Mapped[str | None] = mapped_column(Id)
    held: Mapped[bytes | None] = mapped_column(LargeBinary)
