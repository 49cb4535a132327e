"""The system's file dialogs for packages; names they propose hold no personal data."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from fieldcrm.base.i18n import _

_WORKBOOK = "Excel (*.xlsx)"


def save_file(parent: QWidget, title: str, name: str) -> Path | None:
    """Where to write a workbook called `name` unless the person says otherwise; None: cancelled."""
    chosen, _filter = QFileDialog.getSaveFileName(parent, title, str(_documents() / name), _WORKBOOK)
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix.lower() == ".xlsx" else path.with_name(f"{path.name}.xlsx")


def open_files(parent: QWidget, title: str) -> list[Path]:
    """Workbooks to read."""
    chosen, _filter = QFileDialog.getOpenFileNames(parent, title, str(_documents()), _WORKBOOK)
    return [Path(name) for name in chosen]


def open_file(parent: QWidget, title: str) -> Path | None:
    chosen, _filter = QFileDialog.getOpenFileName(parent, title, str(_documents()), _WORKBOOK)
    return Path(chosen) if chosen else None


def open_folder(parent: QWidget) -> Path | None:
    chosen = QFileDialog.getExistingDirectory(parent, _("Folder with packages"), str(_documents()))
    return Path(chosen) if chosen else None


def _documents() -> Path:
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
