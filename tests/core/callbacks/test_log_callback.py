"""One logged call: callback, contact, next step, visit and complaint in one operation that is undone whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import ChangedElsewhere, InvalidField, InvalidFields, Refused
from fieldcrm.core import callbacks
from fieldcrm.core.callbacks.tables import Callback
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.complaints.tables import Complaint
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.tasks.tables import Task
from fieldcrm.core.visits.tables import Visit
from support.calls import FRIDAY, add_client

pytest_plugins = ["support.stores"]
REACHED = {"result": "reached", "maturity_explained": True, "intention": "interested"}


@pytest.fixture(autouse=True)
def _friday_morning() -> Iterator[None]:
    with clock.at(clock.instant(FRIDAY, 10, 12)):
        yield


def _all(session: Session, table: Any) -> list[Any]:
    return list(session.scalars(select(table).where(table.deleted_at.is_(None)).order_by(table.id)))


def _policy_id(session: Session, client_id: str) -> str:
    return session.scalars(select(Policy.id).where(Policy.applicant_id == client_id)).one()


def test_a_reached_call_with_a_visit(store: Store) -> None:
    client, _ = store.change(add_client, "王淑珍")
    policy = store.read(_policy_id, client)
    logged, changes = store.change(
        callbacks.log_callback, client, policy_id=policy, **REACHED,
        conversion_offer="年金 D 款 8 万 + 存单 5 万", next_on=date(2026, 11, 23), next_time="10:00", next_way="visit",
        remark="女儿周末在家一起看方案",
    )  # fmt: skip
    assert changes.kinds == {"callback", "contact", "task", "visit"}
    assert logged.valid
    call, contact, task, visit = (store.read(_all, t)[0] for t in (Callback, Contact, Task, Visit))
    assert (call.serial_number, call.attempt_number, call.filled_on, call.valid) == (1, 1, FRIDAY, True)
    assert (call.policy_number, call.product_held) == ("8861202211152217", "千里马两全（分红型）")
    assert call.conversion_explained is True
    assert (contact.kind, contact.result) == ("phone", "appointment")
    assert "年金 D 款" in contact.summary
    assert (task.due_on, task.due_time, task.way) == (date(2026, 11, 23), "10:00", "visit")
    assert (visit.planned_on, visit.slot, visit.task_id) == (date(2026, 11, 23), "10:00", task.id)
    assert (call.contact_id, call.next_step_id) == (contact.id, task.id)
    assert store.read(callbacks.count_today) == callbacks.DayCount(1, 1, 20)
    store.undo()
    assert [store.read(_all, t) for t in (Callback, Contact, Task, Visit)] == [[], [], [], []]
    store.redo()
    assert store.read(callbacks.count_today).valid == 1


def test_unreached_is_tried_again_and_the_earlier_try_is_done(book: Store) -> None:
    client, _ = book.change(add_client, "刘德福")
    first, _ = book.change(callbacks.log_callback, client, result="no_answer", intention="interested")
    assert not first.valid
    call = book.read(_all, Callback)[0]
    assert (call.intention, call.next_on, call.next_time, call.next_way) == (None, FRIDAY, "14:30", "phone")
    with clock.at(clock.instant(FRIDAY, 14, 31)):
        book.change(callbacks.log_callback, client, result="off")
    tasks = book.read(_all, Task)
    assert [(t.status, t.due_time) for t in tasks] == [("done", "14:30"), ("open", "19:00")]
    assert [c.attempt_number for c in book.read(_all, Callback)] == [1, 2]
    assert [c.serial_number for c in book.read(_all, Callback)] == [1, 2]
    with clock.at(clock.instant(FRIDAY, 19, 5)):
        book.change(callbacks.log_callback, client, **REACHED)
    assert book.read(_all, Callback)[2].attempt_number == 3
    assert {t.status for t in book.read(_all, Task)} == {"done"}
    assert book.read(callbacks.count_day) == callbacks.DayCount(3, 1, 20)


def test_a_wrong_number_asks_for_a_new_one(book: Store) -> None:
    client, _ = book.change(add_client, "蔡国栋")
    book.change(callbacks.log_callback, client, result="wrong_number")
    task = book.read(_all, Task)[0]
    assert (task.what, task.due_on) == ("Find a number that works", FRIDAY)
    assert book.read(callbacks.queue).rows[0].state == "wrong_number"


def test_a_complaint_is_opened_at_once(book: Store) -> None:
    client, _ = book.change(add_client, "周桂兰")
    values = REACHED | {"intention": "complaint", "objection": "below_deposit", "remark": "说收益比存款少"}
    logged, changes = book.change(callbacks.log_callback, client, **values)
    assert "complaint" in changes.kinds
    complaint = book.read(_all, Complaint)[0]
    assert complaint.id == logged.complaint_id
    assert (complaint.point, complaint.source, complaint.category) == ("说收益比存款少", "client", "below_deposit")
    assert complaint.received_at == clock.now()
    assert (complaint.status, complaint.serial_number) == ("open", 1)


def test_the_same_day_holds_one_visit_of_a_client(book: Store) -> None:
    client, _ = book.change(add_client, "吴秀英")
    for _n in range(2):
        book.change(callbacks.log_callback, client, **REACHED, next_on=date(2026, 11, 23), next_way="visit")
    assert len(book.read(_all, Visit)) == 1


def test_what_is_refused_writes_nothing(book: Store) -> None:
    client, _ = book.change(add_client, "郭少华", consent=False)
    with pytest.raises(InvalidFields) as missing:
        book.change(callbacks.log_callback, client)
    assert [p.field for p in missing.value.problems] == ["result"]
    with pytest.raises(InvalidField) as past:
        book.change(callbacks.log_callback, client, **REACHED, next_on=date(2026, 11, 19))
    assert past.value.field == "next_on"
    with pytest.raises(Refused):
        book.change(callbacks.log_callback, client, **REACHED, next_on=date(2026, 11, 23), next_way="visit")
    with pytest.raises(ChangedElsewhere):
        book.change(callbacks.log_callback, "f" * 32, **REACHED)
    assert [book.read(_all, t) for t in (Callback, Contact, Task, Visit)] == [[], [], [], []]


def test_a_corrected_call_is_valid_or_not_anew(book: Store) -> None:
    client, _ = book.change(add_client, "张丽娟")
    logged, _ = book.change(callbacks.log_callback, client, **REACHED)
    book.change(callbacks.change_callback, logged.callback_id, maturity_explained=False)
    assert book.read(_all, Callback)[0].valid is False
    assert book.read(_all, Client)[0].name == "张丽娟"
