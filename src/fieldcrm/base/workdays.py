"""The Chinese working calendar: issued by the office, else published, else (provisional) weekends and holidays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

from fieldcrm.base.errors import InvalidField, define
from fieldcrm.base.i18n import N_, is_chinese

CALENDAR = define("workdays.calendar", N_("The working calendar has something other than days of {year} at “{value}”."))

_DAY = timedelta(days=1)
# code (as in an issued calendar) to its names
HOLIDAYS: Mapping[str, tuple[str, str]] = {
    "new_year": ("元旦", "New Year's Day"),
    "spring": ("春节", "Spring Festival"),
    "qingming": ("清明节", "Tomb-Sweeping Day"),
    "labour": ("劳动节", "Labour Day"),
    "dragon_boat": ("端午节", "Dragon Boat Festival"),
    "mid_autumn": ("中秋节", "Mid-Autumn Festival"),
    "national": ("国庆节", "National Day"),
    "other": ("节假日", "Public holiday"),
}
_PUBLISHED = {
    "New Year's Day": "new_year", "Spring Festival": "spring", "Tomb-sweeping Day": "qingming",
    "Labour Day": "labour", "Dragon Boat Festival": "dragon_boat", "Mid-autumn Festival": "mid_autumn",
    "National Day": "national",
}  # fmt: skip


@dataclass(frozen=True)
class Year:
    """A year's calendar: days off with the code of their holiday, and weekend days that are worked (补班)."""

    year: int
    off: Mapping[date, str]
    worked: frozenset[date] = field(default_factory=frozenset)
    provisional: bool = False


_issued: dict[int, Year] = {}


def issue(years: Iterable[Year]) -> None:
    """Take these years as the office issued them, in place of all issued before; they win over published ones."""
    _issued.clear()
    _issued.update((year.year, year) for year in years)


def parse_year(year: int, data: Mapping[str, Any]) -> Year:
    """A year out of an issued calendar: `off` = {code: [ISO days]}, `worked` = [ISO days].

    Raises InvalidField (`off` or `worked`) for a day of another year or what is no day at all.
    """
    off: dict[date, str] = {}
    for code, days in data.get("off", {}).items():
        for day in days:
            off[_day_in(year, "off", day)] = code if code in HOLIDAYS else "other"
    return Year(year, off, frozenset(_day_in(year, "worked", day) for day in data.get("worked", ())))


def _day_in(year: int, name: str, value: object) -> date:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise InvalidField(name, CALENDAR, year=year, value=value) from error
    if day.year != year:
        raise InvalidField(name, CALENDAR, year=year, value=value)
    return day


def calendar(year: int) -> Year:
    """The calendar in force for a year."""
    return _issued.get(year) or _published().get(year) or _expected(year)


@cache
def _published() -> dict[int, Year]:
    from chinese_calendar import constants

    off: dict[int, dict[date, str]] = {}
    for day, name in constants.holidays.items():
        off.setdefault(day.year, {})[day] = _PUBLISHED.get(name, "other")
    worked: dict[int, set[date]] = {}
    for day in constants.workdays:
        worked.setdefault(day.year, set()).add(day)
    return {year: Year(year, days, frozenset(worked.get(year, ()))) for year, days in off.items()}


@cache
def _expected(year: int) -> Year:
    """Statutory days since 2025 (13 a year), without the bridging that is only known once published."""
    from fieldcrm.base import lunar

    spring = lunar.solar(year, 1, 1)
    off = {date(year, 1, 1): "new_year", lunar.qingming(year): "qingming"}
    off.update((spring + _DAY * n, "spring") for n in range(-1, 3))
    off.update((date(year, 5, n), "labour") for n in (1, 2))
    off[lunar.solar(year, 5, 5)] = "dragon_boat"
    off.update((date(year, 10, n), "national") for n in (1, 2, 3))
    off.setdefault(lunar.solar(year, 8, 15), "mid_autumn")
    return Year(year, off, provisional=True)


def is_provisional(year: int) -> bool:
    """Whether a year's calendar is only expected: neither issued by the office nor published."""
    return calendar(year).provisional


def is_workday(day: date) -> bool:
    """Whether a day is worked; make-up workdays on weekends are."""
    year = calendar(day.year)
    return day in year.worked or (day.weekday() < 5 and day not in year.off)


def is_makeup(day: date) -> bool:
    """Whether a day of a weekend is worked in place of another (补班)."""
    return day.weekday() >= 5 and day in calendar(day.year).worked


def holiday_name(day: date) -> str | None:
    """The holiday a day off belongs to, in the language of the moment; None for other days."""
    code = calendar(day.year).off.get(day)
    return None if code is None else HOLIDAYS[code][0 if is_chinese() else 1]


def add_workdays(day: date, n: int) -> date:
    """The n-th workday after a day (before it for a negative n); the day itself for 0, worked or not."""
    step = _DAY if n > 0 else -_DAY
    left = abs(n)
    while left:
        day += step
        left -= is_workday(day)
    return day


def next_workday(day: date) -> date:
    """The day itself when it is worked, else the first workday after it."""
    return day if is_workday(day) else add_workdays(day, 1)


def workdays_between(start: date, end: date) -> int:
    """Workdays after `start` up to and with `end`; negative when `end` is earlier."""
    if end < start:
        return -workdays_between(end, start)
    return sum(is_workday(start + _DAY * n) for n in range(1, (end - start).days + 1))
