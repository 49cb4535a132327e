"""The diary by clicks and keys on a real book, for both roles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data.store import Store
from fieldcrm.core import contacts, diary
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.diary.tables import Diary
from fieldcrm.core.people.tables import Person
from support.clocks import MovingClock
from support.desks import OpenDesk, page_of, settle
from support.stores import PERSON, OpenStore

MONDAY = date(2026, 11, 23)
Key, Control = Qt.Key, Qt.KeyboardModifier.ControlModifier


def a_visit(session: Session, summary: str = "同意看方案") -> None:
    made = Client(name="王淑珍")
    session.add(made)
    session.flush()
    contacts.log_contact(session, made.id, kind="visit", result="reached", summary=summary)


@pytest.fixture(autouse=True)
def _evening(moving_clock: MovingClock) -> MovingClock:
    moving_clock.set(clock.instant(MONDAY, 18))
    return moving_clock


def saved(book: Store, day: date = MONDAY) -> diary.EntryRow:
    row = book.read(diary.entry, day, PERSON)
    assert row is not None
    return row


def test_the_day_is_saved_by_two_keys(qtbot: QtBot, book: Store, open_desk: OpenDesk) -> None:
    """Ctrl+J opens the day with its draft filled in, Ctrl+Enter saves it: 2 keys for a day without remarks."""
    book.change(a_visit)
    bench = open_desk(book, "today")
    qtbot.keyClick(page_of(bench, "today").first, Key.Key_J, Control)
    settle(qtbot, bench)
    page = page_of(bench, "diary")
    qtbot.keyClick(bench.focusWidget(), Key.Key_Return, Control)
    settle(qtbot, bench)
    row = saved(book)
    assert row.words["happened"] == "Evening, 1 visit: 王淑珍: 同意看方案."
    assert row.figures is not None
    assert row.figures.contacts == 1
    assert page.writing.month.grid.tone_of(MONDAY) == "blue"
    assert page.subtitle.endswith("saved today 18:00")


def test_what_is_typed_stays_while_the_day_grows(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, type_text: Callable[[object, str], None]
) -> None:
    bench = open_desk(book, "diary")
    page = page_of(bench, "diary")
    writing = page.writing
    (problems,) = writing.editor.entry("problems").stops()
    type_text(problems, "客户顾虑收益")
    bench.runner.change(a_visit)
    settle(qtbot, bench)
    assert "王淑珍" in writing.told.text()
    assert writing.editor.entry("problems").given() == "客户顾虑收益"
    assert writing.editor.entry("happened").given() in (None, "")
    qtbot.mouseClick(writing.take_button, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(writing.take_button, Qt.MouseButton.LeftButton)  # the same sentences only once
    assert writing.editor.entry("happened").given() == "Evening, 1 visit: 王淑珍: 同意看方案."
    qtbot.mouseClick(writing.save_button, Qt.MouseButton.LeftButton)
    settle(qtbot, bench)
    assert saved(book).words["problems"] == "客户顾虑收益"
    bench.undo()
    settle(qtbot, bench)
    assert book.read(diary.entry, MONDAY, PERSON) is None


def test_a_half_written_day_is_kept_over_other_days_and_windows(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, type_text: Callable[[object, str], None]
) -> None:
    bench = open_desk(book, "diary")
    page = page_of(bench, "diary")
    (notes,) = page.writing.editor.entry("evening_notes").stops()
    type_text(notes, "夕会")
    page.writing.month.grid.setFocus()
    qtbot.keyClick(page.writing.month.grid, Key.Key_Up)
    settle(qtbot, bench)
    assert page.day == MONDAY - timedelta(7)
    assert page.writing.editor.entry("evening_notes").given() in (None, "")
    page.put_away()
    settle(qtbot, bench)
    again = open_desk(book, "diary")
    assert page_of(again, "diary").writing.editor.entry("evening_notes").given() == "夕会"
    assert page_of(again, "diary").writing.keeper.notice.isVisible()


def test_the_month_marks_days(qtbot: QtBot, book: Store, open_desk: OpenDesk) -> None:
    def fill(session: Session) -> None:
        session.add(Diary(day=MONDAY - timedelta(3), happened="x"))
        session.add(Diary(day=MONDAY - timedelta(4), happened="x", countersigned_at=clock.now()))
        session.add(Diary(day=MONDAY - timedelta(6), happened="x"))

    book.change(fill)
    bench = open_desk(book, "diary")
    page = page_of(bench, "diary")
    grid = page.writing.month.grid
    assert [grid.tone_of(MONDAY - timedelta(n)) for n in (0, 1, 3, 4, 5, 6, 7)] == [
        "", "", "blue", "green", "red", "blue", "",
    ]  # fmt: skip
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.box(MONDAY - timedelta(4)).center())
    settle(qtbot, bench)
    assert page.writing.signed.isVisible()
    assert "countersigned" in page.subtitle
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.box(MONDAY + timedelta(1)).center())
    assert page.day == MONDAY - timedelta(4)  # days to come are not written
    qtbot.mouseClick(page.today, Qt.MouseButton.LeftButton)
    settle(qtbot, bench)
    assert not page.writing.signed.isVisible()


def test_after_the_countersign_changes_are_annotations(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, type_text: Callable[[object, str], None]
) -> None:
    book.change(diary.save_diary, MONDAY, happened="上午拜访")

    def sign(session: Session) -> None:
        session.get_one(Diary, saved(book).id).countersigned_at = clock.now()

    book.change(sign)
    bench = open_desk(book, "diary")
    writing = page_of(bench, "diary").writing
    (problems,) = writing.editor.entry("problems").stops()
    type_text(problems, "补充")
    writing.editor.submit()
    settle(qtbot, bench)
    assert [note.words for note in saved(book).notes] == ["Problems: 补充"]
    assert "Problems: 补充" in writing.notes.text()
    assert writing.editor.entry("problems").given() in (None, "")


def test_the_evening_sheet_is_previewed(qtbot: QtBot, book: Store, open_desk: OpenDesk) -> None:
    book.change(a_visit)
    page = page_of(open_desk(book, "diary"), "diary")
    qtbot.mouseClick(page.print_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.stack.paper.view.count == 1, timeout=10_000)
    qtbot.mouseClick(page.stack.back_button, Qt.MouseButton.LeftButton)
    assert page.stack.currentIndex() == 0


def test_the_office_reads_and_countersigns(
    qtbot: QtBot, open_sqlite: OpenStore, open_desk: OpenDesk, type_text: Callable[[object, str], None]
) -> None:
    """One entry takes Ctrl+Enter (with a remark: its words before); the next one opens by itself."""
    office = open_sqlite(role="office", person="5" * 32)

    def arrive(session: Session) -> None:
        session.add(Person(id="5" * 32, name="陈敏", role="office"))
        for number, name in enumerate(("林晓", "郑川", "苏青"), 6):
            session.add(Person(id=str(number) * 32, name=name, role="manager"))
            if name != "苏青":
                session.add(Diary(day=MONDAY, owner_id=str(number) * 32, happened=f"{name}拜访", figures={"calls": 3}))

    office.change(arrive)
    bench = open_desk(office, "diary")
    page = page_of(bench, "diary")
    check = page.checking
    assert page.subtitle.endswith("2 of 3 written")
    assert [line.row.name for line in check.lines][-1] == "苏青"
    first = check.row().name
    assert bench.focusWidget() is check.remark
    assert check.words["happened"][1].text() == f"{first}拜访"
    assert check.figures.texts()[0] == "3"
    type_text(check.remark, "继续保持")
    qtbot.keyClick(check.remark, Key.Key_Return, Control)
    settle(qtbot, bench)
    assert check.row().name != first
    check.lines[0].setFocus()
    qtbot.keyClick(bench, Key.Key_Return, Control)  # wherever the keyboard stands
    settle(qtbot, bench)
    rows = office.read(diary.check_of_day, MONDAY)
    assert [row.entry.countersigned_by for row in rows if row.entry] == ["陈敏", "陈敏"]
    assert {row.entry.countersign_remark for row in rows if row.entry} == {"继续保持", ""}
    assert check.month.grid.tone_of(MONDAY) == "green"
    qtbot.mouseClick(check.lines[-1], Qt.MouseButton.LeftButton)
    assert check.nothing.isVisible()


def test_the_office_arrives_at_the_newest_day_to_read(
    qtbot: QtBot, open_sqlite: OpenStore, open_desk: OpenDesk
) -> None:
    office = open_sqlite(role="office", person="5" * 32)
    days = [MONDAY - timedelta(days=n) for n in (5, 6)]

    def arrive(session: Session) -> None:
        session.add(Person(id="6" * 32, name="林晓", role="manager"))
        for day in days:
            session.add(Diary(day=day, owner_id="6" * 32, happened="拜访"))

    office.change(arrive)
    bench = open_desk(office, "diary")
    page = page_of(bench, "diary")
    qtbot.waitUntil(lambda: page.day == days[0])
    settle(qtbot, bench)
    assert page.checking.row().entry is not None
    qtbot.mouseClick(page.today, Qt.MouseButton.LeftButton)
    settle(qtbot, bench)
    assert page.day == MONDAY, "the day that was chosen stays"


def test_a_day_that_is_not_over_is_not_missing() -> None:
    from fieldcrm.core.diary import CheckRow
    from fieldcrm.ui.rooms.diary.checking import row_state

    row = CheckRow("1", "林晓", "福州支公司", None)
    assert row_state(row, clock.today()) == ("not written yet", "grey")
    assert row_state(row, clock.today() - timedelta(1)) == ("missing", "red")
