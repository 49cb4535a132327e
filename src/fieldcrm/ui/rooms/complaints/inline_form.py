"""A short form inside the case pane: answer, close, correct, or a new complaint; with draft, save and cancel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from fieldcrm.base import forms
from fieldcrm.base.errors import InvalidField, InvalidFields
from fieldcrm.base.forms.model import Field
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.drafts import DraftKeeper
from fieldcrm.ui.kit.fields import Entry
from fieldcrm.ui.kit.fields_record import Lookup
from fieldcrm.ui.kit.form import HALO, FormEditor
from fieldcrm.ui.kit.page import Desk
from fieldcrm.ui.kit.text import Label


class PolicyEntry(Entry):
    """One of the client's own policies."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.combo = QComboBox()
        self.combo.setAccessibleName(field.label)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(6)
        self._wanted: str | None = None
        self.row.addWidget(self.combo)
        self.combo.activated.connect(lambda _n: self._chosen())
        self.watch(self.combo)
        self.set_policies([])

    def set_policies(self, policies: Sequence[tuple[str, str]]) -> None:
        """(id, words) of the client's policies; the only one is chosen."""
        self.combo.clear()
        self.combo.addItem(_("no particular policy"), None)
        for policy_id, words in policies:
            self.combo.addItem(words, policy_id)
        if self._wanted is None and len(policies) == 1:
            self._wanted = policies[0][0]
        self.combo.setCurrentIndex(max(0, self.combo.findData(self._wanted)))

    def given(self) -> Any:
        return self._wanted

    def value(self) -> Any:
        return self._wanted

    def set_value(self, value: Any) -> None:
        self._wanted = value
        self.combo.setCurrentIndex(max(0, self.combo.findData(value)))

    def stops(self) -> list[QWidget]:
        return [self.combo]

    def _chosen(self) -> None:
        self._wanted = self.combo.currentData()
        self.changed.emit()


class InlineForm(QWidget):
    """Signals: `saved(values)` on Ctrl+Enter or the button, `cancelled` on Escape or the button."""

    saved = Signal(dict)
    cancelled = Signal()

    def __init__(self, desk: Desk, title: str, fields: Sequence[str], save: str, lookup: Lookup | None = None) -> None:
        super().__init__()
        self.policy: PolicyEntry | None = None
        self.heading = Label(title, bold=True)
        self.editor = FormEditor(
            forms.get("complaint"), fields=fields, lookup=lookup, headings=False, made=self._entry_of
        )
        self.keeper = DraftKeeper(self.editor, desk.runner, desk.runner.store.author.device)
        self.save_button = Button(save, kind="primary", hint="Ctrl ↵")
        self.cancel_button = Button(_("Cancel"), hint="Esc")
        row = QHBoxLayout()
        row.setContentsMargins(HALO, 0, HALO, 0)
        row.setSpacing(8)
        row.addWidget(self.save_button)
        row.addWidget(self.cancel_button)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(HALO, 0, HALO, 0)
        head.addWidget(self.heading)
        column.addLayout(head)
        column.addWidget(self.keeper.notice)
        column.addWidget(self.editor)
        column.addLayout(row)
        self.save_button.clicked.connect(self.editor.submit)
        self.cancel_button.clicked.connect(self.cancelled)
        self.editor.submitted.connect(self._submitted)

    def begin(self, key: str, values: Mapping[str, Any]) -> None:
        """Show values, bring back the draft of this key, and take the keyboard."""
        self.save_button.setEnabled(True)
        self.editor.set_values(values)
        self.keeper.open(key)
        self.editor.focus_first()

    def done(self) -> None:
        """What was typed is saved."""
        self.save_button.setEnabled(True)
        self.keeper.done()

    def failed(self, error: Exception) -> None:
        self.save_button.setEnabled(True)
        if isinstance(error, InvalidField | InvalidFields):
            self.editor.show_problems(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def _entry_of(self, field: Field) -> Entry | None:
        if field.name != "policy_id":
            return None
        self.policy = PolicyEntry(field)
        return self.policy

    def _submitted(self, values: dict[str, Any]) -> None:
        if self.save_button.isEnabled():
            self.save_button.setEnabled(False)
            self.saved.emit(values)
