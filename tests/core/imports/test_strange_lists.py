"""Lists as they are really exported: counts, values, problems; repeated, nothing changes; undone, nothing is left."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fieldcrm.base.data.store import Store
from fieldcrm.base.sheets.reader import read
from fieldcrm.core.clients.tables import Client, ClientPhone
from fieldcrm.core.imports import apply_plan, prepare
from fieldcrm.core.policies.tables import Policy
from support.strange_cells import CELLS
from support.strange_lists import Strange
from support.strange_sheets import SHEETS


def alive(store: Store, cls: Any) -> list[Any]:
    return list(store.read(lambda s: s.scalars(select(cls).where(cls.deleted_at.is_(None)).order_by(cls.id)).all()))


@pytest.mark.parametrize("case", [*SHEETS, *CELLS], ids=lambda case: case.name)
def test_a_strange_list(case: Strange, book: Store, tmp_path: Path) -> None:
    workbook = read(case.make(tmp_path))
    once_more = deepcopy(workbook)
    plan = book.read(prepare, workbook)
    told = plan.as_json()
    assert [(p.cell, p.code.removeprefix("imports.")) for p in plan.problems] == list(case.problems)
    assert (told["new"], told["unchanged"], told["failed"]) == case.counts
    assert (told["read"], told["changed"]) == (sum(case.counts), 0)
    book.change(apply_plan, plan)
    policies = {p.number: p for p in alive(book, Policy)}
    clients = {c.name: c for c in alive(book, Client)}
    phones: dict[str, list[str]] = {c.id: [] for c in clients.values()}
    for phone in alive(book, ClientPhone):
        phones.setdefault(phone.parent_id, []).append(phone.number)
    for number, values in case.policies.items():
        assert {n: getattr(policies[number], n) for n in values} == values, number
    for name, values in case.clients.items():
        client = clients[name]
        assert {n: phones[client.id] if n == "phones" else getattr(client, n) for n in values} == values, name
    assert case.people in (None, len(alive(book, Client)))
    again = book.read(prepare, once_more).as_json()
    assert (again["new"], again["changed"], again["failed"]) == (0, 0, case.counts[2])
    if plan.inserts:
        undone, _ = book.undo()
        assert undone.skipped == ()
    assert alive(book, Policy) + alive(book, Client) + alive(book, ClientPhone) == []
