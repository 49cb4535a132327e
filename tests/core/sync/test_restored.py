"""Whole books restored from a backup: what they lack comes back, what they wrote goes on top; wrong clocks."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.sync.test_packages import add_client, change_client, clients
from fieldcrm.base import clock
from fieldcrm.base.data import audit, journal
from fieldcrm.base.errors import Refused
from fieldcrm.core import history, sync
from fieldcrm.core.book import Book, restore_book, unlock
from support.books import PASSWORD, FoundBook


class Pair:
    """An office and a manager's laptop that is restored now and then."""

    def __init__(self, manager: Book, office: Book, folder: Path) -> None:
        self.manager, self.office, self.folder, self.count = manager, office, folder, 0

    def up(self) -> sync.Received:
        return self._send(self.manager, self.office)

    def down(self) -> sync.Received:
        return self._send(self.office, self.manager)

    def _send(self, source: Book, target: Book) -> sync.Received:
        self.count += 1
        path = self.folder / f"{self.count}.xlsx"
        sync.export_package(source, path)
        [received] = sync.import_packages(target, [path])
        return received

    def restore(self, backup: Path) -> None:
        self.manager.close()
        restore_book(self.manager.folder, backup, password=PASSWORD)
        self.manager = unlock(self.manager.folder, password=PASSWORD)

    def check(self) -> None:
        device = self.manager.store.author.device
        tips = [book.store.read(journal.tip, device) for book in (self.manager, self.office)]
        assert tips[0] == tips[1]
        assert clients(self.manager) == clients(self.office)
        for book in (self.manager, self.office):
            assert [f.name for f in book.store.read(history.check_book) if f.broken] == []


@pytest.fixture
def pair(found_book: FoundBook, tmp_path: Path) -> Iterator[Pair]:
    manager, office = found_book("林晓", "待登记"), found_book("陈敏", "福州支公司", role="office")
    sync.request(manager, tmp_path / "r.xlsx")
    sync.grant(office, tmp_path / "r.xlsx", tmp_path / "g.xlsx")
    sync.accept(manager, tmp_path / "g.xlsx")
    both = Pair(manager, office, tmp_path)
    yield both
    both.manager.close()


def test_a_restored_laptop_gets_back_what_it_sent_and_keeps_what_it_wrote_since(pair: Pair) -> None:
    id, _ = pair.manager.store.change(add_client, "王淑珍", city="福州")
    pair.up()
    pair.down()
    backup = pair.manager.back_up("test")
    assert backup is not None
    pair.manager.store.change(change_client, id, city="厦门")
    pair.manager.store.change(add_client, "陈国强")
    pair.up()
    pair.down()
    pair.restore(backup)
    pair.manager.store.change(change_client, id, city="泉州", grade="A")
    pair.manager.store.change(add_client, "李红")
    first = pair.up()
    assert (first.state, first.code) == ("held", "package.forked")
    assert "newest package" in first.reason
    assert pair.down().state == "merged"
    assert pair.up().state == "merged"
    pair.down()
    pair.check()
    assert sorted(name for name, _ in clients(pair.office)) == ["李红", "王淑珍", "陈国强"]
    [conflict] = pair.office.store.read(sync.list_conflicts)
    assert {(side.text, side.person) for side in conflict.sides} == {("泉州", "林晓"), ("厦门", "林晓")}
    held = [row for row in pair.office.store.read(sync.list_packages, ("in",)) if row.state == "held"]
    assert held == []  # what waited came otherwise
    undone, _ = pair.manager.store.undo()
    assert (undone.action, undone.skipped) == ("add_client", ())


def test_a_restored_laptop_that_wrote_nothing_is_told_what_to_do(pair: Pair) -> None:
    pair.manager.store.change(add_client, "王淑珍")
    pair.up()
    backup = pair.manager.back_up("test")
    assert backup is not None
    pair.manager.store.change(add_client, "陈国强")
    pair.up()
    pair.down()
    pair.restore(backup)
    waits = pair.down()
    assert (waits.state, waits.code) == ("held", "package.own_gap")
    assert "Export a package to the office" in waits.reason
    pair.up()
    assert pair.down().state == "merged"
    assert sorted(name for name, _ in clients(pair.manager)) == ["王淑珍", "陈国强"]
    pair.up()
    pair.check()


def test_an_import_that_brought_own_work_back_leaves_it_when_it_is_taken_back(pair: Pair) -> None:
    id, _ = pair.manager.store.change(add_client, "王淑珍")
    pair.up()
    backup = pair.manager.back_up("test")
    assert backup is not None
    pair.manager.store.change(add_client, "陈国强")
    pair.up()
    pair.office.store.change(change_client, id, grade="B")
    pair.restore(backup)
    pair.up()
    pair.down()
    pair.manager.store.undo()
    assert clients(pair.manager) == [("王淑珍", None)]
    for _ in range(3):
        with contextlib.suppress(Refused):
            pair.manager.store.undo()
    for book in (pair.manager, pair.office):
        assert [f.name for f in book.store.read(history.check_book) if f.broken] == []


def test_stamps_of_a_clock_far_ahead_are_refused_then_made_anew(pair: Pair) -> None:
    with clock.at(lambda: clock._system() + timedelta(days=400)):
        id, _ = pair.manager.store.change(add_client, "王淑珍", city="福州")
        pair.manager.store.change(change_client, id, city="厦门")
        pair.manager.store.undo()
        sync.export_package(pair.manager, pair.folder / "ahead.xlsx")
    [refused] = sync.import_packages(pair.office, [pair.folder / "ahead.xlsx"])
    assert (refused.state, refused.code) == ("refused", "clock.ahead")
    assert "clock" in refused.reason
    pair.manager.store.change(change_client, id, grade="A")
    assert pair.up().state == "merged"
    pair.check()
    assert clients(pair.office) == [("王淑珍", "福州")]
    assert pair.manager.store.read(audit.verify).broken_at is None


@pytest.mark.parametrize("hours", [-40, 40])
def test_forty_hours_are_not_noticed(pair: Pair, hours: int) -> None:
    with clock.at(lambda: clock._system() + timedelta(hours=hours)):
        id, _ = pair.manager.store.change(add_client, "王淑珍")
        sync.export_package(pair.manager, pair.folder / "u.xlsx")
    [received] = sync.import_packages(pair.office, [pair.folder / "u.xlsx"])
    assert received.state == "merged"
    pair.office.store.change(change_client, id, city="厦门")
    sync.export_package(pair.office, pair.folder / "d.xlsx")
    with clock.at(lambda: clock._system() + timedelta(hours=hours)):
        [back] = sync.import_packages(pair.manager, [pair.folder / "d.xlsx"])
    assert back.state == "merged"
    pair.check()
