"""The daily forms by Tab alone: the keyboard follows the order in which they are read, and reaches everything."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from fieldcrm.base import i18n
from fieldcrm.base.data.store import Store
from fieldcrm.core import clients
from fieldcrm.ui.kit.buttons import Segmented
from fieldcrm.ui.shell.workbench import Workbench
from support.clocks import MovingClock
from support.desks import OpenDesk, page_of, settle

INPUTS = (QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, Segmented)


@pytest.fixture
def bench(qtbot: QtBot, book: Store, moving_clock: MovingClock, open_desk: OpenDesk) -> Workbench:
    i18n.use("zh_CN")
    for name in ("王淑珍", "郑美玲"):
        book.change(
            clients.add_client,
            {"type": "person", "name": name, "phones": [{"number": "13805910032"}], "consent": True},
        )
    return open_desk(book, "clients")


def walk(qtbot: QtBot, form: QWidget, first: QWidget) -> list[QWidget]:
    """What Tab reaches inside the form from `first` on, each stop once."""
    first.setFocus(Qt.FocusReason.TabFocusReason)
    stops: list[QWidget] = []
    for _ in range(200):
        focused = QApplication.focusWidget()
        assert focused is not None
        if not form.isAncestorOf(focused) or focused in stops:
            break
        stops.append(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    return stops


def inputs(form: QWidget) -> list[QWidget]:
    """Everything one can type or choose in, as it stands on the form."""
    found: list[QWidget] = [w for kind in INPUTS for w in form.findChildren(kind) if w.isVisible() and w.isEnabled()]
    return [w for w in found if not isinstance(w.parent(), QComboBox) and w.focusPolicy() & Qt.FocusPolicy.TabFocus]


def read(form: QWidget, stops: list[QWidget]) -> None:
    """Each stop stands below or beside the one before; nothing to type in was left out."""
    assert set(inputs(form)) <= set(stops), [w.accessibleName() for w in set(inputs(form)) - set(stops)]
    places = [stop.mapTo(form, QPoint(0, stop.height() // 2)) for stop in stops]
    for before, after in pairwise(places):
        lower = after.y() > before.y() + 8
        beside = abs(after.y() - before.y()) <= 18 and after.x() > before.x()
        assert lower or beside, (before, after, stops[places.index(after)].accessibleName())


def test_quick_log(qtbot: QtBot, bench: Workbench) -> None:
    bench.quick_log()
    settle(qtbot, bench)
    panel = bench.log_panel
    assert panel is not None
    stops = walk(qtbot, panel, panel.client)
    read(panel, stops)
    assert isinstance(stops[-1], QAbstractButton)


@pytest.mark.parametrize("reached", [False, True])
def test_call_form(qtbot: QtBot, bench: Workbench, reached: bool) -> None:
    bench.go("callbacks", client_id=_first(bench))
    settle(qtbot, bench)
    form = page_of(bench, "callbacks").sprint.form
    first = form.editor.entry("result").stops()[0]
    if reached:
        qtbot.keyClick(first, Qt.Key.Key_1)
        settle(qtbot, bench)
    stops = walk(qtbot, form, first)
    read(form, stops)
    assert {form.save_button, form.skip_button} <= set(stops)


def test_complaint_form(qtbot: QtBot, bench: Workbench) -> None:
    bench.go("complaints", new=True)
    settle(qtbot, bench)
    intake = page_of(bench, "complaints").intake
    stops = walk(qtbot, intake, intake.editor.entry("client_id").stops()[0])
    read(intake, stops)
    assert {intake.save_button, intake.cancel_button} <= set(stops)


def test_diary(qtbot: QtBot, bench: Workbench) -> None:
    bench.go("diary")
    settle(qtbot, bench)
    writing = page_of(bench, "diary").writing
    stops = walk(qtbot, writing, inputs(writing)[0])
    read(writing, stops)


def test_client_form(qtbot: QtBot, bench: Workbench) -> None:
    page = page_of(bench, "clients")
    page.edit(page.list.current_id())
    settle(qtbot, bench)
    stops = walk(qtbot, page.editor, page.editor.editor.entry("type").stops()[0])
    read(page.editor, stops)
    assert len(stops) > 12


def _first(bench: Workbench) -> str:
    id = page_of(bench, "clients").list.current_id()
    assert id is not None
    return str(id)
