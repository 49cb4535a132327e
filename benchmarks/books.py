"""Books for the benchmarks, made once per run: encrypted, indexed, of any size, of invented people."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from benchmarks.driver import PASSWORD
from benchmarks.figures import say
from fieldcrm.base import clock, ids
from fieldcrm.base.data import bulk, journal
from fieldcrm.base.data.search import index
from fieldcrm.core.book import Book, found, unlock

_STEP = 20_000


def empty(folder: Path, *, name: str = "林晓", unit: str = "福州支公司", role: str = "manager") -> Book:
    """A fresh book, open."""
    return found(folder, name=name, unit=unit, role=role, password=PASSWORD).book


def opened(folder: Path) -> Book:
    return unlock(folder, password=PASSWORD, writing="command")


def with_clients(folder: Path, count: int) -> Path:
    """The folder of a book with `count` clients, a phone each and a policy for every second one.

    Written around the journal: lists and searches do not read it, and a million edits would only take time.
    """
    place = folder / f"clients-{count}"
    if (place / "whole").exists():
        return place
    say(f"making a book of {count:,} clients")
    book = empty(place)
    try:
        for start in range(0, count, _STEP):
            with Session(book.store.writer) as session:
                _write(session, book.store.author.person_id, range(start, min(start + _STEP, count)))
                session.commit()
        with book.store.writer.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
    finally:
        book.close()
    (place / "whole").touch()
    return place


def _write(session: Session, owner: str, numbers: range) -> None:
    from fieldcrm.core.clients import rules
    from fieldcrm.core.clients.tables import Client, ClientPhone
    from fieldcrm.core.policies.tables import Policy

    people = list(invented(numbers))
    keys = ids.many(len(people))
    clients = [
        {
            "id": key, "type": "person", "name": p.name, "name_key": rules.name_key(p.name), "birth_on": p.born,
            "sex": "female" if p.female else "male", "id_number": p.id_number, "address": p.address,
            "grade": "ABC"[n % 3], "district": "鼓楼区",
        }
        for n, (key, p) in enumerate(zip(keys, people, strict=True))
    ]  # fmt: skip
    phones = [
        {"id": new, "parent_id": key, "position": "a", "number": p.phone}
        for new, key, p in zip(ids.many(len(people)), keys, people, strict=True)
    ]
    held = keys[::2]
    due = {key: date(2026, 12, 1) + timedelta(days=n % 1500) for n, key in enumerate(held)}
    for row in clients:
        row["due_on"] = due.get(str(row["id"]))  # as the journal's hook keeps it
    policies = [
        {
            "id": new, "number": f"35{numbers.start + n:014d}", "applicant_id": key, "product_name": "福满堂养老年金",
            "line": "annuity", "status": "in_force", "premium_fen": 5_000_000, "principal_fen": 5_000_000,
            "matures_on": due[key],
        }
        for n, (new, key) in enumerate(zip(ids.many(len(held)), held, strict=True))
    ]  # fmt: skip
    for cls, rows in ((Client, clients), (ClientPhone, phones), (Policy, policies)):
        insert(session, cls, rows, owner)
    for start in range(0, len(keys), 500):
        index.refresh_changed(session, {"client": keys[start : start + 500]})
    found_policies = [str(row["id"]) for row in policies]
    for start in range(0, len(found_policies), 500):
        index.refresh_changed(session, {"policy": found_policies[start : start + 500]})


def insert(session: Session, cls: Any, rows: Sequence[dict[str, Any]], owner: str) -> None:
    """The bare bulk insert: one statement, no journal."""
    now = clock.now()
    columns: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in rows[0]}
    columns["owner_id"] = [owner] * len(rows)
    columns["clock"] = ["0" * 40] * len(rows)
    columns["created_at"] = columns["changed_at"] = [now] * len(rows)
    connection = session.connection()
    with journal.journalled(connection):
        bulk.insert_columns(connection, cls.__table__, columns, normal=True)


def remember(session: Session, book: Book, cls: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Let the index be made from the rows in memory, as the program makes it, and not from rows read back."""
    notes = session.info.setdefault("journal", journal.Journal(book.store.author, book.store.clock, "bare"))
    notes.arrived.setdefault(cls, {}).update((row["id"], row) for row in rows)


@dataclass(frozen=True)
class Person:
    name: str
    female: bool
    born: date
    id_number: str
    phone: str
    address: str


_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟"
)
_GIVEN = "淑珍秀英玉兰桂芳建国志强文博子轩雨晨德明美玲国华小红海燕春梅永福金水丽娟俊杰欣怡浩然宗翰㛃䶮"
_STREETS = ("五四路", "湖东路", "津泰路", "八一七路", "六一路")


def invented(numbers: range) -> Iterator[Person]:
    """People, the same for the same numbers."""
    source = random.Random(numbers.start)
    for number in numbers:
        name = source.choice(_SURNAMES) + "".join(source.choice(_GIVEN) for _ in range(source.choice((1, 2, 2))))
        born = date(1945, 1, 1) + timedelta(days=source.randrange(60 * 365))
        female = source.random() < 0.55
        id_number = f"350102{born:%Y%m%d}{number % 1000:03d}X"
        phone = f"13{number % 10}{source.randrange(100_000_000):08d}"
        yield Person(name, female, born, id_number, phone, f"福州市鼓楼区{source.choice(_STREETS)}{number % 300}号")
