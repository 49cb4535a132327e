"""Damaged packages: bits flipped, ends cut off, parts and pieces changed; none is taken with other content, none hangs.

FIELDCRM_LONG=1 tries thousands of them; FIELDCRM_SEEDS=7-9 with other seeds than 7.
"""

from __future__ import annotations

import io
import os
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.sync.test_packages import add_client
from fieldcrm.base import clock
from fieldcrm.core import sync
from fieldcrm.core.sync import envelope
from support.books import FoundBook

PATIENCE_SECONDS = 20
Damage = Callable[[bytes, random.Random], bytes]


def flipped(whole: bytes, chance: random.Random) -> bytes:
    data = bytearray(whole)
    for _ in range(chance.choice((1, 1, 3))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def cut(whole: bytes, chance: random.Random) -> bytes:
    return whole[: chance.randrange(len(whole))]


def mutated(whole: bytes, chance: random.Random) -> bytes:
    """The file, one of its parts, or what the signature covers, changed in one of many ways."""
    return chance.choice((_pieces, _part, _part, _envelope))(whole, chance)


def _pieces(whole: bytes, chance: random.Random) -> bytes:
    """A stretch left out, doubled, moved, or written over."""
    at, length = chance.randrange(len(whole)), chance.choice((1, 2, 7, 64, 1000))
    before, piece, after = whole[:at], whole[at : at + length], whole[at + length :]
    other = chance.randrange(len(before) + 1)
    return chance.choice(
        (
            before + after,
            before + piece + piece + after,
            before[:other] + piece + before[other:] + after,
            before + chance.randbytes(len(piece)) + after,
        )
    )


def _part(whole: bytes, chance: random.Random) -> bytes:
    """One part of the workbook changed inside, the archive sound; or a part left out."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(list(parts))
    if chance.random() < 0.05:
        del parts[name]
    elif parts[name]:
        parts[name] = chance.choice((_pieces, _pieces, flipped, cut))(parts[name], chance)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, data in parts.items():
            archive.writestr(one, data)
    return packed.getvalue()


def _envelope(whole: bytes, chance: random.Random) -> bytes:
    """A sound workbook whose header, signature or body is changed."""
    found = envelope.read(_written(whole))[0]
    pieces = [found.header_bytes, found.signature, found.body]
    place = chance.randrange(3)
    pieces[place] = chance.choice((_pieces, flipped))(pieces[place], chance)
    changed = envelope.Envelope(found.header, *pieces)
    envelope.write(_place, changed, [("x", "y")], [], title="x")
    return _place.read_bytes()


_place = Path()


def _written(whole: bytes) -> Path:
    _place.write_bytes(whole)
    return _place


@pytest.mark.parametrize(
    ("damage", "short", "many"),
    [(flipped, 30, 1_500), (cut, 15, 300), (mutated, 40, 10_000)],
    ids=["bits flipped", "ends cut off", "mutants"],
)
def test_no_damaged_package_is_taken_with_other_content(
    found_book: FoundBook, tmp_path: Path, long: bool, damage: Damage, short: int, many: int
) -> None:
    global _place
    _place = tmp_path / "envelope.xlsx"
    manager, office = found_book("林晓", "x"), found_book("陈敏", "福州", role="office")
    sync.request(manager, tmp_path / "r.xlsx")
    sync.grant(office, tmp_path / "r.xlsx", tmp_path / "g.xlsx")
    sync.accept(manager, tmp_path / "g.xlsx")
    for number in range(20):
        manager.store.change(add_client, f"客户{number}")
    sync.export_package(manager, tmp_path / "sound.xlsx")
    [sound] = sync.look_into(office, [tmp_path / "sound.xlsx"])
    assert sound.received.state == "ready"
    whole, mutant, taken = (tmp_path / "sound.xlsx").read_bytes(), tmp_path / "mutant.xlsx", 0
    first, _, last = os.environ.get("FIELDCRM_SEEDS", "7-7").partition("-")
    count = many if long else short
    for seed in range(int(first), int(last) + 1):
        chance = random.Random(seed)
        for number in range(count):
            mutant.write_bytes(damage(whole, chance))
            began = clock.monotonic()
            [found] = sync.look_into(office, [mutant])
            assert clock.monotonic() - began < PATIENCE_SECONDS, (seed, number)
            if found.received.state == "refused":
                continue
            taken += 1  # what means nothing, such as a date in the container
            for name in ("state", "operations", "rows", "new"):
                assert getattr(found.received, name) == getattr(sound.received, name), (seed, number)
    assert taken < count / 2
