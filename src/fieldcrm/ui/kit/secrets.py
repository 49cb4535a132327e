"""Fields for secrets: hidden, with an eye that shows what was typed, and Caps Lock told."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import icons


def private(field: QLineEdit) -> None:
    """Make a field one for secrets: hidden, no input method that learns, an eye that shows it."""
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
    eye = field.addAction(icons.icon("eye", "soft"), QLineEdit.ActionPosition.TrailingPosition)
    eye.setToolTip(_("Show"))

    def toggle() -> None:
        hidden = field.echoMode() == QLineEdit.EchoMode.Password
        field.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        eye.setIcon(icons.icon("eye-off" if hidden else "eye", "soft"))

    eye.triggered.connect(toggle)


class CapsLock(QObject):
    """Whether Caps Lock is on, seen by the case of the letters typed into a field: `seen(bool)`."""

    seen = Signal(bool)

    def __init__(self, field: QLineEdit) -> None:
        super().__init__(field)
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.text().isalpha():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.seen.emit(event.text().isupper() != shifted)
        return False


class Password(QLineEdit):
    """A password field."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        private(self)
