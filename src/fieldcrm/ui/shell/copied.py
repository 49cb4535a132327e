"""What was copied here does not stay on the clipboard: it is cleared after some seconds, and when the book locks."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication


class CopiedText(QObject):
    """Clears the clipboard `seconds` after something was copied in this program; what others put there stays."""

    def __init__(self, seconds: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.seconds = seconds
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self._clipboard = QGuiApplication.clipboard()
        self._clipboard.dataChanged.connect(self._note)

    def clear(self) -> None:
        """Clear it now, if it is still ours."""
        self._timer.stop()
        text, self._text = self._text, ""
        if text and self._ours() and self._clipboard.text() == text:
            self._clipboard.clear()

    def _note(self) -> None:
        self._text = self._clipboard.text() if self._ours() else ""
        if self._text:
            self._timer.start(round(self.seconds * 1000))
        else:
            self._timer.stop()

    def _ours(self) -> bool:
        # a window without a screen shares its clipboard with nobody, and Qt says that nobody owns it
        return self._clipboard.ownsClipboard() or QGuiApplication.platformName() == "offscreen"
