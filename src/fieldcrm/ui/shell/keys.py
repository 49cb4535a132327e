"""Global shortcuts that text fields would swallow: Ctrl+K on X11, Ctrl+Z when the field has nothing to undo; the
keyboard lent to a panel and given back.
"""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

_ALWAYS = frozenset({Qt.Key.Key_K, Qt.Key.Key_N, Qt.Key.Key_J, Qt.Key.Key_L})


class FieldKeys(QObject):
    """Listens to the focused text field alone (an application-wide filter would see every event)."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._field: QWidget | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101
        app.focusChanged.connect(self._moved)

    def _moved(self, old: QWidget | None, now: QWidget | None) -> None:
        if old is not None:
            old.removeEventFilter(self)
        if isinstance(now, QLineEdit | QPlainTextEdit | QTextEdit):
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
            ours = event.key() in _ALWAYS or (event.key() == Qt.Key.Key_Z and not _can_undo(watched))
            if control and ours:
                event.ignore()
                return True  # not taken by the field, so the shortcut gets it
        return False


def _can_undo(field: QObject) -> bool:
    if isinstance(field, QLineEdit):
        return field.isUndoAvailable()
    if isinstance(field, QPlainTextEdit | QTextEdit):
        return field.document().isUndoAvailable()
    return False


class LentKeyboard:
    """The keyboard goes to a panel over the page and afterwards back to where it was on this page."""

    def __init__(self) -> None:
        self._had: QWidget | None = None

    def lend(self, window: QWidget, page: QWidget | None) -> None:
        """A panel takes it now: note who on the page has it."""
        had = window.focusWidget()
        self._had = had if page is not None and had is not None and page.isAncestorOf(had) else None

    def give_back(self, page: QWidget | None) -> None:
        """The panel is gone: to the widget that had it, where it still stands on this page, else to the page."""
        had, self._had = self._had, None
        if page is None:
            return
        if had is None or not shiboken6.isValid(had) or not page.isAncestorOf(had) or not had.isVisible():
            had = page
        had.setFocus(Qt.FocusReason.OtherFocusReason)
