"""Where the file dialogs open."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from fieldcrm.ui.kit import choosing


def test_a_dialog_opens_among_the_documents_then_where_the_last_file_lay(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "_last", [])
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _where: str(tmp_path / "none"))
    assert choosing.folder() == Path.home()  # a machine without Documents
    asked: list[str] = []

    def save(_parent: object, _title: str, proposed: str, _kind: str) -> tuple[str, str]:
        asked.append(proposed)
        return str(tmp_path / "plan"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", save)
    assert choosing.save_file(None, "Save", "visit-plan.pdf") == tmp_path / "plan.pdf"
    choosing.save_file(None, "Save", "visit-plan.pdf")
    assert asked == [str(Path.home() / "visit-plan.pdf"), str(tmp_path / "visit-plan.pdf")]
