"""`fieldcrm import`: locked lists, and Ctrl+C; real processes at a real terminal."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from fieldcrm.base.sheets.writer import Column, SheetOut, write
from support.program import PASSWORD, at_a_terminal, fieldcrm

HEAD = ["保单号", "投保人", "保费"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    assert fieldcrm("init", "--name", "林晓", "--unit", "福州支公司", "--data", folder).code == 0
    return folder


def a_list(path: Path, rows: list[list[str]], password: str | None = None) -> Path:
    write(path, [SheetOut("清单", [Column(title) for title in HEAD], rows)], password=password)
    return path


def test_a_locked_list_by_stdin(data: Path, tmp_path: Path) -> None:
    locked = a_list(tmp_path / "密.xlsx", [["1001", "王淑珍", "5,000"]], "their word 1")
    words = ("import", locked, "--data", data, "--json", "--dry-run")
    refused = fieldcrm(*words)
    assert (refused.code, refused.json["error"]) == (1, "import.locked")
    assert "--list-password-stdin" in refused.json["message"]
    assert fieldcrm(*words, "--list-password-stdin", stdin="wrong\n").json["error"] == "sheet.wrong-password"
    assert fieldcrm(*words, "--list-password-stdin", stdin="their word 1\n").json["new"] == 1
    both = f"{PASSWORD}\ntheir word 1\n"
    told = fieldcrm(*words, "--password-stdin", "--list-password-stdin", stdin=both, password=None)
    assert told.json["new"] == 1


def test_a_list_locked_by_the_books_password_opens_by_itself(data: Path, tmp_path: Path) -> None:
    locked = a_list(tmp_path / "密.xlsx", [["1001", "王淑珍", "5,000"]], PASSWORD)
    assert fieldcrm("import", locked, "--data", data, "--json").json["new"] == 1


@pytest.mark.skipif(os.name == "nt", reason="a terminal made by the test is POSIX")
@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        ("their word 1\n", 0, "1 new"),
        ("wrong\n", 1, "password of the file is wrong"),
        ("\x03", 1, "nothing was changed"),
    ],
)
def test_a_locked_list_at_a_terminal(typed: str, code: int, says: str, data: Path, tmp_path: Path) -> None:
    locked, rest = a_list(tmp_path / "密.xlsx", [["1001", "王淑珍", "5,000"]], "their word 1"), [typed]

    def answer(told: str, _child: int, terminal: int) -> None:
        if rest and told.endswith("Password of the file: "):
            os.write(terminal, rest.pop().encode())

    words = ["import", str(locked), "--data", str(data)]
    ended, told = at_a_terminal(words, answer, FIELDCRM_PASSWORD=PASSWORD, HOME=str(tmp_path))
    assert (ended, says in told) == (code, True), told
    assert "their word" not in told


@pytest.mark.skipif(os.name == "nt", reason="a terminal made by the test is POSIX")
@pytest.mark.parametrize("stage", ["Reading the file", "Writing the file"])
def test_ctrl_c_tells_the_truth(stage: str, data: Path, tmp_path: Path) -> None:
    """The failed rows are written before the list goes in: an interrupt then changes nothing either."""
    rows = [["1001", "王淑珍", "5,000"], *([f"{n}", "陈国强", "约五万"] for n in range(2_000, 22_000))]
    words = ["import", str(a_list(tmp_path / "清单.xlsx", rows)), "--data", str(data), "--json"]
    words += ["--errors", str(tmp_path / "failed.xlsx")]

    rest = [signal.SIGINT]

    def interrupt(told: str, child: int, _terminal: int) -> None:
        if rest and stage in told:
            os.kill(child, rest.pop())

    ended, told = at_a_terminal(words, interrupt, FIELDCRM_PASSWORD=PASSWORD, HOME=str(tmp_path))
    assert ended == 1, told[-400:]
    answer = json.loads(told[told.index("{") :])
    assert (answer["error"], answer["changed"]) == ("cancelled", False)
    assert "nothing was changed" in answer["message"]
    found = fieldcrm("show", "policies", "--data", data, "--json").json
    assert found["total"] == 0
    assert not (tmp_path / "failed.xlsx").exists()


def test_the_workbook_of_failed_rows_never_takes_the_place_of_the_list(data: Path, tmp_path: Path) -> None:
    source = a_list(tmp_path / "清单.xlsx", [["1001", "王淑珍", "5,000"], ["1002", "陈明", "五千"]])
    before = source.read_bytes()
    told = fieldcrm("import", source, "--errors", source, "--data", data, "--json")
    assert (told.code, told.json["error"]) == (1, "imports.over_the_list")
    assert source.read_bytes() == before
    assert fieldcrm("show", "clients", "--data", data, "--json").json["total"] == 0


def test_where_failed_rows_cannot_be_written_nothing_is_imported(data: Path, tmp_path: Path) -> None:
    source = a_list(tmp_path / "清单.xlsx", [["1001", "王淑珍", "5,000"], ["1002", "陈明", "五千"]])
    told = fieldcrm("import", source, "--errors", tmp_path / "none" / "out.xlsx", "--data", data, "--json")
    assert (told.code, told.json["error"]) == (1, "sheet.cannot-write")
    assert fieldcrm("show", "clients", "--data", data, "--json").json["total"] == 0


def test_a_value_that_stays_out_is_told_from_a_row_that_does(data: Path, tmp_path: Path) -> None:
    source = tmp_path / "清单.xlsx"
    rows = [["1001", "王淑珍", "5,000", "1960-02-30"], ["1002", "陈明", "五千", ""]]
    write(source, [SheetOut("清单", [Column(title) for title in [*HEAD, "出生日期"]], rows)])
    told = fieldcrm("import", source, "--data", data, "--json")
    assert [p["cell"] for p in told.json["problems"]] == ["D2", "C3"]
    assert told.json["values_only"] == [{"sheet": "清单", "cell": "D2"}]
    lines = fieldcrm("import", source, "--data", data, "--dry-run").out.splitlines()
    assert lines[1].startswith("清单 C3")  # what failed comes first
    assert lines[2].startswith("清单 D2")
    assert lines[2].endswith("(The row goes in without this value.)")


def test_rows_that_are_no_data_are_told(data: Path, tmp_path: Path) -> None:
    source = tmp_path / "清单.xlsx"
    rows = [["鼓楼支行", "", "", ""], ["1001", "王淑珍", "5,000", "2026-12-01"], ["合计", "", "5,000", ""]]
    write(source, [SheetOut("清单", [Column(title) for title in [*HEAD, "满期日"]], rows)])
    words = ("import", source, "--data", data, "--dry-run")
    told = fieldcrm(*words, "--json").json
    assert [(p["row"], p["why"]) for p in told["passed_over"]] == [(2, "header"), (4, "total")]
    assert fieldcrm(*words).out.splitlines()[-1].endswith("passed over: 清单 2, 清单 4")
