"""Clients on a real store: adding, changing, the recycle bin, bulk actions, relations, list, card."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, i18n
from fieldcrm.base.data.audit import Audit
from fieldcrm.base.data.listing import Asked, Between, Contains, OneOf, Sort
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import ChangedElsewhere, InvalidField, InvalidFields
from fieldcrm.core import bin, clients, contacts, policies, tasks
from fieldcrm.core.clients import rules
from fieldcrm.core.clients.tables import Client, ClientPhone
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.visits.actions import plan_visit

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _friday() -> Iterator[None]:
    with clock.at(clock.instant(TODAY, 9, 0)):
        yield


def person(store: Store, name: str, **values: Any) -> str:
    return store.change(clients.add_client, {"type": "person", "name": name, **values})[0]


def policy(store: Store, client_id: str, number: str, **values: Any) -> str:
    given = {"number": number, "applicant_id": client_id, "product_name": "千里马两全（分红）", "pay_mode": "single"}
    return store.change(policies.add_policy, {**given, **values})[0]


def names(store: Store, asked: Asked = Asked()) -> list[str]:  # noqa: B008 - a frozen question
    page = store.read(clients.clients_list().page, asked, 0, 100)
    return [row.name for row in page.rows]


def test_a_client_is_added_changed_and_its_rows_keep_their_ids(store: Store) -> None:
    id = person(store, "王淑珍", grade="A", phones=[{"number": "13805910032"}, {"number": "0591-28123116"}])
    values = store.read(clients.client_values, id)
    assert values["phones"][0]["number"] == "13805910032"
    first, second = values["phones"]
    store.change(clients.change_client, id, {"name": "王淑真", "phones": [second, {"number": "13900000001"}]})
    again = store.read(clients.client_values, id)
    assert again["name"] == "王淑真"
    assert again["grade"] == "A"
    assert again["phones"][0]["id"] == second["id"]
    assert first["id"] not in {p["id"] for p in again["phones"]}
    assert store.read(lambda s: s.get_one(Client, id).name_key).startswith("wang shu zhen")
    store.undo()
    assert [p["id"] for p in store.read(clients.client_values, id)["phones"]] == [first["id"], second["id"]]


def test_what_is_wrong_stands_at_its_field(store: Store) -> None:
    with pytest.raises(InvalidFields) as wrong:
        person(store, "", id_number="110105194912310021")
    assert {p.field for p in wrong.value.problems} == {"name", "id_number"}


def test_deleting_takes_policies_and_plans_along_and_undo_brings_all_back(store: Store) -> None:
    id = person(store, "陈国强")
    other = person(store, "郑美玲")
    held = policy(store, id, "P1", matures_on=TODAY + timedelta(days=8))
    store.change(tasks.add_step, client_id=id, what="上门", due_on=TODAY)
    store.change(plan_visit, planned_on=TODAY, client_id=id)
    store.change(contacts.log_contact, id, kind="phone", result="no_answer")
    assert store.change(clients.delete_client, id)[0] == "陈国强"
    assert names(store) == ["郑美玲"]
    assert store.read(lambda s: s.get_one(Policy, held).deleted_at) is not None
    store.undo()
    assert set(names(store)) == {"陈国强", "郑美玲"}
    store.redo()
    with pytest.raises(ChangedElsewhere):
        store.read(clients.client_card, id)
    store.change(bin.restore_records, [("client", id)])
    card = store.read(clients.client_card, id)
    assert [p.number for p in card.policies] == ["P1"]
    assert card.next_step is not None
    assert store.change(clients.delete_clients, [id, other, other])[0] == 2


def test_bulk_actions_are_one_operation(store: Store) -> None:
    ids = [person(store, f"客户{n}") for n in range(5)]
    assert store.change(clients.grade_clients, ids, "A")[0] == 5
    assert store.change(clients.tag_clients, ids[:3], "养老规划")[0] == 3
    assert store.change(clients.tag_clients, ids, "养老规划")[0] == 2
    rows = store.read(clients.client_rows, ids)
    assert {r.tags for r in rows.values()} == {("养老规划",)}
    assert store.change(clients.tag_clients, ids[:1], "养老规划", remove=True)[0] == 1
    store.undo()
    store.undo()
    store.undo()
    store.undo()
    assert {r.grade for r in store.read(clients.client_rows, ids).values()} == {None}
    with pytest.raises(InvalidFields):
        store.change(clients.grade_clients, ids, "Z")
    with pytest.raises(InvalidField):
        store.change(clients.tag_clients, ids, " ")


def test_relations_read_from_both_sides(store: Store) -> None:
    mother, daughter = person(store, "王淑珍", birth_on=date(1974, 3, 16)), person(store, "林晓燕")
    relation = store.change(clients.relate, mother, daughter, "family", "女儿")[0]
    i18n.use("zh_CN")
    assert [(r.name, r.role) for r in store.read(clients.client_card, mother).related] == [("林晓燕", "女儿")]
    assert [(r.name, r.role) for r in store.read(clients.client_card, daughter).related] == [("王淑珍", "家庭")]
    with pytest.raises(InvalidField):
        store.change(clients.relate, mother, mother, "family")
    store.change(clients.unrelate, relation)
    assert store.read(clients.client_card, mother).related == ()


def test_the_other_side_of_a_relation_is_called_by_its_own_name(store: Store) -> None:
    """A firm has employees: it is not the employer of itself."""
    i18n.use("zh_CN")
    ids = [store.change(clients.add_client, {"type": kind, "name": name})[0]
           for kind, name in (("person", "陈国强"), ("organisation", "恒安物流"), ("person", "林晓燕"))]  # fmt: skip
    person, firm, friend = ids
    store.change(clients.relate, person, firm, "employer")
    store.change(clients.relate, person, friend, "referral", "介绍人")
    assert [(r.name, r.role) for r in store.read(clients.client_card, firm).related] == [("陈国强", "员工")]
    assert [(r.name, r.role) for r in store.read(clients.client_card, friend).related] == [("陈国强", "被介绍人")]
    assert {(r.name, r.role) for r in store.read(clients.client_card, person).related} == {
        ("恒安物流", "任职单位"), ("林晓燕", "介绍人"),
    }  # fmt: skip


def test_a_number_shown_whole_is_noted(store: Store) -> None:
    id = person(store, "王淑珍", phones=[{"number": "13805910032"}], id_number="11010519491231002X")
    assert store.read(clients.client_card, id).phones[0].number == "138 0591 ••32"
    assert store.change(clients.reveal, id, "phone")[0] == "13805910032"
    assert store.change(clients.reveal, id, "id_number")[0] == "11010519491231002X"
    notes = store.read(lambda s: [(a.what, a.subject_id, a.codes) for a in s.scalars(select(Audit))])
    assert notes == [("reveal", id, {"field": "phone"}), ("reveal", id, {"field": "id_number"})]


@pytest.fixture
def filled(store: Store) -> Store:
    """Six clients, each for one view."""
    i18n.use("zh_CN")
    wang = person(store, "王淑珍", grade="A", birth_on=date(1974, 3, 16), source_type="post", source_outlet="上渡")
    policy(store, wang, "P1", matures_on=date(2026, 12, 3), premium_fen=12_000_000)
    policy(store, wang, "P2", matures_on=date(2028, 1, 1), premium_fen=90_000_000)
    huang = person(store, "黄丽华")
    policy(
        store, huang, "P3", product_name="万能", line="universal", matures_on=date(2026, 12, 5), premium_fen=2_000_000
    )
    liu = person(store, "刘建平", grade="C")
    policy(store, liu, "P4", status="matured", matures_on=date(2026, 11, 1))
    firm = store.change(
        clients.add_client,
        {
            "type": "organisation",
            "name": "福建恒安物流有限公司",
            "grade": "A",
            "industry": "物流",
            "ranks": ["local_100_tax"],
            "contacts": [{"name": "林经理", "role": "财务", "phone": "13805910033"}],
        },
    )[0]
    policy(store, firm, "P5", product_name="团车险", line="fleet", renews_on=date(2026, 12, 15), premium_fen=42_000_000)
    store.change(
        clients.add_client,
        {"type": "organisation", "name": "林氏建材", "insurance_expires_on": date(2027, 1, 12)},
    )
    store.change(contacts.log_contact, wang, kind="phone", result="reached", started_at=clock.instant(TODAY, 8, 0))
    store.change(contacts.log_contact, liu, kind="visit", started_at=clock.instant(date(2026, 9, 1), 8, 0))
    return store


def test_rows_say_what_the_picture_says(filled: Store) -> None:
    page = filled.read(clients.clients_list().page, Asked(), 0, 100)
    rows = {row.name: row for row in page.rows}
    wang, firm = rows["王淑珍"], rows["福建恒安物流有限公司"]
    assert (wang.category, wang.policy, wang.policies) == ("个人 · 52", "分红 12 万", 2)
    assert (wang.due.words, wang.due.tone, wang.source) == ("12-03", "amber", "邮政 上渡")
    assert (wang.contacted_on, wang.neglected) == (TODAY, False)
    assert (firm.category, firm.policy) == ("企业 · 物流 · 当地纳税百强", "团车 42 万")
    assert (firm.due.kind, firm.due.words) == ("renews", "12-15")
    assert rows["黄丽华"].due.words == "终身"
    assert (rows["刘建平"].due.words, rows["刘建平"].due.tone) == ("已满期", "red")
    assert (rows["林氏建材"].due.words, rows["林氏建材"].due.tone) == ("2027-01-12", "blue")
    assert [r.name for r in page.rows] == ["福建恒安物流有限公司", "黄丽华", "林氏建材", "刘建平", "王淑珍"]


def test_views_count_what_they_show(filled: Store) -> None:
    spec = clients.clients_list()
    asked = {view.key: view.asked for view in clients.views()}
    counts = filled.read(spec.counts, asked)
    assert counts == {"all": 5, "next_month": 1, "grade_a": 2, "silent": 4, "renewals": 2}
    for key, question in asked.items():
        assert len(names(filled, question)) == counts[key]
    assert set(names(filled, asked["silent"])) == {"黄丽华", "刘建平", "福建恒安物流有限公司", "林氏建材"}
    assert filled.read(clients.count_clients) == clients.Counted(5, 3, 2)


def test_filters_that_ask_other_tables(filled: Store) -> None:
    def found(key: str, wanted: Any) -> list[str]:
        return names(filled, Asked(((key, wanted),)))

    assert found("name", Contains("物流")) == ["福建恒安物流有限公司"]
    assert found("age", Between(52, 52)) == ["王淑珍"]
    assert found("age", Between(53, None)) == []
    assert found("contacted_on", Between(date(2026, 9, 1), date(2026, 9, 1))) == ["刘建平"]
    assert found("due_on", Between(date(2026, 12, 1), date(2026, 12, 31))) == ["福建恒安物流有限公司", "王淑珍"]
    assert found("type", OneOf(("organisation",))) == ["福建恒安物流有限公司", "林氏建材"]
    by_grade = names(filled, Asked((), Sort("grade")))
    assert by_grade[2] == "刘建平"


def test_the_lists_walk_their_indexes(book: Store) -> None:
    """Neither order nor the first view leaves the index; without it a million rows would be sorted."""

    def plans(session: Session) -> list[str]:
        from fieldcrm.base.data import windows

        spec = clients.clients_list()
        found = []
        for sort in ("name", "grade", "due_on", "contacted_on"):
            asked = Asked((), Sort(sort))
            query = windows.where(spec, asked, spec.id, windows.sorted_by(spec, asked)).where(
                windows.sorted_by(spec, asked).is_not(None)
            )
            query = query.order_by(*windows.order(spec, asked)).limit(200)
            sql = str(query.compile(session.connection(), compile_kwargs={"literal_binds": True}))
            found.append(
                " ".join(str(row) for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}"))
            )
        return found

    for plan in book.read(plans):
        assert "COVERING INDEX" in plan
        assert "TEMP B-TREE" not in plan


def test_a_grade_is_counted_along_its_own_index(book: Store) -> None:
    seen: list[str] = []

    def plan(session: Session) -> str:
        event.listen(session.get_bind(), "before_cursor_execute", lambda *told: seen.append(told[2]))
        clients.clients_list().count(session, Asked((("grade", OneOf(("A",))),)))
        told = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {seen[0]}", ("A",))
        return " ".join(str(row[-1]) for row in told)

    assert "SEARCH client USING COVERING INDEX ix_client_grade (grade=?)" in book.read(plan)


def test_the_card_tells_the_client(filled: Store) -> None:
    ids = filled.read(clients.clients_list().ids, Asked((("name", Contains("王淑珍")),)), 0, 1)
    filled.change(
        tasks.add_step, client_id=ids[0], what="上门讲解年金 D 款", due_on=date(2026, 11, 23), due_time="10:00"
    )
    filled.change(
        plan_visit, planned_on=date(2026, 11, 23), client_id=ids[0], slot="09:30", purpose="讲解", bring="计划书"
    )
    card = filled.read(clients.client_card, ids[0])
    assert (card.age, card.worth_fen, card.due.days(clock.today())) == (52, 102_000_000, 13)
    assert [p.number for p in card.policies] == ["P1", "P2"]
    assert card.next_step is not None
    assert (card.next_step.kind, card.next_step.time, card.next_step.bring) == ("visit", "09:30", "计划书")
    assert [line.label for line in card.lines if line.held] == ["分红"]
    firm = filled.read(clients.clients_list().ids, Asked((("name", Contains("物流")),)), 0, 1)[0]
    card = filled.read(clients.client_card, firm)
    assert [(p.number, p.label) for p in card.phones] == [("138 0591 ••33", "林经理 财务")]
    assert [line.label for line in card.lines if line.held] == ["团车"]


def test_contact_rhythm_by_grade() -> None:
    on = date(2026, 11, 20)
    assert [rules.rhythm_days(g) for g in ("A", "B", "C", "D", None)] == [30, 60, 120, 120, 120]
    assert not rules.neglected("A", on - timedelta(days=30), on)
    assert rules.neglected("A", on - timedelta(days=31), on)
    assert rules.neglected("C", None, on)


def test_phones_are_found_by_any_part(filled: Store) -> None:
    id = person(filled, "吴秀英", phones=[{"number": "138 0591 0077"}])
    filled.change(clients.change_client, id, {"remark": "x"})
    assert names(filled, Asked((("phone", Contains("0591 0077")),))) == ["吴秀英"]
    assert filled.read(lambda s: s.scalars(select(ClientPhone.number)).all())
