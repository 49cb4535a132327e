"""A column among many values, in one parameter, on both dialects."""

from __future__ import annotations

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from fieldcrm.base.data import journal
from fieldcrm.base.data.among import among
from fieldcrm.base.data.store import Store
from fieldcrm.core.clients.tables import Client


def test_among(store: Store) -> None:
    names = ["王淑珍", 'O\'Smith "x", {1}', "\\", "𠮷㛃䶮"]
    ids, _ = store.change(journal.bulk_insert, Client, [{"type": "person", "name": name} for name in names])
    more = [f"{n:032x}" for n in range(5_000)]

    def found(session: Session) -> list[list[str]]:
        query = select(Client.id).order_by(Client.id)
        return [
            list(session.scalars(query.where(condition)))
            for condition in (
                among(Client.id, [*more, *ids]),
                among(Client.id, []),
                among(Client.name, names[1:]) & Client.deleted_at.is_(None),
            )
        ]

    assert store.read(found) == [ids, [], ids[1:]]


def test_the_index_is_used(book: Store) -> None:
    def planned(session: Session) -> str:
        query = select(Client.name).where(among(Client.id, ["a"])).compile(session.connection())
        rows = session.execute(text(f"EXPLAIN QUERY PLAN {query}".replace("?", "'[]'")))
        return " ".join(row.detail for row in rows)

    assert "SEARCH client USING INDEX" in book.read(planned)
