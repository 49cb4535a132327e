"""Today by clicks and keys on a real book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data.store import Store
from fieldcrm.core import contacts, tasks, visits
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.complaints.tables import Complaint
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.visits.tables import Visit
from support.clocks import MovingClock
from support.desks import OpenDesk, page_of, settle

MONDAY = date(2026, 11, 23)
Key = Qt.Key


def fill(session: Session) -> dict[str, str]:
    ids = {}
    for name in ("陈国强", "吴秀英", "郑美玲", "刘建平"):
        made = Client(name=name, district="鼓楼区", address="五四路 158 号", grade="A")
        session.add(made)
        session.flush()
        ids[name] = made.id
    for name, slot in (("陈国强", "09:00"), ("吴秀英", "15:00")):
        ids[slot] = visits.plan_visit(
            session, client_id=ids[name], planned_on=MONDAY, slot=slot, purpose="满期给付说明"
        )
    session.add(Policy(number="1", applicant_id=ids["郑美玲"], matures_on=MONDAY + timedelta(3), premium_fen=3_000_000))
    session.add(Complaint(client_id=ids["刘建平"], received_at=clock.now(), status="open"))
    tasks.add_step(session, client_id=ids["吴秀英"], what="送计划书", due_on=MONDAY)
    contacts.log_contact(session, ids["郑美玲"], kind="phone", result="appointment")
    return ids


@pytest.fixture
def filled(book: Store, moving_clock: MovingClock) -> dict[str, str]:
    ids, _changes = book.change(fill)
    moving_clock.forward(hours=1)
    return ids


def get(book: Store, kind: Any, id: str) -> Any:
    return book.read(lambda session: session.get_one(kind, id))


def test_a_finished_stop_is_logged_by_keyboard(
    qtbot: QtBot, book: Store, filled: dict[str, str], open_desk: OpenDesk, type_text: Callable[[object, str], None]
) -> None:
    """From the page as it opens: Enter, 2, Enter, one line, Ctrl+Enter: 4 keys and the words; no mouse.

    With a next step: two more Enter, what and when.
    """
    bench = open_desk(book, "today")
    page = page_of(bench, "today")
    line = page.stops.lines[0]
    assert line.row.state == "next"
    line.setFocus()  # the offscreen window is not active by itself; the page does this when it opens
    qtbot.keyClick(line, Key.Key_Return)
    form = page.stops.form
    assert form.isVisible()
    assert bench.focusWidget() is form.outcome
    qtbot.keyClick(form.outcome, Key.Key_2)
    qtbot.keyClick(form.outcome, Key.Key_Return)
    assert bench.focusWidget() is form.note
    type_text(form.note, "同意看方案")
    qtbot.keyClick(form.note, Key.Key_Return)
    type_text(form.next, "送计划书")
    qtbot.keyClick(form.next, Key.Key_Return)
    qtbot.keyClicks(form.when, "fri 10:00")
    assert form.echo.text() == "→ Fri 27 Nov 10:00"
    qtbot.keyClick(form.when, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, bench)
    visit = get(book, Visit, filled["09:00"])
    assert visit.status == "done"
    contact = get(book, Contact, visit.contact_id)
    assert (contact.summary, contact.kind, contact.result) == ("同意看方案", "visit", "interested")
    assert contact.next_step_id
    assert not form.isVisible()
    assert [line.row.state for line in page.stops.lines] == ["done", "next"]
    assert page.tiles["visits"].figure() == "1"
    assert "陈国强: Interested · 同意看方案" in page.diary.words.text()
    bench.undo()
    settle(qtbot, bench)
    assert get(book, Visit, filled["09:00"]).status == "planned"


def test_what_is_missing_is_said_at_the_form_and_kept(
    qtbot: QtBot, book: Store, filled: dict[str, str], open_desk: OpenDesk
) -> None:
    bench = open_desk(book, "today")
    page = page_of(bench, "today")
    qtbot.mouseClick(page.stops.lines[0].button, Qt.MouseButton.LeftButton)
    form = page.stops.form
    qtbot.keyClicks(form.note, "call again")
    qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    settle(qtbot, bench)
    assert form.problem.text() == "Choose what came of it first."
    qtbot.keyClick(form.outcome, Key.Key_1)
    assert not form.problem.isVisible(), "it is right now"
    form.when.setText("some day")
    form.save()
    assert "some day" in form.problem.text()
    qtbot.keyClick(form.note, Key.Key_Escape)
    assert not form.isVisible()
    page.stops.log(filled["09:00"])
    assert (form.note.text(), form.when.text()) == ("call again", "some day")


def test_another_day_moves_the_stop(qtbot: QtBot, book: Store, filled: dict[str, str], open_desk: OpenDesk) -> None:
    bench = open_desk(book, "today")
    page = page_of(bench, "today")
    page.open(log="next")
    form = page.stops.form
    qtbot.keyClick(form.outcome, Key.Key_5)
    form.when.setText("wed 10:00")
    form.save()
    settle(qtbot, bench)
    moved = get(book, Visit, filled["09:00"])
    assert (moved.planned_on, moved.slot, moved.status) == (MONDAY + timedelta(2), "10:00", "moved")
    assert len(page.stops.lines) == 1


@pytest.mark.usefixtures("filled")
def test_every_tile_opens_its_rows(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, gone: list[tuple[str, dict[str, Any]]]
) -> None:
    page = page_of(open_desk(book, "today"), "today")
    assert [tile.figure() for tile in page.tiles.values()] == ["0", "0", "100%", "1", "1"]
    for tile in page.tiles.values():
        qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert [key for key, _what in gone] == ["callbacks", "visits", "diary", "complaints", "policies"]
    qtbot.mouseClick(page.print_button, Qt.MouseButton.LeftButton)
    assert gone[-1] == ("visits", {"day": MONDAY, "paper": True})


def test_what_needs_you_opens_where_it_is_dealt_with(
    qtbot: QtBot, book: Store, filled: dict[str, str], open_desk: OpenDesk, gone: list[tuple[str, dict[str, Any]]]
) -> None:
    page = page_of(open_desk(book, "today"), "today")
    kinds = [need.kind for need in page.needs.rows()]
    assert kinds == ["step", "maturing", "complaint"]
    assert page.first.words.text() == "Next stop 09:00 陈国强 • 满期给付说明"
    page.needs.setFocus()
    qtbot.keyClick(page.needs, Key.Key_Down)
    qtbot.keyClick(page.needs, Key.Key_Return)
    assert gone[-1][0] == "callbacks"
    assert gone[-1][1]["client_id"] == filled["郑美玲"]
    box = page.needs.visualRect(page.needs.model().index(2, 0))
    qtbot.mouseClick(page.needs.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert gone[-1][0] == "complaints"
    page.kind.pick("complaint")
    assert [need.kind for need in page.needs.rows()] == ["complaint"]
    assert [action.text() for action in page.kind.menu().actions()] == [
        "All 3", "Complaint due 1", "Matures in 7 days 1", "Next step 1",
    ]  # fmt: skip


def test_an_empty_book_says_what_will_be_here(qtbot: QtBot, book: Store, open_desk: OpenDesk) -> None:
    page = page_of(open_desk(book, "today"), "today")
    assert page.no_stops.isVisible()
    assert page.nothing.isVisible()
    assert "Ctrl+N" in page.diary.words.text()
    qtbot.mouseClick(page.first.button, Qt.MouseButton.LeftButton)
