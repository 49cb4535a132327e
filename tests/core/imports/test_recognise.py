"""Headers under titles, over two rows, by every synonym; totals and notes left out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base.forms import get
from fieldcrm.base.sheets.reader import Sheet, Workbook
from fieldcrm.core.imports.recognise import find, guessed, tables
from fieldcrm.core.imports.table import Table, samples, targets


def _found(rows: list[list[object]], merges: list[tuple[int, int, int, int]] | None = None) -> Table:
    table = find(Sheet("S", rows, merges or []))  # type: ignore[arg-type]
    assert table is not None
    return table


def _keys(table: Table) -> dict[str, str | None]:
    return {c.title: c.target.key if c.target else None for c in table.columns}


HEAD = ["保险单号", "客户姓名", "到期日", "保险费", "趸交保费", "手机", "身份证号"]
ROW = ["0012", "王淑珍", "2026-12-01", "5,000", "5,000", "13805910032", ""]


def test_synonyms_of_the_domain() -> None:
    expected = {
        "policy.number": ("保单号", "保险单号", "保单号码"),
        "client.name": ("投保人", "客户姓名", "姓名"),
        "policy.matures_on": ("满期日", "满期日期", "到期日"),
        "policy.premium_fen": ("保费", "保险费"),
        "policy.principal_fen": ("满期本金", "趸交保费"),
        "client.phones.number": ("联系电话", "手机", "电话"),
        "client.id_number": ("身份证号", "证件号码"),
    }
    for key, words in expected.items():
        for word in words:
            other = "投保人" if key == "policy.number" else "保单号"
            for title in (word, f" {word[0]} {word[1:]} ", f"{word}：", f"{word}（必填）", f"*{word}"):
                assert key in _keys(_found([[other, title], ["1", "2"]])).values(), title


def test_every_label_of_the_forms_is_known() -> None:
    for kind in ("policy", "client"):
        for field in get(kind).fields:
            for label in (field.zh, field.en):
                if field.kind not in ("record", "list"):
                    rows: list[list[object]] = [["保单号", "投保人", label], ["1", "2", "3"]]
                    keys = [c.target.key if c.target else c.why for c in _found(rows).columns]
                    assert keys[2] is not None
                    assert keys[2] != "", label


def test_titles_above_blank_columns_totals_and_notes() -> None:
    rows: list[list[object]] = [
        ["满期客户清单", *[""] * 7],
        ["机构：福州", "", "", "统计日期：2026-11-26", "", "", "", ""],
        [""] * 8,
        ["序号", *HEAD[:3], "", *HEAD[3:6]],
        [1.0, *ROW[:3], "", *ROW[3:6]],
        ["", "", "", "", "", "", "", ""],
        ["小计", "", "", "", "", "5,000", "", ""],
        ["序号", *HEAD[:3], "", *HEAD[3:6]],
        [2.0, *ROW[:3], "", *ROW[3:6]],
        ["合 计：", "2", "", "", "", 10000.0, "", ""],
        ["", "总计", "", "", "", 10000.0, "", ""],
        ["", "", "", "平均", "", "5,000", "", ""],
        ["", "件均保费：", "", "", "", "5,000", "", ""],
        ["", "共2件", "", "", "", 10000.0, "", ""],
        ["合计金额（元）", "", "", "", "", 10000.0, "", ""],
        ["注：数据来自核心系统", *[""] * 7],
        ["制表人：王淑珍", "", "审核：李", "", "", "", "", ""],
        ["第 1 页 共 1 页", *[""] * 7],
        ["本表由系统自动生成，请核对后使用", *[""] * 7],
    ]
    table = _found(rows, [(0, 0, 0, 7)])
    assert (table.header, table.rows) == (range(3, 4), [4, 8])
    assert [row for row, _ in table.left_out] == [6, 7, *range(9, 19)]
    assert [why for _, why in table.left_out] == ["total", "header", *["total"] * 6, *["note"] * 4]
    assert _keys(table)["序号"] is None
    assert "" not in _keys(table)


def test_header_merged_over_two_rows() -> None:
    rows: list[list[object]] = [
        ["清单", "", "", "", "", ""],
        ["保单号", "投保人", "", "被保险人", "", "保费"],
        ["", "姓名", "证件号码", "姓名", "证件号码", ""],
        ["0012", "王淑珍", "x", "陈明", "y", "1"],
    ]
    merges = [(0, 0, 0, 5), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4), (1, 5, 2, 5)]
    table = _found(rows, merges)
    assert (table.header, table.rows) == (range(1, 3), [3])
    assert [c.target.key if c.target else None for c in table.columns] == [
        "policy.number", "client.name", "client.id_number", "policy.insured_name", None, "policy.premium_fen",
    ]  # fmt: skip


def test_header_split_over_two_rows_without_merges() -> None:
    rows: list[list[object]] = [["姓名", "保单", "", "备注"], ["", "保单号", "保费", ""], ["王淑珍", "0012", "1", ""]]
    table = _found(rows)
    assert (table.header, table.rows) == (range(0, 2), [2])
    assert set(_keys(table).values()) >= {"client.name", "policy.number", "policy.premium_fen"}


def test_merged_cells_below_the_header_are_filled() -> None:
    rows: list[list[object]] = [["姓名", "保单号"], ["王淑珍", "1"], ["", "2"], ["", "3"], ["陈明", "4"]]
    sheet = Sheet("S", rows, [(1, 0, 3, 0)])  # type: ignore[arg-type]
    assert find(sheet) is not None
    assert [row[0] for row in sheet.rows] == ["姓名", "王淑珍", "王淑珍", "王淑珍", "陈明"]


def test_units_doubles_and_phones() -> None:
    table = _found([["保单号", "姓名", "保费（万元）", "保险费", "手机", "家庭电话"], ["1", "2", "3", "4", "5", "6"]])
    assert [c.unit for c in table.columns] == [1, 1, 10_000, 1, 1, 1]
    assert [c.why for c in table.columns] == ["", "", "", "double", "", ""]
    assert [c.title for c in table.unknown] == ["保险费"]


@pytest.mark.parametrize("above", ["单位：万元", "金额单位:人民币万元", "统计 2026 年  单位: 万元"])
def test_a_unit_above_the_list_holds_for_amounts(above: str) -> None:
    table = _found([["清单", above], ["保单号", "姓名", "保费", "保额（元）", "期限"], ["1", "2", "3", "4", "5"]])
    assert [c.unit for c in table.columns] == [1, 1, 10_000, 1, 1]
    assert [c.unit for c in _found([["单位：元"], ["保单号", "姓名", "保费"], ["1", "2", "3"]]).columns] == [1, 1, 1]


def test_a_mapping_overrides() -> None:
    rows: list[list[object]] = [["保单号", "客户姓名", "号码二", "网点"], ["1", "王", "13805910032", "东街"]]
    table = find(Sheet("S", rows), {"号码二": "client.phones.number", "网点": None})  # type: ignore[arg-type]
    assert table is not None
    assert [c.target.key if c.target else c.why for c in table.columns] == [
        "policy.number", "client.name", "client.phones.number", "left",
    ]  # fmt: skip
    assert list(samples(table, table.columns[2])) == ["13805910032"]
    assert table.signature == _found(rows).signature
    assert "client.phones.number" in {target.key for target in targets()}


def test_no_list() -> None:
    for rows in ([], [["x"]], [["姓名"], ["王"]], [["保费", "保额"], ["1", "2"]]):
        assert find(Sheet("S", rows)) is None  # type: ignore[arg-type]


def test_hidden_sheets_count_only_alone() -> None:
    def sheet(name: str, hidden: str) -> Sheet:
        return Sheet(name, [list(HEAD), list(ROW)], hidden=hidden)

    book = Workbook(Path("x"), [sheet("a", "hidden"), sheet("b", ""), sheet("c", "very")])
    assert [t.sheet.name for t in tables(book)] == ["b"]
    assert [t.sheet.name for t in tables(Workbook(Path("x"), [sheet("a", "hidden"), sheet("c", "very")]))] == ["a"]


@given(st.lists(st.lists(st.sampled_from([*HEAD, "合计", "", 1.0, "x"]), max_size=5), max_size=8))
def test_any_sheet_can_be_looked_at(rows: list[list[object]]) -> None:
    table = find(Sheet("S", rows))  # type: ignore[arg-type]
    if table is not None:
        assert all(row >= table.header.stop for row in table.rows)
        assert not set(table.rows) & {row for row, _ in table.left_out}


@pytest.mark.parametrize("depth", [0, 5, 40])
def test_titles_may_be_many(depth: int) -> None:
    rows: list[list[object]] = [[f"说明 {i}"] for i in range(depth)]
    assert _found([*rows, list(HEAD), list(ROW)]).header == range(depth, depth + 1)


def test_where_a_list_may_be_that_nobody_knows() -> None:
    rows = [
        ["Bericht", "", ""],
        ["Stand", "2026-11-26", ""],
        ["Nr", "Wer", "Geld"],
        ["9001", "王淑珍", "5"],
        ["9002", "x", "6"],
    ]
    workbook = Workbook(Path("x"), [Sheet("S", rows), Sheet("leer", [["nur", ""], ["Text", ""]])])
    assert tables(workbook) == []
    (table,) = guessed(workbook)
    assert (table.header, table.rows, [c.title for c in table.columns]) == (range(2, 3), [3, 4], ["Nr", "Wer", "Geld"])
    assert tables(workbook, {"Geld": "policy.premium_fen"}) == []
    (named,) = tables(workbook, {"Nr": "policy.number"})
    assert (named.header, named.rows, named.signature) == (table.header, table.rows, table.signature)
