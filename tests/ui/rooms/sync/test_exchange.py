"""Packages between a manager's window and an office's, by clicks and keys on real books and real files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from core.sync.test_packages import add_client, change_client, clients
from fieldcrm.base.data import journal
from fieldcrm.core import sync
from fieldcrm.core.book import Book
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.sync import Received, envelope
from fieldcrm.core.sync.tables import Peer
from fieldcrm.ui.kit import choosing
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.page import MERGED
from fieldcrm.ui.rooms.sync.words import left_words, result_words
from support.books import FoundBook
from support.desks import OpenDesk, page_of, settle

Key = Qt.Key
Books = tuple[Book, Book]


@pytest.fixture
def books(found_book: FoundBook, tmp_path: Path) -> Books:
    """A manager and an office that know each other, both files."""
    manager, office = found_book("林晓", "待登记"), found_book("陈敏", "福州支公司", role="office")
    sync.request(manager, tmp_path / "r.xlsx")
    sync.grant(office, tmp_path / "r.xlsx", tmp_path / "g.xlsx")
    sync.accept(manager, tmp_path / "g.xlsx")
    return manager, office


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the person picks in the system's file dialogs: "save", "open", "files", "folder"; asked names in "names"."""
    picked: dict[str, Any] = {"names": []}

    def save(_parent: Any, _title: str, name: str) -> Path | None:
        picked["names"].append(name)
        return picked.get("save")

    monkeypatch.setattr(choosing, "save_file", save)
    monkeypatch.setattr(choosing, "open_file", lambda *_a: picked.get("open"))
    monkeypatch.setattr(choosing, "open_files", lambda *_a: picked.get("files", []))
    monkeypatch.setattr(choosing, "open_folder", lambda *_a: picked.get("folder"))
    return picked


def click(qtbot: QtBot, widget: Any) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_a_package_goes_out_and_is_merged_with_three_clicks(
    qtbot: QtBot, books: Books, open_desk: OpenDesk, choose: dict[str, Any], tmp_path: Path
) -> None:
    """Manager: Export and the system's dialog. Office: Import, Merge all; Ctrl+Z takes it back: 3 clicks, 1 key."""
    manager, office = books
    manager.store.change(add_client, "王淑珍")
    bench = open_desk(manager.store, "sync", book=manager)
    page = page_of(bench, "sync")
    qtbot.waitUntil(lambda: page.out.isVisible())
    assert page.out.count.text().startswith("2 changes")
    choose["save"] = tmp_path / "up.xlsx"
    click(qtbot, page.export_button)
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 1, timeout=20_000)
    assert "王" not in choose["names"][0]
    assert envelope.read(tmp_path / "up.xlsx")[0].header["sealed"]

    bench = open_desk(office.store, "inbox", book=office)
    page = page_of(bench, "inbox")
    choose["files"] = [tmp_path / "up.xlsx"]
    click(qtbot, page.files_button)
    qtbot.waitUntil(lambda: page.merge_button.isEnabled(), timeout=20_000)
    assert page.table.current_row().state[0] == "Ready to merge"
    assert page.preview.isVisible()
    assert clients(office) == []
    click(qtbot, page.merge_button)
    qtbot.waitUntil(lambda: clients(office) != [], timeout=20_000)
    settle(qtbot, bench)
    assert [line.state[0] for line in page.table.given.rows] == ["Merged"]
    assert page.tiles["reported"].figure() == "1"
    assert "merged" in bench.undo_bar.text()
    click(qtbot, page.files_button)  # the same again brings nothing
    qtbot.waitUntil(lambda: len(page.waiting) == 1, timeout=20_000)
    assert bench.rail.items["inbox"].count is None
    manager.store.change(add_client, "陈国强")
    sync.export_package(manager, tmp_path / "up2.xlsx")
    choose["files"] = [tmp_path / "up2.xlsx"]
    click(qtbot, page.files_button)
    qtbot.waitUntil(lambda: page.merge_button.isEnabled(), timeout=20_000)
    assert page.table.current_row().state[0] == "Ready to merge"
    assert list(page.waiting) == [tmp_path / "up2.xlsx"]
    page.waiting.clear()
    bench.activateWindow()
    qtbot.waitUntil(bench.isActiveWindow)
    qtbot.keyClick(bench, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: clients(office) == [], timeout=20_000)
    qtbot.waitUntil(lambda: [line.state[0] for line in page.table.given.rows] == ["Taken back"])


def test_a_preview_shows_every_changed_cell_before_anything_changes(
    qtbot: QtBot, books: Books, open_desk: OpenDesk, choose: dict[str, Any], tmp_path: Path
) -> None:
    """A package dragged onto the window is told from a list by its content; the change waits for Merge."""
    manager, office = books
    id, _ = manager.store.change(add_client, "王淑珍", city="福州")
    sync.export_package(manager, tmp_path / "1.xlsx")
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    office.store.change(change_client, id, city="厦门")
    sync.export_package(office, tmp_path / "down.xlsx")
    bench = open_desk(manager.store, "today", book=manager)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "down.xlsx"))])
    how = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(bench, QDragEnterEvent(QPoint(300, 300), *how))
    QApplication.sendEvent(bench, QDropEvent(QPointF(300, 300), *how))
    qtbot.waitUntil(lambda: bench.current == "sync", timeout=20_000)
    page = page_of(bench, "sync")
    qtbot.waitUntil(lambda: page.preview.isVisible(), timeout=20_000)
    [cell] = page.preview.table.given.rows
    assert (cell.title, cell.label, cell.old, cell.new, cell.person) == ("王淑珍", "City", "福州", "厦门", "陈敏")
    assert clients(manager) == [("王淑珍", "福州")]
    qtbot.keyClick(page.preview.merge_button, Key.Key_Return)
    qtbot.waitUntil(lambda: clients(manager) == [("王淑珍", "厦门")], timeout=20_000)
    qtbot.waitUntil(lambda: page.undo_button.isVisible(), timeout=20_000)
    assert not page.preview.isVisible()


def test_a_change_is_refused_by_one_key_before_the_merge(
    qtbot: QtBot, books: Books, open_desk: OpenDesk, choose: dict[str, Any], tmp_path: Path
) -> None:
    """Space on the row, then Merge: 1 key, 1 click."""
    manager, office = books
    id, _ = manager.store.change(add_client, "王淑珍", city="福州")
    sync.export_package(manager, tmp_path / "1.xlsx")
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    office.store.change(change_client, id, city="厦门")
    sync.export_package(office, tmp_path / "down.xlsx")
    bench = open_desk(manager.store, "sync", book=manager)
    page = page_of(bench, "sync")
    choose["files"] = [tmp_path / "down.xlsx"]
    click(qtbot, page.import_button)
    qtbot.waitUntil(lambda: page.preview.isVisible(), timeout=20_000)
    table = page.preview.table
    decision = next(c for c in table.rows.columns if c.key == "decided")
    assert decision.show(table.given.rows[0]) == "Accept"
    table.setFocus()
    qtbot.keyClick(table, Key.Key_Space)
    assert decision.show(table.given.rows[0]) == "Refuse"
    qtbot.keyClick(table, Key.Key_Return)
    assert decision.show(table.given.rows[0]) == "Accept"
    click(qtbot, page.preview.keep_button)
    assert page.preview.merge_button.text() == "Merge · 1 kept"
    click(qtbot, page.preview.merge_button)
    qtbot.waitUntil(lambda: not page.preview.isVisible(), timeout=20_000)
    assert clients(manager) == [("王淑珍", "福州")]
    assert page.preview.decided == {}


def test_a_readable_package_wants_a_password_of_some_length(
    qtbot: QtBot, books: Books, open_desk: OpenDesk, choose: dict[str, Any], tmp_path: Path
) -> None:
    manager, _ = books
    bench = open_desk(manager.store, "sync", book=manager)
    page = page_of(bench, "sync")
    qtbot.waitUntil(lambda: page.out.isVisible())
    choose["save"] = tmp_path / "up.xlsx"
    page.out.way.setFocus()
    qtbot.keyClick(page.out.way, Key.Key_Right)
    page.out.password.setText("short")
    qtbot.keyClick(page.out.password, Key.Key_Return)
    assert choose["names"] == []
    assert "password" in bench.messages.bars()[0].text
    page.out.password.setText("pass word 7")
    qtbot.keyClick(page.out.password, Key.Key_Return)
    qtbot.waitUntil(lambda: (tmp_path / "up.xlsx").exists(), timeout=30_000)
    settle(qtbot, bench)
    assert (tmp_path / "up.xlsx").read_bytes()[:2] != b"PK"


def test_enrolment_by_clicks_shows_both_fingerprints(
    qtbot: QtBot, found_book: FoundBook, open_desk: OpenDesk, choose: dict[str, Any], tmp_path: Path
) -> None:
    """Manager 1 click, office 2, manager 2, beside the system's file dialogs."""
    manager, office = found_book("林晓", "待登记"), found_book("陈敏", "福州支公司", role="office")
    page = page_of(open_desk(manager.store, "sync", book=manager), "sync")
    qtbot.waitUntil(lambda: page.enrol.isVisible())
    qtbot.waitUntil(lambda: page.enrol.own.digits.text() == manager.vault.device.fingerprint)
    choose["save"] = tmp_path / "r.xlsx"
    click(qtbot, page.enrol.request_button)
    qtbot.waitUntil(lambda: (tmp_path / "r.xlsx").exists() and page.desk.runner.quiet, timeout=20_000)

    people = page_of(open_desk(office.store, "people", book=office), "people")
    choose.update(open=tmp_path / "r.xlsx", save=tmp_path / "g.xlsx")
    click(qtbot, people.grant.open_button)
    qtbot.waitUntil(lambda: people.grant.other.isVisible(), timeout=20_000)
    assert people.grant.other.digits.text() == manager.vault.device.fingerprint
    assert people.desk.focusWidget() is people.grant.other.leave_button
    qtbot.keyClick(people.grant.other.leave_button, Key.Key_Return)
    assert not people.grant.other.isVisible(), "Enter with unread digits trusts nobody"
    settle(qtbot, people.desk)
    assert people.table.rows.rowCount() == 0
    click(qtbot, people.grant.open_button)
    qtbot.waitUntil(lambda: people.grant.other.isVisible(), timeout=20_000)
    click(qtbot, people.grant.other.match_button)
    qtbot.waitUntil(lambda: people.table.rows.rowCount() == 1, timeout=20_000)
    assert people.desk.focusWidget() is people.grant.open_button, "not the cross of the bar"

    page = page_of(open_desk(manager.store, "sync", book=manager), "sync")
    choose["open"] = tmp_path / "g.xlsx"
    qtbot.waitUntil(lambda: page.enrol.isVisible())
    click(qtbot, page.enrol.accept_button)
    qtbot.waitUntil(lambda: page.enrol.other.isVisible(), timeout=20_000)
    assert page.enrol.other.digits.text() == office.vault.device.fingerprint
    page.window().setMinimumSize(960, 600)  # as the window's
    page.window().resize(1366, 700)  # a small screen less its bars
    qtbot.waitUntil(lambda: page.window().height() == 700)
    for panel in (page.enrol.own, page.enrol.other):
        assert panel.digits.height() >= panel.digits.fontMetrics().height(), "digits to compare are not cut"
    assert page.desk.focusWidget() is page.enrol.other.leave_button
    click(qtbot, page.enrol.other.match_button)
    qtbot.waitUntil(lambda: page.out.isVisible(), timeout=20_000)
    assert page.desk.focusWidget() is page.export_button
    qtbot.waitUntil(lambda: page.desk.rail.unit.text() == "福州支公司")  # the office's unit, not what was typed first
    assert page.desk.me.unit == "福州支公司"
    settle(qtbot, page.desk)
    assert not page.enrol.isVisible()
    page.desk.go("sync", grant=tmp_path / "g.xlsx")  # dropped again, as when the office sends a new one
    qtbot.waitUntil(lambda: page.enrol.other.isVisible(), timeout=20_000)
    settle(qtbot, page.desk)
    assert page.enrol.other.isVisible(), "what was read again does not take it away"
    click(qtbot, page.enrol.other.leave_button)
    qtbot.waitUntil(lambda: not page.enrol.isVisible())


def test_conflicts_are_decided_by_keys(qtbot: QtBot, books: Books, open_desk: OpenDesk, tmp_path: Path) -> None:
    """Two conflicts: Down, 2; then “All as suggested”: 2 keys and 1 click; Ctrl+Z brings each back."""
    manager, office = books
    id, _ = manager.store.change(add_client, "王淑珍", address="旧址", grade="C")
    sync.export_package(manager, tmp_path / "1.xlsx")
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    office.store.change(change_client, id, address="工业路 233 号", grade="A")
    manager.store.change(change_client, id, address="工业路 211 号", grade="B")
    sync.export_package(manager, tmp_path / "2.xlsx")
    sync.import_packages(office, [tmp_path / "2.xlsx"])
    bench = open_desk(office.store, "conflicts", book=office)
    bench.say("warning", "2 conflicts to decide", topic=MERGED)
    page = page_of(bench, "conflicts")
    board = page.card.board
    qtbot.waitUntil(lambda: len(board.rows) == 2)
    board.setFocus()
    place = [row.field for row in board.rows].index("address")
    if place:
        qtbot.keyClick(board, Key.Key_Down)
    qtbot.keyClick(board, Key.Key_2)
    qtbot.waitUntil(lambda: len(board.rows) == 1)
    qtbot.waitUntil(lambda: "工业路 233 号" in bench.undo_bar.text())
    assert not bench.messages.bars(), "what the import said is no longer true"
    click(qtbot, page.card.all_button)
    qtbot.waitUntil(lambda: not board.rows)
    assert page.card.empty.isVisible()
    assert office.store.read(sync.count_conflicts) == 0
    bench.activateWindow()
    qtbot.waitUntil(bench.isActiveWindow)
    qtbot.keyClick(bench, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: [row.field for row in board.rows] == ["grade"], timeout=20_000)
    qtbot.keyClick(bench, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: {row.field for row in board.rows} == {"grade", "address"}, timeout=20_000)
    assert page.card.area.isVisible()


def test_a_manager_decides_what_a_package_left_open(
    qtbot: QtBot, books: Books, open_desk: OpenDesk, choose: dict[str, Any], tmp_path: Path
) -> None:
    """“Decide…” on the bar opens the conflicts, one key keeps a value, and the office has it with the next package."""
    manager, office = books
    id, _ = manager.store.change(add_client, "王淑珍", address="旧址")
    sync.export_package(manager, tmp_path / "1.xlsx")
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    manager.store.change(change_client, id, address="工业路 211 号")
    office.store.change(change_client, id, address="工业路 233 号")
    sync.export_package(office, tmp_path / "down.xlsx")
    bench = open_desk(manager.store, "sync", book=manager)
    page = page_of(bench, "sync")
    choose["files"] = [tmp_path / "down.xlsx"]
    click(qtbot, page.import_button)
    qtbot.waitUntil(lambda: page.preview.isVisible(), timeout=20_000)
    click(qtbot, page.preview.merge_button)
    qtbot.waitUntil(lambda: bool(bench.messages.bars()), timeout=20_000)
    decide = next(b for b in bench.messages.bars()[0].findChildren(Button) if b.text() == "Decide…")
    click(qtbot, decide)
    assert bench.current == "conflicts"
    assert bench.rail.items["sync"].isChecked()
    settle(qtbot, bench)
    board = page_of(bench, "conflicts").card.board
    assert [row.label for row in board.rows] == ["Address"]
    qtbot.keyClick(board, Key.Key_1 if board.sides(board.rows[0])[0].text == "工业路 211 号" else Key.Key_2)
    qtbot.waitUntil(lambda: not board.rows)
    sync.export_package(manager, tmp_path / "2.xlsx")
    sync.import_packages(office, [tmp_path / "2.xlsx"])
    assert office.store.read(sync.count_conflicts) == 0
    assert office.store.read(lambda s: s.get_one(Client, id).address) == "工业路 211 号"


def test_the_book_keeps_the_columns_of_the_people(qtbot: QtBot, books: Books, open_desk: OpenDesk) -> None:
    _manager, office = books
    bench = open_desk(office.store, "people", book=office)
    page = page_of(bench, "people")
    page.table.columns.show("since", False)
    page.table.columns.write()
    settle(qtbot, bench)
    again = page_of(open_desk(office.store, "people", book=office), "people")
    assert "since" not in [column.key for column in again.table.columns.shown()]


def test_the_inbox_takes_each_file_as_it_is(
    qtbot: QtBot, books: Books, open_desk: OpenDesk, choose: dict[str, Any], tmp_path: Path
) -> None:
    """A forged file, one under a password, one whose base is missing, a sound one: one click merges what is ready.

    The refused one stands in the register and the tile, the one that waits is kept and counted beside the page's name.
    """
    manager, office = books
    paths = {name: tmp_path / f"{name}.xlsx" for name in ("sound", "forged", "locked", "waits")}
    manager.store.change(add_client, "甲")
    sync.export_package(manager, paths["sound"])
    whole, _ = envelope.read(paths["sound"])
    forged = envelope.make(whole.header, whole.body, office.vault.device.sign)
    envelope.write(paths["forged"], forged, [("x", "y")], [], title="x")
    sync.export_package(manager, paths["locked"], readable=True, password="pass word 7")
    manager.store.change(add_client, "乙")
    device = manager.store.author.device
    tip = manager.store.read(lambda s: list(reversed(journal.tip(s, device))))
    manager.store.change(add_client, "丙")
    manager.store.change(lambda s: setattr(s.scalars(select(Peer)).one(), "acked", {device: tip}))
    sync.export_package(manager, paths["waits"])

    bench = open_desk(office.store, "inbox", book=office)
    page = page_of(bench, "inbox")
    choose["files"] = list(paths.values())
    click(qtbot, page.files_button)
    qtbot.waitUntil(lambda: page.merge_button.isEnabled(), timeout=20_000)
    settle(qtbot, bench)
    qtbot.waitUntil(lambda: bench.rail.items["inbox"].count == 3)  # all but the forged one
    qtbot.waitUntil(lambda: page.tiles["refused"].figure() == "1", timeout=20_000)
    assert len(page.table.given.rows) == 4
    click(qtbot, page.merge_button)
    qtbot.waitUntil(lambda: clients(office) == [("甲", None)], timeout=20_000)
    settle(qtbot, bench)
    states = sorted(line.state[0] for line in page.table.given.rows)
    assert states == ["Merged", "Package refused", "Password wanted", "Waits"]
    qtbot.waitUntil(lambda: bench.rail.items["inbox"].count == 2)  # the one under a password, the one that waits


def test_the_bar_says_what_is_left_and_the_undo_bar_what_was_done(tmp_path: Path) -> None:
    merged = Received(tmp_path, "merged", number=1, sender="林晓", new=3, conflicts=2)
    others = [Received(tmp_path, "held", reason="x"), Received(tmp_path, "refused", reason="y")]
    assert left_words([merged]) == "2 conflicts to decide"
    assert left_words([merged, *others]) == "1 wait · 1 refused · 2 conflicts to decide"
    assert result_words([merged, *others])[1].startswith("1 merged · 1 wait · 1 refused · 3 new records")
