"""One policy on several rows of a list: the main product makes it, riders join it, in whatever order they stand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.imports.test_plan import all_of, book_of, counts, imported, plan_of
from fieldcrm.base.data.store import Store
from fieldcrm.core.clients.tables import Client, ClientPhone
from fieldcrm.core.imports import apply_plan, prepare
from fieldcrm.core.policies import change_policy
from fieldcrm.core.policies.tables import Policy
from support.stores import OpenStore

HEAD = ["保单号", "投保人", "险种名称", "保费", "保额", "满期日", "联系电话"]
MAIN = ["1001", "王淑珍", "鑫享两全保险（分红型）", "5,000", "100,000", "2027-03-01", "13805910032"]
HOSPITAL = ["1001", "王淑珍", "附加住院医疗保险", "500", "10,000", "2026-12-01", ""]
ACCIDENT = ["1001", "王淑珍", "附加意外伤害保险", "120.50", "50,000", "", "059128123116"]
LINES = "附加险：附加住院医疗保险；满期日 2026-12-01；保费 500；保额 10,000"
APART = LINES.replace("500", "500（未另加）")
ALL = LINES + "\n附加险：附加意外伤害保险；保费 120.50；保额 50,000"


def only(store: Store) -> Policy:
    (policy,) = all_of(store, Policy)
    found: Policy = policy
    return found


@pytest.mark.parametrize("rows", [(MAIN, HOSPITAL, ACCIDENT), (ACCIDENT, HOSPITAL, MAIN), (HOSPITAL, MAIN, ACCIDENT)])
def test_riders_join_their_policy(store: Store, rows: tuple[list[str], ...]) -> None:
    plan = imported(store, *rows, head=HEAD)
    assert (counts(plan), plan.joined, plan.problems) == ((3, 0, 0, 0), 2, [])
    assert plan.as_json()["policies"] == {"new": 1, "changed": 0, "unchanged": 0}
    policy = only(store)
    assert (policy.product_name, policy.line, policy.premium_fen) == (MAIN[2], "participating", 562_050)
    assert (policy.sum_assured_fen, str(policy.matures_on)) == (10_000_000, "2027-03-01")
    assert policy.remark == ALL
    assert sorted(p.number for p in all_of(store, ClientPhone)) == ["059128123116", "13805910032"]
    for again in (rows, rows[::-1]):
        plan = plan_of(store, *again, head=HEAD)
        assert (counts(plan), plan.joined, plan.changes) == ((0, 0, 3, 0), 2, [])
    undone, _ = store.undo()
    assert undone.skipped == ()
    assert all_of(store, Policy) == all_of(store, Client) == []


def test_a_rider_that_changes_is_a_change_of_its_row(store: Store) -> None:
    imported(store, MAIN, HOSPITAL, head=HEAD)
    dearer = [*HOSPITAL[:3], "650", *HOSPITAL[4:]]
    plan = imported(store, MAIN, dearer, head=HEAD)
    assert (counts(plan), plan.yours) == ((0, 2, 0, 0), [])
    assert [(c.row, c.field) for c in plan.changes] == [(1, "premium_fen"), (2, "remark")]
    assert (only(store).premium_fen, only(store).remark) == (565_000, LINES.replace("500", "650"))
    store.undo()
    assert (only(store).premium_fen, only(store).remark) == (550_000, LINES)


def test_words_of_ones_own_stay_beside_the_riders(store: Store) -> None:
    imported(store, MAIN, head=HEAD)
    store.change(change_policy, only(store).id, {"remark": "客户偏好年金\n下月面谈"})
    plan = imported(store, MAIN, HOSPITAL, head=HEAD)
    assert (len(plan.changes), plan.yours) == (2, [])
    assert only(store).remark == "客户偏好年金\n下月面谈\n" + LINES
    assert plan_of(store, HOSPITAL, MAIN, head=HEAD).changes == []
    noted = [*HEAD, "备注"]
    plan = plan_of(store, [*MAIN, "名单备注"], [*HOSPITAL, ""], head=noted)
    assert [(c.field, c.new) for c in plan.yours] == [("remark", "名单备注\n" + LINES)]


def test_the_main_row_alone_keeps_the_riders(store: Store) -> None:
    """A later list of main products only says what the book has; one with another premium is believed."""
    imported(store, MAIN, HOSPITAL, head=HEAD)
    assert plan_of(store, MAIN, head=HEAD).changes == []
    assert plan_of(store, [*MAIN[:3], "5,500", *MAIN[4:]], head=HEAD).changes == []  # a list of whole policies
    imported(store, [*MAIN[:3], "6,000", *MAIN[4:]], head=HEAD)
    assert (only(store).premium_fen, only(store).remark) == (600_000, LINES)


def test_a_rider_alone_joins_the_policy_of_the_book(store: Store) -> None:
    imported(store, MAIN, HOSPITAL, head=HEAD)
    plan = imported(store, ACCIDENT, head=HEAD)
    assert (counts(plan), plan.joined) == ((0, 1, 0, 0), 1)
    policy = only(store)
    assert (policy.product_name, policy.premium_fen, policy.remark) == (MAIN[2], 562_050, ALL)
    assert (policy.sum_assured_fen, str(policy.matures_on)) == (10_000_000, "2027-03-01")
    for rows in ((ACCIDENT,), (HOSPITAL,), (HOSPITAL, ACCIDENT), (MAIN, ACCIDENT, HOSPITAL)):
        assert plan_of(store, *rows, head=HEAD).changes == []


def test_a_main_row_joins_the_rider_that_came_before_it(store: Store) -> None:
    plan = imported(store, HOSPITAL, head=HEAD)
    assert (counts(plan), plan.joined, only(store).product_name) == ((1, 0, 0, 0), 0, HOSPITAL[2])
    assert plan_of(store, HOSPITAL, head=HEAD).changes == []
    imported(store, MAIN, head=HEAD)
    policy = only(store)
    assert (policy.product_name, policy.premium_fen) == (MAIN[2], 500_000)
    assert policy.remark == APART
    for rows in ((MAIN,), (HOSPITAL,)):
        assert plan_of(store, *rows, head=HEAD).changes == []


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_riders_in_a_list_of_their_own_are_never_counted_twice(store: Store, order: tuple[int, int]) -> None:
    """The main list's premium may be the whole policy's: nobody knows, so nothing is added, and the preview says so."""
    lists = [MAIN], [HOSPITAL, [*ACCIDENT[:3], "", *ACCIDENT[4:]]]
    for _ in range(2):
        for n in order:
            plan = imported(store, *lists[n], head=HEAD)
    assert only(store).premium_fen == 500_000
    assert plan_of(store, *lists[0], head=HEAD).changes == plan_of(store, *lists[1], head=HEAD).changes == []
    if order == (0, 1):
        assert (plan.joined, plan.not_added) == (2, 1)
        assert "1 rider came without its main product" in plan.note()
    dearer = [*HOSPITAL[:3], "650", *HOSPITAL[4:]]
    imported(store, dearer, head=HEAD)
    assert only(store).premium_fen == 500_000
    assert "保费 650（未另加）" in (only(store).remark or "")
    imported(store, MAIN, dearer, head=HEAD)  # both in one list: a sum
    assert (only(store).premium_fen, only(store).remark) == (565_000, LINES.replace("500", "650"))


@pytest.mark.parametrize("title", ["总保费", "保单保费"])
def test_a_premium_of_the_whole_policy_takes_no_riders(store: Store, title: str) -> None:
    whole = [*HEAD[:3], title, *HEAD[4:]]
    imported(store, [*MAIN[:3], "5,500", *MAIN[4:]], [*HOSPITAL[:3], "5,500", *HOSPITAL[4:]], head=whole)
    assert only(store).premium_fen == 550_000
    for _ in range(2):
        imported(store, HOSPITAL, head=HEAD)
        assert only(store).premium_fen == 550_000
    imported(store, [*ACCIDENT[:3], "5,620.50", *ACCIDENT[4:]], head=whole)
    assert only(store).premium_fen == 562_050


def test_a_rider_waits_for_its_main_row_that_failed(store: Store) -> None:
    broken = [*MAIN[:3], "约五千", *MAIN[4:]]
    plan = imported(store, broken, HOSPITAL, head=HEAD)
    assert counts(plan) == (0, 0, 0, 2)
    assert [(p.cell, p.code) for p in plan.problems] == [("D2", "forms.not_an_amount"), ("A3", "imports.main_left_out")]
    assert counts(imported(store, MAIN, [*HOSPITAL[:3], "约五百", *HOSPITAL[4:]], head=HEAD)) == (1, 0, 0, 1)
    assert counts(imported(store, HOSPITAL, head=HEAD)) == (0, 1, 0, 0)  # the corrected row of the error workbook
    assert (only(store).premium_fen, only(store).remark) == (500_000, APART)


def test_two_applicants_on_one_number_are_a_problem(store: Store) -> None:
    other = ["1001", "陈国强", *HOSPITAL[2:]]
    plan = imported(store, MAIN, other, head=HEAD)
    assert counts(plan) == (1, 0, 0, 1)
    assert [(p.cell, p.code) for p in plan.problems] == [("B3", "imports.other_name")]
    assert (only(store).premium_fen, only(store).remark) == (500_000, None)


def test_the_same_product_with_other_values_is_a_problem(store: Store) -> None:
    plan = imported(store, MAIN, [*MAIN[:3], "9,999", *MAIN[4:]], HOSPITAL, MAIN, head=HEAD)
    assert (counts(plan), plan.joined) == ((2, 0, 1, 1), 1)
    assert [(p.cell, p.code) for p in plan.problems] == [("A3", "imports.twice")]
    assert only(store).premium_fen == 550_000


def test_what_the_first_row_of_a_policy_lacks_the_second_gives(store: Store) -> None:
    head = ["保单号", "投保人", "保费", "网点", "职业"]
    rows = [["1001", "王淑珍", "", "五一支行", ""], ["1001", "王淑珍", "5,000", "", "教师"]]
    assert counts(imported(store, *rows, head=head)) == (1, 0, 1, 0)
    assert (only(store).premium_fen, only(store).outlet) == (500_000, "五一支行")
    assert all_of(store, Client)[0].occupation == "教师"
    assert plan_of(store, *rows[::-1], head=head).changes == []


def test_a_column_tells_the_main_row(store: Store) -> None:
    head = ["保单号", "投保人", "险种名称", "保费", "主附险标志", "险种类型"]
    rows = [["1001", "王淑珍", "重大疾病保险", "9,000", "附加险", "附加险"],
            ["1001", "王淑珍", "金瑞终身寿险", "2,000", "主险", "主险"]]  # fmt: skip
    plan = imported(store, *rows, head=head)
    assert (counts(plan), plan.joined, plan.problems) == ((2, 0, 0, 0), 1, [])
    assert plan.left_out() == []
    policy = only(store)
    assert (policy.product_name, policy.line, policy.premium_fen) == ("金瑞终身寿险", "whole_life", 1_100_000)
    assert policy.remark == "附加险：重大疾病保险；保费 9,000"


def test_amounts_of_the_whole_policy_are_taken_once(store: Store) -> None:
    head = ["保单号", "投保人", "险种名称", "总保费", "满期本金", "手续费"]
    rows = [["1001", "王淑珍", "金瑞年金保险", "5,500", "55,000", "100"],
            ["1001", "王淑珍", "附加万能账户", "5,500", "55,000", "20"]]  # fmt: skip
    imported(store, *rows, head=head)
    policy = only(store)
    assert (policy.premium_fen, policy.principal_fen, policy.commission_fen) == (550_000, 5_500_000, 12_000)
    assert policy.remark == "附加险：附加万能账户；佣金 20"
    assert plan_of(store, *rows[::-1], head=head).changes == []


def test_riders_in_columns_of_their_own_are_named(store: Store) -> None:
    head = ["保单号", "投保人", "主险名称", "主险保费", "附加险名称", "附加险保费", "序号"]
    plan = imported(store, ["1001", "王淑珍", MAIN[2], "5,000", "附加住院医疗保险", "500", "1"], head=head)
    assert only(store).premium_fen == 500_000
    assert "附加险名称, 附加险保费" in plan.note()
    assert "序号" not in plan.note()


def test_riders_beyond_the_room_of_the_remark_are_told(store: Store) -> None:
    rows = [MAIN, *(["1001", "王淑珍", f"附加保险{n:03}" + "条款" * 20, "1", "2", "", ""] for n in range(60))]
    plan = imported(store, *rows, head=HEAD)
    left = [p for p in plan.problems if p.code == "imports.twice"]
    assert 0 < len(left) < 60
    assert plan.joined == 60 - len(left)
    assert only(store).premium_fen == 500_000 + 100 * plan.joined
    assert len(only(store).remark or "") <= 2000


PRODUCTS = ["鑫享两全保险（分红型）", "金佑人生终身寿险", "附加住院医疗保险", "附加意外伤害保险", "附加豁免保险"]
POLICIES = st.dictionaries(
    st.sampled_from(["1001", "1002", "1003"]),
    st.dictionaries(
        st.sampled_from(PRODUCTS), st.tuples(st.integers(0, 3), st.sampled_from(["", "10,000", "20,000"])), min_size=1
    ),
    min_size=1,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(POLICIES, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter_and_sums_tie(
    open_sqlite: OpenStore, policies: dict[str, dict[str, tuple[int, str]]], chance: Any
) -> None:
    rows = [
        [number, f"客户{number}", product, premium or "", assured, "", ""]
        for number, products in policies.items()
        for product, (premium, assured) in products.items()
    ]
    rows += [list(row) for row in rows if chance.random() < 0.2]  # a row twice adds nothing
    stood = []
    for _ in range(2):
        store = open_sqlite()
        plan = store.read(prepare, book_of(*rows, head=HEAD))
        store.change(apply_plan, plan)
        assert (plan.read, plan.as_json()["failed"], plan.problems) == (len(rows), 0, [])
        found = {p.number: (p.product_name, p.premium_fen, p.sum_assured_fen, p.remark) for p in all_of(store, Policy)}
        for number, products in policies.items():
            assert (found[number][1] or 0) == 100 * sum(premium for premium, _ in products.values())
            text = f"{found[number][0]}\n{found[number][3]}"
            assert all(product in text for product in products)
        stood.append(found)
        chance.shuffle(rows)
        assert plan_of(store, *rows, head=HEAD).changes == []
        store.close()
    assert stood[0] == stood[1]
