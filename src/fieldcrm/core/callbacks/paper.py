"""The list of past calls, and the register 有效回访统计表 made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base.data.listing import Column, FilterKind, ListSpec, Sort
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.people.tables import Person
from fieldcrm.core.register import Register, blank, read_register

COLUMNS = (
    "serial_number", "client_id", "policy_number", "product_held", "maturity_explained", "conversion_explained",
    "conversion_offer", "intention", "remark",
)  # fmt: skip
"""The official columns."""
_CHUNK = 500


@dataclass(frozen=True)
class CallRow:
    """A past call in the register list."""

    id: str
    client_id: str
    client: str
    called_at: datetime
    serial_number: int | None
    policy_number: str
    product_held: str
    result: str | None
    maturity_explained: bool | None
    conversion_offer: str
    intention: str | None
    objection: str | None
    valid: bool
    next_on: date | None
    next_time: str | None
    remark: str
    manager: str


def call_list() -> ListSpec:
    """The list of past calls, newest first."""
    joined = Callback.__table__.outerjoin(Client.__table__, Client.id == Callback.client_id)
    return ListSpec(
        name="callbacks",
        source=joined.outerjoin(Person.__table__, Person.id == Callback.owner_id),
        id=Callback.id,
        where=(Callback.deleted_at.is_(None),),
        sort=Sort("called_at", descending=True),
        load=load_calls,
        columns=(
            Column("called_at", Callback.called_at, FilterKind.DATE, nullable=False),
            Column("client", Client.name, FilterKind.TEXT, jump=Client.name_key),
            Column("policy_number", Callback.policy_number, FilterKind.TEXT),
            Column("product_held", Callback.product_held, FilterKind.TEXT),
            Column("result", Callback.result, FilterKind.CHOICE),
            Column("maturity_explained", Callback.maturity_explained, FilterKind.NONE),
            Column("conversion_offer", Callback.conversion_offer, FilterKind.TEXT),
            Column("intention", Callback.intention, FilterKind.CHOICE),
            Column("objection", Callback.objection, FilterKind.CHOICE),
            Column("valid", Callback.valid, FilterKind.NONE),
            Column("next_on", Callback.next_on, FilterKind.DATE),
            Column("remark", Callback.remark, FilterKind.TEXT),
            Column("manager", Person.name, FilterKind.TEXT),
        ),
    )


def load_calls(session: Session, ids: Sequence[str]) -> dict[str, CallRow]:
    """Past calls by id."""
    found: dict[str, CallRow] = {}
    for start in range(0, len(ids), _CHUNK):
        query = (
            select(Callback, Client.name, Person.name)
            .outerjoin(Client, Client.id == Callback.client_id)
            .outerjoin(Person, Person.id == Callback.owner_id)
            .where(Callback.id.in_(ids[start : start + _CHUNK]))
        )
        for call, client, manager in session.execute(query):
            found[call.id] = CallRow(
                call.id, call.client_id, client or "—", call.called_at, call.serial_number, call.policy_number or "",
                call.product_held or "", call.result, call.maturity_explained, call.conversion_offer or "",
                call.intention, call.objection, bool(call.valid), call.next_on, call.next_time, call.remark or "",
                manager or "",
            )  # fmt: skip
    return found


def blank_register() -> Register:
    """The register to fill in by hand."""
    return blank("callback", COLUMNS)


def call_register(session: Session, first: date, last: date, *, valid_only: bool = True) -> Register:
    """The calls from the first to the last day, both included; only the valid ones unless asked."""
    where = (Callback.valid.is_(True),) if valid_only else ()
    return read_register(session, Callback, Callback.called_at, COLUMNS, first, last, *where)
