"""A form as a sheet: titles, drop-downs and values in the language spoken now."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fieldcrm.base import i18n
from fieldcrm.base.forms import all_forms, parse
from fieldcrm.base.forms.model import Choice, Field, Form, Kind
from fieldcrm.base.sheets.form_sheet import column, form_sheet, sheet_name
from fieldcrm.base.sheets.reader import read
from fieldcrm.base.sheets.writer import Column, text_width, write

SAMPLES = {
    Kind.TEXT: "王 淑珍",
    Kind.LONG_TEXT: "一\n二",
    Kind.YES_NO: True,
    Kind.DATE: date(2026, 11, 26),
    Kind.INSTANT: datetime(2026, 11, 26, 1, 5, tzinfo=UTC),
    Kind.TIME: "09:30",
    Kind.INTEGER: 12,
    Kind.MONEY: 120050,
    Kind.PERCENT: "12.5",
    Kind.DECIMAL: "26.05",
    Kind.PHONE: "13805910032",
    Kind.ID_NUMBER: "11010519491231002X",
    Kind.CREDIT_CODE: "91350100M000100Y43",
    Kind.NUMBER: "0012",
    Kind.TAGS: ["老客户", "邻居"],
}

FORM = Form(
    "client",
    1,
    "客户",
    "Client",
    (
        Field("name", Kind.TEXT, "姓名", "Name", width=10),
        Field("sex", Kind.CHOICE, "性别", "Sex", choices=(Choice("m", "男", "Male"), Choice("f", "女", "Female"))),
        Field("consent", Kind.YES_NO, "同意联系", "Consent"),
        Field("premium_fen", Kind.MONEY, "保费", "Premium"),
        Field("born_on", Kind.DATE, "出生日期", "Born"),
        Field("seen_at", Kind.INSTANT, "见面", "Seen"),
        Field("tags", Kind.TAGS, "标签", "Tags"),
        Field("phones", Kind.LIST, "电话", "Phones"),
    ),
)
ROW = {
    "name": "王淑珍", "sex": "f", "consent": True, "premium_fen": 120050, "born_on": date(1964, 11, 23),
    "seen_at": datetime(2026, 11, 26, 1, 5, tzinfo=UTC), "tags": ["老客户", "邻居"], "why": "号码不对",
}  # fmt: skip


def test_chinese() -> None:
    i18n.use("zh_CN")
    sheet = form_sheet(FORM, [ROW, {"name": "陈"}], more={"why": Column("原因", tone="bad")})
    assert [c.title for c in sheet.columns] == ["姓名", "性别", "同意联系", "保费", "出生日期", "见面", "标签", "原因"]
    assert sheet.columns[1].choices == ("男", "女")
    assert sheet.columns[2].choices == ("是", "否")
    first = ["王淑珍", "女", "是", "1,200.50", "1964-11-23", "2026-11-26 09:05", "老客户、邻居", "号码不对"]
    assert list(sheet.rows) == [first, ["陈", "", "", "", "", "", "", ""]]


def test_english_and_chosen_fields() -> None:
    sheet = form_sheet(FORM, [ROW], fields=["sex", "name"])
    assert (sheet.name, [c.title for c in sheet.columns], list(sheet.rows)) == (
        "Client",
        ["Sex", "Name"],
        [["Female", "王淑珍"]],
    )


def test_names() -> None:
    assert sheet_name("a/b:[c]" + "x" * 40) == "a b c " + "x" * 25
    assert sheet_name("'?'") == "Sheet"


@pytest.mark.parametrize("form", list(all_forms().values()), ids=list(all_forms()))
def test_every_form_goes_to_a_sheet_and_back(form: Form, tmp_path: Path) -> None:
    i18n.use("zh_CN")
    fields = [field for field in form.fields if field.kind not in (Kind.LIST, Kind.RECORD)]
    values = {field.name: SAMPLES[field.kind] for field in fields if field.kind in SAMPLES}
    values |= {field.name: field.choices[0].code for field in fields if field.kind is Kind.CHOICE}
    values |= {field.name: [field.choices[-1].code] for field in fields if field.kind is Kind.CHOICES}
    path = tmp_path / "form.xlsx"
    write(path, [form_sheet(form, [values], fields=[field.name for field in fields])])
    titles, row = read(path).sheets[0].rows
    assert titles == [field.label for field in fields]
    assert {field.name: parse(field, cell) for field, cell in zip(fields, row, strict=True)} == {
        field.name: values.get(field.name) for field in fields
    }


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_columns_show_their_choices_whole(language: str) -> None:
    i18n.use(language)
    for form in all_forms().values():
        for field in form.fields:
            if field.kind is Kind.CHOICE:
                made = column(field)
                assert all(text_width(choice) < made.width for choice in made.choices), (form.kind, field.name)
