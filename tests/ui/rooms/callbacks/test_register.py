"""The register of past calls."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from support.books import FoundBook
from support.desks import OpenDesk, page_of


def test_an_empty_register_is_empty_and_not_filtered(qtbot: QtBot, found_book: FoundBook, open_desk: OpenDesk) -> None:
    """It opens at this month: where no call was ever logged, clearing filters would bring nothing."""
    office = found_book("陈敏", "福州支公司", role="office")
    page = page_of(open_desk(office.store, "callbacks", book=office), "callbacks")
    pane = page.register.pane
    qtbot.waitUntil(pane._empty.isVisible)
    assert not pane._none.isVisible()
