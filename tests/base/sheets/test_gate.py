"""Hostile workbooks are refused or harmless, quickly and small; the sentences exist in both languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fieldcrm.base import errors
from fieldcrm.base.errors import Cancelled, Environment, FieldcrmError, Refused
from fieldcrm.base.jobs import Progress
from fieldcrm.base.sheets import gate, limits, reader
from support import hostile

HARMLESS = {"whole-sheet merge"}


@pytest.mark.parametrize("kind", sorted(hostile.KINDS))
def test_hostile_is_refused_or_harmless(kind: str, tmp_path: Path) -> None:
    path = hostile.write(tmp_path, kind)
    before = path.read_bytes()
    started = time.monotonic()
    if kind in HARMLESS:
        assert reader.read(path).sheets[0].rows == [[1.0]]
    else:
        with pytest.raises(FieldcrmError) as refused:
            reader.read(path, password="secret")
        assert refused.value.code.startswith("sheet.")
        assert refused.value.sentence.endswith((".", "。"))
    assert time.monotonic() - started < 5
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["hostile.xlsx"]


def test_there_are_at_least_36_kinds() -> None:
    assert len(hostile.KINDS) >= 36


_ALL = """
import json, resource, sys
from pathlib import Path
from fieldcrm.base.errors import FieldcrmError
from fieldcrm.base.sheets import reader
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        reader.read(path, password="secret")
    except FieldcrmError:
        pass
print(json.dumps(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures resident memory as Linux counts it")
def test_no_child_grows_beyond_200_mb(tmp_path: Path) -> None:
    for number, kind in enumerate(hostile.KINDS):
        (tmp_path / f"{number}.xlsx").write_bytes(hostile.made(kind))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", _ALL, str(tmp_path)], env=environment, capture_output=True, check=True, timeout=120
    )
    assert json.loads(done.stdout) < 200 * 1024


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("cell at XFD1048576", "sheet.rows"),
        ("cell at XFD1", "sheet.columns"),
        ("shared strings say 4 billion", "sheet.counts"),
        ("billion laughs", "sheet.doctype"),
        ("external entity", "sheet.doctype"),
        ("macros", "sheet.macros"),
        ("external link part", "sheet.external"),
        ("embedded object", "sheet.embedded"),
        ("10,000 merges", "sheet.merges"),
        ("100,000 formats", "sheet.formats"),
        ("1,000 parts", "sheet.parts"),
        ("parent folder in a name", "sheet.names"),
        ("spin count of 90 million", "sheet.spin"),
        ("120 MB at a modest ratio", "sheet.rows"),
        ("200 MB of spaces", "sheet.text"),
        ("empty file", "sheet.empty"),
    ],
)
def test_the_sentence_says_why(kind: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(FieldcrmError) as refused:
        reader.read(hostile.write(tmp_path, kind), password="secret")
    assert refused.value.code == code


def test_formulas_in_a_package_are_refused(tmp_path: Path) -> None:
    xml = hostile.sheet_xml('<row r="2"><c r="B2"><f>1+1</f><v>2</v></c></row>')
    path = tmp_path / "p.xlsx"
    path.write_bytes(hostile.pack(hostile.parts(xml)))
    sheet = reader.read(path).sheets[0]
    assert sheet.rows[1] == ["", 2.0]
    assert sheet.formulas == {(1, 1)}
    with pytest.raises(Refused) as refused:
        reader.read(path, formulas="refuse")
    assert (refused.value.code, refused.value.values) == ("sheet.formulas", {"cell": "B2"})


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.xlsx", "sheet.missing"), (tmp_path, "sheet.folder")):
        with pytest.raises(Environment) as refused:
            reader.read(path)
        assert refused.value.code == code


def test_cancel_ends_the_child_at_once(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a,b,c\n" * 250_000)
    progress = Progress()
    started = 0.0

    def take() -> None:
        nonlocal started
        with gate.through(path, progress=progress) as passage:
            for _ in passage.frames:
                started = started or time.monotonic()
                progress.cancel()
                time.sleep(0.2)

    with pytest.raises(Cancelled):
        take()
    assert time.monotonic() - started < 10  # it does not read to the end; how soon, the benchmark says


def test_a_slow_child_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a,b,c\n" * 250_000)
    monkeypatch.setattr(limits, "SECONDS", 0.0)
    monkeypatch.setattr(limits, "SECONDS_MOST", 0.0)

    def take() -> None:
        with gate.through(path) as passage:
            for _ in passage.frames:
                time.sleep(0.1)

    with pytest.raises(Refused) as refused:
        take()
    assert refused.value.code == "sheet.slow"


def test_a_pickle_with_any_other_name_is_refused() -> None:
    import io
    import pickle

    with pytest.raises(pickle.UnpicklingError):
        gate._Plain(io.BytesIO(pickle.dumps(os.getcwd))).load()


def test_every_code_has_a_sentence() -> None:
    for code in gate._SENTENCES:
        assert errors.sentence(f"sheet.{code}", {"most": 1, "cell": "A1"})
