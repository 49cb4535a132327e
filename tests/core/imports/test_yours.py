"""What a person typed after a list stays when the next list says otherwise, is shown, and gives way when told to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import ChangedElsewhere
from fieldcrm.base.sheets.reader import Sheet, Workbook
from fieldcrm.core.clients import change_client, delete_client
from fieldcrm.core.clients.tables import Client, ClientPhone
from fieldcrm.core.imports import ImportPlan, apply_plan, prepare
from fieldcrm.core.policies import change_policy
from fieldcrm.core.policies.tables import Policy

HEAD = ["保单号", "投保人", "联系电话", "地址", "职业", "保费", "备注"]
FIRST = ["1001", "王淑珍", "13805910032", "五四路 1 号", "", "5,000", ""]
NEXT = ["1001", "王淑珍", "13805910032", "东街 2 号", "教师", "6,000", "核心备注"]


def plan_of(store: Store, *rows: list[str]) -> ImportPlan:
    return store.read(prepare, Workbook(Path("list.xlsx"), [Sheet("清单", [list(HEAD), *map(list, rows)])]))


def imported(store: Store, *rows: list[str]) -> ImportPlan:
    plan = plan_of(store, *rows)
    store.change(apply_plan, plan)
    return plan


def the(store: Store, cls: Any) -> Any:
    return store.read(lambda s: s.scalars(select(cls).where(cls.deleted_at.is_(None))).one())


def phones(store: Store) -> list[str]:
    living = select(ClientPhone.number).where(ClientPhone.deleted_at.is_(None)).order_by(ClientPhone.position)
    return list(store.read(lambda s: s.scalars(living).all()))


def phone_rows(store: Store) -> list[dict[str, Any]]:
    return list(store.read(lambda s: [{"id": p.id, "number": p.number} for p in s.scalars(select(ClientPhone))]))


def fields(plan: ImportPlan) -> tuple[list[str], list[str]]:
    return [c.field for c in plan.changes], [c.field for c in plan.yours]


def test_an_address_typed_after_the_list_stays(store: Store) -> None:
    imported(store, FIRST)
    store.change(change_client, the(store, Client).id, {"address": "工业路 9 号"})
    plan = imported(store, NEXT)
    assert fields(plan) == (["occupation", "premium_fen", "remark"], ["address"])
    told = plan.as_json()["yours"]
    assert told == [
        {"sheet": "清单", "cell": "D2", "field": "Address", "yours": "工业路 9 号", "list": "东街 2 号", "taken": False}
    ]
    client, policy = the(store, Client), the(store, Policy)
    assert (client.address, client.occupation, policy.premium_fen) == ("工业路 9 号", "教师", 600_000)
    again = plan_of(store, NEXT)
    assert (fields(again), again.count("unchanged")) == (([], ["address"]), 1)


def test_the_list_is_taken_where_told(store: Store) -> None:
    imported(store, FIRST)
    store.change(change_client, the(store, Client).id, {"address": "工业路 9 号"})
    plan = plan_of(store, ["1001", "王淑珍", "", "东街 2 号", "", "", ""])
    assert (plan.count("changed"), plan.clients.as_json()) == (0, {"new": 0, "changed": 0, "unchanged": 1})
    plan.take([0])
    assert (plan.count("changed"), plan.clients.as_json()) == (1, {"new": 0, "changed": 1, "unchanged": 0})
    plan.take([0], on=False)
    assert (plan.updates, plan.count("unchanged")) == ({}, 1)
    plan.take([0])
    store.change(apply_plan, plan)
    assert the(store, Client).address == "东街 2 号"
    assert store.undo()[0].action == "apply_plan"
    assert the(store, Client).address == "工业路 9 号"
    store.redo()
    assert fields(plan_of(store, ["1001", "王淑珍", "", "湖东路 3 号", "", "", ""])) == (["address"], [])


def test_of_a_policy_the_list_is_the_authority_but_for_the_remark(store: Store) -> None:
    imported(store, FIRST)
    store.change(change_policy, the(store, Policy).id, {"premium_fen": 111, "remark": "下月上门"})
    plan = imported(store, NEXT)
    assert fields(plan) == (["address", "occupation", "premium_fen"], ["remark"])
    assert (the(store, Policy).premium_fen, the(store, Policy).remark) == (600_000, "下月上门")


def test_a_value_that_was_emptied_stays_empty_and_one_never_filled_is_filled(store: Store) -> None:
    imported(store, FIRST)
    store.change(change_client, the(store, Client).id, {"address": None})
    assert fields(plan_of(store, NEXT)) == (["occupation", "premium_fen", "remark"], ["address"])


def test_what_was_typed_and_undone_is_the_lists(store: Store) -> None:
    imported(store, FIRST)
    store.change(change_client, the(store, Client).id, {"address": "工业路 9 号"})
    store.undo()
    assert fields(plan_of(store, NEXT))[1] == []
    store.redo()
    assert fields(plan_of(store, NEXT))[1] == ["address"]


def test_a_client_made_by_hand_keeps_what_was_typed(store: Store) -> None:
    from fieldcrm.core.clients import add_client

    store.change(add_client, {"name": "王淑珍", "address": "工业路 9 号", "phones": [{"number": "13805910032"}]})
    plan = imported(store, NEXT)
    assert fields(plan) == (["occupation"], ["address"])
    assert the(store, Client).address == "工业路 9 号"


@pytest.mark.parametrize("rows", [[], [{"number": "13900000000"}]])
def test_a_phone_that_was_taken_out_does_not_come_back(store: Store, rows: list[dict[str, str]]) -> None:
    imported(store, FIRST)
    client_id = the(store, Client).id
    store.change(change_client, client_id, {"phones": rows})
    plan = imported(store, FIRST)
    assert fields(plan) == ([], ["phones.number"])
    assert phones(store) == [row["number"] for row in rows]
    plan = plan_of(store, FIRST)
    plan.take([0])
    store.change(apply_plan, plan)
    assert sorted(phones(store)) == sorted(["13805910032", *(row["number"] for row in rows)])


def test_a_phone_that_was_corrected_does_not_come_back(store: Store) -> None:
    imported(store, FIRST)
    (row,) = phone_rows(store)
    store.change(change_client, the(store, Client).id, {"phones": [{**row, "number": "13805910033"}]})
    assert fields(imported(store, FIRST)) == ([], ["phones.number"])
    assert phones(store) == ["13805910033"]
    store.undo()  # the correction
    assert phones(store) == ["13805910032"]
    assert fields(plan_of(store, FIRST)) == ([], [])


@pytest.mark.parametrize("name", ["王  淑珍", "王淑珍 ", "王*珍", "王**"])
def test_a_name_written_differently_is_the_same_client(store: Store, name: str) -> None:
    imported(store, FIRST)
    plan = imported(store, ["1001", name, *FIRST[2:]])
    assert (plan.count("unchanged"), fields(plan)) == (1, ([], []))
    assert the(store, Client).name == "王淑珍"


def test_an_edit_since_the_preview_is_noticed(book: Store) -> None:
    imported(book, FIRST)
    plan = plan_of(book, NEXT)
    book.change(change_client, the(book, Client).id, {"address": "工业路 9 号"})
    with pytest.raises(ChangedElsewhere):
        book.change(apply_plan, plan)
    assert (the(book, Client).address, the(book, Policy).premium_fen) == ("工业路 9 号", 500_000)
    book.change(apply_plan, plan_of(book, NEXT))
    assert (the(book, Client).address, the(book, Policy).premium_fen) == ("工业路 9 号", 600_000)


@pytest.mark.parametrize(
    "row",
    [
        ["1002", *FIRST[1:]],  # a new policy of a client that is gone
        ["1001", "王淑珍", "13900000000", *FIRST[3:]],  # a phone more
        ["1001", "王淑珍", "", "东街 2 号", "", "", ""],
    ],
)
def test_a_client_deleted_since_the_preview_is_noticed(book: Store, row: list[str]) -> None:
    imported(book, FIRST)
    plan = plan_of(book, row)
    book.change(delete_client, the(book, Client).id)
    with pytest.raises(ChangedElsewhere):
        book.change(apply_plan, plan)
    assert book.read(lambda s: s.scalars(select(Client).where(Client.deleted_at.is_(None))).all()) == []


def test_an_edit_elsewhere_since_the_preview_does_not_hinder(book: Store) -> None:
    imported(book, FIRST)
    plan = plan_of(book, NEXT)
    book.change(change_client, the(book, Client).id, {"wechat": "wang"})
    book.change(apply_plan, plan)
    assert (the(book, Client).address, the(book, Client).wechat) == ("东街 2 号", "wang")
