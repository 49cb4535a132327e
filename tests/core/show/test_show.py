"""Rows of any kind by the forms' field names: kinds by any word, conditions as people write them, masked numbers."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms, i18n
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import InvalidField
from fieldcrm.core import contacts, show
from fieldcrm.core.clients.tables import Client, ClientPhone
from fieldcrm.core.people.tables import Person
from fieldcrm.core.policies.tables import Policy, PolicyClaim

WANG, LIN = "a" * 32, "b" * 32


def _fill(session: Session) -> None:
    session.add(
        Client(id=WANG, name="王淑珍", name_key="wang", grade="A", tags=["养老规划", "A 类"],
               id_number="11010519491231002X",
               birth_on=date(1949, 12, 31), consent=True)
    )  # fmt: skip
    session.add(Client(id=LIN, name="林㛃", name_key="lin", grade="B", consent=False))
    for position, number in enumerate(("13805910032", "059187654321")):
        session.add(ClientPhone(parent_id=WANG, position=position, number=number))
    policy = Policy(
        id="c" * 32,
        number="P1",
        applicant_id=WANG,
        premium_fen=12_000_000,
        matures_on=date(2026, 12, 3),
        line="universal",
    )
    session.add(policy)
    session.add(PolicyClaim(parent_id=policy.id, reported_at=clock.instant(date(2026, 11, 1), 9), amount_fen=500))
    contacts.log_contact(session, WANG, summary="问收益", started_at=clock.instant(date(2026, 11, 20), 9, 30))


@pytest.fixture
def filled(store: Store) -> Store:
    store.change(_fill)
    return store


def rows(store: Store, kind: str, *where: str, **options: Any) -> list[dict[str, Any]]:
    found = store.read(show.list_rows, kind, [show.condition(text) for text in where], **options)
    assert json.loads(json.dumps(found.rows)) == found.rows
    return found.rows


def test_a_day_asks_for_the_whole_day(filled: Store) -> None:
    assert len(rows(filled, "contact", "started_at=2026-11-20")) == 1
    assert len(rows(filled, "contact", "started_at=2026-11-20 09:30")) == 1
    assert rows(filled, "contact", "started_at=2026-11-21") == []


def test_an_owner_by_name(filled: Store) -> None:
    """An office asks for the records of one of its managers."""

    def name_the_owner(session: Session) -> None:
        session.add(Person(id=filled.author.person_id, name="林晓", role="manager"))

    filled.change(name_the_owner)
    for where in ("owner=林晓", "owner_id=林晓", f"owner_id={filled.author.person_id}"):
        assert {row["owner_name"] for row in rows(filled, "client", where)} == {"林晓"}
    assert rows(filled, "client", "owner=陈敏") == []


@pytest.mark.parametrize("word", ["client", "clients", "Clients", "客户"])
def test_a_kind_by_any_word(word: str) -> None:
    assert show.kind_named(word) == "client"


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("policies", "policy"),
        ("diary", "diary"),
        ("diaries", "diary"),
        ("people", "person"),
        ("relations", "client_relation"),
        ("channel-scores", "channel_score"),
        ("next steps", "task"),
        ("tasks", "task"),
        ("回访", "callback"),
    ],
)
def test_plurals(word: str, kind: str) -> None:
    assert show.kind_named(word) == kind


def test_every_kind_with_a_form_can_be_shown(store: Store) -> None:
    for word in show.kinds():
        assert rows(store, show.kind_named(word)) == []
    assert len(show.kinds()) == len(list(forms.all_forms()))


def test_an_unknown_kind_names_the_known() -> None:
    with pytest.raises(InvalidField) as wrong:
        show.kind_named("ships")
    assert "policies" in wrong.value.sentence


def test_field_names_of_the_form_lists_inside_numbers_masked(filled: Store) -> None:
    lin, wang = rows(filled, "client")
    assert lin["name"] == "林㛃"
    assert wang["phones"][0]["number"] == "138 0591 ••32"
    assert wang["id_number"].startswith("110•")
    assert wang["birth_on"] == "1949-12-31"
    assert {field.name for field in forms.get("client").fields} <= set(wang)
    assert lin["phones"] == []
    [policy] = rows(filled, "policy")
    assert (policy["premium_fen"], policy["applicant_name"]) == (12_000_000, "王淑珍")
    assert policy["claims"][0]["reported_at"] == "2026-11-01T09:00:00+08:00"


def test_unmasked_only_when_asked(filled: Store) -> None:
    assert rows(filled, "client", "grade=A", masked=False)[0]["phones"][0]["number"] == "13805910032"


@pytest.mark.parametrize(
    ("kind", "where", "count"),
    [
        ("client", ["grade=A"], 1), ("client", ["grade=A 类"], 1), ("client", ["等级=B"], 1),
        ("client", ["name=王淑珍"], 1),
        ("client", ["consent=no"], 1), ("client", ["consent=是", "grade=B"], 0),
        ("client", ["phones=138 0591 0032"], 1),
        ("client", ["phones="], 1), ("client", ["grade="], 0), ("client", ["tags=养老规划"], 1),
        ("client", ["tags=养老"], 0),
        ("client", ["birth_on=1949.12.31"], 1), ("client", [f"id={WANG}"], 1), ("policy", ["premium=120,000"], 1),
        ("policy", ["premium_fen=12万"], 1), ("policy", ["applicant=王淑珍"], 1),
        ("policy", ["premium_fen=12000000"], 1), ("policy", ["premium_fen=120000"], 0),
        ("policy", ["premium=120000"], 1),
        ("policy", ["applicant_name=王淑珍"], 1), ("policy", ["applicant_name=林㛃"], 0),
        ("policy", [f"applicant_id={WANG}"], 1),
        ("policy", ["applicant_id=林㛃"], 0), ("policy", ["line=万能"], 1), ("policy", ["matures_on=2026-12-03"], 1),
        ("contact", ["started_at=2026-11-20 09:30"], 1), ("contact", ["started_at=2026-11-20 09:31"], 0),
        ("client", ["industry="], 2),
    ],
)  # fmt: skip
def test_conditions_as_people_write_them(filled: Store, kind: str, where: list[str], count: int) -> None:
    assert len(rows(filled, kind, *where)) == count


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("grade", "show.no_equals"),
        ("=A", "show.no_equals"),
        ("height=2", "show.no_field"),
        ("grade=Z", "forms.not_a_choice"),
    ],
)
def test_a_condition_that_cannot_be(filled: Store, where: str, code: str) -> None:
    with pytest.raises(InvalidField) as wrong:
        rows(filled, "client", where)
    assert (wrong.value.field, wrong.value.code) == ("where", code)
    i18n.use("zh_CN")
    assert wrong.value.sentence


def test_limit_and_total_and_the_recycle_bin(filled: Store) -> None:
    found = filled.read(show.list_rows, "client", limit=1)
    assert (found.total, len(found.rows)) == (2, 1)

    def delete(session: Session) -> None:
        session.get_one(Client, WANG).deleted_at = clock.now()

    filled.change(delete)
    assert [row["name"] for row in rows(filled, "client")] == ["林㛃"]
