"""One setting as a row: its label, the field for its kind, changed as soon as it is set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QIntValidator, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.base.settings import Setting
from fieldcrm.ui.kit.buttons import Segmented
from fieldcrm.ui.kit.text import Label

LABEL_WIDTH = 190


def field_row(words: str, widget: QWidget, note: QWidget | None = None) -> QHBoxLayout:
    """A label and its field on one line; without words, a button below the fields."""
    row = QHBoxLayout()
    row.setSpacing(12)
    label = Label(words)
    label.setFixedWidth(LABEL_WIDTH)
    label.setBuddy(widget)
    if words:
        widget.setAccessibleName(f"{words}: {widget.text()}" if isinstance(widget, QAbstractButton) else words)
    row.addWidget(label)
    row.addWidget(widget)
    if note is not None:
        row.addWidget(note)
    row.addStretch()
    return row


def add_setting(
    column: QVBoxLayout, setting: Setting[Any], value: Any, change: Callable[[Setting[Any], Any], object]
) -> QWidget:
    """Put a setting's row into a column; `change(setting, value)` when the person sets it. Gives the field."""
    made = _field(setting, value, change)
    unit = Label(_(setting.unit), token="soft") if setting.unit else None  # noqa: S106 a colour's name
    column.addLayout(field_row(_(setting.label), made, unit))
    return made


def _field(setting: Setting[Any], value: Any, change: Callable[[Setting[Any], Any], object]) -> QWidget:
    if setting.choices:
        choice = Segmented([(str(code), _(label)) for code, label in setting.choices], str(value))
        choice.setMinimumWidth(choice.sizeHint().width())
        choice.changed.connect(lambda code: change(setting, code))
        return choice
    if isinstance(setting.default, bool):
        tick = QCheckBox()
        tick.setChecked(bool(value))
        tick.toggled.connect(lambda on: change(setting, on))
        return tick
    step = 10 if setting.unit == "%" else 1
    number = NumberField(int(value), setting.low or 0, setting.high if setting.high is not None else 1_000_000, step)
    number.changed.connect(lambda n: change(setting, n))
    return number


class NumberField(QLineEdit):
    """A whole number between two limits; Up and Down step, Enter or leaving the field sets it: `changed(int)`."""

    changed = Signal(int)

    def __init__(self, value: int, low: int, high: int, step: int = 1) -> None:
        super().__init__(str(value))
        self._value, self._low, self._high, self._step = value, low, high, step
        self.setValidator(QIntValidator(0, high, self))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFixedWidth(72)
        self.setToolTip(_("{low} to {high}").format(low=low, high=high))
        self.editingFinished.connect(self._set)

    def set_value(self, value: int) -> None:
        """Set as the person does, within the limits."""
        self.setText(str(value))
        self._set()

    def _set(self) -> None:
        typed = int(self.text()) if self.text() else self._value
        value = max(self._low, min(self._high, typed))
        self.setText(str(value))
        if value != self._value:
            self._value = value
            self.changed.emit(value)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._set()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.set_value(self._value + (self._step if event.key() == Qt.Key.Key_Up else -self._step))
        else:
            super().keyPressEvent(event)
