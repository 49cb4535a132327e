"""Half-filled forms survive: saved while typing into a real encrypted book, restored, discarded."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fieldcrm.base import forms
from fieldcrm.base.data.drafts import DraftRow, find_draft
from fieldcrm.base.data.store import Store
from fieldcrm.ui.kit.drafts import DraftKeeper
from fieldcrm.ui.kit.fields import LongEntry
from fieldcrm.ui.kit.fields_day import DayEntry
from fieldcrm.ui.kit.form import FormEditor
from fieldcrm.ui.kit.runner import Runner

pytest_plugins = ["support.stores"]
ME, KEY = "a" * 32, "callback:1"
Typing = Callable[[object, str], None]


@pytest.fixture
def runner(book: Store, qtbot: QtBot) -> Iterator[Runner]:
    made = Runner(book)
    yield made
    made.close()


def _open(qtbot: QtBot, runner: Runner, key: str = KEY) -> tuple[FormEditor, DraftKeeper]:
    editor = FormEditor(forms.get("callback"))
    keeper = DraftKeeper(editor, runner, ME)
    keeper.notice.setParent(editor)
    qtbot.addWidget(editor)
    editor.show()
    editor.set_values({})
    keeper.open(key)
    return editor, keeper


def _remark(editor: FormEditor) -> LongEntry:
    entry = editor.entry("remark")
    assert isinstance(entry, LongEntry)
    return entry


def _kept(book: Store) -> DraftRow | None:
    return book.read(find_draft, ME, KEY)


def test_what_is_typed_is_kept_and_comes_back(runner: Runner, book: Store, qtbot: QtBot, type_text: Typing) -> None:
    editor, _keeper = _open(qtbot, runner)
    type_text(_remark(editor).box, "女儿周末在家")
    qtbot.waitUntil(lambda: _kept(book) is not None)
    day = editor.entry("next_on")
    assert isinstance(day, DayEntry)
    day.line.setText("周")  # half a word is kept as it is
    day.changed.emit()
    _keeper.flush()
    qtbot.waitUntil(lambda: (d := _kept(book)) is not None and d.state["next_on"] == "周")

    again, keeper = _open(qtbot, runner)
    with qtbot.waitSignal(keeper.restored):
        pass
    assert _remark(again).box.toPlainText() == "女儿周末在家"
    assert again.entry("next_on").raw() == "周"
    assert again.dirty()
    assert keeper.notice.isVisible()
    assert keeper.notice.words.text().startswith("Restored from ")


def test_leaving_a_field_saves_at_once(runner: Runner, book: Store, qtbot: QtBot, type_text: Typing) -> None:
    editor, keeper = _open(qtbot, runner)
    keeper._pause.setInterval(60_000)
    with qtbot.waitActive(editor):
        editor.activateWindow()
    box = _remark(editor).box
    box.setFocus()
    type_text(box, "好")
    qtbot.keyClick(box, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: _kept(book) is not None)


def test_discard_brings_the_form_back_and_empties_the_book(
    runner: Runner, book: Store, qtbot: QtBot, type_text: Typing
) -> None:
    editor, first = _open(qtbot, runner)
    type_text(_remark(editor).box, "一")
    first.flush()
    again, keeper = _open(qtbot, runner)
    with qtbot.waitSignal(keeper.restored):
        pass
    qtbot.mouseClick(keeper.notice.discard, Qt.MouseButton.LeftButton)
    assert _remark(again).box.toPlainText() == ""
    assert not again.dirty()
    assert not keeper.notice.isVisible()
    qtbot.waitUntil(lambda: _kept(book) is None)


def test_a_saved_form_leaves_no_draft(runner: Runner, book: Store, qtbot: QtBot, type_text: Typing) -> None:
    editor, keeper = _open(qtbot, runner)
    type_text(_remark(editor).box, "二")
    keeper.flush()
    qtbot.waitUntil(lambda: _kept(book) is not None)
    keeper.done()
    assert not editor.dirty()
    qtbot.waitUntil(lambda: _kept(book) is None)


def test_typing_back_to_what_was_there_is_no_draft(
    runner: Runner, book: Store, qtbot: QtBot, type_text: Typing
) -> None:
    editor, keeper = _open(qtbot, runner)
    type_text(_remark(editor).box, "三")
    keeper.flush()
    qtbot.waitUntil(lambda: _kept(book) is not None)
    _remark(editor).box.clear()
    keeper.flush()
    qtbot.waitUntil(lambda: _kept(book) is None)


def test_a_draft_never_overwrites_what_is_being_typed(
    runner: Runner, book: Store, qtbot: QtBot, type_text: Typing
) -> None:
    editor, first = _open(qtbot, runner)
    type_text(_remark(editor).box, "旧")
    first.flush()
    qtbot.waitUntil(lambda: _kept(book) is not None)
    again, keeper = _open(qtbot, runner)
    type_text(_remark(again).box, "新")  # before the draft has arrived
    keeper.flush()
    qtbot.waitUntil(lambda: (d := _kept(book)) is not None and d.state["remark"] == "新")
    assert _remark(again).box.toPlainText() == "新"


def test_closing_the_runner_writes_what_waits(book: Store, qtbot: QtBot, type_text: Typing) -> None:
    runner = Runner(book)
    editor, keeper = _open(qtbot, runner)
    type_text(_remark(editor).box, "合上盖子")
    keeper.flush()
    runner.close()
    kept = _kept(book)
    assert kept is not None
    assert kept.state["remark"] == "合上盖子"
