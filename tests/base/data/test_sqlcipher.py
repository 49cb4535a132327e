from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from fieldcrm.base.data import sqlcipher
from fieldcrm.base.errors import Environment, Refused

KEY = bytes(range(32))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "书 (1)?#%" / "book.db"
    sqlcipher.create(path, KEY, book_id="b1")
    return path


def code(path: Path, key: bytes = KEY, *, readonly: bool = False) -> str:
    with pytest.raises(Environment) as told:
        sqlcipher.connect(path, key, readonly=readonly)
    assert told.value.sentence
    return told.value.code


def test_writes_are_durable_and_explicit(book: Path) -> None:
    connection = sqlcipher.connect(book, KEY)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert connection.execute("PRAGMA temp_store").fetchone() == (2,)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TABLE t (x)")
    connection.execute("ROLLBACK")
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("book_sentinel",)]
    connection.close()


def test_nothing_is_in_clear_on_the_disk(book: Path) -> None:
    connection = sqlcipher.connect(book, KEY)
    connection.execute("CREATE TABLE t (x)")
    connection.execute("INSERT INTO t VALUES ('marker-13805910032')")
    files = list(book.parent.iterdir())
    assert any(file.name.endswith("-wal") for file in files)
    for file in files:
        raw = file.read_bytes()
        assert b"marker" not in raw
        assert b"SQLite format 3" not in raw
        assert b"CREATE TABLE" not in raw
    connection.close()


def test_each_bad_file_has_its_code(book: Path, tmp_path: Path) -> None:
    assert code(tmp_path / "none.db") == "book_missing"
    assert not (tmp_path / "none.db").exists()
    assert code(book, os.urandom(32)) == "book_wrong_key"

    plain = tmp_path / "plain.db"
    connection = driver.connect(plain)
    connection.execute("CREATE TABLE t (x)")
    connection.commit()
    connection.close()
    assert code(plain) == "book_not_one"
    (tmp_path / "empty.db").touch()
    assert code(tmp_path / "empty.db") == "book_not_one"
    assert code(tmp_path) == "book_not_one"

    foreign = tmp_path / "foreign.db"
    connection = driver.connect(foreign, isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    assert code(foreign) == "book_not_one"


def test_truncated_and_rotten_files_are_damaged(book: Path) -> None:
    connection = sqlcipher.connect(book, KEY)
    connection.execute("CREATE TABLE t (x)")
    connection.execute("INSERT INTO t VALUES (zeroblob(200000))")
    connection.close()
    whole = book.read_bytes()
    book.write_bytes(whole[:-100])
    assert code(book) == "book_damaged"
    rotten = bytearray(whole)
    rotten[5 * 4096 + 17] ^= 4
    book.write_bytes(rotten)
    connection = sqlcipher.connect(book, KEY)
    with pytest.raises(Environment) as told, sqlcipher.translated():
        connection.execute("SELECT sum(length(hex(x))) FROM t").fetchall()
    assert told.value.code == "book_damaged"
    connection.close()


def test_newer_book_is_named(book: Path) -> None:
    connection = sqlcipher.connect(book, KEY)
    connection.execute(f"PRAGMA user_version = {sqlcipher.FORMAT + 1}")
    connection.close()
    assert code(book) == "book_newer"


def test_create_never_overwrites(book: Path) -> None:
    with pytest.raises(Refused):
        sqlcipher.create(book, KEY)


def test_reader_sees_one_snapshot_while_the_writer_goes_on(book: Path) -> None:
    writer, reader = sqlcipher.connect(book, KEY), sqlcipher.connect(book, KEY, readonly=True)
    writer.execute("CREATE TABLE t (x)")
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM t").fetchone() == (0,)
    writer.execute("INSERT INTO t VALUES (1)")
    assert reader.execute("SELECT count(*) FROM t").fetchone() == (0,)
    reader.execute("COMMIT")
    assert reader.execute("SELECT count(*) FROM t").fetchone() == (1,)
    with pytest.raises(driver.OperationalError):
        reader.execute("INSERT INTO t VALUES (2)")
    writer.close()
    reader.close()


def test_engines_begin_explicitly(book: Path) -> None:
    from sqlalchemy import text

    writing, reading = sqlcipher.engine(book, KEY), sqlcipher.engine(book, KEY, readonly=True)
    with writing.begin() as connection:
        connection.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE child (p INTEGER REFERENCES parent ON DELETE CASCADE)"))
    with writing.connect() as connection:
        connection.execute(text("CREATE TABLE gone (x)"))
        connection.rollback()
    with reading.connect() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master ORDER BY name")).scalars().all()
        assert names == ["book_sentinel", "child", "parent"]
        assert connection.connection.dbapi_connection.in_transaction
    writing.dispose()
    reading.dispose()
