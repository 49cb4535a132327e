"""My data: name, title, staff number, phone, as they stand on paper and packages; the unit is the office's."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLineEdit

from fieldcrm.base import forms
from fieldcrm.base.errors import InvalidField, InvalidFields
from fieldcrm.base.i18n import _
from fieldcrm.core.people.actions import MINE, change_me, read_me
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card
from fieldcrm.ui.kit.page import Desk
from fieldcrm.ui.kit.text import Elided, Label
from fieldcrm.ui.rooms.settings.rows import field_row


class MineCard(Card):
    """One's own data; saved by its button or Enter."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("My data"), _("printed on your paper and packages"))
        self.desk = desk
        form = forms.get("person")
        self.fields: dict[str, QLineEdit] = {}
        self.unit = Elided(desk.me.unit)
        self.body.addLayout(field_row(_("Unit"), self.unit))
        for name in MINE:
            field = QLineEdit()
            field.setFixedWidth(220)
            field.returnPressed.connect(self.save)
            self.fields[name] = field
            self.body.addLayout(field_row(form[name].label, field))
        self.problem = Label("", token="red", wrap=True)  # noqa: S106 a tone
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.button = Button(_("Save"), small=True)
        self.body.addLayout(field_row("", self.button))
        self.button.clicked.connect(self.save)
        self._kept: dict[str, str] = {}

    def load(self) -> None:
        self.unit.setText(self.desk.me.unit)
        self.desk.runner.read(read_me, self.desk.me.person_id, then=self._show, key="settings.me", owner=self)

    def save(self) -> None:
        values = {name: field.text().strip() or None for name, field in self.fields.items()}
        self.problem.hide()
        self.desk.runner.change(change_me, values, then=self._saved, failed=self._failed, owner=self)

    def _show(self, values: dict[str, Any]) -> None:
        for name, field in self.fields.items():
            if not field.isModified():
                field.setText(values.get(name) or "")
                field.setCursorPosition(0)

    def _saved(self, _name: str) -> None:
        for field in self.fields.values():
            field.setModified(False)
        self.desk.know_me()
        self.desk.done(_("My data saved"))

    def _failed(self, error: Exception) -> None:
        problems = error.problems if isinstance(error, InvalidFields) else [error]
        first = problems[0]
        if isinstance(first, InvalidField):
            field = forms.get("person")[first.field]
            self.problem.setText(f"{field.label}: {first.sentence}")
            self.problem.show()
            self.fields[first.field].setFocus()
