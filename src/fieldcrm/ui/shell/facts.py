"""Keeps the status bar up to date: asks the book after every change, the backup folder now and then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from fieldcrm.ui.kit.runner import Job, Runner
from fieldcrm.ui.shell.me import OFFICE
from fieldcrm.ui.shell.statusbar import Facts

_SETTLE_MS = 400


class FactsWatch(QObject):
    """Emits `told(Facts)`. `book` is the open core.book.Book, None when only a store is at hand."""

    told = Signal(object)

    def __init__(self, runner: Runner, book: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._book = runner, book
        self._facts = Facts(
            encrypted=book is not None and not book.on_server, server=book is not None and book.on_server
        )
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self.ask)
        runner.changed.connect(self._timer.start)
        runner.job_started.connect(self._after_job)

    def begin(self) -> None:
        """Tell what is known; the book is asked a moment later, for the first page comes first."""
        self.told.emit(self._facts)
        self._timer.start()

    @property
    def waiting(self) -> bool:
        """Whether the book is still to be asked."""
        return self._timer.isActive()

    def _after_job(self, job: Job) -> None:
        """A backup changes no record."""
        job.finished.connect(self._timer.start)

    def ask(self) -> None:
        """Ask anew; `told` follows."""
        self.told.emit(self._facts)
        if self._runner.store is not None:
            author = self._runner.store.author
            if author.role == OFFICE:
                from fieldcrm.core.sync.queries import office_status

                self._runner.read(
                    office_status, author.device, then=self._on_office, failed=self._no_answer, key="facts", owner=self
                )
            else:
                from fieldcrm.core.sync.status import sync_status

                self._runner.read(sync_status, author.device, then=self._on_status, key="facts", owner=self)
        if self._book is not None and not self._book.on_server:
            folder: Path = self._book.folder
            self._runner.background(last_backup, folder, then=self._on_backup, key="facts.backup", owner=self)

    def _on_status(self, status: Any) -> None:
        self._facts = replace(
            self._facts,
            unsent=status.unsent,
            sent_at=status.sent_at,
            sent_number=status.sent_number,
            confirmed_number=status.confirmed_number,
        )
        self.told.emit(self._facts)

    def _on_office(self, status: Any) -> None:
        self._facts = replace(self._facts, office=status, unsent=status.unsent, connected=True)
        self.told.emit(self._facts)

    def _no_answer(self, _error: Exception) -> None:
        self._facts = replace(self._facts, connected=False)
        self.told.emit(self._facts)

    def _on_backup(self, at: datetime | None) -> None:
        self._facts = replace(self._facts, backup_at=at)
        self.told.emit(self._facts)


def last_backup(folder: Path) -> datetime | None:
    """When the newest backup of a data folder was taken."""
    from fieldcrm.base.data import backup

    rows = backup.list_backups(folder / "backups")
    return rows[0].taken_at if rows else None
