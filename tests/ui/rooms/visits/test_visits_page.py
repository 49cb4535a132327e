"""The visit plan by clicks, keys and drags on a real book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data.store import Store
from fieldcrm.core import visits
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.visits.tables import Visit
from fieldcrm.ui.rooms.visits import dragging
from fieldcrm.ui.rooms.visits.board import DayColumn, StopCard
from support.clocks import MovingClock
from support.desks import OpenDesk, page_of, settle
from support.stores import PERSON

MONDAY = date(2026, 11, 23)
Key = Qt.Key


def fill(session: Session) -> dict[str, str]:
    ids: dict[str, str] = {}
    for number, name in enumerate(("王淑珍", "郑美玲", "刘建平", "何志远", "苏玉兰")):
        made = Client(name=name, district="鼓楼区", address=f"五四路 {number + 1} 号")
        session.add(made)
        session.flush()
        ids[name] = made.id
    for name, days in (("何志远", 3), ("苏玉兰", 30)):
        session.add(
            Policy(
                number=name, applicant_id=ids[name], matures_on=MONDAY + timedelta(days), principal_fen=6_000_000,
                status="in_force",
            )
        )  # fmt: skip
    for name, day, slot in (("王淑珍", 0, "09:00"), ("郑美玲", 0, "09:30"), ("刘建平", 1, "14:00")):
        ids[slot] = visits.plan_visit(
            session, client_id=ids[name], planned_on=MONDAY + timedelta(day), slot=slot, purpose="面谈"
        )
    return ids


@pytest.fixture
def filled(book: Store, moving_clock: MovingClock) -> dict[str, str]:
    ids, _changes = book.change(fill)
    return ids


def get(book: Store, id: str) -> Visit:
    return book.read(lambda session: session.get_one(Visit, id))


def visit_of(book: Store, client_id: str) -> Visit:
    return book.read(lambda session: session.scalars(select(Visit).where(Visit.client_id == client_id)).one())


def let_go(column: DayColumn, kind: str, id: str) -> None:
    data = dragging.carried(kind, id)
    move, left = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPoint(20, 90), move, data, left, none)
    QApplication.sendEvent(column, entered)
    assert entered.isAccepted()
    QApplication.sendEvent(column, QDropEvent(QPointF(20, 90), move, data, left, none))


def test_the_week_and_who_is_worth_a_visit(
    qtbot: QtBot, book: Store, filled: dict[str, str], open_desk: OpenDesk
) -> None:
    page = page_of(open_desk(book, "visits"), "visits")
    assert [len(column.cards) for column in page.board.columns] == [2, 1, 0, 0, 0]
    assert page.subtitle == "week 48 • 23–27 Nov • 3 / 25 stops"
    assert [row.name for row in page.candidates.rows()] == ["何志远", "苏玉兰"]
    assert page.candidates.rows()[0].explained.startswith("+45  matures 26 Nov\n+10  ")
    assert [card.state()[0] for card in page.board.cards()] == ["Clash", "Clash", ""]
    qtbot.mouseClick(page.later, Qt.MouseButton.LeftButton)
    settle(qtbot, page.desk)
    assert (page.board.cards(), page.this_week in page.header_buttons) == ([], True)
    qtbot.keyClick(page, Key.Key_PageUp)
    settle(qtbot, page.desk)
    assert len(page.board.cards()) == 3


def test_a_visit_is_planned_by_keyboard(qtbot: QtBot, book: Store, filled: dict[str, str], open_desk: OpenDesk) -> None:
    """On the candidates: Enter, "wed 10:00", Enter: 2 keys and the day; Enter Enter takes the first free slot."""
    bench = open_desk(book, "visits")
    page = page_of(bench, "visits")
    page.candidates.setFocus()
    qtbot.keyClick(page.candidates, Key.Key_Return)
    form = page.panel.plan_form
    assert bench.focusWidget() is form.when
    qtbot.keyClicks(form.when, "wed 10:00")
    assert form.echo.text() == "→ Wed 25 Nov 10:00"
    qtbot.keyClick(form.when, Key.Key_Return)
    settle(qtbot, bench)
    made = visit_of(book, filled["何志远"])
    assert (made.planned_on, made.slot, made.purpose) == (MONDAY + timedelta(2), "10:00", "matures 26 Nov")
    assert bench.focusWidget() is page.candidates
    qtbot.keyClick(page.candidates, Key.Key_Return)
    qtbot.keyClick(form.when, Key.Key_Return)
    settle(qtbot, bench)
    made = visit_of(book, filled["苏玉兰"])
    assert (made.planned_on, made.slot) == (MONDAY, "11:00")
    assert page.nobody.isVisible()
    assert page.board.isAncestorOf(bench.focusWidget())


def test_an_empty_plan_has_the_keyboard_at_the_first_step(
    qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk
) -> None:
    """Not on the ‹ of the header, where Enter would leave the week."""
    bench = open_desk(book, "visits")
    page = page_of(bench, "visits")
    assert page.nobody.isVisible()
    assert bench.focusWidget() is page.nobody.focusProxy()


def test_a_weekday_is_that_of_the_week_shown(
    qtbot: QtBot, book: Store, filled: dict[str, str], open_desk: OpenDesk
) -> None:
    bench = open_desk(book, "visits")
    page = page_of(bench, "visits")
    page.show_week(MONDAY + timedelta(14))
    settle(qtbot, bench)
    page.plan(page.candidates.rows()[0])
    form = page.panel.plan_form
    for typed, said in (("mon 10:00", "→ Mon 7 Dec 10:00"), ("周五下午", "→ Fri 11 Dec 14:00"), ("nonsense", "…")):
        form.when.setText(typed)
        assert form.echo.text() == said
    qtbot.keyClick(form.when, Key.Key_Return)
    assert form.problem.isVisible()
    qtbot.keyClick(form.when, Key.Key_Backspace)
    assert not form.problem.isVisible(), "it is being put right"
    form.when.setText("mon 10:00")
    form.minutes.setText("long")
    form.save()
    assert form.problem.text() == "A visit lasts between 5 minutes and 12 hours."


def test_the_mouse_takes_up_candidates_and_stops(
    qtbot: QtBot, book: Store, filled: dict[str, str], open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pressed and moved, a candidate and a stop are carried; only the system's own dragging is left out."""
    carried: list[tuple[str, str] | None] = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, _action: carried.append(dragging.read(drag.mimeData())))
    page = page_of(open_desk(book, "visits"), "visits")
    line = page.candidates.visualRect(page.candidates.model().index(0, 0)).center()
    first = page.candidates.rows()[0].client_id
    card = page.board.columns[0].findChildren(StopCard)[0]
    for widget, place in ((page.candidates.viewport(), line), (card, card.rect().center())):
        qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=place)
        for step in (4, 15, 30):
            spot = QPointF(place + QPoint(step, 0))
            left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
            move = QMouseEvent(QEvent.Type.MouseMove, spot, widget.mapToGlobal(spot), left, left, none)
            QApplication.sendEvent(widget, move)
        qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=place)
    assert carried == [(dragging.CANDIDATE, first), (dragging.STOP, card.row.id)]


def test_dragging_plans_and_moves(qtbot: QtBot, book: Store, filled: dict[str, str], open_desk: OpenDesk) -> None:
    bench = open_desk(book, "visits")
    page = page_of(bench, "visits")
    let_go(page.board.columns[2], dragging.CANDIDATE, filled["何志远"])
    settle(qtbot, bench)
    assert visit_of(book, filled["何志远"]).planned_on == MONDAY + timedelta(2)
    let_go(page.board.columns[0], dragging.STOP, filled["14:00"])  # planned today: no reason asked
    settle(qtbot, bench)
    moved = get(book, filled["14:00"])
    assert (moved.planned_on, moved.slot, moved.status) == (MONDAY, "14:00", "planned")
    bench.undo()
    settle(qtbot, bench)
    assert get(book, filled["14:00"]).planned_on == MONDAY + timedelta(1)
    assert len(page.board.columns[1].cards) == 1


def test_moving_an_older_plan_asks_why(
    qtbot: QtBot,
    book: Store,
    filled: dict[str, str],
    open_desk: OpenDesk,
    moving_clock: MovingClock,
    type_text: Callable[[object, str], None],
) -> None:
    moving_clock.forward(days=1)
    bench = open_desk(book, "visits")
    page = page_of(bench, "visits")
    let_go(page.board.columns[4], dragging.STOP, filled["14:00"])
    settle(qtbot, bench)
    form = page.panel.plan_form
    assert form.problem.text() == "Say why the visit is moved or cancelled."
    assert (bench.focusWidget() is form.reason, form.when.text()) == (True, "27 Nov 14:00")
    type_text(form.reason, "客户出差")
    qtbot.keyClick(form.reason, Key.Key_Return)
    settle(qtbot, bench)
    moved = get(book, filled["14:00"])
    assert (moved.planned_on, moved.status, moved.reason) == (MONDAY + timedelta(4), "moved", "客户出差")


def test_a_stop_is_changed_and_cancelled_by_keyboard(
    qtbot: QtBot, book: Store, filled: dict[str, str], open_desk: OpenDesk
) -> None:
    bench = open_desk(book, "visits")
    page = page_of(bench, "visits")
    page.candidates.setFocus()
    qtbot.keyClick(page.candidates, Key.Key_Right)
    card = page.board.cards()[0]
    assert bench.focusWidget() is card
    for key in (Key.Key_Down, Key.Key_Right, Key.Key_Left):
        qtbot.keyClick(bench.focusWidget(), key)
    assert bench.focusWidget() is card
    qtbot.keyClick(card, Key.Key_Return)
    form = page.panel.plan_form
    form.bring.setText("计划书")
    form.minutes.setText("30")
    qtbot.keyClick(form.minutes, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, bench)
    changed = get(book, filled["09:00"])
    assert (changed.bring, changed.minutes, changed.slot, changed.status) == ("计划书", 30, "09:00", "planned")
    assert [card.state()[0] for card in page.board.cards()] == ["", "", ""]
    qtbot.keyClick(page.board.cards()[0], Key.Key_Delete)
    qtbot.mouseClick(page.panel.cancel_button, Qt.MouseButton.LeftButton)
    settle(qtbot, bench)
    assert form.problem.isVisible()
    form.reason.setText("客户不在")
    qtbot.mouseClick(page.panel.cancel_button, Qt.MouseButton.LeftButton)
    settle(qtbot, bench)
    assert get(book, filled["09:00"]).status == "cancelled"
    assert len(page.board.cards()) == 2


def test_the_evening_goes_from_stop_to_stop(
    qtbot: QtBot,
    book: Store,
    filled: dict[str, str],
    open_desk: OpenDesk,
    moving_clock: MovingClock,
    type_text: Callable[[object, str], None],
) -> None:
    """A stop takes a digit, Enter, its line and Ctrl+Enter: 3 keys and the words; the next one opens by itself."""
    moving_clock.set(clock.instant(MONDAY, 19))
    bench = open_desk(book, "visits")
    page = page_of(bench, "visits")
    qtbot.mouseClick(page.evening_button, Qt.MouseButton.LeftButton)
    form = page.panel.finish_form
    for name, words in (("王淑珍", "同意看方案"), ("郑美玲", "再考虑")):
        assert (form.name, bench.focusWidget() is form.outcome) == (name, True)
        qtbot.keyClick(form.outcome, Key.Key_3)
        qtbot.keyClick(form.outcome, Key.Key_Return)
        type_text(form.note, words)
        qtbot.keyClick(form.note, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        settle(qtbot, bench)
    assert not page.panel.isVisible()
    assert not page.evening_button.isChecked()
    assert get(book, filled["14:00"]).status == "planned"  # tomorrow's
    told = select(Contact.result, Contact.summary).order_by(Contact.started_at)
    logged = book.read(lambda session: [tuple(row) for row in session.execute(told)])
    assert logged == [("considering", "同意看方案"), ("considering", "再考虑")]
    assert page.candidates.hasFocus()


def test_a_stop_put_to_another_day_is_said_to_be_moved(
    qtbot: QtBot, book: Store, filled: dict[str, str], open_desk: OpenDesk, moving_clock: MovingClock
) -> None:
    moving_clock.set(clock.instant(MONDAY, 19))
    bench = open_desk(book, "visits")
    page = page_of(bench, "visits")
    qtbot.mouseClick(page.evening_button, Qt.MouseButton.LeftButton)
    form = page.panel.finish_form
    name = form.name
    qtbot.keyClick(form.outcome, Key.Key_5)
    form.note.setText("sick")
    qtbot.keyClicks(form.when, "fri 3pm")
    qtbot.keyClick(form.when, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, bench)
    assert bench.undo_bar.text() == f"Moved: {name}"


def test_what_was_typed_survives_the_window(
    qtbot: QtBot, book: Store, filled: dict[str, str], open_desk: OpenDesk
) -> None:
    bench = open_desk(book, "visits")
    page = page_of(bench, "visits")
    qtbot.keyClick(page.board.cards()[0], Key.Key_Space)
    form = page.panel.finish_form
    qtbot.keyClicks(form.note, "half a line")
    page.put_away()
    settle(qtbot, bench)
    again = open_desk(book, "visits")
    page = page_of(again, "visits")
    qtbot.keyClick(page.board.cards()[0], Key.Key_Space)
    settle(qtbot, again)
    assert page.panel.finish_form.note.text() == "half a line"


@pytest.mark.usefixtures("filled")
def test_filling_the_week_is_one_operation(qtbot: QtBot, book: Store, open_desk: OpenDesk) -> None:
    bench = open_desk(book, "visits")
    page = page_of(bench, "visits")
    qtbot.mouseClick(page.propose_button, Qt.MouseButton.LeftButton)
    settle(qtbot, bench)
    assert len(page.board.cards()) == 5
    bench.undo()
    settle(qtbot, bench)
    assert len(page.board.cards()) == 3


@pytest.mark.usefixtures("filled")
def test_paper_and_calendar(qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path) -> None:
    import icalendar

    bench = open_desk(book, "visits")
    page = page_of(bench, "visits")
    page.open(day=MONDAY, paper=True)
    qtbot.waitUntil(lambda: page.stack.paper.view.count == 2, timeout=10_000)
    page.stack.paper.save_to(tmp_path / "plan.pdf")
    settle(qtbot, bench)
    assert (tmp_path / "plan.pdf").read_bytes().startswith(b"%PDF")
    qtbot.keyClick(page.stack.paper.view, Qt.Key.Key_Escape)
    assert page.stack.currentIndex() == 0
    page.save_calendar(tmp_path / "plan.ics")
    settle(qtbot, bench)
    events: list[Any] = list(icalendar.Calendar.from_ical((tmp_path / "plan.ics").read_bytes()).walk("VEVENT"))
    assert [str(event["SUMMARY"]) for event in events] == ["王淑珍 • 面谈", "郑美玲 • 面谈", "刘建平 • 面谈"]
    assert events[0].decoded("DTSTART") == clock.instant(MONDAY, 9)
    assert str(events[0]["LOCATION"]) == "鼓楼区五四路1号"
    assert PERSON not in (tmp_path / "plan.ics").read_text("utf-8")
