"""The system's file dialogs: they open where the last file lay, else among the documents; proposed names hold no
personal data.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from fieldcrm.base.i18n import _

WORKBOOK = "Excel (*.xlsx)"
_last: list[Path] = []  # the folder of the last file, while the program runs


def save_file(parent: QWidget | None, title: str, name: str, kind: str = WORKBOOK) -> Path | None:
    """Where to write a file called `name` unless the person says otherwise, with its ending; None: cancelled."""
    chosen, _filter = QFileDialog.getSaveFileName(parent, title, str(folder() / name), kind)
    if not chosen:
        return None
    path, ending = Path(chosen), Path(name).suffix
    _last[:] = [path.parent]
    return path if path.suffix.lower() == ending else path.with_name(path.name + ending)


def open_files(parent: QWidget, title: str, kinds: str = WORKBOOK) -> list[Path]:
    """Files to read."""
    chosen, _filter = QFileDialog.getOpenFileNames(parent, title, str(folder()), kinds)
    return _noted([Path(name) for name in chosen])


def open_file(parent: QWidget, title: str, kind: str = WORKBOOK) -> Path | None:
    """One file to read."""
    chosen, _filter = QFileDialog.getOpenFileName(parent, title, str(folder()), kind)
    return _noted([Path(chosen)])[0] if chosen else None


def open_folder(parent: QWidget) -> Path | None:
    """A folder with packages."""
    chosen = QFileDialog.getExistingDirectory(parent, _("Folder with packages"), str(folder()))
    return Path(chosen) if chosen else None


def folder() -> Path:
    """Where a dialog opens."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return next((place for place in (*_last, Path(documents)) if place.is_dir()), Path.home())


def _noted(paths: list[Path]) -> list[Path]:
    if paths:
        _last[:] = [paths[0].parent]
    return paths
