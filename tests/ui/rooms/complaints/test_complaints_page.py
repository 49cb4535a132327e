"""Complaints by clicks and keys on a real book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, i18n, settings
from fieldcrm.base.data.store import Store
from fieldcrm.core import complaints, search
from fieldcrm.core.complaints.tables import Complaint, ComplaintStep
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.rooms.complaints.clocks import state_words
from fieldcrm.ui.rooms.complaints.page import ComplaintsPage
from fieldcrm.ui.shell.me import Me
from fieldcrm.ui.shell.workbench import Workbench
from support.calls import FRIDAY, add_client

pytest_plugins = ["support.stores"]
K, CONTROL, LEFT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.MouseButton.LeftButton
TypeText = Callable[[object, str], None]


@pytest.fixture(autouse=True)
def _friday_morning() -> Iterator[None]:
    i18n.use("zh_CN")
    search.attach()
    with clock.at(clock.instant(FRIDAY, 10, 12)):
        yield


@pytest.fixture
def made(book: Store) -> dict[str, str]:
    """Two open complaints; the second is that of a mis-sold client over 50."""
    found: dict[str, str] = {}
    for number, name in enumerate(("刘建平", "周桂兰")):
        client, _ = book.change(add_client, name)
        with clock.at(clock.instant(date(2026, 11, 15 + number), 9)):
            found[name], _ = book.change(
                complaints.register_complaint, client_id=client, point=f"{name}的投诉", source="client",
                mis_selling_suspected=number == 1,
            )  # fmt: skip
    return found


def _bench(book: Store, qtbot: QtBot, me: Me) -> tuple[Workbench, Runner]:
    runner = Runner(book)
    bench = Workbench(runner, me, settings.Values(), settings.Values())
    qtbot.addWidget(bench)
    bench.resize(1366, 768)
    bench.show()
    bench.activateWindow()
    qtbot.waitUntil(bench.isActiveWindow)
    bench.go("complaints")
    return bench, runner


@pytest.fixture
def bench(book: Store, made: dict[str, str], qtbot: QtBot) -> Iterator[Workbench]:
    bench, runner = _bench(book, qtbot, Me(name="林晓", unit="福州支公司"))
    yield bench
    bench.put_away()
    runner.close()


@pytest.fixture
def page(bench: Workbench, qtbot: QtBot) -> ComplaintsPage:
    found = bench.pages["complaints"]
    assert isinstance(found, ComplaintsPage)
    qtbot.waitUntil(lambda: _shown(found) == "周桂兰")
    return found


def _shown(page: ComplaintsPage) -> str:
    return str(page.case.case.row.client) if page.case.case is not None else ""


def _all(session: Session, table: Any) -> list[Any]:
    return list(session.scalars(select(table).where(table.deleted_at.is_(None)).order_by(table.id)))


def test_the_most_urgent_comes_first_with_both_clocks(page: ComplaintsPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.subtitle == "2 件待结案 · 最近时限 后天 17:00")
    assert page.pane.current_row().first  # type: ignore[union-attr]
    assert page.case.answer_bar.words() == "11-23 17:00 · 还剩 3 天"
    assert page.case.regulatory_bar.words() == "12-01 17:00 · 还剩 11 天"


def test_a_step_is_one_line_and_enter(page: ComplaintsPage, book: Store, qtbot: QtBot, type_text: TypeText) -> None:
    """From the list: Enter, the words, Enter (2 keys)."""
    page.pane.table.setFocus()
    qtbot.keyClick(page.pane.table, K.Key_Return)
    focused = QApplication.focusWidget()
    assert focused is page.case.timeline.line
    type_text(focused, "上门说明，红利不确定；㛃䶮")
    qtbot.keyClick(focused, K.Key_Return)
    qtbot.waitUntil(lambda: page.case.timeline.words()[:1] == ["上门说明，红利不确定；㛃䶮"])
    assert page.case.timeline.line.text() == ""
    qtbot.keyClick(page, K.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: book.read(_all, ComplaintStep) == [])


def test_answered_and_closed_by_keyboard(
    page: ComplaintsPage, made: dict[str, str], book: Store, qtbot: QtBot, type_text: TypeText
) -> None:
    qtbot.mouseClick(page.case.answer_button, LEFT)
    focused = QApplication.focusWidget()
    type_text(focused, "说明红利不确定，客户接受")
    qtbot.keyClick(focused, K.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: page.case.case.row.status == "answered")
    assert page.case.timeline.line.hasFocus()
    assert not page.case.answer_button.isVisible()
    qtbot.mouseClick(page.case.close_button, LEFT)
    close = page.case.inline["close"]
    qtbot.keyClick(close.editor.entry("irregular_surrender").stops()[0], K.Key_2)
    qtbot.keyClick(close.editor.entry("irregular_surrender").stops()[0], K.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: page.pane.model.rowCount() == 1)  # the view shows what is not closed
    qtbot.waitUntil(lambda: _shown(page) == "刘建平")  # the next one, with the keyboard on its row
    assert page.pane.table.hasFocus()
    assert page.pane.table.selected_ranges() == [(0, 0)]
    case = book.read(complaints.find_case, made["周桂兰"])
    assert case is not None
    assert (case.row.status, case.row.satisfied, case.row.answer.met) == ("closed", True, True)
    page.show_one(made["周桂兰"])
    qtbot.waitUntil(page.case.reopen_button.isVisible)
    assert page.case.answer_bar.words().endswith("按时")


def test_an_answer_goes_on_where_the_draft_of_it_ends(
    page: ComplaintsPage, made: dict[str, str], book: Store, qtbot: QtBot, type_text: TypeText
) -> None:
    book.change(complaints.change_complaint, made["周桂兰"], handling_opinion="核对签名；")
    page.load()
    qtbot.waitUntil(page.case.opinion.isVisible)
    qtbot.mouseClick(page.case.answer_button, LEFT)
    type_text(QApplication.focusWidget(), "客户接受")
    qtbot.keyClick(QApplication.focusWidget(), K.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: page.case.opinion.text() == "核对签名；客户接受")


def test_closing_asks_for_what_is_missing(page: ComplaintsPage, book: Store, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.case.close_button, LEFT)
    close = page.case.inline["close"]
    qtbot.mouseClick(close.save_button, LEFT)
    qtbot.waitUntil(lambda: bool(close.editor.problems()))
    assert list(close.editor.problems()) == ["irregular_surrender"]
    qtbot.keyClick(QApplication.focusWidget(), K.Key_Escape)
    assert not close.isVisible()
    assert page.case.timeline.line.hasFocus()
    assert {c.status for c in book.read(_all, Complaint)} == {"open"}


def test_a_pause_needs_a_reason_and_stops_both_clocks(
    page: ComplaintsPage, book: Store, qtbot: QtBot, type_text: TypeText
) -> None:
    qtbot.mouseClick(page.case.pause_button, LEFT)
    qtbot.keyClick(page.case.reason.line, K.Key_Return)
    assert page.case.reason.isVisible()
    type_text(page.case.reason.line, "等客户提供材料")
    qtbot.keyClick(page.case.reason.line, K.Key_Return)
    qtbot.waitUntil(lambda: page.case.resume_button.isVisible())
    assert page.case.answer_bar.words().endswith("已暂停")
    assert page.case.timeline.line.hasFocus()
    qtbot.mouseClick(page.case.resume_button, LEFT)
    qtbot.waitUntil(lambda: page.case.pause_button.isVisible())
    assert page.case.timeline.line.hasFocus()


def test_a_new_complaint_without_the_mouse(
    bench: Workbench, page: ComplaintsPage, book: Store, qtbot: QtBot, type_text: TypeText
) -> None:
    """Of a client in hand (`投诉 zs` in the search): the point typed, and Ctrl+Enter."""
    client, _ = book.change(add_client, "郑美玲", number="P9917")
    bench.go("complaints", client_id=client)
    qtbot.waitUntil(lambda: page.side.currentIndex() == 1)
    intake = page.intake
    assert intake.policy is not None
    qtbot.waitUntil(lambda: "9917" in intake.policy.combo.currentText())  # type: ignore[union-attr]
    assert intake.editor.entry("source").stops()[0].hasFocus()  # the only policy was chosen
    point = intake.editor.entry("point").stops()[0]
    point.setFocus()
    type_text(point, "代签名")
    qtbot.keyClick(point, K.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: _shown(page) == "郑美玲")
    found = next(c for c in book.read(_all, Complaint) if c.client_id == client)
    assert (found.point, found.policy_number, found.status) == ("代签名", "P9917", "open")
    assert page.side.currentIndex() == 0
    qtbot.waitUntil(lambda: page.pane.current_id() == found.id)
    line = page.case.timeline.line
    qtbot.waitUntil(line.hasFocus)  # what was done so far is typed on
    type_text(QApplication.focusWidget(), "电话安抚")
    qtbot.keyClick(QApplication.focusWidget(), K.Key_Return)
    qtbot.waitUntil(lambda: page.case.timeline.words()[:1] == ["电话安抚"])
    assert not line.isUndoAvailable()  # Ctrl+Z undoes the step, not what was typed
    qtbot.keyClick(page, K.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: not page.case.timeline.words()[1:])
    qtbot.keyClick(page, K.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: _shown(page) == "刘建平")  # where the list stands
    assert page.pane.current_row().client == "刘建平"  # type: ignore[union-attr]


@pytest.mark.qt_log_ignore("does not support raise", extend=True)  # the list of matches, without a screen
def test_the_client_of_a_new_complaint_is_searched(
    page: ComplaintsPage, book: Store, qtbot: QtBot, type_text: TypeText
) -> None:
    book.change(add_client, "何志远")
    qtbot.mouseClick(page.new_button, LEFT)
    entry = page.intake.editor.entry("client_id")
    type_text(entry.stops()[0], "何志")
    qtbot.waitUntil(lambda: entry.offers.isVisible())  # type: ignore[attr-defined]
    qtbot.keyClick(entry.stops()[0], K.Key_Return)
    assert entry.value() is not None
    qtbot.mouseClick(page.intake.cancel_button, LEFT)
    assert page.side.currentIndex() == 0


def test_from_elsewhere_a_complaint_is_shown_and_marked(
    bench: Workbench, page: ComplaintsPage, made: dict[str, str], qtbot: QtBot
) -> None:
    bench.go("complaints", complaint_id=made["刘建平"])
    qtbot.waitUntil(lambda: _shown(page) == "刘建平")
    qtbot.waitUntil(lambda: page.pane.current_id() == made["刘建平"])
    page.pane.table.setFocus()
    qtbot.keyClick(page.pane.table, K.Key_Up)
    qtbot.waitUntil(lambda: _shown(page) == "周桂兰")


def test_the_register_is_previewed_and_exported(page: ComplaintsPage, qtbot: QtBot, tmp_path: Path) -> None:
    page.register.export(date(2026, 11, 1), FRIDAY, tmp_path / "register.xlsx")
    qtbot.waitUntil(lambda: (tmp_path / "register.xlsx").exists())
    page.register.preview(date(2026, 11, 1), FRIDAY)
    qtbot.waitUntil(lambda: page.register.paper.view.count == 1)
    qtbot.waitUntil(lambda: page.desk.runner.quiet)
    page.put_away()  # as the window does when it locks or closes
    assert page.register.paper.view.count == 0


def test_the_answer_is_printed_as_a_letter(
    page: ComplaintsPage, book: Store, made: dict[str, str], qtbot: QtBot
) -> None:
    """One click once it is answered; the register blank, for where the laptop stays behind, from its print menu."""
    assert not page.case.letter_button.isVisible()
    book.change(complaints.answer_complaint, made["周桂兰"], handling_opinion="说明")
    page.load()
    qtbot.waitUntil(page.case.letter_button.isVisible)
    qtbot.mouseClick(page.case.letter_button, LEFT)
    qtbot.waitUntil(lambda: page.register.paper.view.count == 1)
    qtbot.keyClick(page.register, K.Key_Escape)
    assert page.register.currentIndex() == 0
    page.register.print_menu().actions()[-1].trigger()
    qtbot.waitUntil(lambda: page.register.paper.view.count == 1)
    qtbot.waitUntil(lambda: page.desk.runner.quiet)
    page.put_away()


def test_the_office_reads_adds_steps_and_approves_extensions(book: Store, made: dict[str, str], qtbot: QtBot) -> None:
    book.change(complaints.change_complaint, made["周桂兰"], complex=True)
    bench, runner = _bench(book, qtbot, Me(role="office", unit="福州支公司"))
    page = bench.pages["complaints"]
    assert isinstance(page, ComplaintsPage)
    qtbot.waitUntil(lambda: _shown(page) == "周桂兰")
    case = page.case
    hidden = (case.answer_button, case.close_button, case.pause_button, case.correct_button, case.reopen_button)
    assert not any(button.isVisible() for button in hidden)
    assert "manager" in [column.key for column in page.pane.table.columns.shown()]
    qtbot.mouseClick(case.approve_button, LEFT)
    qtbot.waitUntil(lambda: not case.approve_button.isVisible())
    assert case.case.row.regulatory.due_at == clock.instant(date(2026, 11, 16) + timedelta(days=60), 17)
    runner.close()


def test_the_state_of_a_clock_in_words() -> None:
    from fieldcrm.core.complaints import rules

    received = clock.instant(FRIDAY, 9)
    due = clock.instant(FRIDAY + timedelta(days=7), 17)

    def words(now: Any, stopped: Any = None) -> str:
        return state_words(rules.run(received, rules.ANSWER, [], now, stopped), now)

    assert words(received) == "还剩 7 天"
    assert words(due - timedelta(hours=3)) == "还剩 3 小时"
    assert words(due + timedelta(days=1, hours=1)) == "超期 1 天"
    assert words(due, received + timedelta(days=1)) == "按时"
    assert words(due + timedelta(days=2), due + timedelta(days=1)) == "逾期"
