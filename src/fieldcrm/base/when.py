"""Reading a day and time as people type them (`周五下午`, `3天后`, `fri 3pm`), and saying them back."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fieldcrm.base import clock, text
from fieldcrm.base.errors import InvalidField, define
from fieldcrm.base.i18n import N_

UNCLEAR = define(
    "when.unclear", N_("“{value}” is not understood as a day or time. Try tomorrow, fri 3pm, in 3 days, 11-23 10:00.")
)
NO_SUCH_DAY = define("when.no_such_day", N_("“{value}”: there is no such day or time."))
OTHER_WEEKDAY = define("when.other_weekday", N_("“{value}”: that day is another day of the week, {day}."))

_FURTHEST = 2199
_DAYS_ZH = {"前天": -2, "昨天": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
_DAYS_EN = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "tmr": 1, "day after tomorrow": 2}
_WEEKDAYS = (
    {char: n for n, char in enumerate("一二三四五六日")} | {"天": 6, "末": 5} | {str(n + 1): n for n in range(7)}
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WEEKDAYS_EN = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
# a part of the day alone, and the hours that are counted from noon in it
_PARTS = {
    "凌晨": "06:00", "清早": "08:00", "早上": "09:00", "早晨": "09:00", "早": "09:00", "上午": "09:00", "中午": "12:00",
    "下午": "14:00", "傍晚": "18:00", "晚上": "19:00", "夜里": "20:00", "晚": "19:00", "morning": "09:00",
    "noon": "12:00", "afternoon": "14:00", "evening": "19:00", "tonight": "19:00",
}  # fmt: skip
_FROM_NOON = {"下午", "傍晚", "晚上", "夜里", "晚", "pm", "中午"}

_NUMERAL = re.compile(r"(?<![周期拜])[零〇一二两三四五六七八九十]+")
_DIGITS = {char: n for n, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_LATER = re.compile(
    r"(?:过\s*)?(\d{1,4}|半)\s*个?(半)?\s*(年|月|周|星期|礼拜|天|日|小时|钟头|分钟)\s*(?:以后|之后|过后|后)"
    r"|过\s*(\d{1,4})\s*个?(年|月|周|星期|礼拜|天)"
    r"|\bin (\d{1,4}|an?|half an?) (year|month|week|day|hour|minute)s?\b"
)
_UNITS = {
    "年": "year", "月": "month", "周": "week", "星期": "week", "礼拜": "week", "天": "day", "日": "day",
    "小时": "hour", "钟头": "hour", "分钟": "minute",
}  # fmt: skip
_FULL_DATE = re.compile(
    r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)[日号]?|(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)"
)
_MONTH_DAY = re.compile(
    r"(今年|明年|后年)?\s*(?<![\d:])(\d{1,2})\s*(?:[-/.]\s*(\d{1,2})(?![\d:点时])|月\s*(\d{1,2})(?![\d:点时])\s*[日号]?)"
)
_DAY_MONTH_EN = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({'|'.join(_MONTHS)})[a-z]*\.?,?(?: (\d{{4}})\b)?"
    rf"|\b({'|'.join(_MONTHS)})[a-z]*\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? (\d{{4}})\b)?"
)
_MONTH_PART = re.compile(
    r"(下个?月|本月|这个月|月(?=[初中底末]))\s*(?:的\s*)?(初|中|底|末|(\d{1,2})(?![\d:点时])[日号]?)?"
)
_YEAR_END = re.compile(r"年底|年末|end of (?:the )?year")
_MONTH_END_EN = re.compile(r"\bend of (next |the |this )?month\b|\b(next) month\b")
_DAY_OF_MONTH = re.compile(r"(?<!\d)(\d{1,2})\s*[日号]")
_NEAR = re.compile(r"(昨天|前天)|(大后|后|明|今)[天日]|(今|明)(?=[早晚上中下])|(今|明)(?=\s*$)")
_NEAR_EN = re.compile(r"\bday after tomorrow\b|\b(?:yesterday|today|tomorrow|tmr)\b|\btonight\b")
_WEEKDAY = re.compile(r"(下+个?|本|这个?)?(?:周|星期|礼拜)([一二三四五六日天末]|[1-7](?![\d:点时]))?")
_WEEKDAY_EN = re.compile(
    r"\b(next |this )?(?:(mon|tue|wed|thu|fri|sat|sun)(?:s|rs|r|day|sday|nesday|rsday|urday)?|(week(?:end)?))\b"
)
_TIME = re.compile(
    rf"({'|'.join(sorted((p for p in _PARTS if not p.isascii()), key=len, reverse=True))})?\s*"
    r"(?<![\d:])(?:(\d{1,2}):(\d{2})(?![\d:])(?:\s*([ap]m)\b)?|(\d{1,2})\s*[点时](?:钟|整|(半)|([123])刻|(\d{1,2})(?!\d)分?)?"
    r"|(\d{1,2})\s*([ap]m)\b)"
)
_PART = re.compile(
    "|".join(sorted((p for p in _PARTS if not p.isascii()), key=len, reverse=True))
    + r"|\b(?:morning|noon|afternoon|evening)\b"
)
_NOISE = re.compile(r"[\s,，、;；。()]|之前|以前|前|的|在|于|\b(?:at|on|the|in|by|before)\b")


@dataclass(frozen=True)
class When:
    """A Shanghai day, and a time of it as `HH:MM` where one was given."""

    day: date
    time: str | None = None


def describe(when: When) -> str:
    """`明天 14:00`, `11-27 周五`; in English `Tomorrow 14:00`, `Fri 27 Nov`. `parse` reads it back."""
    return text.near_date(when.day) + (f" {when.time}" if when.time else "")


def parse(typed: str, now: datetime, field: str = "next_on") -> When:
    """The day and time somebody means, at `now` (aware).

    A weekday is the coming one (today only with a time still ahead), 下周三 is that of the next calendar
    week, a date without year that has passed is next year's, a time alone is the next such time; 上午,
    下午, 晚上 alone stand for 09:00, 14:00, 19:00, and 3点 is in the afternoon.
    Raises InvalidField(`field`) with examples.
    """
    try:
        return _Reader(typed, clock.local(now)).read()
    except InvalidField as error:
        raise InvalidField(field, error.code, **error.values) from None
    except (ValueError, OverflowError) as error:
        raise InvalidField(field, NO_SUCH_DAY, value=typed.strip()) from error


class _Reader:
    """Takes what it understands out of a line, piece by piece; what is left over makes the line unclear."""

    def __init__(self, typed: str, now: datetime) -> None:
        self.typed = typed.strip()
        self.rest = _NUMERAL.sub(lambda match: _arabic(match[0]), text.tidy(typed).casefold())
        self.now = now
        self.today = now.date()

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.search(self.rest)
        if match is not None:
            self.rest = f"{self.rest[: match.start()]} {self.rest[match.end() :]}"
        return match

    def read(self) -> When:
        evening = "tonight" in self.rest
        later = self.later()
        if later is not None and later.time is not None:
            day: date | None = later.day
            time: str | None = later.time
        else:
            day = later.day if later else self.day()
            weekday = self.weekday_beside() if day is not None else None
            time, extra = self.time()
            if time is None and evening:
                time = _PARTS["tonight"]
            if day is None:
                day = self.weekday(time)
            elif weekday is not None and weekday != day.weekday():
                raise InvalidField("", OTHER_WEEKDAY, value=self.typed, day=text.weekday(day))
            if day is None and time is not None:
                day = self.today + timedelta(days=time <= f"{self.now:%H:%M}" and not extra)
            day = day and day + timedelta(days=extra)
        if day is None or _NOISE.sub("", self.rest):
            raise InvalidField("", UNCLEAR, value=self.typed)
        if day.year > _FURTHEST:
            raise ValueError(day)
        return When(day, time)

    # days

    def later(self) -> When | None:
        match = self.take(_LATER)
        if match is None:
            return None
        amount, half, unit = match[1] or match[4] or match[6], match[2], match[3] or match[5] or match[7]
        unit = _UNITS.get(unit, unit)
        halves = {"半": 1, "half a": 1, "half an": 1, "a": 2, "an": 2}.get(amount) or int(amount) * 2
        halves += 1 if half else 0
        if unit in ("hour", "minute"):
            then = self.now + timedelta(minutes=halves * 30 if unit == "hour" else halves // 2)
            return When(then.date(), f"{then:%H:%M}")
        days = {"day": 1, "week": 7}
        if unit in days:
            return When(self.today + timedelta(days=halves * days[unit] // 2))
        months, rest = divmod(halves * (12 if unit == "year" else 1), 2)
        return When(_add_months(self.today, months) + timedelta(days=15 * rest))

    def day(self) -> date | None:
        for found in (self.dated(), self.part_of_month(), self.near()):
            if found is not None:
                return found
        return None

    def dated(self) -> date | None:
        if match := self.take(_FULL_DATE):
            year, month, day = (match[n] or match[n + 3] for n in (1, 2, 3))
            return date(int(year), int(month), int(day))
        if match := self.take(_DAY_MONTH_EN):
            day, month, year = match[1] or match[5], match[2] or match[4], match[3] or match[6]
            number = _MONTHS.index(month) + 1
            return date(int(year), number, int(day)) if year else self.coming(number, int(day))
        if match := self.take(_MONTH_DAY):
            day = match[3] or match[4]
            if match[1]:
                return date(self.today.year + ("今年", "明年", "后年").index(match[1]), int(match[2]), int(day))
            return self.coming(int(match[2]), int(day))
        return None

    def coming(self, month: int, day: int) -> date:
        """The next such day, today included; 29 February in the next year that has it."""
        return self.first_of((year, month, day) for year in range(self.today.year, self.today.year + 9))

    def first_of(self, days: Iterator[tuple[int, int, int]]) -> date:
        for year, month, day in days:
            if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] and date(year, month, day) >= self.today:
                return date(year, month, day)
        raise ValueError

    def part_of_month(self) -> date | None:
        if match := self.take(_MONTH_PART):
            return self.in_month(match[1].startswith("下"), match[2], match[3])
        if match := self.take(_MONTH_END_EN):
            ahead = "next" in match[0]
            return self.in_month(ahead, None if match[2] else "底", None)
        if self.take(_YEAR_END):
            return date(self.today.year, 12, 31)
        if match := self.take(_DAY_OF_MONTH):
            months = (_add_months(self.today.replace(day=1), n) for n in range(13))
            return self.first_of((first.year, first.month, int(match[1])) for first in months)
        return None

    def in_month(self, ahead: bool, part: str | None, number: str | None) -> date:
        first = _add_months(self.today.replace(day=1), 1 if ahead else 0)
        last = monthrange(first.year, first.month)[1]
        day = int(number) if number else {"初": 1, "中": 15, "底": last, "末": last, None: 1}[part]
        found = first.replace(day=day)
        if found < self.today and not number and not ahead:
            found = _add_months(first, 1).replace(day=day)  # 月初 after the first means the coming one
        return found

    def near(self) -> date | None:
        if match := self.take(_NEAR):
            word = next(group for group in match.groups() if group)
            return self.today + timedelta(days=_DAYS_ZH[word])
        if match := self.take(_NEAR_EN):
            return self.today + timedelta(days=_DAYS_EN[match[0]])
        return None

    def weekday_beside(self) -> int | None:
        """A weekday written beside a date."""
        if match := self.take(_WEEKDAY):
            return _WEEKDAYS.get(match[2])
        if match := self.take(_WEEKDAY_EN):
            return _WEEKDAYS_EN.index(match[2]) if match[2] else None
        return None

    def weekday(self, time: str | None) -> date | None:
        if match := self.take(_WEEKDAY):
            weeks = match[1].count("下") if match[1] else None
            wanted = _WEEKDAYS[match[2]] if match[2] else 0
            if weeks is None and match[2] is None:
                return None
        elif match := self.take(_WEEKDAY_EN):
            weeks = {"next ": 1, "this ": 0, None: None}[match[1]]
            wanted = 5 if match[3] == "weekend" else 0 if match[3] else _WEEKDAYS_EN.index(match[2])
            if weeks is None and match[3] == "week":
                return None
        else:
            return None
        monday = self.today - timedelta(days=self.today.weekday())
        if weeks is not None:
            return monday + timedelta(days=7 * weeks + wanted)
        ahead = (wanted - self.today.weekday()) % 7
        if ahead == 0 and (time is None or time <= f"{self.now:%H:%M}"):
            ahead = 7
        return self.today + timedelta(days=ahead)

    # times

    def time(self) -> tuple[str | None, int]:
        """The time, and 1 when it is midnight at the end of the day (晚上12点)."""
        match = self.take(_TIME)
        if match is None:
            part = self.take(_PART)
            return (_PARTS[part[0]] if part else None), 0
        part_name = match[1] or match[4] or match[10]
        written = match[2] or match[5] or match[9]
        hour, minute = int(written), int(match[3] or match[8] or 0)
        minute += 30 if match[6] else 15 * int(match[7] or 0)
        if part_name is None and (word := self.take(_PART)):
            part_name = "pm" if word[0] in ("afternoon", "evening") else word[0]
        if hour == 12 and part_name in ("晚上", "晚", "夜里"):
            return f"00:{minute:02d}", 1
        if hour == 12 and part_name in ("am", "凌晨"):
            hour = 0
        elif 1 <= hour < (7 if part_name is None else 12) and (
            part_name in _FROM_NOON if part_name else len(written) == 1
        ):
            hour += 0 if part_name == "中午" and hour > 3 else 12
        if hour > 23 or minute > 59:
            raise ValueError(match[0])
        return f"{hour:02d}:{minute:02d}", 0


def _add_months(day: date, months: int) -> date:
    """The same day some months on, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _arabic(numeral: str) -> str:
    """二十三 as 23, 二〇二七 as 2027; up to 99 where 十 is used."""
    if "十" not in numeral:
        return "".join(str(_DIGITS[char]) for char in numeral)
    tens, _, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return numeral
    return str(_DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0))
