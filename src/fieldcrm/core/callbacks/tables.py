"""The table of callbacks. Ids of other records carry no foreign key: packages bring rows in any order."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldcrm.base.data.schema import Base, Id, Record


class Callback(Record, Base):
    """One call of the form 有效回访统计表.

    `result` says whether the client was reached; `valid` is set by the rule in `callbacks.rules`, never
    typed; `next_on`, `next_time` and `next_way` are the next try, `next_step_id` the task made from it.
    """

    __tablename__ = "callback"
    __table_args__ = (
        Index("ix_callback_called_at", "deleted_at", "called_at", "id"),
        Index("ix_callback_client_id", "client_id", "called_at"),
        Index("ix_callback_policy_id", "policy_id", "called_at"),
    )

    client_id: Mapped[str] = mapped_column(Id)
    policy_id: Mapped[str | None] = mapped_column(Id)
    policy_number: Mapped[str | None]
    product_held: Mapped[str | None]
    called_at: Mapped[datetime]
    attempt_number: Mapped[int | None]
    result: Mapped[str | None]
    maturity_explained: Mapped[bool | None]
    conversion_explained: Mapped[bool | None]
    conversion_offer: Mapped[str | None]
    intention: Mapped[str | None]
    objection: Mapped[str | None]
    next_on: Mapped[date | None]
    next_time: Mapped[str | None]
    next_way: Mapped[str | None]
    remark: Mapped[str | None]
    valid: Mapped[bool | None]
    filled_on: Mapped[date | None]
    serial_number: Mapped[int | None]
    contact_id: Mapped[str | None] = mapped_column(Id)
    next_step_id: Mapped[str | None] = mapped_column(Id)
