"""Decisions about callbacks: when one is valid, when to try again (domain, section 1 and Records)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from fieldcrm.base import clock, workdays

# (from hour, the time of day to try next): unreached clients come back at another time of day
_ROUND = ((0, "14:30"), (12, "19:00"), (17, "09:30"))


def is_valid(result: str | None, maturity_explained: bool | None, intention: str | None) -> bool:
    """Valid (有效, default): reached, maturity explained, an intention given.

    Of a universal policy `maturity_explained` says that long holding was explained.
    """
    return result == "reached" and maturity_explained is True and intention is not None


def needs_retry(result: str | None) -> bool:
    """Whether the client is called again: nobody answered or the phone was off; a wrong number needs a new one."""
    return result in ("no_answer", "off")


def next_try(called_at: datetime) -> tuple[date, str]:
    """Day and "HH:MM" of the next try: the next other time of day, after the evening the next working day."""
    local = clock.local(called_at)
    slot = next(time for hour, time in reversed(_ROUND) if local.hour >= hour)
    day = local.date()
    return (workdays.next_workday(day + timedelta(days=1)) if slot == "09:30" else day), slot
