from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldcrm.base import clock, vault
from fieldcrm.base.data import backup, restore, sqlcipher
from fieldcrm.base.errors import Cancelled, Environment, Refused
from fieldcrm.base.jobs import Progress
from fieldcrm.base.vault import sidecar

PASSWORD = "correct horse"
Made = tuple[vault.Vault, str, Path]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    keys, code = vault.create(tmp_path / "data", PASSWORD)
    book = tmp_path / "data" / "book.db"
    sqlcipher.create(book, keys.data_key, book_id=keys.book_id)
    fill(book, keys, "CREATE TABLE t (x)", "INSERT INTO t VALUES ('first 王淑珍')")
    return keys, code, book


def fill(book: Path, keys: vault.Vault, *statements: str) -> None:
    connection = sqlcipher.connect(book, keys.data_key)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def rows(book: Path, keys: vault.Vault) -> list[str]:
    connection = sqlcipher.connect(book, keys.data_key, readonly=True)
    found = [x for (x,) in connection.execute("SELECT x FROM t ORDER BY rowid")]
    connection.close()
    return found


def test_backup_while_the_writer_is_in_a_transaction(made: Made) -> None:
    keys, _, book = made
    writer = sqlcipher.connect(book, keys.data_key)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO t VALUES ('not yet')")
    file = backup.take(book, keys, "manual")
    writer.execute("COMMIT")
    writer.close()
    assert "王淑珍".encode() not in file.read_bytes()
    connection = backup.open_backup(file, keys.backup_key)
    assert connection.execute("SELECT x FROM t").fetchall() == [("first 王淑珍",)]
    connection.close()
    with pytest.raises(Environment) as told:
        backup.open_backup(file, keys.data_key)
    assert told.value.code == "book_wrong_key"
    assert [row.why for row in backup.list_backups(file.parent)] == ["manual"]
    assert sorted(p.name for p in file.parent.iterdir() if p.suffix != ".lock") == [file.name]


def test_restore_puts_it_back_and_keeps_what_was_there(made: Made) -> None:
    keys, _, book = made
    file = backup.take(book, keys, "manual")
    fill(book, keys, "INSERT INTO t VALUES ('second')")
    done = restore.restore(file, book, vault=keys)
    assert rows(book, done.vault) == ["first 王淑珍"]
    assert done.kept is not None
    assert rows(done.kept, keys) == ["first 王淑珍", "second"]


def test_restore_on_a_new_machine_by_password_or_code(made: Made, tmp_path: Path) -> None:
    keys, code, book = made
    file = backup.take(book, keys, "close")
    for name, ways in (("p", {"password": PASSWORD}), ("c", {"recovery_code": code})):
        place = tmp_path / name / "book.db"
        done = restore.restore(file, place, **ways)
        assert done.kept is None
        assert rows(place, done.vault) == ["first 王淑珍"]
        again = vault.unlock(place.parent, password=PASSWORD)
        assert again.device_id == keys.device_id
        assert rows(place, again) == ["first 王淑珍"]


def test_restore_after_the_password_changed_keeps_the_new_one(made: Made) -> None:
    keys, _, book = made
    file = backup.take(book, keys, "close")
    keys.change_password("later sentence")
    restore.restore(file, book, vault=keys)
    assert rows(book, vault.unlock(book.parent, password="later sentence")) == ["first 王淑珍"]
    with pytest.raises(Refused):
        vault.unlock(book.parent, password=PASSWORD)


def test_restore_with_the_key_files_lost(made: Made) -> None:
    keys, _, book = made
    file = backup.take(book, keys, "close")
    for name in sidecar.NAMES:
        (book.parent / name).write_bytes(b"rot")
    with pytest.raises(Refused) as told:
        restore.restore(file, book, password="wrong")
    assert told.value.code == "wrong_password"
    done = restore.restore(file, book, password=PASSWORD)
    assert done.kept is not None
    assert rows(book, vault.unlock(book.parent, password=PASSWORD)) == ["first 王淑珍"]


def test_another_books_backup_and_a_missing_password_are_refused(made: Made, tmp_path: Path) -> None:
    keys, _, book = made
    file = backup.take(book, keys, "close")
    other, _ = vault.create(tmp_path / "other", "x sentence")
    with pytest.raises(Refused) as told:
        restore.restore(file, tmp_path / "other" / "book.db", vault=other)
    assert told.value.code == "backup_other_book"
    with pytest.raises(Refused) as told:
        restore.restore(file, tmp_path / "new" / "book.db")
    assert told.value.code == "backup_needs_password"
    assert rows(book, keys) == ["first 王淑珍"]


def test_damaged_backups_are_refused_and_the_book_stays(made: Made, tmp_path: Path) -> None:
    keys, _, book = made
    fill(book, keys, "INSERT INTO t VALUES (zeroblob(100000))")
    whole = backup.take(book, keys, "close").read_bytes()
    bad = tmp_path / "bad.fcbackup"
    for raw in (whole[:-1], whole[:-4096], whole[: len(whole) // 2], b"", b"x" * 100, whole[4096:]):
        bad.write_bytes(raw)
        with pytest.raises(Environment) as told:
            restore.restore(bad, book, vault=keys)
        assert told.value.code in {"backup_not_one", "backup_damaged"}
    for at in range(3, len(whole), 4096 // 2 + 1):
        raw = bytearray(whole)
        raw[at] ^= 2
        bad.write_bytes(raw)
        if at < len(whole) - 8192:  # beyond is the key file, whose padding means nothing
            with pytest.raises(Environment) as told:
                restore.restore(bad, book, vault=keys)
            assert told.value.code == "backup_damaged"
        else:
            with suppress(Environment):
                restore.restore(bad, book, vault=keys)
        assert rows(book, keys)[0] == "first 王淑珍"
        assert not list(book.parent.glob("*.next*"))


def test_cancel_leaves_nothing(made: Made) -> None:
    keys, _, book = made
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        backup.take(book, keys, "manual", progress=progress)
    assert backup.list_backups(book.parent / "backups") == []
    assert not list((book.parent / "backups").glob("*.part"))


def test_progress_is_reported(made: Made) -> None:
    keys, _, book = made
    fill(book, keys, "INSERT INTO t VALUES (zeroblob(9000000))")
    seen = []
    backup.take(book, keys, "manual", progress=Progress(seen.append))
    assert seen[0].total > 2000


def test_full_disk_is_told_and_the_book_stays(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    keys, _, book = made
    monkeypatch.setattr(backup.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(Environment) as told:
        backup.take(book, keys, "manual")
    assert told.value.code == "disk_full"
    assert rows(book, keys) == ["first 王淑珍"]


def test_rekey_encrypts_everything_anew(made: Made) -> None:
    keys, code, book = made
    before_data, old = book.read_bytes(), keys.data_key
    file = backup.take(book, keys, "manual")
    keys.set_secret("database", "address")
    device = keys.device
    with pytest.raises(Refused):
        restore.rekey(book, keys, "wrong")
    fresh, fresh_code = restore.rekey(book, keys, PASSWORD)
    assert keys.locked
    assert fresh.data_key != old
    assert fresh.device == device
    assert fresh.secret("database") == "address"
    assert rows(book, fresh) == ["first 王淑珍"]
    assert book.read_bytes()[:4096] != before_data[:4096]
    assert not list(book.parent.glob("*kept*"))
    for ways in ({"password": PASSWORD}, {"recovery_code": fresh_code}):
        assert rows(book, vault.unlock(book.parent, **ways)) == ["first 王淑珍"]
    with pytest.raises(Refused):
        vault.unlock(book.parent, recovery_code=code)
    with pytest.raises(Refused) as told:
        restore.restore(file, book, vault=fresh)
    assert told.value.code == "backup_needs_password"
    restore.restore(file, book, vault=fresh, recovery_code=code)
    assert rows(book, vault.unlock(book.parent, recovery_code=fresh_code)) == ["first 王淑珍"]


@pytest.mark.parametrize("left", ["", "-wal", "-shm"])
def test_a_swap_cut_short_is_finished(made: Made, left: str) -> None:
    keys, _, book = made
    fill(book, keys, "INSERT INTO t VALUES ('second')")
    backup.copy(book, keys.data_key, book.with_name("book.db.next"), keys.data_key)
    if left:
        book.with_name("book.db" + left).write_bytes(b"a stale log of another book" * 100)
    else:
        book.rename(book.with_name("moved-book.db"))
    restore.settle(book, keys)
    assert rows(book, keys) == ["first 王淑珍", "second"]
    assert not list(book.parent.glob("book.db.next*"))


def test_a_draft_under_a_key_that_never_came_into_force_goes(made: Made) -> None:
    keys, _, book = made
    backup.copy(book, keys.data_key, book.with_name("book.db.next"), b"k" * 32)
    assert restore.settle(book, keys) is None
    assert rows(book, keys) == ["first 王淑珍"]
    assert not book.with_name("book.db.next").exists()


def test_names_tell_nothing_but_time_and_reason(made: Made) -> None:
    keys, _, book = made
    with clock.at(datetime(2026, 11, 23, 9, 30, tzinfo=UTC)):
        names = [backup.take(book, keys, "close").name for _ in range(2)]
    assert names == ["20261123T093000Z-close.fcbackup", "20261123T093000Z-close-2.fcbackup"]


START = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = st.lists(st.integers(0, 700 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes)), max_size=400)


@given(INSTANTS)
def test_rotation_keeps_the_promised_ones(instants: list[datetime]) -> None:
    keep = backup.kept(instants)
    newest = sorted(set(instants), reverse=True)
    assert set(newest[:12]) <= keep <= set(instants)
    assert len(keep) <= 12 + 14 + 8 + 12
    for form, wanted in (("%Y-%m-%d", 14), ("%G-%V", 8), ("%Y-%m", 12)):
        have = list(dict.fromkeys(clock.local(i).strftime(form) for i in newest))[:wanted]
        assert set(have) <= {clock.local(i).strftime(form) for i in keep}
    assert backup.kept(keep) == keep


def test_a_year_of_daily_use_rotates_to_the_promise(tmp_path: Path) -> None:
    for day in range(400):
        for hour in (9, 17):
            moment = START + timedelta(days=day, hours=hour)
            (tmp_path / f"{moment:%Y%m%dT%H%M%SZ}-close.fcbackup").touch()
        backup.rotate(tmp_path)
    (tmp_path / "notes.txt").touch()
    names = sorted(p.name[:8] for p in tmp_path.glob("*.fcbackup"))
    assert len({name[:6] for name in names}) == 12
    assert names[-1] == "20270204"
    assert (tmp_path / "notes.txt").exists()
