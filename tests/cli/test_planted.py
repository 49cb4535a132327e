"""Planted markers: after every command and a window worked with a client, nothing of that person lies in clear."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldcrm.cli.commands import COMMANDS
from support.program import PASSWORD, Answer, fieldcrm

NAME, SPOILT_NAME, PHONE, ADDRESS = "欧阳探针", "司马探针", "13805917731", "鼓楼区探针路7731号"
_DIGITS = "35010219550312773"
ID = _DIGITS + "10X98765432"[sum(int(d) * pow(2, 17 - n, 11) for n, d in enumerate(_DIGITS)) % 11]
NEW_PASSWORD = "another horse 7"
MARKERS = (NAME, SPOILT_NAME, PHONE, PHONE[3:], ID, ID[6:], ADDRESS, "探针", PASSWORD, NEW_PASSWORD)

_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from fieldcrm import cli
from fieldcrm.ui.shell.window import Window

NAME, PHONE, ADDRESS = sys.argv[1:4]

def built(window, state, build=Window._build):
    build(window, state)
    bench = window.bench
    steps = [
        lambda: [bench.go(key) for key in ("today", "policies", "callbacks", "visits", "diary", "clients")],
        lambda: bench.pages["clients"].new_button.click(),
        lambda: type_into(bench.pages["clients"].editor.editor),
        lambda: bench.quick_log(),
        lambda: bench.log_panel.summary.setText(NAME + PHONE + ADDRESS),
        lambda: fault(),
        lambda: window.lock() if "lock" in sys.argv[4] else window.close(),
        lambda: window.close(),
    ]
    for number, step in enumerate(steps):
        QTimer.singleShot(600 * (number + 1), step)

def type_into(editor):
    editor.set_values({"name": NAME, "address": ADDRESS, "city": PHONE})
    editor.changed.emit()
    QApplication.clipboard().setText(PHONE)

def fault():
    raise RuntimeError(NAME + PHONE)  # a fault of our own, with values in its text

Window._build = built
code = cli.main(sys.argv[5:])
print("ENDED", code)
"""


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose every folder lies below one root."""
    root = tmp_path / "root"
    names = {"HOME": "home", "TMPDIR": "tmp", "XDG_DATA_HOME": "share", "XDG_CONFIG_HOME": "config",
             "XDG_CACHE_HOME": "cache", "XDG_RUNTIME_DIR": "run", "XDG_STATE_HOME": "state", "SQLITE_TMPDIR": "tmp",
             "TEMP": "tmp", "TMP": "tmp"}  # fmt: skip
    made = {name: root / folder for name, folder in names.items()}
    for folder in made.values():
        folder.mkdir(parents=True, exist_ok=True)
    made["XDG_RUNTIME_DIR"].chmod(0o700)
    return {name: str(folder) for name, folder in made.items()}


def contents(root: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below, by name, packed ones unpacked."""
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        yield str(path.relative_to(root)), path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                for name in packed.namelist():
                    yield f"{path.name}/{name}", packed.read(name)


def leaks(root: Path) -> list[tuple[str, str]]:
    """(file, marker) wherever a marker stands in a name or in the bytes, in the encodings a program might use."""
    needles = [(m, {m.encode(e) for e in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")}) for m in MARKERS]
    found = []
    for name, data in contents(root):
        found += [(name, marker) for marker, spelled in needles if marker in name or any(s in data for s in spelled)]
    return found


def test_no_marker_outside_encrypted_files(home: dict[str, str], tmp_path: Path) -> None:
    root = tmp_path / "root"
    data, office = root / "data", root / "office"

    done: set[str] = set()

    def run(*words: str | Path, folder: Path = data, code: int = 0, password: str = PASSWORD) -> Answer:
        done.update(c.words for c in COMMANDS if c.words.split() == list(words[: len(c.words.split())]))
        answer = fieldcrm(*words, "--data", folder, password=password, **home)
        assert answer.code == code, answer.out + answer.err
        return answer

    sheet = tmp_path / "满期清单.csv"  # the person's own file, outside of what is looked through
    sheet.write_text(
        "保单号,投保人,证件号码,联系电话,地址,保费\n"
        f"P7731,{NAME},{ID},{PHONE},{ADDRESS},1000\n,{SPOILT_NAME},,{PHONE},{ADDRESS},1000\n",
        encoding="utf-8",
    )
    run("init", "--name", "林晓", "--unit", "待登记")
    run("init", "--name", "陈敏", "--unit", "福州支公司", "--role", "office", folder=office)
    run("enrol", "request", "--out", root / "request.xlsx")
    run("enrol", "grant", root / "request.xlsx", "--out", root / "grant.xlsx", folder=office)
    run("enrol", "accept", root / "grant.xlsx")
    run("import", sheet, "--errors", root / "failed.xlsx")
    assert NAME in run("search", NAME).out  # the marker is there, where it may be seen
    assert (root / "failed.xlsx").exists()
    run("show", "clients", "--json")
    run("package", "export", "--out", root / "package.xlsx")
    run("package", "import", root / "package.xlsx", folder=office)
    assert NAME in run("search", PHONE[-4:], folder=office).out
    fieldcrm("search", NAME, "--data", data, password=PASSWORD + NAME, **home)
    for end in ("lock", "close"):
        window(home, data, end)
    run("undo")
    run("redo")
    run("history")
    run("print", "visit-plan", "--out", tmp_path / "plan.pdf")  # papers are what a person hands over
    run("print", "form", "callback", "--out", tmp_path / "form.pdf")
    run("package", "inspect", root / "package.xlsx", folder=office)
    run("backup")
    (backup,) = (data / "backups").glob("*-hand.*")
    run("rekey")
    run("restore", backup)
    run("recover", "request", "--out", root / "asked.xlsx")
    run("recover", "grant", root / "asked.xlsx", "--out", root / "answer.xlsx", folder=office)
    run("recover", "accept", root / "answer.xlsx", password=NEW_PASSWORD)
    run("restored", folder=office)
    run("check", password=NEW_PASSWORD)
    assert done == {command.words for command in COMMANDS} - {"demo"}
    log = (data / "fieldcrm.log").read_text("utf-8")
    assert "RuntimeError" in log  # the fault was noted
    assert leaks(root) == []
    assert sum(1 for _ in contents(root)) > 20
    (root / "tmp" / "planted").write_text(NAME, encoding="gb18030")
    assert leaks(root) == [("tmp/planted", NAME), ("tmp/planted", "探针")]  # the search itself finds


def window(home: dict[str, str], data: Path, end: str) -> None:
    """A window works on the book: pages, a half typed client and contact, text copied; it is locked and closed."""
    source = str(Path(__file__).parent.parent.parent / "src")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FIELDCRM_")}
    done = subprocess.run(
        [sys.executable, "-c", _WINDOW, NAME, PHONE, ADDRESS, end, "--data", str(data)],
        env=kept | home | {"PYTHONPATH": source, "FIELDCRM_PASSWORD": PASSWORD, "QT_QPA_PLATFORM": "offscreen:"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "ENDED 0" in done.stdout, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
