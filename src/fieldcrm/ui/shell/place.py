"""Where the window stands, remembered in px of its screen: another size of the interface does not change it.

Qt's own `saveGeometry` counts in px of the interface, and throws away what it kept when these are larger or smaller.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_WISHED = QSize(1366, 768)
_FRAME = 40  # px for a window's frame and title


def remembered(window: QWidget) -> str:
    """Left, top, width, height in px of the screen, whether it is maximised, and the screen's name."""
    screen = window.screen()
    box = window.normalGeometry() if window.isMaximized() and window.normalGeometry().isValid() else window.geometry()
    left, ratio = box.topLeft() - screen.geometry().topLeft(), screen.devicePixelRatio()
    sizes = (round(n * ratio) for n in (left.x(), left.y(), box.width(), box.height()))
    return " ".join(map(str, (*sizes, int(window.isMaximized()), screen.name())))


def put(window: QWidget, kept: str) -> None:
    """Put a window where it was, as far as the screen still has room; a first one as large as wished."""
    box = _box(kept)
    if box is None:
        room = QGuiApplication.primaryScreen().availableGeometry().size()
        window.resize(_WISHED.boundedTo(room))
        if room.width() < _WISHED.width() + _FRAME or room.height() < _WISHED.height() + _FRAME:
            window.setWindowState(Qt.WindowState.WindowMaximized)  # its frame and the task bar leave no more
        return
    window.setGeometry(box)
    if kept.split(" ", 5)[4] == "1":
        window.setWindowState(Qt.WindowState.WindowMaximized)


def _box(kept: str) -> QRect | None:
    parts = kept.split(" ", 5)
    if len(parts) < 6 or not all(part.lstrip("-").isdigit() for part in parts[:5]):
        return None
    screens = {screen.name(): screen for screen in QGuiApplication.screens()}
    screen = screens.get(parts[5], QGuiApplication.primaryScreen())
    x, y, width, height = (round(int(part) / screen.devicePixelRatio()) for part in parts[:4])
    room = screen.availableGeometry()
    box = QRect(screen.geometry().topLeft() + QPoint(x, y), QSize(width, height).boundedTo(room.size()))
    box.moveLeft(max(room.left(), min(box.left(), room.right() + 1 - box.width())))
    box.moveTop(max(room.top(), min(box.top(), room.bottom() + 1 - box.height())))
    return box
