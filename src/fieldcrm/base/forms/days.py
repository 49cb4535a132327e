"""Dates, times and instants as people type them and as lists contain them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from fieldcrm.base import clock
from fieldcrm.base.forms.model import Field
from fieldcrm.base.forms.problems import NOT_A_DATE, NOT_A_TIME, NOT_AN_INSTANT, invalid
from fieldcrm.base.text import half_width

_EPOCH = date(1899, 12, 30)  # day 0 of the 1900 date system, true from 1900-03-01 on
_SERIALS = range(3654, 109_575)  # 1910-01-02 to 2200-01-01; below stand years such as 2026
_YEARS = range(1900, 2201)

_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_SHORT = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")
_ENGLISH = re.compile(r"(?:[A-Za-z]{3,9},? )?(\d{1,2})[ -]([A-Za-z]{3})[a-z]*(?:[ -](\d{4}))?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TAIL = re.compile(r"[ (]*(?:星期|周|礼拜)[一二三四五六日天]\)?$")
_MIDNIGHT = re.compile(r"[ T]0{1,2}:00(?::00(?:\.0+)?)?$")

_CLOCK = re.compile(
    r"(上午|下午|晚上|早上|中午|am|pm)? ?(\d{1,2})(?:[:.点时](?:(\d{1,2})分?|(半))?)?"
    r"(?::\d{1,2}(?:\.\d+)?)? ?(am|pm)?",
    re.IGNORECASE,
)
_AFTERNOON = frozenset({"下午", "晚上", "pm"})


def read_date(field: Field, raw: Any) -> date:
    """A day from text, a spreadsheet serial, or a date; raises InvalidField."""
    if isinstance(raw, datetime):
        return clock.day_of(raw) if raw.tzinfo else raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        day = _from_number(raw)
    else:
        day = day_in(str(raw), clock.today().year)
    if day is None:
        raise invalid(field, NOT_A_DATE, text=_brief(raw))
    return day


def read_time(field: Field, raw: Any) -> str:
    """A time of day as "HH:MM"; raises InvalidField."""
    found: str | None = None
    if isinstance(raw, datetime):
        found = f"{(clock.local(raw) if raw.tzinfo else raw):%H:%M}"
    elif isinstance(raw, time):
        found = f"{raw:%H:%M}"
    elif isinstance(raw, timedelta):
        raw = raw.total_seconds() / 86400
    if isinstance(raw, float) and 0 <= raw < 1:
        minutes = round(raw * 1440)
        found = f"{minutes // 60:02d}:{minutes % 60:02d}" if minutes < 1440 else None
    elif isinstance(raw, str):
        found = _clock(half_width(raw).strip())
    if found is None:
        raise invalid(field, NOT_A_TIME, text=_brief(raw))
    return found


def read_instant(field: Field, raw: Any) -> datetime:
    """An instant, aware UTC; what has no zone is Shanghai time, a bare day its first minute; raises InvalidField."""
    if isinstance(raw, datetime):
        return _utc(raw)
    if isinstance(raw, date):
        return clock.instant(raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        if (day := _from_number(raw)) is not None:
            return clock.instant(day) + timedelta(minutes=round(raw % 1 * 1440) if raw < _SERIALS.stop else 0)
    elif isinstance(raw, str) and (found := _instant(half_width(raw).strip())) is not None:
        return found
    raise invalid(field, NOT_AN_INSTANT, text=_brief(raw))


def _utc(moment: datetime) -> datetime:
    local = moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)
    return clock.instant(_EPOCH) + (local - clock.instant(_EPOCH))


def _instant(text: str) -> datetime | None:
    if re.match(r"\d{4}-\d\d-\d\dT\d", text):
        try:
            return _utc(datetime.fromisoformat(text))
        except ValueError:
            return None
    day_part, _, time_part = text.rpartition(" ")
    if not day_part:
        day = day_in(text, clock.today().year)
        return None if day is None else clock.instant(day)
    day, hhmm = day_in(day_part, clock.today().year), _clock(time_part)
    if day is None or hhmm is None:
        day = day_in(text, clock.today().year)
        return None if day is None else clock.instant(day)
    return clock.instant(day, int(hhmm[:2]), int(hhmm[3:]))


def _from_number(raw: float) -> date | None:
    if raw != raw:  # not a number
        return None
    whole = int(raw) if abs(raw) < 1e9 else 0
    if whole in _SERIALS:
        return _EPOCH + timedelta(days=whole)
    return day_in(str(whole), 0) if whole == raw and len(str(whole)) == 8 else None


@lru_cache(maxsize=8192)
def day_in(text: str, this_year: int) -> date | None:
    """The day that a text writes, in Chinese or English, one without its year in `this_year`; None when it is none."""
    text = _MIDNIGHT.sub("", _TAIL.sub("", " ".join(half_width(text).split())))
    if text.isdecimal() and len(text) == 5:
        return _from_number(int(text))
    compact = re.sub(r"\s*([-/.年月日])\s*", r"\1", text)
    if found := _FULL.fullmatch(compact) or _COMPACT.fullmatch(compact):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _SHORT.fullmatch(compact):
        return _day(this_year, int(found[1]), int(found[2]))
    if (found := _ENGLISH.fullmatch(text)) and found[2].lower() in _MONTHS:
        return _day(int(found[3] or this_year), _MONTHS.index(found[2].lower()) + 1, int(found[1]))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(text: str) -> str | None:
    if re.fullmatch(r"\d{3,4}", text):
        text = f"{text[:-2]}:{text[-2:]}"
    found = _CLOCK.fullmatch(text)
    if found is None or not (found[1] or found[5] or re.search(r"[:点时.]", text)):
        return None
    hour, minute = int(found[2]), 30 if found[4] else int(found[3] or 0)
    half = (found[1] or found[5] or "").lower()
    if (half in _AFTERNOON and hour < 12) or (half == "中午" and hour < 3):
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


def _brief(raw: Any) -> str:
    text = str(raw).strip()
    return text if len(text) <= 20 else text[:19] + "…"
