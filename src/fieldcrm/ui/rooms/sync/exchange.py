"""Packages written, looked into and merged as jobs, for the Sync page and the inbox; results in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fieldcrm.base import clock
from fieldcrm.base.data.store import Changes
from fieldcrm.base.i18n import _
from fieldcrm.base.jobs import Progress
from fieldcrm.core import sync
from fieldcrm.core.sync import Decisions, Exported, Looked, Received
from fieldcrm.ui.kit import choosing
from fieldcrm.ui.kit.page import MERGED, Page
from fieldcrm.ui.rooms.sync.words import left_words, result_words

PACKAGES = Changes(None, frozenset({"package"}))
"""Told after what changes no record but the register: pages and the status bar look again."""


class Exchange(QObject):
    """`looked(list[Looked])` when files were looked into, `merged(list[Received])` after an import."""

    looked = Signal(list)
    merged = Signal(list)

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page, self.desk = page, page.desk

    # -- out ------------------------------------------------------------------------------------

    def export(self, number: int, *, to: str | None = None, password: str | None = None) -> None:
        """Ask where, then write package `number` (0: not known yet): sealed, or readable under `password`."""
        name = f"fieldcrm{f'-{number:04}' if number else ''}-{clock.today():%Y%m%d}.xlsx"
        path = choosing.save_file(self._page, _("Save the package"), name)
        if path is None:
            return
        book = self.desk.book

        def work(progress: Progress) -> Exported:
            return sync.export_package(
                book, path, to=to, readable=password is not None, password=password, progress=progress
            )

        self.desk.runner.job(_("Writing the package"), work, then=self._exported, owner=self)

    def _exported(self, made: Exported) -> None:
        words = _("Package {n} for {name} written: {file}").format(
            n=made.number, name=made.to_name, file=made.path.name
        )
        self.desk.say("done", words, [(_("Show the folder"), lambda: _show_folder(made.path))], seconds=20)
        self.desk.runner.tell(PACKAGES)

    # -- in -------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for package files and look into them."""
        self.look(choosing.open_files(self._page, _("Import packages")))

    def choose_folder(self) -> None:
        """Ask for a folder and look into its packages."""
        folder = choosing.open_folder(self._page)
        if folder is None:
            return
        paths = sync.package_files(folder)
        if paths:
            self.look(paths)
        else:
            self.desk.say("info", _("There is no package in this folder."), seconds=8)

    def look(self, paths: Sequence[Path], password: str | None = None) -> None:
        """Look into files without merging them; `looked` follows."""
        if not paths:
            return
        book = self.desk.book

        def work(progress: Progress) -> list[Looked]:
            return sync.look_into(book, paths, password=password, progress=progress)

        self.desk.runner.job(_("Checking packages"), work, then=self._looked, owner=self)

    def _looked(self, looked: list[Looked]) -> None:
        self.looked.emit(looked)
        if any(x.received.state == "refused" for x in looked):
            self.desk.runner.tell(PACKAGES)  # they stand in the register now

    def merge(
        self, paths: Sequence[Path], passwords: Mapping[Path, str] | None = None, decided: Decisions | None = None
    ) -> None:
        """Merge files, some under passwords, as one import that Undo takes back, after a backup; `merged` follows.

        With values that were kept by `decided`, Undo takes these back first.
        """
        book, runner = self.desk.book, self.desk.runner

        def work(progress: Progress) -> list[Received]:
            book.back_up("import", progress)
            return sync.import_packages(book, paths, passwords=passwords, progress=progress, decided=decided)

        runner.job(_("Merging packages"), work, then=self._merged, owner=self)

    def _merged(self, results: list[Received]) -> None:
        level, words = result_words(results)
        some = any(r.state == "merged" for r in results)
        if some:
            self.desk.done(words)
        if level != "done" or not some:
            decide = [(_("Decide…"), lambda: self.desk.go("conflicts"))] if any(r.conflicts for r in results) else []
            seconds = 0 if level in ("error", "warning") else 12
            # what was done stands on the undo bar already
            self.desk.say(level, left_words(results) if some else words, decide, seconds=seconds, topic=MERGED)
        self.desk.runner.tell(Changes(None, _every_kind() if some else PACKAGES.kinds))
        self.merged.emit(results)


def _every_kind() -> frozenset[str]:
    from fieldcrm.base.data.schema import record_tables

    return frozenset(record_tables()) | PACKAGES.kinds


def _show_folder(path: Path) -> None:
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
