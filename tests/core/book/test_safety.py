"""Opening a book takes failed unlocks into the audit log and finishes what a kill cut short."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base.data import audit, backup
from fieldcrm.base.errors import Environment, Refused
from fieldcrm.core import book
from fieldcrm.core.clients.tables import Client


def entries(session: Session) -> list[tuple[str, str | None]]:
    return [(entry.what, entry.device) for entry in session.scalars(select(audit.Audit).order_by(audit.Audit.seq))]


def names(session: Session) -> list[str]:
    return list(session.scalars(select(Client.name)))


def add_client(session: Session) -> None:
    session.add(Client(name="王淑珍"))


def test_failed_unlocks_are_in_the_log_of_the_next_opening(tmp_path: Path) -> None:
    book.found(tmp_path, name="林晓", unit="福州", role="manager", password="right").book.close()
    for _ in range(2):
        with pytest.raises(Refused):
            book.unlock(tmp_path, password="wrong")
    for _ in range(2):
        opened = book.unlock(tmp_path, password="right")
        assert opened.store.read(entries) == [("failed_unlock", opened.store.author.device)] * 2
        assert opened.store.read(audit.verify).broken_at is None
        opened.close()


def test_a_swap_cut_short_is_finished_by_opening(tmp_path: Path) -> None:
    founded = book.found(tmp_path, name="林晓", unit="福州", role="manager", password="right").book
    founded.store.change(add_client)
    file = tmp_path / "book.db"
    backup.copy(file, founded.vault.data_key, tmp_path / "book.db.next", founded.vault.data_key)
    founded.close()
    file.rename(tmp_path / "20261126T000000Z-kept-book.db")
    with pytest.raises(Environment) as told:
        book.unlock(tmp_path, password="right", writing=None)
    assert told.value.code == "book_missing"
    opened = book.unlock(tmp_path, password="right")
    assert opened.store.read(names) == ["王淑珍"]
    opened.close()
