"""Long things are let go of in small pieces, so that another thread always gets its turn."""

from __future__ import annotations

import sys
import threading
import weakref
from typing import Any

import pytest

from fieldcrm.base.jobs import let_go


class Held:
    """Something that tells when it is freed."""

    def __init__(self, freed: list[int], number: int) -> None:
        weakref.finalize(self, freed.append, number)


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1_700])
@pytest.mark.parametrize("kind", [list, dict])
def test_everything_goes(kind: type, count: int) -> None:
    freed: list[int] = []
    values: Any = [Held(freed, n) for n in range(count)]
    if kind is dict:
        values = dict(enumerate(values))
    let_go(values)
    assert len(values) == 0
    assert sorted(freed) == list(range(count))


def test_another_thread_gets_its_turn_in_between() -> None:
    """A list of a million rows takes a fifth of a second to free; nobody waits for as long as that."""
    values = [{"row": str(n), "cells": [str(n)]} for n in range(400_000)]
    seen: set[int] = set()
    begun, ended = threading.Event(), threading.Event()

    def watch() -> None:
        begun.set()
        while not ended.is_set():
            seen.add(len(values))

    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0002)
    watcher = threading.Thread(target=watch)
    watcher.start()
    begun.wait()
    try:
        let_go(values)
    finally:
        ended.set()
        watcher.join()
        sys.setswitchinterval(before)
    assert len(seen) > 5
