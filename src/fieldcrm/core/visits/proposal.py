"""The automatic proposal: free slots of a week filled with candidates, by score, district and capacity; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from fieldcrm.core.visits import rules
from fieldcrm.core.visits.rules import Taken

LEAST_POINTS = 40


@dataclass
class OpenDay:
    """A day that can take visits: what is taken, the districts gone to."""

    on: date
    taken: list[Taken]
    districts: Counter[str] = field(default_factory=Counter)
    after: int = 0  # minutes of the day that have passed


@dataclass(frozen=True)
class Wanted:
    """A candidate: points, district, and the day by which the visit is worth most."""

    client_id: str
    points: int
    district: str
    due_on: date | None = None


@dataclass(frozen=True)
class Proposed:
    """A visit that is proposed."""

    client_id: str
    on: date
    slot: str


def propose(days: Sequence[OpenDay], wanted: Sequence[Wanted], capacity: int) -> list[Proposed]:
    """Give each candidate, the best first, a day in its district, else the emptiest; before its due day if it can be.

    Days are filled up to `capacity` stops; `days` are changed as they fill.
    """
    found: list[Proposed] = []
    for one in sorted(wanted, key=lambda each: (-each.points, each.client_id)):
        if one.points < LEAST_POINTS:
            break
        for day in sorted(_free(days, capacity), key=lambda each: _fitness(each, one)):
            slot = rules.free_slot(day.taken, after=day.after)
            if slot is not None:
                day.taken.append(Taken(one.client_id, slot, rules.DEFAULT_MINUTES))
                day.districts[one.district] += 1
                found.append(Proposed(one.client_id, day.on, slot))
                break
    return found


def _free(days: Sequence[OpenDay], capacity: int) -> list[OpenDay]:
    return [day for day in days if len(day.taken) < capacity]


def _fitness(day: OpenDay, one: Wanted) -> tuple[bool, bool, int, date]:
    late = one.due_on is not None and day.on > one.due_on
    elsewhere = not (one.district and day.districts[one.district])
    return late, elsewhere, len(day.taken), day.on
