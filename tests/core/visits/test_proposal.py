"""The automatic proposal, pure; and the calendar file read back by another program's reader."""

from __future__ import annotations

from datetime import date, timedelta

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.core.visits import calendar, rules
from fieldcrm.core.visits.proposal import OpenDay, Wanted, propose
from fieldcrm.core.visits.queries import DayRows, VisitRow, WeekRows
from fieldcrm.core.visits.rules import Taken

MONDAY = date(2026, 11, 23)


def days(count: int = 5) -> list[OpenDay]:
    return [OpenDay(MONDAY + timedelta(n), []) for n in range(count)]


def test_the_best_come_first_and_weak_ones_not_at_all() -> None:
    wanted = [Wanted("b", 60, ""), Wanted("a", 90, ""), Wanted("c", 30, "")]
    assert [one.client_id for one in propose(days(1), wanted, 5)] == ["a", "b"]


def test_a_district_is_visited_in_one_go_before_its_due_day() -> None:
    week = days()
    week[2].taken.append(Taken("x", "09:00", 60))
    week[2].districts["台江区"] += 1
    wanted = [
        Wanted("near", 90, "台江区"),
        Wanted("due", 80, "台江区", MONDAY + timedelta(1)),
        Wanted("far", 70, "仓山区"),
    ]
    found = {one.client_id: one for one in propose(week, wanted, 3)}
    assert (found["near"].on, found["near"].slot) == (MONDAY + timedelta(2), "10:30")
    assert found["due"].on == MONDAY
    assert found["far"].on == MONDAY + timedelta(1)


@given(st.integers(0, 40), st.integers(0, 8), st.lists(st.sampled_from(["台江区", "仓山区", ""]), max_size=40))
def test_never_too_many_never_a_clash(count: int, capacity: int, districts: list[str]) -> None:
    week = days()
    wanted = [Wanted(f"c{n}", 40 + n % 60, districts[n % len(districts)] if districts else "") for n in range(count)]
    found = propose(week, wanted, capacity)
    assert len({one.client_id for one in found}) == len(found)
    for day in week:
        assert len(day.taken) <= capacity
        assert not rules.clashes(day.taken)


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from([None, "09:30"]))
def test_any_words_come_back_from_the_calendar_file(name: str, purpose: str, slot: str | None) -> None:
    clean = str.maketrans(dict.fromkeys(map(chr, [*range(32), 127, 133, 8232, 8233])))
    name, purpose = name.translate(clean), purpose.translate(clean)
    row = VisitRow("1" * 32, "c", None, name, MONDAY, slot, 45, purpose, "", "", "planned", "", "", "grey")
    week = WeekRows(MONDAY, (DayRows(MONDAY, (row,), (), 0),), 1, 0, 25)
    content = calendar.calendar_bytes(week, {row.id: "鼓楼区, 五四路"}, 30)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    expected = calendar.text.nfc(" • ".join(filter(None, (name, purpose))))
    assert str(event["SUMMARY"]) == expected
    assert str(event["LOCATION"]) == "鼓楼区, 五四路"
