"""Password and recovery code lost: the request on the first page, the office's answer, back in with a new password."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fieldcrm.base.errors import sentence
from fieldcrm.base.i18n import _
from fieldcrm.base.settings import DeviceSettings
from fieldcrm.core import sync
from fieldcrm.core.book import Book, unlock
from fieldcrm.ui.kit import choosing
from fieldcrm.ui.shell.code_page import RecoveryCodePage
from fieldcrm.ui.shell.door import BookDoor
from fieldcrm.ui.shell.recovering import RecoverPage
from fieldcrm.ui.shell.unlock import UnlockPage
from fieldcrm.ui.shell.window import Window
from fieldcrm.ui.shell.workbench import Workbench
from support.books import FoundBook
from support.desks import OpenDesk

WAIT = 20_000
NEW = "a new sentence"


@pytest.fixture
def pair(found_book: FoundBook, tmp_path: Path) -> tuple[Book, Book]:
    manager, office = found_book("林晓", "待登记"), found_book("陈敏", "福州支公司", role="office")
    sync.request(manager, tmp_path / "r.xlsx")
    sync.grant(office, tmp_path / "r.xlsx", tmp_path / "g.xlsx")
    sync.accept(manager, tmp_path / "g.xlsx")
    manager.close()
    return manager, office


def click(qtbot: QtBot, widget: Any) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def current(window: Window, kind: type) -> Any:
    page = window.layout().currentWidget()  # type: ignore[union-attr]
    return page if isinstance(page, kind) else None


def at_the_request(qtbot: QtBot, folder: Path) -> tuple[Window, RecoverPage]:
    """The window, two clicks after the person found no password."""
    window = Window(BookDoor(folder), DeviceSettings(folder))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    entry = current(window, UnlockPage)
    assert not entry.office.isVisible()
    click(qtbot, entry.other)
    click(qtbot, entry.office)
    return window, current(window, RecoverPage)


def test_back_in_with_the_offices_help(
    qtbot: QtBot, pair: tuple[Book, Book], open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Manager: 3 clicks and the system's dialog; office: 2 clicks; manager: 2 clicks, the password twice, Return."""
    manager, office = pair
    asked, answer = tmp_path / "asked.xlsx", tmp_path / "answer.xlsx"
    monkeypatch.setattr(choosing, "save_file", lambda *_a: asked)
    window, page = at_the_request(qtbot, manager.folder)
    click(qtbot, page.request_button)
    qtbot.waitUntil(page.digits.isVisible, timeout=WAIT)
    digits = page.digits.text()
    window.close()

    monkeypatch.setattr(choosing, "open_file", lambda *_a: asked)
    monkeypatch.setattr(choosing, "save_file", lambda *_a: answer)
    bench = open_desk(office.store, "people", book=office)
    people: Any = bench.pages["people"]
    click(qtbot, people.grant.open_button)
    qtbot.waitUntil(people.grant.other.isVisible, timeout=WAIT)
    assert people.grant.other.digits.text() == digits
    assert "林晓" in people.grant.other.who.text()
    assert _("Forgotten password") in people.grant.other.who.text()
    click(qtbot, people.grant.other.match_button)
    qtbot.waitUntil(answer.exists, timeout=WAIT)

    window, page = at_the_request(qtbot, manager.folder)
    qtbot.waitUntil(lambda: page.digits.text() == digits, timeout=WAIT)  # still there to be read out
    click(qtbot, page.button)
    assert page.problem.text() == _("Open the office's answer first.")
    monkeypatch.setattr(choosing, "open_file", lambda *_a: answer)
    click(qtbot, page.answer_button)
    qtbot.keyClicks(page.password, NEW)
    qtbot.keyClicks(page.again, NEW + "x")
    qtbot.keyClick(page.again, Qt.Key.Key_Return)
    assert page.problem.text() == _("The two passwords differ.")
    qtbot.keyClick(page.again, Qt.Key.Key_Backspace)
    qtbot.keyClick(page.again, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: current(window, RecoveryCodePage) is not None, timeout=WAIT)
    code = current(window, RecoveryCodePage).code
    click(qtbot, current(window, RecoveryCodePage).done)
    qtbot.waitUntil(lambda: current(window, Workbench) is not None, timeout=WAIT)
    window.close()
    unlock(manager.folder, password=NEW, writing=None).close()
    unlock(manager.folder, recovery_code=code, writing=None).close()


def test_what_is_wrong_is_said_on_the_page(
    qtbot: QtBot, pair: tuple[Book, Book], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The file of the enrolment instead of the answer; then back to the password."""
    monkeypatch.setattr(choosing, "open_file", lambda *_a: tmp_path / "g.xlsx")
    window, page = at_the_request(qtbot, pair[0].folder)
    click(qtbot, page.answer_button)
    for field in (page.password, page.again):
        qtbot.keyClicks(field, NEW)
    click(qtbot, page.button)
    qtbot.waitUntil(lambda: page.problem.isVisible(), timeout=WAIT)
    assert page.problem.text() == sentence(sync.recover.NOT_A_GRANT, {})
    click(qtbot, page.back)
    assert current(window, UnlockPage) is not None
    window.close()
