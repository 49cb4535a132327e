"""Locks when nobody works: after idle minutes, and after the computer slept."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

from fieldcrm.base import clock

_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)
_TICK_SECONDS = 5
_SLEPT = timedelta(seconds=60)


class IdleWatch(QObject):
    """Emits `idle` once after `minutes` without input or after a sleep; `restart` begins anew.

    It listens to the windows, where input arrives once, not to every widget.
    """

    idle = Signal()

    def __init__(self, minutes: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.minutes = minutes
        self._last = self._seen = clock.now()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_SECONDS * 1000)
        self._timer.timeout.connect(self.tick)
        self._watched: set[int] = set()
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)  # noqa: S101
        app.focusWindowChanged.connect(self._watch)
        self._watch(app.focusWindow())

    def restart(self) -> None:
        self._last = self._seen = clock.now()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def tick(self) -> None:
        """Look at the clock; a long gap since the last look means the computer slept."""
        now = clock.now()
        slept = now - self._seen > timedelta(seconds=_TICK_SECONDS) + _SLEPT
        self._seen = now
        if slept or now - self._last >= timedelta(minutes=self.minutes):
            self.stop()
            self.idle.emit()

    def _watch(self, window: QWindow | None) -> None:
        if window is not None and id(window) not in self._watched:
            key = id(window)
            self._watched.add(key)
            window.destroyed.connect(lambda: self._watched.discard(key))
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _INPUT:
            self._last = clock.now()
        return False
