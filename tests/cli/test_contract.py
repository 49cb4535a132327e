"""What the command line promises: passwords, locks, languages, no Qt, nothing personal, one sentence for an error."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from fieldcrm import cli
from fieldcrm.base.sheets import child
from fieldcrm.core import demo
from fieldcrm.core.book import Book, found, unlock
from support.program import PASSWORD, fieldcrm, in_process


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo book, closed."""
    folder = tmp_path_factory.mktemp("contract") / "book"
    demo.make(folder, clients=25, password=PASSWORD).close()
    return folder


def test_the_password_by_environment_or_stdin(data: Path) -> None:
    assert fieldcrm("show", "clients", "--data", data).code == 0
    given = fieldcrm(
        "show", "clients", "--data", data, "--password-stdin", "--json", password=None, stdin=PASSWORD + "\n"
    )
    assert given.json["total"] == 25
    wrong = fieldcrm("show", "clients", "--data", data, "--json", password="wrong")
    assert (wrong.code, wrong.json["error"]) == (1, "wrong_password")
    missing = fieldcrm("show", "clients", "--data", data, "--json", password=None)
    assert (missing.code, missing.json["error"]) == (2, "usage")


def test_one_json_object_on_stdout_messages_on_stderr(data: Path) -> None:
    for words in (["show", "diary"], ["search", "王"], ["history"], ["check"], ["show", "nothing"]):
        run = fieldcrm if words == ["show", "nothing"] else in_process
        answer = run(*words, "--json", "--data", data)
        assert isinstance(answer.json, dict)
        assert answer.code == (2 if words[1:] == ["nothing"] else 0)
        assert ("nothing" in answer.err) == (words[1:] == ["nothing"])


def test_an_error_is_one_sentence_in_the_language_asked(tmp_path: Path) -> None:
    for lang, says in (("zh", "[\u4e00-\u9fff]"), ("en", "^[A-Z]")):
        answer = fieldcrm("history", "--data", tmp_path / "none", "--lang", lang, lang=None)
        assert answer.code == 1
        assert answer.out == ""
        assert answer.err.count("\n") == 1
        assert re.search(says, answer.err)


def test_a_writing_command_while_somebody_writes_says_so_and_reading_works(tmp_path: Path) -> None:
    book: Book = found(tmp_path, name="林晓", unit="福州", role="manager", password=PASSWORD, what="window").book
    try:
        refused = fieldcrm("undo", "--data", tmp_path, "--json")
        assert (refused.code, refused.json["error"]) == (1, "open_in_window")
        assert "window" in refused.err
        assert fieldcrm("history", "--data", tmp_path).code == 0
        assert fieldcrm("backup", "--data", tmp_path).code == 0
        assert fieldcrm("restore", "x", "--data", tmp_path, "--json").json["error"] == "open_in_window"
    finally:
        book.close()


def test_nothing_to_undo(tmp_path: Path) -> None:
    found(tmp_path, name="林晓", unit="福州", role="manager", password=PASSWORD).book.close()
    answer = fieldcrm("redo", "--data", tmp_path, "--json")
    assert (answer.code, answer.json["error"]) == (1, "redo.nothing")


@pytest.mark.parametrize(
    "words",
    [["--help"], ["show", "clients", "--json"], ["search", "wang"], ["print", "visit-plan", "--out", "plan.pdf"]],
)
def test_only_the_window_and_the_drawing_import_qt(words: list[str], data: Path, tmp_path: Path) -> None:
    look = (
        "import sys\nfrom fieldcrm import cli\ncode = cli.main(sys.argv[1:])\n"
        "bad = [m for m in sys.modules if m.partition('.')[0] in ('PySide6', 'shiboken6')]\n"
        "import os\nassert 'FIELDCRM_PASSWORD' not in os.environ\n"
        "print('BAD' if bad else 'GOOD', code, file=sys.stderr)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", look, *words, "--data", str(data)],
        env={"PYTHONPATH": str(Path(demo.__file__).parents[3]), "FIELDCRM_PASSWORD": PASSWORD, "HOME": str(tmp_path)},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.stderr.endswith("GOOD 0\n"), answer.stderr


def test_help_imports_neither_the_database_nor_the_sheets() -> None:
    look = (
        "import sys\nfrom fieldcrm import cli\ncli.main(['--help'])\n"
        "heavy = ('sqlalchemy', 'alembic', 'openpyxl', 'reportlab', 'cryptography', 'PySide6', 'rich')\n"
        "sys.exit(str([m for m in heavy if m in sys.modules]) if any(m in sys.modules for m in heavy) else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", look],
        env={"PYTHONPATH": str(Path(demo.__file__).parents[3])}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_personal_numbers_are_masked(data: Path) -> None:
    told = fieldcrm("show", "clients", "--data", data, "--json").out
    book = unlock(data, password=PASSWORD, writing=None)
    try:
        from sqlalchemy import select

        from fieldcrm.core.clients.tables import Client, ClientPhone

        secrets = book.store.read(
            lambda s: [*s.scalars(select(ClientPhone.number)), *s.scalars(select(Client.id_number))]
        )
    finally:
        book.close()
    assert len([s for s in secrets if s]) > 25
    assert not [s for s in secrets if s and s in told]


def test_a_demo_is_drawn_where_there_is_no_display(tmp_path: Path) -> None:
    answer = fieldcrm(
        "demo", "--clients", "12", "--data", tmp_path / "demo", "--screenshots", tmp_path / "pages", "--lang", "zh",
        "--theme", "dark", "--json", password=None,
    )  # fmt: skip
    assert answer.code == 0, answer.err
    assert answer.json["password"] == demo.PASSWORD
    drawn = [Path(path) for path in answer.json["screenshots"]]
    assert len(drawn) >= 5
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)
    status = [QImage(str(path)).copy(0, 742, 1366, 26) for path in drawn if path.name.startswith(("today", "clients"))]
    assert status[0] == status[1]  # the first page drawn waited for what the status bar asks of the book
    assert (
        fieldcrm("show", "clients", "--data", tmp_path / "demo", "--json", password=demo.PASSWORD).json["total"] == 12
    )


def test_a_demo_never_touches_a_real_book(data: Path, tmp_path: Path) -> None:
    found(tmp_path, name="林晓", unit="福州", role="manager", password=PASSWORD).book.close()
    answer = fieldcrm("demo", "--data", tmp_path, "--screenshots", tmp_path / "p", "--json")
    assert (answer.code, answer.json["error"]) == (1, "demo.not_a_demo")


def test_founding_twice_is_refused_and_a_manager_has_no_server(tmp_path: Path) -> None:
    words = ["init", "--name", "林晓", "--unit", "福州", "--data", tmp_path, "--json"]
    server = fieldcrm(*words, "--database", "postgresql+psycopg://nobody@localhost/none")
    assert (server.code, server.json["error"]) == (1, "book.manager_on_server")
    assert fieldcrm(*words).code == 0
    assert fieldcrm(*words).json["error"] == "vault_exists"


def test_a_file_that_is_not_there(data: Path) -> None:
    """Missing, or a folder: told as what it is."""
    for words in (["import"], ["package", "inspect"], ["enrol", "accept"]):
        answer = in_process(*words, data / "none.xlsx", "--data", data, "--json")
        assert (answer.code, answer.json["error"]) == (1, "sheet.missing")
        answer = in_process(*words, data, "--data", data, "--json")
        assert (answer.code, answer.json["error"]) == (1, "sheet.folder")
    answer = in_process("restore", data / "none", "--data", data, "--json")
    assert (answer.code, answer.json["error"]) == (1, "backup_missing")
    assert "none" in answer.err


@pytest.mark.parametrize(
    ("name", "says"), [("", "a folder has this name"), ("none/x", "there is no such folder"), ("x" * 300, "too long")]
)
def test_a_file_that_cannot_be_written(name: str, says: str, data: Path) -> None:
    for words in (["package", "export"], ["print", "visit-plan"], ["enrol", "request"]):
        answer = in_process(*words, "--out", data / name, "--data", data, "--json")
        assert answer.code == 1
        if words[0] != "package":  # not enrolled comes first
            assert says in answer.json["message"]


def test_tables_say_how_many_they_left_out(data: Path) -> None:
    assert in_process("show", "clients", "--limit", "0", "--data", data).out == "0 of 25\n"
    assert in_process("show", "clients", "--limit", "2", "--data", data).out.endswith("2 of 25\n")
    for lang, kind in (("en", "Client "), ("zh", "客户 ")):
        found = in_process("search", "陈", "--limit", "2", "--data", data, lang=lang).out.splitlines()
        assert found[1].startswith(kind)
        assert found[-1].startswith("2 ")


def test_a_book_without_its_key_file_is_not_founded_over(tmp_path: Path) -> None:
    found(tmp_path, name="林晓", unit="福州", role="manager", password=PASSWORD).book.close()
    for name in ("vault-1.json", "vault-2.json"):
        (tmp_path / name).unlink()
    answer = in_process("init", "--name", "林晓", "--unit", "福州", "--data", tmp_path, "--json")
    assert (answer.code, answer.json["error"]) == (1, "book.keys_missing")
    assert (tmp_path / "book.db").exists()
    assert in_process("init", "--name", "", "--unit", " ", "--data", tmp_path / "n", "--json").json["problems"]


@pytest.mark.parametrize("start", [["-m", "fieldcrm"], ["-c", "import sys; from fieldcrm.cli import main; main()"]])
def test_started_as_the_gate_the_program_is_nothing_but_the_gate(start: list[str], tmp_path: Path) -> None:
    """A packaged program starts itself with the flag: it reads the request, opens the file and loads nothing else."""
    path = tmp_path / "list.csv"
    path.write_text("保单号,投保人\n1,王淑珍\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *start, child.FLAG],
        input=json.dumps({"path": str(path), "password": None, "formulas": "take"}).encode() + b"\n",
        env={"PYTHONPATH": str(Path(demo.__file__).parents[3])}, capture_output=True, check=True,
    )  # fmt: skip
    kinds, rest = "", done.stdout
    while rest:
        kinds, rest = kinds + chr(rest[0]), rest[5 + int.from_bytes(rest[1:5], "little") :]
    assert kinds == "LSRE"
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
    assert "fieldcrm.base.sheets.limits" in loaded
    assert not {"typer", "fieldcrm.base.settings", "sqlalchemy", "PySide6", "fieldcrm.app"} & loaded
    assert cli.GATE == child.FLAG


_PRINTS_ITS_ENVIRONMENT = "import os; print(*sorted(f'{k}={v}' for k, v in os.environ.items()), sep=chr(10))"


def test_no_child_of_a_command_inherits_the_password(tmp_path: Path) -> None:
    look = (
        "import subprocess, sys\nfrom fieldcrm import cli\ncode = cli.main(sys.argv[1:])\n"
        f"subprocess.run([sys.executable, '-c', {_PRINTS_ITS_ENVIRONMENT!r}], check=True)"
    )
    found(tmp_path / "book", name="林晓", unit="福州", role="manager", password=PASSWORD).book.close()
    done = subprocess.run(
        [sys.executable, "-c", look, "show", "clients", "--data", str(tmp_path / "book"), "--json"],
        env={"PYTHONPATH": str(Path(demo.__file__).parents[3]), "FIELDCRM_PASSWORD": PASSWORD, "SEEN": "yes"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert '"total"' in done.stdout
    assert "SEEN=yes" in done.stdout
    assert PASSWORD not in done.stdout
    assert "FIELDCRM_PASSWORD" not in done.stdout


_WINDOW = """
import subprocess, sys
from PySide6.QtCore import QProcess, QTimer
from fieldcrm import cli
from fieldcrm.ui.shell.window import Window

def look(window):
    subprocess.run([sys.executable, "-c", CHILD], check=True)  # as the gate, LibreOffice or a second start would be
    process = QProcess()
    process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedChannels)
    process.start(sys.executable, ["-c", CHILD])
    process.waitForFinished()
    window.close()

def built(window, state, build=Window._build):
    build(window, state)
    QTimer.singleShot(0, lambda: look(window))

Window._build = built
print("ENDED", cli.main(sys.argv[1:]))
"""


def test_no_child_of_the_window_inherits_the_password(tmp_path: Path) -> None:
    """The window opens the book with the password of the environment, then starts children."""
    found(tmp_path / "book", name="林晓", unit="福州", role="manager", password=PASSWORD).book.close()
    done = subprocess.run(
        [sys.executable, "-c", _WINDOW.replace("CHILD", repr(_PRINTS_ITS_ENVIRONMENT)), "--data", tmp_path / "book"],
        env={
            "PYTHONPATH": str(Path(demo.__file__).parents[3]), "FIELDCRM_PASSWORD": PASSWORD, "SEEN": "yes",
            "QT_QPA_PLATFORM": "offscreen:", "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path),
        },
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "ENDED 0" in done.stdout, done.stderr
    assert done.stdout.count("SEEN=yes") == 2
    assert PASSWORD not in done.stdout
    assert "FIELDCRM_PASSWORD" not in done.stdout


def test_an_office_put_back_without_the_program(tmp_path: Path) -> None:
    for role, code in (("office", 0), ("manager", 1)):
        data = tmp_path / role
        found(data, name="陈敏", unit="福州", role=role, password=PASSWORD).book.close()
        done = in_process("restored", "--data", data, "--json")
        assert (done.code, done.json.get("error")) == (code, None if role == "office" else "book.no_offices")
        assert in_process("check", "--data", data).code == 0
    book = unlock(tmp_path / "office", password=PASSWORD)
    assert book.store.author.device != book.device
    book.close()


def test_a_new_key(tmp_path: Path) -> None:
    made = in_process("init", "--name", "林晓", "--unit", "福州", "--data", tmp_path, "--json").json
    none = in_process("rekey", "--data", tmp_path / "none", "--json", password=None)
    assert (none.code, none.json["error"]) == (1, "vault_missing")
    done = in_process("rekey", "--data", tmp_path, "--json")
    assert done.code == 0
    assert done.json["recovery_code"] != made["recovery_code"]
    assert in_process("check", "--data", tmp_path).code == 0
