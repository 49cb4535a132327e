"""The Chinese lunar calendar: days as text, lunar birthdays, the solar day of a lunar one."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from fieldcrm.base.i18n import is_chinese

_MONTHS = "正二三四五六七八九十冬腊"
_DAYS = "一二三四五六七八九十"


@lru_cache(maxsize=2_000)
def lunar(day: date) -> tuple[int, int, int]:
    """Year, month (negative for a leap month) and day of a solar day in the lunar calendar."""
    from lunar_python import Solar

    found = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return found.getYear(), found.getMonth(), found.getDay()


@lru_cache(maxsize=2_000)
def solar(year: int, month: int, day: int) -> date:
    """The solar day of a lunar one.

    A leap month (negative) that the year lacks is its ordinary one; the 30th of a month of 29 days is its last.
    """
    from lunar_python import Lunar, LunarMonth

    if month < 0 and LunarMonth.fromYm(year, month) is None:
        month = -month
    day = min(day, LunarMonth.fromYm(year, month).getDayCount())
    found = Lunar.fromYmd(year, month, day).getSolar()
    return date(found.getYear(), found.getMonth(), found.getDay())


@lru_cache(maxsize=100)
def qingming(year: int) -> date:
    """The solar day of the term 清明."""
    from lunar_python import Solar

    found = Solar.fromYmd(year, 4, 1).getLunar().getJieQiTable()["清明"]
    return date(found.getYear(), found.getMonth(), found.getDay())


def lunar_text(day: date) -> str:
    """`农历十月十二`, `农历闰六月初八`; in English `lunar 10-12`, `lunar leap 6-08`."""
    _, month, of_month = lunar(day)
    if is_chinese():
        return f"农历{'闰' if month < 0 else ''}{_MONTHS[abs(month) - 1]}月{_day_text(of_month)}"
    return f"lunar {'leap ' if month < 0 else ''}{abs(month)}-{of_month:02d}"


def _day_text(day: int) -> str:
    if day in (10, 20, 30):
        return {10: "初十", 20: "二十", 30: "三十"}[day]
    return ("初", "十", "廿")[day // 10] + _DAYS[day % 10 - 1]


def lunar_birthday(birth: date, year: int) -> date:
    """The lunar birthday of a solar birth date in the lunar year that begins in `year`.

    One born in a leap month has it in the ordinary month of years without that leap month; one born on
    a 30th on the 29th where the month is short. In the last two months it falls in the next solar year.
    """
    _, month, day = lunar(birth)
    return solar(year, month, day)


def next_lunar_birthday(birth: date, on: date) -> date:
    """The first lunar birthday on or after a day."""
    return next(day for year in (-1, 0, 1) if (day := lunar_birthday(birth, on.year + year)) >= on)
