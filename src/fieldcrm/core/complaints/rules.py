"""Decisions about complaints: the two clocks with their pauses, escalation, satisfaction, order (domain, section 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fieldcrm.base import clock, workdays
from fieldcrm.base.text import age

_DAY = timedelta(days=1)
ESCALATIONS = (50, 80, 100)
"""Per cent of a clock at which a complaint escalates."""
MIS_SOLD_FIRST_AGE = 50


@dataclass(frozen=True)
class Limit:
    """So many days after the day of receipt, until `hour` o'clock of the last; calendar or working days."""

    days: int
    working: bool = False
    hour: int = 17


ANSWER = Limit(7)
REGULATORY = Limit(15)
REGULATORY_COMPLEX = Limit(30)
REGULATORY_EXTENDED = Limit(60)


@dataclass(frozen=True)
class Pause:
    """Time that does not count; open while `ended_at` is None."""

    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Clock:
    """A clock as it stands: when it is due, per cent used, the last escalation reached (0, 50, 80, 100).

    `met` is None while it runs; `provisional` says that it counts working days of a year not yet published.
    """

    due_at: datetime
    used: int
    escalation: int
    paused: bool
    met: bool | None
    provisional: bool

    @property
    def overdue(self) -> bool:
        return self.escalation == 100 and not self.met

    @property
    def tone(self) -> str:
        if self.met is not None:
            return "green" if self.met else "red"
        return {0: "blue", 50: "amber", 80: "red", 100: "red"}[self.escalation]


def regulatory_limit(complex_: bool | None, extension_approved: bool | None) -> Limit:
    """15 days, 30 when complex, 30 more of these with approval (default)."""
    if not complex_:
        return REGULATORY
    return REGULATORY_EXTENDED if extension_approved else REGULATORY_COMPLEX


def run(
    received_at: datetime,
    limit: Limit,
    pauses: Sequence[Pause],
    now: datetime,
    stopped_at: datetime | None = None,
) -> Clock:
    """The clock of a complaint at an instant; `stopped_at` is the answer (or the close) that ends it.

    The last day moves by the whole days (24 hours, of the days that count) that were paused before it came;
    part of a day does not move it, so a deadline is never told too late.
    """
    until = min(now, stopped_at) if stopped_at else now
    due_at, paused_seconds = _due(received_at, limit, _merged(pauses, until))
    total = _seconds(received_at, due_at, limit.working) - paused_seconds
    gone = _seconds(received_at, until, limit.working) - paused_seconds
    used = 100 if until > due_at or total <= 0 else max(0, int(gone * 100 // total))
    last = due_at.astimezone(clock.SHANGHAI).year
    first = clock.day_of(received_at).year
    return Clock(
        due_at=due_at,
        used=used,
        escalation=max((step for step in ESCALATIONS if used >= step), default=0),
        paused=stopped_at is None and any(p.started_at <= now and p.ended_at is None for p in pauses),
        met=None if stopped_at is None else stopped_at <= due_at,
        provisional=limit.working and any(workdays.is_provisional(year) for year in range(first, last + 1)),
    )


def _due(received_at: datetime, limit: Limit, pauses: list[tuple[datetime, datetime]]) -> tuple[datetime, float]:
    """The deadline, and the paused seconds of counting days before it."""
    paused = 0.0
    due_at = _last(received_at, limit, 0)
    for start, end in pauses:
        if start >= due_at:
            break
        paused += _seconds(max(start, received_at), max(end, received_at), limit.working)
        due_at = _last(received_at, limit, int(paused // 86400))
    return due_at, paused


def _last(received_at: datetime, limit: Limit, more: int) -> datetime:
    first = clock.day_of(received_at)
    days = limit.days + more
    return clock.instant(workdays.add_workdays(first, days) if limit.working else first + days * _DAY, limit.hour)


def _merged(pauses: Sequence[Pause], until: datetime) -> list[tuple[datetime, datetime]]:
    """The pauses in order, joined where they overlap, cut at an instant."""
    spans = sorted((p.started_at, min(p.ended_at or until, until)) for p in pauses if p.started_at < until)
    joined: list[tuple[datetime, datetime]] = []
    for start, end in spans:
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _seconds(start: datetime, end: datetime, working: bool) -> float:
    """Seconds between two instants, of working days only when asked."""
    if end <= start:
        return 0.0
    if not working:
        return (end - start).total_seconds()
    total, day = 0.0, clock.day_of(start)
    while (bounds := clock.day_bounds(day))[0] < end:
        if workdays.is_workday(day):
            total += (min(end, bounds[1]) - max(start, bounds[0])).total_seconds()
        day += _DAY
    return total


def is_satisfied(
    closed_at: datetime | None, irregular_surrender: bool | None, compensation_fen: int | None
) -> bool | None:
    """Closed without irregular surrender or compensation; None while open. The client's opinion is another figure."""
    return None if closed_at is None else not irregular_surrender and not compensation_fen


def comes_first(mis_selling_suspected: bool | None, birth_on: date | None, on: date) -> bool:
    """Mis-sold clients over 50 come first."""
    return bool(mis_selling_suspected) and birth_on is not None and age(birth_on, on) > MIS_SOLD_FIRST_AGE
