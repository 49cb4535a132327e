"""Days and times as people type them; the present is Friday 20 November 2026, 09:30 in Shanghai."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base import clock, i18n
from fieldcrm.base.errors import InvalidField
from fieldcrm.base.when import When, describe, parse

NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "day", "hour"),
    [
        ("今天", "2026-11-20", None), ("明天", "2026-11-21", None), ("后天", "2026-11-22", None),
        ("大后天", "2026-11-23", None), ("今天下午", "2026-11-20", "14:00"), ("明早", "2026-11-21", "09:00"),
        ("明早8点", "2026-11-21", "08:00"), ("今晚", "2026-11-20", "19:00"), ("明晚8点半", "2026-11-21", "20:30"),
        ("明天上午10点", "2026-11-21", "10:00"), ("明天 10：30", "2026-11-21", "10:30"),
        ("周五下午", "2026-11-20", "14:00"), ("周五上午9点", "2026-11-27", "09:00"), ("周五", "2026-11-27", None),
        ("周一", "2026-11-23", None), ("周日", "2026-11-22", None), ("星期天", "2026-11-22", None),
        ("礼拜三下午三点", "2026-11-25", "15:00"), ("下周三", "2026-11-25", None), ("下周五", "2026-11-27", None),
        ("下下周一", "2026-11-30", None), ("本周日", "2026-11-22", None), ("这周六", "2026-11-21", None),
        ("下周", "2026-11-23", None), ("周末", "2026-11-21", None), ("下个星期二", "2026-11-24", None),
        ("周一一点", "2026-11-23", "13:00"), ("周一十点半", "2026-11-23", "10:30"),
        ("下周3点", "2026-11-23", "15:00"), ("3天后", "2026-11-23", None), ("三天后", "2026-11-23", None),
        ("3 天后下午", "2026-11-23", "14:00"), ("两周后", "2026-12-04", None), ("一个月后", "2026-12-20", None),
        ("半个月后", "2026-12-05", None), ("半年后", "2027-05-20", None), ("一年后", "2027-11-20", None),
        ("过两天", "2026-11-22", None), ("2小时后", "2026-11-20", "11:30"), ("半小时后", "2026-11-20", "10:00"),
        ("90分钟后", "2026-11-20", "11:00"), ("一个半小时后", "2026-11-20", "11:00"),
        ("15小时后", "2026-11-21", "00:30"), ("十天之后", "2026-11-30", None), ("月底", "2026-11-30", None),
        ("下月初", "2026-12-01", None), ("下个月15号", "2026-12-15", None), ("下月底", "2026-12-31", None),
        ("月初", "2026-12-01", None), ("年底", "2026-12-31", None), ("25号", "2026-11-25", None),
        ("5日上午", "2026-12-05", "09:00"), ("31号", "2026-12-31", None), ("11-23 10:00", "2026-11-23", "10:00"),
        ("11.23", "2026-11-23", None), ("11-20", "2026-11-20", None), ("11月23日上午", "2026-11-23", "09:00"),
        ("11/23 下午3点半", "2026-11-23", "15:30"), ("十一月二十三日", "2026-11-23", None),
        ("11月23", "2026-11-23", None), ("11-19", "2027-11-19", None), ("1-5", "2027-01-05", None),
        ("明年1月5日", "2027-01-05", None), ("2-29", "2028-02-29", None), ("2027-01-05", "2027-01-05", None),
        ("2027/1/5 9:05", "2027-01-05", "09:05"), ("2027年1月5日", "2027-01-05", None),
        ("20270105", "2027-01-05", None), ("２０２７－０１－０５", "2027-01-05", None),
        ("11-23 周一", "2026-11-23", None), ("11-23 周一 10:00", "2026-11-23", "10:00"),
        ("二〇二七年一月五日", "2027-01-05", None), ("15:30", "2026-11-20", "15:30"), ("9:00", "2026-11-21", "09:00"),
        ("09:30", "2026-11-21", "09:30"), ("晚上8点", "2026-11-20", "20:00"), ("下午", "2026-11-20", "14:00"),
        ("上午", "2026-11-21", "09:00"), ("3点", "2026-11-20", "15:00"), ("3点一刻", "2026-11-20", "15:15"),
        ("15时20分", "2026-11-20", "15:20"), ("03:00", "2026-11-21", "03:00"), ("晚上12点", "2026-11-21", "00:00"),
        ("中午1点", "2026-11-20", "13:00"), ("中午十二点", "2026-11-20", "12:00"),
        ("中午11点半", "2026-11-20", "11:30"), ("凌晨2点", "2026-11-21", "02:00"),
        ("明天下午3点前", "2026-11-21", "15:00"), ("周三，下午", "2026-11-25", "14:00"),
        ("today", "2026-11-20", None), ("tomorrow", "2026-11-21", None), ("Tomorrow 3pm", "2026-11-21", "15:00"),
        ("day after tomorrow", "2026-11-22", None), ("fri 3pm", "2026-11-20", "15:00"),
        ("friday", "2026-11-27", None), ("fri 8am", "2026-11-27", "08:00"), ("next monday", "2026-11-23", None),
        ("next fri", "2026-11-27", None), ("wednesday at 14:00", "2026-11-25", "14:00"),
        ("thursday morning", "2026-11-26", "09:00"), ("in 3 days", "2026-11-23", None),
        ("in a week", "2026-11-27", None), ("in 2 months", "2027-01-20", None), ("in an hour", "2026-11-20", "10:30"),
        ("in half an hour", "2026-11-20", "10:00"), ("tonight", "2026-11-20", "19:00"),
        ("tonight 8pm", "2026-11-20", "20:00"), ("next week", "2026-11-23", None),
        ("end of month", "2026-11-30", None), ("end of next month", "2026-12-31", None),
        ("23 Nov", "2026-11-23", None), ("Nov 23 10:00", "2026-11-23", "10:00"),
        ("Mon 23 Nov 14:00", "2026-11-23", "14:00"), ("12 Jan 2027", "2027-01-12", None),
        ("3:30 pm", "2026-11-20", "15:30"), ("12pm", "2026-11-20", "12:00"), ("12am", "2026-11-21", "00:00"),
        ("noon", "2026-11-20", "12:00"), ("3 in the afternoon", None, None), ("weekend", "2026-11-21", None),
        ("dec 1st", "2026-12-01", None),
    ],
)  # fmt: skip
def test_parse(typed: str, day: str | None, hour: str | None) -> None:
    if day is None:
        with pytest.raises(InvalidField):
            parse(typed, NOW)
    else:
        assert parse(typed, NOW) == When(date.fromisoformat(day), hour)


@pytest.mark.parametrize(
    "typed",
    ["", "  ", "找时间", "13-40", "2027-02-30", "25:00", "8点75分", "99999天后", "9999年后", "明天 后天", "周", "week"],
)
def test_what_is_not_a_day_says_so_with_examples(typed: str) -> None:
    with pytest.raises(InvalidField) as caught:
        parse(typed, NOW, "try_on")
    assert caught.value.field == "try_on"
    assert typed.strip() in caught.value.sentence


def test_a_weekday_beside_a_date_must_be_its_own() -> None:
    with pytest.raises(InvalidField) as caught:
        parse("11-23 周二", NOW)
    assert "Mon" in caught.value.sentence


def test_month_ends() -> None:
    january = datetime(2027, 1, 31, 2, tzinfo=UTC)
    assert parse("一个月后", january).day == date(2027, 2, 28)
    assert parse("30号", january).day == date(2027, 3, 30)
    assert parse("下月底", january).day == date(2027, 2, 28)
    assert parse("月底", january).day == date(2027, 1, 31)


def test_the_day_is_that_of_shanghai() -> None:
    assert parse("今天", datetime(2026, 11, 20, 16, 30, tzinfo=UTC)).day == date(2026, 11, 21)


def test_described_in_both_languages() -> None:
    with clock.at(NOW):
        assert describe(When(date(2026, 11, 21), "14:00")) == "Tomorrow 14:00"
        assert describe(When(date(2026, 11, 27))) == "Fri 27 Nov"
        i18n.use("zh_CN")
        assert describe(When(date(2026, 11, 21), "14:00")) == "明天 14:00"
        assert describe(When(date(2026, 11, 27))) == "11-27 周五"


TIMES = st.none() | st.times().map(lambda moment: f"{moment:%H:%M}")


@given(
    days=st.integers(0, 3000),
    hour=TIMES,
    language=st.sampled_from(i18n.LANGUAGES),
    now=st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_what_is_said_is_read_back(days: int, hour: str | None, language: str, now: datetime) -> None:
    i18n.use(language)
    with clock.at(now):
        when = When(clock.today() + timedelta(days=days), hour)
        assert parse(describe(when), now) == when


PIECES = st.sampled_from(
    re.findall(
        r"\S+| ",
        "今 明 后 大后天 天 周 星期 下 下周 一 二 三 十 两 半 个 月 年 日 号 底 初 过 点 分 刻 : - / . 早 晚上"
        " 小时 分钟 1 2 3 23 31 99 2027 0 in a half next mon fri week month day days pm am nov end of",
    )
)


@given(st.one_of(st.text(max_size=20), st.lists(PIECES, max_size=8).map("".join), st.lists(PIECES).map(" ".join)))
def test_nothing_typed_breaks_it(typed: str) -> None:
    try:
        when = parse(typed, NOW)
    except InvalidField as error:
        sentence = error.sentence
        assert sentence
    else:
        assert when.time is None or time.fromisoformat(when.time)
