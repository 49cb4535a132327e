"""Start: what may be imported before the first paint, and what the door knows of the vault."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fieldcrm.base.vault import sidecar
from fieldcrm.ui.shell.door import AHEAD, KEY_FILES

PROBE = """
import sys
from pathlib import Path
from fieldcrm import app
from fieldcrm.ui.shell.window import Window

def painted(self):
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    heavy = {"sqlalchemy", "sqlcipher3", "cryptography", "pandas", "openpyxl", "reportlab"}
    heavy |= {"fieldcrm.core", "fieldcrm.ui.kit.buttons"}
    print("early:", sorted(heavy & set(sys.modules)))
    QTimer.singleShot(0, QApplication.quit)

Window._on_first_paint = painted
sys.exit(app.run(Path(sys.argv[1]), language="en", theme="light"))
"""


def test_the_door_knows_the_key_files() -> None:
    assert sidecar.NAMES == KEY_FILES


def test_nothing_heavy_is_imported_before_the_first_paint(tmp_path: Path) -> None:
    (tmp_path / KEY_FILES[0]).write_text("{}")
    said = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )
    assert "early: []" in said.stdout, said.stderr
    assert said.returncode == 0


@pytest.mark.parametrize("module", [*AHEAD, "fieldcrm.core.sync", "fieldcrm.core.search"])
def test_what_is_fetched_ahead_can_be_imported_first(module: str) -> None:
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True, timeout=60)


def test_first_start_asks_for_the_password_that_the_vault_takes() -> None:
    from fieldcrm.base import vault
    from fieldcrm.ui.shell import entry

    assert entry.SHORTEST == vault.SHORTEST
