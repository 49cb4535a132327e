"""A list twice: the second time changes nothing, whatever its columns; an import after its undo is as the first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldcrm.base.data.store import Store
from fieldcrm.base.sheets.reader import Sheet, Workbook
from fieldcrm.core.imports import ImportPlan, apply_plan, prepare
from support.stores import OpenStore

ID_NUMBERS = ["11010519491231002X", "350102196402300026", "350102196402290021", "1.10101E+17", ""]
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "保单号": st.sampled_from(["1001", "1002", "1003", "1004"]),
    "投保人": st.sampled_from(["王淑珍", "㛃䶮𠮷", "陈国强", "福州恒达贸易有限公司", "O'Neil 陈"]),
    "证件号码": st.sampled_from(ID_NUMBERS),
    "联系电话": st.sampled_from(["13805910032", "059128123116", "138", ""]),
    "出生日期": st.sampled_from(["2024-02-29", "19491231", "45292", ""]),
    "险种名称": st.sampled_from(["金佑人生两全保险", "车损险", "百万医疗保险", ""]),
    "满期日": st.sampled_from(["2027-03-01", "2026/2/29", ""]),
    "保费": st.sampled_from(["5,000", "1.2万", "abc", ""]),
    "保单状态": st.sampled_from(["有效", "失效", ""]),
    "受益人": st.sampled_from(["法定", "陈国强", ""]),
}
LISTS = st.lists(st.sampled_from(list(CELLS)[2:]), unique=True).flatmap(
    lambda more: st.tuples(
        st.just(["保单号", "投保人", *more]),
        st.lists(st.tuples(*(CELLS[n] for n in ("保单号", "投保人", *more))).map(list), max_size=6),
    )
)


def imported(store: Store, head: list[str], rows: list[list[str]]) -> ImportPlan:
    plan = store.read(prepare, Workbook(Path("list.xlsx"), [Sheet("清单", [list(head), *map(list, rows)])]))
    store.change(apply_plan, plan)
    return plan


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LISTS)
def test_a_list_twice_changes_nothing(open_sqlite: OpenStore, made: tuple[list[str], list[list[str]]]) -> None:
    store = open_sqlite()
    head, rows = made
    first = imported(store, head, rows)
    again = store.read(prepare, Workbook(Path("list.xlsx"), [Sheet("清单", [list(head), *map(list, rows)])]))
    assert again.changes == []
    assert again.inserts == again.updates == {}
    assert again.as_json()["failed"] == first.as_json()["failed"]
    if first.inserts:
        done, _ = store.undo()
        assert done.skipped == ()
    assert imported(store, head, rows).as_json() == first.as_json()
    store.close()
