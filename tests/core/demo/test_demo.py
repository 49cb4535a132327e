"""The demo book is plausible and coherent, the same for the same seed, and never in a real book's place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from stdnum.cn import ric, uscc

from fieldcrm.base import clock, forms
from fieldcrm.base.data.journal_tables import Conflict, Operation
from fieldcrm.base.data.schema import record_tables
from fieldcrm.base.errors import InvalidField, Refused
from fieldcrm.base.forms.model import Form, Kind
from fieldcrm.core import demo, history, search, sync
from fieldcrm.core.book import Book, found, is_book, unlock
from fieldcrm.core.demo import numbers
from fieldcrm.core.sync.tables import Package


@pytest.fixture(scope="module")
def demo_book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    book = demo.make(tmp_path_factory.mktemp("demo"))
    yield book
    book.close()


def _all(session: Session, kind: str) -> list[dict[str, Any]]:
    table = record_tables()[kind].__table__  # type: ignore[attr-defined]
    return [dict(row._mapping) for row in session.execute(select(table).where(table.c.deleted_at.is_(None)))]


def rows(book: Book, kind: str) -> list[dict[str, Any]]:
    return book.store.read(_all, kind)


def test_as_many_clients_as_in_the_pictures(demo_book: Book) -> None:
    types = [row["type"] for row in rows(demo_book, "client")]
    assert (types.count("person"), types.count("organisation")) == (371, 41)
    assert demo_book.store.author.person_name == "林晓"


def _forms() -> dict[str, Form]:
    found = dict(forms.all_forms()) if isinstance(forms.all_forms(), dict) else {}
    for form in [forms.get(kind) for kind in forms.all_forms()]:
        found[form.kind] = form
        found.update({f.form.kind: f.form for f in form.fields if f.form is not None})
    return found


def test_every_value_stands_in_its_form(demo_book: Book) -> None:
    """Each field of each record is what its form would accept: codes, lengths, checked numbers."""
    checked = 0
    for kind, form in _forms().items():
        if kind not in record_tables():
            continue
        for row in rows(demo_book, kind)[:150]:
            forms.clean(form, {f.name: row[f.name] for f in form.fields if f.name in row and f.kind is not Kind.LIST})
            checked += 1
    assert checked > 1000


@pytest.mark.parametrize(
    "kind",
    [
        "client_phone",
        "client_contact",
        "client_relation",
        "product",
        "policy_beneficiary",
        "policy_claim",
        "task",
        "complaint_step",
        "diary",
        "channel",
        "channel_premium",
        "channel_score",
        "channel_score_item",
    ],
)
def test_there_is_something_of_everything(demo_book: Book, kind: str) -> None:
    assert rows(demo_book, kind)


def test_records_name_records_that_exist(demo_book: Book) -> None:
    clients = {row["id"] for row in rows(demo_book, "client")}
    policies = {row["id"]: row for row in rows(demo_book, "policy")}
    for kind in ("contact", "callback", "complaint", "task"):
        assert {row["client_id"] for row in rows(demo_book, kind)} <= clients | {None}
    for callback in rows(demo_book, "callback"):
        if callback["policy_id"]:
            assert policies[callback["policy_id"]]["applicant_id"] == callback["client_id"]
    assert len({row["number"] for row in policies.values()}) == len(policies)


def test_the_day_so_far(demo_book: Book) -> None:
    today = clock.today()
    calls = [c for c in rows(demo_book, "callback") if clock.day_of(c["called_at"]) == today]
    assert sum(c["valid"] for c in calls) == 13
    stops = [v for v in rows(demo_book, "visit") if v["planned_on"] == today]
    assert [v["status"] for v in stops].count("done") == 3
    assert len(stops) == 5
    assert all(c["called_at"] <= clock.now() for c in rows(demo_book, "callback"))


def test_complaints_maturities_and_next_week(demo_book: Book) -> None:
    today = clock.today()
    assert sum(c["status"] == "open" for c in rows(demo_book, "complaint")) == 2
    soon = [p for p in rows(demo_book, "policy") if p["matures_on"] and 0 <= (p["matures_on"] - today).days <= 30]
    assert len(soon) >= 18
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7)
    assert sum(monday <= v["planned_on"] < monday + timedelta(days=7) for v in rows(demo_book, "visit")) == 12


@pytest.mark.parametrize("text", ["王淑珍", "wsz", "㛃", "䶮", "𠮷", "恒安物流", "hawl"])
def test_it_is_found(demo_book: Book, text: str) -> None:
    assert demo_book.store.read(search.find, text)


def test_history_is_lived_in_and_the_last_thing_can_be_undone(demo_book: Book) -> None:
    assert (
        demo_book.store.read(lambda s: s.scalar(select(func.count(func.distinct(func.date(Operation.at)))))) or 0
    ) > 40
    undone, _ = demo_book.store.undo()
    assert undone.rows
    demo_book.store.redo()


def test_the_same_seed_gives_the_same_clients(tmp_path: Path) -> None:
    made = []
    for folder in ("a", "b"):
        book = demo.make(tmp_path / folder, clients=60, seed=7)
        made.append(sorted((r["name"], r["address"], r["id_number"] or "") for r in rows(book, "client")))
        book.close()
    assert made[0] == made[1]


@pytest.mark.parametrize("clients", [0, 1, 12])
def test_small_demos(tmp_path: Path, clients: int) -> None:
    book = demo.make(tmp_path / "small", clients=clients)
    assert len(rows(book, "client")) == clients
    book.close()


@pytest.mark.parametrize("hour", [0, 6, 13, 23])
def test_at_any_time_of_day_nothing_is_ahead_of_the_clock(tmp_path: Path, hour: int) -> None:
    now = clock.instant(clock.today() + timedelta(days=2), hour, 20)
    with clock.at(now):
        book = demo.make(tmp_path / "book", clients=40)
        assert all(row["changed_at"] <= now for kind in ("contact", "callback", "visit") for row in rows(book, kind))
        book.close()


def test_a_real_book_is_never_replaced(tmp_path: Path) -> None:
    found(tmp_path / "real", name="林晓", unit="福州", role="manager", password="correct horse 9").book.close()
    with pytest.raises(Refused) as refused:
        demo.make(tmp_path / "real")
    assert refused.value.code == "demo.not_a_demo"
    assert is_book(tmp_path / "real")


def test_a_mark_that_outlived_a_demo_does_not_make_a_real_book_one(tmp_path: Path) -> None:
    """A demo that was cut short left its mark; the book founded there later is nobody's demo."""
    with pytest.raises(InvalidField):
        demo.make(tmp_path, password="short")
    assert (tmp_path / "demo.txt").exists()
    found(tmp_path, name="林晓", unit="福州", role="manager", password="correct horse 9").book.close()
    with pytest.raises(Refused) as refused:
        demo.make(tmp_path)
    assert refused.value.code == "demo.not_a_demo"
    unlock(tmp_path, password="correct horse 9").close()


def test_an_earlier_demo_is_replaced(tmp_path: Path) -> None:
    demo.make(tmp_path / "demo", clients=3).close()
    book = demo.make(tmp_path / "demo", clients=5)
    assert len(rows(book, "client")) == 5
    book.close()


def test_numbers_pass_their_checks() -> None:
    born = clock.today() - timedelta(days=15_000)
    for n in range(200):
        number = numbers.resident_id(born, n, n % 2 == 0)
        assert ric.calc_check_digit(number) == number[-1]
        assert uscc.is_valid(numbers.credit_code(n))


def test_an_enrolled_demo_has_packages_that_went_out_and_one_answer(tmp_path: Path) -> None:
    book = demo.make(tmp_path / "demo", clients=30, enrolled=True)
    packages = sorted((p["direction"], p["number"], p["state"]) for p in book.store.read(_packages))
    assert packages == [("in", 1, "merged"), ("out", 1, "sent"), ("out", 2, "sent")]
    assert 0 < book.store.read(sync.pending, book.store.author.device) < 1000
    assert all(finding.ok for finding in book.store.read(history.check_book))
    book.close()


def _packages(session: Session) -> list[dict[str, Any]]:
    return [
        {"direction": p.direction, "number": p.number, "state": p.state} for p in session.scalars(select(Package)).all()
    ]


def test_an_office_demo_holds_three_managers_and_a_conflict(tmp_path: Path) -> None:
    office = demo.make_office(tmp_path / "office", clients=60)
    owners = {row["owner_id"] for row in rows(office, "client")}
    assert (len(rows(office, "client")), len(owners)) == (60, 3)
    assert office.store.read(lambda s: s.scalar(select(func.count()).select_from(Conflict)))
    numbers = [row["number"] for row in rows(office, "policy")]
    assert len(numbers) == len(set(numbers))
    assert all(finding.ok for finding in office.store.read(history.check_book))
    office.close()
