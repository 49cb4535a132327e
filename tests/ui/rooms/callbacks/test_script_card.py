"""The script on the phone."""

from __future__ import annotations

from types import SimpleNamespace

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from fieldcrm.ui.rooms.callbacks.client_card import RecentCard, ScriptCard


def test_the_whole_script_of_the_next_client_is_seen(qtbot: QtBot) -> None:
    """Not two lines of it with a scroll bar over empty space, as after the first client."""
    page = QWidget()
    card = ScriptCard()
    column = QVBoxLayout(page)
    column.addWidget(card, 3)
    column.addWidget(RecentCard(), 2)
    qtbot.addWidget(page)
    page.resize(500, 500)
    page.show()
    for steps in (("one",), ("one", "two", "three", "four", "five")):
        card.show_card(SimpleNamespace(scripts={"": steps}, objection=None))
        qtbot.wait(20)
        assert card.sentences() == list(steps)
    qtbot.waitUntil(lambda: card._scroll.verticalScrollBar().maximum() == 0)
