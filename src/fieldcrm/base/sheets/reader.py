"""Reading a workbook from outside: .xlsx, .xls, .csv, and what is named .xls but is HTML or XML."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from unicodedata import category

from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress, without_collector
from fieldcrm.base.sheets import container, gate

READING = N_("Reading the file")
Cell = str | float | int | bool | date | datetime | time | timedelta


@dataclass
class Sheet:
    """One sheet. Row r, column c (from 0) is the cell `address(r, c)`; an empty cell is "", rows may differ in length.

    Whole numbers come as floats (the file knows no others); `merges` are (top, left, bottom, right), inclusive and
    possibly beyond the rows; `hidden` is "", "hidden" or "very".
    """

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: str = ""
    formulas: frozenset[tuple[int, int]] = frozenset()  # cells whose cached value was taken
    unvalued: frozenset[tuple[int, int]] = frozenset()  # cells whose formula was never worked out
    errors: frozenset[tuple[int, int]] = frozenset()  # cells such as #N/A
    from_1904: bool = False  # a plain number that means a day counts from 1904-01-01 (workbooks of older Macs)


@dataclass
class Workbook:
    """What the child read; `peak_kb` and `seconds` are what it used."""

    path: Path
    sheets: list[Sheet]
    peak_kb: int = 0
    seconds: float = 0.0


def read(
    path: Path | str, progress: Progress | None = None, password: str | None = None, *, formulas: str = "take"
) -> Workbook:
    """Read a workbook through the gate. Raises `Refused` (one sentence why), `Environment`, `Cancelled`."""
    path = Path(path)
    sheets: list[Sheet] = []
    done = 0
    if progress is not None:
        progress.begin(gettext(READING))
    with without_collector(), gate.through(path, password=password, formulas=formulas, progress=progress) as passage:
        for kind, body in passage.frames:
            if kind == "sheet":
                sheets.append(_sheet(body, path))
                continue
            sheets[-1].rows += body
            done += len(body)
            if progress is not None:
                progress.step(done)
        return Workbook(path, sheets, passage.peak_kb, passage.seconds)


def _sheet(told: dict[str, Any], path: Path) -> Sheet:
    return Sheet(
        told["name"] or path.stem,
        [],
        [(top, left, bottom, right) for top, left, bottom, right in told["merges"]],
        told["hidden"],
        frozenset(_position(text) for text in told["formulas"]),
        frozenset(_position(text) for text in told["unvalued"]),
        frozenset(_position(text) for text in told["errors"]),
        told.get("from_1904", False),
    )


def _position(text: str) -> tuple[int, int]:
    row, column = container.split_address(text.upper())
    return row - 1, column - 1


def address(row: int, column: int) -> str:
    """(0, 0) → `A1`."""
    letters = ""
    column += 1
    while column:
        column, left = divmod(column - 1, 26)
        letters = chr(65 + left) + letters
    return f"{letters}{row + 1}"


def visible(text: str) -> str:
    """Text without signs that nobody sees (zero width, direction, byte order marks); every blank a plain one."""
    if text.isprintable():
        return text
    return "".join(_blank(sign) for sign in text if category(sign) != "Cf")


def _blank(sign: str) -> str:
    return " " if sign in "\t\xa0\u3000" or category(sign) == "Zs" else sign


def as_text(cell: Cell) -> str:
    """A cell as a person typed it: 3.0 → "3", dates in ISO, blanks stripped, nothing invisible."""
    if isinstance(cell, str):
        return visible(cell).strip()
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "seconds")
    return str(cell)
