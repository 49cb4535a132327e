"""Hybrid logical clock: stamps that order edits of many devices as text, close to wall time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from fieldcrm.base import clock
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_

FUTURE_LIMIT = timedelta(hours=48)
_DEVICE = 16
_COUNTER_END = 2**32 - 1

CLOCK_AHEAD = define(
    "clock.ahead",
    N_("The package is dated {hours} hours ahead of this computer's clock; check the date on both computers."),
)


def compose(ms: int, counter: int, device: str) -> str:
    """A stamp: 12 hex digits of Unix milliseconds, 8 of counter, 16 of device; greater text is later."""
    return f"{ms:012x}{counter:08x}{device}"


def instant_of(stamp: str) -> datetime:
    """The wall time in a stamp, aware UTC."""
    return datetime.fromtimestamp(int(stamp[:12], 16) / 1000, UTC)


def instants_of(stamps: Sequence[str]) -> list[datetime]:
    """The wall times of many stamps, of which many are of one millisecond."""
    made = {text: instant_of(text) for text in {stamp[:12] for stamp in stamps}}
    return [made[stamp[:12]] for stamp in stamps]


def device_of(stamp: str) -> str:
    return stamp[20:]


class Hlc:
    """The clock of one device; safe between threads."""

    def __init__(self, device: str, last: str | None = None) -> None:
        if len(device) != _DEVICE:
            raise ValueError("a device id has 16 hex digits")
        self.device = device
        self._lock = threading.Lock()
        self._ms, self._counter = (int(last[:12], 16), int(last[12:20], 16)) if last else (0, 0)

    def tick(self) -> str:
        """The next stamp; greater than every stamp made or observed before."""
        now = int(clock.now().timestamp() * 1000)
        with self._lock:
            if now > self._ms:
                self._ms, self._counter = now, 0
            elif self._counter < _COUNTER_END:
                self._counter += 1
            else:  # another device's stamp may stand there
                self._ms, self._counter = self._ms + 1, 0
            return compose(self._ms, self._counter, self.device)

    def ticks(self, n: int) -> list[str]:
        """The next `n` stamps, all of one millisecond."""
        first = self.tick()
        ms, counter = int(first[:12], 16), int(first[12:20], 16)
        with self._lock:
            if (self._ms, self._counter) == (ms, counter) and counter + n - 1 <= _COUNTER_END:
                self._counter += n - 1
                return [compose(ms, counter + i, self.device) for i in range(n)]
        return [first, *(self.tick() for _ in range(n - 1))]

    def observe(self, stamp: str) -> None:
        """Take note of another device's stamp; `Refused` when it is more than 48 h ahead of this clock."""
        check_not_ahead(stamp)
        self.follow(stamp)

    def follow(self, stamp: str) -> None:
        """Take note of a stamp that this database holds already, wherever its clock stood then."""
        ms, counter = int(stamp[:12], 16), int(stamp[12:20], 16)
        with self._lock:
            if (ms, counter) > (self._ms, self._counter):
                self._ms, self._counter = ms, counter

    def back_to(self, stamp: str | None) -> None:
        """Forget every stamp after this one (all, without it): they stand nowhere any more."""
        with self._lock:
            self._ms, self._counter = (int(stamp[:12], 16), int(stamp[12:20], 16)) if stamp else (0, 0)

    @property
    def last(self) -> str:
        """The greatest stamp made or observed so far."""
        with self._lock:
            return compose(self._ms, self._counter, self.device)


def latest() -> str:
    """Greater than every stamp that is not more than 48 h ahead of this clock."""
    return compose(int((clock.now() + FUTURE_LIMIT).timestamp() * 1000) + 1, 0, "")


def check_not_ahead(stamp: str) -> None:
    """`Refused` when the stamp is more than 48 h ahead of this clock (packages.md, Clock)."""
    ahead = int(stamp[:12], 16) / 1000 - clock.now().timestamp()  # a stamp may say what is no date any more
    if ahead > FUTURE_LIMIT.total_seconds():
        raise Refused(CLOCK_AHEAD, hours=int(ahead // 3600))
