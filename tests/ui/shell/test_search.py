"""Ctrl+K and Ctrl+N on a real book, by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from fieldcrm.base import i18n
from fieldcrm.base.data.search import index
from fieldcrm.base.data.search.index import Doc
from fieldcrm.base.settings import DeviceSettings
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.tasks.tables import Task
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.shell import finding
from fieldcrm.ui.shell.me import Me
from fieldcrm.ui.shell.workbench import Workbench

NAMES = ("王淑珍", "王世忠", "福建恒安物流有限公司")


def add_clients(session: Session) -> dict[str, str]:
    made = [Client(name=name, type="organisation" if "公司" in name else "person") for name in NAMES]
    session.add_all(made)
    session.flush()
    index.put(session, "client", [Doc(c.id, c.name, names=(c.name,)) for c in made])
    return {c.name: c.id for c in made}


@pytest.fixture
def book(qtbot: QtBot, open_sqlite: Any, tmp_path: Path) -> Iterator[tuple[Workbench, dict[str, str]]]:
    store = open_sqlite()
    with store.writer.begin() as connection:
        index.create(connection)
    ids, _changes = store.change(add_clients)
    runner = Runner(store)
    bench = Workbench(runner, Me(name="林晓"), None, DeviceSettings(tmp_path))
    qtbot.addWidget(bench)
    bench.resize(1366, 768)
    bench.restore({})
    bench.show()
    bench.activateWindow()
    qtbot.waitExposed(bench)
    yield bench, ids
    runner.close()


def logged(session: Session) -> list[tuple[str, str | None, str | None, str | None]]:
    steps = {task.id: str(task.due_on) for task in session.scalars(select(Task))}
    return [(c.kind, c.result, c.summary, steps.get(c.next_step_id or "")) for c in session.scalars(select(Contact))]


def titles(bench: Workbench) -> list[str]:
    return [found.title for found in bench.finder.list.hits()]


def control(qtbot: QtBot, widget: Any, key: Qt.Key) -> None:
    qtbot.keyClick(widget, key, Qt.KeyboardModifier.ControlModifier)


def test_initials_find_and_enter_opens(book: tuple[Workbench, dict[str, str]], qtbot: QtBot) -> None:
    bench, ids = book
    control(qtbot, bench, Qt.Key.Key_K)
    box = bench.header.search
    qtbot.waitUntil(box.hasFocus)
    qtbot.keyClicks(box, "ws")
    qtbot.waitUntil(lambda: sorted(titles(bench)) == ["王世忠", "王淑珍"])
    qtbot.keyClick(box, Qt.Key.Key_Down)
    wanted = bench.finder.list.hits()[1]
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert bench.current == "clients"
    assert bench.pages["clients"].shown == {"client_id": ids[wanted.title]}  # type: ignore[attr-defined]
    assert box.text() == ""
    assert not bench.finder.list.isVisible()


def test_characters_find_and_a_click_opens(
    book: tuple[Workbench, dict[str, str]], qtbot: QtBot, type_text: Callable[[object, str], None]
) -> None:
    bench, ids = book
    control(qtbot, bench, Qt.Key.Key_K)
    type_text(bench.header.search, "恒安")
    qtbot.waitUntil(lambda: titles(bench) == ["福建恒安物流有限公司"])
    qtbot.mouseClick(bench.finder.list, Qt.MouseButton.LeftButton, pos=bench.finder.list.rect().center())
    assert bench.pages["clients"].shown == {"client_id": ids["福建恒安物流有限公司"]}  # type: ignore[attr-defined]


def test_nothing_found_is_said_and_escape_leaves(book: tuple[Workbench, dict[str, str]], qtbot: QtBot) -> None:
    bench, _ids = book
    control(qtbot, bench, Qt.Key.Key_K)
    box = bench.header.search
    qtbot.keyClicks(box, "qqqq")
    qtbot.waitUntil(lambda: bench.finder.list.note() == "Nothing found")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert not bench.finder.list.isVisible()
    assert box.text() == ""
    assert not box.hasFocus()


def test_a_verb_logs_with_the_client_in_hand(book: tuple[Workbench, dict[str, str]], qtbot: QtBot) -> None:
    bench, ids = book
    control(qtbot, bench, Qt.Key.Key_K)
    box = bench.header.search
    qtbot.keyClicks(box, "log wsz")
    qtbot.waitUntil(lambda: len(titles(bench)) == 2)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    panel = bench.log_panel
    assert panel is not None
    assert panel.isVisible()
    assert panel.client_id in ids.values()
    qtbot.waitUntil(lambda: panel.client.text() in ("王淑珍", "王世忠"))


@pytest.mark.parametrize(
    ("typed", "verb", "rest"),
    [
        ("回访 zs", "callbacks", "zs"),
        ("投诉zs", "complaints", "zs"),
        ("visit zs", "visits", "zs"),
        ("visitor", "", "visitor"),
        ("回访", "", "回访"),
        (" 王 ", "", "王"),
    ],
)
def test_verbs(typed: str, verb: str, rest: str) -> None:
    assert finding.split(typed) == (verb, rest)


def test_the_quick_log_goes_on_by_enter_and_keeps_its_draft(
    book: tuple[Workbench, dict[str, str]], qtbot: QtBot
) -> None:
    bench, _ids = book
    control(qtbot, bench, Qt.Key.Key_N)
    panel = bench.log_panel
    assert panel is not None
    qtbot.waitUntil(panel.client.hasFocus)
    qtbot.keyClicks(panel.client, "wsz")
    qtbot.waitUntil(lambda: len(panel.list.hits()) == 2)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_3, Qt.Key.Key_Return):
        qtbot.keyClick(QApplication.focusWidget(), key)
    assert panel.client_id
    assert (panel.kind.value(), panel.result.value()) == ("phone", "no_answer")
    assert panel.summary.hasFocus()
    qtbot.keyClicks(panel.summary, "again")
    qtbot.keyClick(panel.summary, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    state = bench.state()
    assert state["draft"]["summary"] == "again"
    control(qtbot, bench, Qt.Key.Key_N)
    assert panel.summary.text() == "again"


def test_the_quick_log_echoes_the_time_and_refuses_what_it_cannot_read(
    book: tuple[Workbench, dict[str, str]], qtbot: QtBot, type_text: Callable[[object, str], None]
) -> None:
    i18n.use("zh_CN")
    bench, ids = book
    bench.quick_log(ids["王淑珍"])
    panel = bench.log_panel
    assert panel is not None
    type_text(panel.when, "2027-03-08 10:00")
    assert panel.echo.text() == "→ 2027-03-08 周一 10:00"
    panel.when.clear()
    type_text(panel.when, "某天")
    control(qtbot, panel.when, Qt.Key.Key_Return)
    assert panel.problem.isVisible()
    assert "某天" in panel.problem.text()
    assert panel.isVisible()


def test_a_call_is_logged_without_the_mouse_and_undone(book: tuple[Workbench, dict[str, str]], qtbot: QtBot) -> None:
    bench, ids = book
    bench.quick_log(ids["王淑珍"])
    panel = bench.log_panel
    assert panel is not None
    qtbot.waitUntil(panel.result.hasFocus)
    qtbot.keyClick(panel.result, Qt.Key.Key_1)
    for text in ("wants the annuity", "explain it at home", "2027-03-08 10:00"):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        qtbot.keyClicks(QApplication.focusWidget(), text)
    with qtbot.waitSignal(panel.saved):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not panel.isVisible()
    assert bench.runner.store.read(logged) == [("phone", "reached", "wants the annuity", "2027-03-08")]
    assert bench.undo_bar.isVisible()
    control(qtbot, bench, Qt.Key.Key_Z)
    qtbot.waitUntil(lambda: bench.runner.quiet)
    assert "Undone" in bench.undo_bar.text()


def test_a_half_typed_log_survives_a_crash(book: tuple[Workbench, dict[str, str]], qtbot: QtBot) -> None:
    bench, ids = book
    bench.quick_log(ids["王淑珍"])
    panel = bench.log_panel
    assert panel is not None
    qtbot.waitUntil(lambda: panel.client.text() == "王淑珍")
    qtbot.keyClicks(panel.summary, "half")
    panel.keep()
    qtbot.waitUntil(lambda: bench.runner.quiet)
    after = Workbench(bench.runner, bench.me, None, bench.device)  # nothing handed over, as after a crash
    qtbot.addWidget(after)
    after.restore({})
    after.quick_log()
    again = after.log_panel
    assert again is not None
    qtbot.waitUntil(lambda: again.summary.text() == "half")
    assert again.client_id == ids["王淑珍"]
    qtbot.waitUntil(lambda: bench.runner.quiet)


def test_a_policy_is_found_with_whose_it_is(book: tuple[Workbench, dict[str, str]]) -> None:
    bench, ids = book
    store = bench.runner.store

    def add_policy(session: Session) -> None:
        policy = Policy(number="8660202600700", product_name="福满堂养老年金", applicant_id=ids["王淑珍"])
        session.add(policy)
        session.flush()
        index.put(session, "policy", [Doc(policy.id, policy.number, numbers=(policy.number,))])

    store.change(add_policy)
    (found,) = store.read(finding.find, "0700", False)
    assert (found.kind, found.detail) == ("policy", "王淑珍")


def test_nine_hits_are_told_apart_by_as_many_questions_as_one(book: tuple[Workbench, dict[str, str]]) -> None:
    store = book[0].runner.store

    def add_many(session: Session) -> None:
        many = [Client(name=f"郑美玲{n}", grade="A", district="鼓楼区") for n in range(9)]
        session.add_all(many)
        session.flush()
        index.put(session, "client", [Doc(c.id, c.name, names=(c.name,)) for c in many])

    store.change(add_many)
    asked: list[str] = []
    event.listen(store.readers, "before_cursor_execute", lambda *told: asked.append(told[2]))
    found = store.read(finding.find, "郑美玲", False)
    assert [one.detail for one in found] == ["鼓楼区 · A"] * 9
    assert len([statement for statement in asked if "FROM client" in statement]) == 1


def test_the_keyboard_returns_to_the_page_after_search_and_quick_log(
    book: tuple[Workbench, dict[str, str]], qtbot: QtBot
) -> None:
    bench, _ids = book
    page = bench.pages[bench.current]
    had = QApplication.focusWidget()
    assert had is not None
    assert page.isAncestorOf(had)
    control(qtbot, bench, Qt.Key.Key_K)
    assert bench.finder.box.hasFocus()
    qtbot.keyClick(bench.finder.box, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is had
    control(qtbot, bench, Qt.Key.Key_N)
    panel = bench.log_panel
    assert panel is not None
    qtbot.keyClicks(panel.client, "wsz")
    qtbot.waitUntil(lambda: bool(panel.list.hits()))
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_1):
        qtbot.keyClick(QApplication.focusWidget(), key)
    control(qtbot, panel, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not panel.isVisible())
    assert QApplication.focusWidget() is had


def test_a_call_is_not_saved_without_its_result(book: tuple[Workbench, dict[str, str]], qtbot: QtBot) -> None:
    """Without one it would count as a call that reached nobody; a letter has none."""
    bench, ids = book
    bench.quick_log(ids["王淑珍"])
    panel = bench.log_panel
    assert panel is not None
    qtbot.waitUntil(panel.result.hasFocus)
    qtbot.keyClick(panel.result, Qt.Key.Key_Return)
    qtbot.keyClicks(panel.summary, "asked about the annuity")
    control(qtbot, panel.summary, Qt.Key.Key_Return)
    assert panel.isVisible()
    assert panel.problem.isVisible()
    assert panel.result.hasFocus()
    qtbot.keyClick(panel.result, Qt.Key.Key_1)
    assert not panel.problem.isVisible(), "what was wrong is right now"
    control(qtbot, panel.result, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not panel.isVisible())
    bench.quick_log(ids["王淑珍"], "letter")
    control(qtbot, panel, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not panel.isVisible())
    assert [entry[:2] for entry in bench.runner.store.read(logged)] == [("phone", "reached"), ("letter", None)]


def test_what_was_wrong_goes_when_it_is_put_right(book: tuple[Workbench, dict[str, str]], qtbot: QtBot) -> None:
    bench, ids = book
    bench.quick_log(ids["王淑珍"])
    panel = bench.log_panel
    assert panel is not None
    qtbot.keyClicks(panel.when, "some day")
    control(qtbot, panel.when, Qt.Key.Key_Return)
    assert panel.problem.isVisible()
    tall = panel.panel.height()
    qtbot.keyClick(panel.when, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(panel.when, "tomorrow")
    assert not panel.problem.isVisible()
    assert panel.panel.height() < tall


def test_an_unfinished_log_says_so_and_can_be_thrown_away(book: tuple[Workbench, dict[str, str]], qtbot: QtBot) -> None:
    bench, ids = book
    bench.quick_log(ids["王淑珍"])
    panel = bench.log_panel
    assert panel is not None
    qtbot.waitUntil(lambda: panel.client.text() == "王淑珍")
    qtbot.keyClick(panel.result, Qt.Key.Key_3)
    qtbot.keyClicks(panel.summary, "half")
    assert not panel.notice.isVisible()
    qtbot.keyClick(panel.summary, Qt.Key.Key_Escape)
    control(qtbot, bench, Qt.Key.Key_N)
    assert panel.summary.text() == "half"
    assert panel.notice.isVisible()
    qtbot.mouseClick(panel.notice.discard, Qt.MouseButton.LeftButton)
    assert not panel.notice.isVisible()
    assert panel.draft() == {}
    assert panel.client.hasFocus()
    qtbot.waitUntil(lambda: bench.runner.quiet)
    other = Workbench(bench.runner, bench.me, None, bench.device)
    qtbot.addWidget(other)
    other.restore({})
    other.quick_log()
    again = other.log_panel
    assert again is not None
    qtbot.waitUntil(lambda: bench.runner.quiet)
    assert again.draft() == {}, "nor does it come back after a crash"


def test_a_draft_that_comes_back_takes_no_typing_into_its_name(
    book: tuple[Workbench, dict[str, str]], qtbot: QtBot, tmp_path: Path
) -> None:
    """After a crash the draft is read while the panel is open already; what is typed next is no part of the name."""
    bench, ids = book
    bench.quick_log(ids["王淑珍"])
    panel = bench.log_panel
    assert panel is not None
    qtbot.waitUntil(lambda: panel.client.text() == "王淑珍")
    panel.summary.setText("half")
    panel.keep()
    qtbot.waitUntil(lambda: bench.runner.quiet)
    other = Workbench(bench.runner, Me(name="林晓"), None, DeviceSettings(tmp_path))
    qtbot.addWidget(other)
    other.restore({})
    other.show()
    other.activateWindow()
    qtbot.waitExposed(other)
    other.quick_log()
    again = other.log_panel
    assert again is not None
    qtbot.waitUntil(lambda: again.summary.text() == "half")
    assert other.focusWidget() is again.result
