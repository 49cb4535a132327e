"""A person at the window: real clicks and keys, counted by job; file dialogs answer what was laid ready."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from fieldcrm.base.settings import DeviceSettings
from fieldcrm.ui.kit.page import Page
from fieldcrm.ui.shell.door import BookDoor
from fieldcrm.ui.shell.window import Window
from fieldcrm.ui.shell.workbench import Workbench

WAIT = 60_000
NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


@dataclass
class Effort:
    """What a job took: clicks, keys, and letters typed as content."""

    clicks: int = 0
    keys: int = 0
    letters: int = 0


class Hands:
    """Works in one window at a time; `efforts` holds what each named job took."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.efforts: dict[str, Effort] = {}
        self.now = Effort()
        self.files: list[Path] = []  # what file dialogs answer, in order

    @contextmanager
    def job(self, name: str) -> Iterator[None]:
        """Count what is done inside under this name; the first time stands."""
        self.now = Effort()
        self.efforts.setdefault(name, self.now)
        yield
        self.now = Effort()

    def click(self, widget: QWidget) -> None:
        self.qtbot.waitUntil(lambda: widget.isVisible() and widget.isEnabled(), timeout=WAIT)
        self.now.clicks += 1
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def press(self, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press keys where the keyboard is; a combination counts as one."""
        for key in keys:
            self.now.keys += 1
            self.qtbot.keyClick(self._focus(), key, modifiers)

    def control(self, key: Qt.Key) -> None:
        self.press(key, modifiers=CONTROL)

    def type(self, text: str) -> None:
        """Type words; Chinese comes as an input method gives it."""
        self.now.letters += len(text)
        for letter in text:
            field = self._focus()
            if letter.isascii():
                self.qtbot.keyClicks(field, letter)
            else:
                event = QInputMethodEvent()
                event.setCommitString(letter)
                QApplication.sendEvent(field, event)

    def wait(self, happens: Callable[[], object]) -> None:
        """Wait until something is so."""
        self.qtbot.waitUntil(lambda: bool(happens()), timeout=WAIT)

    def _focus(self) -> QWidget:
        focused = QApplication.focusWidget() or QApplication.activeWindow()
        assert focused is not None, "the keyboard is nowhere"
        return focused


class Seat:
    """A window on a data folder and the pages in it."""

    def __init__(self, hands: Hands, folder: Path) -> None:
        self.hands, self.folder = hands, folder
        self.window = Window(BookDoor(folder), DeviceSettings(folder))
        hands.qtbot.addWidget(self.window)
        self.window.resize(1366, 768)
        self.window.show()
        hands.qtbot.waitExposed(self.window)
        self.sit()

    def sit(self) -> None:
        """Bring the window to the front."""
        self.window.activateWindow()
        self.hands.wait(self.window.isActiveWindow)

    @property
    def entry(self) -> Any:
        """What stands in the window now: unlock, first start, code, or the workbench."""
        return self.window.layout().currentWidget()  # type: ignore[union-attr]

    @property
    def bench(self) -> Workbench:
        bench = self.window.bench
        assert isinstance(bench, Workbench)
        return bench

    def until(self, kind: type) -> Any:
        """Wait for what stands in the window."""
        self.hands.wait(lambda: isinstance(self.entry, kind))
        return self.entry

    def work(self) -> Workbench:
        """Wait until the workbench is there and quiet."""
        self.until(Workbench)
        self.settle()
        return self.bench

    def settle(self) -> None:
        """Wait until nothing is asked or written, and the page has taken it."""
        calm = 0

        def quiet() -> bool:
            nonlocal calm
            page = self.bench.pages.get(self.bench.current)
            calm = calm + 1 if self.bench.runner.quiet and not (page is not None and page.stale) else 0
            return calm >= 3

        self.hands.wait(quiet)

    def go(self, key: str) -> Any:
        """Click a page in the rail."""
        self.hands.click(self.bench.rail.items[key])
        self.settle()
        return self.page(key)

    def page(self, key: str) -> Any:
        page = self.bench.pages[key]
        assert isinstance(page, Page)
        return page

    def close(self) -> None:
        self.window.close()


class _Flashes(QObject):
    """Notes widgets that were shown without a parent: on a screen each would flash up as a window and take the keys."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            kind = watched.windowFlags() & Qt.WindowType.WindowType_Mask
            if kind == Qt.WindowType.Window and not isinstance(watched, Window):
                made = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_stack()[-4:-1]]
                self.seen.append(f"{type(watched).__name__} {made}")
        return False


@pytest.fixture
def no_flashes(qapp: QApplication) -> Iterator[None]:
    """Fails when any widget but the program's window was shown as a window."""
    flashes = _Flashes()
    qapp.installEventFilter(flashes)
    yield
    qapp.removeEventFilter(flashes)
    assert not flashes.seen, "\n".join(flashes.seen)


@pytest.fixture
def hands(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, no_flashes: None) -> Hands:
    """A person whose file dialogs answer from `hands.files`."""
    made = Hands(qtbot)

    def one(*_args: Any, **_options: Any) -> tuple[str, str]:
        return str(made.files.pop(0)), ""

    def several(*_args: Any, **_options: Any) -> tuple[list[str], str]:
        return [str(made.files.pop(0))], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", one)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", one)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", several)
    return made


OpenSeat = Callable[[Path], Seat]


@pytest.fixture
def open_seat(hands: Hands) -> Iterator[OpenSeat]:
    """`open_seat(folder)` gives a window on that folder; all are closed at the end."""
    seats: list[Seat] = []

    def make(folder: Path) -> Seat:
        seats.append(Seat(hands, folder))
        return seats[-1]

    yield make
    for seat in seats:
        if seat.window.isVisible():
            seat.window.close()
