"""Cells as lists contain them: each spelling to its value, or a code."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.core.imports.cells import read
from fieldcrm.core.imports.problems import Bad
from fieldcrm.core.imports.table import targets

TARGETS = {target.key: target for target in targets()}
DAY = date(2026, 12, 1)
ID = "11010519491231002X"


def one(key: str, cell: object, unit: int = 1) -> object:
    value = read([cell], TARGETS[key], unit)[0]  # type: ignore[list-item]
    return value.code if isinstance(value, Bad) else value


@pytest.mark.parametrize(
    "cell",
    ["2026-12-01", "2026/12/1", "2026.12.01", "20261201", "2026年12月1日", "２０２６－１２－０１", " 2026-12-01 ",
     "20261201093000", 46357.0, "46357", 20261201.0, DAY, "2026-12-01 00:00:00", "2026年12月01日 星期二"],
)  # fmt: skip
def test_dates(cell: object) -> None:
    assert one("policy.matures_on", cell) == DAY


@pytest.mark.parametrize("cell", ["2026-13-45", "2026-02-30", "满期", "12", 1.5])
def test_no_dates(cell: object) -> None:
    assert one("policy.matures_on", cell) == "forms.not_a_date"


@pytest.mark.parametrize(
    ("cell", "fen"),
    [("5,000", 500_000), ("5000.00", 500_000), ("¥5,000元", 500_000), ("0.5万", 500_000), ("５０００", 500_000),
     (5000.0, 500_000), (0.1 + 0.2, 30), (123.4567, 12_346), (2.675, 268), ("123.4567", "forms.part_of_fen"),
     (-0.001, 0), (" 5 000 ", 500_000), ("—", None), ("无", None), ("/", None), ("", None)],
)  # fmt: skip
def test_amounts(cell: object, fen: object) -> None:
    assert one("policy.premium_fen", cell) == fen


@pytest.mark.parametrize(
    ("cell", "fen"),
    [("0.5", 500_000), (0.5, 500_000), ("1.23456", 1_234_560), ("5万", 5_000_000), ("1,200", 1_200_000_000),
     (-1.0, "forms.too_small")],
)  # fmt: skip
def test_amounts_under_a_title_in_wan(cell: object, fen: object) -> None:
    assert one("policy.premium_fen", cell, 10_000) == fen


@pytest.mark.parametrize(
    ("cell", "number"),
    [("0012", "0012"), (" 350 1001 ", "3501001"), ("'3501001", "3501001"), (350100123456789.0, "350100123456789"),
     (12.0, "12"), ("p2026a", "P2026A"), ("３５０１", "3501"), ("3.5E+17", "forms.broken_number"),
     ("3.50102E17", "forms.broken_number"),
     (3.5e17, "forms.broken_number"), (12.5, "forms.broken_number"), ("—", None), ("x" * 80, "forms.too_long")],
)  # fmt: skip
def test_policy_numbers(cell: object, number: object) -> None:
    assert one("policy.number", cell) == number


@pytest.mark.parametrize(
    ("cell", "number"),
    [(ID, ID), (ID.lower(), ID), ("110105 19491231 002X", ID), ("110105194912310020", "forms.id_check_digit"),
     ("110105194913310026", "forms.id_birth"), (1.10105194912310e17, "forms.broken_number"),
     ("E12345678", "E12345678")],
)  # fmt: skip
def test_id_numbers(cell: object, number: object) -> None:
    assert one("client.id_number", cell) == number


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [("13805910032", ("13805910032",)), (13805910032.0, ("13805910032",)), ("138-0591-0032", ("13805910032",)),
     ("+86 138 0591 0032", ("13805910032",)), ("13805910032/0591-28123116", ("13805910032", "059128123116")),
     ("13805910032、13805910032", ("13805910032",)), ("无", None), ("1380591", "forms.not_a_phone"),
     ("空号", "imports.no_phone"), ("无；-", None)],
)  # fmt: skip
def test_phones(cell: object, numbers: object) -> None:
    assert one("client.phones.number", cell) == numbers


def test_words_choices_and_years() -> None:
    assert [one("client.name", c) for c in ("王 淑珍 ", "—", "无", "/", "", 12.0)] == [
        "王淑珍",
        None,
        None,
        None,
        None,
        "12",
    ]
    assert [one("policy.status", c) for c in ("有效", "在保", "满期终止", "?")] == [
        "in_force", "in_force", "matured", "forms.not_a_choice",
    ]  # fmt: skip
    assert [one("policy.term_years", c) for c in ("5", "5年", 5.0, "终身", "至80岁")] == [5, 5, 5, None, None]
    assert [one("client.do_not_call", c) for c in (True, "TRUE", 1.0, "否", "")] == [True, True, True, False, None]


def test_a_broken_character_is_told() -> None:
    assert one("client.name", "王\ufffd") == "imports.broken_text"


def test_true_is_not_read_as_one() -> None:
    values = read([1.0, True], TARGETS["policy.premium_fen"])
    assert values[0] == 100
    assert isinstance(values[1], Bad)


@pytest.mark.parametrize("key", sorted(TARGETS))
@given(cell=st.one_of(st.text(max_size=20), st.floats(), st.dates(), st.booleans()))
def test_any_cell_gives_a_value_or_a_sentence(key: str, cell: object) -> None:
    value = read([cell], TARGETS[key])[0]  # type: ignore[list-item]
    if isinstance(value, Bad):
        from fieldcrm.base import errors

        assert errors.sentence(value.code, value.values)
