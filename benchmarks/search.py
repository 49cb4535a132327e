"""Search: the query against the bare question to the index, and from the key stroke to the painted list."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from benchmarks import books
from benchmarks.driver import Driver
from benchmarks.figures import Figure, pairs, say
from fieldcrm.base.data.search import sqlite, tokens
from fieldcrm.core import search

TYPED = ("王", "淑珍", "王淑珍", "wsz", "wangshu", "2345", "陈", "zhao", "福州", "35000")
QUERY_LIMIT, PAINT_LIMIT_MS, STALL_LIMIT_MS = 1.5, 16, 50


def measure(folder: Path, quick: bool) -> Iterator[Figure]:
    for count in (2_000, 20_000) if quick else (100_000, 1_000_000):
        place = books.with_clients(folder, count)
        say(f"searching {count:,} clients")
        yield from _query(place, count, 5 if quick else 21)
        yield from _strokes(place, count)


def _query(place: Path, count: int, turns: int) -> Iterator[Figure]:
    """All typed lines one after the other; the bare question asks FTS5 for the same rows with ready expressions."""
    book = books.opened(place)
    try:
        with Session(book.store.readers) as session:
            ready = [_bare(session, text) for text in TYPED]

            def ours() -> None:
                for text in TYPED:
                    search.find(session, text, None, 9)

            cursor: Any = session.connection().connection.cursor()

            def bare() -> None:
                for questions in ready:
                    for question in questions:
                        cursor.execute(*question)
                        cursor.fetchall()

            ours()
            bare()
            took = pairs(ours, bare, turns)
        name = f"search query, {count:,} clients, mean of {len(TYPED)} typed lines"
        each = len(TYPED)
        yield Figure(name, took.measured / each, took.against / each, QUERY_LIMIT, "bare index query", "", took.ratio)
    finally:
        book.close()


def _bare(session: Session, text: str) -> list[tuple[str, tuple[Any, ...]]]:
    """The questions that a typed line puts to the index, as bare SQL."""
    asked: list[tuple[str, tuple[Any, ...]]] = []
    connection = session.connection()
    known: set[int] = set()
    for stage in tokens.stages(tokens.words_of(text)):
        limit = 9 + len(known)
        query = (
            "SELECT * FROM (SELECT d.doc, d.kind, d.record_id, d.title, d.text, d.weight FROM search_token AS t"
            " CROSS JOIN search_doc AS d ON d.doc = t.rowid WHERE search_token MATCH ?"
            + " AND instr(d.text, ?)" * len(stage.contains)
            + " ORDER BY t.rowid LIMIT ?) ORDER BY weight DESC, doc LIMIT ?"
        )
        asked.append((query, (sqlite._match(stage.expression), *stage.contains, max(3 * limit, 60), limit)))
        known |= {row.doc for row in sqlite.look_up(connection, stage, None, limit)}
        if len(known) >= 9:
            break
    return asked


def _strokes(place: Path, count: int) -> Iterator[Figure]:
    from PySide6.QtTest import QTest

    driver = Driver(place)
    driver.show()
    driver.unlock()
    bench = driver.bench
    shown: list[float] = []
    original = bench.finder.list.show_hits

    def show_hits(*args: Any, **kwargs: Any) -> None:
        original(*args, **kwargs)
        shown.append(time.perf_counter())

    bench.finder.list.show_hits = show_hits
    bench.search()
    driver.settle()
    took: list[float] = []
    driver.heart.start()
    for _round in range(3):
        for keys in ("wsz", "wangshu", "2345", "zhao", "chen", "liu", "35000"):
            bench.header.search.clear()
            driver.settle(20)
            for key in keys:
                shown.clear()
                began = time.perf_counter()
                QTest.keyClicks(bench.header.search, key)
                driver.until(lambda: bool(shown) and driver.painted_at > shown[-1])
                took.append((driver.painted_at - began) * 1000)
    stall = driver.heart.stop()
    driver.close()
    took.sort()
    yield Figure(
        f"key stroke to painted result, {count:,} clients", statistics.median(took), limit=PAINT_LIMIT_MS,
        note=f"median of {len(took)}; 95 of 100 within {took[int(len(took) * 0.95)]:.1f} ms",
    )  # fmt: skip
    yield Figure(f"longest stall of the window while searching {count:,} clients", stall, limit=STALL_LIMIT_MS)
