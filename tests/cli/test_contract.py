"""What the command line promises: passwords, locks, languages, no Qt, nothing personal, one sentence for an error."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

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
        assert answer.code == (1 if words[1:] == ["nothing"] else 0)
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
    for words in (["import"], ["package", "inspect"]):
        answer = fieldcrm(*words, data / "none.xlsx", "--data", data, "--json")
        assert answer.code == 1
        assert answer.json["message"]
