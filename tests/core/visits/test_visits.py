"""Visits on a real book: planning, moving, finishing, the board, the candidates, and the plan that is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, i18n
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import ChangedElsewhere, InvalidField, Refused
from fieldcrm.base.paper.preview import Pages
from fieldcrm.core import visits
from fieldcrm.core.channels.tables import Channel
from fieldcrm.core.clients.tables import Client, ClientContact, ClientPhone
from fieldcrm.core.complaints.tables import Complaint
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.tasks.tables import Task
from fieldcrm.core.visits.tables import Visit

pytest_plugins = ["support.stores"]

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _friday_evening() -> Iterator[None]:
    with clock.at(clock.instant(FRIDAY, 18, 2)):
        yield


def add_client(session: Session, name: str, **values: Any) -> str:
    matures_on, principal = values.pop("matures_on", None), values.pop("principal_fen", 12_000_000)
    phone = values.pop("phone", "13805910032")
    client = Client(name=name, **values)
    session.add(client)
    session.flush()
    session.add(ClientPhone(parent_id=client.id, number=phone, position=0))
    if matures_on:
        session.add(
            Policy(
                number=f"P{name}",
                applicant_id=client.id,
                product_name="千里马两全（分红）",
                matures_on=matures_on,
                principal_fen=principal,
                expected_maturity_benefit_fen=13_426_000,
                status="in_force",
            )
        )
    return client.id


def add_contact(session: Session, client_id: str, at: datetime, summary: str) -> None:
    session.add(Contact(client_id=client_id, kind="phone", started_at=at, result="reached", summary=summary))


@pytest.fixture
def wang(store: Store) -> str:
    id, _changes = store.change(
        add_client, "王淑珍", sex="female", birth_on=date(1974, 3, 1), city="福州市", district="台江区",
        address="工业路 211 号 3 栋 502", matures_on=date(2026, 12, 3),
    )  # fmt: skip
    return id


def plan(store: Store, client_id: str | None, day: date = MONDAY, slot: str | None = "10:00", **values: Any) -> str:
    return store.change(visits.plan_visit, client_id=client_id, planned_on=day, slot=slot, **values)[0]


def get(store: Store, visit_id: str) -> Visit:
    return store.read(lambda session: session.get_one(Visit, visit_id))


def test_the_board_of_a_week(store: Store, wang: str) -> None:
    plan(store, wang, purpose="年金 D 款方案", bring="计划书")
    plan(store, wang, slot="10:30", minutes=45)
    plan(store, wang, slot=None)
    saturday = plan(store, wang, MONDAY + timedelta(5))
    week = store.read(visits.week, MONDAY)
    assert [day.on.weekday() for day in week.days] == [0, 1, 2, 3, 4, 5]
    assert [row.slot for row in week.days[0].visits] == ["10:00", "10:30", None]
    assert [clash.minutes for clash in week.days[0].clashes] == [30]
    row = week.days[0].visits[0]
    assert (row.name, row.purpose, row.chip, row.tone) == ("王淑珍", "年金 D 款方案", "matures 3 Dec • 120k", "amber")
    assert (week.planned, week.done) == (4, 0)
    store.change(visits.cancel_visit, saturday, "下雨")
    assert len(store.read(visits.week, MONDAY).days) == 5


def test_too_many_stops_are_counted(store: Store, wang: str) -> None:
    for hour in range(8, 15):
        plan(store, wang, slot=f"{hour:02}:00", minutes=30)
    assert store.read(visits.week, MONDAY).days[0].too_many == 2


def test_what_cannot_be_planned(store: Store, wang: str) -> None:
    with pytest.raises(InvalidField):
        plan(store, None)
    with pytest.raises(InvalidField):
        plan(store, wang, slot="25:00")
    with pytest.raises(InvalidField):
        plan(store, wang, minutes=0)
    shy, _ = store.change(add_client, "不愿联系", consent=False)
    with pytest.raises(Refused):
        plan(store, shy)
    with pytest.raises(ChangedElsewhere):
        store.change(visits.cancel_visit, "0" * 32, "reason")


def test_a_draft_moves_freely_and_an_older_plan_needs_a_reason(store: Store, wang: str) -> None:
    visit = plan(store, wang)
    store.change(visits.move_visit, visit, MONDAY + timedelta(1), "14:00")
    assert (get(store, visit).status, get(store, visit).slot) == ("planned", "14:00")
    with clock.at(clock.instant(MONDAY, 8)):
        with pytest.raises(InvalidField):
            store.change(visits.move_visit, visit, MONDAY + timedelta(2), "14:00")
        store.change(visits.move_visit, visit, MONDAY + timedelta(2), "14:00", "客户出差")
        moved = get(store, visit)
        assert (moved.status, moved.reason, moved.planned_on) == ("moved", "客户出差", MONDAY + timedelta(2))
        store.undo()
        assert get(store, visit).planned_on == MONDAY + timedelta(1)


def test_finishing_makes_contact_and_next_step_at_once(store: Store, wang: str) -> None:
    def add_task(session: Session) -> str:
        task = Task(client_id=wang, what="上门讲方案", due_on=MONDAY, status="open")
        session.add(task)
        session.flush()
        return task.id

    task, _ = store.change(add_task)
    visit = plan(store, wang, task_id=task)
    with clock.at(clock.instant(MONDAY, 19)):
        done, changes = store.change(
            visits.finish_visit, visit, result="reached", summary="同意看方案", next_what="送计划书",
            next_on=MONDAY + timedelta(3), next_time="10:00",
        )  # fmt: skip
        assert changes.kinds == {"visit", "contact", "task"}
        contact = store.read(lambda session: session.get_one(Contact, done.contact_id))
        assert contact.started_at == clock.instant(MONDAY, 10)
        assert (contact.kind, contact.summary, contact.next_step_id) == ("visit", "同意看方案", done.task_id)
        assert store.read(lambda session: session.get_one(Task, task)).status == "done"
        assert (get(store, visit).status, get(store, visit).contact_id) == ("done", done.contact_id)
        with pytest.raises(Refused):
            store.change(visits.finish_visit, visit, result="reached")
        store.undo()
        assert get(store, visit).status == "planned"
        assert store.read(lambda session: session.get_one(Task, task)).status == "open"
        assert not store.read(lambda s: s.scalars(select(Contact.id).where(Contact.deleted_at.is_(None))).all())


def test_candidates_are_ranked_and_explained(store: Store, wang: str) -> None:
    def fill(session: Session) -> dict[str, str]:
        ids = {
            "soon": add_client(session, "郑依妹", matures_on=date(2026, 11, 24), principal_fen=3_000_000),
            "late": add_client(session, "陈志明", matures_on=date(2027, 1, 10), principal_fen=1_000_000),
            "shy": add_client(session, "不愿联系", matures_on=date(2026, 11, 24), consent=False),
            "complained": add_client(session, "刘建平"),
            "nothing": add_client(session, "平安无事"),
            "planned": add_client(session, "已排", matures_on=date(2026, 11, 24)),
        }
        session.add(Complaint(client_id=ids["complained"], received_at=clock.now(), status="open"))
        for id in ids.values():
            add_contact(session, id, clock.now(), "x")
        return ids

    ids, _ = store.change(fill)
    plan(store, ids["planned"])
    found = store.read(visits.candidates, MONDAY)
    assert [row.name for row in found] == ["王淑珍", "郑依妹", "刘建平", "陈志明"]
    assert found[0].reasons[0].startswith("matures 3 Dec")
    assert found[0].age == 52
    assert found[2].reasons == ("open complaint",)
    assert store.read(visits.candidates, MONDAY, limit=1) == found[:1]


def test_candidates_read_each_client_once_and_no_contact(store: Store, wang: str) -> None:
    statements: list[str] = []
    event.listen(store.readers, "before_cursor_execute", lambda *a: statements.append(a[2]))
    store.read(visits.candidates, MONDAY)
    assert sum("client.name_key" in s for s in statements) == 1
    assert [s for s in statements if "FROM contact" in s] == []


def test_next_week_with_visits(store: Store, wang: str) -> None:
    assert store.read(visits.next_week_with_visits) == date(2026, 11, 16)
    plan(store, wang, MONDAY + timedelta(9))
    assert store.read(visits.next_week_with_visits) == date(2026, 11, 30)
    plan(store, wang, FRIDAY)
    assert store.read(visits.next_week_with_visits) == date(2026, 11, 16)


def test_the_printed_plan(store: Store, wang: str, tmp_path: Path) -> None:
    i18n.use("zh_CN")

    def fill(session: Session) -> str:
        add_contact(session, wang, clock.instant(FRIDAY, 10), "同意看方案，女儿在家")
        organisation = Client(name="长乐纺织集团", type="organisation")
        outlet = Channel(
            name="上渡邮政网点", type="part_time", contact_name="林主任", district="仓山区", address="上渡路88号"
        )
        session.add_all([organisation, outlet])
        session.flush()
        session.add(ClientContact(parent_id=organisation.id, name="王经理", phone="0591-28123116", position=0))
        session.add(
            Task(client_id=organisation.id, what="续保 60 天 约访", due_on=MONDAY, due_time="11:30", status="open")
        )
        add_client(session, "许春花", matures_on=date(2026, 12, 15), phone="15880011143")
        add_client(session, "不打扰", matures_on=date(2026, 12, 15), do_not_call=True)
        return outlet.id

    outlet, _ = store.change(fill)
    plan(store, wang, purpose="年金 D 款方案讲解", bring="计划书")
    plan(store, None, slot="15:30", channel_id=outlet, purpose="沙龙准备")
    paper = store.read(visits.plan_paper, MONDAY)
    (day,) = paper.days
    stop = day.stops[0]
    assert (stop.about, stop.chip, stop.chip_tone) == ("52 岁 • 女", "满期 12-03 • 12 万", "amber")
    assert stop.policy == "千里马两全（分红） 12 万 • 满期给付 134,260"
    assert stop.history == "上次 11-20 电话：同意看方案，女儿在家"
    assert stop.phone == "138 0591 ••32"
    assert stop.navigate_to == "福州市台江区工业路211号"
    assert day.stops[1].name == "上渡邮政网点"
    assert [(call.name, call.reason, call.phone) for call in day.calls] == [
        ("长乐纺织集团 王经理", "续保 60 天 约访", "0591-28•••116"),
        ("许春花", "满期 12-15 回访", "158 8001 ••43"),
    ]
    path = tmp_path / "plan.pdf"
    assert visits.print_visit_plan(paper, path) == 1
    with Pages(path.read_bytes()) as pages:
        assert "打印于 2026-11-20 18:02" in pages.text(0)
        assert "13805910032" not in pages.text(0).replace(" ", "")


def test_an_empty_week_prints_five_empty_days(store: Store) -> None:
    assert len(store.read(visits.plan_paper, MONDAY).days) == 5


def test_consent_withdrawn_after_planning_is_shown(store: Store, wang: str) -> None:
    plan(store, wang)

    def withdraw(session: Session) -> None:
        session.get_one(Client, wang).consent = False

    store.change(withdraw)
    assert store.read(visits.week, MONDAY).days[0].visits[0].chip == "withdrew consent"
    stop = store.read(visits.plan_paper, MONDAY).days[0].stops[0]
    assert (stop.chip, stop.chip_tone) == ("withdrew consent", "red")
    assert store.read(visits.candidates, MONDAY) == []


def test_the_room_loads_without_the_pdf_libraries() -> None:
    code = "import sys, fieldcrm.core.visits; print(sorted({'reportlab', 'pypdfium2', 'pandas'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment())
    assert done.stdout.strip() == "[]"


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
