"""The working calendar: published, issued and expected years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base import i18n, workdays
from fieldcrm.base.errors import InvalidField

DAYS = st.dates(date(2005, 1, 1), date(2035, 12, 31))


@pytest.fixture(autouse=True)
def _nothing_issued() -> Iterator[None]:
    workdays.issue([])
    yield
    workdays.issue([])


def test_published_year() -> None:
    assert not workdays.is_provisional(2026)
    assert not workdays.is_workday(date(2026, 10, 7))
    assert workdays.is_workday(date(2026, 10, 10))
    assert workdays.is_makeup(date(2026, 10, 10))
    assert not workdays.is_workday(date(2026, 11, 21))
    assert workdays.is_workday(date(2026, 11, 20))
    assert workdays.holiday_name(date(2026, 10, 1)) == "National Day"
    i18n.use("zh_CN")
    assert workdays.holiday_name(date(2026, 10, 1)) == "国庆节"
    assert workdays.holiday_name(date(2026, 6, 19)) == "端午节"
    assert workdays.holiday_name(date(2026, 11, 21)) is None


def test_unpublished_year_counts_weekends_and_fixed_holidays() -> None:
    assert workdays.is_provisional(2031)
    off = workdays.calendar(2030).off
    assert len(off) == 13
    assert off[date(2030, 2, 3)] == "spring"  # the first day of the lunar year
    assert off[date(2030, 2, 2)] == "spring"
    assert off[date(2030, 4, 5)] == "qingming"
    assert not workdays.is_workday(date(2031, 10, 2))
    assert workdays.is_workday(date(2031, 10, 6))
    assert not workdays.is_workday(date(2031, 10, 11))
    assert workdays.is_provisional(1999)


def test_mid_autumn_within_the_national_days() -> None:
    assert workdays.calendar(2028).off.get(date(2028, 10, 3)) == "national"


def test_an_issued_year_wins() -> None:
    data = {"off": {"new_year": ["2031-01-01", "2031-01-02"], "harvest": [date(2031, 9, 9)]}, "worked": ["2031-01-04"]}
    workdays.issue([workdays.parse_year(2031, data)])
    assert not workdays.is_provisional(2031)
    assert not workdays.is_workday(date(2031, 1, 2))
    assert workdays.is_workday(date(2031, 1, 4))
    assert workdays.is_workday(date(2031, 10, 2))
    assert workdays.holiday_name(date(2031, 9, 9)) == "Public holiday"


@pytest.mark.parametrize("data", [{"off": {"spring": ["2032-01-01"]}}, {"worked": ["soon"]}])
def test_an_issued_year_with_other_days_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(InvalidField) as caught:
        workdays.parse_year(2031, data)
    assert "2031" in caught.value.sentence


def test_counting() -> None:
    friday = date(2026, 11, 20)
    assert workdays.add_workdays(friday, 1) == date(2026, 11, 23)
    assert workdays.add_workdays(friday, 7) == date(2026, 12, 1)
    assert workdays.add_workdays(friday, -1) == date(2026, 11, 19)
    assert workdays.add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert workdays.next_workday(date(2026, 11, 21)) == date(2026, 11, 23)
    assert workdays.workdays_between(date(2026, 9, 30), date(2026, 10, 10)) == 3


@given(DAYS, st.integers(-60, 60))
def test_adding_and_counting_agree(day: date, n: int) -> None:
    there = workdays.add_workdays(day, n)
    if n > 0:
        assert workdays.workdays_between(day, there) == n
        assert workdays.is_workday(there)
    elif n < 0:
        assert workdays.workdays_between(there - timedelta(days=1), day - timedelta(days=1)) == -n
