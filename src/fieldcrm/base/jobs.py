"""Progress and cancel for long work, without threads of its own."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from fieldcrm.base import clock
from fieldcrm.base.errors import Cancelled


@dataclass(frozen=True)
class Step:
    """A report of a job: what it does, how far, how long still (seconds, None until known)."""

    stage: str
    done: int
    total: int | None
    seconds_left: float | None


class Progress:
    """Handed to long work, which calls `step` often; `cancel` may be called from any thread.

    `stage` is a translated word for the person; `report` receives at most ten steps a second.
    """

    def __init__(self, report: Callable[[Step], None] | None = None) -> None:
        self._report = report
        self._cancelled = False
        self._stage = ""
        self._total: int | None = None
        self._started = clock.monotonic()
        self._last = 0.0

    def cancel(self) -> None:
        self._cancelled = True

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def check(self) -> None:
        """Raise `Cancelled` when the person has cancelled."""
        if self._cancelled:
            raise Cancelled

    def begin(self, stage: str, total: int | None = None) -> None:
        """A new stage with `total` things to do (None: unknown)."""
        self.check()
        self._stage, self._total, self._started = stage, total, clock.monotonic()
        self._send(0)

    def step(self, done: int) -> None:
        """`done` things of the stage are done; raises `Cancelled`."""
        self.check()
        if clock.monotonic() - self._last >= 0.1:
            self._send(done)

    def _send(self, done: int) -> None:
        self._last = clock.monotonic()
        if self._report is None:
            return
        left = None
        if self._total and done:
            left = (self._last - self._started) / done * (self._total - done)
        self._report(Step(self._stage, done, self._total, left))


def let_go(values: list[Any] | dict[Any, Any]) -> None:
    """Empty a long list or dictionary bit by bit; to free it all at once would stop the window."""
    while values:
        if isinstance(values, list):
            del values[-500:]
        else:
            for key in list(islice(values, 500)):
                del values[key]


@contextmanager
def without_collector() -> Iterator[None]:
    """While a million plain values are made; the collector would walk them again and again (half the time).

    At the end they are moved to the oldest generation, or the next collection of the young would walk them all.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.freeze()
            gc.unfreeze()
            gc.enable()
