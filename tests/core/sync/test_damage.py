"""Damaged packages: bits flipped, ends cut off; none is taken with other content, none hangs."""

from __future__ import annotations

import random
from pathlib import Path

from core.sync.test_packages import add_client
from fieldcrm.base import clock
from fieldcrm.core import sync
from support.books import FoundBook

SHORT, LONG = 60, 10_000
PATIENCE_SECONDS = 20


def test_no_damaged_package_is_taken_with_other_content(found_book: FoundBook, tmp_path: Path, long: bool) -> None:
    manager, office = found_book("林晓", "x"), found_book("陈敏", "福州", role="office")
    sync.request(manager, tmp_path / "r.xlsx")
    sync.grant(office, tmp_path / "r.xlsx", tmp_path / "g.xlsx")
    sync.accept(manager, tmp_path / "g.xlsx")
    for number in range(20):
        manager.store.change(add_client, f"客户{number}")
    sync.export_package(manager, tmp_path / "sound.xlsx")
    [sound] = sync.look_into(office, [tmp_path / "sound.xlsx"])
    assert sound.received.state == "ready"
    whole, chance, mutant = (tmp_path / "sound.xlsx").read_bytes(), random.Random(7), tmp_path / "mutant.xlsx"
    taken = 0
    for number in range(LONG if long else SHORT):
        data = bytearray(whole)
        if number % 3 == 0:
            del data[chance.randrange(len(data)) :]
        else:
            for _ in range(chance.choice((1, 1, 3))):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        mutant.write_bytes(data)
        began = clock.monotonic()
        [found] = sync.look_into(office, [mutant])
        assert clock.monotonic() - began < PATIENCE_SECONDS
        if found.received.state == "refused":
            continue
        taken += 1  # a bit that means nothing, such as a date in the container
        assert (found.received.state, found.received.operations) == ("ready", sound.received.operations)
        assert (found.received.rows, found.received.new) == (sound.received.rows, sound.received.new)
    assert taken < (LONG if long else SHORT) / 4
