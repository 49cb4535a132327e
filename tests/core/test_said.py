"""Words that the program filled in are told in the reader's language; what was typed stays."""

from __future__ import annotations

from datetime import date

import pytest

from fieldcrm.base import clock, i18n
from fieldcrm.base.data.store import Store
from fieldcrm.core import callbacks, said, today, visits
from support.calls import FRIDAY, add_client

CHINESE_AND_ENGLISH = [
    ("再次致电", "Call again"),
    ("讲解：年金 D 款 8 万", "Explain: 年金 D 款 8 万"),
    ("满期 11-26", "matures 26 Nov"),
    ("续保 2027-01-23", "renewal 23 Jan 2027"),
    ("逾期：讲解：存单", "overdue: Explain: 存单"),
    ("63 天未联系", "63 days without contact"),
    ("改期", "Another day"),
]


@pytest.mark.parametrize(("chinese", "english"), CHINESE_AND_ENGLISH)
def test_a_sentence_of_the_program_is_read_in_both_languages(chinese: str, english: str) -> None:
    with clock.at(clock.instant(FRIDAY, 10)):
        i18n.use("zh_CN")
        assert (said.retold(english), said.retold(chinese)) == (chinese, chinese)
        i18n.use("en")
        assert (said.retold(chinese), said.retold(english)) == (english, english)


@pytest.mark.parametrize("typed", ["上门讲解年金", "matures soon", "满期 13-45", "再次致电 王总", "", "63 days"])
def test_what_was_typed_stays(typed: str) -> None:
    for language in i18n.LANGUAGES:
        i18n.use(language)
        assert said.retold(typed) == typed
        assert said.retold_summary(typed) == typed


def test_a_call_logged_in_chinese_is_read_in_english(book: Store) -> None:
    """Its summary on the plan, the purpose of the stop it made, the reasons of a proposed one."""
    i18n.use("zh_CN")
    with clock.at(clock.instant(FRIDAY, 10)):
        client, _ = book.change(add_client, "王淑珍", matures_on=date(2026, 12, 3))
        book.change(add_client, "李建国", matures_on=date(2026, 12, 9))
        book.change(
            callbacks.log_callback, client, result="reached", maturity_explained=True, intention="interested",
            conversion_offer="年金 D 款", remark="女儿在家", next_on=FRIDAY, next_time="15:00", next_way="visit",
        )  # fmt: skip
        book.change(visits.propose_week, visits.monday_of(FRIDAY))
        i18n.use("en")
        plan = book.read(visits.plan_paper, visits.monday_of(FRIDAY))
        stops = {stop.name: stop for day in plan.days for stop in day.stops}
        assert stops["王淑珍"].purpose == "Explain: 年金 D 款"
        assert stops["王淑珍"].history.endswith("Appointment · Interested · 年金 D 款 · 女儿在家")
        assert stops["李建国"].purpose == "matures 9 Dec"

        assert "Explain: 年金 D 款" in [stop.purpose for stop in book.read(today.day_stops, FRIDAY)]
