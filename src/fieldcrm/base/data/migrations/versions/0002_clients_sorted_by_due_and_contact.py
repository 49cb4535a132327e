"""Beside each client what comes due next and the last contact, so that lists are sorted by them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from fieldcrm.base import clock
from fieldcrm.base.data import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STEP = 5_000
_KEPT = timedelta(days=30)  # how long a renewal that passed still counts
_NEVER_MATURE = (
    "universal", "whole_life", "property", "fleet", "group_ah", "liability", "marine", "engineering", "credit", "home",
)  # fmt: skip
_LAPSES = sa.text("due_until IS NOT NULL")

_client = sa.table(
    "client", sa.column("id", sa.String()), sa.column("insurance_expires_on", sa.Date()),
    sa.column("due_on", sa.Date()), sa.column("due_until", sa.Date()), sa.column("contacted_at", types.Instant()),
)  # fmt: skip
_policy = sa.table(
    "policy", sa.column("applicant_id", sa.String()), sa.column("line", sa.Text()), sa.column("status", sa.Text()),
    sa.column("matures_on", sa.Date()), sa.column("renews_on", sa.Date()), sa.column("deleted_at", types.Instant()),
)  # fmt: skip
_contact = sa.table(
    "contact", sa.column("client_id", sa.String()), sa.column("started_at", types.Instant()),
    sa.column("deleted_at", types.Instant()),
)  # fmt: skip


def upgrade() -> None:
    op.add_column("client", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("client", sa.Column("due_until", sa.Date(), nullable=True))
    op.add_column("client", sa.Column("contacted_at", types.Instant(), nullable=True))
    _fill(op.get_bind(), clock.today() - _KEPT)
    for column in ("due_on", "contacted_at"):
        columns = [column, "id", "type", "grade", "deleted_at"]
        some = sa.text(f"deleted_at IS NULL AND {column} IS NOT NULL")
        op.create_index(f"ix_client_{column}", "client", columns, sqlite_where=some, postgresql_where=some)
    op.create_index("ix_client_due_until", "client", ["due_until"], sqlite_where=_LAPSES, postgresql_where=_LAPSES)


def _fill(connection: sa.Connection, counted: date) -> None:
    """A few thousand clients at a time, in the order of their ids."""
    columns = _client.c.id, _client.c.insurance_expires_on
    query, last = sa.select(*columns).order_by(_client.c.id).limit(_STEP), ""
    while clients := connection.execute(query.where(_client.c.id > last)).all():
        first, last = clients[0].id, clients[-1].id
        rows = _rows(connection, clients, counted, first, last)
        if rows:
            names = ("due_on", "due_until", "contacted_at")
            statement = _client.update().where(_client.c.id == sa.bindparam("_id"))
            connection.execute(statement.values({n: sa.bindparam(f"_{n}") for n in names}), rows)


def _rows(
    connection: sa.Connection, clients: Sequence[Any], counted: date, first: str, last: str
) -> list[dict[str, Any]]:
    p, c = _policy.c, _contact.c
    line = sa.func.coalesce(p.line, "")
    matures = sa.func.min(sa.case((line.not_in(_NEVER_MATURE), p.matures_on)))
    renews = sa.func.min(sa.case((p.renews_on >= counted, p.renews_on)))
    held = (p.deleted_at.is_(None), sa.or_(p.status.is_(None), p.status == "in_force"))
    by_client = sa.select(p.applicant_id, matures, renews).where(p.applicant_id.between(first, last), *held)
    dues = {id: (a, b) for id, a, b in connection.execute(by_client.group_by(p.applicant_id))}
    latest = sa.select(c.client_id, sa.func.max(c.started_at)).where(c.client_id.between(first, last))
    touched = connection.execute(latest.where(c.deleted_at.is_(None)).group_by(c.client_id))
    contacts = {row[0]: row[1] for row in touched}
    rows = []
    for id, elsewhere in clients:
        due, until = _due(*dues.get(id, (None, None)), elsewhere, counted)
        if due is not None or id in contacts:
            rows.append({"_id": id, "_due_on": due, "_due_until": until, "_contacted_at": contacts.get(id)})
    return rows


def _due(
    matures: date | None, renews: date | None, elsewhere: date | None, counted: date
) -> tuple[date | None, date | None]:
    renewals = [day for day in (renews, elsewhere) if day is not None and day >= counted]
    renews = min(renewals, default=None)
    if renews is None or (matures is not None and matures < renews):
        return matures, None
    return renews, renews + _KEPT


def downgrade() -> None:
    raise NotImplementedError("a backup is the way back")
