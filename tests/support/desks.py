"""A working window on a real store, for tests of rooms with clicks and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from fieldcrm.base.data.store import Store
from fieldcrm.base.settings import DeviceSettings, Values
from fieldcrm.ui.kit.page import Page
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.shell import navigation
from fieldcrm.ui.shell.me import Me
from fieldcrm.ui.shell.workbench import Workbench

OpenDesk = Callable[..., Workbench]


@pytest.fixture
def open_desk(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenDesk]:
    """`open_desk(store, "today")` gives the window at that page once all that was asked has come.

    `book` is the whole book, where a page needs its keys or folder.
    """
    runners: list[Runner] = []

    def make(store: Store, key: str, size: tuple[int, int] = (1366, 768), book: Any = None) -> Workbench:
        author = store.author
        runner = Runner(store)
        runners.append(runner)
        me = Me(author.person_id, author.person_name, author.unit_id, author.unit_name, author.role)
        bench = Workbench(runner, me, Values(), DeviceSettings(tmp_path / f"device-{len(runners)}"), book)
        qtbot.addWidget(bench)
        bench.resize(*size)
        bench.show()
        qtbot.waitExposed(bench)
        bench.activateWindow()
        qtbot.waitUntil(bench.isActiveWindow)
        bench.go(key)
        settle(qtbot, bench)
        return bench

    yield make
    for runner in runners:
        runner.close()


def settle(qtbot: QtBot, bench: Workbench) -> None:
    """Wait until nothing is asked or written any more, and pages have taken it."""
    calm = 0

    def quiet() -> bool:
        nonlocal calm
        page = bench.pages.get(bench.current)
        calm = calm + 1 if bench.runner.quiet and not (page is not None and page.stale) else 0
        return calm >= 3

    qtbot.waitUntil(quiet, timeout=10_000)


def page_of(bench: Workbench, key: str) -> Any:
    """The page of a key, as what it is."""
    page = bench.pages[key]
    assert isinstance(page, Page)
    return page


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """Where pages asked the window to go, recorded; the window stays."""
    asked: list[tuple[str, dict[str, Any]]] = []
    real = Workbench.go

    def go(self: Workbench, key: str, **what: Any) -> None:
        if self.current:
            asked.append((key, what))
        else:
            real(self, key, **what)

    monkeypatch.setattr(Workbench, "go", go)
    assert navigation.ENTRIES
    return asked
