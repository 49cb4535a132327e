"""Making one of several clients: nothing is lost, and one undo brings all back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldcrm.base import clock
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import ChangedElsewhere, InvalidField
from fieldcrm.core import clients, contacts, policies, tasks

BIRTH = date(1974, 3, 16)


def person(store: Store, name: str, *phones: str, **values: Any) -> str:
    given = {"type": "person", "name": name, "phones": [{"number": number} for number in phones]}
    return store.change(clients.add_client, given | values)[0]


def test_everything_moves_and_one_undo_brings_it_back(store: Store) -> None:
    kept = person(store, "王淑珍", "13805910032", grade="A", tags=["养老"])
    other = person(store, "王淑珍", "13805910032", "13905910033", birth_on=BIRTH, tags=["沙龙"], do_not_call=True)
    child, friend = person(store, "林晓燕"), person(store, "陈国强")
    store.change(clients.relate, kept, child, "family", "女儿")
    store.change(clients.relate, other, child, "family", "女儿")
    store.change(clients.relate, other, friend, "referral")
    store.change(clients.relate, kept, other, "family")
    store.change(policies.add_policy, {"number": "P1", "applicant_id": other, "insured_id": other})
    store.change(contacts.log_contact, other, kind="phone", result="reached")
    store.change(tasks.add_step, client_id=other, what="上门")
    done = store.change(clients.merge_clients, kept, [other, other, kept])[0]
    assert done == clients.Merged(kept, 5)
    card = store.read(clients.client_card, kept)
    assert [p.number for p in card.policies] == ["P1"]
    assert [p.number for p in card.phones] == ["138 0591 ••32", "139 0591 ••33"]
    assert sorted(r.name for r in card.related) == ["林晓燕", "陈国强"]
    assert (card.birth_on, card.tags, card.do_not_call, card.grade) == (BIRTH, ("养老", "沙龙"), True, "A")
    assert card.contacted_on == clock.today()
    assert card.next_step is not None
    with pytest.raises(ChangedElsewhere):
        store.read(clients.client_card, other)
    store.undo()
    assert [p.number for p in store.read(clients.client_card, other).policies] == ["P1"]
    assert len(store.read(clients.client_card, other).phones) == 2
    first = store.read(clients.client_card, kept)
    assert (first.policies, first.tags, first.do_not_call, len(first.related)) == ((), ("养老",), False, 2)


def test_who_may_be_the_same(store: Store) -> None:
    wang = person(store, "王淑珍", "13805910032", birth_on=BIRTH)
    by_phone = person(store, "王淑珍", "13805910032")
    by_birth = person(store, "王淑珍", birth_on=BIRTH)
    person(store, "王淑珍", "13900000000")
    person(store, "林晓燕", "13805910032")
    assert set(store.read(clients.find_same, wang)) == {by_phone, by_birth}
    store.change(clients.delete_client, by_phone)
    assert store.read(clients.find_same, wang) == [by_birth]
    assert store.read(clients.find_same, by_phone) == []


def test_one_is_not_several(store: Store) -> None:
    wang = person(store, "王淑珍")
    with pytest.raises(InvalidField):
        store.change(clients.merge_clients, wang, [wang])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    st.lists(
        st.lists(st.sampled_from(["13800000001", "13800000002", "13800000003"]), max_size=3), min_size=2, max_size=4
    )
)
def test_no_phone_is_lost_and_none_is_there_twice(book: Store, numbers: list[list[str]]) -> None:
    ids = [person(book, "王", *phones) for phones in numbers]
    book.change(clients.merge_clients, ids[0], ids[1:])
    kept = [p["number"] for p in book.read(clients.client_values, ids[0])["phones"]]
    own = len(numbers[0])
    assert set(kept) == {number for phones in numbers for number in phones}
    assert kept[:own] == numbers[0]
    assert len(set(kept[own:])) == len(kept[own:])
    book.undo()
    assert [p["number"] for p in book.read(clients.client_values, ids[0])["phones"]] == numbers[0]


def test_two_side_by_side_and_what_is_chosen_stays(store: Store) -> None:
    one = person(store, "王淑珍", "13805910032", address="工业路 1 号", id_number="350102197403163024", remark="旧")
    other = person(store, "王淑珎", "13905910033", address="工业路 9 号", birth_on=BIRTH, tags=["沙龙"])
    store.change(tasks.add_step, client_id=other, what="上门")
    found = store.read(clients.compare_clients, one, other)
    assert found.kept.client_id == other, "more belongs to it"
    differ = {d.field: d for d in found.differ}
    assert differ["address"].values == ("工业路 1 号", "工业路 9 号")
    assert (differ["address"].first, differ["remark"].first) == (False, True)
    assert "350102" not in differ["id_number"].values[0]
    assert ("138 0591 ••32 · 139 0591 ••33") in [value for _label, value in found.joined]
    chosen = {"name": one, "address": one, "remark": other}
    store.change(clients.merge_clients, other, [one], chosen=chosen)
    card = store.read(clients.client_card, other)
    assert (card.name, card.remark) == ("王淑珍", "")
    assert card.address.endswith("工业路 1 号")
    assert card.document, "what is not decided is filled in"
    store.undo()
    assert store.read(clients.client_card, other).name == "王淑珎"
    with pytest.raises(TypeError):
        store.change(clients.merge_clients, other, [one], chosen={"do_not_call": one})
