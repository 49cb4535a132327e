"""The Chinese lunar calendar: days as text, lunar birthdays, the solar day of a lunar one."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from fieldcrm.base.i18n import is_chinese

_MONTHS = "正二三四五六七八九十冬腊"
_DAYS = "一二三四五六七八九十"


# Lunar years from 1899 on, as lunar_python works them out (11 ms a year):
# days from 1 January to the new year << 17 | leap month << 13 | a bit for each month of 30 days.
_FIRST = 1899
_YEARS = (
    0x500AD5, 0x3D16D2, 0x620752, 0x4C0EA5, 0x38B64A, 0x5C064B, 0x440A9B, 0x309556, 0x56056A, 0x400B59, 0x2A5752,
    0x500752, 0x3ADB25, 0x600B25, 0x480A4B, 0x32B4AB, 0x5802AD, 0x42056B, 0x2C4B69, 0x520DA9, 0x3EFD92, 0x640E92,
    0x4C0D25, 0x36BA4D, 0x5C0A56, 0x4602B6, 0x2E95B5, 0x5606D4, 0x400EA9, 0x2C5E92, 0x500E92, 0x3ACD26, 0x5E052B,
    0x480A57, 0x32B2B6, 0x580B5A, 0x4406D4, 0x2E6EC9, 0x520749, 0x3CF693, 0x620A93, 0x4C052B, 0x34CA5B, 0x5A0AAD,
    0x46056A, 0x309B55, 0x560BA4, 0x400B49, 0x2A5A93, 0x500A95, 0x38F52D, 0x5E0536, 0x480AAD, 0x34B5AA, 0x5805B2,
    0x420DA5, 0x2E7D4A, 0x540D4A, 0x3D0A95, 0x600A97, 0x4C0556, 0x36CAB5, 0x5A0AD5, 0x4606D2, 0x308EA5, 0x560EA5,
    0x40064A, 0x286C97, 0x4E0A9B, 0x3AF55A, 0x5E056A, 0x480B69, 0x34B752, 0x5A0B52, 0x420B25, 0x2C964B, 0x520A4B,
    0x3D14AB, 0x6002AD, 0x4A056D, 0x36CB69, 0x5C0DA9, 0x460D92, 0x309D25, 0x560D25, 0x415A4D, 0x640A56, 0x4E02B6,
    0x38C5B5, 0x5E06D5, 0x480EA9, 0x34BE92, 0x5A0E92, 0x440D26, 0x2C6A56, 0x500A57, 0x3D14D6, 0x62035A, 0x4A06D5,
    0x36B6C9, 0x5C0749, 0x460693, 0x2E952B, 0x54052B, 0x3E0A5B, 0x2A555A, 0x4E056A, 0x38FB55, 0x600BA4, 0x4A0B49,
    0x32BA93, 0x580A95, 0x42052D, 0x2C8AAD, 0x500AB5, 0x3D35AA, 0x6205D2, 0x4C0DA5, 0x36DD4A, 0x5C0D4A, 0x460C95,
    0x30952E, 0x540556, 0x3E0AB5, 0x2A55B2, 0x5006D2, 0x38CEA5, 0x5E0725, 0x48064B, 0x32AC97, 0x560CAB, 0x42055A,
    0x2C6AD6, 0x520B69, 0x3D7752, 0x620B52, 0x4C0B25, 0x36DA4B, 0x5A0A4B, 0x4404AB, 0x2EA55B, 0x5405AD, 0x3E0B6A,
    0x2A5B52, 0x500D92, 0x3AFD25, 0x5E0D25, 0x480A55, 0x32B4AD, 0x5804B6, 0x4005B5, 0x2C6DAA, 0x520EC9, 0x3F1E92,
    0x620E92, 0x4C0D26, 0x36CA56, 0x5A0A57, 0x4404D6, 0x2E86D5, 0x540755, 0x400749, 0x286E93, 0x4E0693, 0x38F52B,
    0x5E052B, 0x460A5B, 0x32B55A, 0x58056A, 0x420B65, 0x2C974A, 0x520B4A, 0x3D1A95, 0x620A95, 0x4A052D, 0x34CAAD,
    0x5A0AB5, 0x4605AA, 0x2E8BA5, 0x540DA5, 0x400D4A, 0x2A7C95, 0x4E0C96, 0x38F94E, 0x5E0556, 0x480AB5, 0x32B5B2,
    0x5806D2, 0x420EA5, 0x2E8E4A, 0x50068B, 0x3B0C97, 0x6004AB, 0x4A055B, 0x34CAD6, 0x5A0B6A, 0x460752, 0x309725,
    0x540B45, 0x3E0A8B, 0x28549B, 0x4E04AB,
)  # fmt: skip


@lru_cache(maxsize=400)
def _months(year: int) -> tuple[tuple[int, int, int], ...]:
    """Months of a lunar year in their order: number (negative: leap), ordinal of the first day, days."""
    if not _FIRST <= year < _FIRST + len(_YEARS):
        return _worked_out(year)
    packed = _YEARS[year - _FIRST]
    leap = packed >> 13 & 15
    numbers = [*range(1, leap + 1), -leap, *range(leap + 1, 13)] if leap else [*range(1, 13)]
    first = date(year, 1, 1).toordinal() + (packed >> 17)
    found = []
    for position, number in enumerate(numbers):
        days = 29 + (packed >> position & 1)
        found.append((number, first, days))
        first += days
    return tuple(found)


def _worked_out(year: int) -> tuple[tuple[int, int, int], ...]:
    from lunar_python import LunarYear

    return tuple(
        (month.getMonth(), int(month.getFirstJulianDay() + 0.5) - 1_721_425, month.getDayCount())
        for month in LunarYear(year).getMonths()
        if month.getYear() == year
    )


def lunar(day: date) -> tuple[int, int, int]:
    """Year, month (negative for a leap month) and day of a solar day in the lunar calendar."""
    ordinal = day.toordinal()
    year = day.year if ordinal >= _months(day.year)[0][1] else day.year - 1
    month, first, _ = next(found for found in reversed(_months(year)) if found[1] <= ordinal)
    return year, month, ordinal - first + 1


def solar(year: int, month: int, day: int) -> date:
    """The solar day of a lunar one.

    A leap month (negative) that the year lacks is its ordinary one; the 30th of a month of 29 days is its last.
    """
    known = {number: (first, days) for number, first, days in _months(year)}
    first, days = known.get(month) or known[abs(month)]
    return date.fromordinal(first + min(day, days) - 1)


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
