"""How a list was left comes back when the book is opened again."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from fieldcrm.base.data.looks import find_look
from fieldcrm.base.data.store import Store
from fieldcrm.ui.kit.memory import ListMemory
from fieldcrm.ui.kit.runner import Runner


def test_columns_and_views_come_back(qtbot: QtBot, book: Store) -> None:
    runner = Runner(book)
    arrived: list[dict[str, object]] = []
    memory = ListMemory(runner, "clients")
    memory["list.clients.columns"] = {"order": ["name"]}  # the list lays itself out: nothing to keep
    memory.load(lambda: arrived.append(dict(memory)))
    qtbot.waitUntil(lambda: runner.quiet)
    qtbot.wait(10)
    assert arrived == []
    memory["list.clients.views"] = [{"key": "1", "name": "王家", "asked": {"filters": [], "sort": None}}]
    memory["list.clients.views"] = memory["list.clients.views"]
    qtbot.waitUntil(lambda: runner.quiet)
    kept = book.read(find_look, book.author.device, "clients")
    assert set(kept) == {"list.clients.columns", "list.clients.views"}
    again = ListMemory(runner, "clients")
    again.load(lambda: arrived.append(dict(again)))
    qtbot.waitUntil(lambda: bool(arrived))
    assert arrived == [kept]
    assert book.read(find_look, book.author.device, "policies") == {}
    runner.close()
