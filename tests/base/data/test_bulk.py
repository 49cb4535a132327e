"""Many rows in one statement: exactly the rows named are deleted, however many; columns decoded once a value."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

from fieldcrm.base.data import bulk, merge
from fieldcrm.base.data.journal_tables import FieldHead
from fieldcrm.base.data.store import Store

NAMES = ("record_id", "field", "clock")


def heads(count: int) -> list[tuple[str, str, str]]:
    return [(f"{n // 2:032x}", "ab"[n % 2], f"{n:036x}") for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 2 * bulk._BATCH + 1])
def test_the_rows_of_the_keys_go_and_no_others(store: Store, count: int) -> None:
    """A key is all its columns together: another field of the same record stays."""
    keys = heads(count)
    kept = [(record, field, f"{9:036x}") for record, field, _ in heads(3)]

    def fill_and_delete(session: Session) -> list[tuple[str, str, str]]:
        session.add_all(FieldHead(record_id=r, field=f, clock=c, value="1") for r, f, c in (*keys, *kept))
        session.flush()
        table = inspect(FieldHead).local_table
        bulk.delete_rows(session.connection(), table, NAMES, keys)
        return [tuple(row) for row in session.execute(select(*(table.c[n] for n in NAMES)).order_by(table.c.record_id))]

    left, _ = store.change(fill_and_delete)
    assert sorted(left) == sorted(kept)


def test_a_column_of_which_no_row_says_anything_is_not_named(store: Store) -> None:
    """The driver takes long over each None; rows and batches that do say something are as they were given."""
    statements: list[str] = []
    event.listen(store.writer, "before_cursor_execute", lambda *a: statements.append(a[2]))
    keys = heads(2 * bulk._BATCH)
    values: list[str | None] = [None] * len(keys)
    values[-1] = "1"

    def fill(session: Session) -> list[tuple[str, str | None]]:
        table = inspect(FieldHead).local_table
        columns: dict[str, list[str | None]] = {n: [key[i] for key in keys] for i, n in enumerate(NAMES)}
        bulk.insert_columns(session.connection(), table, {**columns, "value": values})
        return [tuple(row) for row in session.execute(select(FieldHead.clock, FieldHead.value))]

    found, _ = store.change(fill)
    assert ["value" in s for s in statements if s.startswith("INSERT INTO field_head")] == [False, True]
    assert {c: v for c, v in found if v is not None} == {keys[-1][2]: "1"}
    assert len(found) == len(keys)


def test_a_column_is_decoded_once_a_value_and_nothing_stays_nothing() -> None:
    asked: list[str] = []

    def decode(text: str) -> date:
        asked.append(text)
        return date.fromisoformat(text)

    found = merge._decoded(decode, ["2026-11-20", None, "2026-11-20", "2025-01-02"])
    assert found == [date(2026, 11, 20), None, date(2026, 11, 20), date(2025, 1, 2)]
    assert sorted(asked) == ["2025-01-02", "2026-11-20"]
