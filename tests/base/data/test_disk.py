"""A full disk, a folder that cannot be written, and what any file on the disk gives away."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from fieldcrm.base import vault
from fieldcrm.base.data import backup, lock, restore, sqlcipher
from fieldcrm.base.errors import Environment, Refused

MARKERS = ("王淑珍", "13805910032", "350102196503121234", "s3cret-marker-pass")


@contextmanager
def mounted(place: Path, *arguments: str) -> Iterator[Path]:
    """A mount for the time of a test; skipped where the tests may not mount."""
    place.mkdir(exist_ok=True)
    done = subprocess.run(["mount", *arguments, str(place)], capture_output=True) if os.name == "posix" else None
    if done is None or done.returncode:
        pytest.skip("needs the right to mount")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def count(book: Path, keys: vault.Vault) -> int:
    connection = sqlcipher.connect(book, keys.data_key, readonly=True)
    (found,) = connection.execute("SELECT count(*) FROM t").fetchone()
    connection.close()
    return int(found)


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs")
def test_a_book_on_a_disk_without_any_room_can_be_read(tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=2m", "tmpfs") as folder:
        keys, _ = vault.create(folder, "x sentence")
        book = folder / "book.db"
        sqlcipher.create(book, keys.data_key)
        connection = sqlcipher.connect(book, keys.data_key)
        connection.execute("CREATE TABLE t (x)")
        connection.close()
        with (folder / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(bytes(4096))
        assert count(book, keys) == 0
        with pytest.raises(Environment) as told:
            sqlcipher.connect(book, keys.data_key)
        assert told.value.code == "disk_full"


@pytest.mark.skipif(sys.platform != "linux", reason="tmpfs")
def test_full_disk_keeps_what_was_saved(tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=3m", "tmpfs") as folder:
        keys, _ = vault.create(folder, "x sentence")
        book = folder / "book.db"
        sqlcipher.create(book, keys.data_key)
        connection = sqlcipher.connect(book, keys.data_key)
        connection.execute("CREATE TABLE t (x)")
        (folder / "ballast").write_bytes(b"x" * 300_000)
        with pytest.raises(Environment) as told:
            _fill(connection)
        assert told.value.code == "disk_full"
        saved = count(book, keys)
        assert saved > 10
        with pytest.raises(Environment) as told:
            backup.take(book, keys, "close")
        assert told.value.code == "disk_full"
        with (folder / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while filler.write(b"x" * 512):
                pass
        with pytest.raises(Environment) as told:
            keys.change_password("y sentence")
        assert told.value.code == "disk_full"
        connection.close()
        works = "x sentence" if _opens(folder, "x sentence") else "y sentence"
        assert count(book, vault.unlock(folder, password=works)) == saved
        (folder / "ballast").unlink()
        keys.change_password("z sentence")
        assert count(book, vault.unlock(folder, password="z sentence")) == saved


def _fill(connection: Any) -> None:
    with sqlcipher.translated():
        for _ in range(1000):
            connection.execute("INSERT INTO t VALUES (zeroblob(20000))")


def _opens(folder: Path, password: str) -> bool:
    try:
        vault.unlock(folder, password=password)
    except Refused:
        return False
    return True


def test_a_file_size_limit_is_told_and_harmless(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    keys, _ = vault.create(tmp_path, "x sentence")
    book = tmp_path / "book.db"
    sqlcipher.create(book, keys.data_key)
    connection = sqlcipher.connect(book, keys.data_key)
    connection.execute("CREATE TABLE t (x)")
    connection.execute("INSERT INTO t VALUES (zeroblob(200000))")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        for _ in range(2):
            with pytest.raises(Environment) as told, sqlcipher.translated():
                connection.execute("INSERT INTO t VALUES (zeroblob(200000))")
            assert told.value.code in {"disk_full", "disk_trouble"}
        with pytest.raises(Environment) as told:
            backup.take(book, keys, "close")
        assert told.value.code in {"disk_full", "disk_trouble"}
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    connection.close()
    assert count(book, keys) == 1
    assert not list((tmp_path / "backups").glob("*.part"))
    backup.take(book, keys, "close")


def test_a_folder_that_cannot_be_written_can_be_read(tmp_path: Path) -> None:
    made = tmp_path / "data"
    keys, _ = vault.create(made, "x sentence")
    sqlcipher.create(made / "book.db", keys.data_key)
    connection = sqlcipher.connect(made / "book.db", keys.data_key)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    with mounted(tmp_path / "ro", "--bind", str(made)) as folder:
        if subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], capture_output=True).returncode:
            pytest.skip("no read-only bind mount here")
        book = folder / "book.db"
        with pytest.raises(Refused):
            vault.unlock(folder, password="wrong")
        opened = vault.unlock(folder, password="x sentence")
        assert count(book, opened) == 0
        engine = sqlcipher.engine(book, opened.data_key, readonly=True)
        with engine.connect() as reading:
            assert reading.execute(text("SELECT count(*) FROM t")).scalar() == 0
        engine.dispose()
        tries = {
            "book_folder": lambda: sqlcipher.connect(book, opened.data_key),
            "vault_folder": lambda: opened.change_password("y sentence"),
            "lock_folder": lambda: lock.WriterLock(folder).acquire("window"),
            "backup_folder": lambda: backup.take(book, opened, "close"),
        }
        for code, act in tries.items():
            with pytest.raises(Environment) as told:
                act()
            assert told.value.code == code
            assert told.value.sentence
        with pytest.raises(Environment) as told:
            sqlcipher.create(folder / "sub" / "book.db", opened.data_key)
        assert told.value.code == "book_folder"
    assert vault.unlock(made, password="x sentence")


def test_planted_markers_are_found_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setenv("SQLITE_TMPDIR", str(temporary))
    folder = tmp_path / "data"
    name, phone, number, password = MARKERS
    keys, code = vault.create(folder, password)
    keys.set_secret("database", "postgresql://" + password)
    sqlcipher.create(folder / "book.db", keys.data_key)
    connection = sqlcipher.connect(folder / "book.db", keys.data_key)
    connection.execute("CREATE TABLE t (x, y)")
    connection.execute("CREATE VIRTUAL TABLE f USING fts5(x, detail=none)")
    rows = [(f"{name} {phone} {number} {n}", n) for n in range(3000)]
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
    connection.executemany("INSERT INTO f VALUES (?)", [(x,) for x, _ in rows])
    connection.execute("COMMIT")
    connection.execute("SELECT DISTINCT a.x FROM t a, t b WHERE a.y % 50 = b.y % 50 ORDER BY b.x LIMIT 5").fetchall()
    with lock.writing(folder, "window"):
        file = backup.take(folder / "book.db", keys, "manual")
        for wrong in (password + "x", name):
            with pytest.raises(Refused):
                vault.unlock(folder, password=wrong)
        _search(tmp_path, code, keys)  # with its log and its lock in place
    connection.close()
    restore.restore(file, folder / "book.db", vault=keys)
    fresh, fresh_code = restore.rekey(folder / "book.db", keys, password)
    _search(tmp_path, fresh_code, fresh)
    with pytest.raises(Environment):
        sqlcipher.connect(folder / "book.db", b"w" * 32)
    told = capfd.readouterr()
    assert told.out + told.err == ""


def _search(folder: Path, code: str, keys: vault.Vault) -> None:
    import base64

    secrets = [keys.data_key, keys.backup_key, keys.master, keys.device._signing, keys.device._sealing]
    planted = [word.encode(coding) for word in (*MARKERS, code) for coding in ("utf-8", "utf-16-le", "gb18030")]
    planted += [form for s in secrets for form in (s, s.hex().encode(), base64.b64encode(s))]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) >= 5
    for path in files:
        raw = path.read_bytes()
        assert not any(word in raw for word in planted), path.name
        assert not any(word in str(path.relative_to(folder)) for word in MARKERS)
