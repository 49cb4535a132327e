"""Stamps: the wall time in them, of one and of many."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base.data import hlc

DEVICE = "0123456789abcdef"
MS = st.integers(min_value=0, max_value=int(datetime(2200, 1, 1, tzinfo=UTC).timestamp() * 1000))


@given(st.lists(st.tuples(MS, st.integers(0, 2**32 - 1))))
def test_the_times_of_many_stamps_are_those_of_each(made: list[tuple[int, int]]) -> None:
    """Stamps of one millisecond, of which an import has thousands, and of any other."""
    stamps = [hlc.compose(ms, counter, DEVICE) for ms, counter in made]
    assert hlc.instants_of(stamps + stamps) == [hlc.instant_of(s) for s in stamps] * 2


def test_a_stamp_tells_its_millisecond_in_utc() -> None:
    at = datetime(2026, 11, 20, 1, 2, 3, 456_000, tzinfo=UTC)
    assert hlc.instants_of([hlc.compose(int(at.timestamp() * 1000), 7, DEVICE)]) == [at]
