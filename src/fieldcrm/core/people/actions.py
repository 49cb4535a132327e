"""What people change about themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from fieldcrm.base import forms
from fieldcrm.base.data import journal
from fieldcrm.base.data.store import identify
from fieldcrm.core.people.tables import Person

MINE = ("name", "title", "staff_number", "phone")
"""The fields of a person that the person changes; the others are the office's."""


def read_me(session: Session, person_id: str) -> dict[str, Any]:
    """One's own data by field name; empty when the record is not here yet."""
    person = session.get(Person, person_id)
    return {} if person is None else {name: getattr(person, name) for name in MINE}


def change_me(session: Session, values: dict[str, Any]) -> str:
    """Change one's own data (of `MINE`); the name also stands on packages. Gives it. Raises `InvalidFields`."""
    author = journal.author(session)
    clean = forms.clean(forms.get("person"), {n: values[n] for n in MINE if n in values}, partial=True)
    person = session.get_one(Person, author.person_id)
    for name, value in clean.items():
        setattr(person, name, value)
    if person.name != author.person_name:
        identify(session, replace(author, person_name=person.name))
    return person.name
