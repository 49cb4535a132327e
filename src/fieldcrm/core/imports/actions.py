"""Writing an import: one operation for the whole list, undone as one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base.data import audit
from fieldcrm.base.data.journal import bulk_insert, bulk_update
from fieldcrm.base.data.schema import record_tables
from fieldcrm.base.errors import ChangedElsewhere
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress
from fieldcrm.core import tables
from fieldcrm.core.imports.plan import ImportPlan
from fieldcrm.core.imports.problems import STALE

WRITING = N_("Writing the records")
_BATCH = 2_000
_KEYS = 500
_WHO = ("name", "id_number", "credit_code")


def apply_plan(session: Session, plan: ImportPlan, progress: Progress | None = None) -> dict[str, int]:
    """Write a plan; gives the number of records written per kind.

    Raises `ChangedElsewhere` when the book has taken one of the new policies or clients since, when a value that
    would be changed is another one now, or a record that the plan builds on was deleted; `Cancelled`. Then nothing
    is written, and the plan has to be worked out anew.
    """
    assert tables  # noqa: S101  (fills the registry)
    classes = record_tables()
    _still_new(session, plan)
    _still_there(session, plan)
    _still_so(session, plan)
    jobs = [(kind, rows) for kind in sorted(plan.inserts, key=_parents_first) if (rows := plan.inserts[kind])]
    if progress is not None:
        session.info["progress"] = progress  # what follows before the commit reports and can be cancelled as well
        progress.begin(gettext(WRITING), sum(len(r) for _, r in jobs) + sum(map(len, plan.updates.values())))
    done, written = 0, {}
    for kind, rows in jobs:
        written[kind] = len(rows)
        for at in range(0, len(rows), _BATCH):
            bulk_insert(session, classes[kind], rows[at : at + _BATCH])
            done += len(rows[at : at + _BATCH])
            if progress is not None:
                progress.step(done)
    for kind, changes in plan.updates.items():
        items = list(changes.items())
        for at in range(0, len(items), _BATCH):
            touched = bulk_update(session, classes[kind], dict(items[at : at + _BATCH]))
            written[kind] = written.get(kind, 0) + len(touched)
            done += len(items[at : at + _BATCH])
            if progress is not None:
                progress.step(done)
    audit.note(session, "import", rows=plan.read, failed=plan.count("failed"))
    return written


def _parents_first(kind: str) -> tuple[bool, str]:
    return "_" in kind, kind


def _still_new(session: Session, plan: ImportPlan) -> None:
    policy = record_tables()["policy"].__table__  # type: ignore[attr-defined]
    numbers = [row["number"] for row in plan.inserts.get("policy", ())]
    for at in range(0, len(numbers), _KEYS):
        there = policy.c.number.in_(numbers[at : at + _KEYS]) & policy.c.deleted_at.is_(None)
        if session.execute(select(func.count()).select_from(policy).where(there)).scalar_one():
            raise ChangedElsewhere(STALE)
    client = record_tables()["client"].__table__  # type: ignore[attr-defined]
    keys = [client.c[key] for key in _WHO]
    made_since = select(*keys).where(client.c.id > plan.newest_client, client.c.deleted_at.is_(None))
    since = {(key.name, value) for row in session.execute(made_since) for key, value in zip(keys, row, strict=True)}
    new = plan.inserts.get("client", ()) if since else ()
    if any((key, row.get(key)) in since for row in new for key in _WHO if row.get(key)):
        raise ChangedElsewhere(STALE)


def _still_there(session: Session, plan: ImportPlan) -> None:
    """The clients of new policies and the records that rows are added to are in the book, and not in its bin."""
    classes = record_tables()
    wanted: dict[str, set[str]] = {"client": set()}
    for row in plan.inserts.get("policy", ()):
        wanted["client"].add(row["applicant_id"])
    for change in plan.written():
        if change.made is not None:
            wanted.setdefault(change.kind, set()).add(change.record_id)
        elif change.field == "applicant_id":
            wanted["client"].add(change.new)
    wanted["client"] -= {row["id"] for row in plan.inserts.get("client", ())} | {None}
    for kind, ids in wanted.items():
        table = classes[kind].__table__  # type: ignore[attr-defined]
        chosen = list(ids)
        for at in range(0, len(chosen), _KEYS):
            alive = table.c.id.in_(chosen[at : at + _KEYS]) & table.c.deleted_at.is_(None)
            if session.scalar(select(func.count()).select_from(table).where(alive)) != len(chosen[at : at + _KEYS]):
                raise ChangedElsewhere(STALE)


def _still_so(session: Session, plan: ImportPlan) -> None:
    """What the list changes still stands in the book as the preview showed it."""
    shown: dict[tuple[str, tuple[str, ...]], dict[str, tuple[Any, ...]]] = {}
    by_record: dict[tuple[str, str], dict[str, Any]] = {}
    for change in plan.written():
        if change.made is None:
            by_record.setdefault((change.kind, change.record_id), {})[change.field] = change.old
    for (kind, id), values in by_record.items():
        shown.setdefault((kind, tuple(values)), {})[id] = tuple(values.values())
    for (kind, names), records in shown.items():
        table = record_tables()[kind].__table__  # type: ignore[attr-defined]
        columns = [table.c.id, table.c.deleted_at, *(table.c[name] for name in names)]
        ids, found = list(records), 0
        for at in range(0, len(ids), _KEYS):
            for id, deleted_at, *now in session.execute(select(*columns).where(table.c.id.in_(ids[at : at + _KEYS]))):
                found += 1
                if deleted_at is not None or tuple(now) != records[id]:
                    raise ChangedElsewhere(STALE)
        if found != len(ids):
            raise ChangedElsewhere(STALE)
