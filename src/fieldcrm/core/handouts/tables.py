"""Tables of handouts. Ids of other records carry no foreign key: packages bring rows in any order."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldcrm.base.data.schema import Base, Id, Record


class HandoutTemplate(Record, Base):
    """A handout template issued by head office; `body` is its parts in order."""

    __tablename__ = "handout_template"

    name: Mapped[str]
    version: Mapped[str]
    body: Mapped[dict[str, Any] | None]


class Handout(Record, Base):
    """The register: who received which version for whom, when."""

    __tablename__ = "handout"
    __table_args__ = (Index("ix_handout_client_id", "client_id", "given_on"),)

    template_id: Mapped[str] = mapped_column(Id)
    template_version: Mapped[str]
    client_id: Mapped[str] = mapped_column(Id)
    given_on: Mapped[date]
    received_by: Mapped[str | None]
    way: Mapped[str | None]
    remark: Mapped[str | None]
