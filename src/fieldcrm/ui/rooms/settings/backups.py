"""The backups of the book: the last ones, one taken now, and how one comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from fieldcrm.base.i18n import _, ngettext
from fieldcrm.base.jobs import Progress
from fieldcrm.ui.kit.backups import backup_words
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card
from fieldcrm.ui.kit.page import Desk
from fieldcrm.ui.kit.text import Label, soft

_SHOWN = 4


class BackupCard(Card):
    """The last backups, one now, and how one comes back."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(_("Backups"))
        self.desk = desk
        self.now_button = Button(_("Back up now"), small=True)
        self.back_button = Button(_("Restore…"), small=True)
        self.add_button(self.back_button)
        self.add_button(self.now_button)
        self.lines = Label("", wrap=True)
        self.body.addWidget(self.lines)
        self.hint = soft("", wrap=True)
        self.hint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(self.hint)
        self.now_button.clicked.connect(self.take)
        self.back_button.clicked.connect(desk.bring_back)

    def load(self) -> None:
        book = self.desk.book
        for button in (self.now_button, self.back_button):
            button.setVisible(book is not None and not book.on_server)
        self.hint.setVisible(book is not None and not book.on_server)
        if book is None or book.on_server:
            self.lines.setText(_("The database server keeps its own backups."))
            return
        folder: Path = book.folder / "backups"
        self.hint.setText(_("Encrypted, kept in {folder}.").format(folder=folder))
        self.desk.runner.background(_backups, folder, then=self._show, key="settings.backups", owner=self)

    def take(self) -> None:
        """Back up now."""
        book = self.desk.book

        def work(progress: Progress) -> Path | None:
            found: Path | None = book.back_up("hand", progress)
            return found

        self.desk.runner.job(_("Backing up"), work, then=lambda _path: self._taken(), owner=self)

    def _taken(self) -> None:
        self.desk.say("done", _("The backup was taken and checked."), seconds=8)
        self.load()

    def _show(self, rows: list[Any]) -> None:
        lines = [backup_words(row) for row in rows[:_SHOWN]]
        more = len(rows) - _SHOWN
        if more > 0:
            lines.append(ngettext("and {n} earlier one", "and {n} earlier ones", more).format(n=more))
        self.lines.setText("\n".join(lines) or _("No backup yet; one is taken when the program closes."))


def _backups(folder: Path) -> list[Any]:
    from fieldcrm.base.data import backup

    return list(backup.list_backups(folder)) if folder.exists() else []
