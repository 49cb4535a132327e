"""run.py as far as it can be tried without installing: what it says, what it refuses, how it splits locks."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

TREE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run", TREE / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_needs_nothing_but_the_standard_library() -> None:
    command = [sys.executable, "-I", "-S", str(TREE / "run.py"), "--help"]
    told = subprocess.run(
        command, capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"}, check=True
    )
    assert "python3 run.py test" in told.stdout


def test_unknown_word_is_wrong_usage() -> None:
    told = subprocess.run([sys.executable, str(TREE / "run.py"), "bogus"], capture_output=True, check=False)
    assert told.returncode == 2
    assert told.stdout == b""


@pytest.mark.skipif(sys.platform != "linux", reason="Debian's packages")
def test_without_root_the_one_line_is_printed(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(run.shutil, "which", lambda _name: "/usr/bin/apt-get")
    with pytest.raises(run.Stop) as told:
        run.install_system({"libnothing9": "libnothing.so.9", "libc6": "libc.so.6"})
    assert "sudo apt-get install -y --no-install-recommends libnothing9\n" in str(told.value)


@pytest.mark.skipif(sys.platform != "linux", reason="Debian's packages")
def test_library_and_program_show_that_a_package_is_there(run: ModuleType) -> None:
    assert run.is_there("libc.so.6")
    assert run.is_there("sh")
    assert not run.is_there("libnothing.so.9")
    assert not run.is_there("no-such-program")


def test_lock_is_split_by_release(run: ModuleType, tmp_path: Path) -> None:
    one, two = "a==1 \\\n    --hash=sha256:0a\n", "b==2 ; python_version < '3.12' \\\n    --hash=sha256:0b\n"
    (tmp_path / "lock").write_text(one + two, "utf-8")
    assert run.releases(tmp_path / "lock") == [one, two]


def test_both_locks_hold_no_release_twice(run: ModuleType) -> None:
    assert set(run.releases(run.RUNTIME_LOCK)) & set(run.releases(run.DEV_LOCK)) == set()
