"""Who is called, in what order, and what the card tells on the phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from fieldcrm.base import clock, i18n
from fieldcrm.base.data.setting_table import change_setting
from fieldcrm.base.data.store import Store
from fieldcrm.base.settings import CALLBACKS_A_DAY
from fieldcrm.core import callbacks, visits
from support.calls import FRIDAY, add_client, add_policy

pytest_plugins = ["support.stores"]


@pytest.fixture(autouse=True)
def _friday_morning() -> Iterator[None]:
    with clock.at(clock.instant(FRIDAY, 10, 12)):
        yield


def _names(store: Store) -> list[str]:
    return [row.name for row in store.read(callbacks.queue).rows]


def test_next_months_clients_by_maturity_then_amount(store: Store) -> None:
    store.change(add_client, "乙", matures_on=date(2026, 12, 20), premium_fen=1_000_000)
    store.change(add_client, "甲", matures_on=date(2026, 12, 20), premium_fen=8_000_000)
    first, _ = store.change(add_client, "丙", matures_on=date(2026, 12, 1))
    store.change(add_policy, first, matures_on=date(2026, 12, 31), premium_fen=3_000_000)
    store.change(add_client, "后", matures_on=date(2027, 1, 2))
    found = store.read(callbacks.queue)
    assert [row.name for row in found.rows] == ["丙", "甲", "乙"]
    assert found.month_clients == 3
    assert len(found.rows[0].policy_ids) == 2
    assert found.rows[0].amount_fen == 15_000_000
    assert {row.state for row in found.rows} == {"waiting"}


def test_what_is_renewed_has_no_maturity_to_explain(store: Store) -> None:
    store.change(add_client, "物流公司", line="fleet", product_name="团车")
    store.change(add_client, "未知险种", line=None)
    assert _names(store) == ["未知险种"]


def test_never_those_who_do_not_want_it(store: Store) -> None:
    store.change(add_client, "可", consent=True)
    store.change(add_client, "未问", consent=None)
    store.change(add_client, "撤回", consent=False)
    store.change(add_client, "勿扰", do_not_call=True)
    assert sorted(_names(store)) == ["可", "未问"]


def test_missed_ones_of_this_month_stay_until_called(book: Store) -> None:
    late, _ = book.change(add_client, "漏", matures_on=date(2026, 11, 25))
    row = book.read(callbacks.queue).rows[0]
    assert row.name == "漏"
    assert row.overdue
    assert book.read(callbacks.queue).month_clients == 0
    book.change(
        callbacks.log_callback, late, result="reached", maturity_explained=True, intention="deposit",
        called_at=clock.instant(date(2026, 11, 19), 9),
    )  # fmt: skip
    assert _names(book) == []


def test_unreached_come_back_at_another_time_of_day(book: Store) -> None:
    client, _ = book.change(add_client, "刘")
    book.change(callbacks.log_callback, client, result="no_answer")
    row = book.read(callbacks.queue).rows[0]
    assert (row.state, row.time, row.open) == ("later", "14:30", False)
    with clock.at(clock.instant(FRIDAY, 14, 31)):
        row = book.read(callbacks.queue).rows[0]
        assert (row.state, row.open) == ("retry", True)
    with clock.at(clock.instant(date(2026, 12, 7), 9)):  # the policy has matured meanwhile
        assert book.read(callbacks.queue).rows[0].state == "retry"


def test_promised_calls_come_back_on_their_day(book: Store) -> None:
    client, _ = book.change(add_client, "郑", matures_on=date(2026, 12, 30))
    book.change(
        callbacks.log_callback, client, result="reached", maturity_explained=True, intention="considering",
        next_on=date(2026, 11, 24), next_time="10:00",
    )  # fmt: skip
    assert book.read(callbacks.queue).rows[0].state == "considering"
    with clock.at(clock.instant(date(2026, 11, 24), 9)):
        row = book.read(callbacks.queue).rows[0]
        assert (row.state, row.open, row.time) == ("again", True, "10:00")


def test_the_card(store: Store) -> None:
    i18n.use("zh_CN")
    client, _ = store.change(add_client, "王淑珍")
    card = store.read(callbacks.call_card, client)
    assert card is not None
    assert (card.age, card.phone, card.outlet) == (52, "138 0591 ••32", "邮政上渡网点")
    policy = card.policies[0]
    assert (policy.tail, policy.days_left, policy.difference_fen) == ("2217", 13, 324_000)
    assert policy.deposit_higher
    assert [offer.code for offer in card.advice.offers] == ["annuity_single", "deposit"]
    assert card.objection == "below_deposit"
    assert "3,240" in card.scripts["below_deposit"][0]
    assert (card.attempt_number, card.serial_number) == (1, 1)


def test_61_and_over_get_a_deposit_never_insurance(book: Store) -> None:
    client, _ = book.change(add_client, "苏玉兰", birth_on=date(1960, 1, 1))
    card = book.read(callbacks.call_card, client)
    assert card is not None
    assert [offer.sells_insurance for offer in card.advice.offers] == [False]
    assert all(steps[-1].startswith("61") for steps in card.scripts.values())


def test_universal_policies_never_mature(book: Store) -> None:
    client, _ = book.change(add_client, "林美芳", line="universal", product_name="稳盈万能")
    card = book.read(callbacks.call_card, client)
    assert card is not None
    policy = card.policies[0]
    assert (policy.matures_on, policy.days_left, policy.whole_life) == (None, None, True)
    assert [offer.code for offer in card.advice.offers] == ["keep"]


def test_a_client_who_is_gone_has_no_card(book: Store) -> None:
    assert book.read(callbacks.call_card, "f" * 32) is None


def test_the_goal_is_the_setting_of_who_keeps_the_book(book: Store) -> None:
    assert book.read(callbacks.queue).today.goal == 20
    book.change(change_setting, CALLBACKS_A_DAY.key, 12, book.author.person_id)
    assert book.read(callbacks.queue).today.goal == 12


def test_a_queue_that_is_cut_says_so(book: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        book.change(add_client, f"客户{number}", matures_on=date(2026, 12, 20 + number))
    assert not book.read(callbacks.queue).capped
    monkeypatch.setattr("fieldcrm.core.callbacks.queries.MOST", 2)
    found = book.read(callbacks.queue)
    assert (found.capped, [row.name for row in found.rows]) == (True, ["客户0", "客户1"])


def test_whole_life_is_told_as_that_in_queue_and_plan(book: Store) -> None:
    """A universal policy never matures, whatever day the list names."""
    book.change(add_client, "万能客户", line="universal", product_name="聚宝盆终身寿险（万能型）")
    assert book.read(callbacks.queue).rows[0].whole_life
    reasons = book.read(visits.candidates, visits.monday_of(FRIDAY))[0].reasons
    assert reasons[0] == "explain holding 3 Dec"
