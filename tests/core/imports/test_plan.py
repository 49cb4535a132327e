"""Lists into a book: counts, matching, repeats, undo; and the failed rows given back."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import Cancelled, ChangedElsewhere, Refused
from fieldcrm.base.jobs import Progress
from fieldcrm.base.sheets.reader import Sheet, Workbook, read
from fieldcrm.core.clients.tables import Client, ClientPhone
from fieldcrm.core.imports import ImportPlan, apply_plan, prepare, write_errors
from fieldcrm.core.policies.tables import Policy
from support import core_lists as lists
from support.office import Office

HEAD = ["保单号", "投保人", "证件号码", "联系电话", "出生日期", "地址", "保费", "保单状态"]
ID1, ID2 = "11010519491231002X", "350102196402300026"
ONE = ["1001", "王淑珍", ID1, "13805910032", "", "五四路 1 号", "5,000", "有效"]


def book_of(*rows: list[Any], head: list[str] | None = None) -> Workbook:
    return Workbook(Path("list.xlsx"), [Sheet("清单", [list(head or HEAD), *(list(row) for row in rows)])])


def plan_of(store: Store, *rows: list[Any], head: list[str] | None = None) -> ImportPlan:
    return store.read(prepare, book_of(*rows, head=head))


def imported(store: Store, *rows: list[Any], head: list[str] | None = None) -> ImportPlan:
    plan = plan_of(store, *rows, head=head)
    store.change(apply_plan, plan)
    return plan


def counts(plan: ImportPlan) -> tuple[int, int, int, int]:
    told = plan.as_json()
    return told["new"], told["changed"], told["unchanged"], told["failed"]


def all_of(store: Store, cls: Any) -> list[Any]:
    return list(store.read(lambda s: s.scalars(select(cls).where(cls.deleted_at.is_(None)).order_by(cls.id)).all()))


def test_a_list_becomes_clients_and_policies(store: Store) -> None:
    plan = imported(store, ONE, ["1002", "王淑珍", ID1, "059128123116", "", "", "800", ""])
    assert counts(plan) == (2, 0, 0, 0)
    (client,) = all_of(store, Client)
    assert (client.name, client.type, client.birth_on, client.sex) == ("王淑珍", "person", date(1949, 12, 31), "female")
    assert client.name_key.startswith("wang shu zhen")
    assert (client.consent, client.owner_id) == (True, store.author.person_id)
    assert [p.number for p in all_of(store, ClientPhone)] == ["13805910032", "059128123116"]
    first, second = all_of(store, Policy)
    assert (first.number, first.applicant_id, first.premium_fen) == ("1001", client.id, 500_000)
    assert (second.status, second.applicant_id) == ("in_force", client.id)
    assert plan.as_json()["clients"] == {"new": 1, "changed": 0, "unchanged": 0}


def test_the_same_list_again_changes_nothing(store: Store) -> None:
    imported(store, ONE)
    plan = plan_of(store, ONE)
    assert counts(plan) == (0, 0, 1, 0)
    assert (plan.inserts, plan.updates, plan.changes) == ({}, {}, [])
    _, changes = store.change(apply_plan, plan)
    assert changes.operation_id is None


def test_changed_cells_are_shown_and_written(store: Store) -> None:
    imported(store, ONE)
    plan = imported(store, ["1001", "王淑珍", ID1, "13900000000", "", "东街 2 号", "6,000", "有效"])
    assert counts(plan) == (0, 1, 0, 0)
    assert [(c.kind, c.field, c.old, c.new) for c in plan.changes] == [
        ("client", "address", "五四路 1 号", "东街 2 号"), ("client", "phones.number", None, "13900000000"),
        ("policy", "premium_fen", 500_000, 600_000),
    ]  # fmt: skip
    assert [p.number for p in all_of(store, ClientPhone)] == ["13805910032", "13900000000"]
    assert plan.as_json()["policies"] == {"new": 0, "changed": 1, "unchanged": 0}


def test_empty_cells_and_a_later_status_never_overwrite(store: Store) -> None:
    imported(store, ONE)
    (policy,) = all_of(store, Policy)

    def convert(session: Any) -> None:
        session.get(Policy, policy.id).status = "converted"

    store.change(convert)
    assert counts(plan_of(store, ["1001", "王淑珍", "", "", "", "", "", "有效"])) == (0, 0, 1, 0)
    imported(store, ["1001", "王淑珍", "", "", "", "", "", "退保"])
    assert all_of(store, Policy)[0].status == "converted"


def test_people_are_told_apart_and_together(store: Store) -> None:
    rows = [
        ["1", "王芳", "", "13805910032", "", "", "", ""],
        ["2", "王芳", "", "13805910032", "", "", "", ""],  # name and phone
        ["3", "王芳", ID1, "13805910032", "", "", "", ""],  # and now an ID
        ["4", "王芳", ID1, "", "", "", "", ""],
        ["5", "王芳", "", "13900000000", "", "", "", ""],  # another phone: somebody else
        ["6", "王芳", "", "", "1980-01-02", "", "", ""],
        ["7", "王芳", "", "", "1980-01-02", "", "", ""],  # name and birth
        ["8", "王芳", "", "", "", "", "", ""],  # a name alone is nobody known
        ["9", "福州晨光电力有限公司", "", "0591-28123116", "", "", "", ""],
        ["10", "福州晨光电力有限公司", "", "", "", "", "", ""],  # an organisation's full name is enough
    ]
    imported(store, *rows)
    policies = all_of(store, Policy)
    owners = {p.number: p.applicant_id for p in policies}
    assert owners["1"] == owners["2"] == owners["3"] == owners["4"]
    assert owners["6"] == owners["7"]
    assert owners["9"] == owners["10"]
    assert len(set(owners.values())) == 5
    assert [c.type for c in all_of(store, Client)].count("organisation") == 1
    assert counts(plan_of(store, *rows)) == (0, 0, 10, 0)


def test_contradictions_fail_their_row_only(store: Store) -> None:
    rows = [
        ONE,
        ["1002", "陈明", ID1, "", "", "", "1", ""],  # the same ID under another name
        ["1001", "王淑珍", ID1, "", "", "", "9,999", ""],  # the same policy with another premium
        ["1001", "王淑珍", ID1, "", "", "", "", ""],  # and once more, adding nothing
        ["1003", "王丽", "E12345678", "", "1950-01-01", "", "1", ""],
        ["1004", "王丽", "E12345678", "", "1951-01-01", "", "1", ""],  # two birth dates
        ["3.5E+17", "李强", "", "", "", "", "1", ""],
        ["1005", "李强", "110105194912310020", "12", "", "", "1", ""],
    ]
    plan = imported(store, *rows)
    assert counts(plan) == (2, 0, 1, 5)
    assert [(p.cell, p.code) for p in plan.problems] == [
        ("C3", "imports.other_name"), ("A4", "imports.twice"), ("E7", "imports.contradiction"),
        ("A8", "forms.broken_number"), ("C9", "forms.id_check_digit"), ("D9", "forms.not_a_phone"),
    ]  # fmt: skip
    assert all(p.message and "{" not in p.message for p in plan.problems)
    assert len(all_of(store, Policy)) == 2
    assert counts(plan_of(store, ["1009", "陈明", ID1, "", "", "", "1", ""])) == (0, 0, 0, 1)


def test_an_unknown_choice_stays_out_and_its_row_goes_in(store: Store) -> None:
    plan = imported(store, ["1", "王芳", "不知道的险种"], head=["保单号", "投保人", "险种类别"])
    assert counts(plan) == (1, 0, 0, 0)
    assert [(p.cell, p.code, p.kept) for p in plan.problems] == [("C2", "forms.not_a_choice", True)]
    plan = imported(store, ["2", "李红", "空号"], head=["保单号", "投保人", "联系电话"])
    assert counts(plan) == (1, 0, 0, 0)
    assert [(p.cell, p.code, p.kept) for p in plan.problems] == [("C2", "imports.no_phone", True)]
    plan = imported(store, ["1", "王芳", "不知道的状态"], head=["保单号", "投保人", "保单状态"])
    assert counts(plan) == (0, 0, 0, 1)


def test_a_list_of_clients_only(store: Store) -> None:
    head = ["企业名称", "统一社会信用代码", "行业", "联系人", "联系人电话"]
    row = ["福州晨光电力有限公司", "", "电力", "林经理", "13805910032"]
    assert counts(imported(store, row, head=head)) == (1, 0, 0, 0)
    assert counts(plan_of(store, row, head=head)) == (0, 0, 1, 0)
    assert all_of(store, Client)[0].industry == "电力"
    head = ["姓名", "职业"]
    assert counts(imported(store, ["王芳", "教师"], head=head)) == (1, 0, 0, 0)
    assert counts(imported(store, ["王芳", "医生"], head=head)) == (0, 1, 0, 0)


def test_a_credit_code_among_the_id_numbers_is_checked_as_one(store: Store) -> None:
    """Lists have one column for both; a mistyped code must not go in where the form would refuse it."""
    head = ["保单号", "投保人", "证件号码"]
    good, bad = "91350100MA2XXXXX0G", "91350100MA2XXXXX0X"
    plan = imported(store, ["1", "福建恒安物流有限公司", good], ["2", "福州晨光电力有限公司", bad], head=head)
    assert counts(plan) == (1, 0, 0, 1)
    assert [(p.cell, p.code, p.values["digit"]) for p in plan.problems] == [("C3", "forms.code_check_digit", "G")]
    assert [c.credit_code for c in all_of(store, Client)] == [good]


def test_a_list_of_policies_only(store: Store) -> None:
    imported(store, ONE)
    plan = imported(store, ["1001", "9"], ["7777", "9"], head=["保单号", "保费"])
    assert counts(plan) == (0, 1, 0, 1)
    assert [(p.cell, p.code) for p in plan.problems] == [("A3", "imports.nobody")]


def test_one_operation_that_is_undone_as_one(store: Store) -> None:
    imported(store, *[[str(i), f"王芳{i}", "", "", "1980-01-02", "", "1", ""] for i in range(50)])
    undone, _ = store.undo()
    assert not undone.skipped
    assert (all_of(store, Policy), all_of(store, Client)) == ([], [])
    store.redo()
    assert len(all_of(store, Policy)) == 50


def test_a_stale_plan_is_refused(book: Store) -> None:
    first, second = plan_of(book, ONE), plan_of(book, ONE)
    book.change(apply_plan, first)
    with pytest.raises(ChangedElsewhere):
        book.change(apply_plan, second)
    assert len(all_of(book, Policy)) == 1


def test_two_lists_of_people_at_once_make_nobody_twice(store: Store) -> None:
    head = ["姓名", "证件号码", "联系电话"]
    first = plan_of(store, ["王淑珍", "", "13805910032"], ["陈国强", ID1, ""], head=head)
    for again in (["王淑珍", "", ""], ["陈国栋", ID1, ""]):
        second = plan_of(store, again, head=head)
        store.change(apply_plan, first)
        with pytest.raises(ChangedElsewhere):
            store.change(apply_plan, second)
        assert len(all_of(store, Client)) == 2
        store.undo()
        first = plan_of(store, ["王淑珍", "", "13805910032"], ["陈国强", ID1, ""], head=head)


def test_cancel_leaves_nothing(book: Store) -> None:
    rows = [[str(i), f"王芳{i}", "", "", "1980-01-02", "", "1", ""] for i in range(3000)]
    progress = Progress()
    plan = plan_of(book, *rows)

    def cancelled(session: Any, plan: ImportPlan) -> None:
        progress.cancel()
        apply_plan(session, plan, progress)

    with pytest.raises(Cancelled):
        book.change(cancelled, plan)
    with pytest.raises(Cancelled):
        book.read(prepare, book_of(*rows), None, progress)
    assert book.read(lambda s: s.scalar(select(func.count()).select_from(Client))) == 0


def test_no_list_is_said(book: Store) -> None:
    with pytest.raises(Refused) as refused:
        book.read(prepare, Workbook(Path("x"), [Sheet("S", [["x"]])]))
    assert refused.value.code == "imports.no_list"


def test_a_list_of_unknown_columns_is_given_to_be_named_where_somebody_can(book: Store) -> None:
    strange = Workbook(Path("x"), [Sheet("S", [["Nr", "Wer"], ["9001", "王淑珍"]])])
    with pytest.raises(Refused):
        book.read(prepare, strange)
    plan = book.read(prepare, strange, ask=True)
    assert (plan.unclear, plan.read, plan.rows, plan.inserts) == (True, 1, [], {})
    named = book.read(prepare, strange, {"Nr": "policy.number", "Wer": "client.name"}, ask=True)
    assert (named.unclear, counts(named)) == (False, (1, 0, 0, 0))


@pytest.mark.office
def test_plain_numbers_of_an_xls_that_counts_from_1904(book: Store, tmp_path: Path, office: Office) -> None:
    from support.strange_lists import column, xlsx

    made = xlsx(column("满期日", [44984]), mac_dates=True)(tmp_path)
    store_file = office.convert(made, "xls", tmp_path / "xls")
    book.change(apply_plan, book.read(prepare, read(store_file)))
    assert all_of(book, Policy)[0].matures_on == date(2027, 2, 28)


def _whole(store: Store, path: Path, sample: lists.Sample) -> ImportPlan:
    plan = store.read(prepare, read(path))
    assert plan.read == len(sample.rows)
    told = plan.as_json()
    assert json.loads(json.dumps(told, ensure_ascii=False)) == told
    assert told["failed"] == len(sample.spoilt)
    columns = [title for _, title in sorted(sample.spoilt.items())]
    assert [
        plan.tables[0].columns[[c.index for c in plan.tables[0].columns].index(p.column)].title for p in plan.problems
    ] == columns
    store.change(apply_plan, plan)
    assert len(all_of(store, Policy)) == told["new"] == len(sample.rows) - len(sample.spoilt)
    return plan


@pytest.mark.parametrize("kind", ["xlsx", "gb18030", "utf-8-sig"])
def test_a_nasty_list(kind: str, book: Store, tmp_path: Path) -> None:
    sample = lists.make(300)
    path = tmp_path / f"list.{'xlsx' if kind == 'xlsx' else 'csv'}"
    if kind == "xlsx":
        lists.write_xlsx(path, sample)
    else:
        lists.write_csv(path, sample, kind)
    _whole(book, path, sample)
    assert counts(book.read(prepare, read(path)))[:2] == (0, 0)


@pytest.mark.office
def test_a_nasty_list_as_xls(book: Store, tmp_path: Path, office: Office) -> None:
    sample = lists.make(120)
    _whole(book, office.convert(lists.write_xlsx(tmp_path / "list.xlsx", sample), "xls", tmp_path / "xls"), sample)


def test_failed_rows_come_back_in_their_layout_and_go_in_when_corrected(book: Store, tmp_path: Path) -> None:
    import openpyxl

    sample = lists.make(100)
    plan = _whole(book, lists.write_xlsx(tmp_path / "list.xlsx", sample), sample)
    path = tmp_path / "errors.xlsx"
    assert write_errors(path, plan) == len(sample.spoilt) == 4
    given = read(path).sheets[0]
    assert given.merges[0] == (0, 0, 0, len(lists.TITLES))
    assert len(given.rows) == lists.HEADER_ROWS + 4
    assert [row[-1] for row in given.rows[lists.HEADER_ROWS :]] == ["30", "55", "80", "105"]
    assert given.rows[lists.HEADER_ROWS][-2].startswith("保险单号: Broken into scientific notation")
    again = book.read(prepare, read(path))
    assert counts(again) == (0, 0, 0, 4)

    workbook = openpyxl.load_workbook(path)
    page = workbook.active
    row = lists.HEADER_ROWS + 1
    page.cell(row, 2).value = "P-CORRECTED-1"
    workbook.save(path)
    corrected = book.read(prepare, read(path))
    assert counts(corrected) == (1, 0, 0, 3)
    write_errors(tmp_path / "locked.xlsx", plan, password="secret")
    assert len(read(tmp_path / "locked.xlsx", password="secret").sheets[0].rows) == lists.HEADER_ROWS + 4


def test_no_errors_no_file(book: Store, tmp_path: Path) -> None:
    assert write_errors(tmp_path / "errors.xlsx", plan_of(book, ONE)) == 0
    assert list(tmp_path.glob("errors*")) == []


def test_a_list_of_covers_that_renew_read_again_changes_nothing(store: Store) -> None:
    """The end of the cover is kept as the renewal date, also when the second list does not name the line."""
    rows = [["8001", "闽江水泥股份", "团车险", "2026-12-15"]]
    imported(store, *rows, head=["保单号", "投保人", "险种类别", "满期日期"])
    again = plan_of(store, *rows, head=["保单号", "投保人", "险种类别", "满期日期"])
    assert (counts(again), again.changes) == ((0, 0, 1, 0), [])
    shorter = plan_of(store, ["8001", "闽江水泥股份", "2026-12-15"], head=["保单号", "投保人", "满期日期"])
    assert (counts(shorter), shorter.changes) == ((0, 0, 1, 0), [])


def test_another_applicant_is_told_by_name(store: Store) -> None:
    imported(store, ONE)
    plan = plan_of(store, ["1001", "陈国强", "", "13805910099", "", "湖东路 2 号", "5,000", "有效"])
    (change,) = [c for c in plan.changes if c.field == "applicant_id"]
    assert change.shown(plan.names)[1:] == ("王淑珍", "陈国强")


@pytest.mark.parametrize("born", ["2098-02-03", "2098年2月3日", "20980203"])
def test_a_birth_in_the_future_is_left_out_and_told(store: Store, born: str) -> None:
    plan = imported(store, ["1001", "王淑珍", "", "13805910032", born, "五四路 1 号", "5,000", "有效"])
    assert [(p.cell, p.code, p.kept) for p in plan.problems] == [("E2", "forms.not_yet", True)]
    (client,) = all_of(store, Client)
    assert client.birth_on is None


def test_what_contradicts_the_id_number_or_lies_in_the_future_stays_out_and_is_told(store: Store) -> None:
    head = ["保单号", "投保人", "证件号码", "出生日期", "性别"]
    rows = [
        ["1001", "王淑珍", ID1, "1950-01-01", "男"],
        ["1002", "陈明", "", "2055-01-01", "男"],
        ["1003", "林晓", "", "不详", "女"],
    ]
    plan = imported(store, *rows, head=head)
    assert [(p.cell, p.code, p.kept) for p in plan.problems] == [
        ("D2", "imports.against_number", True), ("E2", "imports.against_number", True),
        ("D3", "forms.not_yet", True),
    ]  # fmt: skip
    assert counts(plan) == (3, 0, 0, 0)
    found = {c.name: (c.birth_on, c.sex) for c in all_of(store, Client)}
    assert found["王淑珍"] == (date(1949, 12, 31), "female")
    assert found["陈明"] == (None, "male")


def test_values_that_only_the_other_type_of_client_has_are_told(store: Store) -> None:
    head = ["保单号", "投保人", "证件号码", "联系人", "联系人电话", "性别"]
    person = ["1001", "王淑珍", ID1, "王小明", "13705910003", "女"]
    firm = ["1002", "福州晨光电力有限公司", "12345678-9", "李经理", "13805910032", ""]
    alone = imported(store, person, head=head)
    assert alone.left_out() == ["联系人", "联系人电话"]  # nobody could take any of it
    assert alone.problems == []
    both = plan_of(store, person, firm, head=head)
    assert both.left_out() == []
    assert [(p.cell, p.code, p.kept) for p in both.problems] == [
        ("D2", "imports.only_organisations", True), ("E2", "imports.only_organisations", True),
        ("C3", "imports.only_persons", True),
    ]  # fmt: skip
    assert counts(both) == (1, 0, 1, 0)


def test_hidden_sheets_with_a_list_are_named(store: Store) -> None:
    rows = [list(HEAD), list(ONE)]
    sheets = [
        Sheet("清单", rows),
        Sheet("上月", [list(HEAD), list(ONE)], hidden="hidden"),
        Sheet("字典", [], hidden="hidden"),
    ]
    plan = store.read(prepare, Workbook(Path("list.xlsx"), sheets))
    assert plan.as_json()["hidden"] == ["上月"]
    assert "上月" in plan.note()
    alone = store.read(prepare, Workbook(Path("list.xlsx"), sheets[1:]))
    assert (alone.count("new"), alone.hidden, alone.note()) == (1, [], "")
