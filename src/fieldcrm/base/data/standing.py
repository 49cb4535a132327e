"""Which edit stands behind a field: an undo stands for what it brought back, a redo for what it did again."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base.data.journal_tables import Edit, FieldHead, Operation

_CHUNK = 500


class Made(NamedTuple):
    """One edit of a record: by which operation, the heads that its author saw (none when it created the record), and
    the values before it as JSON (None as well for edits that came in a package)."""

    operation_id: str
    action: str
    mode: str
    undoes: str | None
    parents: dict[str, list[str]]
    before: str | None


@dataclass
class Past:
    """The edits of one record by stamp, and the newest head of each field that has one beside the creating edit."""

    edits: dict[str, Made] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)

    def behind(self, name: str, stamp: str) -> str:
        """The stamp of the edit that stands behind a head of a field."""
        seen: dict[str, list[str]] = defaultdict(list)  # operation to the heads of the field that it named
        for made in self.edits.values():
            seen[made.operation_id] += [s for s, names in made.parents.items() if name in names]
        while stamp in self.edits and self.edits[stamp].mode != "do" and seen[self.edits[stamp].undoes or ""]:
            stamp = max(seen[self.edits[stamp].undoes or ""])
        return stamp

    def author(self, name: str) -> Made | None:
        """The edit that a field's value comes from; None when the journal does not know it."""
        head = self.heads.get(name) or next((s for s, made in self.edits.items() if not made.parents), "")
        return self.edits.get(self.behind(name, head))

    def values_before(self, name: str) -> set[Any]:
        """What a field held before any of the edits that changed it."""
        found = (json.loads(made.before) for made in self.edits.values() if made.before is not None)
        return {values[name] for values in found if name in values}


def pasts(session: Session, record_ids: Iterable[str]) -> dict[str, Past]:
    """The past of each record, read in bulk."""
    found: dict[str, Past] = {}
    wanted = list(record_ids)
    for at in range(0, len(wanted), _CHUNK):
        chunk = wanted[at : at + _CHUNK]
        for record_id, stamp, parents, before, operation_id, action, mode, undoes in session.execute(
            select(
                Edit.record_id, Edit.clock, Edit.parents, Edit.before,
                Operation.id, Operation.action, Operation.mode, Operation.undoes,
            )
            .join(Operation, Operation.id == Edit.operation_id)
            .where(Edit.record_id.in_(chunk))
        ):  # fmt: skip
            past = found.setdefault(record_id, Past())
            past.edits[stamp] = Made(operation_id, action, mode, undoes, json.loads(parents or "{}"), before)
        for record_id, name, stamp in session.execute(
            select(FieldHead.record_id, FieldHead.field, FieldHead.clock).where(FieldHead.record_id.in_(chunk))
        ):
            heads = found.setdefault(record_id, Past()).heads
            heads[name] = max(stamp, heads.get(name, ""))
    return found
