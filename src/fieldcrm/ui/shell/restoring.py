"""Which backup comes back, with the password; before the book is open, or when it does not open any more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import choosing
from fieldcrm.ui.kit.backups import backup_words
from fieldcrm.ui.shell.entry import Entry, quiet, secret, soft

_KIND = "fieldcrm (*.fcbackup)"


class RestorePage(Entry):
    """Emits `asked(path, password)` or `left()`; `chosen` is a file that was asked for before."""

    asked = Signal(object, str)
    left = Signal()

    def __init__(self, chosen: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__("undo-2", _("Bring back a backup"), _("Bring it back"), _("Bringing it back…"), parent)
        self._chosen = chosen
        self.which = QComboBox()
        self.file = quiet(_("Another file…"))
        self.password = secret(_("Password"))
        self.back = quiet(_("Back"))
        told = _("The book goes back to the moment of the backup. The one that is here now is kept beside it.")
        self.column.addWidget(soft(told))
        self.column.addSpacing(6)
        self.add_field(_("Backup"), self.which)
        self.column.addWidget(self.file, 0, Qt.AlignmentFlag.AlignLeft)
        self.add_field(_("Password"), self.password)
        self.add_foot(back=self.back)
        self.file.clicked.connect(self._open)
        self.back.clicked.connect(self.left)

    def show_backups(self, rows: Sequence[Any]) -> None:
        """The backups in the book's folder (data.backup.BackupRow), newest first; the one asked for is chosen."""
        self.which.clear()
        for row in rows:
            self.which.addItem(backup_words(row), row.path)
        if self._chosen is not None:
            self._choose(self._chosen)
        self.password.setFocus()

    def _open(self) -> None:
        path = choosing.open_file(self, _("Bring back a backup"), _KIND)
        if path is not None:
            self._choose(path)
            self.password.setFocus()

    def _choose(self, path: Path) -> None:
        at = self.which.findData(path)
        if at < 0:
            self.which.insertItem(0, path.name, path)
            at = 0
        self.which.setCurrentIndex(at)

    def submit(self) -> None:
        if not self.button.isEnabled():
            return
        path = self.which.currentData()
        if path is None:
            self.show_problem(_("There is no backup here yet; open another file."))
        elif not self.password.text():
            self.show_problem(_("Type the password."), self.password)
        else:
            self.set_working(True)
            self.asked.emit(path, self.password.text())
