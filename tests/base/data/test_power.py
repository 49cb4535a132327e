"""Power cuts, simulated: of what was written since the last sync any part may be on the disk, or none of it.

A book is written save by save; its files are kept as they stood at each acknowledged save (`synchronous=FULL`: on the
disk by then) and at each checkpoint. A cut between two of these leaves the earlier files with any sectors of the later
ones, of any length between. What is opened then must hold every acknowledged save, whole.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldcrm.base import vault
from fieldcrm.base.data import backup, sqlcipher

SECTOR = 512
SAVES = 40
HEADER = 32  # bytes of the log


@dataclass(frozen=True)
class Stand:
    """The files as they stood when save `n` was the last acknowledged one."""

    n: int
    book: bytes
    wal: bytes


def content(n: int) -> bytes:
    """What save `n` writes: up to some pages."""
    return random.Random(n).randbytes(random.Random(~n).choice((50, 3000, 9000, 30_000)))


def save(connection: Any, n: int) -> None:
    """A row of its own, and a rewrite of the one row that all saves share."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO saved VALUES (?, ?)", (n, content(n)))
    connection.execute("UPDATE latest SET n = ?, filler = ?", (n, content(n)))
    connection.execute("COMMIT")


def record(folder: Path, keys: vault.Vault, source: random.Random) -> list[Stand]:
    """Write a book save by save, checkpoints in between; gives every stand in order."""
    path = folder / "book.db"
    sqlcipher.create(path, keys.data_key)
    connection = sqlcipher.connect(path, keys.data_key)
    connection.execute("PRAGMA wal_autocheckpoint = 0")  # here they are stands of their own
    connection.execute("CREATE TABLE saved (n INTEGER PRIMARY KEY, filler BLOB)")
    connection.execute("CREATE TABLE latest (n INTEGER, filler BLOB)")
    connection.execute("INSERT INTO latest VALUES (-1, NULL)")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stands = [Stand(-1, path.read_bytes(), (folder / "book.db-wal").read_bytes())]
    for n in range(SAVES):
        save(connection, n)
        stands.append(Stand(n, path.read_bytes(), (folder / "book.db-wal").read_bytes()))
        if source.random() < 0.3:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
            stands.append(Stand(n, path.read_bytes(), (folder / "book.db-wal").read_bytes()))
    connection.close()
    return stands


def torn(old: bytes, new: bytes, source: random.Random) -> bytes:
    """The old file with any of the new one's sectors, cut at any byte between the two lengths."""
    share = source.choice((0.05, 0.5, 0.95))
    whole = bytearray(old.ljust(max(len(old), len(new)), b"\0"))
    for at in range(0, len(new), SECTOR):
        if source.random() < share:
            whole[at : at + SECTOR] = new[at : at + SECTOR]
    shorter, longer = sorted((len(old), len(new)))
    ends = [longer, shorter, source.randint(shorter, longer)]
    ends.append(ends[-1] // SECTOR * SECTOR)
    end = source.choice([end for end in ends if end >= shorter])
    return bytes(whole[:end])


def opened(place: Path, keys: vault.Vault) -> int:
    """Open what the cut left; checked row by row. Gives the last save that is there."""
    connection = sqlcipher.connect(place / "book.db", keys.data_key)
    try:
        rows = connection.execute("SELECT n, filler FROM saved ORDER BY n").fetchall()
        assert [n for n, _ in rows] == list(range(len(rows)))
        assert all(filler == content(n) for n, filler in rows)
        ((latest, filler),) = connection.execute("SELECT n, filler FROM latest").fetchall()
        assert latest == len(rows) - 1
        assert filler == (content(latest) if rows else None)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        save(connection, len(rows))
    finally:
        connection.close()
    return latest  # type: ignore[no-any-return]


def test_what_was_acknowledged_survives_a_power_cut(tmp_path: Path, long: bool) -> None:
    seed = 20261126
    source = random.Random(seed)
    keys, _ = vault.create(tmp_path / "recorded", "right sentence")
    stands = record(tmp_path / "recorded", keys, source)
    place = tmp_path / "after"
    place.mkdir()
    of_checkpoints = 0
    for image in range(5_000 if long else 150):
        at = source.randrange(len(stands) - 1)
        before, after = stands[at], stands[at + 1]
        checkpoint = before.n == after.n
        of_checkpoints += checkpoint
        # a checkpoint syncs the log before it writes the book; a save writes only the log
        book = torn(before.book, after.book, source) if checkpoint else before.book
        begun = after.wal[:HEADER] + before.wal[HEADER:]  # a log begun anew syncs its header before anything else
        wal = before.wal if checkpoint else torn(begun, after.wal, source)
        for path in place.glob("book.db*"):
            path.unlink()
        (place / "book.db").write_bytes(book)
        (place / "book.db-wal").write_bytes(wal)
        if image % 10 == 0:  # the first thing done after the cut may be a backup
            backup.take(place / "book.db", keys, "hand", folder=tmp_path / "backups")
        assert opened(place, keys) in (before.n, after.n), (seed, image, at)
        assert backup_is_sound(place, keys)
    assert of_checkpoints > 10


def backup_is_sound(place: Path, keys: vault.Vault) -> bool:
    """Every page of the book authenticates once it was opened and closed."""
    connection = sqlcipher.connect(place / "book.db", keys.data_key, readonly=True)
    told = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    connection.close()
    return told == []
