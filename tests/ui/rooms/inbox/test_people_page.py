"""The office's people: revoking asks about one computer and never meets another."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fieldcrm.core import sync
from fieldcrm.core.book import Book
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.shell.workbench import Workbench
from support.books import FoundBook
from support.desks import OpenDesk, page_of, settle


@pytest.fixture
def office(found_book: FoundBook, tmp_path: Path) -> Book:
    """An office with two managers."""
    office = found_book("陈敏", "福州支公司", role="office")
    for name in ("林晓", "王海涛"):
        sync.request(found_book(name, "待登记"), tmp_path / f"{name}.xlsx")
        sync.grant(office, tmp_path / f"{name}.xlsx", tmp_path / f"{name}-g.xlsx")
    return office


def _answer(bench: Workbench) -> list[Button]:
    return [b for b in bench.messages.findChildren(Button) if b.text() == "Revoke" and b.isVisible()]


def _revoked(office: Book) -> list[str]:
    return [row.name for row in office.store.read(sync.list_peers) if row.revoked_at is not None]


def test_revoking_asks_and_does_it_to_whom_it_named(qtbot: QtBot, office: Book, open_desk: OpenDesk) -> None:
    bench = open_desk(office.store, "people", book=office)
    page = page_of(bench, "people")
    page.table.select_row(1)
    name = page.table.current_row().name
    qtbot.mouseClick(page.revoke_button, Qt.MouseButton.LeftButton)
    (button,) = _answer(bench)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(qtbot, bench)
    assert _revoked(office) == [name]


def test_the_question_goes_when_another_row_is_chosen(qtbot: QtBot, office: Book, open_desk: OpenDesk) -> None:
    bench = open_desk(office.store, "people", book=office)
    page = page_of(bench, "people")
    page.table.select_row(0)
    qtbot.mouseClick(page.revoke_button, Qt.MouseButton.LeftButton)
    assert _answer(bench)
    page.table.select_row(1)
    assert not _answer(bench), "its button would have revoked the other one"
    settle(qtbot, bench)
    assert _revoked(office) == []


def test_the_question_does_not_follow_to_other_pages(qtbot: QtBot, office: Book, open_desk: OpenDesk) -> None:
    bench = open_desk(office.store, "people", book=office)
    page = page_of(bench, "people")
    page.table.select_row(0)
    qtbot.mouseClick(page.revoke_button, Qt.MouseButton.LeftButton)
    assert _answer(bench)
    bench.go("inbox")
    settle(qtbot, bench)
    assert not _answer(bench)


def test_an_office_without_people_offers_the_first_step(
    qtbot: QtBot, found_book: FoundBook, open_desk: OpenDesk
) -> None:
    office = found_book("陈敏", "福州支公司", role="office")
    page = page_of(open_desk(office.store, "people", book=office), "people")
    assert "Open a request…" in [b.text() for b in page.empty.findChildren(Button)]
