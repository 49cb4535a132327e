"""The clients' page by clicks and keys on a real book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from fieldcrm.base import clock, i18n
from fieldcrm.base.data.audit import Audit
from fieldcrm.base.data.listing import Asked, Contains
from fieldcrm.base.data.store import Store
from fieldcrm.core import clients, contacts, policies, search, tasks, visits
from fieldcrm.ui.kit.asking import AskLine
from fieldcrm.ui.kit.fields import MaskedEntry
from fieldcrm.ui.rooms.clients.page import ClientsPage
from fieldcrm.ui.shell.workbench import Workbench
from support.desks import OpenDesk, settle

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

NAMES = ("蔡国栋", "陈国强", "林巧云", "王淑珍", "郑美玲")
Key, Control = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(qtbot: QtBot, book: Store, open_desk: OpenDesk) -> ClientsPage:
    """Five clients; 王淑珍 has a policy that matures in 13 days, a call, a daughter."""
    i18n.use("zh_CN")
    search.attach()
    ids = {}
    for number, name in enumerate(NAMES):
        values: dict[str, Any] = {"type": "person", "name": name, "phones": [{"number": f"1380591003{number}"}]}
        ids[name] = book.change(clients.add_client, values)[0]
    wang = ids["王淑珍"]
    book.change(clients.change_client, wang, {"grade": "A", "tags": ["养老规划"], "sex": "female"})
    book.change(
        policies.add_policy,
        {
            "number": "P2217", "applicant_id": wang, "product_name": "千里马两全（分红）", "premium_fen": 12_000_000,
            "pay_mode": "single", "matures_on": clock.today() + timedelta(days=13),
        },
    )  # fmt: skip
    book.change(contacts.log_contact, wang, kind="phone", result="reached", summary="同意看年金方案")
    book.change(clients.relate, wang, ids["林巧云"], "family", "女儿")
    bench = open_desk(book, "clients")
    with qtbot.waitActive(bench):
        bench.activateWindow()
    found = bench.pages["clients"]
    assert isinstance(found, ClientsPage)
    found.list.table.setFocus()
    return found


def bench_of(page: ClientsPage) -> Workbench:
    desk = page.desk
    assert isinstance(desk, Workbench)
    return desk


def go_to(qtbot: QtBot, page: ClientsPage, name: str) -> None:
    page.list.table.select_row(NAMES.index(name))
    settle(qtbot, bench_of(page))


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_a_click_on_a_head_sorts_by_what_comes_due_and_by_the_last_contact(qtbot: QtBot, page: ClientsPage) -> None:
    """One click each; who has no day comes last, whichever way."""
    head = page.list.table.head
    keys = [column.key for column in page.list.model.columns]
    for key in ("due_on", "contacted_on"):
        for _ in range(2):
            place = QPoint(head.sectionViewportPosition(keys.index(key)) + 20, head.height() // 2)
            qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
            settle(qtbot, bench_of(page))
            sort = page.list.asked.sort
            assert sort is not None
            assert sort.key == key
            assert page.list.table.model().index(0, 0).data() == "王淑珍"


def choose(qtbot: QtBot, number: int) -> None:
    """Click an entry of the menu that is open."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    place = menu.actionGeometry(menu.actions()[number]).center()
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)


def selected(page: ClientsPage) -> list[str]:
    found: list[str] = []
    page.list.table.read_selected_ids(found.extend)
    return found


def test_the_list_and_the_first_client_are_there(page: ClientsPage) -> None:
    assert page.list.model.rowCount() == 5
    assert page.card.head.name() == "蔡国栋"
    assert page.subtitle == "5 位 · 个人 5 · 企业 0"
    assert page.list.chips.chip("grade_a").text() == "A 类重点 1"


def test_a_client_from_all_sides(page: ClientsPage, qtbot: QtBot) -> None:
    """One click on the row, one per tab; a related client is one click away."""
    go_to(qtbot, page, "王淑珍")
    card = page.card
    assert card.head.name() == "王淑珍"
    assert "138 0591 ••33" in card.head.facts()
    assert [line.text for line in card.lines.lines()] == ["同意看年金方案"]
    click(qtbot, card.tabs.tab("policies"))
    assert [(line.chip, line.text) for line in card.lines.lines()] == [("分红", "千里马两全（分红）")]
    click(qtbot, card.tabs.tab("history"))
    settle(qtbot, bench_of(page))
    assert any("等级：— → A 类" in line.text for line in card.lines.lines())
    click(qtbot, card.tabs.tab("family"))
    assert [(line.chip, line.text) for line in card.lines.lines()] == [("女儿", "林巧云")]
    place = card.lines.visualRect(card.lines.model().index(0, 0)).center()
    qtbot.mouseClick(card.lines.viewport(), Qt.MouseButton.LeftButton, pos=place)
    settle(qtbot, bench_of(page))
    assert card.head.name() == "林巧云"
    assert page.list.current_id() == card.record_id


def test_the_whole_number_is_shown_and_noted(page: ClientsPage, qtbot: QtBot, book: Store) -> None:
    click(qtbot, page.card.head.eye)
    settle(qtbot, bench_of(page))
    assert "138 0591 0030" in page.card.head.facts()
    assert book.read(lambda s: [a.what for a in s.scalars(select(Audit))]) == ["reveal"]


def test_a_number_shown_whole_in_the_form_is_noted(page: ClientsPage, qtbot: QtBot, book: Store) -> None:
    go_to(qtbot, page, "王淑珍")
    wanted = str(page.card.record_id)
    page.edit(wanted)
    settle(qtbot, bench_of(page))
    phones = page.editor.editor.entry("phones").findChildren(MaskedEntry)
    phones[0].reveal()
    settle(qtbot, bench_of(page))
    noted = book.read(lambda s: [(a.what, a.subject_id, a.codes["field"]) for a in s.scalars(select(Audit))])
    assert set(noted) == {("reveal", wanted, "phones.number")}


def test_a_call_is_logged_from_the_card(page: ClientsPage, qtbot: QtBot) -> None:
    """One click opens the quick log with the client filled in."""
    bench = bench_of(page)
    go_to(qtbot, page, "王淑珍")
    click(qtbot, page.card.log_button)
    settle(qtbot, bench)
    assert bench.log_panel is not None
    assert bench.log_panel.isVisible()
    assert bench.log_panel.client.text() == "王淑珍"


def test_a_visit_is_planned_in_two_clicks_and_undone(page: ClientsPage, qtbot: QtBot, book: Store) -> None:
    """Two clicks: the button, the day."""
    bench = bench_of(page)
    click(qtbot, page.card.plan_button)
    choose(qtbot, 0)
    settle(qtbot, bench)
    assert page.card.card is not None
    step = page.card.card.next_step
    assert step is not None
    assert step.kind == "visit"
    assert "已加入" in bench.undo_bar.text()
    assert step.on is not None
    assert book.read(visits.week, visits.monday_of(step.on)).planned == 1
    bench.undo()
    settle(qtbot, bench)
    assert page.card.card.next_step is None


def test_a_next_step_is_put_off_with_a_reason_and_done(
    page: ClientsPage, qtbot: QtBot, book: Store, type_text: Callable[[object, str], None]
) -> None:
    """Put off: two clicks, the reason, Enter. Done: one click; undo opens it again."""
    bench = bench_of(page)
    go_to(qtbot, page, "王淑珍")
    assert page.card.done_button.isHidden()
    client_id = str(page.card.record_id)
    book.change(tasks.add_step, client_id=client_id, what="送计划书", due_on=clock.today())
    page.card.show_record(client_id)
    settle(qtbot, bench)
    click(qtbot, page.card.put_off_button)
    choose(qtbot, 3)  # below the days is "another day"
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), AskLine))
    why = QApplication.activePopupWidget()
    assert isinstance(why, AskLine)
    type_text(why.line, "客户出差")
    qtbot.keyClick(why.line, Key.Key_Return)
    settle(qtbot, bench)
    step = page.card.card.next_step if page.card.card else None
    assert step is not None
    assert step.on is not None
    assert step.on > clock.today()
    assert "已推迟到" in bench.undo_bar.text()
    click(qtbot, page.card.done_button)
    settle(qtbot, bench)
    assert page.card.card is not None
    assert page.card.card.next_step is None
    assert page.card.done_button.isHidden()
    bench.undo()
    settle(qtbot, bench)
    assert page.card.card.next_step == step


def menu_of(qtbot: QtBot, page: ClientsPage, words: str) -> None:
    """The menu key on the line with these words."""
    lines = page.card.lines
    row = next(n for n, line in enumerate(lines.lines()) if words in line.text)
    lines.setCurrentIndex(lines.model().index(row, 0))
    lines.setFocus()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), lines.mapToGlobal(QPoint(0, 0)))
    QApplication.sendEvent(lines, event)


def test_an_entry_is_corrected_deleted_and_brought_back(
    page: ClientsPage, qtbot: QtBot, type_text: Callable[[object, str], None]
) -> None:
    """Correct: one click on the line, the words, Ctrl+Enter. Delete: the menu key, one entry."""
    bench = bench_of(page)
    go_to(qtbot, page, "王淑珍")
    book_texts = [line.text for line in page.card.lines.lines()]
    page.card.lines.opened.emit(next(line.key for line in page.card.lines.lines() if line.key.startswith("contact:")))
    settle(qtbot, bench)
    assert page.side.currentWidget() is page.entry
    field = page.entry.editor.entry("summary").stops()[0]
    field.setFocus()
    type_text(field, "已更正：")
    qtbot.keyClick(field, Key.Key_Return, Control)
    settle(qtbot, bench)
    assert "已更正往来" in bench.undo_bar.text()
    assert any("已更正：" in line.text for line in page.card.lines.lines())
    menu_of(qtbot, page, "已更正：")
    choose(qtbot, 1)
    settle(qtbot, bench)
    assert not any("已更正：" in line.text for line in page.card.lines.lines())
    bench.undo()
    settle(qtbot, bench)
    bench.undo()
    settle(qtbot, bench)
    assert [line.text for line in page.card.lines.lines()] == book_texts


def test_a_relation_is_removed(page: ClientsPage, qtbot: QtBot) -> None:
    """The menu key on the related client, the second entry; undo brings it back."""
    bench = bench_of(page)
    go_to(qtbot, page, "王淑珍")
    page.card.tabs.choose("family")
    related = page.card.lines.lines()[0].text
    menu_of(qtbot, page, related)
    choose(qtbot, 1)
    settle(qtbot, bench)
    assert page.card.lines.lines() == ()
    bench.undo()
    settle(qtbot, bench)
    assert page.card.lines.lines()[0].text == related


def test_a_client_is_added_by_keys_alone(
    page: ClientsPage, qtbot: QtBot, type_text: Callable[[object, str], None]
) -> None:
    """Alt+N, the name, Ctrl+Enter: two chords and the name."""
    bench = bench_of(page)
    qtbot.keyClick(page.list.table, Key.Key_N, Qt.KeyboardModifier.AltModifier)
    field = page.editor.editor.entry("name").stops()[0]
    qtbot.waitUntil(lambda: page.side.currentWidget() is page.editor)
    type_text(field, "苏玉兰")
    qtbot.keyClick(field, Key.Key_Return, Control)
    settle(qtbot, bench)
    assert page.card.head.name() == "苏玉兰"
    assert page.side.currentWidget() is page.card
    assert page.list.model.rowCount() == 6
    assert bench.undo_bar.text() == "已添加：苏玉兰"


def test_what_is_wrong_stands_at_the_field_and_escape_keeps_a_draft(
    page: ClientsPage, qtbot: QtBot, type_text: Callable[[object, str], None]
) -> None:
    bench = bench_of(page)
    page.add()
    editor = page.editor.editor
    type_text(editor.entry("id_number").stops()[0], "110105194912310021")
    click(qtbot, page.editor.save_button)
    assert set(editor.problems()) == {"name", "id_number"}
    click(qtbot, page.editor.cancel_button)
    settle(qtbot, bench)
    assert page.side.currentWidget() is page.card
    page.add()
    settle(qtbot, bench)
    assert editor.entry("id_number").given() == "110105194912310021"
    assert page.editor.keeper.notice.isVisible()


def test_a_client_that_is_shown_while_the_list_is_read_again_stays_shown(
    page: ClientsPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after adding one: the list comes back with the client that was current before, then goes to the new one."""
    bench, model = bench_of(page), page.list.model
    sought: list[bool] = []
    find_row = page.list.find_row
    monkeypatch.setattr(page.list, "find_row", lambda id, then: (sought.append(model.reloading), find_row(id, then)))
    for name in (NAMES[-1], NAMES[0], NAMES[-1]):
        wanted = model.id_of(NAMES.index(name))
        assert wanted is not None
        page.list.reload()
        page.go_to(wanted)
        settle(qtbot, bench)
        assert (page.list.current_id(), page.card.record_id) == (wanted, wanted)
    assert sought == [False, False, False]


def test_a_birth_without_its_year_is_not_taken_for_a_day_to_come(
    page: ClientsPage, qtbot: QtBot, type_text: Callable[[object, str], None]
) -> None:
    page.add()
    editor = page.editor.editor
    type_text(editor.entry("name").stops()[0], "苏玉兰")
    line = editor.entry("birth_on").stops()[0]
    type_text(line, "2月29日")
    qtbot.keyClick(line, Key.Key_Return, Control)
    assert set(editor.problems()) == {"birth_on"}
    assert page.side.currentWidget() is page.editor


def test_only_what_was_changed_is_written(page: ClientsPage, qtbot: QtBot, book: Store) -> None:
    bench = bench_of(page)
    go_to(qtbot, page, "王淑珍")
    click(qtbot, page.card.edit_button)
    settle(qtbot, bench)
    written: list[dict[str, Any]] = []
    page.editor.saved.connect(lambda _id, values: written.append(values))
    line = page.editor.editor.entry("wechat").stops()[0]
    assert isinstance(line, QLineEdit)
    qtbot.keyClicks(line, "wsz1974")
    qtbot.keyClick(line, Key.Key_Return, Control)
    settle(qtbot, bench)
    assert written == [{"wechat": "wsz1974"}]
    assert page.card.record_id is not None
    assert book.read(clients.client_values, page.card.record_id)["wechat"] == "wsz1974"


def test_several_are_graded_tagged_and_deleted_each_in_one_operation(
    page: ClientsPage, qtbot: QtBot, book: Store, type_text: Callable[[object, str], None]
) -> None:
    """Select with Shift+Down, then a click and a choice."""
    bench, table = bench_of(page), page.list.table
    table.select_row(0)
    for _row in range(2):
        qtbot.keyClick(table, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    ids = selected(page)
    assert len(ids) == 3
    page.several.grade(ids)
    choose(qtbot, 1)
    settle(qtbot, bench)
    assert bench.undo_bar.text() == "已设等级 · 3 位"
    page.several.tag(ids)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), AskLine))
    asked = QApplication.activePopupWidget()
    assert isinstance(asked, AskLine)
    type_text(asked.line, "沙龙")
    qtbot.keyClick(asked.line, Key.Key_Return)
    settle(qtbot, bench)
    rows = book.read(clients.clients_list().page, Asked(), 0, 10).rows
    assert [(r.grade, r.tags) for r in rows[:3]] == [("B", ("沙龙",))] * 3
    with qtbot.waitActive(bench):
        bench.activateWindow()
    table.select_row(0)
    table.setFocus()
    qtbot.keyClick(table, Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Key.Key_Delete)
    settle(qtbot, bench)
    assert page.list.model.rowCount() == 3
    assert table.selected_ranges() == [(0, 0)]  # what stands in their place
    qtbot.keyClick(table, Key.Key_Z, Control)
    settle(qtbot, bench)
    assert page.list.model.rowCount() == 5


def test_a_view_is_opened_from_elsewhere_and_left_for_a_client_it_hides(
    page: ClientsPage, qtbot: QtBot, book: Store
) -> None:
    bench = bench_of(page)
    bench.go("clients", view="grade_a")
    settle(qtbot, bench)
    assert page.list.model.rowCount() == 1
    hidden = book.read(clients.clients_list().ids, Asked((("name", Contains("郑")),)), 0, 1)[0]
    bench.go("clients", client_id=hidden)
    settle(qtbot, bench)
    assert page.card.head.name() == "郑美玲"
    assert page.list.current_id() == hidden


def test_the_shown_list_goes_to_excel_masked_and_noted(
    page: ClientsPage, qtbot: QtBot, book: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "客户.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_kw: (str(target), ""))
    page.list.table.columns.show("phone", True)
    click(qtbot, page.export_button)
    qtbot.waitUntil(lambda: target.exists() and not bench_of(page).runner.working)
    settle(qtbot, bench_of(page))
    workbook = openpyxl.load_workbook(target)
    rows = list(workbook.worksheets[0].iter_rows(values_only=True))
    assert rows[0][0] == "客户"
    assert [row[0] for row in rows[1:]] == list(NAMES)
    assert "138 0591 ••33" in rows[4]
    notes = book.read(lambda s: [(a.what, a.codes) for a in s.scalars(select(Audit))])
    assert notes == [("export", {"list": "clients", "rows": 5})]


def test_a_relation_is_added(page: ClientsPage, qtbot: QtBot, type_text: Callable[[object, str], None]) -> None:
    bench = bench_of(page)
    page.card.relate_wanted.emit(page.card.record_id)
    entry: Any = page.relation.editor.entry("other_id")
    other = entry.stops()[0]
    other.setFocus()
    type_text(other, "郑美")
    qtbot.waitUntil(lambda: entry.offers.isVisible())
    qtbot.keyClick(other, Key.Key_Return)
    page.relation.editor.entry("kind").set_value("family")
    click(qtbot, page.relation.save_button)
    settle(qtbot, bench)
    assert [line.text for line in page.card.lines.lines()] == ["郑美玲"]


def test_a_duplicate_is_told_and_made_one(
    page: ClientsPage, qtbot: QtBot, book: Store, type_text: Callable[[object, str], None]
) -> None:
    """After adding a namesake with the same phone: the bar's button, what stays, Ctrl+Enter."""
    bench = bench_of(page)
    given = {"type": "person", "name": "王淑珍", "phones": [{"number": "13805910033"}], "remark": "女儿在家"}
    other = book.change(clients.add_client, given | {"address": "台江区工业路 9 号"})[0]
    page.load()
    settle(qtbot, bench)
    go_to(qtbot, page, "王淑珍")
    wang = page.card.record_id
    assert wang is not None
    page.several.look_for_same(wang, ask=False)
    settle(qtbot, bench)
    bar = bench.messages.bars()[0]
    assert bar.text == "已有一位可能相同的客户。"
    bar._do(lambda: page.several.look_for_same(wang))
    settle(qtbot, bench)
    view = page.merging
    assert view.isVisible()
    assert not page.list.isVisible()
    assert "address" in view.choices
    left, right = view.choices["address"]
    assert (left.isChecked(), right.isChecked()) == (False, True), "the first has none"
    right.setFocus()
    qtbot.keyClick(right, Key.Key_Left)
    assert (left.isChecked(), right.isChecked()) == (True, False)
    qtbot.keyClick(left, Key.Key_Right)
    assert bench.focusWidget() is right
    qtbot.keyClick(right, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, bench)
    assert page.list.isVisible()
    assert page.list.model.rowCount() == 5
    assert bench.undo_bar.text().startswith("已合并为一位客户")
    card = book.read(clients.client_card, wang)
    assert "台江区工业路 9 号" in card.address
    assert card.remark == "女儿在家"
    bench.undo()
    settle(qtbot, bench)
    assert "台江区工业路 9 号" not in book.read(clients.client_card, wang).address
    assert book.read(clients.find_client_card, other) is not None


def test_an_empty_book_says_what_will_be_here(open_desk: OpenDesk, book: Store) -> None:
    page = open_desk(book, "clients").pages["clients"]
    assert isinstance(page, ClientsPage)
    assert page.list._empty.isVisible()
    assert page.card.currentIndex() == 0
