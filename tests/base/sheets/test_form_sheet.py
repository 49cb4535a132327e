"""A form as a sheet: titles, drop-downs and values in the language spoken now."""

from __future__ import annotations

from datetime import UTC, date, datetime

from fieldcrm.base import i18n
from fieldcrm.base.forms.model import Choice, Field, Form, Kind
from fieldcrm.base.sheets.form_sheet import form_sheet, money_text, sheet_name
from fieldcrm.base.sheets.writer import Column

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
    first = ["王淑珍", "女", "是", "1200.50", "1964-11-23", "2026-11-26 09:05", "老客户、邻居", "号码不对"]
    assert list(sheet.rows) == [first, ["陈", "", "", "", "", "", "", ""]]


def test_english_and_chosen_fields() -> None:
    sheet = form_sheet(FORM, [ROW], fields=["sex", "name"])
    assert (sheet.name, [c.title for c in sheet.columns], list(sheet.rows)) == (
        "Client",
        ["Sex", "Name"],
        [["Female", "王淑珍"]],
    )


def test_money_and_names() -> None:
    assert [money_text(f) for f in (0, 5, -120050, 100)] == ["0", "0.05", "-1200.50", "1"]
    assert sheet_name("a/b:[c]" + "x" * 40) == "a b c " + "x" * 25
    assert sheet_name("'?'") == "Sheet"
