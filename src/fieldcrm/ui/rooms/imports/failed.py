"""The rows that were left out, given back as a workbook: where to, and under which password."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.base.vault import SHORTEST
from fieldcrm.ui.kit import choosing
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.popup import Popup
from fieldcrm.ui.kit.secrets import Password
from fieldcrm.ui.kit.text import Label, soft

SaveFailed = Callable[[Path, str], object]


class FailedRows(Popup):
    """A small panel: a password for the file, and where to; `then(path, password)`."""

    def __init__(self, name: str, then: SaveFailed, parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self._then = name, then
        self.setFixedWidth(320)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(Label(_("Save the rows left out"), bold=True))
        column.addWidget(
            soft(_("Each row with its reason, in the layout of the list; corrected, it imports again."), wrap=True)
        )
        self.password = Password(_("Password for the file"))
        self.password.setPlaceholderText(_("Password, at least {n} characters").format(n=SHORTEST))
        self.password.returnPressed.connect(self.save)
        column.addWidget(self.password)
        self.problem = Label("", token="red", wrap=True)  # noqa: S106 a tone
        self.problem.hide()
        column.addWidget(self.problem)
        column.addWidget(soft(_("The file holds full names and numbers."), wrap=True))
        row = QHBoxLayout()
        self.button = Button(_("Save as…"), kind="primary", small=True)
        self.button.clicked.connect(self.save)
        row.addStretch()
        row.addWidget(self.button)
        column.addLayout(row)

    def show_at(self, place: QPoint) -> None:
        self.adjustSize()
        super().show_at(place)

    def first(self) -> QWidget:
        return self.password

    def save(self) -> None:
        password = self.password.text()
        if len(password) < SHORTEST:
            self.problem.setText(_("At least {n} characters.").format(n=SHORTEST))
            self.problem.show()
            self.password.setFocus()
            return
        self.close()
        path = ask_target(self.parentWidget(), self._name)
        if path is not None:
            self._then(path, password)


def ask_failed(button: QWidget, source: Path | None, then: SaveFailed) -> FailedRows:
    """Ask, below a button, how to save the rows of a list that were left out."""
    stem = source.stem if source is not None else _("List")
    panel = FailedRows(_("{list} left out").format(list=stem) + ".xlsx", then, button.window())
    panel.show_at(button.mapToGlobal(QPoint(0, button.height() + 2)))
    return panel


def ask_target(parent: QWidget | None, name: str) -> Path | None:
    """Where to save a workbook."""
    return choosing.save_file(parent, _("Save as"), name)


def ask_lists(parent: QWidget) -> list[Path]:
    """Which lists to import."""
    kinds = _("Lists") + " (*.xlsx *.xlsm *.xls *.csv *.txt *.tsv);;" + _("All files") + " (*)"
    return choosing.open_files(parent, _("Import a list"), kinds)
