"""The settings that lie in the book: a journalled record each, read into `Values`, changed like any record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from fieldcrm.base.data.schema import Base, Id, Record
from fieldcrm.base.data.types import Json
from fieldcrm.base.settings import Place, Values, named


class Setting(Record, Base):
    """A setting that is not at its default, of one person (`person_id`) or, without one, of the whole book."""

    __tablename__ = "setting"

    person_id: Mapped[str | None] = mapped_column(Id)
    key: Mapped[str] = mapped_column(index=True)
    value: Mapped[Any] = mapped_column(Json)


def read_settings(session: Session, person_id: str | None = None) -> Values:
    """The settings of the book as a person has them: the person's own before those of the whole book."""
    found = select(Setting.person_id, Setting.key, Setting.value).where(Setting.deleted_at.is_(None))
    rows = session.execute(found.order_by(Setting.created_at, Setting.id)).all()
    common = {row.key: row.value for row in rows if row.person_id is None}
    own = {row.key: row.value for row in rows if person_id is not None and row.person_id == person_id}
    return Values(common | own)


def change_setting(session: Session, key: str, value: Any, person_id: str | None = None) -> None:
    """Set a setting of the book for a person, or for the whole book; raises `InvalidField`."""
    setting = named(key)
    if setting.place is not Place.BOOK:
        raise ValueError(f"{key} is a setting of the device")
    checked = setting.check(value)
    wanted = select(Setting).where(Setting.key == key, Setting.person_id == person_id, Setting.deleted_at.is_(None))
    known = session.scalars(wanted.order_by(Setting.created_at.desc(), Setting.id.desc()).limit(1)).one_or_none()
    if known is None:
        session.add(Setting(person_id=person_id, key=key, value=checked))
    else:
        known.value = checked
