"""The manager's pages with more than anybody has: they stay on the smallest screen, heads whole, nothing cut off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from fieldcrm.base import clock, i18n
from fieldcrm.base.data.store import Store
from fieldcrm.core import clients, complaints, demo, policies, tasks, visits
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.delegates import needed_width
from fieldcrm.ui.kit.list_pane import ListPane
from fieldcrm.ui.kit.table import TableView
from support.clocks import MovingClock
from support.desks import OpenDesk, page_of, settle

SMALLEST = (1280, 720)  # 1920 × 1080 at 150 %
LONG = ("欧阳上官司马诸葛㛃䶮𠮷" * 4)[:40]
PAGES = ("today", "clients", "policies", "visits", "callbacks", "complaints", "diary")


def fill(session: Session) -> str:
    """One client with everything; gives the id."""
    today = clock.today()
    client = clients.add_client(
        session,
        {"type": "person", "name": LONG, "phones": [{"number": "13805910032"}], "district": "仓山区",
         "address": ("福建省福州市仓山区浦上大道" * 12)[:120], "consent": True, "birth_on": date(1966, 1, 3),
         "tags": ["养老规划黄金期", "家族信托意向客户"]},
    )  # fmt: skip
    for n in range(40):
        policies.add_policy(
            session,
            {"number": f"2021350199{n:08}", "product_name": "千里马两全保险（分红型）至尊版", "applicant_id": client,
             "line": "participating", "premium_fen": 123_456_789_012, "principal_fen": 123_456_789_012,
             "matures_on": today + timedelta(days=3 + n), "status": "in_force", "pay_mode": "single"},
        )  # fmt: skip
    for n in range(20):
        visits.plan_visit(session, planned_on=today, client_id=client, slot=f"{8 + n // 2:02}:{n % 2 * 3}0")
        tasks.add_step(session, client_id=client, what="再次致电并说明满期给付与同期存款差额" * 3, due_on=today)
    complaints.register_complaint(
        session, client_id=client, received_at=clock.now(), source="client", point=("收益低于存款，" * 300)[:2000]
    )
    return client


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_pages_stay_on_the_smallest_screen(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk, language: str
) -> None:
    i18n.use(language)
    book.change(fill)
    bench = open_desk(book, "today", SMALLEST)
    bench.say("warning", "A bar above the page takes its room too.")
    for key in PAGES:
        bench.go(key)
        settle(qtbot, bench)
        assert (bench.width(), bench.height()) == SMALLEST, key
        page = page_of(bench, key)
        assert page.width() <= SMALLEST[0] - 168, key
        for table in page.findChildren(TableView):
            heads = [n for n in range(table.head.count()) if not table.isColumnHidden(n)]
            assert all(table.head.sectionSize(n) >= table.head.needed(n) for n in heads), key
    page_of(bench, "today").stops.log_next()
    settle(qtbot, bench)
    assert bench.height() == SMALLEST[1]


def test_lists_have_the_keyboard_when_they_open(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk
) -> None:
    """Not the first button of the page, which Enter would press; and a standard view needs no second line for it."""
    book.change(fill)
    bench = open_desk(book, "today")
    for key in ("clients", "policies", "complaints"):
        bench.go(key)
        settle(qtbot, bench)
        assert isinstance(bench.focusWidget(), TableView), key
        assert page_of(bench, key).findChild(ListPane)._filters.isHidden(), key
    bench.go("today")
    settle(qtbot, bench)
    assert bench.focusWidget() is page_of(bench, "today").stops.lines[0]


def test_the_form_of_a_long_name_says_that_it_goes_on(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk
) -> None:
    client, _ = book.change(fill)
    bench = open_desk(book, "clients", SMALLEST)
    page = page_of(bench, "clients")
    page.edit(client)
    settle(qtbot, bench)
    title = page.editor._title
    assert title.text().endswith("…")
    assert title.toolTip() == LONG
    assert title.fontMetrics().horizontalAdvance(title.text()) <= title.width()


def test_the_calls_stay_readable_at_125_percent(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk, language: str
) -> None:
    """A screen of 1366 × 768 at 125 %: the card's figures are whole, the premium gives way."""
    i18n.use(language)
    demo.fill(book, 60, 1)
    bench = open_desk(book, "callbacks", (1093, 614))
    page = page_of(bench, "callbacks")
    assert page.width() <= 1093 - 168
    table = page.sprint.who.table
    edges = table._edges()
    assert table.policies
    assert edges[0][1] - edges[0][0] >= 24
    assert edges[-1][1] <= table.width()
    assert table.mapTo(page, table.rect().topRight()).x() <= page.sprint.form.mapTo(page, QPoint(0, 0)).x()


def test_the_steps_of_a_complaint_stay_in_sight(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk
) -> None:
    book.change(fill)
    page = page_of(open_desk(book, "complaints"), "complaints")
    case = page.case
    assert case.point.shortened
    assert case.timeline.y() < case.height()
    assert case.name.width() <= case.width()
    case.whole_button.click()
    assert not case.point.shortened
    assert case.whole_button.isHidden()


FREE = {"name", "client", "product", "product_held", "point", "remark", "conversion_offer", "applicant", "source_type"}
"""Columns of words as they were typed: they may be cut, the pane says them whole."""


def test_cells_of_codes_days_and_figures_are_whole_on_the_smallest_screen(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk, language: str
) -> None:
    """`Person …`, `Participating …` or a policy number without its last four digits say nothing."""
    i18n.use(language)
    demo.fill(book, 60, 1)
    bench = open_desk(book, "clients", SMALLEST)
    for key in ("clients", "policies", "complaints", "callbacks"):
        bench.go(key)
        if key == "callbacks":
            page_of(bench, key).show_register()
        settle(qtbot, bench)
        table = next(t for t in page_of(bench, key).findChildren(TableView) if t.isVisible())
        assert table.rows.rowCount() > 1, key
        assert not table.horizontalScrollBar().isVisible(), key
        for number, column in enumerate(table.rows.columns):
            if column.key in FREE or table.isColumnHidden(number):
                continue
            for row in range(min(15, table.rows.rowCount())):
                words = str(table.rows.index(row, number).data() or "")
                if words.startswith(("企业", "Company")):
                    continue  # what is known of it, the weightiest first
                assert needed_width(words, column.look) <= table.head.sectionSize(number), (key, column.key, words)


def test_a_full_week_shows_every_time(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk, language: str
) -> None:
    """Seven days with twelve stops each beside the list: chips give way to the time, heads stay apart."""
    i18n.use(language)

    def plan(session: Session) -> None:
        client = clients.add_client(session, {"type": "person", "name": LONG, "consent": True})
        for n in range(84):
            day, place = visits.monday_of(clock.today()) + timedelta(days=n // 12), n % 12
            visits.plan_visit(session, planned_on=day, client_id=client, slot=f"{8 + place:02}:15", minutes=90)

    book.change(plan)
    bench = open_desk(book, "visits", SMALLEST)
    page = page_of(bench, "visits")
    assert page.board.geometry().right() <= page.width()
    assert len(page.board.columns) == 7
    figures, small = QFontMetrics(fonts.figures(tokens.SMALL)), QFontMetrics(fonts.font(tokens.SMALL))
    for column in page.board.columns:
        for card in column.cards:
            for width in (card.width(), 62):  # as narrow as a column with its scroll bar leaves it at 911 px
                card.resize(width, card.height())
                time, (words, tone), chip = card.first_line()
                assert (time, tone) == (card.row.slot, "red")
                assert figures.horizontalAdvance(time) <= card.time_room(words, chip)
        head = QFontMetrics(fonts.font(tokens.FONT, True)).horizontalAdvance(column.head_words())
        room = column.width() - 13 - head - 8 - 13
        assert small.horizontalAdvance(column.count_words(small, room)) <= room
