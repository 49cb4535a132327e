"""Importing a list by clicks and keys on a real book."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from fieldcrm.base import clock
from fieldcrm.base.data import audit
from fieldcrm.base.data.store import Store
from fieldcrm.base.sheets.reader import read
from fieldcrm.base.sheets.writer import Column, SheetOut, write
from fieldcrm.core import sync
from fieldcrm.core.book import Book
from fieldcrm.core.clients import change_client
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.policies.tables import Policy
from fieldcrm.ui.rooms.imports.failed import FailedRows
from fieldcrm.ui.rooms.imports.page import ImportPage
from fieldcrm.ui.shell.drops import Drops
from fieldcrm.ui.shell.workbench import Workbench
from support import core_lists
from support.desks import OpenDesk, page_of, settle

Key, Ctrl, Left = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.MouseButton.LeftButton
HEAD = ["保单号", "投保人", "证件号码", "联系电话", "地址", "保费", "客户编号"]
ROWS = [
    ["1001", "王淑珍", "11010519491231002X", "13805910032", "五四路 1 号", "5,000", "K1"],
    ["1002", "陈国强", "", "13805910033", "湖东路 2 号", "约五万", "K2"],
    ["1003", "郑美玲", "", "1380", "津泰路 3 号", "8,000", "K3"],
]


def a_list(path: Path, rows: list[list[str]] = ROWS, head: list[str] = HEAD, password: str | None = None) -> Path:
    write(path, [SheetOut("清单", [Column(title) for title in head], rows)], password=password)
    return path


def count(store: Store, kind: Any) -> int:
    wanted = select(func.count()).select_from(kind).where(kind.deleted_at.is_(None))
    return store.read(lambda session: session.execute(wanted).scalar_one())


def imports(bench: Workbench) -> ImportPage:
    page: ImportPage = page_of(bench, "imports")
    return page


def dropped(qtbot: QtBot, bench: Workbench, *files: Path) -> ImportPage:
    bench.activateWindow()
    qtbot.waitUntil(bench.isActiveWindow)
    bench.go("imports", files=list(files))
    settle(qtbot, bench)
    return imports(bench)


def test_a_list_is_looked_at_imported_undone_and_done_again(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path
) -> None:
    """From the chosen file to clients in the book: one key (Ctrl+Enter); back: one more (Ctrl+Z)."""
    bench = open_desk(book, "imports")
    page = dropped(qtbot, bench, a_list(tmp_path / "清单.xlsx"))
    figures = {key: tile.figure() for key, tile in page.preview.tiles.items()}
    assert figures == {"read": "3", "new": "1", "changed": "0", "unchanged": "0", "failed": "2"}
    rows = page.preview.panes["problems"].model
    settle(qtbot, bench)
    assert [rows.index(n, 0).data() for n in range(rows.rowCount())] == ["F3", "D4"]
    assert bench.header.isVisible()
    assert page.import_button.text() == "Import 1 row"
    qtbot.keyClick(page, Key.Key_Return, Ctrl)
    settle(qtbot, bench)
    assert page.work.phase == "done"
    assert (count(book, Client), count(book, Policy)) == (1, 1)
    assert page.report.undo.isVisible()
    qtbot.keyClick(bench, Key.Key_Z, Ctrl)
    settle(qtbot, bench)
    assert (count(book, Client), page.report.undo.isVisible()) == (0, False)
    qtbot.keyClick(bench, Key.Key_Y, Ctrl)
    settle(qtbot, bench)
    assert count(book, Client) == 1
    qtbot.mouseClick(page.report.undo, Left)
    settle(qtbot, bench)
    assert count(book, Client) == 0


def test_cells_copied_from_a_spreadsheet_are_pasted_and_imported(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path
) -> None:
    """On the page: Ctrl+V, Ctrl+Enter; in a list of clients the same; one loose cell goes nowhere."""
    bench = open_desk(book, "imports")
    bench.activateWindow()
    qtbot.waitUntil(bench.isActiveWindow)
    page = imports(bench)
    clipboard = QApplication.clipboard()
    clipboard.setText("王淑珍")
    page.start.setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_V, Ctrl)
    assert page.work.phase == "empty"
    assert [bar.level for bar in bench.messages.bars()] == ["info"]
    clipboard.setText("\r\n".join("\t".join(row) for row in (HEAD, *ROWS)))
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_V, Ctrl)
    settle(qtbot, bench)
    assert {key: tile.figure() for key, tile in page.preview.tiles.items()}["failed"] == "2"
    qtbot.keyClick(page, Key.Key_Return, Ctrl)
    settle(qtbot, bench)
    assert (page.work.phase, count(book, Client)) == ("done", 1)
    bench.go("clients")
    settle(qtbot, bench)
    clipboard.setText("保单号\t投保人\t联系电话\r\n1009\t陈国强\t13805910099")
    table = bench.pages["clients"].list.table  # type: ignore[attr-defined]
    table.setFocus()
    qtbot.keyClick(table, Key.Key_V, Ctrl)
    settle(qtbot, bench)
    assert bench.current == "imports"
    qtbot.keyClick(page, Key.Key_Return, Ctrl)
    settle(qtbot, bench)
    assert count(book, Client) == 2


def test_undo_stands_only_while_it_means_the_import(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path
) -> None:
    bench = open_desk(book, "imports")
    page = dropped(qtbot, bench, a_list(tmp_path / "清单.xlsx"))
    qtbot.mouseClick(page.import_button, Left)
    settle(qtbot, bench)
    bench.runner.change(lambda session: session.add(Client(name="郑美玲")))
    settle(qtbot, bench)
    assert not page.report.undo.isVisible()


def test_changes_are_shown_old_and_new(qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path) -> None:
    bench = open_desk(book, "imports")
    page = dropped(qtbot, bench, a_list(tmp_path / "one.xlsx", ROWS[:1]))
    qtbot.mouseClick(page.import_button, Left)
    settle(qtbot, bench)
    again = [["1001", "王淑珍", "11010519491231002X", "13805910032", "工业路 9 号", "6,000", "K1"]]
    page = dropped(qtbot, bench, a_list(tmp_path / "two.xlsx", again))
    model = page.preview.panes["changes"].model
    assert page.preview.stack.currentWidget() is page.preview.panes["changes"]
    shown = sorted(tuple(model.index(n, c).data() for c in range(2, 5)) for n in range(model.rowCount()))
    assert shown == [("Address", "五四路 1 号", "工业路 9 号"), ("Premium", "5,000", "6,000")]
    qtbot.mouseClick(page.preview.tiles["changed"], Left)
    qtbot.mouseClick(page.preview.tiles["read"], Left)
    settle(qtbot, bench)
    rows = page.preview.panes["rows"].model
    assert [rows.index(n, 3).data() for n in range(rows.rowCount())] == ["Changed"]


def test_a_column_gets_another_meaning_and_is_remembered(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path
) -> None:
    bench = open_desk(book, "imports")
    page = dropped(qtbot, bench, a_list(tmp_path / "清单.xlsx", ROWS[:1]))
    box = page.preview.columns.boxes["客户编号"]
    assert box.key() is None
    box.fill()
    box.setCurrentIndex(box.findData("policy.outlet"))
    box.activated.emit(box.currentIndex())
    settle(qtbot, bench)
    assert page.preview.columns.boxes["客户编号"].key() == "policy.outlet"
    assert page.preview.columns.remember.isVisible()
    qtbot.mouseClick(page.import_button, Left)
    settle(qtbot, bench)
    assert book.read(lambda session: session.scalars(select(Policy.outlet)).one()) == "K1"
    page = dropped(qtbot, bench, a_list(tmp_path / "next.xlsx", [["1009", "何志远", "", "", "", "1", "K9"]]))
    assert page.preview.columns.boxes["客户编号"].key() == "policy.outlet"


def test_a_protected_list_asks_inline(qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path) -> None:
    bench = open_desk(book, "imports")
    page = dropped(qtbot, bench, a_list(tmp_path / "密.xlsx", ROWS[:1], password="abc"))
    field = page.password.password
    assert field.isVisible()
    assert not page.password.problem.isVisible()
    qtbot.keyClicks(field, "abd")
    qtbot.keyClick(field, Key.Key_Return)
    settle(qtbot, bench)
    assert page.password.problem.text() == "The password of the file is wrong."
    qtbot.keyClicks(field, "abc")
    qtbot.keyClick(field, Key.Key_Return)
    settle(qtbot, bench)
    assert page.preview.tiles["new"].figure() == "1"
    assert bench.messages.bars() == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a workbook", b"nothing\nhere\n"])
def test_what_is_no_list_gets_one_sentence(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path, content: bytes
) -> None:
    bench = open_desk(book, "imports")
    wrong = tmp_path / ("wrong.csv" if content.startswith(b"n") else "wrong.xlsx")
    wrong.write_bytes(content)
    page = dropped(qtbot, bench, wrong, a_list(tmp_path / "right.xlsx", ROWS[:1]))
    assert page.refused.isVisible()
    assert page.work.problem.endswith((".", "first."))
    assert bench.messages.bars() == []  # said once, on the page
    page._other()
    settle(qtbot, bench)
    assert page.preview.tiles["new"].figure() == "1"


def test_the_rows_left_out_are_saved_with_their_reasons(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "未导入.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a, **_k: (str(target), ""))
    bench = open_desk(book, "imports")
    page = dropped(qtbot, bench, a_list(tmp_path / "清单.xlsx"))
    qtbot.mouseClick(page.preview.save, Left)
    panel = bench.findChild(FailedRows)
    qtbot.keyClick(panel.password, Key.Key_Return)  # it holds full values: never without a password
    assert panel.problem.text() == "At least 8 characters."
    qtbot.keyClicks(panel.password, "pass word")
    qtbot.keyClick(panel.password, Key.Key_Return)
    qtbot.waitUntil(lambda: bool(bench.messages.bars()))
    settle(qtbot, bench)
    assert book.read(lambda s: [(e.what, e.codes) for e in s.scalars(select(audit.Audit))]) == [
        ("export", {"rows": 2, "form": "errors"})
    ]
    (sheet,) = read(target, password="pass word").sheets
    assert [row[0] for row in sheet.rows] == ["保单号", "1002", "1003"]


def test_a_language_switch_keeps_the_preview(qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path) -> None:
    bench = open_desk(book, "imports")
    before = dropped(qtbot, bench, a_list(tmp_path / "清单.xlsx"))
    after = ImportPage(bench)
    qtbot.addWidget(after)
    after.restore(before.state())
    assert after.work is before.work
    assert after.preview.tiles["failed"].figure() == "2"


def test_the_window_lives_while_a_list_comes_in_and_cancel_leaves_nothing(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path
) -> None:
    bench = open_desk(book, "imports")
    big = core_lists.write_xlsx(tmp_path / "大.xlsx", core_lists.make(6_000))
    beats: list[float] = []
    heart = QTimer(bench, interval=5)
    heart.timeout.connect(lambda: beats.append(clock.monotonic()))
    heart.start()
    page = imports(bench)
    page.open(files=[big])
    qtbot.waitUntil(lambda: page.work.phase == "preview", timeout=60_000)
    qtbot.mouseClick(page.import_button, Left)
    qtbot.waitUntil(lambda: bench.jobs.count() == 1 and bench.jobs.itemAt(0).widget().isVisible(), timeout=10_000)
    qtbot.wait(50)
    panel = bench.jobs.itemAt(0).widget()
    qtbot.mouseClick(panel._cancel, Left)
    qtbot.waitUntil(lambda: page.work.phase != "writing", timeout=10_000)
    heart.stop()
    if page.work.phase == "preview":  # not yet written when it was cancelled
        assert count(book, Client) == 0
    assert len(beats) > 20  # the window went on; how smoothly, `run.py benchmark imports` says


def test_what_is_said_while_reading_is_not_said_while_writing(qtbot: QtBot) -> None:
    from fieldcrm.ui.rooms.imports.steps import Waiting

    waiting = Waiting()
    qtbot.addWidget(waiting)
    waiting.tell("list.xlsx", writing=False)
    assert "nothing is written" in waiting.meanwhile.text()
    waiting.tell("list.xlsx", writing=True)
    assert "nothing is written" not in waiting.meanwhile.text()


def with_own_address(qtbot: QtBot, bench: Workbench, book: Store, folder: Path) -> ImportPage:
    """The first row imported, its client's address and wechat typed, and a list that has another address."""
    page = dropped(qtbot, bench, a_list(folder / "one.xlsx", ROWS[:1]))
    qtbot.mouseClick(page.import_button, Left)
    settle(qtbot, bench)
    client_id = book.read(lambda session: session.scalars(select(Client.id)).one())
    bench.runner.change(change_client, client_id, {"address": "工业路 9 号"})
    settle(qtbot, bench)
    again = [["1001", "王淑珍", "11010519491231002X", "13805910032", "东街 2 号", "6,000", "K1"]]
    return dropped(qtbot, bench, a_list(folder / "two.xlsx", again))


def address(book: Store) -> str | None:
    return book.read(lambda session: session.scalars(select(Client.address)).one())


def test_what_was_typed_stays_unless_the_list_is_taken(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path
) -> None:
    """Taking the list's value for one row: Enter; for all: one click."""
    bench = open_desk(book, "imports")
    page = with_own_address(qtbot, bench, book, tmp_path)
    pane = page.preview.panes["yours"]
    assert page.preview.stack.currentWidget() is pane
    assert [option for option, _words in page.preview.which.options()] == ["problems", "yours", "changes", "rows"]
    assert [pane.model.index(0, n).data() for n in range(2, 6)] == ["Address", "工业路 9 号", "东街 2 号", "Yours"]
    pane.table.select_row(0)
    qtbot.keyClick(pane.table, Key.Key_Return)
    settle(qtbot, bench)
    assert pane.model.index(0, 5).data() == "The list's"
    assert page.preview.take_all.text() == "Keep all of mine"
    assert page.preview.take_one.text() == "Keep mine"
    qtbot.mouseClick(page.preview.take_one, Left)
    settle(qtbot, bench)
    assert (pane.model.index(0, 5).data(), page.preview.take_one.text()) == ("Yours", "Take the list's")
    for _twice in range(2):
        qtbot.mouseClick(page.preview.take_all, Left)
        settle(qtbot, bench)
    assert pane.model.index(0, 5).data() == "Yours"
    qtbot.mouseClick(page.import_button, Left)
    settle(qtbot, bench)
    assert address(book) == "工业路 9 号"
    assert "1 value that you wrote stays." in page.report._words.text()


def test_the_list_is_taken_everywhere_and_undone(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path
) -> None:
    bench = open_desk(book, "imports")
    page = with_own_address(qtbot, bench, book, tmp_path)
    qtbot.mouseClick(page.preview.take_all, Left)
    settle(qtbot, bench)
    qtbot.mouseClick(page.import_button, Left)
    settle(qtbot, bench)
    assert address(book) == "东街 2 号"
    qtbot.keyClick(bench, Key.Key_Z, Ctrl)
    settle(qtbot, bench)
    assert address(book) == "工业路 9 号"


def test_an_edit_since_the_preview_shows_it_anew(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path
) -> None:
    bench = open_desk(book, "imports")
    page = with_own_address(qtbot, bench, book, tmp_path)
    qtbot.mouseClick(page.preview.take_all, Left)
    settle(qtbot, bench)
    client_id = book.read(lambda session: session.scalars(select(Client.id)).one())
    bench.runner.change(change_client, client_id, {"address": "津泰路 7 号"})
    settle(qtbot, bench)
    qtbot.mouseClick(page.import_button, Left)
    settle(qtbot, bench)
    assert (page.work.phase, address(book)) == ("preview", "津泰路 7 号")
    assert len(bench.messages.bars()) == 1
    pane = page.preview.panes["yours"]
    assert [pane.model.index(0, n).data() for n in range(3, 6)] == ["津泰路 7 号", "东街 2 号", "The list's"]
    qtbot.mouseClick(page.import_button, Left)
    settle(qtbot, bench)
    assert address(book) == "东街 2 号"


def test_a_protected_list_dropped_on_the_window_asks_for_its_password(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path
) -> None:
    bench = open_desk(book, "today")
    bench.findChild(Drops).take([a_list(tmp_path / "密.xlsx", ROWS[:1], password="abc")])
    qtbot.waitUntil(lambda: bench.current == "imports" and imports(bench).work.phase == "password")
    field = imports(bench).password.password
    qtbot.keyClicks(field, "abc")
    qtbot.keyClick(field, Key.Key_Return)
    settle(qtbot, bench)
    assert imports(bench).preview.tiles["new"].figure() == "1"


def test_a_protected_package_is_handed_on_with_its_password(
    qtbot: QtBot, enrolled: tuple[Book, Book], open_desk: OpenDesk, tmp_path: Path
) -> None:
    manager, office = enrolled
    manager.store.change(lambda session: session.add(Client(name="郑美玲")))
    sync.export_package(manager, tmp_path / "r.xlsx", readable=True, password="pass word 7")
    bench = open_desk(office.store, "today", book=office)
    bench.findChild(Drops).take([tmp_path / "r.xlsx"])
    qtbot.waitUntil(lambda: bench.current == "imports" and imports(bench).work.phase == "password")
    field = imports(bench).password.password
    qtbot.keyClicks(field, "pass word 7")
    qtbot.keyClick(field, Key.Key_Return)
    settle(qtbot, bench)
    assert bench.current == "inbox"
    qtbot.waitUntil(lambda: len(page_of(bench, "inbox").waiting) == 1)
    (looked,) = page_of(bench, "inbox").waiting.values()
    assert (looked.locked, looked.received.state) == (False, "ready")


def test_riders_are_told_in_one_sentence(qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path) -> None:
    bench = open_desk(book, "imports")
    head = ["保单号", "投保人", "险种名称", "保费"]
    rows = [["1001", "王淑珍", "附加住院医疗保险", "500"], ["1001", "王淑珍", "鑫享两全保险", "5,000"]]
    page = dropped(qtbot, bench, a_list(tmp_path / "附加险.xlsx", rows, head))
    assert page.preview.note.text().startswith("1 row is a further product (rider) of a policy: joined to it")
    assert (page.preview.tiles["new"].figure(), page.preview.tiles["failed"].figure()) == ("2", "0")
    qtbot.mouseClick(page.import_button, Left)
    settle(qtbot, bench)
    assert page.report._note.isVisible()
    assert book.read(lambda session: session.scalars(select(Policy.premium_fen)).one()) == 550_000
    page = dropped(qtbot, bench, a_list(tmp_path / "清单.xlsx"))
    assert not page.preview.note.isVisible()


STRANGE = ["Nr", "Wer", "Beitrag", "Ende"]
UNKNOWN = [["9001", "王淑珍", "5,000", "2027-03-01"], ["9002", "陈国强", "8,000", "2027-04-01"]]


def test_unknown_columns_are_named_by_the_keyboard_and_remembered(
    qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path
) -> None:
    """Alt+Down opens what a column may mean, its first characters find it, Enter takes it; Tab goes on."""
    bench = open_desk(book, "imports")
    page = dropped(qtbot, bench, a_list(tmp_path / "fremd.xlsx", UNKNOWN, STRANGE))
    boxes = page.preview.columns.boxes
    assert (page.work.phase, list(boxes)) == ("preview", STRANGE)
    assert page.preview.unclear.isVisible()
    assert (page.import_button.isEnabled(), page.preview.which.isVisible()) == (False, False)
    assert boxes["Nr"].hasFocus()

    def named(title: str, key: str) -> None:
        box = page.preview.columns.boxes[title]
        assert box.hasFocus()
        qtbot.keyClick(box, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        for _ in range(box.findData(key) - box.currentIndex()):
            qtbot.keyClick(box.view(), Key.Key_Down)
        qtbot.keyClick(box.view(), Key.Key_Return)
        settle(qtbot, bench)
        bench.activateWindow()  # without a window manager nobody gives it back after the list of meanings
        qtbot.waitUntil(bench.isActiveWindow)
        assert page.preview.columns.boxes[title].key() == key

    named("Nr", "policy.number")
    assert page.preview.unclear.isVisible() is False  # a policy number is a list; whose it is, it does not say
    assert page.preview.tiles["failed"].figure() == "2"
    qtbot.keyClick(page.preview.columns.boxes["Nr"], Key.Key_Tab)
    named("Wer", "client.name")
    qtbot.keyClick(page.preview.columns.boxes["Wer"], Key.Key_Tab)
    named("Beitrag", "policy.premium_fen")
    assert page.preview.columns.remember.isVisible()
    qtbot.keyClick(page, Key.Key_Return, Ctrl)
    settle(qtbot, bench)
    assert (count(book, Policy), count(book, Client)) == (2, 2)
    page = dropped(qtbot, bench, a_list(tmp_path / "next.xlsx", [["9003", "何志远", "1", ""]], STRANGE))
    assert (page.preview.unclear.isVisible(), page.preview.tiles["new"].figure()) == (False, "1")


def test_unknown_columns_are_named_by_the_mouse(qtbot: QtBot, book: Store, open_desk: OpenDesk, tmp_path: Path) -> None:
    bench = open_desk(book, "imports")
    page = dropped(qtbot, bench, a_list(tmp_path / "fremd.xlsx", UNKNOWN, STRANGE))
    for title, key in (("Wer", "client.name"), ("Ende", "policy.matures_on"), ("Nr", "policy.number")):
        box = page.preview.columns.boxes[title]
        qtbot.mouseClick(box, Left)
        view = box.view()
        qtbot.waitUntil(view.isVisible)
        index = box.model().index(box.findData(key), 0)
        view.scrollTo(index)
        qtbot.mouseMove(view.viewport(), view.visualRect(index).center())
        qtbot.wait(QApplication.doubleClickInterval() + 50)  # the box takes a quick second click for the first one's
        qtbot.mouseClick(view.viewport(), Left, pos=view.visualRect(index).center())
        settle(qtbot, bench)
        assert page.preview.columns.boxes[title].key() == key
    assert page.preview.tiles["new"].figure() == "2"
    qtbot.mouseClick(page.import_button, Left)
    settle(qtbot, bench)
    assert count(book, Policy) == 2
