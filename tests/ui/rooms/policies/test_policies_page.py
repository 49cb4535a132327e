"""The policies' page by clicks and keys on a real book."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from fieldcrm.base import clock, i18n
from fieldcrm.base.data.store import Store
from fieldcrm.core import clients, policies, search
from fieldcrm.ui.rooms.policies.page import PoliciesPage
from fieldcrm.ui.shell.workbench import Workbench
from support.desks import OpenDesk, settle

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

HELD = (("350100005", 5, "in_force"), ("350100020", 20, "in_force"), ("350100099", -9, "matured"))
Key, Control = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(qtbot: QtBot, book: Store, open_desk: OpenDesk) -> PoliciesPage:
    """Three policies of 王淑珍: due in 5 days, due in 20, matured."""
    i18n.use("zh_CN")
    search.attach()
    wang = book.change(clients.add_client, {"type": "person", "name": "王淑珍"})[0]
    for number, days, status in HELD:
        book.change(
            policies.add_policy,
            {
                "number": number, "applicant_id": wang, "product_name": "千里马两全（分红）", "status": status,
                "premium_fen": 12_000_000, "pay_mode": "single", "matures_on": clock.today() + timedelta(days=days),
            },
        )  # fmt: skip
    bench = open_desk(book, "policies")
    with qtbot.waitActive(bench):
        bench.activateWindow()
    found = bench.pages["policies"]
    assert isinstance(found, PoliciesPage)
    found.list.table.setFocus()
    return found


def bench_of(page: PoliciesPage) -> Workbench:
    desk = page.desk
    assert isinstance(desk, Workbench)
    return desk


def click(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def numbers(page: PoliciesPage) -> list[str]:
    rows = [page.list.model.row(n) for n in range(page.list.model.rowCount())]
    return [row.number for row in rows if row is not None]


def test_what_comes_due_first_stands_first(page: PoliciesPage, qtbot: QtBot) -> None:
    """No click: the page opens on what is in force, the nearest first."""
    assert numbers(page) == ["350100005", "350100020"]
    assert page.card.card is not None
    assert page.card.card.row.number == "350100005"
    assert page.list.chips.chip("soon").text() == "30 天内满期 2"
    page.list.chips.choose(next(v for v in page.list.chips.views() if v.key == "all"))
    settle(qtbot, bench_of(page))
    assert numbers(page) == [number for number, _days, _status in HELD]


def test_numbers_are_short_on_screen_and_whole_on_the_clipboard(page: PoliciesPage, qtbot: QtBot) -> None:
    assert page.list.model.index(0, 0).data() == "••0005"
    qtbot.keyClick(page.list.table, Key.Key_C, Control)
    data = QGuiApplication.clipboard().mimeData()
    assert data.text().split("\t")[0] == "350100005"
    assert "mso-number-format" in data.html().split("350100005")[0][-40:]


def test_a_remark_is_readable_line_by_line(page: PoliciesPage, qtbot: QtBot) -> None:
    """An import writes each rider of a policy as a line of its remark."""
    remark = "附加险：附加住院医疗保险；保费 500\n附加险：附加意外伤害保险；保费 120.50"
    assert not page.card.remark.isVisible()
    assert page.card.card is not None
    page.desk.runner.change(policies.change_policy, page.card.card.row.id, {"remark": remark})
    settle(qtbot, bench_of(page))
    assert page.card.remark.isVisible()
    assert page.card.remark.text() == remark


def test_the_client_is_one_click_away(page: PoliciesPage, qtbot: QtBot) -> None:
    bench = bench_of(page)
    click(qtbot, page.card.client_button)
    settle(qtbot, bench)
    assert bench.current == "clients"


def test_a_status_is_set_and_undone(page: PoliciesPage, qtbot: QtBot) -> None:
    bench = bench_of(page)
    page.card.status_wanted.emit(page.card.record_id, "surrendered")
    settle(qtbot, bench)
    assert bench.undo_bar.text() == "设为退保 · 1 张保单"
    assert numbers(page) == ["350100020"]
    bench.undo()
    settle(qtbot, bench)
    assert len(numbers(page)) == 2


def test_a_policy_is_added_by_keys_alone(page: PoliciesPage, qtbot: QtBot) -> None:
    """Alt+N, the number, Ctrl+Enter; a number that is known is told at its field."""
    bench = bench_of(page)
    qtbot.keyClick(page.list.table, Key.Key_N, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: page.side.currentWidget() is page.editor)
    field = page.editor.editor.entry("number").stops()[0]
    assert isinstance(field, QLineEdit)
    qtbot.keyClicks(field, "350100005")
    qtbot.keyClick(field, Key.Key_Return, Control)
    settle(qtbot, bench)
    assert page.editor.editor.problems() == {"number": "已有相同保单号的保单。"}
    field.clear()
    qtbot.keyClicks(field, "350100777")
    qtbot.keyClick(field, Key.Key_Return, Control)
    settle(qtbot, bench)
    assert page.card.card is not None
    assert page.card.card.row.number == "350100777"


def test_a_new_policy_of_a_client_knows_its_applicant(page: PoliciesPage, qtbot: QtBot) -> None:
    bench = bench_of(page)
    client = page.card.card.row.applicant_id if page.card.card is not None else None
    bench.go("policies", client_id=client, new=True)
    settle(qtbot, bench)
    entry = page.editor.editor.entry("applicant_id")
    line = entry.stops()[0]
    assert entry.given() == client
    assert isinstance(line, QLineEdit)
    assert line.text() == "王淑珍"
