"""What records of every kind are called: kind, record, field and value in the words a person uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms
from fieldcrm.base.data import codec
from fieldcrm.base.data.journal_tables import Identity
from fieldcrm.base.data.schema import Child, record_tables
from fieldcrm.base.forms import Field, Form, Kind
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.text import EMPTY, day_text, instant_text
from fieldcrm.core.people.tables import Person
from fieldcrm.core.sync.tables import Peer

_CHUNK = 500
_LONGEST = 40

_KINDS = {
    "setting": N_("Setting"),
    "goal": N_("Goal"),
    "target_list": N_("Target list"),
    "target": N_("Target"),
    "target_feedback": N_("Target feedback"),
    "handout": N_("Handout"),
    "handout_template": N_("Handout template"),
    "channel_premium": N_("Channel premium"),
    "diary_note": N_("Diary note"),
}
_FIELDS = {"deleted_at": N_("Deleted"), "owner_id": N_("Belongs to"), "position": N_("Order"), "extra": N_("Others")}

# The column that names a record, and the day that tells it from its like; the first that a table has.
_WORDS = ("name", "product_name", "what", "client_name", "purpose", "summary", "point", "key", "measure", "reason")
_NUMBERS = ("number", "policy_number")
_DAYS = ("day", "planned_on", "called_at", "started_at", "received_at", "happened_at", "from_on", "due_on")
_OTHERS = {"client_id": "client", "channel_id": "channel", "parent_id": ""}


def kind_label(kind: str) -> str:
    """The record kind in words."""
    form = form_of(kind)
    if form is not None:
        return form.label
    return gettext(_KINDS[kind]) if kind in _KINDS else kind


@cache
def form_of(kind: str) -> Form | None:
    """The form of a kind, a list's own form included (client_phone); None when it has none."""
    known = forms.all_forms()
    if kind in known:
        return known[kind]
    owner = parent_kind(kind)
    if owner in known:
        for field in known[owner].fields:
            if field.form is not None and kind in (field.form.kind, f"{owner}_{field.name.rstrip('s')}"):
                return field.form
    return None


def parent_kind(kind: str) -> str:
    """The kind whose list a child kind is (client_phone: client); empty when it is none."""
    owner = kind.rpartition("_")[0]
    while owner and owner not in record_tables():
        owner = owner.rpartition("_")[0]
    return owner


def field_of(kind: str, name: str) -> Field | None:
    form = form_of(kind)
    return form[name] if form is not None and name in form else None


def field_label(kind: str, name: str) -> str:
    """The field's label on its form."""
    field = field_of(kind, name)
    if field is not None:
        return field.label
    return gettext(_FIELDS[name]) if name in _FIELDS else name


def value_text(kind: str, name: str, value: Any, names: Mapping[str, str]) -> str:
    """A JSON value of a field as its form shows it, phones and documents masked; `names` are of other records."""
    if value is None:
        return EMPTY
    field = field_of(kind, name)
    if name.endswith("_id") and isinstance(value, str):
        return names.get(value, EMPTY)
    cls = record_tables().get(kind)
    if cls is not None and name in codec.columns(cls):
        value = codec.decode(cls, name, value)
    if field is not None and field.kind is not Kind.LIST:
        return forms.show(field, value) or EMPTY
    if isinstance(value, datetime):
        return instant_text(value)
    return day_text(value) if isinstance(value, date) else str(value)


def people(session: Session) -> dict[str, str]:
    """Person id to name: records, devices of this book and enrolled ones."""
    found: dict[str, str] = {}
    found.update((id, name) for id, name in session.execute(select(Peer.person_id, Peer.person_name)))
    found.update((id, name) for id, name in session.execute(select(Identity.person_id, Identity.person_name)))
    found.update((id, name) for id, name in session.execute(select(Person.id, Person.name)))
    return found


def titles(session: Session, wanted: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Record id to what it is called, for ids by kind; deleted records too."""
    found: dict[str, str] = {}
    for kind, ids in wanted.items():
        if kind in record_tables():
            found.update(_titles_of(session, kind, list(dict.fromkeys(ids))))
    return found


def named_ids(kind: str, values: Iterable[tuple[str, Any]]) -> dict[str, set[str]]:
    """Ids that values of a kind name, by the kind they are of, for `titles`."""
    ids: dict[str, set[str]] = defaultdict(set)
    for name, value in values:
        field = field_of(kind, name)
        if isinstance(value, str) and name.endswith("_id"):
            of = _OTHERS.get(name) or (parent_kind(kind) if name == "parent_id" else field.of if field else "")
            if of:
                ids[of].add(value)
    return ids


def _titles_of(session: Session, kind: str, ids: list[str]) -> dict[str, str]:
    cls = record_tables()[kind]
    columns = codec.columns(cls)
    words = [n for n in _WORDS if n in columns][:1]
    words += [n for n in _NUMBERS if n in columns and kind in ("policy", parent_kind(kind) + "_phone")]
    day = [n for n in _DAYS if n in columns][:1]
    other = [n for n in _OTHERS if n in columns][:1]
    table = cls.__table__  # type: ignore[attr-defined]
    rows: list[Any] = []
    for at in range(0, len(ids), _CHUNK):
        query = select(table.c.id, *(table.c[n] for n in (*words, *day, *other)))
        rows += session.execute(query.where(table.c.id.in_(ids[at : at + _CHUNK]))).all()
    others: dict[str, str] = {}
    if other:
        of = _OTHERS[other[0]] or parent_kind(kind)
        others = titles(session, {of: {row[-1] for row in rows if row[-1]}}) if of else {}
    made: dict[str, str] = {}
    for id, *values in rows:
        parts = [others.get(values[-1] or "", "")] if other else []
        parts += [_short(_plain(kind, n, v)) for n, v in zip(words, values, strict=False) if v]
        if (
            day
            and (len(parts) < 2 or not all(parts))
            and kind not in ("client", "policy")
            and not issubclass(cls, Child)
        ):
            parts.append(_day(values[len(words)]))
        made[id] = " · ".join(p for p in parts if p) or kind_label(kind)
    return made


def _plain(kind: str, name: str, value: Any) -> str:
    field = field_of(kind, name)
    return forms.show(field, value) if field is not None else str(value)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _day(value: date | datetime | None) -> str:
    if value is None:
        return ""
    return day_text(clock.day_of(value) if isinstance(value, datetime) else value)
