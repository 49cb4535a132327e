"""Masked numbers, dates, money and ages as they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base import clock, i18n, text


@pytest.fixture(autouse=True)
def _friday_morning() -> Iterator[None]:
    before = i18n.language()
    i18n.use("zh_CN")
    with clock.at(datetime(2026, 11, 20, 1, 30, tzinfo=UTC)):
        yield
    i18n.use(before)


@pytest.mark.parametrize(
    ("number", "masked", "full"),
    [
        ("13805910032", "138 0591 ••32", "138 0591 0032"),
        ("+86 138-0591-0032", "138 0591 ••32", "138 0591 0032"),
        ("１３８０５９１００３２", "138 0591 ••32", "138 0591 0032"),
        ("0591-28123116", "0591-28•••116", "0591-28123116"),
        ("059128123116", "0591-28•••116", "0591-28123116"),
        ("010-8812345", "010-88••345", "010-8812345"),
        ("0591-28123116-802", "0591-28•••116", "0591-28123116-802"),
        ("0591-28123116转802", "0591-28•••116", "0591-28123116-802"),
        ("95519", "•••19", "95519"),
        ("", "", ""),
    ],
)
def test_phone(number: str, masked: str, full: str) -> None:
    assert text.mask_phone(number) == masked
    assert text.phone(number) == full


@given(st.text(max_size=30))
def test_masks_never_show_a_whole_number(number: str) -> None:
    for mask in (text.mask_phone, text.mask_id):
        shown = mask(number)
        assert not number.strip() or shown != text.half_width(number).strip() or text.HIDDEN in number or not shown


def test_identity_numbers() -> None:
    assert text.mask_id("350102197403161402") == "350•••••••••••••02"
    assert text.mask_id("E1234567") == "E12•••67"
    assert text.mask_id("123") == "•••"


def test_dates_in_both_languages() -> None:
    monday, next_year = date(2026, 11, 23), date(2027, 1, 12)
    assert text.short_date(monday) == "11-23 周一"
    assert text.short_date(next_year) == "2027-01-12 周二"
    assert text.long_date(date(2026, 11, 20)) == "11 月 20 日 星期五"
    assert text.long_date(date(2021, 12, 3)) == "2021 年 12 月 3 日 星期五"
    assert text.near_date(date(2026, 11, 21)) == "明天"
    assert text.near_date(monday) == "11-23 周一"
    assert (text.near_day(date(2026, 11, 21)), text.near_day(monday)) == ("明天", "11-23")
    assert text.month_name(monday) == "2026 年 11 月"
    i18n.use("en")
    assert text.short_date(monday) == "Mon 23 Nov"
    assert text.short_date(next_year) == "Tue 12 Jan 2027"
    assert text.long_date(date(2026, 11, 20)) == "Friday 20 November"
    assert text.day_text(next_year) == "12 Jan 2027"
    assert text.near_date(date(2026, 11, 19)) == "Yesterday"
    assert (text.near_day(date(2026, 11, 21)), text.near_day(monday)) == ("Tomorrow", "23 Nov")
    assert text.month_name(monday) == "November 2026"
    assert text.capital("not valid") == "Not valid"
    assert text.capital("") == ""
    assert text.short_date(None) == "—"


def test_instants_are_cut_in_shanghai() -> None:
    assert text.instant_text(clock.instant(date(2026, 11, 20), 8, 2)) == "今天 08:02"
    assert text.instant_text(clock.instant(date(2026, 11, 21), 17)) == "明天 17:00"
    assert text.instant_text(clock.instant(date(2026, 11, 21), 0)) == "明天 00:00"
    assert text.instant_text(clock.instant(date(2026, 11, 12), 20, 41)) == "11-12 20:41"
    assert text.instant_text(clock.instant(date(2025, 11, 12), 20, 41)) == "2025-11-12 20:41"
    i18n.use("en")
    assert text.instant_text(clock.instant(date(2026, 11, 20), 8, 2)) == "Today 08:02"
    assert text.instant_text(clock.instant(date(2026, 11, 12), 20, 41)) == "12 Nov 20:41"


@pytest.mark.parametrize(
    ("fen", "exact", "chinese", "english"),
    [
        (12_000_000, "120,000", "12.0 万", "120k"),
        (23_600_000, "236,000", "23.6 万", "236k"),
        (999_999, "9,999.99", "9,999.99", "9,999.99"),
        (1_000_000, "10,000", "1.0 万", "10k"),
        (-123_450, "-1,234.50", "-1,234.50", "-1,234.50"),
        (-15_500_000, "-155,000", "-15.5 万", "-155k"),
        (12_000_000_000, "120,000,000", "1.20 亿", "120.00m"),
        (9_999_949_999, "99,999,499.99", "9,999.9 万", "100.00m"),
        (9_999_950_000, "99,999,500", "1.00 亿", "100.00m"),
        (99_950_000, "999,500", "100.0 万", "1.00m"),
        (120_000_000_000, "1,200,000,000", "12.00 亿", "1.20bn"),
        (999_949_999_999, "9,999,499,999.99", "99.99 亿", "10.00bn"),
        (999_950_000_000, "9,999,500,000", "100 亿", "10.00bn"),
        (12_345_678_901_200, "123,456,789,012", "1,235 亿", "123bn"),
        (0, "0", "0", "0"),
        (None, "—", "—", "—"),
    ],
)
def test_money(fen: int | None, exact: str, chinese: str, english: str) -> None:
    assert text.money(fen) == exact
    assert text.wan(fen) == chinese
    i18n.use("en")
    assert text.wan(fen) == english


@given(st.integers(-(10**13), 10**13))
def test_money_reads_back(fen: int) -> None:
    whole, _, cents = text.money(fen).replace(",", "").partition(".")
    assert int(whole + (cents or "00")) == fen


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        (date(1974, 3, 16), date(2026, 3, 15), 51),
        (date(1974, 3, 16), date(2026, 3, 16), 52),
        (date(2000, 2, 29), date(2026, 2, 28), 25),
        (date(2000, 2, 29), date(2026, 3, 1), 26),
        (date(2000, 2, 29), date(2028, 2, 29), 28),
    ],
)
def test_age(birth: date, on: date, years: int) -> None:
    assert text.age(birth, on) == years
    assert text.birthday(birth, on.year) <= on or text.age(birth, on) < on.year - birth.year


def test_birthday_of_a_leap_day() -> None:
    assert text.birthday(date(2000, 2, 29), 2027) == date(2027, 3, 1)
    assert text.birthday(date(2000, 2, 29), 2028) == date(2028, 2, 29)


def test_shares() -> None:
    assert text.percent(8, 26) == "31%"
    assert text.percent(1, 8, 1) == "12.5%"
    assert text.percent(0, 0) == "—"
    assert text.percent(-1, 3) == "-33%"


def test_input_is_tidied() -> None:
    assert text.tidy("　ＡＢＣ　 １２３ ") == "ABC 123"
    assert text.nfc("e\u0301") == "é"


def test_a_sentence_keeps_its_signs() -> None:
    assert (
        text.one_line("　致电客户，约明日上门；\n核对（录音）： ＡＢ ") == "致电客户，约明日上门； 核对（录音）： ＡＢ"
    )


def test_a_day_inside_a_sentence_begins_small() -> None:
    assert text.within("Today 08:02") == "today 08:02"
    assert text.within("Mon 23 Nov") == "Mon 23 Nov"
    assert text.within("今天 08:02") == "今天 08:02"


@pytest.mark.parametrize(
    ("count", "chinese", "english"),
    [(0, "0", "0"), (99_999, "99,999", "99,999"), (123_456, "12 万", "123k"), (123_456_789, "12,345 万", "123m")],
)
def test_counts_for_a_narrow_place(count: int, chinese: str, english: str) -> None:
    i18n.use("zh_CN")
    assert text.count_short(count) == chinese
    i18n.use("en")
    assert text.count_short(count) == english
