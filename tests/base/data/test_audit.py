from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from fieldcrm.base import clock, vault
from fieldcrm.base.data import audit, sqlcipher
from fieldcrm.base.data.schema import Base
from fieldcrm.base.errors import Refused
from fieldcrm.base.vault import failures


@pytest.fixture
def keys(tmp_path: Path) -> vault.Vault:
    return vault.create(tmp_path, "right sentence")[0]


@pytest.fixture
def engine(tmp_path: Path, keys: vault.Vault) -> Iterator[Engine]:
    sqlcipher.create(tmp_path / "book.db", keys.data_key)
    made = sqlcipher.engine(tmp_path / "book.db", keys.data_key)
    Base.metadata.create_all(made, tables=[audit.Audit.__table__])
    yield made
    made.dispose()


def test_entries_follow_each_other_and_survive_reading(engine: Engine) -> None:
    with Session(engine) as session:
        audit.note(session, "reveal", "0" * 32, field="phone")
        audit.note(session, "export", None, rows=36823, sealed=True)
        session.commit()
    with Session(engine) as session:
        found = audit.verify(session)
        assert found.broken_at is None
        assert found.head == audit.head(session)
        assert found.head.count == 2


def test_personal_data_and_unknown_words_do_not_get_in(engine: Engine) -> None:
    with Session(engine) as session:
        with pytest.raises(ValueError, match="name"):
            audit.note(session, "reveal", None, name="王淑珍")
        with pytest.raises(ValueError, match="looked"):
            audit.note(session, "looked")


@pytest.mark.parametrize("change", ["UPDATE audit SET what = 'print'", "DELETE FROM audit"])
def test_the_log_is_append_only(engine: Engine, change: str) -> None:
    with Session(engine) as session:
        audit.note(session, "reveal")
        session.commit()
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text(change))


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ("UPDATE audit SET what = 'print' WHERE seq = 2", 2),
        ("UPDATE audit SET codes = '{}' WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 1", 1),
    ],
)
def test_a_change_below_the_triggers_is_found(engine: Engine, change: str, at: int) -> None:
    with Session(engine) as session:
        for _ in range(4):
            audit.note(session, "export", None, rows=5)
        session.execute(text("DROP TRIGGER audit_no_update"))
        session.execute(text("DROP TRIGGER audit_no_delete"))
        session.execute(text(change))
        session.commit()
        assert audit.verify(session).broken_at == at


@pytest.mark.postgres
def test_the_log_on_postgresql(postgres_url: str) -> None:
    from fieldcrm.base.data import postgres

    engine = postgres.engine(postgres_url)
    Base.metadata.create_all(engine, tables=[audit.Audit.__table__])
    with Session(engine) as session:
        for rows in range(3):
            audit.note(session, "export", "0" * 32, rows=rows, sealed=True)
        session.commit()
    with Session(engine) as session:
        assert audit.verify(session).head.count == 3
        assert audit.verify(session).broken_at is None
        with pytest.raises(DatabaseError, match="append-only"):
            session.execute(text("DELETE FROM audit"))
    engine.dispose()


def test_a_log_cut_back_is_found_by_an_earlier_head(engine: Engine) -> None:
    with Session(engine) as session:
        for _ in range(4):
            audit.note(session, "print")
        known = audit.head(session)
        session.execute(text("DROP TRIGGER audit_no_delete"))
        session.execute(text("DELETE FROM audit WHERE seq = 4"))
        assert audit.verify(session).broken_at is None
        assert audit.verify(session, known).broken_at == 4


def fail(folder: Path, times: int) -> None:
    for number in range(times):
        with clock.at(datetime(2026, 11, 23, 8, number, tzinfo=UTC)), pytest.raises(Refused):
            vault.unlock(folder, password="wrong")


def test_failed_unlocks_are_folded_in_once(engine: Engine, keys: vault.Vault, tmp_path: Path) -> None:
    fail(tmp_path, 3)
    opened = vault.unlock(tmp_path, password="right sentence")
    with Session(engine) as session:
        assert audit.fold(session, opened)
        session.commit()
        assert audit.fold(session, opened)  # a kill before the list was emptied
        opened.forget_failures()
        assert not audit.fold(session, opened)
        entries = session.query(audit.Audit).all()
        assert [(e.what, e.codes) for e in entries] == [("failed_unlock", {"how": "password"})] * 3
        assert entries[1].at == datetime(2026, 11, 23, 8, 1, tzinfo=UTC)
        assert audit.verify(session).broken_at is None


@pytest.mark.parametrize("how", ["gone", "shortened", "edited", "rotten"])
def test_a_list_of_failures_that_was_touched_is_told(
    engine: Engine, keys: vault.Vault, tmp_path: Path, how: str
) -> None:
    import json

    fail(tmp_path, 3)
    file = tmp_path / failures.NAME
    log = json.loads(file.read_bytes())
    if how == "gone":
        file.unlink()
    elif how == "rotten":
        file.write_bytes(b"{")
    else:
        if how == "shortened":
            log["entries"].pop()
        else:
            log["entries"][1]["at"] = "2020-01-01T00:00:00+00:00"
        file.write_text(json.dumps(log))
    opened = vault.unlock(tmp_path, password="right sentence")
    with Session(engine) as session:
        audit.fold(session, opened)
        whats = [e.what for e in session.query(audit.Audit)]
        assert whats[-1] == "failed_unlock_lost"
        assert len(whats) == {"gone": 0, "rotten": 0, "shortened": 2, "edited": 1}[how] + 1
