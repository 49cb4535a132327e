"""The real window driven from outside: it opens a book, goes to pages, and tells when what was asked is painted."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer

from fieldcrm import app
from fieldcrm.base import i18n, settings

PASSWORD = "benchmark 8 km"
PATIENCE = 300.0
_BEAT_MS = 2


class Heartbeat(QObject):
    """A timer in the window's thread: `longest` is the longest time in ms for which no event could be served."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last = 0.0
        self.gaps: list[float] = []

    def start(self) -> None:
        self.gaps = []
        self._last = time.perf_counter()
        self._timer.start(_BEAT_MS)

    def stop(self) -> float:
        """End the watch; gives `longest`."""
        self._beat()
        self._timer.stop()
        return self.longest

    @property
    def longest(self) -> float:
        return max(0.0, max(self.gaps, default=0.0) - _BEAT_MS)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now


class Driver(QObject):
    """The window on the book in a folder; `painted_at` is when the last painting ended."""

    def __init__(self, folder: Path, first_page: str = "") -> None:
        super().__init__()
        self.app = app.application()
        i18n.use("zh_CN")
        from fieldcrm.ui.kit.theme import theme
        from fieldcrm.ui.shell.door import BookDoor
        from fieldcrm.ui.shell.window import Window

        theme.apply("light")
        self.device = settings.DeviceSettings(folder)
        self.window = Window(BookDoor(folder, first_page), self.device)
        self.window.installEventFilter(self)
        self.painted_at = 0.0
        self.heart = Heartbeat()
        self._wake = QTimer(self)  # waiting for events lets other threads work, looking for them all the time does not
        self._wake.setTimerType(Qt.TimerType.PreciseTimer)
        self._wake.start(1)
        from fieldcrm.ui.kit.collector import Collector

        sys.setswitchinterval(0.0002)  # as app.run does
        self.collector = Collector(lambda: self.runner is not None and self.runner.working, self)  # as app.run does
        # the preload is awaited where it belongs to a figure, and started by hand
        self.window._preload = lambda: None  # type: ignore[method-assign]

    def wake_seldom(self) -> None:
        """For what tells of itself by events: a timer that the window has not would take turns with its threads."""
        self._wake.setInterval(20)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.UpdateRequest:
            QTimer.singleShot(0, self._painted)
        return False

    def _painted(self) -> None:
        self.painted_at = time.perf_counter()

    @property
    def bench(self) -> Any:
        return self.window.bench

    @property
    def runner(self) -> Any:
        return self.window.runner

    def show(self) -> None:
        """Until the first page is painted."""
        self.window.show()
        self.until(lambda: self.painted_at > 0)

    def until(self, ready: Callable[[], bool]) -> None:
        """Serve events until `ready`; RuntimeError when it takes too long."""
        end = time.perf_counter() + PATIENCE
        while not ready():
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.perf_counter() > end:
                raise RuntimeError("the window did not come to rest")

    def settle(self, calm_ms: float = 60) -> float:
        """Until nothing was asked and nothing painted for `calm_ms`; gives when the last painting ended."""
        busy_at = time.perf_counter()

        def calm() -> bool:
            nonlocal busy_at
            now = time.perf_counter()
            if self.runner is None or not self.runner.quiet:
                busy_at = now
            return now - max(busy_at, self.painted_at) > calm_ms / 1000

        self.until(calm)
        return self.painted_at

    def unlock(self) -> None:
        """Open the book and wait until its first page is painted whole."""
        self.window.unlock(PASSWORD)
        self.until(lambda: self.bench is not None)
        self.settle()

    def go(self, key: str) -> float:
        """Open a page; ms until it is painted whole."""
        began = time.perf_counter()
        self.painted_at = 0.0
        self.bench.go(key)
        self.until(lambda: self.painted_at > 0)
        return (self.settle() - began) * 1000

    def pages(self) -> list[str]:
        return [entry.key for entry in self.bench.entries]

    def close(self) -> None:
        self.window.shut()
        self.window.deleteLater()
        self.app.processEvents()
