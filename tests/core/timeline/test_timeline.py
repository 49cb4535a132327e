"""One client's time on a real store: everything in order, and who changed what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from fieldcrm.base import clock, i18n
from fieldcrm.base.data.store import Store
from fieldcrm.core import clients, contacts, policies, timeline
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.complaints.tables import Complaint
from fieldcrm.core.handouts.tables import Handout, HandoutTemplate
from fieldcrm.core.people.tables import Person
from fieldcrm.core.visits.actions import plan_visit

TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _friday() -> Iterator[None]:
    i18n.use("zh_CN")
    with clock.at(clock.instant(TODAY, 18, 0)):
        yield


def happened(session: Session, client_id: str) -> None:
    session.add(
        Callback(
            client_id=client_id, called_at=clock.instant(TODAY, 10, 12), result="reached", intention="interested",
            conversion_offer="年金 D 款 8 万",
        )
    )  # fmt: skip
    session.add(
        Complaint(client_id=client_id, received_at=clock.instant(date(2025, 5, 1), 9), point="收益低", status="open")
    )
    template = HandoutTemplate(name="养老规划手册", version="3")
    session.add(template)
    session.flush()
    session.add(Handout(template_id=template.id, template_version="3", client_id=client_id, given_on=date(2026, 6, 2)))


def test_everything_stands_in_order_of_time(store: Store) -> None:
    id = store.change(clients.add_client, {"type": "person", "name": "王淑珍"})[0]
    store.change(
        policies.add_policy,
        {
            "number": "P1", "applicant_id": id, "product_name": "千里马两全（分红）", "premium_fen": 12_000_000,
            "pay_mode": "single", "effective_on": date(2021, 12, 3),
        },
    )  # fmt: skip
    store.change(
        contacts.log_contact, id, kind="phone", result="reached", summary="关心孩子婚房用款，不急用",
        started_at=clock.instant(date(2026, 8, 11), 15, 40),
    )  # fmt: skip
    store.change(plan_visit, planned_on=date(2026, 11, 23), client_id=id, slot="10:00", purpose="讲解年金")
    store.change(happened, id)
    entries = store.read(timeline.client_timeline, id)
    assert [(e.when, e.chip, e.text) for e in entries] == [
        ("11-23", "拜访计划", "10:00 · 讲解年金"),
        ("11-20 10:12", "回访", "有意向 · 年金 D 款 8 万"),
        ("08-11 15:40", "电话", "关心孩子婚房用款，不急用"),
        ("06-02", "送达资料", "养老规划手册 · 3"),
        ("2025-05-01", "投诉", "收益低 · 处理中"),
        ("2021-12-03", "投保", "千里马两全（分红） 12.0 万 · 趸交"),
    ]
    assert store.read(timeline.client_timeline, id, 1) == entries[:1]


def test_history_says_who_changed_what_from_what_to_what(store: Store) -> None:
    def me(session: Session) -> None:
        session.add(Person(id=store.author.person_id, name="林晓", role="manager"))

    store.change(me)
    id = store.change(
        clients.add_client, {"type": "person", "name": "王淑珍", "grade": "B", "phones": [{"number": "13805910032"}]}
    )[0]
    phone = store.read(clients.client_values, id)["phones"][0]
    store.change(clients.change_client, id, {"grade": "A", "phones": [{**phone, "number": "13805910099"}]})
    store.change(clients.delete_client, id)
    store.undo()
    rows = store.read(timeline.history, "client", id)
    told = [(row.person, row.what, row.part, [(c.label, c.old, c.new) for c in row.changes]) for row in rows]
    assert told[0][:2] == ("林晓", "restored")
    assert told[1][:2] == ("林晓", "deleted")
    changed = [row for row in told if row[1] == "changed"]
    assert ("林晓", "changed", "", [("等级", "B 类", "A 类")]) in changed
    assert ("林晓", "changed", "电话", [("号码", "138 0591 ••32", "138 0591 ••99")]) in changed
    created = [row for row in told if row[1] == "created" and not row[2]]
    assert ("姓名 / 名称", "—", "王淑珍") in created[0][3]
