"""A package of 100,000 rows: export against the bare writers, import against bare inserts, stalls of the window."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from benchmarks import books
from benchmarks.driver import PASSWORD, Driver
from benchmarks.figures import Figure, pairs, say
from fieldcrm.base.data.journal import bulk_insert
from fieldcrm.base.data.search import index
from fieldcrm.base.jobs import Progress
from fieldcrm.base.sheets import reader, writer
from fieldcrm.core import sync
from fieldcrm.core.clients import rules
from fieldcrm.core.clients.tables import Client

EXPORT_LIMIT, IMPORT_LIMIT, STALL_LIMIT_MS = 2.0, 4.0, 50
_STEP = 20_000
_COLUMNS = (
    "id", "type", "name", "name_key", "birth_on", "sex", "id_number", "address", "grade", "district", "city", "remark",
    "occupation", "source_outlet",
)  # fmt: skip


def measure(folder: Path, quick: bool) -> Iterator[Figure]:
    count = 5_000 if quick else 100_000
    turns = 3 if quick else 5
    place = folder / f"packages-{count}"
    if not (place / "whole").exists():
        say(f"making a manager's book of {count:,} rows and an office")
        _make(place, count)
    say(f"exporting {count:,} rows")
    yield from _exports(place, count, turns)
    say(f"importing {count:,} rows")
    yield from _imports(place, count, turns)
    yield from _stalls(place, count)


def _make(place: Path, count: int) -> None:
    manager, office = books.empty(place / "manager"), books.empty(place / "office", name="陈敏", role="office")
    sync.request(manager, place / "request.xlsx")
    sync.grant(office, place / "request.xlsx", place / "grant.xlsx")
    sync.accept(manager, place / "grant.xlsx")
    for start in range(0, count, _STEP):
        manager.store.change(fill, range(start, min(start + _STEP, count)))
    manager.close()
    office.close()
    (place / "whole").touch()


def fill(session: Session, numbers: range) -> None:
    bulk_insert(session, Client, _rows(numbers))


def _rows(numbers: range) -> list[dict[str, Any]]:
    return [
        {
            "type": "person", "name": p.name, "name_key": rules.name_key(p.name), "birth_on": p.born,
            "sex": "female" if p.female else "male", "id_number": p.id_number, "address": p.address, "grade": "B",
            "district": "鼓楼区", "city": "福州市", "remark": "满期后来网点", "occupation": "退休",
            "source_outlet": "五一支行",
        }
        for p in books.invented(numbers)
    ]  # fmt: skip


def _table(count: int) -> list[list[str]]:
    """The same rows as texts, as they would stand in a sheet."""
    found = []
    for number, row in enumerate(_rows(range(count))):
        row["id"] = f"{number:032x}"
        found.append([str(row.get(name) or "") for name in _COLUMNS])
    return found


def _exports(place: Path, count: int, turns: int) -> Iterator[Figure]:
    book = books.opened(place / "manager")
    table = _table(count)
    out, plain = place / "package.xlsx", place / "plain.xlsx"
    columns = [writer.Column(name, 12) for name in _COLUMNS]

    def sealed() -> None:
        sync.export_package(book, out)

    def readable() -> None:
        sync.export_package(book, place / "readable.xlsx", readable=True, password=PASSWORD)

    readable()
    whole = [
        writer.SheetOut(
            sheet.name, [writer.Column("", 12)] * max(map(len, sheet.rows)), sheet.rows, sheet.hidden, False
        )
        for sheet in reader.read(place / "readable.xlsx", password=PASSWORD).sheets
    ]

    def protected() -> None:
        writer.write(plain, whole, password=PASSWORD)

    def streamed() -> None:
        writer.write(plain, [writer.SheetOut("clients", columns, table)])

    def xlsxwriter() -> None:
        import xlsxwriter as library

        made = library.Workbook(
            plain, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        page = made.add_worksheet()
        for number, row in enumerate(table):
            page.write_row(number, 0, row)
        made.close()

    rows = f"{count:,} rows"
    yield pairs(sealed, xlsxwriter, max(1, turns // 2)).figure(
        f"export of a sealed package, {rows}", EXPORT_LIMIT, "XlsxWriter constant_memory, the same rows"
    )
    yield pairs(sealed, streamed, turns).figure(
        f"export of a sealed package, {rows}", EXPORT_LIMIT, "our own frame, the same rows ready in memory"
    )
    yield pairs(readable, protected, max(1, turns // 2)).figure(
        f"export of a readable package with password, {rows}", EXPORT_LIMIT,
        "our own frame, the same sheets ready in memory, the same password",
    )  # fmt: skip
    sealed()
    book.close()


def _fresh_office(place: Path) -> Path:
    copy = place / "office-copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(place / "office", copy)
    return copy


def _imports(place: Path, count: int, turns: int) -> Iterator[Figure]:
    rows = _rows(range(count))
    for number, row in enumerate(rows):
        row["id"] = f"{number:032x}"

    def ours() -> float:
        book = books.opened(_fresh_office(place))
        began = time.perf_counter()
        (done,) = sync.import_packages(book, [place / "package.xlsx"])
        took = (time.perf_counter() - began) * 1000
        book.close()
        if done.state != "merged" or done.new < count:
            raise RuntimeError(f"{done.state} {done.new} {done.reason}")
        return took

    manager = books.opened(place / "manager")
    with manager.store.readers.connect() as connection:
        read = connection.exec_driver_sql("SELECT * FROM edit")
        names, edits = list(read.keys()), [tuple(row) for row in read]
    manager.close()

    def bare(everything: bool = False) -> float:
        book = books.opened(_fresh_office(place))
        began = time.perf_counter()
        with Session(book.store.writer) as session:
            books.insert(session, Client, rows, book.store.author.person_id)
            if everything:
                marks = ", ".join("?" * len(names))
                quoted = ", ".join(f'"{name}"' for name in names)
                session.connection().exec_driver_sql(f"INSERT OR IGNORE INTO edit ({quoted}) VALUES ({marks})", edits)
                books.remember(session, book, Client, rows)
                index.refresh_changed(session, {"client": [row["id"] for row in rows]})
            session.commit()
        took = (time.perf_counter() - began) * 1000
        book.close()
        return took

    yield pairs(ours, bare, max(1, turns // 2)).figure(
        f"import of a sealed package, {count:,} rows", IMPORT_LIMIT, "bare insert of the same records",
        "gate, signature, chain, merge, journal and search index included",
    )  # fmt: skip
    yield pairs(ours, lambda: bare(True), max(1, turns // 2)).figure(
        f"import of a sealed package, {count:,} rows", IMPORT_LIMIT, "bare insert of records, edits and search index"
    )


def _stalls(place: Path, count: int) -> Iterator[Figure]:
    def export(driver: Driver, progress: Progress) -> None:
        sync.export_package(driver.window.book.book, place / "package.xlsx", progress=progress)  # type: ignore[union-attr]

    def take(driver: Driver, progress: Progress) -> None:
        sync.import_packages(driver.window.book.book, [place / "package.xlsx"], progress=progress)  # type: ignore[union-attr]

    for words, folder, work in (("exporting", place / "manager", export), ("importing", _fresh_office(place), take)):
        yield Figure(
            f"longest stall of the window {words} a package of {count:,} rows",
            _stall(folder, work),
            limit=STALL_LIMIT_MS,
        )


def _stall(folder: Path, work: Callable[[Driver, Progress], None]) -> float:
    driver = Driver(folder)
    driver.show()
    driver.unlock()
    ended = threading.Event()
    driver.heart.start()
    job = driver.runner.job("package", lambda progress: work(driver, progress))
    job.finished.connect(ended.set)
    driver.until(ended.is_set)
    stall = driver.heart.stop()
    driver.close()
    return stall
