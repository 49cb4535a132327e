"""One setting as a row: its label, the field for its kind, changed as soon as it is set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.base.settings import Setting
from fieldcrm.ui.kit.buttons import Segmented
from fieldcrm.ui.kit.text import Label

LABEL_WIDTH = 190


def field_row(words: str, widget: QWidget, note: QWidget | None = None) -> QHBoxLayout:
    """A label and its field on one line."""
    row = QHBoxLayout()
    row.setSpacing(12)
    label = Label(words)
    label.setFixedWidth(LABEL_WIDTH)
    label.setBuddy(widget)
    widget.setAccessibleName(words)
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
    unit = Label(_(setting.unit), token="soft") if setting.unit and setting.unit != "%" else None  # noqa: S106
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
        tick.setEnabled(not setting.office)
        tick.toggled.connect(lambda on: change(setting, on))
        return tick
    number = QSpinBox()
    number.setRange(setting.low or 0, setting.high if setting.high is not None else 1_000_000)
    number.setValue(int(value))
    number.setKeyboardTracking(False)
    number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    number.setFixedWidth(72)
    if setting.unit == "%":
        number.setSuffix(" %")
        number.setSingleStep(10)
    number.valueChanged.connect(lambda n: change(setting, n))
    return number
