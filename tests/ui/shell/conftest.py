"""Two small pages in the real window."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout
from pytestqt.qtbot import QtBot

from fieldcrm.base.i18n import _
from fieldcrm.base.settings import DeviceSettings
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.shell import navigation
from fieldcrm.ui.shell.me import Me
from fieldcrm.ui.shell.navigation import Entry
from fieldcrm.ui.shell.workbench import Workbench


class FirstPage(Page):
    kinds: ClassVar[frozenset[str]] = frozenset({"client"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.loads = 0
        self.shown: dict[str, Any] = {}
        self.field = QLineEdit()
        QVBoxLayout(self).addWidget(self.field)
        self.set_heading(_("Clients"), "412")

    def load(self) -> None:
        self.loads += 1

    def open(self, **what: Any) -> None:
        self.shown = what

    def state(self) -> dict[str, Any]:
        return {"field": self.field.text()}

    def restore(self, state: dict[str, Any]) -> None:
        self.field.setText(state["field"])


class SecondPage(FirstPage):
    kinds: ClassVar[frozenset[str]] = frozenset({"policy"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.header_buttons = [Button("Print")]
        self.set_heading(_("Policies"))


@pytest.fixture(autouse=True)
def _two_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("two_pages")
    module.FirstPage, module.SecondPage = FirstPage, SecondPage  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "two_pages", module)
    both = navigation.BOTH
    monkeypatch.setattr(
        navigation,
        "ENTRIES",
        (
            Entry("clients", "Clients", "users", "two_pages:FirstPage", roles=both),
            Entry("policies", "Policies", "file-text", "two_pages:SecondPage", roles=both),
        ),
    )


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Any) -> Iterator[Workbench]:
    runner = Runner(None)
    made = Workbench(runner, Me(name="林晓", unit="福州支公司"), None, DeviceSettings(tmp_path))
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.restore({})
    made.show()
    qtbot.waitExposed(made)
    yield made
    runner.close()
