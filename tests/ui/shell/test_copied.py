"""The clipboard is cleared after the time that the settings say, and when the book locks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from fieldcrm.ui.shell.copied import CopiedText


def test_copied_text_is_cleared_after_the_time(qtbot: QtBot) -> None:
    line = QLineEdit("138 0591 ••32")
    qtbot.addWidget(line)
    watch = CopiedText(0.3, line)
    line.selectAll()
    qtbot.keyClick(line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == "138 0591 ••32"
    qtbot.waitUntil(lambda: clipboard.text() == "")
    watch.seconds = 60
    clipboard.setText("李红")
    assert clipboard.text() == "李红"
    watch.clear()  # the book locks
    assert clipboard.text() == ""


def test_each_copy_starts_the_time_anew(qtbot: QtBot) -> None:
    owner = QLineEdit()
    qtbot.addWidget(owner)
    watch = CopiedText(60, owner)
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("one")
    assert watch._timer.remainingTime() > 59_000
    watch.seconds = 0.05
    clipboard.setText("two")
    qtbot.waitUntil(lambda: clipboard.text() == "")
    assert not watch._timer.isActive()
