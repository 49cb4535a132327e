"""The collector of the window's thread: it finds cycles between events, and leaves a running job alone."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from fieldcrm.ui.kit import collector
from fieldcrm.ui.kit.collector import Collector


class Knot:
    """An object that only a collection can end."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _automatic_afterwards() -> Iterator[None]:
    gc.collect()
    yield
    gc.unfreeze()
    gc.enable()


def _knots(count: int) -> weakref.ref[Knot]:
    made = [Knot() for _ in range(count)]
    return weakref.ref(made[0])


def test_cycles_go_between_events(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "_LOOK_MS", 5)
    watch = Collector(lambda: False)
    assert not gc.isenabled()
    knot = _knots(3_000)
    qtbot.waitUntil(lambda: knot() is None)
    watch.deleteLater()


def test_nothing_is_collected_while_a_job_runs(qtbot: QtBot) -> None:
    working = True
    watch = Collector(lambda: working)
    knot = _knots(3_000)
    watch.look()
    assert knot() is not None
    working = False
    watch.look()
    assert knot() is None
    watch.deleteLater()


def test_very_much_is_set_aside_until_nobody_waits(qtbot: QtBot) -> None:
    watch = Collector(lambda: False)
    knot = _knots(50_000)
    watch.look()
    assert knot() is not None
    assert gc.get_freeze_count() > 50_000
    watch.collect_all()
    assert knot() is None
    watch.deleteLater()
