"""What can be done about a trouble of the world around the program, as buttons beside its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldcrm.base.i18n import _
from fieldcrm.ui.kit.messages import Action

if TYPE_CHECKING:
    from fieldcrm.ui.shell.workbench import Workbench

_DISK = frozenset({"disk_full", "backup_folder"})
_FOLDER = frozenset({"disk_full", "disk_trouble", "book_folder", "vault_folder", "lock_folder"})
_AGAIN = frozenset({"postgres.no_server", "book_busy"})


def remedies(bench: Workbench, code: str) -> list[Action]:
    """The remedies of an error code; none for most."""
    found: list[Action] = []
    if code in _AGAIN:
        found.append((_("Try again"), lambda: bench.pages[bench.current].refresh()))
    if code in _FOLDER and bench.book is not None:
        found.append((_("Show the folder"), lambda: show_folder(bench.book.folder)))
    if code in _DISK:
        found.append((_("Backups"), lambda: bench.go("settings")))
    return found


def show_folder(folder: object) -> None:
    """Open a folder in the system's file manager."""
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
