"""Slots, clashes, changes of status and the score of candidates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base.errors import InvalidField, Refused
from fieldcrm.core.visits import rules
from fieldcrm.core.visits.rules import Clash, Facts, Taken, clashes, free_slot, score

TODAY = date(2026, 11, 20)


def test_overlapping_stops_clash() -> None:
    day = [Taken("a", "10:00", 60), Taken("b", "10:30", 45), Taken("c", "11:15", 30), Taken("d", None, 60)]
    assert clashes(day) == [Clash("a", "b", 30)]


@given(st.lists(st.tuples(st.integers(0, 23), st.sampled_from([0, 15, 30, 45]), st.integers(5, 120)), max_size=12))
def test_clashes_are_all_pairs_that_overlap(stops: list[tuple[int, int, int]]) -> None:
    day = [Taken(str(n), f"{h:02}:{m:02}", length) for n, (h, m, length) in enumerate(stops)]
    spans = {stop.id: stop.span for stop in day if stop.span}
    expected = {
        frozenset((a, b)) for a, x in spans.items() for b, y in spans.items() if a < b and x[0] < y[1] and y[0] < x[1]
    }
    assert {frozenset((c.first_id, c.second_id)) for c in clashes(day)} == expected


@given(st.lists(st.integers(9, 16), max_size=4), st.integers(15, 120))
def test_a_free_slot_clashes_with_nothing_and_leaves_the_way(hours: list[int], minutes: int) -> None:
    day = [Taken(str(n), f"{h:02}:00", 45) for n, h in enumerate(hours)]
    found = free_slot(day, minutes)
    if found is not None:
        begin = rules.minute_of(found)
        assert begin is not None
        assert begin + minutes <= rules.DAY_ENDS
        with_way = Taken("new", rules.slot_of(begin - rules.TRAVEL), minutes + 2 * rules.TRAVEL)
        assert not [c for c in clashes([*day, with_way]) if "new" in (c.first_id, c.second_id)]


def test_first_slots_of_a_day() -> None:
    assert free_slot([]) == "09:00"
    assert free_slot([Taken("a", "09:00", 60)]) == "10:30"
    assert free_slot([Taken("a", "09:00", 120)]) == "13:30"
    assert free_slot([Taken("a", "09:00", 480)]) is None
    assert free_slot([], after=15 * 60 + 7) == "15:30", "no visit is planned for an hour that has passed"
    assert free_slot([], after=17 * 60 + 30) is None


@pytest.mark.parametrize("slot", ["9:00", "24:00", "10:60", "10.30", "", "１0:00", "abcde"])
def test_a_slot_is_a_time(slot: str) -> None:
    with pytest.raises(InvalidField) as caught:
        rules.minute_of(slot)
    assert caught.value.field == "slot"


def test_status_goes_forward_only() -> None:
    rules.check_status("planned", "done")
    rules.check_status("moved", "moved")
    for old, new in (("done", "planned"), ("done", "moved"), ("cancelled", "done"), ("planned", "planned")):
        with pytest.raises(Refused):
            rules.check_status(old, new)


def test_score_explains_itself() -> None:
    found = score(
        Facts(matures_on=date(2026, 11, 26), principal_fen=12_000_000, grade="A", contacted_on=date(2026, 11, 18)),
        TODAY,
    )
    assert [reason.words for reason in found.reasons] == ["matures 26 Nov", "120k", "grade A"]
    assert found.points == sum(reason.points for reason in found.reasons) == 45 + 15 + 12


def test_a_whole_life_policy_does_not_mature() -> None:
    """A payout at its listed maturity is a surrender: the visit explains why to hold it (domain, section 1)."""
    found = score(Facts(matures_on=date(2026, 11, 26), line="universal", contacted_on=TODAY), TODAY)
    assert found.reasons[0].words == "explain holding 26 Nov"


def test_score_is_bounded_and_orders_sensibly() -> None:
    most = Facts(TODAY, TODAY, 10**9, "A", None, True, TODAY, "call back", True)
    assert score(most, TODAY).points == 99
    assert score(most, TODAY).tone == "red"
    soon = Facts(matures_on=TODAY + timedelta(5), contacted_on=TODAY)
    later = Facts(matures_on=TODAY + timedelta(50), contacted_on=TODAY)
    assert score(soon, TODAY).points > score(later, TODAY).points > score(Facts(contacted_on=TODAY), TODAY).points == 0


@pytest.mark.parametrize(("days", "counts"), [(29, False), (30, False), (31, True), (400, True)])
def test_silence_counts_beyond_the_rhythm_of_the_grade(days: int, counts: bool) -> None:
    words = [r.words for r in score(Facts(grade="A", contacted_on=TODAY - timedelta(days)), TODAY).reasons]
    assert any("without contact" in word for word in words) is counts
