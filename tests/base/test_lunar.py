"""Lunar days and birthdays, against almanac dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base import i18n, lunar


@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        (date(2026, 11, 20), "农历十月十二", "lunar 10-12"),
        (date(2026, 2, 17), "农历正月初一", "lunar 1-01"),
        (date(2026, 2, 16), "农历腊月廿九", "lunar 12-29"),
        (date(2025, 7, 25), "农历闰六月初一", "lunar leap 6-01"),
        (date(2025, 8, 1), "农历闰六月初八", "lunar leap 6-08"),
        (date(2025, 10, 6), "农历八月十五", "lunar 8-15"),
        (date(2025, 1, 9), "农历腊月初十", "lunar 12-10"),
        (date(2025, 2, 17), "农历正月二十", "lunar 1-20"),
        (date(2025, 2, 27), "农历正月三十", "lunar 1-30"),
    ],
)
def test_days_as_text(day: date, chinese: str, english: str) -> None:
    assert lunar.lunar_text(day) == english
    i18n.use("zh_CN")
    assert lunar.lunar_text(day) == chinese


def test_birthday_in_a_leap_month() -> None:
    born = date(2025, 8, 1)  # leap 6-08
    assert lunar.lunar_birthday(born, 2025) == born
    assert lunar.lunar(lunar.lunar_birthday(born, 2026)) == (2026, 6, 8)


def test_birthday_on_a_missing_30th() -> None:
    born = date(2025, 2, 27)  # 1-30
    assert lunar.lunar(lunar.lunar_birthday(born, 2027))[1:] in {(1, 30), (1, 29)}
    years = [lunar.lunar(lunar.lunar_birthday(born, year)) for year in range(2000, 2030)]
    assert {day for _, _, day in years} == {29, 30}
    assert all(month == 1 for _, month, _ in years)


@given(st.dates(date(1900, 2, 1), date(2099, 12, 1)))
def test_there_and_back(day: date) -> None:
    assert lunar.solar(*lunar.lunar(day)) == day


def test_the_table_is_what_the_library_works_out() -> None:
    for year in (*range(1899, 2101, 8), 2025, 2026, 2033):
        assert lunar._months(year) == lunar._worked_out(year)


def test_years_beyond_the_table() -> None:
    assert lunar.lunar(date(2150, 3, 1)) == (2150, 2, 3)
    assert lunar.solar(2150, 2, 3) == date(2150, 3, 1)
