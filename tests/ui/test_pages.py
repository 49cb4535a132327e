"""All pages of both roles at once: their places in the rail, the names of their controls, their keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QScrollArea, QSplitter, QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from fieldcrm.base import i18n
from fieldcrm.core import demo
from fieldcrm.ui.rooms.help.page import shortcuts
from fieldcrm.ui.shell import navigation
from fieldcrm.ui.shell.workbench import Workbench
from support.desks import OpenDesk, settle

_FRAMES = (QScrollArea, QStackedWidget, QSplitter, QLabel)  # hold controls; a label is its own name


def test_the_office_s_pages_stand_in_groups() -> None:
    groups = {e.key: e.group for e in navigation.entries(navigation.OFFICE)}
    assert list(groups)[:4] == ["inbox", "conflicts", "people", "diary"]
    assert {groups["people"], groups["diary"]} == {navigation.MANAGE}
    assert {groups[key] for key in ("clients", "policies", "callbacks", "complaints")} == {navigation.RECORDS}
    labels = {role: {e.key: e.label for e in navigation.entries(role)}["diary"] for role in navigation.BOTH}
    assert labels == {navigation.MANAGER: "Diary", navigation.OFFICE: "Diary check"}


def test_every_group_but_the_first_and_the_foot_has_words() -> None:
    for role in navigation.BOTH:
        groups = {e.group for e in navigation.entries(role)}
        assert groups - {navigation.MAIN, navigation.FOOT} <= set(navigation.GROUP_WORDS)


@pytest.mark.parametrize("role", navigation.BOTH)
def test_every_control_has_a_name_and_every_key_stands_in_the_help(
    qtbot: QtBot, tmp_path: Path, open_desk: OpenDesk, role: str
) -> None:
    make = demo.make if role == navigation.MANAGER else demo.make_office
    book = make(tmp_path / "book", clients=12)
    bench = open_desk(book.store, "help", book=book)
    nameless = []
    for entry in bench.entries:
        bench.go(entry.key)
        settle(qtbot, bench)
        nameless += [f"{entry.key}: {widget}" for widget in _nameless(bench)]
    bench.quick_log()
    settle(qtbot, bench)
    assert nameless + _nameless(bench) == []
    told = {key for _shown, _words, sequences in shortcuts(role == navigation.OFFICE) for key in sequences}
    assert {QKeySequence(key).toString() for key in told} == told
    assert _keys(bench) == told
    bench.runner.close()
    book.close()


def _nameless(bench: Workbench) -> list[str]:
    found = []
    for widget in bench.findChildren(QWidget):
        reachable = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not isinstance(widget, _FRAMES)
        if reachable and widget.isVisibleTo(bench) and type(widget).__name__ != "Stack" and not _name(widget):
            found.append(f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}")
    return found


def _name(widget: QWidget) -> str:
    seen = QAccessible.queryAccessibleInterface(widget)
    return seen.text(QAccessible.Text.Name) if seen is not None else ""


def _keys(bench: Workbench) -> set[str]:
    sequences = [shortcut.key() for shortcut in bench.findChildren(QShortcut)]
    sequences += [key for action in bench.findChildren(QAction) for key in action.shortcuts()]
    return {key.toString() for key in sequences if not key.isEmpty()}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_help_has_one_line_for_each_key(language: str) -> None:
    i18n.use(language)
    for office in (False, True):
        rows = shortcuts(office)
        assert len({shown for shown, _words, _keys in rows}) == len(rows)
        assert all(words for _shown, words, _keys in rows)
