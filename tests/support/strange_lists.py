"""Lists as banks and insurers really export them: makers of files, and what a person would expect to come of each."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Rows = list[list[Any]]
Values = dict[str, dict[str, Any]]
Make = Callable[[Path], Path]


@dataclass(frozen=True)
class Strange:
    """A list; `counts` are the data rows that are new, unchanged and failed in an empty book.

    `problems` are (cell, code) in order; `policies` by number and `clients` by name give stored values to look at,
    of which `phones` is the list of numbers; `people` are the clients made. A code without a dot is of `imports`.
    """

    name: str
    make: Make
    counts: tuple[int, int, int]
    problems: Sequence[tuple[str, str]] = ()
    policies: Values = field(default_factory=dict)
    clients: Values = field(default_factory=dict)
    people: int | None = None


def xlsx(rows: Rows, merges: Sequence[str] = (), *, more: dict[str, Rows] | None = None, **marks: Any) -> Make:
    """A workbook; `more` sheets; `marks`: hidden_rows, hidden_columns, hidden_sheets, before (sheets), mac_dates."""

    def make(folder: Path) -> Path:
        import openpyxl
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        book = openpyxl.Workbook()
        if marks.get("mac_dates"):
            book.epoch = CALENDAR_MAC_1904
        first = book.active
        assert first is not None
        first.title = "清单"
        pages = {"清单": (first, rows)}
        for name, others in (more or {}).items():
            pages[name] = (book.create_sheet(name, 0 if name in marks.get("before", ()) else None), others)
        for name, (page, content) in pages.items():
            for row in content:
                page.append([None if cell == "" else cell for cell in row])
            if name in marks.get("hidden_sheets", ()):
                page.sheet_state = "hidden"
        for place in merges:
            first.merge_cells(place)
        for number in marks.get("hidden_rows", ()):
            first.row_dimensions[number].hidden = True
        for letter in marks.get("hidden_columns", ()):
            first.column_dimensions[letter].hidden = True
        book.save(folder / "list.xlsx")
        return folder / "list.xlsx"

    return make


def text(rows: Rows, encoding: str = "gb18030", sign: str = ",", suffix: str = ".csv", before: str = "") -> Make:
    """A text file; `before` stands above everything; what the encoding lacks becomes a question mark."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=sign).writerows(rows)
    return raw(before + out.getvalue(), encoding, suffix)


def raw(content: str, encoding: str = "utf-8", suffix: str = ".csv") -> Make:
    """A text file as it stands."""

    def make(folder: Path) -> Path:
        path = folder / f"list{suffix}"
        path.write_bytes(content.encode(encoding, "replace"))
        return path

    return make


def checked(number: str) -> str:
    """17 digits of a resident ID with the 18th that fits."""
    total = sum(int(d) * w for d, w in zip(number, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return number + "10X98765432"[total % 11]


WANG, CHEN, ZHENG, LIN = (
    checked(n) for n in ("35010219491231002", "35010219640229001", "35010219750505002", "35010219800101003")
)
WITH_X, ALSO_X = [n for k in range(99) if (n := checked(f"350102196811{1 + k % 28:02d}{10 + k:03d}"))[17] == "X"][:2]


def column(title: str, cells: Sequence[Any]) -> Rows:
    """A list with a column of these cells; row n is policy Pn of 客户n."""
    return [["保单号", "投保人", title], *([f"P{n}", f"客户{n}", cell] for n, cell in enumerate(cells, 2))]


def stored(name: str, values: Sequence[Any]) -> Values:
    """What `column` should leave in the policies."""
    return {f"P{n}": {name: value} for n, value in enumerate(values, 2)}


def known(name: str, values: Sequence[Any]) -> Values:
    """What `column` should leave in the clients."""
    return {f"客户{n}": {name: value} for n, value in enumerate(values, 2)}


def bad(column: str, code: str, count: int) -> list[tuple[str, str]]:
    """The same problem in so many rows from the second on."""
    return [(f"{column}{n}", code) for n in range(2, count + 2)]
