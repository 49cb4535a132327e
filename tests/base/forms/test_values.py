"""What people type and lists contain becomes values, what is shown reads back, what cannot stand is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base import clock, forms, i18n
from fieldcrm.base.errors import InvalidField, InvalidFields
from fieldcrm.base.forms import Field, Kind, identity, parse, show

NOW = datetime(2026, 11, 20, 2, 12, tzinfo=UTC)
BARE = datetime.fromisoformat("2026-11-20 10:12")  # as a spreadsheet holds it, without a zone


@pytest.fixture(autouse=True)
def _in_november() -> Iterator[None]:
    with clock.at(NOW):
        yield


def field(kind: Kind, **more: Any) -> Field:
    return Field("f", kind, "字段", "Field", **more)


def refused(kind: Kind, raw: Any) -> str:
    with pytest.raises(InvalidField) as caught:
        parse(field(kind), raw)
    assert caught.value.field == "f"
    assert caught.value.sentence
    return caught.value.code


@pytest.mark.parametrize(
    "raw",
    [
        "2026-11-20", "2026/11/20", "2026.11.20", "20261120", "2026年11月20日", "2026-11-20 00:00:00",
        "２０２６－１１－２０",
        " 2026 年 11 月 20 日 ", "11-20", "11/20", "11月20日", "11-20 周五", "2026-11-20 星期五",
        "2026-11-20（周五）", "46346",
        46346, 46346.0, 46346.75, 20261120, 20261120.0, date(2026, 11, 20),
        datetime(2026, 11, 20, 9, 30, tzinfo=clock.SHANGHAI),
        datetime(2026, 11, 19, 16, 30, tzinfo=UTC), "20 Nov 2026", "Fri 20 Nov", "2026-11-20T00:00:00",
    ],
)  # fmt: skip
def test_a_day_in_many_spellings(raw: Any) -> None:
    assert parse(field(Kind.DATE), raw) == date(2026, 11, 20)


@pytest.mark.parametrize(
    "raw", ["2026-02-30", "明天后", "20261320", "2026", 2026, 12.5, float("nan"), 1e300, "1-2-3", True]
)
def test_not_a_day(raw: Any) -> None:
    assert refused(Kind.DATE, raw) == "forms.not_a_date"


@pytest.mark.parametrize(
    ("raw", "fen"),
    [
        ("12万", 12_000_000), ("12.0 万", 12_000_000), ("1.2亿", 12_000_000_000), ("120,000", 12_000_000),
        ("¥1,234.50", 123_450), ("￥1,234.5元", 123_450), ("１２０，０００元", 12_000_000), ("人民币5000元整", 500_000),
        ("-1,234.50", -123_450), ("(1,234.50)", -123_450), ("0.1", 10), (".5", 50), (0.3, 30), (0.1 + 0.2, 30),
        (1234.5, 123_450), (120000, 12_000_000), ("5千", 500_000), ("1234567.89", 123_456_789), ("0", 0), (0, 0),
        ("8w", 8_000_000),
    ],
)  # fmt: skip
def test_amounts_are_exact(raw: Any, fen: int) -> None:
    assert parse(field(Kind.MONEY), raw) == fen


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("约十万", "forms.not_an_amount"), ("12,00", "forms.not_an_amount"), ("1.2.3", "forms.not_an_amount"),
        (".", "forms.not_an_amount"),
        ("0.001", "forms.part_of_fen"), (0.125, "forms.part_of_fen"), ("1.2E+07", "forms.broken_number"),
        ("99999999999999999", "forms.too_large"), (float("inf"), "forms.not_an_amount"), (1e300, "forms.too_large"),
        (True, "forms.not_an_amount"),
    ],
)  # fmt: skip
def test_not_an_amount(raw: Any, code: str) -> None:
    assert refused(Kind.MONEY, raw) == code


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("138 0591 0032", "13805910032"), ("+86 138-0591-0032", "13805910032"), ("0086 13805910032", "13805910032"),
        ("8613805910032", "13805910032"), ("１３８０５９１００３２", "13805910032"), (13805910032, "13805910032"),
        (13805910032.0, "13805910032"), ("0591-28123116", "059128123116"), ("(0591)28123116", "059128123116"),
        ("010-12345678转801", "01012345678-801"), ("010-12345678-801", "01012345678-801"),
        ("400-810-0000", "4008100000"), ("95519", "95519"), ("28123116", "28123116"),
        ("+852 2345 6789", "+85223456789"),
    ],
)  # fmt: skip
def test_phones(raw: Any, number: str) -> None:
    assert parse(field(Kind.PHONE), raw) == number


@pytest.mark.parametrize("raw", ["1380591003", "+86 591 28123116", "138059100321", "abc", "123", "1.38059E+10", 1.5])
def test_not_a_phone(raw: Any) -> None:
    assert refused(Kind.PHONE, raw) in ("forms.not_a_phone", "forms.broken_number")


def test_phones_in_one_cell() -> None:
    cell = "13805910032/0591-28123116；138 0591 0033"
    assert identity.split_phones(cell) == ["13805910032", "0591-28123116", "138 0591 0033"]


def test_resident_id() -> None:
    assert parse(field(Kind.ID_NUMBER), "11010519491231002x") == "11010519491231002X"
    assert parse(field(Kind.ID_NUMBER), "'110105 19491231 002X") == "11010519491231002X"
    assert parse(field(Kind.ID_NUMBER), "E12345678") == "E12345678"
    assert identity.id_birth("11010519491231002X") == date(1949, 12, 31)
    assert identity.id_birth("110105491231002") == date(1949, 12, 31)
    assert identity.id_birth("E12345678") is None


def test_a_wrong_check_digit_is_told_in_words_a_person_uses() -> None:
    i18n.use("zh_CN")
    with pytest.raises(InvalidField) as caught:
        parse(field(Kind.ID_NUMBER), "110105194912310021")
    assert caught.value.sentence == "身份证号第 18 位校验不符，应为 X"
    assert "110105194912310021" not in str(caught.value) + str(caught.value.values)
    with pytest.raises(InvalidField) as caught:
        parse(field(Kind.ID_NUMBER), "3.50102E+17")
    assert caught.value.code == "forms.broken_number"
    assert "科学计数" in caught.value.sentence


def test_broken_by_a_spreadsheet() -> None:
    assert refused(Kind.ID_NUMBER, 3.50102197403160e17) == "forms.broken_number"
    assert refused(Kind.NUMBER, "8.6E+15") == "forms.broken_number"
    assert refused(Kind.NUMBER, 8600000000000217.0) == "forms.broken_number"
    assert refused(Kind.NUMBER, 12.5) == "forms.broken_number"
    assert parse(field(Kind.NUMBER), 12345.0) == "12345"
    assert parse(field(Kind.NUMBER), "00123") == "00123"
    assert parse(field(Kind.NUMBER), "12E5") == "12E5"
    assert refused(Kind.ID_NUMBER, "110105199902300012") == "forms.id_birth"


def test_credit_code() -> None:
    assert parse(field(Kind.CREDIT_CODE), "91110000 600037341l") == "91110000600037341L"
    assert refused(Kind.CREDIT_CODE, "911100006000373410") == "forms.code_check_digit"
    assert refused(Kind.CREDIT_CODE, "9111000060003734") == "forms.code_length"
    assert refused(Kind.CREDIT_CODE, "9111000060003734IL") == "forms.code_signs"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("9:00", "09:00"), ("09:30", "09:30"), ("1530", "15:30"), ("15：30", "15:30"), ("下午3点", "15:00"),
     ("9点半", "09:30"),
     ("上午 9时5分", "09:05"), (time(9, 30), "09:30"), (0.5, "12:00"), (timedelta(hours=9), "09:00"),
     ("3pm", "15:00"), ("12:30 am", "00:30")],
)  # fmt: skip
def test_times(raw: Any, expected: str) -> None:
    assert parse(field(Kind.TIME), raw) == expected


@pytest.mark.parametrize("raw", ["25:00", "9:60", "9", "早", 1.5, ""])
def test_not_a_time(raw: Any) -> None:
    if raw == "":
        assert parse(field(Kind.TIME), raw) is None
    else:
        assert refused(Kind.TIME, raw) == "forms.not_a_time"


@pytest.mark.parametrize(
    "raw",
    ["2026-11-20 10:12", "2026/11/20 10:12:00", "11-20 10:12", "2026-11-20T10:12", "2026-11-20T02:12:00Z",
     "2026年11月20日 10点12分",
     BARE, NOW, 46346.425],
)  # fmt: skip
def test_instants_are_shanghai_time(raw: Any) -> None:
    assert parse(field(Kind.INSTANT), raw) == NOW
    assert show(field(Kind.INSTANT), NOW) == "2026-11-20 10:12"


@pytest.mark.parametrize("raw", ["昨天傍晚", "2026-11-20 25:00", "10:12"])
def test_not_an_instant(raw: str) -> None:
    assert refused(Kind.INSTANT, raw) == "forms.not_an_instant"


def test_yes_and_no() -> None:
    for raw in ("是", "Y", "yes", "√", "1", "有", True, "TRUE", "对"):
        assert parse(field(Kind.YES_NO), raw) is True
    for raw in ("否", "N", "no", "×", "0", "无", False):
        assert parse(field(Kind.YES_NO), raw) is False
    assert refused(Kind.YES_NO, "也许") == "forms.not_yes_no"
    explained = forms.get("callback")["maturity_explained"]
    assert parse(explained, "需再说明") is False
    assert show(explained, True) == "Explained"


def test_choices_by_code_label_and_synonym() -> None:
    sex = forms.get("client")["sex"]
    for raw in ("female", "女", "Female", "女性", "F", " 女 ", "ｆ"):
        assert parse(sex, raw) == "female"
    with pytest.raises(InvalidField) as caught:
        parse(sex, "未知")
    assert caught.value.sentence == '"未知" is not one of: Female, Male.'
    ranks = forms.get("client")["ranks"]
    assert parse(ranks, "上市公司、全国500强") == ["national_500", "listed"]
    assert show(ranks, ["national_500", "listed"]) == "National 500, Large listed company"
    assert parse(forms.get("client")["key_industry"], "无") == "none"


def test_empty_cells() -> None:
    for kind in Kind:
        if kind is not Kind.LIST:
            assert parse(field(kind), "  ") is None
            assert parse(field(kind), None) is None
            assert show(field(kind), None) == ""
    assert parse(field(Kind.MONEY), "—") is None
    assert parse(field(Kind.DATE), "/") is None
    assert parse(field(Kind.TEXT), "无") == "无"


def test_text_is_tidied_and_rare_characters_stay() -> None:
    assert parse(field(Kind.TEXT), " 㛃  䶮𠮷\x00\n") == "㛃 䶮𠮷"
    assert parse(field(Kind.LONG_TEXT), " 一行 \r\n二行\n\n") == " 一行\n二行"
    assert parse(field(Kind.TEXT), 2026.0) == "2026"
    assert parse(field(Kind.TAGS), "养老，教育; 养老") == ["养老", "教育"]


def test_masked_by_default() -> None:
    assert show(field(Kind.PHONE), "13805910032") == "138 0591 ••32"
    assert show(field(Kind.PHONE), "13805910032", masked=False) == "13805910032"
    assert "19491231" not in show(field(Kind.ID_NUMBER), "11010519491231002X")


def test_numbers() -> None:
    assert parse(field(Kind.INTEGER), "1,200") == 1200
    assert parse(field(Kind.INTEGER), "5年") == 5
    assert parse(field(Kind.INTEGER), 5.0) == 5
    assert parse(field(Kind.INTEGER), "保至终身") is None
    assert parse(field(Kind.INTEGER), "趸交") is None
    assert refused(Kind.INTEGER, "5.5") == "forms.not_whole"
    assert refused(Kind.INTEGER, "五") == "forms.not_a_number"
    assert parse(field(Kind.PERCENT), "12.50%") == "12.5"
    assert parse(field(Kind.PERCENT), "12.5％") == "12.5"
    assert parse(field(Kind.DECIMAL), "26.0500") == "26.05"
    assert parse(field(Kind.DECIMAL), 100.0) == "100"
    assert refused(Kind.DECIMAL, "Infinity") == "forms.not_a_number"


# Round trips: what is shown reads back

ROUND = {
    Kind.DATE: st.dates(date(1900, 1, 1), date(2200, 12, 31)),
    Kind.MONEY: st.integers(-(10**15), 10**15),
    Kind.INTEGER: st.integers(-(10**15), 10**15),
    Kind.TIME: st.times().map(lambda t: f"{t:%H:%M}"),
    Kind.INSTANT: st.datetimes(datetime.fromisoformat("1992-01-01"), datetime.fromisoformat("2199-12-31")).map(
        lambda d: d.replace(second=0, microsecond=0, tzinfo=UTC)
    ),
    Kind.YES_NO: st.booleans(),
    Kind.PHONE: st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    Kind.DECIMAL: st.decimals(-1000, 1000, places=4).map(lambda d: forms.values.amounts.plain(d)),
    Kind.TAGS: st.lists(st.text("养老教育ab12", min_size=1), min_size=1, unique=True),
    Kind.TEXT: st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1),
    Kind.LONG_TEXT: st.text("一行 ab\n", min_size=1),
}


@pytest.mark.parametrize("kind", ROUND, ids=str)
@given(data=st.data())
def test_shown_reads_back(kind: Kind, data: st.DataObject) -> None:
    value = data.draw(ROUND[kind])
    if kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.TAGS):
        value = parse(field(kind), value)
    with clock.at(NOW):
        assert parse(field(kind), show(field(kind), value, masked=False)) == value


CELLS = st.one_of(
    st.text(max_size=30),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
)


@pytest.mark.parametrize("kind", [k for k in Kind if k is not Kind.LIST], ids=str)
@given(raw=CELLS)
def test_nothing_from_a_cell_breaks_a_reader(kind: Kind, raw: Any) -> None:
    """Whatever stands in a cell, it becomes a value or is refused with a sentence."""
    sentences = ["read"]
    try:
        parse(field(kind), raw)
    except InvalidField as problem:
        sentences.append(problem.sentence)
    assert all(sentences)


@given(st.integers(0, 10**17 - 1), st.dates(date(1900, 1, 1), date(2026, 1, 1)))
def test_only_the_right_check_digit_passes(seed: int, birth: date) -> None:
    body = f"{seed % 10**6:06d}{birth:%Y%m%d}{seed // 10**6 % 1000:03d}"
    passed = []
    for digit in "0123456789X":
        try:
            passed.append(parse(field(Kind.ID_NUMBER), body + digit))
        except InvalidField as problem:
            right = problem.values["digit"]
    assert passed == [body + right]


# Forms as a whole


def test_clean_reads_checks_and_hides() -> None:
    values = forms.clean(
        forms.get("client"), {"type": "企业", "name": " 福建恒安物流有限公司 ", "sex": "女", "ranks": "百强"}
    )
    assert values["type"] == "organisation"
    assert values["name"] == "福建恒安物流有限公司"
    assert values["sex"] is None
    assert values["ranks"] == ["local_100_overall"]
    assert values["consent"] is True
    assert values["phones"] == []


def test_clean_collects_every_problem_in_the_order_of_the_form() -> None:
    with pytest.raises(InvalidFields) as caught:
        forms.clean(
            forms.get("client"),
            {
                "id_number": "110105194912310021",
                "birth_on": "x",
                "phones": [{"number": "13805910032"}, {"label": "mobile"}],
            },
        )
    assert [p.field for p in caught.value.problems] == ["name", "birth_on", "id_number", "phones.1.number"]


def test_nobody_is_born_in_the_future() -> None:
    with clock.at(NOW):
        today = clock.today()
        born = {"name": "王淑珍", "birth_on": today.isoformat()}
        assert forms.clean(forms.get("client"), born)["birth_on"] == today
        with pytest.raises(InvalidFields) as caught:
            forms.clean(forms.get("client"), {**born, "birth_on": date(today.year + 2, 2, 1)})
    assert [(p.field, p.code) for p in caught.value.problems] == [("birth_on", "forms.not_yet")]


def test_problems_of_hidden_fields_do_not_count() -> None:
    cleaned = forms.clean(forms.get("client"), {"name": "王淑珍", "credit_code": "123"})
    assert cleaned["credit_code"] is None


def test_clean_of_some_fields() -> None:
    form = forms.get("client")
    assert forms.clean(form, {"credit_code": "91110000600037341L"}, partial=True) == {
        "credit_code": "91110000600037341L"
    }
    with pytest.raises(InvalidFields):
        forms.clean(form, {"credit_code": "123"}, partial=True)
    with pytest.raises(InvalidFields):
        forms.clean(form, {"name": " "}, partial=True)
    with pytest.raises(KeyError):
        forms.clean(form, {"nobody": 1})


def test_money_in_a_record_is_fen_and_as_text_yuan() -> None:
    form = forms.get("policy")
    cleaned = forms.clean(form, {"number": "P1", "premium_fen": 12_000_000, "principal_fen": "12万"})
    assert cleaned["premium_fen"] == cleaned["principal_fen"] == 12_000_000
    with pytest.raises(InvalidFields) as caught:
        forms.clean(form, {"number": "P1", "premium_fen": -1})
    assert caught.value.sentence == "Premium must not be less than 0."


def test_rows_keep_their_ids_and_readonly_passes() -> None:
    rows = [{"id": "a" * 32, "happened_at": "2026-11-20 10:12", "what": "致电客户"}]
    values = {"client_id": "b" * 32, "received_at": NOW, "point": "收益低于存款", "steps": rows, "serial_number": 3}
    cleaned = forms.clean(forms.get("complaint"), values)
    assert cleaned["steps"] == [{"id": "a" * 32, "happened_at": NOW, "person": None, "what": "致电客户"}]
    assert (cleaned["serial_number"], cleaned["status"], cleaned["severity"]) == (3, "open", "normal")


def test_too_long() -> None:
    with pytest.raises(InvalidFields) as caught:
        forms.clean(forms.get("client"), {"name": "长" * 101})
    assert caught.value.sentence == "Name is 101 characters long; at most 100 fit."
