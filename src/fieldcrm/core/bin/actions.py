"""Bringing records back from the recycle bin."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base.data import journal
from fieldcrm.base.data.schema import EVERYONE, Child, record_tables
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.core import titles

NOT_OURS = define(
    "bin.not_ours", N_("“{title}” belongs to somebody else, who deleted it; only that person can bring it back.")
)

# What goes into the bin with a record and comes back with it: (kind, field that names the record)
WENT_ALONG = {
    "client": (("policy", "applicant_id"), ("task", "client_id"), ("visit", "client_id")),
    "contact": (("task", "made_by_id"),),
}


def restore_records(session: Session, keys: Sequence[tuple[str, str]]) -> int:
    """Bring records back, (kind, id) each, with the records and rows of lists that went with them, as one operation.

    `Refused(bin.not_ours)` for a record of another person: an office cannot revive what a manager deleted.
    """
    tables, me = record_tables(), journal.author(session).person_id
    changes: dict[str, dict[str, dict[str, None]]] = {}
    for kind, id in keys:
        table = tables[kind].__table__  # type: ignore[attr-defined]
        row = session.execute(select(table.c.owner_id, table.c.deleted_at).where(table.c.id == id)).one()
        if row.owner_id not in (me, EVERYONE, None):
            raise Refused(NOT_OURS, title=titles.titles(session, {kind: [id]})[id])
        if row.deleted_at is None:
            continue
        changes.setdefault(kind, {})[id] = {"deleted_at": None}
        rows = [(k, "parent_id") for k, t in tables.items() if issubclass(t, Child) and titles.parent_kind(k) == kind]
        for other, field in (*rows, *WENT_ALONG.get(kind, ())):
            c = tables[other].__table__.c  # type: ignore[attr-defined]
            gone = session.scalars(select(c.id).where(c[field] == id, c.deleted_at == row.deleted_at))
            changes.setdefault(other, {}).update({i: {"deleted_at": None} for i in gone})
    for kind, by_id in changes.items():
        journal.bulk_update(session, tables[kind], by_id)
    return sum(len(by_id) for kind, by_id in changes.items() if not issubclass(tables[kind], Child))
