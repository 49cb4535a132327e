"""A little world of one office and two managers that exchange real signed packages, and what must always hold in it.

Packages go through the code's own gathering, signing, opening and merging; only the workbook around them is left out.
"""

from __future__ import annotations

import json
import random
import shutil
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
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
from fieldcrm.core.book import generation
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.diary.tables import Diary
from fieldcrm.core.sync import envelope, incoming, opening, outgoing
from fieldcrm.core.sync.tables import Peer
from support.stores import OpenStore

FIELDS = ("city", "grade", "remark")
UNIT = "2" * 32
_TOLERATED = timedelta(hours=40)


@dataclass
class Node:
    """A book of the world: its store and keys, as the sync room sees a book; `behind` is how its clock goes wrong.

    `device` is how packages address it; a restored office writes another chain (`store.author.device`).
    """

    name: str
    device: str
    store: Store
    signing: bytes
    book: Any = None
    sent: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))  # to which device, in order
    behind: timedelta = timedelta(0)
    backups: list[Path] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)  # of its vault

    @property
    def person(self) -> str:
        return self.store.author.person_id


def keys(number: int) -> tuple[bytes, str]:
    """A signing key (private bytes, public hex), the same for the same number."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = bytes([number]) * 32
    return private, Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw().hex()


class World:
    """An office and two managers, enrolled; a manager's laptop may be restored or copied, the office restored."""

    def __init__(self, open_office: OpenStore, open_manager: OpenStore) -> None:
        self._open_manager = open_manager  # and any other file
        self.now = clock.instant(date(2026, 11, 23), 9)
        self.office = self._node("office", 1, open_office, "office")
        self.managers = [self._node(f"m{n}", n + 1, open_manager, "manager") for n in (1, 2)]
        for manager in self.managers:
            _know(self.office, manager, "below")
            _know(manager, self.office, "above")

    def _node(self, name: str, number: int, opener: OpenStore, role: str) -> Node:
        private, _ = keys(number)
        device = f"{number:02x}" * 8
        store = opener(device=device, person=f"{number}" * 32, unit=UNIT, role=role)
        return _seated(Node(name, device, store, private))

    @property
    def nodes(self) -> list[Node]:
        return [self.office, *self.managers]

    def close(self) -> None:
        for node in self.nodes:
            node.store.close()

    @contextmanager
    def at(self, node: Node) -> Iterator[Store]:
        """The store of a node while its own clock goes; time passes."""
        self.now += timedelta(seconds=1)
        with clock.at(self.now + node.behind):
            yield node.store

    # -- packages -------------------------------------------------------------------------------

    def export(self, source: Node, target: Node) -> bytes:
        """A package as bytes, registered as sent; nothing of another manager's may be in it."""
        with self.at(source):
            outgoing._set_right(source.book)
            made = source.store.read(outgoing._gather, source.device, target.person if source is self.office else None)
            made.header["sealed"] = False
            package = envelope.make(made.header, made.body, source.book.vault.device.sign).to_bytes()
            source.store.change(outgoing.note_export, made)
        source.sent[target.device].append(package)
        self._check_scope(made, target)
        return package

    def _check_scope(self, made: Any, target: Node) -> None:
        if target is self.office:
            return
        others = {m.person for m in self.managers} - {target.person}
        owned = select(Client.id).where(Client.owner_id.in_(others))
        foreign = self.office.store.read(lambda s: set(s.scalars(owned)))
        body = json.loads(zlib.decompress(made.body))
        sent = {e[1] for c in body["chains"] for *_, edits in c["operations"] for e in edits if isinstance(e, list)}
        assert not sent & foreign, "nobody else's client in a package"

    def deliver(self, package: bytes, target: Node) -> str:
        """Bring a package in; gives what became of it."""
        return self.received(package, target).state

    def received(self, package: bytes, target: Node) -> sync.Received:
        with self.at(target) as store:
            try:
                opened = opening.open_envelope(target.book, Path("x"), envelope.Envelope.from_bytes(package))
            except (FieldcrmError, ValueError, TypeError, KeyError) as error:
                return sync.Received(Path("x"), "refused", code=getattr(error, "code", "malformed"))
            results, _ = store.change(incoming.import_opened, target.book, [opened], Progress(), {})
        return results[0]

    def settle(self) -> None:
        """Exchange until everybody must have heard everything; every clock goes right again."""
        self.now += timedelta(days=1)
        for manager in self.managers:
            manager.behind = min(max(manager.behind, -_TOLERATED), _TOLERATED)
        for _ in range(8):
            told = set()
            for manager in self.managers:
                told.add(self.deliver(self.export(manager, self.office), self.office))
                told.add(self.deliver(self.export(self.office, manager), manager))
            if told == {"repeated"}:
                break

    # -- backups and copies ---------------------------------------------------------------------

    def back_up(self, node: Node) -> Path:
        """A copy of a node's (SQLite) file as it is now."""
        connection = node.store.writer.raw_connection()
        connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        file = Path(connection.driver_connection.execute("PRAGMA database_list").fetchone()[2])  # type: ignore[union-attr]
        connection.close()
        copy = file.with_name(f"{file.stem}-{self.now:%d%H%M%S}.backup")
        shutil.copyfile(file, copy)
        return copy

    def opened(self, copy: Path, like: Node, name: str) -> Node:
        """The copy of a node's file as a computer of its own, with the same keys."""
        store = self._open_manager(device=like.device, copy_of=copy)
        return _seated(Node(name, like.device, store, like.signing, sent=like.sent, behind=like.behind))

    def restore(self, node: Node, copy: Path) -> None:
        """The node's file is what it was; an office begins a new generation, as `restore_book` has it do."""
        node.store.close()
        store = self.opened(copy, node, node.name).store
        if node is self.office:
            keys: Any = SimpleNamespace(
                device_id="0" * 16 + node.device, secret=node.secrets.get, set_secret=node.secrets.__setitem__
            )
            generation.begin_next(keys)
            with self.at(node):
                store = Store(store.writer, store.readers, generation.chain(keys, store.writer, True)[0])
        node.store = node.book.store = store


def _seated(node: Node) -> Node:
    """Give a node its book, and its disk no patience: thousands of histories, and power cuts are tested elsewhere."""
    if node.store.dialect == "sqlite":
        connection = node.store.writer.raw_connection()
        connection.driver_connection.execute("PRAGMA synchronous = OFF")  # type: ignore[union-attr]
        connection.close()
    public = bytes.fromhex(keys(node.signing[0])[1])
    device = SimpleNamespace(
        sign=lambda domain, message: seal.sign(node.signing, domain, message), signing_public=public
    )
    node.book = SimpleNamespace(
        store=node.store, vault=SimpleNamespace(device=device), device=node.device, writing=True
    )
    return node


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


def change_clients(session: Session, changes: dict[str, dict[str, Any]]) -> None:
    journal.bulk_update(session, Client, changes)


class History:
    """A random history of a world; `run` goes through it and checks after every step what can be checked.

    `hard`: laptops are restored from backups and copied, the office is restored, clocks go wrong, programs are changed
    by their owners.
    """

    def __init__(self, world: World, seed: int, hard: bool = False) -> None:
        self.world, self.random, self.hard = world, random.Random(seed), hard
        self.typed: set[str] = set()  # values that must be found at the end
        self._count = 0
        self._wild = self.random.choice([-1, 1])  # whether this world's wrong clocks are slow or fast

    def run(self, steps: int) -> None:
        moves = [self._add, self._edit, self._edit, self._edit, self._delete, self._undo, self._redo, self._resolve,
                 self._export, self._export, self._deliver, self._deliver, self._deliver, self._again,
                 self._forge, self._regret, self._clash, self._clash]  # fmt: skip
        if self.hard:
            moves += [self._back_up, self._back_up, self._restore, self._restore, self._copy, self._wrong_clock,
                      self._back_up_office, self._restore_office, self._lose_office,
                      self._far_ahead, self._sign_for_another, self._elsewhere, self._overstep,
                      self._disorder]  # fmt: skip
        for manager in self.world.managers:
            self._add(manager)
        for _ in range(steps):
            self.random.choice(moves)()
        self.world.settle()
        check(self.world)
        missing = self.typed - _typed(self.world.office)
        assert not missing, "nothing typed is lost"

    def _someone(self) -> Node:
        return self.random.choice(self.world.nodes)

    def _new(self) -> str:
        self._count += 1
        self.typed.add(f"v{self._count}")
        return f"v{self._count}"

    def _change(self, who: Node, action: Any, *args: Any) -> None:
        with self.world.at(who) as store:
            store.change(action, *args)

    def _add(self, who: Node | None = None) -> None:
        self._change(who or self.random.choice(self.world.managers), add_client, self._new())

    def _client(self, who: Node) -> str | None:
        ids = who.store.read(lambda s: s.scalars(select(Client.id).order_by(Client.id)).all())
        return self.random.choice(ids) if ids else None

    def _edit(self, who: Node | None = None) -> None:
        who = who or self._someone()
        id = self._client(who)
        if id is not None:
            names = self.random.sample(FIELDS, self.random.randint(1, 2))
            self._change(who, change_client, id, {name: self._new() for name in names})

    def _clash(self, manager: Node | None = None) -> None:
        """Both sides change the same field without knowing of each other."""
        manager = manager or self.random.choice(self.world.managers)
        here = set(manager.store.read(lambda s: list(s.scalars(select(Client.id)))))
        owned = select(Client.id).where(Client.owner_id == manager.person).order_by(Client.id)
        shared = [id for id in self.world.office.store.read(lambda s: list(s.scalars(owned))) if id in here]
        if shared:
            id, name = self.random.choice(shared), self.random.choice(FIELDS)
            both = [manager, self.world.office]
            self.random.shuffle(both)
            for who in both:
                self._change(who, change_client, id, {name: self._new()})

    def _delete(self) -> None:
        who = self._someone()
        id = self._client(who)
        if id is not None:
            self._change(who, change_client, id, {"deleted_at": self.random.choice([clock.now(), None])})

    def _undo(self, who: Node | None = None) -> None:
        with self.world.at(who or self._someone()) as store:
            try:
                store.undo()
            except Refused:
                return
        self._forgive()

    def _redo(self) -> None:
        with self.world.at(self._someone()) as store:
            try:
                store.redo()
            except Refused:
                return

    def _resolve(self) -> None:
        who = self._someone()
        found = who.store.read(sync.list_conflicts)
        if not found:  # make one: by chance alone hardly any stands when somebody decides
            manager, who = self.random.choice(self.world.managers), self.world.office
            self._clash(manager)
            self.world.deliver(self.world.export(manager, who), who)
            found = who.store.read(sync.list_conflicts)
        if found:
            conflict = self.random.choice(found)
            side = self.random.choice(conflict.sides)
            self._change(who, sync.resolve_conflict, conflict.record_id, conflict.field, side.clock)
            if self.random.random() < 0.5:
                self._undo(who)
                open_now = {c.key: {s.text for s in c.sides} for c in who.store.read(sync.list_conflicts)}
                texts = {s.text for s in conflict.sides}
                assert open_now.get(conflict.key) == texts, "a decision that is taken back opens again"

    def _pair(self) -> tuple[Node, Node]:
        manager = self.random.choice(self.world.managers)
        pair = [manager, self.world.office]
        self.random.shuffle(pair)
        return pair[0], pair[1]

    def _export(self) -> None:
        self.world.export(*self._pair())

    def _old(self) -> tuple[bytes, Node] | None:
        source, target = self._pair()
        sent = source.sent[target.device]
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
        assert second == ("repeated" if first in ("merged", "repeated") else first), "replay changes nothing: repeated"
        assert target.store.read(view) == before, "replay changes nothing"

    def _regret(self) -> None:
        """The office confirms what it merged, then takes it back; the manager goes on meanwhile."""
        manager, office = self.random.choice(self.world.managers), self.world.office
        self._add(manager)
        taken = self.world.deliver(self.world.export(manager, office), office)
        if self.random.random() < 0.7:
            self.world.deliver(self.world.export(office, manager), manager)
        if taken == "merged":
            self._undo(office)
        self._add(manager)
        self.world.deliver(self.world.export(manager, office), office)

    def _refused(self, package: bytes, target: Node, code: str = "") -> None:
        """A package that must be refused; nothing changes."""
        before = target.store.read(view)
        found = self.world.received(package, target)
        assert found.state == "refused", "forgery changes nothing: refused"
        assert not code or found.code == code, f"{found.code} instead of {code}"
        assert target.store.read(view) == before, "forgery changes nothing"

    def _forge(self) -> None:
        """One bit changed on the way."""
        found = self._old()
        if found is not None:
            package, target = found
            at = self.random.randrange(len(package))
            changed = package[at] ^ (1 << self.random.randrange(8))
            self._refused(package[:at] + bytes([changed]) + package[at + 1 :], target)

    def _sign_for_another(self) -> None:
        """A manager signs what says that it is of the other."""
        one, other = self.random.sample(self.world.managers, 2)
        if one.device != other.device:
            made = envelope.Envelope.from_bytes(self.world.export(one, self.world.office))
            forged = envelope.make(made.header, made.body, other.book.vault.device.sign).to_bytes()
            self._refused(forged, self.world.office, envelope.BAD_SIGNATURE)

    def _elsewhere(self) -> None:
        """A package comes to somebody else than it was made for."""
        one, other = self.random.sample(self.world.managers, 2)
        if one.device != other.device:
            self._refused(self.world.export(one, self.world.office), other)
            self._refused(self.world.export(self.world.office, one), other, opening.NOT_FOR_US)

    # -- hard -----------------------------------------------------------------------------------

    def _back_up(self) -> None:
        manager = self.random.choice(self.world.managers)
        manager.backups.append(self.world.back_up(manager))

    def _restore(self) -> None:
        manager = self.random.choice(self.world.managers)
        if manager.backups:
            self.world.restore(manager, self.random.choice(manager.backups))
            self._forgive()

    def _back_up_office(self) -> None:
        office = self.world.office
        if office.store.dialect == "sqlite":  # a server's is not ours to copy
            office.backups.append(self.world.back_up(office))

    def _restore_office(self) -> None:
        office = self.world.office
        if office.backups:
            self.world.restore(office, self.random.choice(office.backups))
            self._forgive()

    def _lose_office(self) -> None:
        """The office changes clients of all managers at once, some hear of it, and it is restored to before that."""
        office = self.world.office
        self._back_up_office()
        found = select(Client.owner_id, Client.id).order_by(Client.id)
        one_each = office.store.read(lambda s: {row.owner_id: row.id for row in s.execute(found)})
        changes = {id: {self.random.choice(FIELDS): self._new()} for id in one_each.values()}
        self._change(office, change_clients, changes)
        for manager in self.random.sample(self.world.managers, self.random.randint(0, len(self.world.managers))):
            self.world.deliver(self.world.export(office, manager), manager)
            self._edit(manager)
        if office.backups:
            self.world.restore(office, office.backups[-1])
            self._forgive()
            manager = self.random.choice(self.world.managers)  # one reports before the others hear of it
            self.world.deliver(self.world.export(office, manager), manager)
            self.world.deliver(self.world.export(manager, office), office)

    def _copy(self) -> None:
        """A laptop is copied; both go on."""
        if len(self.world.managers) < 4:
            manager = self.random.choice(self.world.managers)
            name = f"{manager.name}+"
            self.world.managers.append(self.world.opened(self.world.back_up(manager), manager, name))

    def _forgive(self) -> None:
        """What stood only on a disk that is gone, or only in an import that was taken back, need not be found."""
        self.typed &= set().union(*(_typed(node) for node in self.world.nodes))

    def _wrong_clock(self) -> None:
        """Up to forty hours wrong, and nobody notices."""
        self.random.choice(self.world.managers).behind = self._wild * timedelta(hours=self.random.uniform(0, 40))

    def _far_ahead(self) -> None:
        """Written with a clock that is days ahead: refused with the reason; once it goes right it is stamped anew."""
        manager, before = self.random.choice(self.world.managers), self.world.office.store.read(view)
        manager.behind = timedelta(hours=self.random.uniform(49, 3000))
        self._add(manager)
        self._edit(manager)
        found = self.world.received(self.world.export(manager, self.world.office), self.world.office)
        assert found.state == "held" or found.code == "clock.ahead", "a clock far ahead is refused"
        assert self.world.office.store.read(view) == before, "a clock far ahead changes nothing"
        manager.behind = timedelta(0)

    def _overstep(self) -> None:
        """A program changed by its owner writes what is not its person's to write."""
        manager = self.random.choice(self.world.managers)
        thief = self.world.opened(self.world.back_up(manager), manager, "thief")
        others = select(Client.id).where(Client.owner_id != manager.person)
        foreign = self.world.office.store.read(lambda s: list(s.scalars(others)))
        deeds = [lambda s: s.add(Diary(day=clock.today(), countersigned_at=clock.now()))]
        deeds.append(lambda s: s.add(Client(name="x", owner_id="f" * 32)))
        if foreign:
            deeds.append(lambda s: s.add(Client(id=self.random.choice(foreign), name="x")))
        try:
            self._change(thief, self.random.choice(deeds))
            package = self.world.export(thief, self.world.office)
            before = self.world.office.store.read(view)
            assert self.world.deliver(package, self.world.office) != "merged", "nobody changes what is not theirs"
            assert self.world.office.store.read(view) == before, "nobody changes what is not theirs"
        finally:
            thief.store.close()

    def _disorder(self) -> None:
        """The same packages in another order, some twice, come to the same."""
        manager, office = self.random.choice(self.world.managers), self.world.office
        packages = []
        for _ in range(3):
            self._edit(manager)
            packages.append(self.world.export(office, manager))
            self._edit(office)
        twins = [self.world.opened(self.world.back_up(manager), manager, f"order{n}") for n in range(2)]
        try:
            for n, twin in enumerate(twins):
                order = [*packages, self.random.choice(packages)] if n else packages
                if n:
                    self.random.shuffle(order)
                for package in order:
                    self.world.deliver(package, twin)
            assert _told(twins[0]) == _told(twins[1]), "arrival order is irrelevant"
        finally:
            for twin in twins:
                twin.store.close()


def _told(node: Node) -> dict[str, Any]:
    """The view without stamps: what a copied laptop puts on top of its chain is stamped when it does."""
    seen = node.store.read(view)
    return seen | {"heads": sorted(((id, name, value) for id, name, _, value in seen["heads"]), key=repr)}


def _typed(node: Node) -> set[str]:
    """Every value that some edit of a client here says."""
    found = node.store.read(lambda s: list(s.scalars(select(Edit.after).where(Edit.kind == "client"))))
    return {v for after in found for v in json.loads(after or "{}").values() if isinstance(v, str)}


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
        assert tips[0] == tips[1], "no acknowledged edit is lost"
        mine, office = manager.store.read(view, manager.person), world.office.store.read(view, manager.person)
        for what, found in mine.items():
            assert office[what] == found, f"same view on both sides: {what}"
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
            assert kept.get((id, name), {record.clock}) == set(heads), "no silent overwrite: a value was dropped"
            several = len({codec.canonical(v) for v in heads.values()}) > 1
            assert ((id, name) in shown) == several, (
                "no silent overwrite: a conflict is not shown, or one is that is none"
            )


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
