"""The list as a person uses it: clicks, keys, clipboard, columns, filters, views, bulk actions."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from fieldcrm.base.data.listing import Asked, Between, Contains, OneOf, Sort
from fieldcrm.ui.kit.clipboard import parse_cells, put_on_clipboard
from fieldcrm.ui.kit.filters import FilterPanel
from fieldcrm.ui.kit.list_bars import ListAction
from fieldcrm.ui.kit.list_pane import ListPane
from fieldcrm.ui.kit.saved_views import View, from_plain, to_plain
from support.lists import NextTurn, People, people_columns

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # popups on the offscreen platform

VIEWS = (
    View("all", lambda: "All", Asked()),
    View("a", lambda: "Grade A", Asked((("grade", OneOf(("A",))),))),
)


class Made:
    """A list pane with what it told."""

    def __init__(self, qtbot: QtBot, size: int, memory: dict[str, Any] | None = None) -> None:
        self.people = People(size)
        self.ran: list[tuple[str, list[str]]] = []
        self.opened: list[str] = []
        self.current: list[str | None] = []
        self.memory = {} if memory is None else memory
        reader = NextTurn()
        actions = (
            ListAction(lambda: "Add to plan", lambda ids: self.ran.append(("plan", ids)), "calendar-check", "Ctrl+P"),
            ListAction(lambda: "Merge", lambda ids: self.ran.append(("merge", ids)), bulk=False),
        )
        self.pane = ListPane(
            self.people,
            people_columns(),
            reader,
            views=VIEWS if size <= 10_000 else VIEWS[:1],
            actions=actions,
            memory=self.memory,
            detail=QWidget(),
        )
        reader.setParent(self.pane)
        self.pane.opened.connect(self.opened.append)
        self.pane.current_changed.connect(self.current.append)
        self.table = self.pane.table
        qtbot.addWidget(self.pane)
        self.pane.resize(1158, 640)
        self.pane.show()
        with qtbot.waitActive(self.pane):
            self.pane.activateWindow()
        self.table.setFocus()
        with qtbot.waitSignal(self.pane.counted):
            self.pane.open()

    def key(self, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(self.table, key, modifier)


@pytest.fixture
def made(qtbot: QtBot) -> Made:
    return Made(qtbot, 1000)


def _id(n: int) -> str:
    return f"{n:032x}"


def test_the_first_row_is_current_and_enter_opens_it(made: Made, qtbot: QtBot) -> None:
    assert made.current == [_id(0)]
    made.key(qtbot, Qt.Key.Key_Down)
    made.key(qtbot, Qt.Key.Key_Return)
    assert made.current[-1] == _id(1)
    assert made.opened == [_id(1)]


def test_double_click_opens(made: Made, qtbot: QtBot) -> None:
    place = made.table.visualRect(made.pane.model.index(3, 0)).center()
    qtbot.mouseClick(made.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(made.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert made.opened == [_id(3)]


def test_a_head_click_sorts_and_a_second_one_turns(made: Made, qtbot: QtBot) -> None:
    head = made.table.head
    place = QPoint(head.sectionViewportPosition(0) + 30, 15)
    with qtbot.waitSignal(made.pane.counted):
        qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert made.pane.asked.sort == Sort("name", True)
    assert made.pane.current_id() == _id(999)
    place = QPoint(head.sectionViewportPosition(1) + 30, 15)
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert made.pane.asked.sort == Sort("name", True), "the phone column cannot be sorted"


def test_end_of_a_million_rows_is_there_at_once(qtbot: QtBot) -> None:
    made = Made(qtbot, 1_000_000)
    made.key(qtbot, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: made.current[-1] == _id(999_999))
    bar = made.table.verticalScrollBar()
    assert bar.maximum() > 33_000_000
    bar.setValue(bar.maximum() // 2)
    middle = made.table.rowAt(10)
    qtbot.waitUntil(lambda: made.pane.model.row(middle) is not None)
    assert made.people.pages_read <= 8


def test_typing_jumps_by_keys_and_by_input_method(made: Made, qtbot: QtBot) -> None:
    event = QInputMethodEvent()
    event.setCommitString("郑美玲")
    QApplication.sendEvent(made.table, event)
    qtbot.waitUntil(lambda: made.current[-1] == _id(4))
    made.table._forget_typed()
    qtbot.keyClicks(made.table, "zz")  # nothing begins so: stays
    qtbot.wait(20)
    assert made.current[-1] == _id(4)


def test_copy_gives_cells_for_a_spreadsheet_masked_as_shown(made: Made, qtbot: QtBot) -> None:
    made.key(qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    made.key(qtbot, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    data = QGuiApplication.clipboard().mimeData()
    lines = data.text().split("\n")
    assert lines[0].split("\t") == ["王淑珍0000000", "138 0591 ••32", "A", "0", "11-24"]
    assert lines[1].split("\t")[3] == "1000", "exact figures, not the grouped ones of the screen"
    assert data.html().count("<tr>") == 2
    made.key(qtbot, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert QGuiApplication.clipboard().text().split("\n")[0].startswith("Client\tPhone")


def test_copying_all_reads_what_was_not_fetched(made: Made, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().clear()
    made.key(qtbot, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    made.key(qtbot, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text().count("\n") == 999)


def test_paste_is_handed_on_only_where_it_is_allowed(made: Made, qtbot: QtBot) -> None:
    pasted: list[list[list[str]]] = []
    made.pane.pasted.connect(pasted.append)
    data = QMimeData()
    data.setText('王淑珍\t"福州市\n台江区"\r\n陈国强\t\r\n\r\n')
    put_on_clipboard(data)
    made.key(qtbot, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert pasted == []
    made.pane.allow_paste()
    made.key(qtbot, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert pasted == [[["王淑珍", "福州市\n台江区"], ["陈国强", ""]]]
    assert parse_cells("") == []


def test_bulk_actions_run_on_the_selection(made: Made, qtbot: QtBot) -> None:
    bar = made.pane._bulk
    assert not bar.isVisible()
    made.key(qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    made.key(qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert bar.isVisible()
    assert bar._count.text() == "3 selected"
    qtbot.mouseClick(bar._buttons[0], Qt.MouseButton.LeftButton)
    assert made.ran == [("plan", [_id(0), _id(1), _id(2)])]
    made.key(qtbot, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert len(made.ran) == 2
    menu = made.pane._menu()
    able = {a.text(): a.isEnabled() for a in menu.actions() if not a.isSeparator()}
    menu.deleteLater()
    assert able["Add to plan"] is True
    assert able["Merge"] is False
    assert "Open" not in able


def test_selecting_several_moves_no_row_and_leaves_the_keyboard_in_the_list(made: Made, qtbot: QtBot) -> None:
    table = made.pane.table
    before = table.viewport().mapTo(made.pane, table.visualRect(table.model().index(2, 0)).topLeft())
    made.key(qtbot, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    bar = made.pane._bulk
    qtbot.waitUntil(bar.isVisible)
    after = table.viewport().mapTo(made.pane, table.visualRect(table.model().index(2, 0)).topLeft())
    assert after == before, "the next click is aimed there"
    bar._buttons[0].setFocus()
    table.select_row(0)
    qtbot.waitUntil(lambda: not bar.isVisible())
    assert table.hasFocus()


def test_everything_selected_runs_on_everything(made: Made, qtbot: QtBot) -> None:
    made.key(qtbot, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    made.key(qtbot, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(made.ran))
    assert len(made.ran[0][1]) == 1000


def test_a_text_filter_by_the_panel(made: Made, qtbot: QtBot) -> None:
    panel = made.table.open_filter("name")
    line = panel.findChild(QLineEdit)
    assert line is not None
    event = QInputMethodEvent()
    event.setCommitString("王")
    QApplication.sendEvent(line, event)
    with qtbot.waitSignal(made.pane.counted):
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert made.pane.asked.by("name") == Contains("王")
    assert made.pane._filters.isVisible()
    made.pane.table.narrow("name", None)
    assert not made.pane._filters.isVisible()


def test_a_choice_filter_shows_counts(made: Made, qtbot: QtBot) -> None:
    panel = made.table.open_filter("grade")
    qtbot.waitUntil(lambda: "334" in panel._boxes[0][1].text())
    panel._boxes[1][1].setChecked(True)
    with qtbot.waitSignal(made.pane.counted) as counted:
        panel.apply()
    assert counted.args == [333]
    assert made.pane.asked.by("grade") == OneOf(("B",))


def test_ranges_as_people_write_them(made: Made, qtbot: QtBot) -> None:
    panel = made.table.open_filter("premium_fen")
    panel._lines[0].setText("1.2万")
    panel._lines[1].setText("twelve")
    panel.apply()
    assert panel.isVisible()
    assert "not a number" in panel._problem.text()
    panel._lines[1].setText("120,000")
    assert panel.wanted() == Between(1_200_000, 12_000_000)
    panel.close()
    dates = made.table.open_filter("due_on")
    assert isinstance(dates, FilterPanel)
    dates._lines[0].setText("2026/12/1")
    wanted = dates.wanted()
    assert isinstance(wanted, Between)
    assert str(wanted.low) == "2026-12-01"
    dates.close()


def test_a_view_chip_asks_its_question_and_counts(made: Made, qtbot: QtBot) -> None:
    chips = made.pane.chips
    qtbot.waitUntil(lambda: chips.chip("a").text() == "Grade A 334")
    with qtbot.waitSignal(made.pane.counted):
        qtbot.mouseClick(chips.chip("a"), Qt.MouseButton.LeftButton)
    assert made.pane.model.rowCount() == 334
    assert chips.chip("a").isChecked()
    assert not chips.chip("all").isChecked()


def test_what_is_shown_is_counted_once_for_the_list_and_its_chip(made: Made, qtbot: QtBot) -> None:
    chips = made.pane.chips
    qtbot.waitUntil(lambda: chips.chip("a").text() == "Grade A 334")
    assert chips.chip("all").text() == "All 1,000"
    assert len(made.people.counted) == len(set(made.people.counted))
    with qtbot.waitSignal(made.pane.counted):
        qtbot.mouseClick(chips.chip("a"), Qt.MouseButton.LeftButton)
    made.people.removed.add(0)
    with qtbot.waitSignal(made.pane.model.reset_to):
        made.pane.reload()
    qtbot.waitUntil(lambda: (chips.chip("all").text(), chips.chip("a").text()) == ("All 999", "Grade A 333"))


def test_a_view_is_saved_renamed_and_removed(made: Made, qtbot: QtBot) -> None:
    made.table.narrow("grade", OneOf(("B",)))
    chips = made.pane.chips
    qtbot.mouseClick(chips._save, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(chips._name, "Bs")
    qtbot.keyClick(chips._name, Qt.Key.Key_Return)
    own = [v for v in chips.views() if v.own]
    assert [v.title() for v in own] == ["Bs"]
    assert chips.chip(own[0].key).isChecked()
    qtbot.waitUntil(lambda: chips.chip(own[0].key).text() == "Bs 333")
    chips.renamed.emit(own[0], "B clients")
    again = Made(qtbot, 30, made.memory)
    assert [v.title() for v in again.pane.chips.views()] == ["All", "Grade A", "B clients"]
    again.pane.chips.removed.emit(again.pane.chips.views()[2])
    assert [v.title() for v in again.pane.chips.views()] == ["All", "Grade A"]


def test_questions_survive_the_settings() -> None:
    from datetime import date

    asked = Asked(
        (("name", Contains("王")), ("grade", OneOf(("A", None))), ("due_on", Between(date(2026, 11, 1), None))),
        Sort("due_on", True),
    )
    assert from_plain(to_plain(asked)) == asked


def test_columns_are_hidden_ordered_and_remembered(made: Made, qtbot: QtBot) -> None:
    made.table.columns.show("phone", False)
    made.table.head.moveSection(3, 0)
    made.table.head.resizeSection(0, 222)
    qtbot.waitUntil(lambda: "list.people.columns" in made.memory)
    again = Made(qtbot, 30, made.memory)
    assert [c.key for c in again.table.columns.shown()] == ["premium_fen", "name", "grade", "due_on"]
    assert again.table.head.sectionSize(0) == 222
    menu = again.table.columns.menu()
    assert [a.isChecked() for a in menu.actions()[:5]] == [True, False, True, True, True]
    menu.deleteLater()
    again.table.columns.reset()
    assert [c.key for c in again.table.columns.shown()] == ["name", "phone", "grade", "premium_fen", "due_on"]


def test_a_reload_stays_with_the_record(made: Made, qtbot: QtBot) -> None:
    made.table.select_row(150)
    qtbot.waitUntil(lambda: made.pane.current_id() is not None)
    told = len(made.current)
    made.people.removed.update(range(20))
    with qtbot.waitSignal(made.pane.model.reset_to):
        made.pane.reload()
    assert made.pane.current_id() == _id(150)
    assert made.table.currentIndex().row() == 130
    assert made.current[told:] == [], "the same record: nothing to tell the detail pane"


def test_nothing_matches_offers_the_way_back(made: Made, qtbot: QtBot) -> None:
    with qtbot.waitSignal(made.pane.counted):
        made.table.narrow("name", Contains("无"))
    assert made.pane._none.isVisible()
    assert made.current[-1] is None
    with qtbot.waitSignal(made.pane.counted):
        made.pane.table.narrow("name", None)
    assert made.table.isVisible()
