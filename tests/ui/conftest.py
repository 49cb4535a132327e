"""The kit as the program shows it: bundled fonts, a theme, and pictures for people to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication

from fieldcrm.ui.kit.theme import theme


@pytest.fixture(autouse=True)
def _themed(qapp: QApplication) -> Iterator[None]:
    """Each test begins in the light theme."""
    if theme.mode != "light":
        theme.apply("light")
    yield
    if theme.mode != "light":
        theme.apply("light")


@pytest.fixture
def type_text(qapp: QApplication) -> Callable[[object, str], None]:
    """Type text into a widget as an input method does; Chinese included (keyClicks cannot)."""
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QInputMethodEvent

    def type_into(widget: object, text: str) -> None:
        assert isinstance(widget, QObject)
        for character in text:
            event = QInputMethodEvent()
            event.setCommitString(character)
            QApplication.sendEvent(widget, event)

    return type_into
