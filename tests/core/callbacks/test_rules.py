"""When a callback is valid, and when an unreached client comes back."""

from __future__ import annotations

from datetime import date
from itertools import product

from fieldcrm.base import clock, forms
from fieldcrm.core.callbacks import rules


def test_valid_is_reached_explained_and_an_intention() -> None:
    form = forms.get("callback")
    results = [c.code for c in form["result"].choices] + [None]
    intentions = [c.code for c in form["intention"].choices] + [None]
    for result, explained, intention in product(results, (True, False, None), intentions):
        expected = result == "reached" and explained is True and intention is not None
        assert rules.is_valid(result, explained, intention) is expected


def test_unreached_come_back_at_another_time_of_day() -> None:
    friday = date(2026, 11, 20)
    assert rules.next_try(clock.instant(friday, 10, 12)) == (friday, "14:30")
    assert rules.next_try(clock.instant(friday, 14, 30)) == (friday, "19:00")
    assert rules.next_try(clock.instant(friday, 19)) == (date(2026, 11, 23), "09:30")
    assert rules.next_try(clock.instant(date(2026, 9, 30), 19)) == (date(2026, 10, 8), "09:30")
    assert [r for r in ("reached", "no_answer", "off", "wrong_number", None) if rules.needs_retry(r)] == [
        "no_answer",
        "off",
    ]
