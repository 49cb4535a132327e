"""A list as it is shown, written to a workbook as a job: the columns on screen, numbers masked, noted in the audit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from fieldcrm.base import clock
from fieldcrm.base.data.listing import Asked
from fieldcrm.base.i18n import _, ngettext
from fieldcrm.base.jobs import Progress
from fieldcrm.ui.kit import choosing
from fieldcrm.ui.kit.columns import ListColumn, Look
from fieldcrm.ui.kit.list_pane import ListPane
from fieldcrm.ui.kit.page import Desk

_PAGE = 1000


def export_list(desk: Desk, pane: ListPane, title: str) -> None:
    """Ask for a file and write what the list shows now, in its order."""
    path = _ask(pane, title)
    if path is None:
        return
    store = desk.runner.store
    query, asked, columns = pane.model.query, pane.asked, pane.table.columns.shown()

    def work(progress: Progress) -> Any:
        rows = store.read(write, query, asked, columns, path, title, progress)
        return store.change(note_export, query.name, rows)

    def told(rows: int) -> None:
        words = ngettext("{n} row exported: {file}", "{n} rows exported: {file}", rows)
        desk.say("done", words.format(n=f"{rows:,}", file=path.name), seconds=12)

    desk.runner.job(_("Exporting {list}").format(list=title), work, then=told, owner=pane)


def _ask(parent: QWidget, title: str) -> Path | None:
    return choosing.save_file(parent, _("Export Excel"), f"{title} {clock.today():%Y-%m-%d}.xlsx")


def write(
    session: Any,
    query: Any,
    asked: Asked,
    columns: Sequence[ListColumn],
    path: Path,
    title: str,
    progress: Progress,
) -> int:
    """Write the rows of a question, page by page on one snapshot; gives how many."""
    from fieldcrm.base.sheets.writer import Column, SheetOut
    from fieldcrm.base.sheets.writer import write as write_book

    heads = [Column(c.title(), _width(c), text=c.look != Look.NUMBER) for c in columns]
    rows = _rows(session, query, asked, columns)
    return write_book(path, [SheetOut(title, heads, rows)], progress=progress)


def _width(column: ListColumn) -> float:
    """Characters; on the screen a long name is cut short, in a workbook nobody can point at it to read the rest."""
    name = column.ends or column.key in ("name", "client", "applicant")
    return max(8, column.width / 6, 30 if name else 0)


def _rows(session: Any, query: Any, asked: Asked, columns: Sequence[ListColumn]) -> Iterator[list[Any]]:
    total = query.count(session, asked)
    near = None
    for offset in range(0, total, _PAGE):
        page = query.page(session, asked, offset, _PAGE, near, total)
        near = page.last
        for row in page.rows:
            yield [_cell(column, row) for column in columns]


def _cell(column: ListColumn, row: Any) -> str | float:
    words = column.copied(row)
    if column.look != Look.NUMBER:
        return words
    try:
        return float(words.replace(",", ""))
    except ValueError:
        return words


def note_export(session: Any, name: str, rows: int) -> int:
    """Note in the audit log what left the book; gives the rows back."""
    from fieldcrm.base.data import audit

    audit.note(session, "export", None, list=name, rows=rows)
    return rows
