"""The system says that it goes to sleep or locks its screen (Linux, over D-Bus): the window locks with it.

Elsewhere the idle watch notices a sleep when the computer wakes.
"""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import SLOT, QObject, Signal, Slot

# bus, interface, signal, slot; from any sender and path
_SIGNALS = (
    ("system", "org.freedesktop.login1.Manager", "PrepareForSleep", "begins(bool)"),
    ("system", "org.freedesktop.login1.Session", "Lock", "now()"),
    ("session", "org.freedesktop.ScreenSaver", "ActiveChanged", "begins(bool)"),
    ("session", "org.gnome.ScreenSaver", "ActiveChanged", "begins(bool)"),
)


class SystemLock(QObject):
    """Emits `locking` when the system begins to sleep or to lock; silent where there is no bus."""

    locking = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        if sys.platform != "linux":
            return
        try:
            from PySide6.QtDBus import QDBusConnection
        except ImportError:  # a slimmed package of Qt
            return
        buses = {"system": QDBusConnection.systemBus(), "session": QDBusConnection.sessionBus()}
        for bus, interface, name, slot in _SIGNALS:
            known: Any = SLOT(slot)  # text, whatever Qt's stubs say
            if buses[bus].isConnected():
                buses[bus].connect("", "", interface, name, self, known)

    @Slot(bool)
    def begins(self, on: bool) -> None:
        if on:
            self.locking.emit()

    @Slot()
    def now(self) -> None:
        self.locking.emit()
