"""Who changed what on a record and when, from the journal: each field's old and new value in the form's words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import forms
from fieldcrm.base.data import codec, hlc
from fieldcrm.base.data.journal_tables import Edit, Operation
from fieldcrm.base.data.schema import record_tables
from fieldcrm.base.forms import Field, Form, Kind
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.text import EMPTY
from fieldcrm.core.clients.tables import Client, ClientContact, ClientPhone
from fieldcrm.core.people.tables import Person
from fieldcrm.core.policies.tables import Policy, PolicyBeneficiary, PolicyClaim

LIMIT = 200

_CHILDREN: dict[str, tuple[Any, ...]] = {
    "client": (ClientPhone, ClientContact),
    "policy": (PolicyBeneficiary, PolicyClaim),
}
_INTERNAL = frozenset({"owner_id", "parent_id", "position", "name_key", "extra"})

CREATED, CHANGED, DELETED, RESTORED = "created", "changed", "deleted", "restored"
_WORDS = {CREATED: N_("Created"), CHANGED: N_("Changed"), DELETED: N_("Deleted"), RESTORED: N_("Restored")}


@dataclass(frozen=True)
class FieldChange:
    """One field: its label, and the value before and after as the form shows it (masked)."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class HistoryRow:
    """One edit of the record or of a row of one of its lists; `part` names the list (电话), empty for itself."""

    at: datetime
    person: str
    what: str
    part: str
    changes: tuple[FieldChange, ...]

    @property
    def what_words(self) -> str:
        return gettext(_WORDS[self.what])


def history(session: Session, kind: str, record_id: str, limit: int = LIMIT) -> tuple[HistoryRow, ...]:
    """The edits of a record and its lists, newest first."""
    ids = [record_id]
    for child in _CHILDREN.get(kind, ()):
        ids += session.scalars(select(child.id).where(child.parent_id == record_id))
    query = (
        select(Edit, Operation.person_id)
        .outerjoin(Operation, Operation.id == Edit.operation_id)
        .where(Edit.record_id.in_(ids), Edit.after.is_not(None))
        .order_by(Edit.clock.desc())
        .limit(limit)
    )
    found = session.execute(query).all()
    people = _people(session, {person_id for _edit, person_id in found if person_id})
    names = _names(session, [edit for edit, _person in found])
    rows = [_row(edit, people.get(person_id or "", EMPTY), record_id, names) for edit, person_id in found]
    return tuple(row for row in rows if row.changes or row.what != CHANGED)


def _row(edit: Edit, person: str, record_id: str, names: dict[str, str]) -> HistoryRow:
    after: dict[str, Any] = json.loads(edit.after or "{}")
    before: dict[str, Any] = json.loads(edit.before or "{}")
    form = _form(edit.kind)
    what = CREATED if edit.parents is None else CHANGED
    if "deleted_at" in after:
        what = DELETED if after["deleted_at"] else RESTORED
    changes: list[FieldChange] = []
    for name in _ordered(form, after):
        old, new = (_show(edit.kind, form, name, values.get(name), names) for values in (before, after))
        if old != new or what == CHANGED:
            changes.append(FieldChange(_label(form, name), old or EMPTY, new or EMPTY))
    part = "" if edit.record_id == record_id or form is None else form.label
    return HistoryRow(hlc.instant_of(edit.clock), person, what, part, tuple(changes))


def _ordered(form: Form | None, after: dict[str, Any]) -> list[str]:
    names = [f.name for f in form.fields if f.name in after] if form is not None else []
    return names + [n for n in sorted(after) if n not in names and n not in _INTERNAL and n != "deleted_at"]


def _form(kind: str) -> Form | None:
    for owner, children in _CHILDREN.items():
        for field in forms.get(owner).fields:
            if field.form is not None and field.form.kind == kind and any(c.__tablename__ == kind for c in children):
                return field.form
    known = forms.all_forms()
    return known.get(kind)


def _field(form: Form | None, name: str) -> Field | None:
    return form[name] if form is not None and name in form else None


def _label(form: Form | None, name: str) -> str:
    field = _field(form, name)
    return name if field is None else field.label


def _show(kind: str, form: Form | None, name: str, value: Any, names: dict[str, str]) -> str:
    field = _field(form, name)
    if value is None:
        return ""
    if field is None:
        return str(value)
    if field.kind is Kind.RECORD:
        return names.get(value, EMPTY)
    return forms.show(field, codec.decode(record_tables()[kind], name, value))


def _people(session: Session, ids: set[str]) -> dict[str, str]:
    return {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}


def _names(session: Session, edits: Sequence[Edit]) -> dict[str, str]:
    """The names of clients and the numbers of policies that reference fields name."""
    ids: set[str] = set()
    for edit in edits:
        for packed in (edit.after, edit.before):
            values: dict[str, Any] = json.loads(packed or "{}")
            ids.update(v for n, v in values.items() if n.endswith("_id") and isinstance(v, str))
    found = {row.id: row.name for row in session.execute(select(Client.id, Client.name).where(Client.id.in_(ids)))}
    found.update((id, n) for id, n in session.execute(select(Policy.id, Policy.number).where(Policy.id.in_(ids))))
    return found
