"""Who may change what by a package: scope by owner, fields that only the office writes (packages.md, Authority)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base.data.among import among
from fieldcrm.base.data.schema import EVERYONE, record_tables
from fieldcrm.base.data.wire import SentChain, SentEdit
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.core.sync.tables import Peer

STAYS = frozenset({"setting"})
"""Kinds that never leave their book."""

ISSUED = frozenset({"unit", "product"})
"""Kinds that the office writes and everybody below receives."""

OFFICE_FIELDS: dict[str, frozenset[str]] = {
    "diary": frozenset({"countersigned_at", "countersigned_by_id", "countersign_remark"}),
    "target_list": frozenset({"status", "issued_at"}),
    "target": frozenset({"review", "review_reason"}),
}
"""Fields of managers' records that only the office writes."""

FOREIGN_RECORD = define(
    "package.foreign_record", N_("The package changes a record of somebody else ({kind}); it is refused as a whole.")
)
OFFICE_ONLY = define(
    "package.office_only",
    N_("The package changes “{field}” ({kind}), which only the office may; it is refused as a whole."),
)
FOREIGN_HISTORY = define(
    "package.foreign_history", N_("The package carries the history of another device; it is refused as a whole.")
)

_CHUNK = 2_000


def check(session: Session, sender: Peer, own_person: str, own_device: str, chains: Sequence[SentChain]) -> None:
    """`Refused` unless the sender may do everything that its chains do."""
    edits = [e for c in chains for o in c.operations for e in o.edits]
    if sender.relation == "below":
        for sent in chains:
            if sent.device != sender.device or any(o.person_id != sender.person_id for o in sent.operations):
                raise Refused(FOREIGN_HISTORY)
        _check_owner(session, edits, {sender.person_id})
        _check_fields(edits)
    else:
        for sent in chains:
            if sent.device == own_device and any(o.person_id != own_person for o in sent.operations):
                raise Refused(FOREIGN_HISTORY)
        _check_owner(session, [e for e in edits if e.kind not in ISSUED], {own_person, EVERYONE, sender.person_id})


def _check_owner(session: Session, edits: Sequence[SentEdit], owners: set[str]) -> None:
    """Every record touched belongs to one of `owners`, before and after."""
    for e in edits:
        owner = _owner(e)
        if e.kind in STAYS or e.kind in ISSUED or (owner is not None and owner not in owners):
            raise Refused(FOREIGN_RECORD, kind=e.kind)
    for kind, record_owner in _owners(session, edits):
        if record_owner not in owners:
            raise Refused(FOREIGN_RECORD, kind=kind)


def _owner(edit: SentEdit) -> Any:
    """The owner an edit sets; None when it sets none. A created record must name one."""
    if edit.parents is not None and '"owner_id"' not in edit.after:
        return None
    return edit.values.get("owner_id", "" if edit.parents is None else None)


def _owners(session: Session, edits: Sequence[SentEdit]) -> Iterable[tuple[str, str]]:
    tables = record_tables()
    by_kind: dict[str, dict[str, None]] = {}
    for e in edits:
        if e.kind in tables:
            by_kind.setdefault(e.kind, {})[e.record_id] = None
    for kind, ids in by_kind.items():
        table = tables[kind].__table__  # type: ignore[attr-defined]
        wanted = list(ids)
        for at in range(0, len(wanted), _CHUNK):
            query = select(table.c.owner_id).where(among(table.c.id, wanted[at : at + _CHUNK])).distinct()
            for (owner,) in session.execute(query):
                yield kind, owner


def _check_fields(edits: Sequence[SentEdit]) -> None:
    for e in edits:
        reserved = OFFICE_FIELDS.get(e.kind)
        if reserved:
            for name, value in e.values.items():
                if name in reserved and not (e.parents is None and value == "proposed"):
                    raise Refused(OFFICE_ONLY, field=name, kind=e.kind)
