"""The help tells the truth of the book that is open."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from fieldcrm.ui.kit.text import Label
from support.books import FoundBook
from support.desks import OpenDesk, page_of


@pytest.mark.parametrize("server", [False, pytest.param(True, marks=pytest.mark.postgres)])
def test_where_the_data_and_their_backups_lie(
    qtbot: QtBot, found_book: FoundBook, open_desk: OpenDesk, server: bool
) -> None:
    office = found_book("陈敏", "福州支公司", role="office", server=server)
    page = page_of(open_desk(office.store, "help", book=office), "help")
    words = " ".join(label.text() for label in page.findChildren(Label))
    assert ("The database server keeps its own backups." in words) is server
    assert ("Backups lie in the folder" in words) is not server
    assert ("The book is a file that only opens" in words) is not server
