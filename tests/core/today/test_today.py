"""Today on a real book: tiles, stops, needs by deadline, the first sentence; and how long a large book takes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, i18n, lunar, text
from fieldcrm.base.data.setting_table import change_setting
from fieldcrm.base.data.store import Store
from fieldcrm.core import contacts, tasks, today, visits
from fieldcrm.core.channels.tables import Channel
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.complaints.actions import pause_complaint
from fieldcrm.core.complaints.tables import Complaint
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.today import birthdays
from fieldcrm.core.today.needs import Need
from fieldcrm.core.today.rules import first_sentence
from support.clocks import MovingClock
from support.stores import PERSON

MONDAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _morning(moving_clock: MovingClock) -> MovingClock:
    return moving_clock


def client(session: Session, name: str, **values: Any) -> str:
    made = Client(name=name, **values)
    session.add(made)
    session.flush()
    return made.id


def policy(session: Session, name: str, days: int, **values: Any) -> str:
    """A client with a policy that matures in so many days (`renews` instead, when given)."""
    id = client(session, name)
    renews = values.pop("renews", False)
    day = MONDAY + timedelta(days)
    session.add(
        Policy(
            number=f"P{name}", applicant_id=id, product_name="分红 5 年期", premium_fen=3_000_000,
            matures_on=None if renews else day, renews_on=day if renews else None, **({"status": "in_force"} | values),
        )
    )  # fmt: skip
    return id


def fill(session: Session) -> dict[str, str]:
    ids = {
        "soon": policy(session, "郑美玲", 1),
        "later": policy(session, "何志远", 20),
        "far": policy(session, "远期", 31),
        "universal": policy(session, "万能", 3, line="universal"),
        "gone": policy(session, "已退保", 3, status="surrendered"),
        "r30": policy(session, "恒安物流", 22, renews=True),
        "r60": policy(session, "闽江水泥", 50, renews=True),
        "silent": client(session, "林氏建材", grade="A", birth_on=date(1974, 11, 25)),
        "lunar": client(session, "农历", grade="C", birth_on=date(1974, 12, 8), lunar_birthday=True),
        "unknown": client(session, "不熟", birth_on=date(1974, 11, 25)),
        "angry": client(session, "刘建平"),
    }
    contacts.log_contact(
        session, ids["silent"], kind="phone", result="reached", started_at=clock.now() - timedelta(days=63)
    )
    session.add(
        Complaint(
            client_id=ids["angry"], received_at=clock.now() - timedelta(days=6), status="open",
            category="below_deposit",
        )
    )  # fmt: skip
    tasks.add_step(session, client_id=ids["soon"], what="送计划书", due_on=MONDAY, due_time="15:00")
    tasks.add_step(session, client_id=ids["later"], what="电话", due_on=MONDAY + timedelta(5))
    return ids


def test_needs_come_by_deadline(store: Store) -> None:
    i18n.use("zh_CN")
    store.change(fill)
    found = store.read(today.needs, MONDAY, PERSON)
    assert [(row.kind, row.line, row.when, row.tone) for row in found.rows] == [
        ("step", "郑美玲 • 送计划书", "今天 15:00", "amber"),
        ("complaint", "刘建平 • 收益低于存款", "明天 17:00", "red"),
        ("maturing", "郑美玲 • 分红 5 年期 • 3 万", "明天", "red"),
        ("birthday", "林氏建材 • 52 岁", "后天", "blue"),
        ("renewal_30", "恒安物流 • 分红 5 年期 • 3 万", "12-15", "amber"),
        ("renewal_60", "闽江水泥 • 分红 5 年期 • 3 万", "2027-01-12", "blue"),
        ("neglected", "林氏建材 • 重点客户", "63 天", "amber"),
    ]
    assert found.counts == dict.fromkeys(today.KINDS, 1)


def test_long_silences_are_told_by_what_is_kept(store: Store) -> None:
    """Of every key client of a book; to ask its contacts of each cost half of the page."""
    statements: list[str] = []
    event.listen(store.readers, "before_cursor_execute", lambda *a: statements.append(a[2]))
    store.change(fill)
    found = store.read(today.needs, clock.today())
    assert any(need.kind == "neglected" for need in found.rows)
    silent = [s for s in statements if "client.created_at" in s]
    assert len(silent) == 1
    assert "FROM contact" not in silent[0]


@given(st.dates(date(1901, 3, 1), date(2030, 12, 31)), st.dates(date(2020, 1, 1), date(2058, 12, 31)))
def test_birthdays_by_the_table_are_those_of_the_calendars(born: date, on: date) -> None:
    if born > on:
        return
    days = birthdays.days_from(on, 8)
    solar = next(text.birthday(born, y) for y in (on.year, on.year + 1) if text.birthday(born, y) >= on)
    assert birthdays.solar_births(days).get(born) == (solar if solar in days else None)
    lunar_day = next(day for n in (-1, 0, 1) if (day := lunar.lunar_birthday(born, on.year + n)) >= on)
    assert birthdays.lunar_births(days).get(born) == (lunar_day if lunar_day in days else None)


@pytest.mark.parametrize("born", [date(1974, 12, 8), date(2020, 5, 25), date(1995, 9, 30), date(1900, 2, 1)])
def test_known_lunar_days(born: date) -> None:
    month = birthdays.lunar_month(born)
    assert month is not None
    assert (month[0].number, month[1]) == lunar.lunar(born)[1:]


def test_outside_the_table_there_is_no_lunar_day() -> None:
    assert birthdays.lunar_month(date(1899, 1, 1)) is None
    assert birthdays.lunar_month(date(2080, 1, 1)) is None


def test_tiles_count_what_they_open(store: Store) -> None:
    store.change(fill)
    store.change(change_setting, "callbacks_a_day", 15, PERSON)
    tiles = store.read(today.today, PERSON).tiles
    assert (tiles.callbacks_goal, tiles.figures.callbacks_valid) == (15, 0)
    assert (tiles.maturing, tiles.maturing_fen, tiles.maturing_soon) == (2, 6_000_000, 1)
    assert (tiles.open_complaints, tiles.next_deadline) == (1, clock.instant(MONDAY + timedelta(1), 17))
    assert tiles.deadline_used > 80
    complaint = store.read(lambda session: session.scalars(select(Complaint.id)).one())
    store.change(pause_complaint, complaint, "waits for papers")
    rows = store.read(today.today, PERSON)
    assert (rows.tiles.open_complaints, rows.tiles.next_deadline) == (1, None)
    assert "complaint" not in {need.kind for need in rows.needs.rows}, "a paused clock asks for nothing"


def test_the_stops_of_the_day(store: Store) -> None:
    def plan(session: Session) -> list[str]:
        home = client(session, "陈国强", district="鼓楼区", address="五四路 158 号")
        outlet = Channel(name="上渡网点", type="part_time", district="仓山区", address="上渡路 88 号")
        session.add(outlet)
        session.flush()
        return [
            visits.plan_visit(session, client_id=home, planned_on=MONDAY, slot="09:00", purpose="满期面谈"),
            visits.plan_visit(session, channel_id=outlet.id, planned_on=MONDAY, slot="15:00", minutes=90),
            visits.plan_visit(session, client_id=home, planned_on=MONDAY, slot="16:30", place="茶馆"),
        ]

    ids, _ = store.change(plan)
    store.change(visits.finish_visit, ids[0], result="reached")
    found = store.read(today.today, PERSON)
    assert [(row.slot, row.name, row.address, row.state) for row in found.stops] == [
        ("09:00", "陈国强", "鼓楼区五四路 158 号", "done"),
        ("15:00", "上渡网点", "仓山区上渡路 88 号", "next"),
        ("16:30", "陈国强", "茶馆", "planned"),
    ]
    assert found.hours == 4.5
    assert (found.tiles.figures.visits_done, found.tiles.figures.visits_planned) == (1, 3)


def need(kind: str, due: date, tone: str = "red") -> Need:
    return Need(kind, tone, "c", "刘建平", "收益低于存款", "tomorrow 17:00", due, (kind, "x"))


@pytest.mark.parametrize(
    ("needs", "stop", "sentence"),
    [
        ([need("complaint", MONDAY + timedelta(1))], ("09:30", "陈国强", ""), "Answer the complaint of 刘建平"),
        ([need("complaint", MONDAY - timedelta(1))], None, "The complaint of 刘建平 • 收益低于存款 is overdue"),
        ([need("complaint", MONDAY + timedelta(5))], ("09:30", "陈国强", "面谈"), "Next stop 09:30 陈国强 • 面谈"),
        ([need("step", MONDAY), need("maturing", MONDAY)], ("15:00", "陈国强", ""), "刘建平 • 收益低于存款, due"),
        ([need("maturing", MONDAY)], ("15:00", "陈国强", ""), "Call 刘建平: matures"),
        ([], ("15:00", "陈国强", ""), "Next stop 15:00 陈国强"),
        ([], None, "20 valid callbacks to go"),
    ],
)
def test_the_first_sentence(needs: list[Need], stop: tuple[str, str, str] | None, sentence: str) -> None:
    words, about = first_sentence(needs, stop, 9 * 60, MONDAY, 20)
    assert words.startswith(sentence)
    assert about is None or about in needs


def test_an_empty_book(book: Store) -> None:
    found = book.read(today.today, PERSON)
    assert (found.stops, found.needs.total, found.hours) == ((), 0, 0.0)
    assert found.first.startswith("Import the core system's list")
    assert found.no_clients
