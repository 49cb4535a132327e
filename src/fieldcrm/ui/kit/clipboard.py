"""Rows as cells on the clipboard, and cells that a spreadsheet put there."""

from __future__ import annotations

import atexit
import html
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from fieldcrm.base.data.listing import FilterKind
from fieldcrm.ui.kit.columns import ListColumn, Look

_given: list[str] = []


def clipboard_of(columns: Sequence[ListColumn], rows: Sequence[Any], heads: bool) -> QMimeData:
    """Rows as cells: tab-separated text and an HTML table, both as shown (masked stays masked)."""
    lines = [[c.title() for c in columns]] if heads else []
    lines += [[c.copied(row) for c in columns] for row in rows]
    data = QMimeData()
    data.setText("\n".join("\t".join(_flat(cell) for cell in line) for line in lines))
    data.setHtml("<table>" + "".join(_html_line(columns, line) for line in lines) + "</table>")
    return data


def _html_line(columns: Sequence[ListColumn], line: Sequence[str]) -> str:
    # the format keeps policy numbers as they are written; figures and dates stay figures and dates
    exact = (c.look == Look.NUMBER or c.filter == FilterKind.DATE for c in columns)
    opened = ("<td>" if figure else "<td style=\"mso-number-format:'\\@'\">" for figure in exact)
    return "<tr>" + "".join(f"{o}{html.escape(v)}</td>" for o, v in zip(opened, line, strict=True)) + "</tr>"


def _flat(cell: str) -> str:
    return " ".join(cell.split("\n")).replace("\t", " ")


def put_on_clipboard(data: QMimeData) -> None:
    """Give cells to the clipboard."""
    if not _given:
        atexit.register(_leave_plain_text)
    _given[:] = [data.text()]
    QGuiApplication.clipboard().setMimeData(data)


def _leave_plain_text() -> None:
    # Qt would ask data made in Python for its formats after Python has ended, and crash
    if QGuiApplication.instance() is not None and QGuiApplication.clipboard().text() in _given:
        QGuiApplication.clipboard().setText(_given[0])


def parse_cells(text: str) -> list[list[str]]:
    """Cells copied from a spreadsheet: tabs and line ends, quoted cells with line ends inside."""
    import csv
    import io

    return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t") if any(row)]
