"""Whether a book is whole: the file, the journal's chains and heads, the records and what is kept of them, the log."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from fieldcrm.base.data import audit, chain, codec
from fieldcrm.base.data.journal_tables import Edit, FieldHead, Operation
from fieldcrm.base.data.schema import record_tables
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress
from fieldcrm.core.clients import kept
from fieldcrm.core.clients.tables import Client

FILE, CHAIN, COMMITMENTS, HEADS, RECORDS, KEPT, AUDIT = (
    "file", "chain", "commitments", "heads", "records", "kept", "audit"
)  # fmt: skip
LABELS = {
    FILE: N_("Database file"),
    CHAIN: N_("Chain of operations"),
    COMMITMENTS: N_("Content of operations"),
    HEADS: N_("Versions of fields"),
    RECORDS: N_("Records against the journal"),
    KEPT: N_("What clients are sorted by"),
    AUDIT: N_("Audit log"),
}
_MOST = 5  # examples told of one kind
_PAGE = 5_000


@dataclass(frozen=True)
class Finding:
    """The outcome of one check: `looked_at` things were checked, `broken` names the first that failed (ids, codes)."""

    name: str
    looked_at: int
    broken: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.broken

    @property
    def label(self) -> str:
        return gettext(LABELS[self.name])


def check_book(session: Session, progress: Progress | None = None) -> list[Finding]:
    """Look at everything on one snapshot; nothing is changed. Raises `Cancelled`."""
    findings = []
    for check in (_file, _chain, _commitments, _heads, _records, _kept, _audit):
        if progress is not None:
            progress.begin(gettext(LABELS[check.__name__.strip("_")]))
        findings.append(check(session))
    return findings


def _file(session: Session) -> Finding:
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT 1"))
        return Finding(FILE, 1)
    told = [str(row[0]) for row in session.execute(text("PRAGMA quick_check(5)"))]
    pages = session.execute(text("PRAGMA page_count")).scalar_one()
    return Finding(FILE, int(pages), () if told == ["ok"] else tuple("quick_check" for _ in told))


def _chain(session: Session) -> Finding:
    """Each operation stands on the one before it of its device, and says what its hash says."""
    broken: list[str] = []
    tips: dict[str, tuple[int, str]] = {}
    count = 0
    query = select(Operation).order_by(Operation.device, Operation.seq)
    for o in session.scalars(query.execution_options(yield_per=_PAGE)):
        count += 1
        seq, previous = tips.get(o.device, (0, chain.GENESIS))
        expected = chain.link(
            o.previous, id=o.id, device=o.device, seq=o.seq, person_id=o.person_id, action=o.action, mode=o.mode,
            undoes=o.undoes, at=o.at, rows=o.rows, digest=o.digest,
        )  # fmt: skip
        if o.seq != seq + 1 or o.previous != previous or o.hash != expected:
            broken.append(o.id)
        tips[o.device] = (o.seq, o.hash)
        session.expunge(o)
    return Finding(CHAIN, count, tuple(broken[:_MOST]))


def _commitments(session: Session) -> Finding:
    """Each edit is what its commitment covers (unless erased), and an operation's digest covers its edits."""
    broken: list[str] = []
    count = 0
    held: dict[str, list[str]] = defaultdict(list)
    for e in _edits(session):
        count += 1
        held[e.operation_id].append(e.commitment)
        if e.after is not None and e.commitment != chain.commitment(
            e.salt or "", e.kind, e.record_id, e.clock, e.after, e.parents
        ):
            broken.append(e.operation_id)
    for id, digest, rows, brought in session.execute(
        select(Operation.id, Operation.digest, Operation.rows, Operation.import_id)
    ):
        here = held.get(id, [])
        is_part = len(here) < rows and brought is not None  # the sender kept back what is not ours to see
        if not is_part and chain.digest(here) != digest:
            broken.append(id)
    return Finding(COMMITMENTS, count, tuple(dict.fromkeys(broken))[:_MOST])


def _edits(session: Session) -> Iterator[Edit]:
    query = select(Edit).order_by(Edit.operation_id, Edit.position)
    for edit in session.scalars(query.execution_options(yield_per=_PAGE)):
        yield edit
        session.expunge(edit)


def _heads(session: Session) -> Finding:
    """Each head that is kept is the stamp of an edit of that record which wrote that field."""
    broken: list[str] = []
    h = FieldHead
    query = (
        select(h.record_id, h.field, Edit.clock, Edit.after)
        .outerjoin(Edit, (Edit.record_id == h.record_id) & (Edit.clock == h.clock))
        .order_by(h.record_id)
    )
    count = 0
    for record_id, field, stamp, after in session.execute(query.execution_options(yield_per=_PAGE)):
        count += 1
        if stamp is None or (after is not None and field not in json.loads(after)):
            broken.append(record_id)
    return Finding(HEADS, count, tuple(dict.fromkeys(broken))[:_MOST])


def _records(session: Session) -> Finding:
    """Each record's newest value of each field is the one the journal last heard of."""
    broken: list[str] = []
    count = 0
    for kind, cls in sorted(record_tables().items()):
        table = cls.__table__  # type: ignore[attr-defined]
        total = session.scalar(select(func.count()).select_from(table)) or 0
        count += total
        if not total:
            continue
        expected = _journalled(session, kind)
        names = list(codec.columns(cls))
        query = select(table.c.id, *(table.c[n] for n in names)).execution_options(yield_per=_PAGE)
        for id, *values in session.execute(query):
            known = expected.get(id)
            if known is None:
                broken.append(id)
                continue
            for name, value in zip(names, values, strict=True):
                if name in known and codec.encode(cls, name, value) != known[name]:
                    broken.append(id)
                    break
    return Finding(RECORDS, count, tuple(broken[:_MOST]))


def _journalled(session: Session, kind: str) -> dict[str, dict[str, object]]:
    """Record id to the winning value of every field, from the edits alone (erased ones leave their fields out)."""
    stamps: dict[str, dict[str, str]] = defaultdict(dict)
    values: dict[str, dict[str, object]] = defaultdict(dict)
    query = select(Edit.record_id, Edit.clock, Edit.after).where(Edit.kind == kind)
    for id, stamp, after in session.execute(query.execution_options(yield_per=_PAGE)):
        known, newest = values[id], stamps[id]
        if after is None:
            known.clear()
            continue
        for name, value in json.loads(after).items():
            if stamp >= newest.get(name, ""):
                newest[name], known[name] = stamp, value
    return values


def _kept(session: Session) -> Finding:
    """What is kept beside each client is what its policies and contacts say."""
    broken: list[str] = []
    count, last = 0, ""
    query = select(Client.id).order_by(Client.id).limit(_PAGE)
    while ids := session.scalars(query.where(Client.id > last)).all():
        count, last = count + len(ids), ids[-1]
        broken += kept.wrong(session, ids)
    return Finding(KEPT, count, tuple(broken[:_MOST]))


def _audit(session: Session) -> Finding:
    found = audit.verify(session)
    broken = () if found.broken_at is None else (str(found.broken_at),)
    return Finding(AUDIT, found.head.count, broken)
