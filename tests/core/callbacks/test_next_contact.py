"""The next contact typed in one line: day, time and way in any order, read back as it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base import clock, i18n
from fieldcrm.base.errors import InvalidField
from fieldcrm.core.callbacks import NextContact, read_next, show_next, with_way

FRIDAY = date(2026, 11, 20)
NOW = clock.instant(FRIDAY, 10, 12)
MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _friday_morning() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("周一10点 上门", NextContact(MONDAY, "10:00", "visit")),
        ("上门 周一 10:00", NextContact(MONDAY, "10:00", "visit")),
        ("11-23 周一 10:00 · 上门", NextContact(MONDAY, "10:00", "visit")),
        ("明天下午网点", NextContact(date(2026, 11, 21), "14:00", "outlet")),
        ("明天到网点", NextContact(date(2026, 11, 21), None, "outlet")),
        ("3天后 微信", NextContact(date(2026, 11, 23), None, "wechat")),
        ("mon 10:00 visit", NextContact(MONDAY, "10:00", "visit")),
        ("tomorrow at the outlet", NextContact(date(2026, 11, 21), None, "outlet")),
        ("明天", NextContact(date(2026, 11, 21), None, None)),
    ],
)
def test_as_people_type_it(typed: str, expected: NextContact) -> None:
    assert read_next(typed, NOW) == expected


def test_nothing_typed_is_nothing() -> None:
    assert read_next("  ", NOW) is None


@pytest.mark.parametrize("typed", ["上门", "blah", "下回 电话"])
def test_without_a_day_it_is_said_at_the_field(typed: str) -> None:
    with pytest.raises(InvalidField) as problem:
        read_next(typed, NOW)
    assert problem.value.field == "next_on"


def test_another_way_keeps_the_day() -> None:
    i18n.use("zh_CN")
    assert with_way("周一10点 上门", "phone") == "周一10点 电话"
    assert with_way("", "visit") == "上门"


@given(
    days=st.integers(0, 700),
    time=st.one_of(st.none(), st.times().map(lambda t: f"{t:%H:%M}")),
    way=st.sampled_from([None, "phone", "visit", "outlet", "wechat"]),
    language=st.sampled_from(["en", "zh_CN"]),
)
def test_what_is_shown_is_read_back(days: int, time: str | None, way: str | None, language: str) -> None:
    i18n.use(language)
    with clock.at(NOW):
        meant = NextContact(FRIDAY + timedelta(days=days), time, way)
        assert read_next(show_next(meant), NOW) == meant
