"""Random histories of an office and two managers; each rule, broken on purpose, is caught by the same check.

Three of four are hard: restored and copied laptops, wrong clocks, forged packages, programs changed by their owners.
FIELDCRM_LONG=1 runs thousands of them; FIELDCRM_SEEDS=2000-2999 says which.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from fieldcrm.base.data import hlc, merge, rebase, undo
from fieldcrm.core.sync import acknowledging, authority, fitting, giving_back, outgoing
from fieldcrm.core.sync.envelope import Envelope
from support.exchange import History, World
from support.stores import OpenStore

SHORT, LONG = 6, 5000
STEPS = 30


def run(opener: OpenStore, seed: int, office: OpenStore | None = None, steps: int = STEPS) -> None:
    world = World(office or opener, opener)
    try:
        History(world, seed, hard=seed % 4 != 0).run(steps)
    finally:
        world.close()


def test_histories_end_equal_with_nothing_lost(open_sqlite: OpenStore, long: bool) -> None:
    first, _, last = os.environ.get("FIELDCRM_SEEDS", f"0-{(LONG if long else SHORT) - 1}").partition("-")
    for seed in range(int(first), int(last) + 1):
        try:
            run(open_sqlite, seed)
        except AssertionError as error:
            raise AssertionError(f"history {seed}: {error}") from error


@pytest.mark.postgres
def test_histories_with_an_office_on_postgresql(open_sqlite: OpenStore, open_postgres: OpenStore, long: bool) -> None:
    for seed in range(1000, 1000 + (200 if long else 1)):
        run(open_sqlite, seed, open_postgres)


def last_come_wins(states: dict[str, merge.State], cls: Any, edit: Any, superseded: Any) -> str | None:
    """A merge that forgets the clock: what comes last stands."""
    before = merge_as_it_is(states, cls, edit, superseded)
    if before is not None:
        states[edit.record_id].values.update(json.loads(edit.after))
    return before


merge_as_it_is = merge._merge


def quiet_overwrite(states: dict[str, merge.State], cls: Any, edit: Any, superseded: Any) -> str | None:
    """A merge that keeps only the winner."""
    before = merge_as_it_is(states, cls, edit, superseded)
    for name, heads in states[edit.record_id].heads.items():
        states[edit.record_id].heads[name] = {max(heads): heads[max(heads)]}
    return before


def never_back(session: Any, peer: Any, opened: Any) -> None:
    """An acknowledgement that is never taken back, though the import was, or the laptop restored."""
    before = peer.acked or {}
    peer.acked = {**before, **{d: v for d, v in opened.holds.items() if v[0] >= before.get(d, (0,))[0]}}


def everything(session: Any, peer: Any) -> Callable[[str, str], bool]:
    return lambda kind, record_id: True


def ahead(session: Any, peer: Any, device: str) -> tuple[int, str]:
    """A base that counts what was sent as arrived."""
    from fieldcrm.base.data import journal

    hash_, seq = journal.tip(session, device)
    return max(0, seq - 1), hash_ if seq > 1 else "0" * 64


BROKEN: dict[str, tuple[Any, str, Any]] = {
    "the last to come wins": (merge, "_merge", last_come_wins),
    "the loser is dropped": (merge, "_merge", quiet_overwrite),
    "conflicts are not kept": (merge.Plan, "conflicts", lambda self: []),
    "an acknowledgement is never taken back": (acknowledging, "acknowledge", never_back),
    "packages carry everybody's clients": (outgoing, "scope_of", everything),
    "signatures are not looked at": (Envelope, "is_signed_by", lambda self, public: True),
    "what was sent counts as arrived": (outgoing, "base_for", ahead),
    "gaps are not looked at": (fitting, "missing", lambda *_: None),
    "known operations are merged again": (merge, "_unknown", lambda session, sent: list(sent.operations)),
    "what only the office writes is anybody's": (authority, "_check_fields", lambda edits: None),
    "records of others are anybody's": (authority, "_check_owner", lambda session, edits, owners: None),
    "clocks far ahead are believed": (hlc, "check_not_ahead", lambda stamp: None),
    "what a clock far ahead had stamped stays so": (outgoing, "_first_ahead", lambda session, device: None),
    "what a restored laptop wrote is dropped": (rebase, "put_on", lambda session, tail: None),
    "a restored laptop's own work waits": (fitting, "fork", lambda session, opened, own: None),
    "what a restored office lost stays lost": (giving_back, "pieces", lambda *_: []),
    "what two managers give back comes apart": (giving_back, "whole", lambda session: {}),
    "a decision that is taken back stays decided": (undo, "_set_beside", lambda *_: None),
}


@pytest.mark.parametrize("rule", list(BROKEN))
def test_a_broken_rule_is_caught(rule: str, open_sqlite: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    place, name, broken = BROKEN[rule]
    monkeypatch.setattr(place, name, broken)
    for seed in range(20):
        try:
            run(open_sqlite, seed)
        except (AssertionError, IntegrityError):  # judged, or refused by the database: one operation held twice
            return
    pytest.fail(f"{rule}: not caught")
