"""Usage, help and complaints of the command line, mostly inside this process."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from fieldcrm import cli
from fieldcrm.base import i18n
from fieldcrm.cli.commands import COMMANDS
from support.program import at_a_terminal, fieldcrm


@pytest.fixture
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDCRM_LANG", "en")


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


WORDS = ["", *(command.words for command in COMMANDS), "print", "enrol", "package"]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_of_every_command_in_both_languages(words: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*words.split(), "--help", "--lang", lang]) == 0
    told = capsys.readouterr().out
    for option in ("--data", "--json", "--lang", "--password-stdin", "--help"):
        assert option in told
    chinese = re.findall(r"[\u4e00-\u9fff]", told)
    assert bool(chinese) == (lang == "zh")
    assert "<" not in told
    assert "FILE…..." not in told
    for line in told.splitlines():
        assert _width(line) <= 100, line
    options = re.findall(r"^  (?:-|--)\S.*?(?=  )\s+", told, re.MULTILINE)
    assert len({len(option) for option in options}) == 1, told  # their explanations stand below each other
    if lang == "zh":  # no sentence was left in English
        assert not re.search(r"[A-Za-z]+ [a-z]+ [a-z]+ [a-z]+", told), told


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["--help", "--lang", "en"])
    told = capsys.readouterr().out
    for command in COMMANDS:
        assert re.search(rf"^  {command.words} ", told, re.MULTILINE)
    assert "…" not in told.replace("diaries …", "")
    assert "Exit codes" in told


@pytest.mark.usefixtures("_english")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nonsense"], 'There is no command "nonsense".'),
        (["enrol"], "Say which command."),
        ([], "Say which command."),
        (["show"], "KIND is missing."),
        (["init", "--name", "x"], "--unit is missing."),
        (["show", "clients", "--colour"], "There is no option --colour."),
        (["show", "clients", "--limit"], "--limit needs a value."),
        (["show", "clients", "--limit", "few"], '"few" is not a whole number from 0 on.'),
        (["show", "clients", "--limit", "-1"], '"-1" is not a whole number from 0 on.'),
        (["show", "clients", "more"], "Too many words: more."),
        (["show", "clients", "--lang", "fr"], '"fr" is not one of: zh, en.'),
        (["init", "--name", "x", "--unit", "y", "--role", "boss"], '"boss" is not one of: manager, office.'),
        (["print", "visit-plan", "--out", "x.pdf", "--week", "48"], '"48" is not a week'),
        (["print", "visit-plan", "--out", "x.pdf", "--week", "2025-W53"], '"2025-W53" is not a week'),
        (["print", "visit-plan", "--out", "x.pdf", "--week", "9999-W52"], '"9999-W52" is not a week'),
        (["--theme", "pink"], '"pink" is not one of: light, dark, system.'),
    ],
)
def test_wrong_usage_is_told_and_ends_with_2(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--json", *words]) == 2
    told = capsys.readouterr()
    assert says in told.err
    answer = json.loads(told.out)
    assert answer["error"] == "usage"
    assert says in answer["message"]


@pytest.mark.usefixtures("_english")
def test_the_hint_names_the_commands_own_help(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["show", "clients", "--limit", "few"])
    assert '--limit: "few" is not a whole number' in (told := capsys.readouterr().err)
    assert "fieldcrm show --help" in told
    cli.main(["print", "visit-plan", "--out", "x.pdf", "--week", "48"])
    assert "fieldcrm print visit-plan --help" in capsys.readouterr().err


@pytest.mark.usefixtures("_english")
@pytest.mark.parametrize(
    ("words", "code"), [(["show", "ships"], "show.no_kind"), (["show", "clients", "--where", "A"], "show.no_equals")]
)
def test_words_that_show_does_not_know_are_wrong_usage(
    words: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["--json", *words]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["error"] == code
    assert "fieldcrm show --help" in told.err


@pytest.mark.usefixtures("_english")
@pytest.mark.parametrize("place", ["before", "after"])
def test_common_options_stand_before_or_after(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    common = ["--data", str(tmp_path), "--lang", "zh", "--json"]
    words = [*common, "show", "clients"] if place == "before" else ["show", *common, "clients"]
    assert cli.main(words) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["error"] == "vault_missing"
    assert re.search(r"[\u4e00-\u9fff]", told.err)


def test_the_language_is_the_option_the_environment_or_the_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fieldcrm.base.settings import LANGUAGE, DeviceSettings

    monkeypatch.delenv("FIELDCRM_LANG", raising=False)
    data = ["--data", str(tmp_path)]
    cli.main(["--help", *data])
    assert i18n.language() == "zh_CN"
    DeviceSettings(tmp_path).set(LANGUAGE, "en")
    cli.main(["--help", *data])
    assert i18n.language() == "en"
    monkeypatch.setenv("FIELDCRM_LANG", "zh_CN.UTF-8")
    cli.main(["--help", *data])
    assert i18n.language() == "zh_CN"
    cli.main(["--help", *data, "--lang=en"])
    assert i18n.language() == "en"


def test_help_and_version_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    from fieldcrm import __version__

    assert cli.main(["enrol", "--help", "--json", "--lang", "zh"]) == 0
    assert "登记" in json.loads(capsys.readouterr().out)["help"]
    assert cli.main(["--version", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"version": __version__}


def test_a_closed_pipe_is_no_fault(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", "from fieldcrm.cli import main; import sys; sys.exit(main(['--help']))"],
        env={"PYTHONPATH": str(Path(cli.__file__).parents[2]), "HOME": str(tmp_path)},
        stdout=_closed_pipe(), stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    assert (told.returncode, told.stderr) == (1, "")


def _closed_pipe() -> int:
    reader, writer = os.pipe()
    os.close(reader)
    return writer


@pytest.mark.skipif(os.name == "nt", reason="a terminal made by the test is POSIX")
@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        (["a sentence\n", "another\n"], 2, "The two passwords differ."),
        (["\x03"], 1, "Cancelled; nothing was changed."),
        (["\x04"], 1, "Cancelled; nothing was changed."),
        (["short\n", "short\n"], 1, "at least 8 characters"),
        (["a sentence\n", "a sentence\n"], 0, "Recovery code:"),
    ],
)
def test_the_password_at_a_terminal(typed: list[str], code: int, says: str, tmp_path: Path) -> None:
    rest = list(typed)

    def answer(told: str, _child: int, terminal: int) -> None:
        if rest and told.endswith(": "):
            os.write(terminal, rest.pop(0).encode())

    words = ["init", "--name", "a", "--unit", "b", "--data", str(tmp_path / "data")]
    ended, told = at_a_terminal(words, answer, HOME=str(tmp_path))
    assert ended == code, told
    assert says in told
    assert "a sentence" not in told.replace("; a short sentence is best", "")


def test_no_password_no_terminal(tmp_path: Path) -> None:
    assert fieldcrm("init", "--name", "a", "--unit", "b", "--data", tmp_path, password=None).code == 2


def test_without_a_display_the_window_says_so(tmp_path: Path) -> None:
    answer = fieldcrm("--data", tmp_path)
    assert answer.code == 1
    assert "display" in answer.err
    assert "display" not in fieldcrm("--data", tmp_path, "--lang", "zh").err
