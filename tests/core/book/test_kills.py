"""Kill −9 of a whole book at work: importing lists and packages, undoing, brought up by a newer program."""

from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.book import killing
from core.book.killing import ROWS
from fieldcrm.core import history, sync
from fieldcrm.core.book import Book
from support import revisions

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX; Windows was not tried")


def _killed(scenario: str, root: Path) -> list[str]:
    """Let the scenario work, kill it at a random moment; gives the lines it had said."""
    child = subprocess.Popen(
        [sys.executable, str(Path(killing.__file__)), scenario, str(root)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONFAULTHANDLER": "1"},
    )  # fmt: skip
    assert child.stdout is not None
    ready, _, _ = select.select([child.stdout], [], [], 900)  # the first acknowledgement: it is at work now
    if not ready:
        child.send_signal(signal.SIGABRT)  # it says where it stands
        pytest.fail(f"{scenario} never began: {child.communicate()[1]}")
    time.sleep(random.uniform(0, 0.9))
    child.kill()
    told, problem = child.communicate()
    assert problem == ""
    return told.split("\n")[:-1]


@pytest.mark.parametrize("scenario", sorted(killing.SCENARIOS))
def test_kills_of_a_book_at_work(scenario: str, tmp_path: Path, long: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    killing.make(tmp_path)
    if scenario == "migration":
        revisions.add(monkeypatch.setattr, tmp_path / "versions", killing.REBUILT)
    folder = tmp_path / ("office" if scenario == "package_import" else "manager")
    for _ in range(100 if long else 1):
        acknowledged = _killed(scenario, tmp_path)
        assert acknowledged
        if not folder.exists():
            continue  # between two rounds of the migration
        with killing.opened(folder) as book:
            assert [f.name for f in book.store.read(history.check_book) if not f.ok] == []
            _check(scenario, book, acknowledged[-1], tmp_path)


def _check(scenario: str, book: Book, last: str, root: Path) -> None:
    clients, policies = book.store.read(killing.counts)
    assert clients == policies
    assert policies % ROWS == 0  # a list, a package or an undo is there whole or not at all
    if scenario == "list_import":
        assert policies // ROWS in (int(last), int(last) + 1)
    elif scenario == "migration":
        assert policies == ROWS
        assert book.store.read(killing.added) == ROWS
    elif scenario == "package_import":
        (received,) = sync.import_packages(book, [root / "package.xlsx"])
        assert received.state == ("repeated" if policies else "merged")
        assert book.store.read(killing.counts) == (ROWS, ROWS)
