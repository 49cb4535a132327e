"""The pages before the book on small screens and at large sizes: nothing is cut off."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QStackedLayout, QWidget
from pytestqt.qtbot import QtBot

from fieldcrm.base import i18n
from fieldcrm.ui.kit.theme import theme
from fieldcrm.ui.shell.drawing import SAMPLE_CODE
from fieldcrm.ui.shell.entry import Entry
from fieldcrm.ui.shell.firststart import FirstStartPage
from fieldcrm.ui.shell.recovering import RecoverPage
from fieldcrm.ui.shell.restoring import RestorePage
from fieldcrm.ui.shell.unlock import UnlockPage

SMALLEST = (911, 460)  # 1366 × 768 at 150 %, less the bars


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest) -> str:
    i18n.use(str(request.param))
    return str(request.param)


def in_window(qtbot: QtBot, page: Entry) -> QWidget:
    """The page in a window of the least size, as the real one has it."""
    window = QWidget()
    layout = QStackedLayout(window)
    window.setMinimumSize(880, 460)
    theme.dress(window)
    layout.addWidget(page)
    window.resize(*SMALLEST)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def seen(widget: QWidget, window: QWidget) -> bool:
    """Whether the whole of it lies inside the window and is shown."""
    place = QRect(widget.mapTo(window, QPoint()), widget.size())
    return window.rect().contains(place) and widget.visibleRegion().boundingRect() == widget.rect()


@pytest.mark.parametrize("kind", [FirstStartPage, RecoverPage, RestorePage, UnlockPage])
def test_a_small_screen_scrolls_to_the_button(qtbot: QtBot, kind: type[Entry], language: str) -> None:
    page = kind()
    window = in_window(qtbot, page)
    page.show_problem("The folder /a/long/path/to/a/folder cannot be written (there is no such folder here).")
    title = page.column.itemAt(2).widget()
    qtbot.waitUntil(lambda: seen(page.button, window))
    qtbot.waitUntil(lambda: page.mark.geometry().bottom() < title.geometry().top())  # nothing is squeezed


def test_the_keyboard_stays_where_it_was_and_goes_on(qtbot: QtBot) -> None:
    page = FirstStartPage()
    page.name.setFocus()
    _window = in_window(qtbot, page)
    qtbot.waitUntil(page.name.hasFocus)
    qtbot.waitUntil(lambda: page.role is not None)
    qtbot.keyClick(page.name, Qt.Key.Key_Tab)
    assert page.unit.hasFocus()


def test_a_large_screen_has_no_scroll_bar(qtbot: QtBot) -> None:
    page = UnlockPage()
    window = in_window(qtbot, page)
    assert page._area is None
    assert seen(page.backup, window)


def test_the_whole_recovery_code_is_seen(qtbot: QtBot) -> None:
    """A mistyped group is found by looking at it."""
    page = UnlockPage()
    window = in_window(qtbot, page)
    page.switch()
    page.code.setText(SAMPLE_CODE)
    qtbot.waitUntil(lambda: page.code.width() > 340)
    assert seen(page.code, window)
    assert page.code.fontMetrics().horizontalAdvance(SAMPLE_CODE) < page.code.width() - 2 * 10
