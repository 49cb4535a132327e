"""Failed rows as a workbook: corrected in a spreadsheet program it imports again, and only its rows are taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from fieldcrm.base import i18n
from fieldcrm.base.data.store import Store
from fieldcrm.base.sheets.reader import Sheet, Workbook, read
from fieldcrm.core.imports import ImportPlan, apply_plan, prepare, write_errors
from fieldcrm.core.imports.recognise import _ADDED
from fieldcrm.core.imports.table import REASON
from fieldcrm.core.policies.tables import Policy
from support import core_lists as lists
from support.office import Office

COUNT, SPOILT = 200, 8
RIGHT = {"保险单号": "P-CORRECTED-{}", "证件号码": "", "满期日期": "2026-12-01", "保险费": "50,000"}


def imported(store: Store, path: Path) -> ImportPlan:
    plan = store.read(prepare, read(path))
    store.change(apply_plan, plan)
    return plan


def policies(store: Store) -> int:
    alive = select(func.count()).select_from(Policy).where(Policy.deleted_at.is_(None))
    return store.read(lambda s: s.execute(alive).scalar_one())


def corrected(path: Path) -> int:
    """Put right what `RIGHT` knows, as a person does who reads the reasons; gives how many rows."""
    import openpyxl

    workbook = openpyxl.load_workbook(path)
    page: Any = workbook.active
    places = {cell.value: cell.column for cell in page[lists.HEADER_ROWS - 1]}
    done = 0
    for row in page.iter_rows(min_row=lists.HEADER_ROWS + 1):
        title = row[-2].value.partition(":")[0]
        if title in RIGHT:
            page.cell(row[0].row, places[title]).value = RIGHT[title].format(done)
            done += 1
    workbook.save(path)
    return done


@pytest.mark.office
@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_corrected_in_a_spreadsheet_program_just_those_rows_go_in(
    kind: str, book: Store, tmp_path: Path, office: Office
) -> None:
    plan = imported(book, lists.write_xlsx(tmp_path / "list.xlsx", lists.make(COUNT)))
    assert (policies(book), plan.count("failed")) == (COUNT - SPOILT, SPOILT)
    path = tmp_path / "errors.xlsx"
    write_errors(path, plan)
    done = corrected(path)
    saved = office.convert(path, kind, tmp_path / kind)
    again = imported(book, saved)
    assert (again.read, again.count("new"), again.count("failed")) == (SPOILT, done, SPOILT - done)
    assert policies(book) == COUNT - SPOILT + done
    assert again.left_out() == ["序号", "业务员代码"]
    book.undo()
    assert policies(book) == COUNT - SPOILT


def test_what_fails_again_comes_back_in_the_same_layout(book: Store, tmp_path: Path) -> None:
    plan = book.read(prepare, read(lists.write_xlsx(tmp_path / "list.xlsx", lists.make(COUNT))))
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    write_errors(first, plan)
    again = book.read(prepare, read(first))
    write_errors(second, again)
    (one,), (two,) = read(first).sheets, read(second).sheets
    assert [row[:-1] for row in one.rows] == [row[:-1] for row in two.rows]
    assert (one.merges, again.tables[0].signature) == (two.merges, plan.tables[0].signature)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_its_column_is_known_in_every_language(language: str) -> None:
    before = i18n.language()
    i18n.use(language)
    try:
        assert i18n.gettext(REASON) in _ADDED
    finally:
        i18n.use(before)


def test_columns_are_as_wide_as_what_stands_in_them(book: Store, tmp_path: Path) -> None:
    import openpyxl

    head = ["保单号", "投保人", "地址", "保费"]
    rows = [["3501000000000007", "王芳", "福州市鼓楼区五四路一百五十八号环球广场二十三层", "约五万"]]
    plan = book.read(prepare, Workbook(Path("x.xlsx"), [Sheet("清单", [head, *rows])]))
    write_errors(tmp_path / "errors.xlsx", plan)
    page = openpyxl.load_workbook(tmp_path / "errors.xlsx").worksheets[0]
    widths = [page.column_dimensions[letter].width for letter in "ABCD"]
    assert widths[0] > 16
    assert widths[2] > widths[0] > widths[1]
    assert max(widths) < 40


def test_a_list_that_is_gone_by_now_does_not_matter(book: Store, tmp_path: Path) -> None:
    source = lists.write_xlsx(tmp_path / "list.xlsx", lists.make(COUNT))
    plan = book.read(prepare, read(source))
    source.unlink()
    target = tmp_path / "failed.xlsx"
    target.write_bytes(b"an older one")
    assert write_errors(target, plan) == plan.count("failed") > 0
