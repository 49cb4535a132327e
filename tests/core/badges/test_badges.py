"""Counts beside the pages' names, on both dialects."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from fieldcrm.base import clock, ids
from fieldcrm.base.data.store import Store
from fieldcrm.core.badges import badges, touched
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.complaints.tables import Complaint
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.sync.tables import Package
from fieldcrm.core.visits.tables import Visit


def hold(session: Session) -> None:
    for number, (way, state) in enumerate((("in", "held"), ("in", "merged"), ("in", "held"), ("out", "sent"))):
        session.add(
            Package(
                id=ids.new(), direction=way, number=number, device="aa" * 8, at=clock.now(), made_at=clock.now(),
                state=state,
            )
        )  # fmt: skip


def test_packages_that_wait_are_counted_before_the_inbox_is_opened(store: Store) -> None:
    store.change(hold)
    assert store.read(badges, store.author.device, ("inbox",)) == {"inbox": 2}


def fill(session: Session) -> None:
    today = clock.today()
    clients = [Client(name="王淑珍"), Client(name="陈国强"), Client(name="何志远", deleted_at=clock.now())]
    session.add_all(clients)
    session.flush()
    session.add(Policy(number="1", applicant_id=clients[0].id, status="in_force", matures_on=today + timedelta(9)))
    session.add(Policy(number="2", applicant_id=clients[0].id, status="in_force", matures_on=today + timedelta(99)))
    for status, day in (("planned", today), ("done", today), ("planned", today + timedelta(1))):
        session.add(Visit(client_id=clients[0].id, planned_on=day, status=status))
    session.add(Complaint(client_id=clients[1].id, received_at=clock.now(), status="open"))


def test_what_waits_on_each_page(store: Store) -> None:
    store.change(fill)
    device = store.author.device
    found = store.read(badges, device, ("clients", "policies", "visits", "complaints", "conflicts"))
    assert found == {"clients": 2, "policies": 1, "visits": 1, "complaints": 1, "conflicts": 0}
    assert store.read(badges, device, ("sync",))["sync"] > 0
    assert store.read(badges, device, ("callbacks",))["callbacks"] in (0, 1)  # next month's maturities, if any


def test_only_what_a_change_can_touch_is_counted_again() -> None:
    assert touched("manager", {"visit"}) == ("visits", "sync")
    assert touched("office", {"diary"}) == ("inbox", "conflicts")
    assert set(touched("manager")) == {"clients", "policies", "visits", "callbacks", "complaints", "sync"}
