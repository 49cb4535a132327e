"""Opening a book takes failed unlocks into the audit log and finishes what a kill cut short."""

from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from fieldcrm.base.data import audit, backup, migrate, sqlcipher
from fieldcrm.base.errors import Environment, Refused
from fieldcrm.core import book, history
from fieldcrm.core.clients.tables import Client
from support import revisions


def entries(session: Session) -> list[tuple[str, str | None]]:
    return [(entry.what, entry.device) for entry in session.scalars(select(audit.Audit).order_by(audit.Audit.seq))]


def names(session: Session) -> list[str]:
    return list(session.scalars(select(Client.name)))


def add_client(session: Session) -> None:
    session.add(Client(name="王淑珍"))


def test_failed_unlocks_are_in_the_log_of_the_next_opening(tmp_path: Path) -> None:
    book.found(tmp_path, name="林晓", unit="福州", role="manager", password="right sentence").book.close()
    for _ in range(2):
        with pytest.raises(Refused):
            book.unlock(tmp_path, password="wrong")
    for _ in range(2):
        opened = book.unlock(tmp_path, password="right sentence")
        assert opened.store.read(entries) == [("failed_unlock", opened.store.author.device)] * 2
        assert opened.store.read(audit.verify).broken_at is None
        opened.close()


_NEXT = """\
op.create_table("added", sa.Column("id", sa.Integer, primary_key=True))
if FAILS:
    raise RuntimeError("the migration fails")
"""


def test_an_older_book_is_brought_up_also_to_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    founded = book.found(tmp_path / "book", name="林晓", unit="福州", role="manager", password="right sentence").book
    revisions.add(monkeypatch.setattr, tmp_path / "versions", _NEXT.replace("FAILS", "False"))
    with pytest.raises(Refused) as told:  # an older program still writes it
        book.unlock(tmp_path / "book", password="right sentence", writing=None)
    assert told.value.code == "open_in_command"
    founded.close()
    opened = book.unlock(tmp_path / "book", password="right sentence", writing=None)
    assert opened.store.read(lambda session: migrate.revision(session.connection())) == revisions.NUMBER
    opened.close()
    book.unlock(tmp_path / "book", password="right sentence").close()


@pytest.mark.parametrize("fails", [False, True])
def test_a_backup_is_taken_before_an_older_book_is_brought_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    founded = book.found(tmp_path / "book", name="林晓", unit="福州", role="manager", password="right sentence").book
    founded.store.change(add_client)
    founded.close()
    revisions.add(monkeypatch.setattr, tmp_path / "versions", _NEXT.replace("FAILS", str(fails)))
    if fails:
        with pytest.raises(RuntimeError):
            book.unlock(tmp_path / "book", password="right sentence")
    else:
        opened = book.unlock(tmp_path / "book", password="right sentence")
        assert opened.store.read(lambda session: migrate.revision(session.connection())) == revisions.NUMBER
        opened.close()
        book.unlock(tmp_path / "book", password="right sentence").close()  # nothing to bring up, no second backup
    (kept,) = backup.list_backups(tmp_path / "book" / "backups")
    assert kept.why == "migration"
    monkeypatch.undo()
    book.restore_book(tmp_path / "book", kept.path, password="right sentence")
    again = book.unlock(tmp_path / "book", password="right sentence")
    assert again.store.read(names) == ["王淑珍"]
    assert again.store.read(lambda session: migrate.revision(session.connection())) == migrate.HEAD
    again.close()


def test_a_newer_book_is_refused_without_a_backup(tmp_path: Path) -> None:
    founded = book.found(tmp_path, name="林晓", unit="福州", role="manager", password="right sentence").book
    with founded.store.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    founded.close()
    for writing in ("command", None):
        with pytest.raises(Environment) as told:
            book.unlock(tmp_path, password="right sentence", writing=writing)
        assert told.value.code == "schema.newer"
    assert not list(tmp_path.glob("backups/*"))


def test_a_swap_cut_short_is_finished_by_opening(tmp_path: Path) -> None:
    founded = book.found(tmp_path, name="林晓", unit="福州", role="manager", password="right sentence").book
    founded.store.change(add_client)
    file = tmp_path / "book.db"
    backup.copy(file, founded.vault.data_key, tmp_path / "book.db.next", founded.vault.data_key)
    founded.close()
    file.rename(tmp_path / "20261126T000000Z-kept-book.db")
    with pytest.raises(Environment) as told:
        book.unlock(tmp_path, password="right sentence", writing=None)
    assert told.value.code == "book_missing"
    opened = book.unlock(tmp_path, password="right sentence")
    assert opened.store.read(names) == ["王淑珍"]
    opened.close()


def test_what_a_reader_prints_is_in_the_log_of_the_next_opening(tmp_path: Path) -> None:
    """A command prints while the window writes: it may not write the log, and nothing is forgotten."""
    writer = book.found(tmp_path, name="林晓", unit="福州", role="manager", password="right sentence").book
    reader = book.unlock(tmp_path, password="right sentence", writing=None)
    reader.audit("print", paper="visit_plan")
    reader.close()
    with pytest.raises(Refused):
        book.unlock(tmp_path, password="wrong")
    assert writer.store.read(entries) == []
    writer.close()
    for _ in range(2):
        opened = book.unlock(tmp_path, password="right sentence")
        found = opened.store.read(lambda s: [(e.what, e.codes) for e in s.scalars(select(audit.Audit))])
        assert found == [("print", {"how": "visit_plan"}), ("failed_unlock", {"how": "password"})]
        opened.close()


def test_a_new_key_for_a_book_whose_files_were_copied(tmp_path: Path) -> None:
    """The copy of yesterday, opened with the password, does not open what is written today."""
    founded = book.found(tmp_path / "data", name="林晓", unit="福州", role="manager", password="right sentence")
    founded.book.store.change(add_client)
    key = founded.book.vault.data_key
    with pytest.raises(Refused) as told:
        book.rekey_book(tmp_path / "data", "right sentence")
    assert told.value.code == "open_in_command"
    founded.book.close()
    with pytest.raises(Refused):
        book.rekey_book(tmp_path / "data", "wrong")
    code = book.rekey_book(tmp_path / "data", "right sentence")
    with pytest.raises(Environment):
        sqlcipher.connect(tmp_path / "data" / "book.db", key)
    with pytest.raises(Refused):
        book.unlock(tmp_path / "data", recovery_code=founded.recovery_code)
    for way in ({"password": "right sentence"}, {"recovery_code": code}):
        opened = book.unlock(tmp_path / "data", **way)
        assert opened.store.read(names) == ["王淑珍"]
        assert [what for what, _ in opened.store.read(entries)][:2] == ["failed_unlock", "rekeyed"]
        assert all(found.ok for found in opened.store.read(history.check_book))
        opened.close()
