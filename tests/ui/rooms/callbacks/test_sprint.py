"""The callback sprint by keyboard on a real book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, i18n, settings
from fieldcrm.base.data.store import Store
from fieldcrm.core import callbacks
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.complaints.tables import Complaint
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.visits.tables import Visit
from fieldcrm.ui.kit.page import open_record
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.rooms.callbacks.page import CallbacksPage
from fieldcrm.ui.shell.me import Me
from fieldcrm.ui.shell.workbench import Workbench
from support.calls import FRIDAY, add_client, add_policy

pytest_plugins = ["support.stores"]
K, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def _friday_morning() -> Iterator[None]:
    i18n.use("zh_CN")
    with clock.at(clock.instant(FRIDAY, 10, 12)):
        yield


@pytest.fixture
def clients(book: Store) -> dict[str, str]:
    """Three clients in the order of the queue."""
    days = {"王淑珍": 3, "李建国": 10, "苏玉兰": 22}
    return {n: book.change(add_client, n, matures_on=date(2026, 12, d))[0] for n, d in days.items()}


@pytest.fixture
def bench(book: Store, clients: dict[str, str], qtbot: QtBot) -> Iterator[Workbench]:
    runner = Runner(book)
    made = Workbench(runner, Me(name="林晓", unit="福州支公司"), settings.Values(), settings.Values())
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.restore({"current": "callbacks"})
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.put_away()
    runner.close()


@pytest.fixture
def page(bench: Workbench, qtbot: QtBot) -> CallbacksPage:
    bench.go("callbacks")
    found = bench.pages["callbacks"]
    assert isinstance(found, CallbacksPage)
    assert found.sprint is not None
    qtbot.waitUntil(lambda: _shown(found) == "王淑珍")
    return found


def _shown(page: CallbacksPage) -> str:
    assert page.sprint is not None
    return page.sprint.card.name if page.sprint.card is not None else ""


def _press(qtbot: QtBot, *keys: Any) -> int:
    """Press keys where the keyboard is; gives how many."""
    for key in keys:
        focused = QApplication.focusWidget()
        assert focused is not None
        if key == "save":
            qtbot.keyClick(focused, K.Key_Return, CONTROL)
        else:
            qtbot.keyClick(focused, key)
    return len(keys)


def _saved(book: Store) -> list[Callback]:
    return book.read(lambda s: list(s.scalars(select(Callback).where(Callback.deleted_at.is_(None)).order_by("id"))))


def _count(session: Session, table: Any) -> int:
    return len(session.scalars(select(table).where(table.deleted_at.is_(None))).all())


def test_the_queue_opens_with_the_first_client_and_the_keyboard_in_the_form(page: CallbacksPage, qtbot: QtBot) -> None:
    assert page.sprint is not None
    assert [row.name for row in page.sprint.queue.rows.rows] == ["王淑珍", "李建国", "苏玉兰"]
    qtbot.waitUntil(lambda: page.subtitle == "今日 0 / 20 访 · 次月满期名单 3 人")
    focused = QApplication.focusWidget()
    assert focused is page.sprint.form.editor.entry("result").stops()[0]


def test_a_valid_call_without_the_mouse(page: CallbacksPage, book: Store, qtbot: QtBot) -> None:
    """The shortest valid call: 7 keys (1 ⏎ 1 ⏎ ⏎ 1 Ctrl+⏎); the next client stands there at once."""
    pressed = _press(qtbot, K.Key_1, K.Key_Return, K.Key_1, K.Key_Return, K.Key_Return, K.Key_1, "save")
    assert pressed == 7
    qtbot.waitUntil(lambda: _shown(page) == "李建国")
    call = _saved(book)[0]
    assert (call.valid, call.intention, call.policy_number) == (True, "interested", "8861202211152217")
    qtbot.waitUntil(lambda: page.subtitle.startswith("今日 1 / 20 访"))
    assert page.sprint is not None
    assert page.sprint.form.editor.result() is None
    assert page.sprint.queue.rows.rows[0].label == "有意向"


def test_an_unreached_call_takes_two_keys(page: CallbacksPage, book: Store, qtbot: QtBot) -> None:
    """2 keys (2 Ctrl+⏎); the client comes back in the afternoon."""
    assert page.sprint is not None
    _press(qtbot, K.Key_2)
    assert "14:30" in page.sprint.form.told.text()
    _press(qtbot, "save")
    qtbot.waitUntil(lambda: _shown(page) == "李建国")
    call = _saved(book)[0]
    assert (call.result, call.next_on, call.next_time) == ("no_answer", FRIDAY, "14:30")


def test_a_whole_call_with_a_visit(
    page: CallbacksPage, book: Store, qtbot: QtBot, type_text: Callable[[object, str], None]
) -> None:
    """Everything filled in: 11 keys and the words typed (offer, next contact, remark)."""
    assert page.sprint is not None
    editor = page.sprint.form.editor
    keys = _press(qtbot, K.Key_1, K.Key_Return, K.Key_1, K.Key_Return)
    type_text(QApplication.focusWidget(), "年金 D 款 8 万 + 存单 5 万")
    keys += _press(qtbot, K.Key_Return, K.Key_1, K.Key_Return, K.Key_Return)
    type_text(QApplication.focusWidget(), "周一10点 上门")
    assert editor.next_entry.echo.text() == "→ 11-23 周一 10:00 · 上门"
    assert page.sprint.form.told.text() == "保存后将自动：加入 11-23 拜访计划 · 计入今日日志"
    keys += _press(qtbot, K.Key_Return)
    assert editor.next_entry.line.text() == "11-23 周一 10:00 · 上门"
    type_text(QApplication.focusWidget(), "女儿周末在家一起看方案")
    keys += _press(qtbot, "save")
    assert keys == 10
    qtbot.waitUntil(lambda: _shown(page) == "李建国")
    call = _saved(book)[0]
    assert (call.next_on, call.next_time, call.next_way) == (date(2026, 11, 23), "10:00", "visit")
    assert (call.conversion_offer, call.remark) == ("年金 D 款 8 万 + 存单 5 万", "女儿周末在家一起看方案")
    assert book.read(_count, Visit) == 1


def test_undo_takes_the_whole_call_back(bench: Workbench, page: CallbacksPage, book: Store, qtbot: QtBot) -> None:
    _press(qtbot, K.Key_2, "save")
    qtbot.waitUntil(lambda: _shown(page) == "李建国")
    qtbot.keyClick(bench, K.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: _saved(book) == [])
    assert page.sprint is not None
    qtbot.waitUntil(lambda: page.sprint.queue.rows.rows[0].label == "待回访")


def test_skipping_keeps_what_was_typed(page: CallbacksPage, book: Store, qtbot: QtBot) -> None:
    assert page.sprint is not None
    _press(qtbot, K.Key_1)
    qtbot.mouseClick(page.sprint.form.skip_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: _shown(page) == "李建国")
    qtbot.keyClick(QApplication.focusWidget(), K.Key_Up, CONTROL)
    qtbot.waitUntil(lambda: _shown(page) == "王淑珍")
    qtbot.waitUntil(lambda: page.sprint.form.editor.result() == "reached")
    assert page.sprint.keeper.notice.isVisible()
    assert _saved(book) == []


def test_what_is_wrong_stands_at_its_field(page: CallbacksPage, book: Store, qtbot: QtBot) -> None:
    assert page.sprint is not None
    editor = page.sprint.form.editor
    _press(qtbot, "save")
    assert list(editor.problems()) == ["result"]
    _press(qtbot, K.Key_2, K.Key_Return)
    qtbot.keyClicks(QApplication.focusWidget(), "blah")
    _press(qtbot, "save")
    assert list(editor.problems()) == ["next_on"]
    assert "blah" in editor.problems()["next_on"]
    editor.next_entry.line.clear()
    qtbot.keyClicks(editor.next_entry.line, "11-19")  # has passed: next year's
    _press(qtbot, "save")
    qtbot.waitUntil(lambda: len(_saved(book)) == 1)
    assert _saved(book)[0].next_on == date(2027, 11, 19)


def test_everything_that_is_wrong_is_said_at_once_and_whole(page: CallbacksPage, qtbot: QtBot) -> None:
    """An objection typed into the wrong field beside a day that is none: three lines of choices are not cut."""
    assert page.sprint is not None
    editor = page.sprint.form.editor
    _press(qtbot, K.Key_1, K.Key_Return, K.Key_1, K.Key_Return, K.Key_Return, K.Key_1, K.Key_Return)
    for field in ("objection", "next_on"):
        stop = editor.entry(field).stops()[0]
        stop.setFocus()
        qtbot.keyClicks(stop, "blah")
    _press(qtbot, "save")
    assert set(editor.problems()) == {"objection", "next_on"}
    label = editor._boxes["objection"]._problem
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()) > 2 * label.fontMetrics().height())


def test_a_complaint_is_opened_and_said(bench: Workbench, page: CallbacksPage, book: Store, qtbot: QtBot) -> None:
    _press(qtbot, K.Key_1, K.Key_Return, K.Key_1, K.Key_Return, K.Key_Return, K.Key_6, "save")
    qtbot.waitUntil(lambda: len(bench.messages.bars()) == 1)
    assert "王淑珍" in bench.messages.bars()[0].text
    assert book.read(_count, Complaint) == 1
    qtbot.keyClick(bench, K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: book.read(_count, Complaint) == 0)
    qtbot.waitUntil(lambda: not bench.messages.bars())  # it is no longer true


def test_the_script_follows_the_objection_and_the_policy(page: CallbacksPage, book: Store, qtbot: QtBot) -> None:
    assert page.sprint is not None
    assert "3,240" in page.sprint.script.sentences()[0]
    book.change(
        add_policy, page.sprint.client_id, number="P3318", matures_on=date(2026, 12, 30), deposit_value_fen=None
    )
    page.refresh()
    qtbot.waitUntil(lambda: len(page.sprint.who.table.policies) == 2)
    qtbot.keyClick(page.sprint.who.table, K.Key_Down)
    qtbot.waitUntil(lambda: page.sprint.card.policy.tail == "3318")
    assert "3,240" not in page.sprint.script.sentences()[0]
    _press(qtbot, K.Key_Tab)
    entry = page.sprint.form.editor.entry("objection")
    page.sprint.form.editor.entry("result").segments.choose("reached")  # type: ignore[attr-defined]
    entry.set_value("family")
    entry.changed.emit()
    assert "家人" in page.sprint.script.sentences()[1]


def test_the_phone_is_masked_until_it_is_asked_for(page: CallbacksPage, qtbot: QtBot) -> None:
    assert page.sprint is not None
    who = page.sprint.who
    assert who.phone.text() == "138 0591 ••32"
    qtbot.mouseClick(who.phone, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: who.phone.text() == "138 0591 0032")


def test_a_client_from_elsewhere_is_put_on_the_card(
    bench: Workbench, page: CallbacksPage, book: Store, qtbot: QtBot
) -> None:
    other, _ = book.change(add_client, "远期", matures_on=date(2028, 1, 1))
    bench.go("callbacks", client_id=other)
    qtbot.waitUntil(lambda: _shown(page) == "远期")


def test_the_register_lists_prints_and_exports(
    page: CallbacksPage, book: Store, clients: dict[str, str], qtbot: QtBot, tmp_path: Path
) -> None:
    assert page.sprint is not None
    book.change(callbacks.log_callback, clients["王淑珍"], result="reached", maturity_explained=True, intention="keep")
    qtbot.mouseClick(page.sprint.register_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.register.pane.model.rowCount() == 1)
    page.register.register.export(FRIDAY, FRIDAY, tmp_path / "register.xlsx")
    qtbot.waitUntil(lambda: (tmp_path / "register.xlsx").exists())
    page.register.register.preview(FRIDAY, FRIDAY)
    qtbot.waitUntil(lambda: page.register.register.paper.view.count == 1)
    qtbot.waitUntil(lambda: page.desk.runner.quiet)
    page.put_away()  # as the window does when it locks or closes
    assert page.register.register.paper.view.count == 0


def test_a_logged_call_is_corrected_from_the_register_and_the_timeline(
    bench: Workbench, page: CallbacksPage, book: Store, qtbot: QtBot
) -> None:
    """Whether it is valid and the timeline follow; one undo takes it back."""
    _press(qtbot, K.Key_2, "save")
    qtbot.waitUntil(lambda: len(_saved(book)) == 1)
    call = _saved(book)[0]
    open_record(bench, "callback", call.id)
    editor = page.register.editor
    qtbot.waitUntil(editor.isVisible)
    qtbot.waitUntil(lambda: editor.record_id == call.id)
    editor.editor.entry("result").set_value("wrong_number")
    editor.editor.submit()
    qtbot.waitUntil(lambda: _saved(book)[0].result == "wrong_number")
    qtbot.waitUntil(lambda: not editor.isVisible())
    assert book.read(lambda session: session.get(Contact, call.contact_id).result) == "wrong_number"
    bench.undo()
    qtbot.waitUntil(lambda: _saved(book)[0].result == "no_answer")


def test_an_office_sees_the_register_of_its_managers(book: Store, clients: dict[str, str], qtbot: QtBot) -> None:
    book.change(callbacks.log_callback, clients["王淑珍"], result="off")
    runner = Runner(book)
    bench = Workbench(runner, Me(role="office", unit="福州支公司"), settings.Values(), settings.Values())
    qtbot.addWidget(bench)
    bench.show()
    bench.go("callbacks")
    page = bench.pages["callbacks"]
    assert isinstance(page, CallbacksPage)
    assert page.sprint is None
    page.register.pane.chips.choose(page.register.pane.chips.views()[-1])
    qtbot.waitUntil(lambda: page.register.pane.model.rowCount() == 1)
    shown = [column.key for column in page.register.pane.table.columns.shown()]
    assert "manager" in shown
    runner.close()


def test_nobody_to_call_says_what_will_be_here(book: Store, qtbot: QtBot) -> None:
    runner = Runner(book)
    bench = Workbench(runner, Me(name="林晓"), settings.Values(), settings.Values())
    qtbot.addWidget(bench)
    bench.show()
    bench.go("callbacks")
    page = bench.pages["callbacks"]
    assert isinstance(page, CallbacksPage)
    qtbot.waitUntil(lambda: page.subtitle == "今日 0 / 20 访 · 次月满期名单 0 人")
    words = [w.text() for w in page.findChildren(QWidget) if hasattr(w, "text") and w.isVisible() and callable(w.text)]
    assert any("没有待回访客户" in w for w in words)
    runner.close()
