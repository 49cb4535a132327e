"""The process that the tests of crashes kill: `crashing.py loop|steps SCENARIO FOLDER`.

`loop` does one thing for ever and says on stdout what was acknowledged. `steps` (POSIX) does it once in a
fork for each rename of a file, which ends at that rename as a kill would, and checks what is left.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from fieldcrm.base import files, vault
from fieldcrm.base.data import backup, restore, sqlcipher

PASSWORD = "correct horse"
ROWS = 40


def say(*words: object) -> None:
    print(*words, flush=True)


def make(folder: Path) -> None:
    """A book with some rows, a backup of it (kept outside), and one row more."""
    keys, _ = vault.create(folder, PASSWORD)
    sqlcipher.create(folder / "book.db", keys.data_key)
    connection = sqlcipher.connect(folder / "book.db", keys.data_key)
    connection.execute("CREATE TABLE saved (n INTEGER PRIMARY KEY, filler)")
    connection.executemany("INSERT INTO saved VALUES (?, zeroblob(3000))", [(n,) for n in range(ROWS)])
    connection.close()
    backup.take(folder / "book.db", keys, "manual", folder=folder.parent / "elsewhere")
    add(folder, keys, ROWS)


def add(folder: Path, keys: vault.Vault, n: int) -> None:
    connection = sqlcipher.connect(folder / "book.db", keys.data_key)
    connection.execute("INSERT INTO saved VALUES (?, zeroblob(3000))", (n,))
    connection.close()


def check(folder: Path, passwords: tuple[str, ...] = (PASSWORD,)) -> tuple[list[int], str]:
    """Open what a kill left, as the program would; gives the rows and the password that opened."""
    from fieldcrm.base.errors import Refused

    for password in passwords:
        try:
            keys = vault.unlock(folder, password=password)
            break
        except Refused as problem:
            if problem.code != "wrong_password":
                raise
    restore.settle(folder / "book.db", keys)
    connection = sqlcipher.connect(folder / "book.db", keys.data_key)
    assert connection.execute("PRAGMA cipher_integrity_check").fetchall() == []
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    rows = [n for (n,) in connection.execute("SELECT n FROM saved ORDER BY n")]
    connection.close()
    assert keys.device.fingerprint
    for row in backup.list_backups(folder / "backups"):
        if backup.read_sidecar(row.path).is_authentic(keys.master):  # not of a master key before a rekey
            backup.require_sound(row.path, keys.backup_key)
    backup.take(folder / "book.db", keys, "manual")
    left = [p.name for p in folder.rglob("*") if p.name.endswith((".part", ".new", ".next"))]
    assert left == [], left
    return rows, password


def latest(folder: Path) -> Path:
    return backup.list_backups(folder.parent / "elsewhere")[0].path


def save(folder: Path) -> None:
    keys = vault.unlock(folder, password=PASSWORD)
    connection = sqlcipher.connect(folder / "book.db", keys.data_key)
    for n in itertools.count(ROWS + 1):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO saved VALUES (?, zeroblob(3000))", (n,))
        connection.execute("COMMIT")
        say(n)


def take(folder: Path) -> None:
    keys = vault.unlock(folder, password=PASSWORD)
    for _ in itertools.count():
        say(backup.take(folder / "book.db", keys, "manual").name)


def password(folder: Path) -> None:
    keys = vault.unlock(folder, password=PASSWORD)
    for n in itertools.count(1):
        keys.change_password(f"password {n}")
        say(n)


def rekey(folder: Path) -> None:
    keys = vault.unlock(folder, password=PASSWORD)
    for n in itertools.count():
        keys, _ = restore.rekey(folder / "book.db", keys, PASSWORD)
        say(n)


def put_back(folder: Path) -> None:
    keys = vault.unlock(folder, password=PASSWORD)
    for n in itertools.count():
        restore.restore(latest(folder), folder / "book.db", vault=keys)
        say(n)


LOOPS = {"save": save, "take": take, "password": password, "rekey": rekey, "restore": put_back}


def once_take(folder: Path) -> None:
    backup.take(folder / "book.db", vault.unlock(folder, password=PASSWORD), "close")


def once_password(folder: Path) -> None:
    vault.unlock(folder, password=PASSWORD).change_password("password 1")


def once_rekey(folder: Path) -> None:
    restore.rekey(folder / "book.db", vault.unlock(folder, password=PASSWORD), PASSWORD)


def once_restore(folder: Path) -> None:
    restore.restore(latest(folder), folder / "book.db", vault=vault.unlock(folder, password=PASSWORD))


def once_restore_without_vault(folder: Path) -> None:
    restore.restore(latest(folder), folder / "book.db", password=PASSWORD)


STEPS = {
    "take": once_take,
    "password": once_password,
    "rekey": once_rekey,
    "restore": once_restore,
    "restore_without_vault": once_restore_without_vault,
}


def steps(name: str, folder: Path) -> None:
    """Die before and after each rename in turn; each time what is left must open whole."""
    make(folder / "template" / "data")
    for number in itertools.count(1):
        for after in (False,):
            place = folder / f"{number}{after}" / "data"
            shutil.copytree(folder / "template", place.parent)
            pid = os.fork()
            if pid == 0:
                _die_at(number, after)
                STEPS[name](place)
                os._exit(0)
            _, status = os.waitpid(pid, 0)
            ended = os.waitstatus_to_exitcode(status)
            assert ended in (0, 9), ended
            if name == "restore_without_vault" and not vault.exists(place):
                once_restore_without_vault(place)  # said plainly to the person: there is no book here yet
            rows, _ = check(place, (PASSWORD, "password 1"))
            assert rows in (list(range(ROWS)), list(range(ROWS + 1))), rows
            shutil.rmtree(place.parent)
            if ended == 0:
                say(name, number - 1)
                return


def _die_at(number: int, after: bool) -> None:
    whole: Callable[[Path, Path], None] = files.move
    count = itertools.count(1)

    def move(source: Path, target: Path) -> None:
        mine = next(count) == number
        if mine and not after:
            os._exit(9)
        whole(source, target)
        if mine:
            os._exit(9)

    files.move = move


if __name__ == "__main__":
    how, name, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    if how == "steps":
        steps(name, folder)
    else:
        LOOPS[name](folder)
