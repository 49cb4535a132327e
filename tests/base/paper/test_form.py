"""Official forms on paper: every field of a definition, blank, filled and as a register."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fieldcrm.base import clock, i18n
from fieldcrm.base.forms import all_forms, get
from fieldcrm.base.forms.model import Form, Kind
from fieldcrm.base.paper import sheet
from fieldcrm.base.paper.form import form_blank, form_filled, form_register
from fieldcrm.base.paper.preview import Pages
from fieldcrm.base.paper.sheet import Document
from fieldcrm.base.paper.table import Table


def texts(document: Document) -> list[str]:
    with Pages(sheet.build(document)[0]) as pages:
        return [pages.text(number) for number in range(len(pages))]


def flat(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_form_prints_blank(language: str) -> None:
    i18n.use(language)
    for form in all_forms().values():
        text = flat("".join(texts(form_blank(form))))
        for field in form.fields:
            if field.kind is not Kind.RECORD or field.name in ("client_id", "applicant_id"):
                assert flat(field.label) in text, (form.kind, field.name)


def test_the_blank_callback_form_has_boxes_to_tick() -> None:
    i18n.use("zh_CN")
    text = "".join(texts(form_blank(get("callback"))))
    assert "有效回访统计表" in text
    assert "□ 有意向 □ 考虑" in text
    assert "□ 已说明 □ 需再说明" in text
    assert "填表人：" in text


def _values() -> dict[str, Any]:
    return {
        "serial_number": 3,
        "client_id": "c" * 32,
        "policy_number": "8600123456789012",
        "product_held": "千里马两全（分红）",
        "called_at": clock.instant(date(2026, 11, 20), 10, 5),
        "result": "reached",
        "maturity_explained": True,
        "conversion_explained": False,
        "intention": "considering",
        "remark": "女儿在家，㛃䶮𠮷",
    }


def test_a_filled_callback_form() -> None:
    i18n.use("zh_CN")
    text = "".join(texts(form_filled(get("callback"), _values(), names={"c" * 32: "王淑珍"})))
    for words in ("王淑珍", "8600123456789012", "■ 已说明 □ 需再说明", "□ 已说明 ■ 未说明", "■ 考虑", "㛃䶮𠮷"):
        assert words in text


def test_a_register_counts_and_leaves_rows_to_write() -> None:
    i18n.use("zh_CN")
    columns = [
        "serial_number",
        "client_id",
        "policy_number",
        "product_held",
        "maturity_explained",
        "intention",
        "remark",
    ]
    rows = [{**_values(), "serial_number": None, "remark": f"R{n:03}"} for n in range(1, 41)]
    pages = texts(form_register(get("callback"), rows, columns=columns, names={"c" * 32: "王淑珍"}, blank_rows=2))
    assert len(pages) > 1
    for number in range(1, 41):
        assert f"R{number:03}" in "".join(pages)
    assert all("客户姓名" in text for text in pages if "王淑珍" in text)
    assert "王淑珍" in pages[0]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_usual_rows_of_the_official_registers_take_one_line(language: str) -> None:
    """Long heads in one language take no room from the products and names."""
    i18n.use(language)
    row = _values() | {"product_held": "聚宝盆终身寿险（万能型）", "conversion_offer": "年金 D 款 8 万 + 存单 5 万"}
    row |= {"policy_number": "202135019900002226", "remark": "上午方便接电话"}
    columns = [
        "serial_number", "client_id", "policy_number", "product_held", "maturity_explained", "conversion_explained",
        "conversion_offer", "intention", "remark",
    ]  # fmt: skip
    made = form_register(get("callback"), [row] * 4, columns=columns, names={"c" * 32: "欧阳慕容"})
    table = made.parts[0].blocks[0]
    assert isinstance(table, Table)
    assert table._row_heights(763.9) == [21.0] * 4


def test_who_and_when_stand_on_filled_paper_and_can_be_written_on_blank_paper() -> None:
    i18n.use("zh_CN")
    assert f"填表日期：{clock.today().isoformat()}" in texts(form_filled(get("callback"), _values()))[0]
    blank = texts(form_blank(get("client")))[0]
    assert "填表日期：____" in blank
    assert "机构：____" in blank


def test_what_a_filled_form_lacks_has_room_to_write() -> None:
    """An evening sheet printed at noon is finished by hand."""
    empty = form_filled(get("diary"), {"day": date(2026, 11, 20)})
    full = form_filled(get("diary"), {"day": date(2026, 11, 20), "problems": "x", "help_wanted": "x"})

    def height(made: Document) -> float:
        return sum(block.height(517) for block in made.parts[0].blocks)

    assert height(empty) > height(full) + 13


def test_a_long_name_makes_no_tall_narrow_cell() -> None:
    """Thirty characters take the room of a few lines, not of ten."""
    i18n.use("zh_CN")
    columns = ["serial_number", "client_id", "policy_number", "product_held", "intention", "remark"]
    name = "阿卜杜热依木买买提江艾合买提吐尔逊阿依古丽巴哈尔努尔麦麦提"

    def height(client: str) -> float:
        made = form_register(get("callback"), [_values()], columns=columns, names={"c" * 32: client})
        return made.parts[0].blocks[0].height(770)

    assert height(name) - height("王") < 40


def test_phones_and_id_numbers_are_masked() -> None:
    form = get("client")
    values = {
        "type": "person",
        "name": "王淑珍",
        "id_number": "350102197403010021",
        "phones": [{"number": "13805910032"}],
    }
    assert "350102197403010021" not in flat("".join(texts(form_filled(form, values))))
    assert "13805910032" not in flat("".join(texts(form_filled(form, values))))
    assert "350102197403010021" in flat("".join(texts(form_filled(form, values, masked=False))))


def test_long_words_go_on_over_the_page() -> None:
    form: Form = get("diary")
    long = "\n".join(f"L{n:03}" for n in range(180))
    text = "".join(texts(form_filled(form, {"day": date(2026, 11, 20), "happened": long})))
    assert all(f"L{n:03}" in text for n in range(180))


def test_numbers_of_a_register_are_never_broken_nor_empty_lists_drawn() -> None:
    number = "202135019900002293"
    rows = [{**_values(), "policy_number": number, "remark": "说" * 60} for _n in range(3)]
    columns = ["serial_number", "client_id", "policy_number", "product_held", "maturity_explained",
               "conversion_explained", "conversion_offer", "intention", "objection", "result", "remark"]  # fmt: skip
    pages = texts(form_register(get("callback"), rows, columns=columns, names={"c" * 32: "王淑珍"}))
    assert sum(page.count(number) for page in pages) == 3
    text = "".join(texts(form_filled(get("diary"), {"day": date(2026, 11, 20), "happened": "拜访 2 家"})))
    assert "补记" not in text
    assert "Annotations" not in text
