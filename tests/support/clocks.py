"""A clock that tests move: Monday 2026-11-23, nine in the morning in Shanghai, until told otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from fieldcrm.base import clock


class MovingClock:
    """Stands still until moved; `forward(days=1)` or `set(instant)`."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **length: float) -> datetime:
        """Move on by a length given as for `timedelta`; gives the new instant."""
        self.now += timedelta(**length)
        return self.now

    def set(self, instant: datetime) -> None:
        self.now = instant


@pytest.fixture
def moving_clock() -> Iterator[MovingClock]:
    """`base.clock` under the test's hand."""
    moving = MovingClock(clock.instant(date(2026, 11, 23), 9))
    with clock.at(moving):
        yield moving
