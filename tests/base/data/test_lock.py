from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from fieldcrm.base import vault
from fieldcrm.base.data import lock, sqlcipher
from fieldcrm.base.errors import Refused

HOLD = """
import sys
from pathlib import Path
from fieldcrm.base.data import lock
with lock.writing(Path(sys.argv[1]), sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""


def _hold(folder: Path, what: str) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), what],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert child.stdout is not None
    assert child.stdout.readline().strip() == b"held"
    return child


def _end(child: subprocess.Popen[bytes], *, kill: bool = False) -> None:
    if kill:
        child.kill()
    child.communicate()


@pytest.mark.parametrize(("what", "code"), [("window", "open_in_window"), ("command", "open_in_command")])
def test_a_second_process_is_told_who_writes(tmp_path: Path, what: str, code: str) -> None:
    child = _hold(tmp_path, what)
    try:
        with pytest.raises(Refused) as told, lock.writing(tmp_path):
            pass
        assert told.value.code == code
        assert told.value.values == {"pid": child.pid}
        assert str(child.pid) in told.value.sentence
        now = lock.holder(tmp_path)
        assert now is not None
        assert (now.pid, now.what) == (child.pid, what)
        assert lock.is_held(tmp_path)
    finally:
        _end(child)
    assert not lock.is_held(tmp_path)
    assert lock.holder(tmp_path) is None
    with lock.writing(tmp_path):
        assert lock.is_held(tmp_path)


def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    child = _hold(tmp_path, "window")
    _end(child, kill=True)
    with lock.writing(tmp_path, "window"):
        now = lock.holder(tmp_path)
        assert now is not None
        assert now.pid == os.getpid()


def test_reading_works_while_another_process_writes(tmp_path: Path) -> None:
    book, _ = vault.create(tmp_path, "x sentence")
    sqlcipher.create(tmp_path / "book.db", book.data_key)
    child = _hold(tmp_path, "window")
    try:
        connection = sqlcipher.connect(tmp_path / "book.db", book.data_key, readonly=True)
        assert connection.execute("SELECT count(*) FROM book_sentinel").fetchone() == (1,)
        connection.close()
    finally:
        _end(child)


def test_any_thread_may_release(tmp_path: Path) -> None:
    held = lock.WriterLock(tmp_path)
    held.acquire("window")
    thread = threading.Thread(target=held.release)
    thread.start()
    thread.join()
    with lock.writing(tmp_path):
        pass
    held.release()
