"""Kill −9 during save, backup, password change, rekey and restore: nothing acknowledged lost, nothing torn."""

from __future__ import annotations

import os
import random
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from base.data import crashing

CHILD = Path(crashing.__file__)
pytestmark = pytest.mark.skipif(os.name == "nt", reason="kill -9 and fork are POSIX; Windows was not tried")


def _start(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(CHILD), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


@pytest.mark.parametrize("scenario", sorted(crashing.STEPS))
def test_a_kill_at_any_rename_leaves_a_whole_book(scenario: str, tmp_path: Path) -> None:
    child = _start("steps", scenario, tmp_path)
    told, problem = child.communicate(timeout=300)
    assert child.returncode == 0, problem
    assert told.startswith(scenario)
    assert int(told.split()[1]) >= 1


@pytest.mark.parametrize("scenario", sorted(crashing.LOOPS))
def test_kills_at_random_moments(scenario: str, tmp_path: Path, long: bool) -> None:
    folder = tmp_path / "data"
    crashing.make(folder)
    passwords: tuple[str, ...] = (crashing.PASSWORD,)
    for _ in range(200 if long else 4):
        if scenario == "password":
            _back_to_the_first(folder, passwords)
        child = _start("loop", scenario, folder)
        assert child.stdout is not None
        ready, _, _ = select.select([child.stdout], [], [], 900)  # the first acknowledgement: it is at work now
        assert ready
        time.sleep(random.uniform(0, 0.4))
        child.kill()
        told, problem = child.communicate()
        assert problem == ""
        acknowledged = told.split("\n")[:-1]
        assert acknowledged
        if scenario == "password":
            last = int(acknowledged[-1])
            passwords = (f"password {last}", f"password {last + 1}")
        rows, opened = crashing.check(folder, passwords)
        if scenario == "password":
            passwords = (opened,)
        if scenario == "save":
            assert rows == list(range(len(rows)))
            assert rows[-1] >= int(acknowledged[-1])
            _forget_after(folder, crashing.ROWS)
        elif scenario == "restore":
            assert rows == list(range(crashing.ROWS))
        else:
            assert rows == list(range(crashing.ROWS + 1))
        for kept in folder.glob("*kept*"):
            kept.unlink()


def _back_to_the_first(folder: Path, passwords: tuple[str, ...]) -> None:
    from fieldcrm.base import vault

    vault.unlock(folder, password=passwords[0]).change_password(crashing.PASSWORD)


def _forget_after(folder: Path, n: int) -> None:
    from fieldcrm.base import vault
    from fieldcrm.base.data import sqlcipher

    keys = vault.unlock(folder, password=crashing.PASSWORD)
    connection = sqlcipher.connect(folder / "book.db", keys.data_key)
    connection.execute("DELETE FROM saved WHERE n > ?", (n,))
    connection.close()
