"""The audit log: an append-only, hash-chained list of what touched personal data or the locks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import DDL, Connection, Integer, String, event, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from fieldcrm.base import clock
from fieldcrm.base.data.schema import Base, Id
from fieldcrm.base.data.types import Instant, Json
from fieldcrm.base.vault.seal import canonical, framed

if TYPE_CHECKING:
    from fieldcrm.base.vault import Vault

WHAT = frozenset(
    {"reveal", "export", "print", "import", "restore", "erase", "conflict_resolved"}
    | {"failed_unlock", "failed_unlock_lost", "password_changed", "recovery_code_changed", "rekeyed"}
    | {"office_slot_added", "office_slot_removed", "enrol", "revoke", "recover"}
)
_DOMAIN = b"fieldcrm audit 1\0"
_START = "0" * 64
_CODE = re.compile(r"[\w.:+-]{0,64}", re.ASCII)
_LOCK = 0x4643_4155  # one appender at a time on PostgreSQL


class Audit(Base):
    """One entry. `subject_id` is a record id or package id; `codes` holds codes and counts, never personal data."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    what: Mapped[str] = mapped_column(String(32))
    person_id: Mapped[str | None] = mapped_column(Id)
    device: Mapped[str | None] = mapped_column(String(32))
    subject_id: Mapped[str | None] = mapped_column(Id, index=True)
    codes: Mapped[dict[str, Any]] = mapped_column(Json)
    hash: Mapped[str] = mapped_column(String(64))


_REFUSALS = {
    "sqlite": [
        f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    ],
}
for _dialect, _statements in _REFUSALS.items():
    for _statement in _statements:
        _ddl = DDL(_statement)  # type: ignore[no-untyped-call]
        event.listen(Audit.__table__, "after_create", _ddl.execute_if(dialect=_dialect))


def protect(connection: Connection) -> None:
    """Make the log append-only where its table was made by a migration."""
    for statement in _REFUSALS[connection.dialect.name]:
        connection.exec_driver_sql(statement)


@dataclass(frozen=True)
class Head:
    """The end of the log: number of entries and hash of the last. It travels in each package."""

    count: int
    hash: str

    @property
    def pair(self) -> tuple[int, str]:
        return self.count, self.hash


@dataclass(frozen=True)
class Verified:
    """The log read from its start: its head, and the first entry that does not follow (None: sound)."""

    head: Head
    broken_at: int | None


def note(session: Session, what: str, subject_id: str | None = None, **codes: str | int | bool) -> None:
    """Append one entry. `what` is one of WHAT; codes are ids, counts and short ASCII codes (ValueError otherwise)."""
    append(session, what, subject_id, clock.now(), codes)


def append(session: Session, what: str, subject_id: str | None, at: datetime, codes: dict[str, Any]) -> None:
    """As `note`, for something that happened at `at`."""
    if what not in WHAT:
        raise ValueError(what)
    for name, value in codes.items():
        if isinstance(value, str) and not _CODE.fullmatch(value):
            raise ValueError(f"{name} is not a code")
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    before = head(session)
    author = getattr(session.info.get("journal"), "author", None)
    entry = Audit(
        seq=before.count + 1,
        at=at,
        what=what,
        person_id=getattr(author, "person_id", None),
        device=getattr(author, "device", None),
        subject_id=subject_id,
        codes=codes,
    )
    entry.hash = _link(before.hash, entry)
    session.add(entry)
    session.flush()


def head(session: Session) -> Head:
    """The end of the log as this session sees it."""
    last = session.execute(select(Audit.seq, Audit.hash).order_by(Audit.seq.desc()).limit(1)).first()
    return Head(0, _START) if last is None else Head(last.seq, last.hash)


def links(session: Session, numbers: Sequence[int]) -> list[tuple[int, str]]:
    """(number, hash) of entries, for one who knows earlier heads to see that the log goes on from them."""
    found = session.execute(select(Audit.seq, Audit.hash).where(Audit.seq.in_(numbers)).order_by(Audit.seq))
    return [(row.seq, row.hash) for row in found]


def verify(session: Session, known: Head | None = None) -> Verified:
    """Follow the chain from its start. `known` is an earlier head (from a package): a log cut back before it,
    or rewritten, is broken there."""
    previous, count = _START, 0
    for entry in session.scalars(select(Audit).order_by(Audit.seq).execution_options(yield_per=1000)):
        count += 1
        expected = _link(previous, entry)
        if entry.seq != count or entry.hash != expected:
            return Verified(Head(count - 1, previous), count)
        if known is not None and known.count == count and known.hash != expected:
            return Verified(Head(count - 1, previous), count)
        previous = entry.hash
    if known is not None and known.count > count:
        return Verified(Head(count, previous), count + 1)
    return Verified(Head(count, previous), None)


def fold(session: Session, vault: Vault) -> bool:
    """Take into the log what was noted beside it since the last time (failed unlocks, printing by a reader while
    another wrote); whether there was something to take.

    After its transaction was committed call `vault.forget_failures()`; folding twice adds nothing.
    """
    found = vault.failures()
    taken = select(func.count()).where(Audit.subject_id == found.log_id, Audit.what != "failed_unlock_lost")
    for entry in found.entries[session.scalar(taken) or 0 :]:
        what, _, how = entry.how.partition(":")
        if what in WHAT:
            append(session, what, found.log_id, entry.at, {"how": how})
        else:
            append(session, "failed_unlock", found.log_id, entry.at, {"how": entry.how})
    if not found.intact:
        note(session, "failed_unlock_lost", found.log_id or None)
    return bool(found.entries) or not found.intact


def _link(previous: str, entry: Audit) -> str:
    at = entry.at.isoformat(timespec="microseconds")
    content = [entry.seq, at, entry.what, entry.person_id, entry.device, entry.subject_id, entry.codes]
    return hashlib.sha256(_DOMAIN + framed([previous.encode(), canonical(content)])).hexdigest()
