"""The tree itself: locks without addresses, no path of a machine, a docstring in every file, licences recorded."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

TREE = Path(__file__).resolve().parents[2]
LOCKS = sorted(TREE.glob("requirements*.lock"))


def _committed() -> list[Path]:
    told = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=TREE, capture_output=True, text=True, check=True
    ).stdout
    return [TREE / name for name in told.split("\0") if name and (TREE / name).is_file()]


FILES = _committed()
SOURCES = [path for path in FILES if path.suffix == ".py"]
TEXTS = [path for path in FILES if path.suffix not in (".ttf", ".png", ".ico", ".icns", ".pdf")]


def _id(path: Path) -> str:
    return path.relative_to(TREE).as_posix()


def _names(lock: Path) -> list[str]:
    return re.findall(r"^([a-z0-9-]+)==", lock.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS, ids=_id)
def test_lock_names_releases_and_hashes_and_nothing_else(lock: Path) -> None:
    release = re.compile(r"[a-z0-9-]+==[\w.]+( ; [\w .'=!<>()]+)? \\")
    hashed = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    wrong = [
        line for line in lock.read_text("utf-8").splitlines() if not (release.fullmatch(line) or hashed.fullmatch(line))
    ]
    assert wrong == []


def test_what_the_program_needs_is_locked() -> None:
    project = tomllib.loads((TREE / "pyproject.toml").read_text("utf-8"))
    wanted = {re.match(r"[\w-]+", line)[0].lower().replace("_", "-") for line in project["project"]["dependencies"]}  # type: ignore[index]
    assert wanted <= set(_names(TREE / "requirements.lock"))
    wanted = {re.match(r"[\w-]+", line)[0].lower() for line in project["dependency-groups"]["dev"]}  # type: ignore[index]
    assert wanted <= {name for lock in LOCKS for name in _names(lock)}


def test_licence_of_every_locked_package_is_recorded() -> None:
    table = (TREE / "docs" / "dependencies.md").read_text("utf-8")
    recorded = {
        name.lower().replace("_", "-")
        for name in re.findall(r"^\| ([\w.-]+) \| [^|]+ \| [^|]+ \|$", table, re.MULTILINE)
    }
    locked = {name for lock in LOCKS for name in _names(lock)}
    assert locked - recorded == set()
    assert recorded - locked - {"package", "---"} == set()


def test_no_path_of_a_machine() -> None:
    # the homes, folders of work and indexes of whoever wrote this; examples in tests use /home/wang…
    place = re.compile(r"/(?:root|opt/\w+|work|usr/local/lib|tmp)/[\w.-]+|/(?:home|Users)/(?!wang)[\w.-]+")
    found = {_id(p): place.findall(p.read_text("utf-8")) for p in TEXTS if p.suffix not in (".lock", ".txt")}
    assert {name: places for name, places in found.items() if places} == {}


def test_every_file_says_what_lives_in_it() -> None:
    silent = []
    for path in SOURCES:
        text = path.read_text("utf-8")
        if text.strip() and "tests" not in path.relative_to(TREE).parts and not ast.get_docstring(ast.parse(text)):
            silent.append(_id(path))
    assert silent == []


def test_no_generated_file_is_committed() -> None:
    generated = {".mo", ".pyc", ".db", ".sqlite", ".log", ".pyd", ".so", ".exe"}
    assert [_id(path) for path in FILES if path.suffix in generated] == []


def test_a_sentence_about_what_went_wrong_is_defined_once() -> None:
    source = "\n".join(path.read_text("utf-8") for path in SOURCES if TREE / "src" in path.parents)
    found = re.findall(r'define\(\s*"[^"]+",\s*N_\(\s*((?:"[^"]*"\s*)+)\)', source)
    sentences = ["".join(re.findall(r'"([^"]*)"', words)) for words in found]
    assert len(sentences) > 100
    assert [s for s in set(sentences) if sentences.count(s) > 1] == []
