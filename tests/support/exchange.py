"""A little world of one office and two managers that exchange real signed packages, and what must always hold in it.

Packages go through the code's own gathering, signing, opening and merging; only the workbook around them is left out.
"""

from __future__ import annotations

import json
import random
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data import codec, journal
from fieldcrm.base.data.journal_tables import Conflict, Edit, FieldHead, Operation
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import FieldcrmError, Refused
from fieldcrm.base.jobs import Progress
from fieldcrm.base.vault import seal
from fieldcrm.core import sync
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.sync import envelope, incoming, outgoing
from fieldcrm.core.sync.tables import Peer
from support.stores import OpenStore

FIELDS = ("city", "grade", "remark")
UNIT = "2" * 32


@dataclass
class Node:
    """A book of the world: its store and keys, as the sync room sees a book."""

    name: str
    store: Store
    signing: bytes
    book: Any = None
    sent: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))  # to whom, in order

    @property
    def device(self) -> str:
        return self.store.author.device

    @property
    def person(self) -> str:
        return self.store.author.person_id


def keys(number: int) -> tuple[bytes, str]:
    """A signing key (private bytes, public hex), the same for the same number."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = bytes([number]) * 32
    return private, Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw().hex()


class World:
    """An office and two managers, enrolled."""

    def __init__(self, open_office: OpenStore, open_manager: OpenStore) -> None:
        self.office = self._node("office", 1, open_office, "office")
        self.managers = [self._node(f"m{n}", n + 1, open_manager, "manager") for n in (1, 2)]
        for manager in self.managers:
            _know(self.office, manager, "below")
            _know(manager, self.office, "above")

    def _node(self, name: str, number: int, opener: OpenStore, role: str) -> Node:
        private, _ = keys(number)
        store = opener(device=f"{number:02x}" * 8, person=f"{number}" * 32, unit=UNIT, role=role)
        if store.dialect == "sqlite":  # thousands of histories: the disk's patience is tested elsewhere
            connection = store.writer.raw_connection()
            connection.driver_connection.execute("PRAGMA synchronous = OFF")  # type: ignore[union-attr]
            connection.close()
        node = Node(name, store, private)
        device = SimpleNamespace(sign=lambda domain, message: seal.sign(private, domain, message))
        node.book = SimpleNamespace(store=store, vault=SimpleNamespace(device=device))
        return node

    @property
    def nodes(self) -> list[Node]:
        return [self.office, *self.managers]

    def close(self) -> None:
        for node in self.nodes:
            node.store.close()

    # -- packages -------------------------------------------------------------------------------

    def export(self, source: Node, target: Node) -> bytes:
        """A package as bytes, registered as sent; nothing of another manager's may be in it."""
        made = source.store.read(outgoing._gather, source.device, target.person if source is self.office else None)
        made.header["sealed"] = False
        package = envelope.make(made.header, made.body, source.book.vault.device.sign).to_bytes()
        source.store.change(outgoing.note_export, made)
        source.sent[target.name].append(package)
        self._check_scope(made, target)
        return package

    def _check_scope(self, made: Any, target: Node) -> None:
        if target is self.office:
            return
        others = {m.person for m in self.managers if m is not target}
        owned = select(Client.id).where(Client.owner_id.in_(others))
        foreign = self.office.store.read(lambda s: set(s.scalars(owned)))
        body = json.loads(zlib.decompress(made.body))
        sent = {e[1] for c in body["chains"] for *_, edits in c["operations"] for e in edits if isinstance(e, list)}
        assert not sent & foreign, "somebody else's client in a package"

    def deliver(self, package: bytes, target: Node) -> str:
        """Bring a package in; gives what became of it."""
        try:
            opened = incoming._open(target.book, Path("x"), envelope.Envelope.from_bytes(package))
        except (FieldcrmError, ValueError, TypeError, KeyError):
            return "refused"
        results, _ = target.store.change(incoming.import_opened, target.book, [opened], Progress())
        return results[0].state

    def settle(self) -> None:
        """Exchange until everybody must have heard everything."""
        for _ in range(3):
            for manager in self.managers:
                self.deliver(self.export(manager, self.office), self.office)
                self.deliver(self.export(self.office, manager), manager)


def _know(node: Node, other: Node, relation: str) -> None:
    _, public = keys(other.signing[0])
    peer = Peer(
        device=other.device, relation=relation, person_id=other.person, person_name=other.name, unit_id=UNIT,
        unit_name="u", signing=public, sealing="0" * 64, enrolled_at=clock.now(),
    )  # fmt: skip
    node.store.change(lambda session: session.add(peer))


# -- what people do ----------------------------------------------------------------------------


def add_client(session: Session, name: str) -> None:
    session.add(Client(name=name, city="0"))


def change_client(session: Session, id: str, values: dict[str, Any]) -> None:
    journal.bulk_update(session, Client, {id: values})


class History:
    """A random history of a world; `run` goes through it and checks after every step what can be checked."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.random = world, random.Random(seed)
        self.typed = 0

    def run(self, steps: int) -> None:
        moves = [self._add, self._edit, self._edit, self._edit, self._delete, self._undo, self._redo, self._resolve,
                 self._export, self._export, self._deliver, self._deliver, self._deliver, self._again,
                 self._forge, self._regret, self._clash, self._clash]  # fmt: skip
        for manager in self.world.managers:
            self._add(manager)
        for _ in range(steps):
            self.random.choice(moves)()
        self.world.settle()
        check(self.world)

    def _someone(self) -> Node:
        return self.random.choice(self.world.nodes)

    def _new(self) -> str:
        self.typed += 1
        return str(self.typed)

    def _add(self, who: Node | None = None) -> None:
        who = who or self.random.choice(self.world.managers)
        who.store.change(add_client, self._new())

    def _client(self, who: Node) -> str | None:
        ids = who.store.read(lambda s: s.scalars(select(Client.id).order_by(Client.id)).all())
        return self.random.choice(ids) if ids else None

    def _edit(self) -> None:
        who = self._someone()
        id = self._client(who)
        if id is not None:
            names = self.random.sample(FIELDS, self.random.randint(1, 2))
            who.store.change(change_client, id, {name: self._new() for name in names})

    def _clash(self) -> None:
        """Both sides change the same field without knowing of each other."""
        manager = self.random.choice(self.world.managers)
        owned = select(Client.id).where(Client.owner_id == manager.person).order_by(Client.id)
        shared = self.world.office.store.read(lambda s: list(s.scalars(owned)))
        if shared:
            id, name = self.random.choice(shared), self.random.choice(FIELDS)
            both = [manager, self.world.office]
            self.random.shuffle(both)
            for who in both:
                who.store.change(change_client, id, {name: self._new()})

    def _delete(self) -> None:
        who = self._someone()
        id = self._client(who)
        if id is not None:
            who.store.change(change_client, id, {"deleted_at": self.random.choice([clock.now(), None])})

    def _undo(self) -> None:
        who = self._someone()
        try:
            who.store.undo()
        except Refused:
            return

    def _redo(self) -> None:
        who = self._someone()
        try:
            who.store.redo()
        except Refused:
            return

    def _resolve(self) -> None:
        who = self._someone()
        found = who.store.read(sync.list_conflicts)
        if found:
            conflict = self.random.choice(found)
            side = self.random.choice(conflict.sides)
            who.store.change(sync.resolve_conflict, conflict.record_id, conflict.field, side.clock)

    def _pair(self) -> tuple[Node, Node]:
        manager = self.random.choice(self.world.managers)
        pair = [manager, self.world.office]
        self.random.shuffle(pair)
        return pair[0], pair[1]

    def _export(self) -> None:
        self.world.export(*self._pair())

    def _old(self) -> tuple[bytes, Node] | None:
        source, target = self._pair()
        sent = source.sent[target.name]
        if not sent:
            return None
        newest = self.random.random() < 0.6
        return (sent[-1] if newest else self.random.choice(sent)), target

    def _deliver(self) -> None:
        found = self._old()
        if found is not None:
            self.world.deliver(*found)

    def _again(self) -> None:
        """The same package twice: the second time nothing changes."""
        found = self._old()
        if found is None:
            return
        package, target = found
        first = self.world.deliver(package, target)
        before = target.store.read(view)
        second = self.world.deliver(package, target)
        assert second == ("repeated" if first in ("merged", "repeated") else first), "again is not a repeat"
        assert target.store.read(view) == before, "importing twice changed something"

    def _regret(self) -> None:
        """The office confirms what it merged, then takes it back; the manager goes on meanwhile."""
        manager, office = self.random.choice(self.world.managers), self.world.office
        self._add(manager)
        taken = self.world.deliver(self.world.export(manager, office), office)
        if self.random.random() < 0.7:
            self.world.deliver(self.world.export(office, manager), manager)
        if taken == "merged":
            try:
                office.store.undo()
            except Refused:
                return
        self._add(manager)
        self.world.deliver(self.world.export(manager, office), office)

    def _forge(self) -> None:
        """One bit changed on the way: refused, and nothing changes."""
        found = self._old()
        if found is None:
            return
        package, target = found
        at = self.random.randrange(len(package))
        forged = package[:at] + bytes([package[at] ^ (1 << self.random.randrange(8))]) + package[at + 1 :]
        before = target.store.read(view)
        assert self.world.deliver(forged, target) == "refused", "a forged package was taken"
        assert target.store.read(view) == before, "a forged package changed something"


# -- what must hold ----------------------------------------------------------------------------


def view(session: Session, owner: str | None = None) -> dict[str, Any]:
    """All that a merge decides about clients (of one owner): values, heads, conflicts."""
    columns = list(codec.columns(Client))
    query = select(Client.id, *(getattr(Client, c) for c in columns)).order_by(Client.id)
    rows = [tuple(r) for r in session.execute(query if owner is None else query.where(Client.owner_id == owner))]
    ids = {row[0] for row in rows}
    heads = session.execute(select(FieldHead.record_id, FieldHead.field, FieldHead.clock, FieldHead.value))
    conflicts = session.execute(select(Conflict.record_id, Conflict.field))
    return {
        "rows": rows,
        "heads": sorted((tuple(r) for r in heads if r[0] in ids), key=repr),
        "conflicts": sorted(tuple(r) for r in conflicts if r[0] in ids),
    }


def check(world: World) -> None:
    """After everybody heard everything: both sides equal, nothing typed lost, every conflict shown."""
    for manager in world.managers:
        tips = [n.store.read(journal.tip, manager.device) for n in (world.office, manager)]
        assert tips[0] == tips[1], "an acknowledged edit was lost"
        mine, office = manager.store.read(view, manager.person), world.office.store.read(view, manager.person)
        for what, found in mine.items():
            assert office[what] == found, f"the two sides differ in {what}"
    for node in world.nodes:
        node.store.read(check_against_edits)
        node.store.read(check_chains)


def check_against_edits(session: Session) -> None:
    """Values, heads and conflicts are what the edits say, by another reckoning than the code's."""
    edits: dict[str, list[Edit]] = defaultdict(list)
    for edit in session.scalars(select(Edit).where(Edit.kind == "client")):
        edits[edit.record_id].append(edit)
    kept: dict[tuple[str, str], set[str]] = defaultdict(set)
    for head in session.scalars(select(FieldHead)):
        kept[head.record_id, head.field].add(head.clock)
    shown = {(c.record_id, c.field) for c in session.scalars(select(Conflict))}
    for id, of_record in edits.items():
        record = session.get(Client, id)
        assert record is not None, "a record with edits is gone"
        named = {(name, p) for e in of_record for p, names in json.loads(e.parents or "{}").items() for name in names}
        values: dict[str, dict[str, Any]] = defaultdict(dict)
        for e in of_record:
            for name, value in json.loads(e.after or "{}").items():
                if (name, e.clock) not in named:
                    values[name][e.clock] = value
        for name, heads in values.items():
            won = codec.encode(Client, name, getattr(record, name))
            assert won == heads[max(heads)], "the later value did not win"
            assert kept.get((id, name), {record.clock}) == set(heads), "a value was dropped silently"
            several = len({codec.canonical(v) for v in heads.values()}) > 1
            assert ((id, name) in shown) == several, "a conflict is not shown, or one is that is none"


def check_chains(session: Session) -> None:
    """Every chain held is whole."""
    last: dict[str, tuple[int, str]] = {}
    for device, seq, previous, hash_ in session.execute(
        select(Operation.device, Operation.seq, Operation.previous, Operation.hash).order_by(
            Operation.device, Operation.seq
        )
    ):
        before, link = last.get(device, (0, "0" * 64))
        assert (seq, previous) == (before + 1, link), "a chain has a hole"
        last[device] = (seq, hash_)
