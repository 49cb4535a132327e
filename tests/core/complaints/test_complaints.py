"""A complaint on a real book: taken in, worked on, paused, answered, closed, reopened; list, case, register."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from fieldcrm.base import clock, i18n
from fieldcrm.base.data.listing import Asked, OneOf
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import ChangedElsewhere, InvalidField, InvalidFields, Refused
from fieldcrm.base.paper.preview import Pages
from fieldcrm.base.sheets import reader
from fieldcrm.core import complaints
from fieldcrm.core.register import register_bytes, write_register
from support.calls import FRIDAY, add_client

pytest_plugins = ["support.stores"]


@pytest.fixture(autouse=True)
def _friday_morning() -> Iterator[None]:
    with clock.at(clock.instant(FRIDAY, 10, 12)):
        yield


def _take_in(store: Store, name: str, **values: Any) -> str:
    of_client = {k: values.pop(k) for k in ("birth_on",) if k in values}
    client, _ = store.change(add_client, name, **of_client)
    made, _ = store.change(
        complaints.register_complaint, client_id=client, **{"point": "收益低于存款", "source": "client"} | values
    )
    return made


def _case(store: Store, complaint_id: str) -> complaints.Case:
    found = store.read(complaints.find_case, complaint_id)
    assert found is not None
    return found


def test_a_register_says_its_days_and_a_blank_one_fills_one_page() -> None:
    days = complaints.blank_register()
    assert (days.days, days.rows) == ("", ())
    with Pages(register_bytes(days)) as pages:
        assert len(pages) == 1


def test_from_receipt_to_the_close(store: Store) -> None:
    made = _take_in(store, "刘建平", mis_selling_suspected=True)
    case = _case(store, made)
    assert case.row.answer.due_at == clock.instant(FRIDAY + timedelta(days=7), 17)
    assert case.row.regulatory.due_at == clock.instant(FRIDAY + timedelta(days=15), 17)
    assert (case.row.first, case.row.satisfied, case.phone) == (True, None, "138 0591 ••32")
    with clock.at(clock.instant(FRIDAY + timedelta(days=1), 9)):
        store.change(complaints.add_complaint_step, made, "上门说明", person="林晓")
        store.change(complaints.answer_complaint, made, handling_opinion="说明红利不确定，客户接受")
    with clock.at(clock.instant(FRIDAY + timedelta(days=2), 9)):
        store.change(complaints.close_complaint, made, irregular_surrender=False, client_opinion="accepted")
    case = _case(store, made)
    assert [event.kind for event in case.events] == ["received", "step", "answered", "closed"]
    assert (case.row.status, case.row.satisfied) == ("closed", True)
    assert (case.row.answer.met, case.row.regulatory.met) == (True, True)
    assert case.events[1].person == "林晓"
    store.undo()
    assert _case(store, made).row.status == "answered"


def test_a_pause_moves_the_deadline_and_needs_a_reason(store: Store) -> None:
    made = _take_in(store, "周桂兰")
    with pytest.raises(InvalidField):
        store.change(complaints.pause_complaint, made, "  ")
    store.change(complaints.pause_complaint, made, "等客户提供材料")
    assert _case(store, made).row.answer.paused
    with pytest.raises(Refused):
        store.change(complaints.pause_complaint, made, "再等")
    with clock.at(clock.instant(FRIDAY + timedelta(days=3), 10, 12)):
        store.change(complaints.resume_complaint, made)
        row = _case(store, made).row
        assert row.answer.due_at == clock.instant(FRIDAY + timedelta(days=10), 17)
        with pytest.raises(Refused):
            store.change(complaints.resume_complaint, made)


def test_compensation_or_surrender_is_no_satisfaction(book: Store) -> None:
    for name, values in (("甲", {"irregular_surrender": True}), ("乙", {"compensation_fen": 100})):
        made = _take_in(book, name)
        book.change(
            complaints.close_complaint, made, **{"irregular_surrender": False} | values, handling_opinion="按协议"
        )
        assert _case(book, made).row.satisfied is False


def test_reopened_the_regulatory_clock_runs_on(book: Store) -> None:
    made = _take_in(book, "郑美玲")
    with pytest.raises(Refused):
        book.change(complaints.reopen_complaint, made)
    book.change(complaints.close_complaint, made, irregular_surrender=False, handling_opinion="已说明")
    with pytest.raises(Refused):
        book.change(complaints.add_complaint_step, made, "再打电话")
    book.change(complaints.reopen_complaint, made)
    row = _case(book, made).row
    assert (row.status, row.answer.met, row.regulatory.met) == ("answered", True, None)


def test_what_is_missing_is_said_at_its_field(book: Store) -> None:
    client, _ = book.change(add_client, "黄丽华")
    with pytest.raises(InvalidFields) as missing:
        book.change(complaints.register_complaint, client_id=client)
    assert [p.field for p in missing.value.problems] == ["point"]
    with pytest.raises(InvalidField) as future:
        book.change(complaints.register_complaint, client_id=client, point="x", received_at=clock.instant(FRIDAY, 11))
    assert future.value.field == "received_at"
    made = _take_in(book, "何志远")
    with pytest.raises(InvalidField) as opinion:
        book.change(complaints.answer_complaint, made)
    assert opinion.value.field == "handling_opinion"
    with pytest.raises(InvalidField) as surrender:
        book.change(complaints.close_complaint, made, irregular_surrender=None, handling_opinion="x")
    assert surrender.value.field == "irregular_surrender"
    with pytest.raises(ChangedElsewhere):
        book.change(complaints.add_complaint_step, "f" * 32, "x")


def test_mis_sold_clients_over_50_come_first(store: Store) -> None:
    young = {"birth_on": date(1990, 1, 1), "mis_selling_suspected": True}
    with clock.at(clock.instant(date(2026, 11, 18), 9)):
        _take_in(store, "早")
        _take_in(store, "年轻误导", **young)
        done = _take_in(store, "已结", mis_selling_suspected=True)
        store.change(complaints.close_complaint, done, irregular_surrender=False, handling_opinion="x")
    _take_in(store, "年长误导", mis_selling_suspected=True)
    spec = complaints.complaint_list()
    page = store.read(spec.page, Asked(), 0, 50)
    assert [row.client for row in page.rows] == ["年长误导", "早", "年轻误导", "已结"]
    assert store.read(spec.count, Asked((("status", OneOf(("open",))),))) == 3
    assert [row.client for row in store.read(complaints.open_complaints)] == ["年长误导", "早", "年轻误导"]
    figure = store.read(complaints.count_open)
    assert (figure.count, figure.due_at) == (3, clock.instant(date(2026, 11, 25), 17))


def test_a_correction_keeps_the_state(book: Store) -> None:
    made = _take_in(book, "刘建平")
    book.change(complaints.change_complaint, made, severity="high", complex=True, status="closed")
    row = _case(book, made).row
    assert (row.severity, row.status) == ("high", "open")
    assert row.regulatory.due_at == clock.instant(FRIDAY + timedelta(days=30), 17)


def test_the_register_on_paper_and_as_a_sheet(book: Store, tmp_path: Path) -> None:
    i18n.use("zh_CN")
    _take_in(book, "刘建平")
    register = book.read(complaints.complaint_register, date(2026, 11, 1), date(2026, 11, 30))
    with Pages(register_bytes(register, who="福州支公司 林晓")) as pages:
        words = pages.text(0)
    for expected in ("客户投诉情况统计表", "刘建平", "收益低于存款", "投诉点", "处理意见"):
        assert expected in words
    assert write_register(register, tmp_path / "r.xlsx") == 1
    assert "刘建平" in str(reader.read(tmp_path / "r.xlsx"))
