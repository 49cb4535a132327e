"""Whose row it is: one client for all rows that mean the same person or organisation, known or new. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fieldcrm.base import ids
from fieldcrm.core.imports import rules
from fieldcrm.core.imports.book import Known
from fieldcrm.core.imports.listrows import ListRow

HARD = ("sex", "birth_on")  # what cannot differ between two rows of one person


@dataclass(slots=True)
class Draft:
    """A client of the list: known (`old`) or new, with what the list gives so far and from which row.

    `derived` is what an ID number tells; it stands only where nobody says otherwise.
    """

    id: str
    old: dict[str, Any] | None
    given: dict[str, Any] = field(default_factory=dict)
    derived: dict[str, Any] = field(default_factory=dict)
    first_row: int = 0
    children: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)  # list field → identity → values

    def value(self, name: str) -> Any:
        given = self.given.get(name)
        return given if given is not None or self.old is None else self.old.get(name)


class People:
    """Finds the client of a row: by ID number, by credit code or full name of an organisation, by name and phone,
    by name and birth date; a name alone only among clients without a policy list."""

    def __init__(self, known: Known, *, by_name: bool) -> None:
        self._known = known
        self._by_name = by_name
        self._fresh = fresh_ids()
        self.drafts: dict[str, Draft] = {}
        self._keys: dict[tuple[str, ...], str] = {}
        self._names: dict[str, list[str]] = {}
        phones = known.children.get(("client", "phones"), {})
        for client_id, old in known.clients.items():
            numbers = [phone["number"] for phone in phones.get(client_id, ())]
            for key in _keys(old, numbers):
                self._keys.setdefault(key, client_id)
            self._names.setdefault(old["name"], []).append(client_id)

    def draft(self, client_id: str) -> Draft:
        """The draft of a known client."""
        found = self.drafts.get(client_id)
        if found is None:
            found = self.drafts[client_id] = Draft(client_id, self._known.clients.get(client_id))
        return found

    def of(self, row: ListRow, applicant_id: str | None) -> tuple[Draft, bool]:
        """The client a row means, and whether it was made for this row. `applicant_id`: of the policy in the book."""
        client = row.client
        numbers = [phone["number"] for phone in row.children.get(("client", "phones"), ())]
        if applicant_id is not None and self._same(self.draft(applicant_id), client):
            return self._register(self.draft(applicant_id), row, numbers), False
        for key in _keys(client, numbers):
            known_id = self._keys.get(key)
            if known_id is not None and (key[0] in _SURE or self._agrees(self.draft(known_id), client)):
                return self._register(self.draft(known_id), row, numbers), False
        if self._by_name and len(same := self._names.get(client.get("name") or "", [])) == 1:
            found = self.draft(same[0])
            if self._agrees(found, client):
                return self._register(found, row, numbers), False
        made = Draft(next(self._fresh), None, first_row=row.number)
        self.drafts[made.id] = made
        if self._by_name:
            self._names.setdefault(client.get("name") or "", []).append(made.id)
        return self._register(made, row, numbers), True

    def _register(self, draft: Draft, row: ListRow, numbers: list[str]) -> Draft:
        draft.derived = draft.derived or row.derived
        born = row.derived.get("birth_on") if row.client.get("birth_on") is None else None
        for key in _keys(row.client if born is None else {**row.client, "birth_on": born}, numbers):
            self._keys.setdefault(key, draft.id)
        return draft

    def _same(self, draft: Draft, client: dict[str, Any]) -> bool:
        """Whether the policy's applicant in the book is the row's client."""
        for name in ("id_number", "credit_code"):
            mine, theirs = draft.value(name), client.get(name)
            if mine and theirs:
                return bool(mine == theirs)
        return rules.same_name(draft.value("name"), client.get("name"))

    def _agrees(self, draft: Draft, client: dict[str, Any]) -> bool:
        """No number or birth date that speaks against it."""
        for name in ("id_number", "credit_code", "birth_on"):
            mine, theirs = draft.value(name), client.get(name)
            if mine and theirs and mine != theirs:
                return False
        return True


def fresh_ids() -> Iterator[str]:
    """New ids without end, made many at a time."""
    while True:
        yield from ids.many(1_000)


_SURE = frozenset({"id", "code"})


def _keys(client: dict[str, Any], numbers: list[str]) -> list[tuple[str, ...]]:
    """What a client can be found by, the surest first."""
    found: list[tuple[str, ...]] = []
    name = client.get("name")
    if client.get("id_number"):
        found.append(("id", client["id_number"]))
    if client.get("credit_code"):
        found.append(("code", client["credit_code"]))
    if name is None:
        return found
    if client.get("type") == "organisation":
        found.append(("organisation", name))
        return found
    found += [("phone", name, number) for number in numbers]
    if client.get("birth_on") is not None:
        found.append(("birth", name, client["birth_on"].isoformat()))
    return found
