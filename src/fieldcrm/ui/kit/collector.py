"""Garbage is looked for by the window's thread between events, never by a working thread.

A collection that a job sets off stops the window for as long as it takes (half a second over the rows of a long
list), and may end Qt objects in a thread that is not theirs.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from fieldcrm.base import clock

_LOOK_MS = 1_000
_YOUNG = 2_000  # new objects before it is worth looking: a tenth of a ms
_MANY = 40_000  # a start or a job made them; they stay, or go when the last name for them goes
_AWAY_SECONDS = 600.0


class Collector(QObject):
    """Takes over from the automatic collector; does nothing while `working()`."""

    def __init__(self, working: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._working = working
        self._rounds = 0
        self._whole_at = clock.monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)  # noqa: S101
        app.applicationStateChanged.connect(self._on_state)

    def look(self) -> None:
        """Collect young garbage; what is too much to walk through in a frame is set aside."""
        count = gc.get_count()[0]
        if count < _YOUNG or self._working():
            return
        if count > _MANY:
            gc.freeze()
            return
        self._rounds += 1
        gc.collect(2 if self._rounds % 100 == 0 else 1 if self._rounds % 10 == 0 else 0)

    def collect_all(self) -> None:
        """Walk through everything, what was set aside included."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        self._whole_at = clock.monotonic()

    def _on_state(self, state: Qt.ApplicationState) -> None:
        """The person turned to another program: nobody waits."""
        away = state == Qt.ApplicationState.ApplicationInactive
        if away and not self._working() and clock.monotonic() - self._whole_at > _AWAY_SECONDS:
            self.collect_all()
