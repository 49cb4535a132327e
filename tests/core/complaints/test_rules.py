"""The clocks of a complaint, straight from the domain's words."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base import clock
from fieldcrm.core.complaints import rules
from fieldcrm.core.complaints.rules import ANSWER, Limit, Pause, run

RECEIVED = clock.instant(date(2026, 11, 18), 9, 40)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return clock.instant(date(2026, 11, day), hour, minute)


def test_answer_within_seven_calendar_days_by_17() -> None:
    assert run(RECEIVED, ANSWER, [], RECEIVED).due_at == at(25, 17)
    late_in_the_day = clock.instant(date(2026, 11, 18), 23, 59)
    assert run(late_in_the_day, ANSWER, [], late_in_the_day).due_at == at(25, 17)


def test_second_clock() -> None:
    days = [
        rules.regulatory_limit(*c).days
        for c in ((False, False), (True, False), (True, True), (False, True), (None, None))
    ]
    assert days == [15, 30, 60, 15, 15]


def test_escalates_at_50_80_and_100() -> None:
    total = at(25, 17) - RECEIVED
    seen = {
        share: run(RECEIVED, ANSWER, [], RECEIVED + total * share / 100).escalation for share in (0, 49, 51, 79, 81, 99)
    }
    assert seen == {0: 0, 49: 0, 51: 50, 79: 50, 81: 80, 99: 80}
    on_time, late = run(RECEIVED, ANSWER, [], at(25, 17)), run(RECEIVED, ANSWER, [], at(25, 17, 1))
    assert (on_time.escalation, late.escalation, late.overdue, late.tone) == (100, 100, True, "red")


def test_an_answer_stops_the_clock() -> None:
    met = run(RECEIVED, ANSWER, [], at(30), stopped_at=at(25, 17))
    assert (met.met, met.overdue, met.tone) == (True, False, "green")
    missed = run(RECEIVED, ANSWER, [], at(30), stopped_at=at(25, 17, 1))
    assert (missed.met, missed.tone) == (False, "red")


def test_whole_paused_days_move_the_deadline_part_days_do_not() -> None:
    two_days = [Pause(at(19), at(21))]
    assert run(RECEIVED, ANSWER, two_days, at(22)).due_at == at(27, 17)
    assert run(RECEIVED, ANSWER, [Pause(at(19), at(19, 15))], at(22)).due_at == at(25, 17)
    halves = [Pause(at(19), at(19, 21)), Pause(at(20), at(20, 21))]
    assert run(RECEIVED, ANSWER, halves, at(22)).due_at == at(26, 17)
    overlapping = [Pause(at(19), at(20, 12)), Pause(at(20), at(21))]
    assert run(RECEIVED, ANSWER, overlapping, at(22)).due_at == at(27, 17)


def test_an_open_pause_stands_still() -> None:
    pause = [Pause(at(20), None)]
    first, later = run(RECEIVED, ANSWER, pause, at(20)), run(RECEIVED, ANSWER, pause, at(29))
    assert later.paused
    assert later.due_at == at(25, 17) + 9 * DAY
    assert abs(later.used - first.used) <= 2
    assert not run(RECEIVED, ANSWER, pause, at(19)).paused


def test_a_pause_after_the_deadline_heals_nothing() -> None:
    late = run(RECEIVED, ANSWER, [Pause(at(26), at(29))], at(29))
    assert (late.due_at, late.overdue) == (at(25, 17), True)


def test_working_days_skip_weekends_and_holidays() -> None:
    assert run(RECEIVED, Limit(5, working=True), [], RECEIVED).due_at == at(25, 17)
    before_national_day = clock.instant(date(2026, 9, 29), 9)
    due = run(before_national_day, Limit(3, working=True), [], before_national_day).due_at
    assert clock.day_of(due) == date(2026, 10, 9)  # 30 Sep, 8 and 9 Oct
    weekend = [Pause(at(21), at(23))]
    assert run(RECEIVED, Limit(5, working=True), weekend, at(24)).due_at == at(25, 17)


def test_a_year_not_yet_published_is_provisional() -> None:
    far = clock.instant(date(2031, 3, 3), 9)
    assert run(far, Limit(5, working=True), [], far).provisional
    assert not run(far, ANSWER, [], far).provisional
    assert not run(RECEIVED, Limit(5, working=True), [], RECEIVED).provisional


@pytest.mark.parametrize("limit", [ANSWER, Limit(7, working=True)])
@given(
    spans=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 100)), max_size=4),
    hours=st.integers(0, 600),
)
def test_pauses_never_hurry_and_time_never_runs_back(limit: Limit, spans: list[tuple[int, int]], hours: int) -> None:
    pauses = [Pause(RECEIVED + a * HOUR, RECEIVED + (a + n) * HOUR) for a, n in spans]
    now = RECEIVED + hours * HOUR
    plain, paused, next_hour = (
        run(RECEIVED, limit, [], now),
        run(RECEIVED, limit, pauses, now),
        run(RECEIVED, limit, pauses, now + HOUR),
    )
    assert paused.due_at >= plain.due_at
    assert paused.used <= plain.used
    assert next_hour.due_at >= paused.due_at
    assert 0 <= paused.used <= 100
    assert clock.local(paused.due_at).hour == 17


def test_satisfied_is_closed_without_irregular_surrender_or_compensation() -> None:
    assert rules.is_satisfied(None, False, None) is None
    assert rules.is_satisfied(RECEIVED, False, None) is True
    assert rules.is_satisfied(RECEIVED, None, 0) is True
    assert rules.is_satisfied(RECEIVED, True, None) is False
    assert rules.is_satisfied(RECEIVED, False, 100) is False


def test_mis_sold_clients_over_50_come_first() -> None:
    on = date(2026, 11, 20)
    assert rules.comes_first(True, date(1975, 11, 20), on)
    assert not rules.comes_first(True, date(1976, 11, 20), on)  # 50, not over it
    assert not rules.comes_first(False, date(1950, 1, 1), on)
    assert not rules.comes_first(True, None, on)
