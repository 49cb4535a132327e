"""A figure of the table, and how two ways of doing the same are timed beside each other."""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One row, times in ms. `limit` is of the ratio when there is an `against`, else of `measured`; 0: none."""

    name: str
    measured: float
    against: float | None = None
    limit: float = 0
    beside: str = ""  # what `against` is
    note: str = ""
    ratio_of_pairs: float | None = None

    @property
    def ratio(self) -> float | None:
        if self.ratio_of_pairs is not None:
            return self.ratio_of_pairs
        return self.measured / self.against if self.against else None

    @property
    def met(self) -> bool | None:
        """Whether the limit holds; None when there is none."""
        if not self.limit:
            return None
        return (self.ratio if self.against is not None else self.measured) <= self.limit  # type: ignore[operator]

    def send(self) -> None:
        """One line of JSON to the process that draws the table."""
        print(json.dumps(asdict(self)), flush=True)


@dataclass(frozen=True)
class Pairs:
    """Medians in ms of two things timed in turns, and the median of their ratios."""

    measured: float
    against: float
    ratio: float

    def figure(self, name: str, limit: float, beside: str, note: str = "") -> Figure:
        return Figure(name, self.measured, self.against, limit, beside, note, self.ratio)


def pairs(ours: Callable[[], float | None], bare: Callable[[], float | None], count: int) -> Pairs:
    """Run both in turns `count` times, the order swapped each time; a function may give its own ms instead."""
    mine: list[float] = []
    theirs: list[float] = []
    for turn in range(count):
        for which in ((ours, mine), (bare, theirs))[:: 1 if turn % 2 else -1]:
            which[1].append(timed(which[0]))
    ratios = [a / b for a, b in zip(mine, theirs, strict=True)]
    return Pairs(statistics.median(mine), statistics.median(theirs), statistics.median(ratios))


def timed(work: Callable[[], float | None]) -> float:
    """Wall ms of one run, or what it gives back."""
    gc.collect()
    began = time.perf_counter()
    told = work()
    took = (time.perf_counter() - began) * 1000
    return took if told is None else told


def say(words: str) -> None:
    """How far it is, for the person who waits."""
    print(f"  {words}", file=sys.stderr, flush=True)
