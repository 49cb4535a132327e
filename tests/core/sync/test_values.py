"""Signed packages whose payload says what cannot stand here: refused whole, in words, beside others that come in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.sync.test_packages import Books, add_client, change_client, clients
from fieldcrm.base.data import chain, codec
from fieldcrm.base.data.journal_tables import Operation
from fieldcrm.core import sync
from fieldcrm.core.book import Book
from fieldcrm.core.sync import body, envelope, outgoing

Edit = list[Any]


def forge(manager: Book, path: Path, change: Callable[[Edit], None], *, schema: str = "", of: str = "client") -> None:
    """A package of the manager whose last edit of a kind was changed; the chain's hashes and the signature fit."""
    made = manager.store.read(outgoing._gather, manager.store.author.device, None)
    inside = body.unpack(made.body, 10_000_000)
    for data in inside["chains"]:
        edits = [e for *_, some in data["operations"] for e in some if isinstance(e, list) and e[0] == of]
        change(edits[-1])
        _link(data)
    package = body.pack(inside)
    header = made.header | {"sealed": False, "number": 1} | ({"schema": schema} if schema else {})
    envelope.write(path, envelope.make(header, package, manager.vault.device.sign), [("x", "y")], [], title="x")


def _link(data: dict[str, Any]) -> None:
    previous = data["base"][1]
    for operation in data["operations"]:
        id, seq, person, action, mode, undoes, at, rows, digest, _, edits = operation
        if edits:
            digest = chain.digest(
                chain.commitment(e[5], e[0], e[1], e[2], e[3], e[4]) if isinstance(e, list) else e for e in edits
            )
        previous = chain.link(
            previous, id=id, device=data["device"], seq=seq, person_id=person, action=action, mode=mode, undoes=undoes,
            at=datetime.fromisoformat(at), rows=rows, digest=digest,
        )  # fmt: skip
        operation[8], operation[9] = digest, previous


def say(**values: Any) -> Callable[[Edit], None]:
    def change(edit: Edit) -> None:
        edit[3] = codec.canonical(json.loads(edit[3]) | values)

    return change


WRONG: dict[str, tuple[Callable[[Edit], None], str, tuple[str, ...]]] = {
    "a day that is none": (say(birth_on="2026-02-30"), "package.bad_value", ("birth", "Client")),
    "a number for a text": (say(city=5), "package.bad_value", ("City", "Client")),
    "a text for a day": (say(birth_on="soon"), "package.bad_value", ("birth", "Client")),
    "an instant without a zone": (say(deleted_at="2026-01-01T00:00:00.000000"), "package.bad_value", ("Client",)),
    "a list for a text": (say(name=["x"]), "package.bad_value", ("Name", "Client")),
    "a text for a list": (say(tags="x"), "package.bad_value", ("Tags", "Client")),
    "a list of numbers for one of texts": (say(tags=["x", 5]), "package.bad_value", ("Tags", "Client")),
    "JSON with more behind it": (lambda e: e.__setitem__(3, e[3] + "{}"), "package.chain_broken", ()),
    "an id of two lines": (lambda e: e.__setitem__(1, f"{e[1]}\n{e[1]}"), "package.chain_broken", ()),
    "an id that is no text": (lambda e: e.__setitem__(1, 5), "package.chain_broken", ()),
    "nothing where something must be": (say(name=None), "package.bad_value", ("Name", "Client")),
    "an owner that is too long": (say(owner_id="f" * 33), "package.bad_value", ("Client",)),
    "a field that there is not": (say(shoe_size="42"), "package.unknown_field", ("shoe_size", "Client")),
    "a kind that there is not": (lambda e: e.__setitem__(0, "spaceship"), "package.unknown_kind", ("spaceship",)),
    "a stamp of another device": (lambda e: e.__setitem__(2, e[2][:20] + "f" * 16), "package.chain_broken", ()),
    "a stamp that is none": (lambda e: e.__setitem__(2, "yesterday"), "package.chain_broken", ()),
    "values that are no object": (lambda e: e.__setitem__(3, "[1]"), "package.chain_broken", ()),
    "values that are no JSON": (lambda e: e.__setitem__(3, "{"), "package.chain_broken", ()),
    "heads that are none": (lambda e: e.__setitem__(4, '{"x":1}'), "package.chain_broken", ()),
    "a record without a name": (
        lambda e: e.__setitem__(3, codec.canonical({"owner_id": json.loads(e[3])["owner_id"]})), "package.incomplete",
        ("Client",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_a_value_that_cannot_stand_refuses_its_package_and_no_other(
    enrolled: Books, tmp_path: Path, wrong: str
) -> None:
    manager, office = enrolled
    change, code, words = WRONG[wrong]
    manager.store.change(add_client, "王淑珍", city="福州", tags=["养老"])
    sync.export_package(manager, tmp_path / "sound.xlsx")
    forge(manager, tmp_path / "wrong.xlsx", change)
    [looked] = sync.look_into(office, [tmp_path / "wrong.xlsx"])
    assert (looked.received.state, looked.received.code) == ("refused", code)
    refused, sound = sync.import_packages(office, [tmp_path / "wrong.xlsx", tmp_path / "sound.xlsx"])
    assert (refused.state, refused.code) == ("refused", code)
    assert all(word in refused.reason for word in words), refused.reason
    assert sound.state == "merged"
    assert clients(office) == [("王淑珍", "福州")]
    states = {row.state: row.reason for row in office.store.read(sync.list_packages, ("in",))}
    assert states == {"merged": "", "refused": refused.reason}


def test_a_number_that_is_too_large_is_refused(enrolled: Books, tmp_path: Path) -> None:
    from fieldcrm.core.policies.tables import Policy

    manager, office = enrolled
    manager.store.change(lambda s: s.add(Policy(number="P1", premium_fen=100)))
    for value in (2**63, -(2**70), True, 1.5):
        forge(manager, tmp_path / "wrong.xlsx", say(premium_fen=value), of="policy")
        [refused] = sync.import_packages(office, [tmp_path / "wrong.xlsx"])
        assert (refused.state, refused.code) == ("refused", "package.bad_value")


def test_what_only_a_newer_program_knows_asks_for_the_update(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    manager.store.change(add_client, "王淑珍")
    forge(manager, tmp_path / "new.xlsx", say(shoe_size="42"), schema="9999")
    [refused] = sync.import_packages(office, [tmp_path / "new.xlsx"])
    assert refused.code == "package.newer"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(["name", "city", "birth_on", "tags", "extra", "deleted_at", "grade", "owner_id", "type"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(values=st.dictionaries(FIELDS, JSON, max_size=3), part=st.sampled_from([3, 3, 3, 1, 2, 4, 5]), other=JSON)
def test_whatever_a_signed_package_says_it_is_merged_or_refused(
    enrolled: Books, tmp_path: Path, values: dict[str, Any], part: int, other: Any
) -> None:
    manager, office = enrolled
    if not clients(manager):
        manager.store.change(add_client, "王淑珍")

    def change(edit: Edit) -> None:
        if part == 3:
            say(**values)(edit)
        else:
            edit[part] = other

    before = office.store.read(lambda s: s.scalar(select(func.count()).select_from(Operation)))
    try:
        forge(manager, tmp_path / "any.xlsx", change)
    except (ValueError, TypeError):
        return  # no JSON
    [found] = sync.import_packages(office, [tmp_path / "any.xlsx"])
    if found.state == "merged":
        office.store.undo()
    else:
        assert found.state == "refused"
    assert office.store.read(lambda s: s.scalar(select(func.count()).select_from(Operation))) == before


def test_what_was_changed_between_preview_and_merge_becomes_a_conflict(enrolled: Books, tmp_path: Path) -> None:
    """Nothing typed meanwhile is overwritten: the preview is only read, the merge sees the record as it is then."""
    manager, office = enrolled
    id, _ = manager.store.change(add_client, "王淑珍", city="福州", grade="C")
    sync.export_package(manager, tmp_path / "1.xlsx")
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    manager.store.change(change_client, id, city="厦门")
    sync.export_package(manager, tmp_path / "2.xlsx")
    [looked] = sync.look_into(office, [tmp_path / "2.xlsx"])
    assert [(c.old, c.new) for c in looked.cells if c.field == "city"] == [("福州", "厦门")]
    assert looked.received.conflicts == 0
    office.store.change(change_client, id, city="泉州", grade="A")
    [received] = sync.import_packages(office, [tmp_path / "2.xlsx"])
    assert (received.state, received.conflicts) == ("merged", 1)
    [conflict] = office.store.read(sync.list_conflicts)
    assert (conflict.field, {s.text for s in conflict.sides}) == ("city", {"泉州", "厦门"})
    assert clients(office) == [("王淑珍", "泉州")]  # the later one stands until somebody decides


def test_a_value_typed_after_it_was_decided_is_not_decided_over(enrolled: Books, tmp_path: Path) -> None:
    manager, office = enrolled
    id, _ = manager.store.change(add_client, "王淑珍", city="福州")
    sync.export_package(manager, tmp_path / "1.xlsx")
    sync.import_packages(office, [tmp_path / "1.xlsx"])
    office.store.change(change_client, id, city="泉州")
    manager.store.change(change_client, id, city="厦门")
    sync.export_package(manager, tmp_path / "2.xlsx")
    [looked] = sync.look_into(office, [tmp_path / "2.xlsx"])
    [cell] = [c for c in looked.cells if c.field == "city"]
    assert cell.conflict
    office.store.change(change_client, id, city="漳州")
    sync.import_packages(office, [tmp_path / "2.xlsx"], decided={cell.cell: sync.TAKE})
    [conflict] = office.store.read(sync.list_conflicts)
    assert {s.text for s in conflict.sides} == {"漳州", "厦门"}
