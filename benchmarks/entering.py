"""Processes that go from the unlock page to Today, each beginning when the unlock page is painted."""

from __future__ import annotations

import contextlib
import gc
import json
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.driver import PASSWORD, Driver


def cold() -> None:
    """The password is there at once, and what is fetched ahead begins as it always does, when the page is painted.

    Tells of the modules that came, in their order.
    """
    driver = _at_the_door(Path(sys.argv[1]))
    before = set(sys.modules)
    argon = _watch_argon()
    driver.wake_seldom()
    began = time.perf_counter()
    threading.Thread(target=driver.window.door.preload, daemon=True).start()
    entered = _until_today(driver, began)
    modules = [name for name in sys.modules if name not in before and not name.startswith(("benchmarks", "__"))]
    _tell(entered=entered, argon=sum(argon), modules=modules)


def imports() -> None:
    """Only the imports, in the same place."""
    names = json.loads(Path(sys.argv[1]).read_text())
    _at_the_door(Path(sys.argv[1]).parent)
    began = time.perf_counter()
    for name in names:
        with contextlib.suppress(ImportError):  # parts that only their package can import
            import_module(name)
    _tell(took=(time.perf_counter() - began) * 1000)


def ready() -> None:
    """The imports come while the person types; then the password."""
    driver = _at_the_door(Path(sys.argv[1]))
    driver.heart.start()
    preload = threading.Thread(target=driver.window.door.preload)
    preload.start()
    driver.until(lambda: not preload.is_alive())
    for _turn in driver.window.door.preload_window():
        driver.until(lambda: True)
    typing = driver.heart.stop()
    driver.heart.start()
    began = time.perf_counter()
    answered = _answers()
    driver.window.unlock(PASSWORD)
    driver.until(lambda: driver.bench is not None)
    seen = driver.painted_at
    driver.until(lambda: driver.painted_at > seen or bool(answered))
    bench = (driver.painted_at - began) * 1000
    driver.until(lambda: bool(answered) and driver.painted_at > answered[0])
    entered = (driver.painted_at - began) * 1000
    _tell(bench=bench, entered=entered, stall=driver.heart.stop(), typing=typing)


def _until_today(driver: Driver, began: float) -> float:
    """Unlock; ms until the painting that shows what Today asked the book for."""
    answered = _answers()
    driver.window.unlock(PASSWORD)
    driver.until(lambda: bool(answered) and driver.painted_at > answered[0])
    return (driver.painted_at - began) * 1000


def _answers() -> list[float]:
    """When Today's query was answered."""
    from fieldcrm.ui.kit.runner import Runner

    times: list[float] = []
    answer = Runner._answer

    def noted(runner: Runner, task: Any, result: Any) -> None:
        answer(runner, task, result)
        if task.name == "today":
            times.append(time.perf_counter())

    Runner._answer = noted  # type: ignore[method-assign]
    return times


def _at_the_door(folder: Path) -> Driver:
    gc.disable()  # from the start on, as app.run does
    driver = Driver(folder)
    driver.show()
    return driver


def _watch_argon() -> list[float]:
    from fieldcrm.base.vault import slots

    spent: list[float] = []
    stretch = slots._stretch

    def timed(*args: object) -> bytes:
        began = time.perf_counter()
        try:
            return stretch(*args)  # type: ignore[arg-type]
        finally:
            spent.append((time.perf_counter() - began) * 1000)

    slots._stretch = timed  # type: ignore[assignment]
    return spent


def _tell(**figures: object) -> None:
    print(json.dumps(figures), flush=True)
    sys.stdout.flush()
    import os

    os._exit(0)
