"""The workbench: going from page to page, reloading, headings, counts, status, errors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from fieldcrm.base import clock
from fieldcrm.base.data.store import Changes
from fieldcrm.base.data.undo import Compensated
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.settings import DeviceSettings
from fieldcrm.core.sync.queries import OfficeStatus
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.runner import Job, Runner
from fieldcrm.ui.shell.me import Me
from fieldcrm.ui.shell.statusbar import Facts
from fieldcrm.ui.shell.workbench import Workbench
from ui.shell.conftest import FirstPage

FULL = define("test.full", "The list is full.")


def page(bench: Workbench, key: str) -> FirstPage:
    return cast(FirstPage, bench.pages[key])


def test_the_first_page_is_open_and_others_are_built_when_wanted(bench: Workbench, qtbot: QtBot) -> None:
    assert list(bench.pages) == ["clients"]
    assert bench.header.title.text() == "Clients"
    qtbot.mouseClick(bench.rail.items["policies"], Qt.MouseButton.LeftButton)
    assert list(bench.pages) == ["clients", "policies"]
    assert bench.header.title.text() == "Policies"
    assert bench.rail.items["policies"].isChecked()
    assert not bench.rail.items["clients"].isChecked()


def test_a_page_is_painted_before_it_reads(bench: Workbench, qtbot: QtBot) -> None:
    """When it is made, and when it is shown again; however long the painting waits for its turn."""
    qtbot.waitUntil(lambda: page(bench, "clients").loads == 1)
    order: list[str] = []

    class Painted(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                order.append("paint")
            return False

    bench.go("policies")
    shown = page(bench, "policies")
    watch = Painted(shown)
    shown.installEventFilter(watch)
    loads = shown.load
    shown.load = lambda: (order.append("load"), loads())[1]  # type: ignore[method-assign]
    qtbot.waitUntil(lambda: shown.loads == 1)
    assert (order[0], "load" in order) == ("paint", True)
    bench.go("clients")
    shown.refresh()
    qtbot.waitUntil(lambda: not shown.isVisible())
    order.clear()
    bench.stack.setUpdatesEnabled(False)
    QTimer.singleShot(20, bench, lambda: bench.stack.setUpdatesEnabled(True))
    bench.go("policies")
    qtbot.waitUntil(lambda: shown.loads == 2)
    assert order[0] == "paint"


def test_a_page_is_not_painted_in_the_turn_it_is_made_in(bench: Workbench, qtbot: QtBot) -> None:
    qtbot.waitUntil(bench.stack.updatesEnabled)
    bench.go("policies")
    assert not bench.stack.updatesEnabled()
    qtbot.waitUntil(bench.stack.updatesEnabled)
    bench.go("clients")
    assert bench.stack.updatesEnabled(), "it was made before"


def test_page_buttons_stand_in_the_header_and_leave_with_the_page(bench: Workbench, qtbot: QtBot) -> None:
    assert bench.header.log_button.isVisible()
    bench.go("policies")
    (button,) = page(bench, "policies").header_buttons
    assert button.isVisible()
    assert not bench.header.log_button.isVisible()
    assert bench.header.log_small.isVisible()
    bench.go("clients")
    assert not button.isVisible()
    assert bench.header.log_button.isVisible()


def test_control_and_digit_open_pages(bench: Workbench, qtbot: QtBot) -> None:
    qtbot.keyClick(bench, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert bench.current == "policies"
    qtbot.keyClick(bench, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert bench.current == "clients"


def test_a_visible_page_reloads_and_a_hidden_one_goes_stale(bench: Workbench, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page(bench, "clients").loads == 1)
    bench.go("policies")
    qtbot.waitUntil(lambda: page(bench, "policies").loads == 1)
    bench.runner.changed.emit(Changes("1", frozenset({"client"})))
    assert page(bench, "clients").stale
    assert not page(bench, "policies").stale
    bench.runner.changed.emit(Changes("2", frozenset({"policy"})))
    bench.runner.changed.emit(Changes("3", frozenset({"policy"})))
    qtbot.waitUntil(lambda: page(bench, "policies").loads == 2)
    bench.go("clients")
    qtbot.waitUntil(lambda: page(bench, "clients").loads == 2)
    assert page(bench, "policies").loads == 2


def test_go_says_what_to_show(bench: Workbench) -> None:
    bench.go("policies", client_id="7")
    assert page(bench, "policies").shown == {"client_id": "7"}


def test_a_refusal_is_said_in_the_window(bench: Workbench) -> None:
    bench.runner.failed.emit(Refused(FULL))
    assert [b.text for b in bench.messages.bars()] == ["The list is full."]


def test_a_refusal_goes_with_the_next_thing_done_or_undone(bench: Workbench) -> None:
    for act in (
        lambda: bench.done("Saved"),
        lambda: bench.runner.undone.emit(Compensated("log_contact", 1, ()), False),
    ):
        bench.runner.failed.emit(Refused(FULL))
        assert bench.messages.bars()
        act()
        assert not bench.messages.bars(), "it is no longer true"


def test_escape_presses_the_button_that_says_so_wherever_the_keyboard_is(bench: Workbench, qtbot: QtBot) -> None:
    shown = page(bench, "clients")
    pressed: list[str] = []
    for words, hint in (("Save", "Ctrl ↵"), ("Close", "Esc")):
        button = Button(words, hint=hint, parent=shown)
        button.clicked.connect(lambda _checked=False, words=words: pressed.append(words))
        button.show()
    bench.header.log_button.setFocus()
    qtbot.keyClick(bench.header.log_button, Qt.Key.Key_Escape)
    assert pressed == ["Close"]
    qtbot.keyClick(bench, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(bench.finder.box, Qt.Key.Key_Escape)
    assert pressed == ["Close"], "Escape in the search leaves the search"


def test_a_header_button_keeps_the_keyboard_when_another_comes_or_goes(bench: Workbench, qtbot: QtBot) -> None:
    bench.go("policies")
    shown = page(bench, "policies")
    (first,) = shown.header_buttons
    other = Button("This week", parent=shown)
    first.setFocus()
    shown.header_buttons = [other, first]
    shown.set_heading("Policies", "another")
    assert first.hasFocus()
    other.setFocus()
    shown.header_buttons = [first]
    shown.set_heading("Policies", "again")
    assert first.hasFocus(), "not whatever stands next in the window"


def test_an_undo_says_what_it_undid_and_offers_redo(bench: Workbench) -> None:
    bench.runner.undone.emit(Compensated("log_contact", 1, ()), False)
    assert bench.undo_bar.isVisible()
    assert "Contact logged" in bench.undo_bar.text()
    assert bench.undo_bar.findChild(Button).isVisible()  # type: ignore[union-attr]


def test_a_package_taken_back_offers_no_redo_that_would_be_refused(bench: Workbench) -> None:
    bench.runner.undone.emit(Compensated("import_packages", 1, ()), False)
    assert "import it again" in bench.undo_bar.text()
    assert not bench.undo_bar.findChild(Button).isVisible()  # type: ignore[union-attr]


def test_the_status_bar_is_honest(bench: Workbench) -> None:
    now = clock.now()
    bench.show_facts(Facts(True, False, 12, now, 46, 45, now))
    words = bench.status.left.text()
    assert "Saved · Data encrypted" in words
    assert "12 changes not sent yet" in words
    assert "package 46" in words
    assert "Last backup today" in bench.status.right.text()
    bench.status.set_saving(True)
    assert "Saving" in bench.status.left.text()
    bench.show_facts(Facts(server=True))
    assert "Database PostgreSQL · connected" in bench.status.left.text()
    assert "encrypted" not in bench.status.left.text()
    assert bench.status.right.text() == "", "the server keeps its own backups"
    bench.show_facts(Facts(server=True, connected=False))
    assert "no answer" in bench.status.left.text()


def test_the_office_s_status_bar_says_what_was_merged_and_can_be_undone(bench: Workbench) -> None:
    now = clock.now()
    office = OfficeStatus(28, 37, "莆田 · 郑涛", 27, 1, now, None)
    bench.show_facts(Facts(server=True, office=office))
    assert "Merged today 28 of 37" in bench.status.left.text()
    assert "not sent" not in bench.status.left.text()
    assert "莆田 · 郑涛 · package 27" in bench.status.right.text()
    bench.show_facts(Facts(encrypted=True, backup_at=now, office=replace(office, undo_count=12)))
    assert "12 packages" in bench.status.right.text()
    assert "Last backup today" in bench.status.left.text()
    bench.show_facts(Facts(encrypted=True, backup_at=now, office=replace(office, undo_at=None)))
    assert "Last backup today" in bench.status.right.text()


def test_a_page_s_list_gets_the_keyboard_once_it_is_there(bench: Workbench, qtbot: QtBot) -> None:
    bench.activateWindow()
    first, second = page(bench, "clients"), FirstPage(bench)
    second.field.hide()
    second.setFocusProxy(second.field)
    first.field.setFocus()
    bench.pages["policies"] = second
    bench.stack.addWidget(second)
    bench.go("policies")
    assert not second.isAncestorOf(bench.window().focusWidget())
    second.field.show()
    qtbot.waitUntil(second.field.hasFocus)


def test_messages_never_push_the_foot_of_the_window_away(bench: Workbench, qtbot: QtBot) -> None:
    """A page that needs more room than is left scrolls; so does every page on a small screen."""
    page(bench, "clients").field.setFixedSize(900, 600)
    for n in range(4):
        bench.say("error", f"Trouble {n}")
    bench.done("Something")
    for width, height in ((1366, 768), (880, 460)):
        bench.resize(width, height)
        qtbot.waitUntil(lambda w=width, h=height: (bench.width(), bench.height()) == (w, h))
        qtbot.waitUntil(lambda: bench.status.geometry().bottom() < bench.height())
        assert bench.undo_bar.geometry().bottom() <= bench.status.geometry().top()
        assert bench.area.verticalScrollBar().maximum() > 0


def test_counts_stand_in_the_rail(bench: Workbench) -> None:
    bench.badge("clients", 412)
    assert bench.rail.items["clients"].count == 412


def test_control_k_goes_to_search_even_from_a_text_field(bench: Workbench, qtbot: QtBot) -> None:
    field = page(bench, "clients").field
    bench.activateWindow()
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(bench.header.search.hasFocus)


def test_control_z_goes_to_the_field_first_and_to_the_book_when_it_has_nothing(
    bench: Workbench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    undone: list[str] = []
    monkeypatch.setattr(bench.runner, "undo", lambda then=None: undone.append("book"))
    field = page(bench, "clients").field
    bench.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "abc")
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == ""
    assert undone == []
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == ["book"]


def test_a_page_opened_by_a_button_of_another_takes_the_keyboard(bench: Workbench, qtbot: QtBot) -> None:
    """Qt hands the keyboard of the hidden button to whatever stands next, here the field of the new page."""
    bench.go("policies")
    page(bench, "clients").field.setFocus()
    bench.go("clients")
    page(bench, "clients").field.setFocus()
    assert page(bench, "clients").field.hasFocus()
    bench.go("policies", client_id="7")
    assert bench.window().focusWidget() is page(bench, "policies")


def test_files_can_be_dropped_on_text_fields_too(bench: Workbench, qtbot: QtBot) -> None:
    """The field passes the drag to the window, also one that was made after the page."""
    first = page(bench, "clients")
    assert not first.field.acceptDrops()
    assert not bench.header.search.acceptDrops()
    late = QPlainTextEdit(first)
    late.show()
    bench.activateWindow()
    late.setFocus()
    qtbot.waitUntil(lambda: not late.acceptDrops())
    assert bench.acceptDrops()


def test_a_job_may_end_after_its_window_is_gone(qtbot: QtBot, tmp_path: Path) -> None:
    """A language switch builds the window anew while a list is imported."""
    runner = Runner(None)
    made = Workbench(runner, Me(name="林晓"), None, DeviceSettings(tmp_path))
    job = Job("Importing", runner)
    made._on_job(job)
    made.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(made))
    job.finished.emit()
    runner.close()
