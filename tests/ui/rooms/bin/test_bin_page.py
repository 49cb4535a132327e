"""The recycle bin by keys on a real book."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.bin.test_bin import delete_client, fill
from fieldcrm.base.data.store import Store
from fieldcrm.core import bin
from support.desks import OpenDesk, page_of


def test_enter_brings_a_deleted_client_back_and_ctrl_z_deletes_it_again(
    qtbot: QtBot, book: Store, open_desk: OpenDesk
) -> None:
    """Enter on the first row: 1 key."""
    id, _ = book.change(fill)
    book.change(delete_client, id)
    bench = open_desk(book, "bin")
    page = page_of(bench, "bin")
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 1)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.empty.isVisible())
    assert len(book.read(bin.list_deleted)) == 0
    qtbot.waitUntil(lambda: "王淑珍" in bench.undo_bar.text())
    bench.activateWindow()
    qtbot.waitUntil(bench.isActiveWindow)
    qtbot.keyClick(bench, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.table.rows.rowCount() == 1 and page.table.isVisible())
