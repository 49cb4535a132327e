"""A core-system list of 36,823 rows: against reading, bulk insert and search index; cancelling it; stalls."""

from __future__ import annotations

import shutil
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from benchmarks import books
from benchmarks.driver import Driver
from benchmarks.figures import Figure, pairs, say
from fieldcrm.base.data.schema import record_tables
from fieldcrm.base.data.search import index
from fieldcrm.base.jobs import Progress, without_collector
from fieldcrm.base.sheets import reader
from fieldcrm.core import imports
from support import core_lists

LIMIT, CANCEL_LIMIT_MS, STALL_LIMIT_MS = 2.0, 1000, 50


def measure(folder: Path, quick: bool) -> Iterator[Figure]:
    count = 4_000 if quick else 36_823
    source = folder / f"list-{count}.xlsx"
    if not source.exists():
        say(f"making a list of {count:,} rows")
        core_lists.write_xlsx(source, core_lists.make(count, spoil=False))
    if not (folder / "import-template").exists():
        books.empty(folder / "import-template").close()
    say(f"importing {count:,} rows")
    yield _against_bare(folder, source, count, 3 if quick else 5)
    yield from _in_the_window(folder, source, count)


def work(store: Any, source: Path, progress: Progress) -> Any:
    """The import as the program does it; gives what `store.change` gave."""
    workbook = reader.read(source, progress)
    plan = store.read(imports.prepare, workbook, None, progress)
    try:
        with without_collector():
            return store.change(imports.apply_plan, plan, progress)
    finally:
        plan.let_go()
        plan.let_go_rows()


def _fresh(folder: Path) -> Path:
    place = folder / "import"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder / "import-template", place)
    return place


def _against_bare(folder: Path, source: Path, count: int, turns: int) -> Figure:
    book = books.opened(_fresh(folder))
    plan = book.store.read(imports.prepare, reader.read(source), None, None)
    author = book.store.author.person_id
    ready = {kind: list(rows) for kind, rows in plan.inserts.items() if rows}
    book.close()

    def ours() -> float:
        book = books.opened(_fresh(folder))
        began = time.perf_counter()
        work(book.store, source, Progress())
        took = (time.perf_counter() - began) * 1000
        book.close()
        return took

    def bare() -> float:
        book = books.opened(_fresh(folder))
        began = time.perf_counter()
        reader.read(source)
        with without_collector(), Session(book.store.writer) as session:
            for kind, rows in ready.items():
                books.insert(session, record_tables()[kind], rows, author)
                books.remember(session, book, record_tables()[kind], rows)
            index.refresh_changed(session, {kind: [row["id"] for row in rows] for kind, rows in ready.items()})
            session.commit()
        took = (time.perf_counter() - began) * 1000
        book.close()
        return took

    took = pairs(ours, bare, turns)
    return took.figure(f"import of {count:,} rows", LIMIT, "reading + bulk insert + search index")


def _in_the_window(folder: Path, source: Path, count: int) -> Iterator[Figure]:
    driver = Driver(_fresh(folder))
    driver.show()
    driver.unlock()
    store = driver.runner.store
    waits: list[float] = []
    stalls: list[float] = []
    seconds = 0.0
    for at in (None, 0.15, 0.5, 0.8):  # how much of the whole has passed when Cancel is clicked; None: never
        driver.settle()
        driver.heart.start()
        began = time.perf_counter()
        ended = threading.Event()
        job = driver.runner.job("import", lambda progress: work(store, source, progress))
        job.finished.connect(ended.set)
        if at is None:
            driver.until(ended.is_set)
            seconds = time.perf_counter() - began
            stalls.append(driver.heart.stop())
            driver.runner.undo()
            continue
        until = began + seconds * at
        driver.until(lambda until=until, ended=ended: time.perf_counter() > until or ended.is_set())  # type: ignore[misc]
        clicked = time.perf_counter()
        job.cancel()
        driver.until(ended.is_set)
        waits.append((time.perf_counter() - clicked) * 1000)
        driver.heart.stop()
    driver.close()
    yield Figure(
        f"cancelling an import of {count:,} rows", max(waits), limit=CANCEL_LIMIT_MS,
        note=f"longest of {len(waits)}, median {statistics.median(waits):.0f} ms",
    )  # fmt: skip
    yield Figure(f"longest stall of the window importing {count:,} rows", max(stalls), limit=STALL_LIMIT_MS)
