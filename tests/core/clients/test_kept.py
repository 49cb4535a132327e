"""What is kept beside each client equals what the records say, whatever was done and by whatever road."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, ids
from fieldcrm.base.data import journal, merge, wire
from fieldcrm.base.data.journal_tables import Import
from fieldcrm.base.data.listing import Asked, Between, Sort
from fieldcrm.base.data.schema import Record
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import FieldcrmError
from fieldcrm.core import clients, contacts, policies, search
from fieldcrm.core.clients import kept
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.policies.tables import Policy
from support.clocks import MovingClock
from support.stores import OpenStore

TODAY = date(2026, 11, 23)
DEVICES = ("aa" * 8, "bb" * 8)


pytestmark = pytest.mark.usefixtures("moving_clock")


def person(store: Store, name: str = "王淑珍", **values: Any) -> str:
    return store.change(clients.add_client, {"type": "person", "name": name} | values)[0]


def policy(store: Store, client: str, **values: Any) -> str:
    given = {"number": ids.new(), "applicant_id": client, "line": "endowment", "status": "in_force"}
    return store.change(policies.add_policy, given | values)[0]


def of(store: Store, id: str) -> tuple[date | None, date | None]:
    """What is kept: the day something comes due, the day of the last contact."""
    due, at = store.read(lambda s: s.execute(select(Client.due_on, Client.contacted_at).where(Client.id == id)).one())
    return due, None if at is None else clock.day_of(at)


def all_right(session: Session) -> None:
    """Nothing kept is wrong, and rows show the day that they are sorted by."""
    known = session.scalars(select(Client.id)).all()
    assert kept.wrong(session, known) == []
    rows = clients.client_rows(session, known)
    today = clock.today()
    for one in session.execute(select(Client.id, Client.due_on, Client.due_until, Client.contacted_at)):
        if one.due_until is None or one.due_until >= today:
            assert rows[one.id].due.on == one.due_on
        assert rows[one.id].contacted_on == (None if one.contacted_at is None else clock.day_of(one.contacted_at))


def test_the_first_day_of_the_policies_in_force_counts(store: Store) -> None:
    wang = person(store)
    policy(store, wang, matures_on=date(2027, 3, 1))
    assert of(store, wang) == (date(2027, 3, 1), None)
    first = policy(store, wang, matures_on=date(2026, 12, 1))
    policy(store, wang, line="universal", matures_on=date(2026, 11, 30))
    policy(store, wang, status="surrendered", matures_on=date(2026, 11, 29))
    assert of(store, wang) == (date(2026, 12, 1), None)
    store.change(policies.set_status, [first], "matured")
    assert of(store, wang)[0] == date(2027, 3, 1)
    store.undo()
    assert of(store, wang)[0] == date(2026, 12, 1)


def test_a_renewal_lapses_thirty_days_after_it_passed(store: Store, moving_clock: MovingClock) -> None:
    wang = person(store, type="organisation", insurance_expires_on=date(2026, 11, 20))
    policy(store, wang, line="fleet", renews_on=date(2027, 6, 1))
    moving_clock.forward(days=27)
    store.change(kept.overtake)
    assert of(store, wang)[0] == date(2026, 11, 20)
    moving_clock.forward(days=1)
    assert store.read(kept.wrong, [wang]) == [], "lapsed, not wrong"
    store.change(kept.overtake)
    assert of(store, wang)[0] == date(2027, 6, 1)
    moving_clock.forward(days=400)
    person(store, "林晓燕")
    assert of(store, wang)[0] is None, "any operation puts right what the days did"


def test_the_client_that_a_record_leaves_is_put_right(store: Store) -> None:
    wang, lin = person(store), person(store, "林晓燕")
    held = policy(store, wang, matures_on=date(2026, 12, 1))
    touch = store.change(contacts.log_contact, wang, kind="phone", result="reached")[0]
    store.change(set_field, Policy, held, "applicant_id", lin)
    store.change(set_field, Contact, touch.contact_id, "client_id", lin)
    assert (of(store, wang), of(store, lin)) == ((None, None), (date(2026, 12, 1), TODAY))


def test_lists_are_sorted_and_narrowed_by_what_is_kept(store: Store, moving_clock: MovingClock) -> None:
    days = [date(2026, 12, 5), None, date(2026, 11, 1), date(2027, 2, 1)]
    known = [person(store, name) for name in ("甲", "乙", "丙", "丁")]
    for id, day in zip(known, days, strict=True):
        if day is not None:
            policy(store, id, matures_on=day)
    for id in (known[1], known[3], known[0]):
        moving_clock.forward(days=1)
        store.change(contacts.log_contact, id, kind="phone", result="reached")
    spec = clients.clients_list()

    def names(asked: Asked) -> str:
        return "".join(r.name for r in store.read(spec.page, asked, 0, 10).rows)

    assert names(Asked(sort=Sort("due_on"))) == "丙甲丁乙"
    assert names(Asked(sort=Sort("due_on", True))) == "丁甲丙乙"
    assert names(Asked(sort=Sort("contacted_on"))) == "乙丁甲丙"
    assert names(Asked(sort=Sort("contacted_on", True))) == "甲丁乙丙"
    soon = Asked((("due_on", Between(TODAY, date(2027, 1, 1))),), Sort("due_on"))
    assert (names(soon), store.read(spec.count, soon)) == ("甲", 1)
    silent = Asked((("contacted_on", Between(None, date(2026, 11, 24))),), Sort("contacted_on"))
    assert (names(silent), store.read(spec.count, silent)) == ("乙丙", 2)
    late = Asked((("contacted_on", Between(date(2026, 11, 25), None)),), Sort("contacted_on"))
    assert names(late) == "丁甲"


def test_a_phone_that_goes_with_its_import_finds_nobody(open_store: OpenStore, moving_clock: MovingClock) -> None:
    """The row is gone when its client is indexed anew: whose it was is known from before."""
    search.attach()
    manager, office = open_store(device=DEVICES[0]), open_store(device=DEVICES[1], role="office")
    wang = person(manager)
    exchange(manager, office)
    moving_clock.forward(hours=1)
    manager.change(clients.change_client, wang, {"phones": [{"number": "13805910032"}]})
    exchange(manager, office)
    assert [hit.record_id for hit in office.read(search.find, "0032")] == [wang]
    office.undo()
    assert office.read(search.find, "0032") == []


# -- any series of actions ---------------------------------------------------------------------


def set_field(session: Session, cls: type[Record], id: str, name: str, value: Any) -> None:
    setattr(session.get_one(cls, id), name, value)


def make(session: Session, cls: type[Record], values: dict[str, Any]) -> None:
    session.add(cls(**values))


def make_many(session: Session, rows: dict[type[Record], list[dict[str, Any]]]) -> None:
    for cls, some in rows.items():
        journal.bulk_insert(session, cls, some)


class Desk:
    """Two books that exchange what they wrote, and somebody who does anything at all in them."""

    def __init__(self, stores: tuple[Store, Store], moving: MovingClock, chance: random.Random) -> None:
        self.stores, self.moving, self.chance = stores, moving, chance

    def one(self, store: Store, cls: type[Record]) -> str | None:
        known = store.read(lambda s: s.scalars(select(cls.id).order_by(cls.id)).all())
        return self.chance.choice(known) if known else None

    def day(self) -> date | None:
        return self.chance.choice([None, TODAY + timedelta(days=self.chance.randint(-90, 200))])

    def client(self) -> dict[str, Any]:
        return {"name": "王淑珍", "name_key": "wang", "insurance_expires_on": self.day()}

    def policy(self, client: str | None) -> dict[str, Any]:
        line = self.chance.choice([None, "endowment", "universal", "fleet"])
        status = self.chance.choice([None, "in_force", "in_force", "lapsed"])
        dates = {"matures_on": self.day(), "renews_on": self.day()}
        return {"number": ids.new(), "applicant_id": client, "line": line, "status": status, **dates}

    def contact(self, client: str) -> dict[str, Any]:
        day = TODAY - timedelta(days=self.chance.randint(0, 300))
        return {"client_id": client, "kind": "phone", "started_at": clock.instant(day, 10)}

    def act(self, move: str = "") -> None:
        self.moving.forward(seconds=1)
        with suppress(FieldcrmError):
            getattr(self, move or self.chance.choice(MOVES))(self.chance.choice(self.stores))

    def add_client(self, store: Store) -> None:
        store.change(make, Client, self.client())

    def add_policy(self, store: Store) -> None:
        store.change(make, Policy, self.policy(self.one(store, Client)))

    def add_contact(self, store: Store) -> None:
        client = self.one(store, Client)
        if client is not None:
            store.change(make, Contact, self.contact(client))

    def bring_in(self, store: Store) -> None:
        """As an import of a list does: many at once, for new clients and for one that is there."""
        fresh = [{"id": ids.new(), **self.client()} for _ in range(2)]
        held = [self.policy(c["id"]) for c in fresh] + [self.policy(self.one(store, Client))]
        store.change(make_many, {Client: fresh, Policy: held, Contact: [self.contact(fresh[0]["id"])]})

    def change(self, store: Store) -> None:
        cls, name = self.chance.choice(FIELDS)
        id, client = self.one(store, cls), self.one(store, Client)
        if id is not None and client is not None:
            drawn = {**self.client(), **self.policy(client), **self.contact(client)}
            store.change(set_field, cls, id, name, drawn[name])

    def bin(self, store: Store) -> None:
        cls = self.chance.choice(KINDS)
        id, moment = self.one(store, cls), self.chance.choice([None, clock.now()])
        if id is not None:
            store.change(set_field, cls, id, "deleted_at", moment)

    def delete(self, store: Store) -> None:
        id = self.one(store, Client)
        if id is not None:
            store.change(clients.delete_clients, [id])

    def make_one(self, store: Store) -> None:
        a, b = self.one(store, Client), self.one(store, Client)
        if a is not None and b is not None:
            store.change(clients.merge_clients, a, [b])

    def undo(self, store: Store) -> None:
        store.undo()

    def redo(self, store: Store) -> None:
        store.redo()

    def exchange(self, store: Store) -> None:
        """All that the other book lacks goes there, as a package would; an undo withdraws it."""
        exchange(store, self.stores[0] if store is self.stores[1] else self.stores[1])

    def wait(self, store: Store) -> None:
        self.moving.forward(days=self.chance.choice([1, 10, 40]))
        store.change(kept.overtake)


KINDS: list[type[Record]] = [Client, Policy, Contact]
FIELDS: list[tuple[type[Record], str]] = [
    (Policy, "matures_on"), (Policy, "renews_on"), (Policy, "status"), (Policy, "line"), (Contact, "started_at"),
    (Client, "insurance_expires_on"), *[(Policy, "applicant_id"), (Contact, "client_id")] * 3,
]  # fmt: skip
MOVES = [
    "add_client", "add_policy", "add_policy", "add_contact", "bring_in", "change", "change", "change", "bin", "delete",
    "make_one", "undo", "undo", "redo", "exchange", "exchange", "wait",
]  # fmt: skip


def exchange(source: Store, target: Store) -> None:
    """All that a book lacks goes there, as a package would."""
    packed = []
    for device in DEVICES:
        tip, seq = target.read(journal.tip, device)
        packed.append(source.read(wire.pack, device, seq, tip, lambda kind, id: True))
    target.change(take_in, [wire.unpack(one) for one in packed])


def take_in(session: Session, chains: list[Any]) -> None:
    planned = merge.plan(session, chains)
    import_id, device = ids.new(), journal.author(session).device
    session.add(Import(id=import_id, at=clock.now(), device=device, after_seq=journal.tip(session, device)[1]))
    merge.write(session, planned, import_id)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(st.integers(0, 2**32))
def test_it_equals_what_the_records_say(open_store: OpenStore, moving_clock: MovingClock, seed: int) -> None:
    moving_clock.set(clock.instant(TODAY, 9))
    stores = open_store(device=DEVICES[0]), open_store(device=DEVICES[1], role="office")
    desk = Desk(stores, moving_clock, random.Random(seed))
    desk.act("bring_in")
    for _ in range(30):
        desk.act()
        for store in stores:
            store.read(all_right)
    for store in stores:
        store.close()
