"""Tables of channels. Ids of other records carry no foreign key: packages bring rows in any order."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from fieldcrm.base.data.schema import Base, Child, Id, Record


class Channel(Record, Base):
    """An intermediary; `score`, `score_class`, `colour` and `stars` repeat its latest score card."""

    __tablename__ = "channel"
    __table_args__ = (Index("ix_channel_list", "deleted_at", "name_key", "id"),)

    name: Mapped[str]
    name_key: Mapped[str | None]
    type: Mapped[str]
    dealer_kind: Mapped[str | None]
    unit_id: Mapped[str | None] = mapped_column(Id)
    contact_name: Mapped[str | None]
    phone: Mapped[str | None]
    province: Mapped[str | None]
    city: Mapped[str | None]
    district: Mapped[str | None]
    address: Mapped[str | None]
    agreement_number: Mapped[str | None]
    agreement_signed_on: Mapped[date | None]
    agreement_ends_on: Mapped[date | None]
    signatories: Mapped[str | None]
    licence_number: Mapped[str | None]
    licence_expires_on: Mapped[date | None]
    exclusive_team: Mapped[bool | None]
    asset_potential: Mapped[str | None]
    staff_potential: Mapped[str | None]
    life_table_model: Mapped[str | None]
    loss_ratio: Mapped[str | None]
    survey: Mapped[str | None]
    score: Mapped[str | None]
    score_class: Mapped[str | None]
    colour: Mapped[str | None]
    stars: Mapped[int | None]
    remark: Mapped[str | None]


class ChannelPremium(Child, Base):
    """Premium of a channel by line and month; `month_on` is the first day of the month."""

    __tablename__ = "channel_premium"

    month_on: Mapped[date]
    line: Mapped[str | None]
    premium_fen: Mapped[int]


class ChannelScore(Record, Base):
    """A filled score card; `quarter` is "2026Q4", `score` decimal text of 0 to 100."""

    __tablename__ = "channel_score"
    __table_args__ = (Index("ix_channel_score_channel_id", "channel_id", "scored_on"),)

    channel_id: Mapped[str] = mapped_column(Id)
    quarter: Mapped[str | None]
    scored_on: Mapped[date]
    cooperating: Mapped[bool | None]
    score: Mapped[str | None]
    score_class: Mapped[str | None]
    colour: Mapped[str | None]
    stars: Mapped[int | None]
    remark: Mapped[str | None]


class ChannelScoreItem(Child, Base):
    """An item of a score card; `weight` in per cent and `score` as decimal text."""

    __tablename__ = "channel_score_item"

    dimension: Mapped[str | None]
    item: Mapped[str]
    weight: Mapped[str]
    score: Mapped[str | None]
    standard: Mapped[str | None]
    remark: Mapped[str | None]
