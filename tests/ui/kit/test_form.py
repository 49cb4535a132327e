"""The form editor by real keys and clicks: every kind of field, problems at their place, masked numbers, drafts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCalendarWidget, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from fieldcrm.base import clock, forms
from fieldcrm.base.errors import InvalidFields
from fieldcrm.base.forms.model import Choice, Field, Form, Kind, Section
from fieldcrm.ui.kit.fields import LineEntry, LongEntry, MaskedEntry, ShownEntry
from fieldcrm.ui.kit.fields_choice import ComboEntry, SegmentEntry, TicksEntry
from fieldcrm.ui.kit.fields_day import DayEntry
from fieldcrm.ui.kit.fields_many import RowsEntry, TagsEntry
from fieldcrm.ui.kit.fields_record import Found, RecordEntry
from fieldcrm.ui.kit.form import FormEditor

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # popups on the offscreen platform

Typing = Callable[[object, str], None]
MANY = tuple(Choice(f"c{n}", f"选项{n}", f"option {n}") for n in range(9))
PHONE = Form("phone", 1, "电话", "Phone", (Field("number", Kind.PHONE, "号码", "Number", required=True),))
FORM = Form(
    "sample",
    1,
    "样表",
    "Sample",
    (
        Field("name", Kind.TEXT, "姓名", "Name", required=True),
        Field("sort", Kind.CHOICE, "类别", "Sort", choices=(Choice("a", "甲", "A"), Choice("b", "乙", "B"))),
        Field("only_b", Kind.TEXT, "乙的", "Of B", required=True, when=(("sort", "b"),)),
        Field("many", Kind.CHOICE, "多选一", "One of many", choices=MANY),
        Field("ticks", Kind.CHOICES, "多项", "Several", choices=MANY[:3]),
        Field("agreed", Kind.YES_NO, "同意", "Agreed"),
        Field("due_on", Kind.DATE, "日期", "Date"),
        Field("seen_at", Kind.INSTANT, "时刻", "Seen"),
        Field("at", Kind.TIME, "时间", "Time"),
        Field("premium_fen", Kind.MONEY, "保费", "Premium"),
        Field("share", Kind.PERCENT, "比例", "Share"),
        Field("id_number", Kind.ID_NUMBER, "身份证号", "ID number"),
        Field("tags", Kind.TAGS, "标签", "Tags"),
        Field("client_id", Kind.RECORD, "客户", "Client", of="client"),
        Field("phones", Kind.LIST, "电话", "Phones", form=PHONE),
        Field("remark", Kind.LONG_TEXT, "备注", "Remark"),
        Field("serial", Kind.INTEGER, "序号", "No.", readonly=True),
    ),
    (Section("基本", "Basics", ("name", "sort", "only_b")),),
)


class Clients:
    """Two clients to refer to."""

    def find(self, kind: str, typed: str, then: Callable[[Sequence[Found]], object]) -> None:
        assert kind == "client"
        people = [Found("a" * 32, "王淑珍", "••32"), Found("b" * 32, "王建国", "••17")]
        then([p for p in people if p.words.startswith(typed)])

    def name(self, kind: str, record_id: str, then: Callable[[str], object]) -> None:
        then({"a" * 32: "王淑珍", "b" * 32: "王建国"}[record_id])


@pytest.fixture
def editor(qtbot: QtBot) -> FormEditor:
    made = FormEditor(FORM, lookup=Clients())
    qtbot.addWidget(made)
    made.resize(420, 900)
    made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    return made


def _key(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    where = QApplication.focusWidget()
    assert where is not None
    qtbot.keyClick(where, key, modifier)


def _line(editor: FormEditor, name: str) -> LineEntry:
    entry = editor.entry(name)
    assert isinstance(entry, LineEntry)
    return entry


def test_the_keyboard_alone_fills_the_form(editor: FormEditor, qtbot: QtBot, type_text: Typing) -> None:
    editor.focus_first()
    type_text(QApplication.focusWidget(), "王淑珍")
    _key(qtbot, Qt.Key.Key_Return)
    _key(qtbot, Qt.Key.Key_2)  # the second segment
    _key(qtbot, Qt.Key.Key_Return)
    type_text(QApplication.focusWidget(), "乙的内容")
    with qtbot.waitSignal(editor.submitted) as said:
        _key(qtbot, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    values = said.args[0]
    assert (values["name"], values["sort"], values["only_b"]) == ("王淑珍", "b", "乙的内容")


def test_enter_walks_in_reading_order_and_keeps_lines_in_long_text(editor: FormEditor, qtbot: QtBot) -> None:
    editor.focus_first()
    visited: list[str] = []
    for _step in range(30):
        focused = QApplication.focusWidget()
        name = next(n for n in (f.name for f in FORM.fields) if editor.entry(n).isAncestorOf(focused))
        if name not in visited:
            visited.append(name)
        if isinstance(focused, QPlainTextEdit):
            break
        _key(qtbot, Qt.Key.Key_Tab if name == "phones" else Qt.Key.Key_Return)
    assert visited == [f.name for f in FORM.fields if f.name not in ("only_b", "serial")]
    remark = editor.entry("remark")
    assert isinstance(remark, LongEntry)
    _key(qtbot, Qt.Key.Key_Return)
    assert remark.box.toPlainText() == "\n"


def test_problems_stand_at_their_fields_and_the_first_takes_the_keyboard(editor: FormEditor, qtbot: QtBot) -> None:
    _line(editor, "premium_fen").line.setText("twelve")
    with qtbot.assertNotEmitted(editor.submitted):
        editor.submit()
    assert editor.problems()["name"] == "Name is missing."
    assert "not an amount" in editor.problems()["premium_fen"]
    assert QApplication.focusWidget() is _line(editor, "name").line
    assert _line(editor, "premium_fen").line.text() == "twelve", "what was typed stays"
    qtbot.keyClicks(_line(editor, "name").line, "Wang")
    assert "name" not in editor.problems(), "typing takes the sentence away"


def test_problems_from_an_action_are_shown_too(editor: FormEditor) -> None:
    editor.set_values({"name": "王", "phones": [{"number": "13805910032"}]})
    with pytest.raises(InvalidFields) as raised:
        forms.clean(FORM, {"name": "", "phones": [{"number": "1"}]})
    editor.show_problems(raised.value)
    assert set(editor.problems()) == {"name", "phones"}
    rows = editor.entry("phones")
    assert isinstance(rows, RowsEntry)
    assert rows.entry(0, "number").stops()[0].property("problem") is True


def test_a_wrong_value_is_said_when_the_keyboard_leaves(editor: FormEditor, qtbot: QtBot) -> None:
    entry = _line(editor, "id_number")
    entry.line.setFocus()
    qtbot.keyClicks(entry.line, "350102197403160021")
    _key(qtbot, Qt.Key.Key_Return)
    assert "18th digit" in editor.problems()["id_number"]


def test_when_shows_and_hides_at_once(editor: FormEditor, qtbot: QtBot) -> None:
    only = editor.entry("only_b")
    assert not only.isVisible()
    sort = editor.entry("sort")
    assert isinstance(sort, SegmentEntry)
    sort.segments.setFocus()
    _key(qtbot, Qt.Key.Key_2)
    assert only.isVisible()
    _key(qtbot, Qt.Key.Key_Backspace)  # may be empty again
    assert sort.given() is None
    assert not only.isVisible()


def test_days_are_understood_as_people_say_them(editor: FormEditor, qtbot: QtBot, type_text: Typing) -> None:
    day, seen = _line(editor, "due_on"), _line(editor, "seen_at")
    with clock.at(datetime(2026, 11, 26, 3, 0, tzinfo=UTC)):
        day.line.setFocus()
        type_text(day.line, "周五")
        _key(qtbot, Qt.Key.Key_Return)
        assert day.line.text() == "2026-11-27"
        type_text(seen.line, "明天下午3点")
        _key(qtbot, Qt.Key.Key_Return)
        assert seen.line.text() == "2026-11-27 15:00"
    editor.entry("name").set_value("王")
    values = editor.values()
    assert values["due_on"] == date(2026, 11, 27)
    assert values["seen_at"] == datetime(2026, 11, 27, 7, 0, tzinfo=UTC)


def test_a_day_from_the_calendar(editor: FormEditor, qtbot: QtBot) -> None:
    entry = editor.entry("due_on")
    assert isinstance(entry, DayEntry)
    entry.set_value(date(2026, 11, 27))
    popup = entry.open_calendar()
    month = popup.findChild(QCalendarWidget)
    assert month is not None
    with qtbot.waitSignal(editor.changed):
        month.activated.emit(month.selectedDate().addDays(3))
    assert entry.value() == date(2026, 11, 30)


def test_amounts_are_written_out(editor: FormEditor, qtbot: QtBot, type_text: Typing) -> None:
    entry = _line(editor, "premium_fen")
    entry.line.setFocus()
    type_text(entry.line, "12万")
    _key(qtbot, Qt.Key.Key_Return)
    assert entry.line.text() == "120,000"
    assert entry.value() == 12_000_000


def test_a_stored_number_stays_hidden_until_the_eye_is_used(editor: FormEditor, qtbot: QtBot) -> None:
    editor.set_values({"id_number": "350102197403160022"})
    entry = editor.entry("id_number")
    assert isinstance(entry, MaskedEntry)
    entry.line.setFocus()
    assert "1974" not in entry.line.text()
    with qtbot.waitSignal(editor.revealed) as said:
        entry.reveal()
    assert said.args == ["id_number"]
    assert entry.line.text() == "350102197403160022"
    editor.entry("name").stops()[0].setFocus()
    assert "1974" not in entry.line.text(), "hidden again when the keyboard leaves"
    assert entry.given() == "350102197403160022"
    assert not editor.dirty()


def test_typing_over_a_hidden_number_replaces_it(editor: FormEditor, qtbot: QtBot) -> None:
    editor.set_values({"id_number": "350102197403160022"})
    entry = _line(editor, "id_number")
    entry.line.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClicks(entry.line, "X123")
    assert entry.given() == "X123"
    assert editor.dirty()


def test_half_of_a_hidden_number_is_never_mixed_with_typing(editor: FormEditor, qtbot: QtBot) -> None:
    editor.set_values({"id_number": "350102197403160022"})
    entry = _line(editor, "id_number")
    entry.line.setFocus()
    entry.line.deselect()
    entry.line.end(False)
    qtbot.keyClick(entry.line, Qt.Key.Key_Backspace)
    assert entry.given() == ""


def test_a_choice_of_many_is_found_by_part_of_its_words(editor: FormEditor, qtbot: QtBot) -> None:
    entry = editor.entry("many")
    assert isinstance(entry, ComboEntry)
    entry.combo.setFocus()
    qtbot.keyClicks(entry.line, "7")
    completer = entry.combo.completer()
    assert completer is not None
    assert completer.popup().styleSheet(), "no window above it gives it its dress"
    qtbot.keyClick(completer.popup(), Qt.Key.Key_Return)
    assert entry.given() == "c7"
    entry.line.setText("nonsense")
    assert entry.given() == "nonsense", "told by the check, not swallowed"


def test_tags_become_chips(editor: FormEditor, qtbot: QtBot, type_text: Typing) -> None:
    entry = editor.entry("tags")
    assert isinstance(entry, TagsEntry)
    entry.line.setFocus()
    type_text(entry.line, "养老规划，")
    type_text(entry.line, "重点")
    _key(qtbot, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is entry.line, "Enter makes a tag first"
    assert entry.given() == ["养老规划", "重点"]
    _key(qtbot, Qt.Key.Key_Backspace)
    assert entry.given() == ["养老规划"]
    qtbot.mouseClick(entry._chips[0], Qt.MouseButton.LeftButton)
    assert entry.given() == []


def test_a_record_is_found_while_typing(editor: FormEditor, qtbot: QtBot, type_text: Typing) -> None:
    entry = editor.entry("client_id")
    assert isinstance(entry, RecordEntry)
    entry.line.setFocus()
    type_text(entry.line, "王")
    qtbot.waitUntil(entry.offers.isVisible)
    _key(qtbot, Qt.Key.Key_Down)
    _key(qtbot, Qt.Key.Key_Return)
    assert entry.given() == "b" * 32
    assert entry.line.text() == "王建国"
    assert QApplication.focusWidget() is entry.line
    type_text(entry.line, "x")
    assert entry.given() is None, "half a name is no record"
    entry.set_value("a" * 32)
    assert entry.line.text() == "王淑珍"


def test_ticks(editor: FormEditor, qtbot: QtBot) -> None:
    entry = editor.entry("ticks")
    assert isinstance(entry, TicksEntry)
    qtbot.mouseClick(entry.ticks["c2"], Qt.MouseButton.LeftButton)
    qtbot.keyClick(entry.ticks["c0"], Qt.Key.Key_Space)
    assert entry.given() == ["c0", "c2"]


def test_rows_inside_are_added_and_removed(editor: FormEditor, qtbot: QtBot) -> None:
    editor.set_values({"name": "王", "phones": [{"id": "1" * 32, "number": "13805910032"}]})
    rows = editor.entry("phones")
    assert isinstance(rows, RowsEntry)
    rows.add.setFocus()
    _key(qtbot, Qt.Key.Key_Space)
    assert QApplication.focusWidget() is rows.entry(1, "number").stops()[0]
    qtbot.keyClicks(QApplication.focusWidget(), "0591-28123116")
    assert editor.dirty()
    values = editor.values()["phones"]
    assert values[0] == {"id": "1" * 32, "number": "13805910032"}
    assert "id" not in values[1]
    qtbot.mouseClick(rows._lines[0][2], Qt.MouseButton.LeftButton)
    assert len(editor.values()["phones"]) == 1
    rows.add_row(focus=True)
    assert len(editor.values()["phones"]) == 1, "an empty row is no row"


def test_values_that_are_not_shown_are_kept(qtbot: QtBot) -> None:
    editor = FormEditor(FORM, fields=["name"])
    qtbot.addWidget(editor)
    editor.set_values({"name": "王", "agreed": True, "serial": 7, "created_at": "passes by"})
    values = editor.values()
    assert (values["agreed"], values["serial"]) == (True, 7)
    assert "created_at" not in values


def test_a_problem_of_a_field_that_is_not_shown_is_still_said(qtbot: QtBot) -> None:
    editor = FormEditor(FORM, fields=["remark"])
    qtbot.addWidget(editor)
    editor.show()
    editor.submit()
    assert editor._rest.text() == "Name is missing."


def test_raw_state_survives_exactly(editor: FormEditor, qtbot: QtBot, type_text: Typing) -> None:
    import json

    type_text(_line(editor, "due_on").line, "周")  # half a word
    type_text(_line(editor, "premium_fen").line, "12万")
    editor.entry("tags").set_value(["a"])
    rows = editor.entry("phones")
    assert isinstance(rows, RowsEntry)
    rows.add_row()
    rows.entry(0, "number").set_raw("138")
    state = json.loads(json.dumps(editor.raw()))
    assert editor.dirty()
    again = FormEditor(FORM, lookup=Clients())
    qtbot.addWidget(again)
    again.set_raw(state)
    assert again.raw() == editor.raw()
    assert again.dirty()


def test_two_columns_where_there_is_room(editor: FormEditor, qtbot: QtBot) -> None:
    name, sort = editor._boxes["name"], editor._boxes["sort"]
    assert name.geometry().top() < sort.geometry().top()
    editor.resize(800, 900)
    qtbot.waitUntil(lambda: name.geometry().top() == sort.geometry().top())
    assert editor._boxes["remark"].width() > 600


def test_reading_only_shows_what_is_there_and_masks(qtbot: QtBot) -> None:
    editor = FormEditor(FORM, readonly=True)
    qtbot.addWidget(editor)
    editor.set_values({"name": "王淑珍", "phones": [{"number": "13805910032"}]})
    editor.show()
    assert editor.entry("name").isVisible()
    assert not editor.entry("remark").isVisible()
    phones = editor.entry("phones")
    assert isinstance(phones, ShownEntry)
    assert phones._label.text() == "138 0591 ••32"
    with qtbot.waitSignal(editor.revealed):
        phones.reveal()
    assert phones._label.text() == "13805910032"


@pytest.mark.parametrize("kind", list(forms.all_forms()))
def test_every_form_of_the_program_opens_and_gives_its_values_back(kind: str, qtbot: QtBot) -> None:
    form = forms.get(kind)
    editor = FormEditor(form)
    qtbot.addWidget(editor)
    assert isinstance(editor, QWidget)
    editor.resize(700, 600)
    editor.show()
    assert set(editor.raw()) <= {f.name for f in form.fields}
    assert not editor.dirty()


def test_the_calendar_knows_lunar_days_and_holidays(qtbot: QtBot) -> None:
    from fieldcrm.base import i18n
    from fieldcrm.ui.kit.calendar import CalendarPopup, _mark

    i18n.use("zh_CN")
    picked: list[date] = []
    holder = QWidget()
    qtbot.addWidget(holder)
    popup = CalendarPopup(date(2026, 10, 8), picked.append, holder)
    popup.show()
    assert not popup.grab().isNull()
    assert [_mark(date(2026, 10, n)) for n in (1, 8, 10, 11)] == ["国庆节", "廿八", "班", "初二"]
    qtbot.keyClick(popup.month.findChild(QWidget, "qt_calendar_calendarview"), Qt.Key.Key_Right)
    qtbot.keyClick(popup.month.findChild(QWidget, "qt_calendar_calendarview"), Qt.Key.Key_Return)
    assert picked == [date(2026, 10, 9)]


def test_a_digit_chooses_in_a_list_as_in_a_row_of_segments(qtbot: QtBot) -> None:
    entry = ComboEntry(forms.get("callback")["intention"])
    qtbot.addWidget(entry)
    entry.show()
    qtbot.keyClicks(entry.line, "2")
    assert entry.given() == entry.field.choices[1].code
    qtbot.waitUntil(lambda: entry.matches is None or not entry.matches.isVisible())
    qtbot.keyClicks(entry.line, "1")
    assert entry.given() == entry.field.choices[0].code
