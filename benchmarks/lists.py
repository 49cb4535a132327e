"""The list of clients in the real window: opening it and scrolling it at 100, 100,000 and 1,000,000 clients."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import books
from benchmarks.driver import Driver
from benchmarks.figures import Figure, say

LIMIT, JUMP_LIMIT_MS, STALL_LIMIT_MS = 1.5, 100, 50


def measure(folder: Path, quick: bool) -> Iterator[Figure]:
    sizes = (100, 2_000, 20_000) if quick else (100, 100_000, 1_000_000)
    bench = [_Bench(books.with_clients(folder, size)) for size in sizes]
    opening: dict[int, list[float]] = {size: [] for size in sizes}
    counting: dict[int, list[float]] = {size: [] for size in sizes}
    scrolling: dict[int, list[float]] = {size: [] for size in sizes}
    jumping: dict[int, list[float]] = {size: [] for size in sizes}
    sorting: dict[int, list[float]] = {size: [] for size in sizes}
    for turn in range(3 if quick else 9):
        for size, one in list(zip(sizes, bench, strict=True))[:: 1 if turn % 2 else -1]:
            say(f"list of {size:,} clients, turn {turn + 1}")
            rows, whole = one.open()
            opening[size].append(rows)
            counting[size].append(whole)
            scrolling[size] += one.scroll()
            jumping[size] += one.jump(turn)
            sorting[size].append(one.sort("due_on"))
            one.sort("name")
    stalls = {size: one.close() for size, one in zip(sizes, bench, strict=True)}
    for words, found in (("opening the list, first rows painted", opening), ("scrolling a page down", scrolling)):
        yield from _figures(words, found)
    for size in sizes[1:]:  # at 100 clients nothing need be read, so there is no like to compare with
        yield Figure(f"jumping to any place, {size:,} clients", statistics.median(jumping[size]), limit=JUMP_LIMIT_MS)
    for size in sizes[1:]:
        words = f"the list in the order of what comes due, first rows painted, {size:,} clients"
        yield Figure(words, statistics.median(sorting[size]), limit=JUMP_LIMIT_MS)
    for size in sizes:
        yield Figure(
            f"opening the list with the counts of its views, {size:,} clients", statistics.median(counting[size])
        )
    for size in sizes:
        yield Figure(f"longest stall of the window in the list of {size:,} clients", stalls[size], limit=STALL_LIMIT_MS)


def _figures(words: str, found: dict[int, list[float]]) -> Iterator[Figure]:
    smallest, *larger = found
    base = statistics.median(found[smallest])
    for size in larger:
        yield Figure(f"{words}, {size:,} clients", statistics.median(found[size]), base, LIMIT, f"{smallest} clients")


class _Bench:
    """A window on one book."""

    def __init__(self, place: Path) -> None:
        self.driver = Driver(place, "clients")
        self.driver.show()
        self.driver.unlock()
        self.driver.go("clients")
        self.stalls: list[float] = []

    def open(self) -> tuple[float, float]:
        """A fresh page: ms until the first rows are painted, and until the counts of all views are there."""
        driver = self.driver
        page = driver.bench.pages.pop("clients")
        driver.bench.stack.removeWidget(page)
        page.deleteLater()
        driver.bench.go("settings")
        driver.settle()
        driver.heart.start()
        began = time.perf_counter()
        driver.bench.go("clients")
        pane = driver.bench.pages["clients"].list
        rows = self._painted(began, lambda: pane.model.ready)
        whole = (driver.settle() - began) * 1000
        self.stalls.append(driver.heart.stop())
        return rows, whole

    def scroll(self) -> list[float]:
        """Ten pages down from the top, one after the other."""
        table = self.driver.bench.pages["clients"].list.table
        bar = table.verticalScrollBar()
        bar.setValue(0)
        self.driver.settle(20)
        return [self._moved(bar.value() + bar.pageStep()) for _ in range(10)]

    def jump(self, turn: int) -> list[float]:
        """Eight places anywhere in the list."""
        bar = self.driver.bench.pages["clients"].list.table.verticalScrollBar()
        source = random.Random(turn)
        return [self._moved(source.randrange(bar.maximum() + 1)) for _ in range(8)]

    def sort(self, key: str) -> float:
        """A click on a head."""
        driver = self.driver
        pane = driver.bench.pages["clients"].list
        number = [column.key for column in pane.model.columns].index(key)
        opened: list[bool] = []  # the rows in their new order; the count follows by itself
        told = pane.model.opened.connect(lambda: opened.append(True))
        driver.heart.start()
        began = time.perf_counter()
        driver.painted_at = 0.0
        pane.table.head.sectionClicked.emit(number)
        took = self._painted(began, lambda: bool(opened))
        driver.settle()
        pane.model.opened.disconnect(told)
        self.stalls.append(driver.heart.stop())
        return took

    def _moved(self, to: int) -> float:
        driver = self.driver
        table = driver.bench.pages["clients"].list.table
        model = table.model()
        driver.heart.start()
        began = time.perf_counter()
        driver.painted_at = 0.0
        table.verticalScrollBar().setValue(to)
        table.viewport().update()  # also where the bar stood there already

        def there() -> bool:
            row = table.rowAt(table.viewport().height() // 2)
            return row < 0 or model.index(row, 0).data() not in (None, "")

        took = self._painted(began, there)
        self.stalls.append(driver.heart.stop())
        return took

    def _painted(self, began: float, there: Callable[[], bool]) -> float:
        """Ms from `began` to the end of the first painting after `there`."""
        self.driver.until(there)
        since = time.perf_counter()
        if self.driver.painted_at and self.driver.painted_at > began:
            self.driver.until(lambda: self.driver.painted_at > since or time.perf_counter() - since > 0.05)
        else:
            self.driver.until(lambda: self.driver.painted_at > began)
        return (self.driver.painted_at - began) * 1000

    def close(self) -> float:
        self.driver.close()
        return max(self.stalls)
