"""The only source of now; instants are aware UTC, days are cut in Asia/Shanghai."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The present instant, aware, UTC."""
    return _source()


def today() -> date:
    """The present day in Asia/Shanghai."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """The Shanghai day an instant falls on."""
    return instant.astimezone(SHANGHAI).date()


def local(instant: datetime) -> datetime:
    """The instant as Shanghai wall time (aware)."""
    return instant.astimezone(SHANGHAI)


def instant(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """A Shanghai wall time as an instant in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """First instant of a Shanghai day and of the next one."""
    return instant(day), instant(day + timedelta(days=1))


def monotonic() -> float:
    """Seconds for measuring lengths; never a wall time."""
    return time.monotonic()


@contextmanager
def at(moment: datetime | Callable[[], datetime]) -> Iterator[None]:
    """Move time (tests, the demo book): a fixed instant or a function giving instants."""
    global _source
    before = _source
    _source = moment if callable(moment) else lambda: moment
    try:
        yield
    finally:
        _source = before
