"""What a person typed stays when a list says otherwise: told by the journal, for the fields where they differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base.data.schema import Child
from fieldcrm.base.data.standing import Made, Past, pasts

LISTS = "apply_plan"  # the action of an import, as journalled
_CHUNK = 500


def typed(
    session: Session, fields: Mapping[str, Mapping[str, Any]], mixed: Collection[str] = ()
) -> set[tuple[str, str]]:
    """Of these fields (record id → name → value in the book) the ones that a person typed, or emptied; no list did.

    A field that was left empty when the record was made is nobody's: a list may fill it. A remark of the records in
    `mixed` holds lines of a list beside a person's words: there any edit of a person counts.
    """
    found = pasts(session, fields)

    def is_typed(past: Past, name: str, value: Any) -> bool:
        made = past.author(name)
        return made is not None and made.action != LISTS and bool(made.parents or value is not None)

    def was_typed(past: Past, name: str) -> bool:
        hands = (made for made in past.edits.values() if made.action != LISTS)
        return any(not made.parents or any(name in names for names in made.parents.values()) for made in hands)

    return {
        (id, name)
        for id, values in fields.items()
        if (past := found.get(id)) is not None
        for name, value in values.items()
        if is_typed(past, name, value) or (id in mixed and was_typed(past, name))
    }


def taken_away(
    session: Session, cls: type[Child], name: str, wanted: Mapping[str, Collection[str]]
) -> set[tuple[str, str]]:
    """Of these rows of a list inside a record (parent id → values of `name`) the ones that a person took out."""
    table = cls.__table__  # type: ignore[attr-defined]
    rows: list[tuple[str, str, str, bool]] = []
    parents = list(wanted)
    for at in range(0, len(parents), _CHUNK):
        chosen = select(table.c.id, table.c.parent_id, table.c[name], table.c.deleted_at.is_not(None))
        rows += [tuple(row) for row in session.execute(chosen.where(table.c.parent_id.in_(parents[at : at + _CHUNK])))]
    found = pasts(session, [row[0] for row in rows])
    away: set[tuple[str, str]] = set()
    for id, parent, value, deleted in rows:
        past = found.get(id, Past())
        if deleted and _by_hand(past.author("deleted_at")):
            away.add((parent, value))
        if _by_hand(past.author(name)):
            away |= {(parent, before) for before in past.values_before(name) if before is not None}
    return {(parent, value) for parent, value in away if value in wanted[parent]}


def _by_hand(made: Made | None) -> bool:
    return made is not None and made.action != LISTS and bool(made.parents)
