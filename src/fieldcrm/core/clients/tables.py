"""Tables of clients. Ids of other records carry no foreign key: packages bring rows in any order."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from fieldcrm.base.data.schema import KEPT, Base, Child, Id, Record

_LIVE = text("deleted_at IS NULL")
_HAS_ID = text("id_number IS NOT NULL")
_EXPIRES = text("insurance_expires_on IS NOT NULL")
_BORN = text("birth_on IS NOT NULL")
_HAS_CODE = text("credit_code IS NOT NULL")
_LAPSES = text("due_until IS NOT NULL")


def _sorted_by(column: str) -> Index:
    """Of those who have the day; carries type and grade, so that a list in this order and its filters stay in it."""
    name, columns = f"ix_client_{column}", (column, "id", "type", "grade", "deleted_at")
    some = text(f"deleted_at IS NULL AND {column} IS NOT NULL")
    return Index(name, *columns, sqlite_where=some, postgresql_where=some)


class Client(Record, Base):
    """A person or an organisation (`type`); columns of the other type stay empty.

    `name_key` is the sort key of the name (pinyin, lower case), filled by whoever writes `name`. What other records
    say of the client and lists sort by is kept here: `due_on` what comes due next (counted until `due_until`, where
    it lapses), `contacted_at` the last contact.
    """

    __tablename__ = "client"
    __table_args__ = (
        # carries type and grade, so that lists and their counts never leave it
        Index(
            "ix_client_list",
            "name_key",
            "id",
            "type",
            "grade",
            "deleted_at",
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_client_grade", "grade", "id", "deleted_at", sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_client_name", "name"),
        Index("ix_client_birth_on", "birth_on", sqlite_where=_BORN, postgresql_where=_BORN),
        # partial: most clients have only one of the two, and an import pays for every entry
        Index("ix_client_id_number", "id_number", sqlite_where=_HAS_ID, postgresql_where=_HAS_ID),
        Index(
            "ix_client_insurance_expires_on",
            "insurance_expires_on",
            "id",
            sqlite_where=_EXPIRES,
            postgresql_where=_EXPIRES,
        ),
        Index("ix_client_credit_code", "credit_code", sqlite_where=_HAS_CODE, postgresql_where=_HAS_CODE),
        _sorted_by("due_on"),
        _sorted_by("contacted_at"),
        Index("ix_client_due_until", "due_until", sqlite_where=_LAPSES, postgresql_where=_LAPSES),
    )

    type: Mapped[str] = mapped_column(default="person")
    name: Mapped[str]
    name_key: Mapped[str | None]
    grade: Mapped[str | None]
    tags: Mapped[list[str] | None]
    # reaching the client
    wechat: Mapped[str | None]
    email: Mapped[str | None]
    province: Mapped[str | None]
    city: Mapped[str | None]
    district: Mapped[str | None]
    address: Mapped[str | None]
    postcode: Mapped[str | None]
    latitude: Mapped[str | None]
    longitude: Mapped[str | None]
    consent: Mapped[bool | None]
    do_not_call: Mapped[bool | None]
    preferred_time: Mapped[str | None]
    # where the client came from
    source_type: Mapped[str | None]
    source_outlet: Mapped[str | None]
    source_channel: Mapped[str | None]
    referred_by_id: Mapped[str | None] = mapped_column(Id)
    remark: Mapped[str | None]
    # person
    sex: Mapped[str | None]
    birth_on: Mapped[date | None]
    lunar_birthday: Mapped[bool | None]
    id_number: Mapped[str | None]
    occupation: Mapped[str | None]
    income_band: Mapped[str | None]
    family_notes: Mapped[str | None]
    # organisation
    credit_code: Mapped[str | None]
    industry: Mapped[str | None]
    key_industry: Mapped[str | None]
    ranks: Mapped[list[str] | None]
    present_insurers: Mapped[str | None]
    insurance_expires_on: Mapped[date | None]
    loss_experience: Mapped[str | None]
    survey_notes: Mapped[str | None]
    # kept by `kept.py`
    due_on: Mapped[date | None] = mapped_column(info=KEPT, sort_order=1)
    due_until: Mapped[date | None] = mapped_column(info=KEPT, sort_order=1)
    contacted_at: Mapped[datetime | None] = mapped_column(info=KEPT, sort_order=1)


class ClientPhone(Child, Base):
    """A phone of a client; the first by `position` is the one shown."""

    __tablename__ = "client_phone"
    __table_args__ = (Index("ix_client_phone_number", "number"),)

    number: Mapped[str]
    label: Mapped[str | None]


class ClientContact(Child, Base):
    """A contact person of an organisation."""

    __tablename__ = "client_contact"

    name: Mapped[str]
    role: Mapped[str | None]
    phone: Mapped[str | None]
    remark: Mapped[str | None]


class ClientRelation(Record, Base):
    """A relation from `client_id` to `other_id`; `role` says in words what the other is to the client."""

    __tablename__ = "client_relation"
    __table_args__ = (
        Index("ix_client_relation_client_id", "client_id"),
        Index("ix_client_relation_other_id", "other_id"),
    )

    client_id: Mapped[str] = mapped_column(Id)
    other_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str]
    role: Mapped[str | None]
    remark: Mapped[str | None]
