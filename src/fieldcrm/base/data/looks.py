"""How a person left each list: columns, widths, own views; kept in the encrypted book, local to this device."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from fieldcrm.base.data.schema import Base
from fieldcrm.base.data.types import Json


class ListLook(Base):
    """The look of one list; `owner` is the device. In the book, as views may name clients."""

    __tablename__ = "list_look"

    owner: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    state: Mapped[Any] = mapped_column(Json)


def save_look(session: Session, owner: str, name: str, state: dict[str, Any]) -> None:
    """Keep how a list looks, in place of what was kept before."""
    kept = session.get(ListLook, (owner, name))
    if kept is None:
        session.add(ListLook(owner=owner, name=name, state=state))
    else:
        kept.state = state


def find_look(session: Session, owner: str, name: str) -> dict[str, Any]:
    """How a list was left; empty when never changed."""
    kept = session.get(ListLook, (owner, name))
    return dict(kept.state) if kept is not None else {}
