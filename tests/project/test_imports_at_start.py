"""What a start may import: `sys.modules` is looked at when the first page is painted, and after the core's doors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fieldcrm.base.vault import sidecar

WINDOW = """
import sys
before = set(sys.modules)
from pathlib import Path
from fieldcrm import app
from fieldcrm.ui.shell.window import Window

def painted(self):
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    QTimer.singleShot(0, QApplication.quit)

Window._on_first_paint = painted
code = app.run(Path(sys.argv[1]), language="zh_CN", theme="light")
print(*(set(sys.modules) - before))
sys.exit(code)
"""

# Beside the standard library: what the first page needs. A new name here costs every start; say in the commit what.
ALLOWED = {"fieldcrm", "PySide6", "shiboken6", "shibokensupport", "signature_bootstrap", "__feature__"}
ALLOWED_QT = {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets", "PySide6.QtNetwork", "PySide6.QtSvg"}
# Of the standard library, what is slow and needs a reason
SLOW = {"asyncio", "multiprocessing", "http.client", "sqlite3", "unittest", "email.parser", "concurrent.futures"}


@pytest.mark.parametrize("known", [True, False], ids=["unlock", "first start"])
def test_the_first_page_imports_only_what_it_needs(known: bool, tmp_path: Path) -> None:
    if known:
        (tmp_path / sidecar.NAMES[0]).write_text("{}")
    modules = _modules(WINDOW, str(tmp_path))
    tops = {name.partition(".")[0] for name in modules}
    assert tops - set(sys.stdlib_module_names) - ALLOWED == set()
    assert {m for m in modules if m.startswith("PySide6.Qt")} <= ALLOWED_QT
    assert not any(name.startswith(("fieldcrm.core", "fieldcrm.base.data", "fieldcrm.base.forms")) for name in modules)
    assert modules & SLOW == set()


# What opening a book, and every command on one, may not drag in.
ON_USE = {
    "openpyxl", "xlsxwriter", "python_calamine", "msoffcrypto", "reportlab", "pypdfium2", "pandas", "numpy", "alembic",
    "stdnum", "lunar_python", "holidays", "chinese_calendar", "PySide6", "psycopg",
}  # fmt: skip


def test_the_core_imports_libraries_on_use() -> None:
    modules = _modules("import sys, fieldcrm.core.book, fieldcrm.core.sync, fieldcrm.core.imports; print(*sys.modules)")
    assert {name.partition(".")[0] for name in modules} & ON_USE == set()


def test_the_first_page_of_either_role_is_fetched_while_the_password_is_typed() -> None:
    modules = _modules(
        "import sys; from fieldcrm.ui.shell import navigation; navigation.import_page(''); print(*sys.modules)"
    )
    assert {"fieldcrm.ui.rooms.today.page", "fieldcrm.ui.rooms.inbox.page"} <= modules


def _modules(program: str, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())
