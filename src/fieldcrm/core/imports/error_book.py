"""The rows that failed, given back in the layout they came in, with the reason behind each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress
from fieldcrm.base.sheets.form_sheet import sheet_name
from fieldcrm.base.sheets.reader import as_text
from fieldcrm.base.sheets.writer import Column, SheetOut, text_width, write
from fieldcrm.core.imports.plan import ImportPlan
from fieldcrm.core.imports.problems import Problem
from fieldcrm.core.imports.table import REASON, ROW, Table

OVER_THE_LIST = define(
    "imports.over_the_list", N_("That is the list itself; write the rows that failed to another file.")
)


def write_errors(
    target: Path | str | IO[bytes], plan: ImportPlan, *, password: str | None = None, progress: Progress | None = None
) -> int:
    """Write the failed rows of a plan; gives their number. The file holds full values: protect it by a password.

    Titles above the header and the header itself stand as in the list, so that the corrected file imports again.
    Raises `Refused` where it would take the place of the list, `Environment` where it cannot be written.
    """
    by_row: dict[tuple[str, int], list[Problem]] = {}
    for problem in plan.problems:
        if not problem.kept:
            by_row.setdefault((problem.sheet, problem.row), []).append(problem)
    sheets = [_sheet(table, by_row) for table in plan.tables if any(t == table.sheet.name for t, _ in by_row)]
    if not sheets:
        return 0
    if isinstance(target, str | Path) and _same(Path(target), plan.source):
        raise Refused(OVER_THE_LIST)
    write(target, sheets, password=password, progress=progress)
    return len(by_row)


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _sheet(table: Table, by_row: dict[tuple[str, int], list[Problem]]) -> SheetOut:
    width = _list_width(table)
    rows = [n for n in table.rows if (table.sheet.name, n) in by_row]
    columns = [Column("", _width(table, i, rows)) for i in range(width)]
    columns += [Column("", 50, wrap=True, tone="bad"), Column("", 10)]
    merges = [
        m for m in table.sheet.merges if m[2] < table.header.stop and (m[0], m[1]) != (m[2], m[3]) and m[3] < width
    ]
    return SheetOut(sheet_name(table.sheet.name), columns, _rows(table, by_row, width), header=False, merges=merges)


def _list_width(table: Table) -> int:
    """Columns of the list itself; the two that an earlier workbook of failed rows has added are written anew."""
    if table.added is not None:
        return table.added
    return max([*(len(table.sheet.rows[r]) for r in table.header), *(c.index + 1 for c in table.columns)])


def _rows(table: Table, by_row: dict[tuple[str, int], list[Problem]], width: int) -> Iterator[list[str]]:
    for number in range(table.header.stop):
        cells = _cells(table, number, width)
        if number == table.header.stop - 1:
            cells += [gettext(REASON), gettext(ROW)]
        yield cells
    titles = {c.index: c.title for c in table.columns}
    for number in table.rows:
        if problems := by_row.get((table.sheet.name, number)):
            reason = "\n".join(f"{titles.get(p.column) or p.cell}: {p.message}" for p in problems)
            yield [*_cells(table, number, width), reason, str(number + 1)]


def _cells(table: Table, number: int, width: int) -> list[str]:
    cells = [as_text(cell) for cell in table.sheet.rows[number][:width]]
    return cells + [""] * (width - len(cells))


def _width(table: Table, column: int, rows: list[int]) -> float:
    """As wide as the title and the values below it, so that a number is not cut; an address may be."""
    title = next((c.title for c in table.columns if c.index == column), "")
    cells = (row[column] for n in rows if column < len(row := table.sheet.rows[n]))
    return max(8, min(32, max(map(text_width, [title, *map(as_text, cells)])) + 1))
