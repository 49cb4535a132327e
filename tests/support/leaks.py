"""Nothing left behind: threads, widgets and warnings in the log that no test expected fail the test."""

from __future__ import annotations

import gc
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

GRACE_SECONDS = 2.0


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(record)


@pytest.fixture(autouse=True)
def _no_log_warning(request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning in our own log fails the test, unless it is marked `expects_log_warning`."""
    handler = _Warnings()
    logger = logging.getLogger("fieldcrm")
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)
    if handler.seen and request.node.get_closest_marker("expects_log_warning") is None:
        pytest.fail("logged: " + "; ".join(f"{r.levelname} {r.name} {r.getMessage()}" for r in handler.seen))


@pytest.fixture(autouse=True)
def _no_leaked_thread() -> Iterator[None]:
    """Threads that a test starts end with it (two seconds of grace)."""
    before = set(threading.enumerate())
    yield
    for thread in _own(threading.enumerate(), before):
        thread.join(GRACE_SECONDS)
    left = _own(threading.enumerate(), before)
    if left:
        pytest.fail("threads left running: " + ", ".join(thread.name for thread in left))


def _own(threads: list[threading.Thread], before: set[threading.Thread]) -> list[threading.Thread]:
    # a thread of Qt that ran Python appears as a dummy and stays listed after its end
    return [t for t in threads if t not in before and not isinstance(t, threading._DummyThread)]


@pytest.fixture(autouse=True)
def _no_leaked_widget() -> Iterator[None]:
    """Windows that a test opens are closed and deleted with it."""
    before = {id(widget) for widget in _top_level()}
    yield
    if not [w for w in _top_level() if id(w) not in before]:
        return
    gc.collect()
    _delete_deferred()
    left = [w for w in _top_level() if id(w) not in before and w.parent() is None]
    if left:
        pytest.fail("widgets left behind: " + ", ".join(type(w).__name__ for w in left))


def _top_level() -> list[Any]:
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    return list(widgets.QApplication.topLevelWidgets())


def _delete_deferred() -> None:
    core = sys.modules["PySide6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
    core.QCoreApplication.processEvents()
