"""Tables out of HTML and of 2003 XML spreadsheets, which core systems like to name .xls. Runs in the gate's child."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from xml.parsers import expat

from fieldcrm.base.sheets import limits
from fieldcrm.base.sheets.flat import MERGES
from fieldcrm.base.sheets.limits import No

_SKIPPED = {"script", "style", "head", "title"}


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[list[list[Any]], list[list[int]]]] = []
        self._depth = 0
        self._cell: list[str] | None = None
        self._row: list[Any] | None = None
        self._span = (1, 1)
        self._taken: dict[int, int] = {}  # column → rows still covered from above
        self._skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skip += 1
        elif tag == "table":
            self._depth += 1
            if self._depth > 1:
                raise No("html")  # a table inside a table is a page, not a list
            if len(self.tables) >= limits.SHEETS:
                raise No("sheets", most=limits.SHEETS)
            self.tables.append(([], []))
            self._taken = {}
        elif tag == "tr" and self._depth:
            self._end_row()
            self._row = []
        elif tag in ("td", "th") and self._depth:
            self._end_cell()
            if self._row is None:
                self._row = []
            values = dict(attrs)
            self._span = (_span(values.get("rowspan")), _span(values.get("colspan")))
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skip = max(0, self._skip - 1)
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "table":
            self._end_row()
            self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._skip:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        text = "".join(self._cell).replace("\xa0", " ").strip()
        self._cell = None
        rows, merges = self.tables[-1]
        while self._taken.get(len(self._row), 0) > 0:
            self._row.append("")
        down, right = self._span
        at = len(self._row)
        if at + right > limits.COLUMNS:
            raise No("columns", most=limits.COLUMNS)
        if len(text) > limits.TEXT:
            raise No("text", most=limits.TEXT)
        self._row += [text] + [""] * (right - 1)
        if down > 1 or right > 1:
            merges.append([len(rows), at, len(rows) + down - 1, at + right - 1])
            if len(merges) > limits.MERGES:
                raise No("merges", most=limits.MERGES)
            for column in range(at, at + right):
                self._taken[column] = down

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is None:
            return
        rows, _ = self.tables[-1]
        rows.append(self._row)
        self._row = None
        self._taken = {column: left - 1 for column, left in self._taken.items() if left > 1}
        if len(rows) > limits.LINES:
            raise No("rows", most=limits.ROWS)


def _span(text: str | None) -> int:
    return min(int(text), 1000) if text and text.isdigit() and int(text) > 0 else 1


def html_tables(text: str) -> Iterator[tuple[str, Iterator[list[Any]]]]:
    """The tables of a page as sheets without a name."""
    parser = _Tables()
    for start in range(0, len(text), 1 << 16):
        parser.feed(text[start : start + (1 << 16)])
    parser.close()
    if not parser.tables:
        raise No("html")
    for number, (rows, merges) in enumerate(parser.tables, 1):
        name = "" if len(parser.tables) == 1 else f"{number}"
        MERGES[name] = merges
        yield name, iter(rows)


class _Sheets:
    """SpreadsheetML 2003: Worksheet / Table / Row / Cell / Data, with ss:Index gaps and merges."""

    def __init__(self) -> None:
        self.found: list[tuple[str, list[list[Any]], list[list[int]]]] = []
        self._text: list[str] | None = None
        self._kind = ""
        self._column = 0
        self._across = 0

    def start(self, name: str, values: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        value = {key.rpartition(" ")[2]: text for key, text in values.items()}
        if tag == "Worksheet":
            if len(self.found) >= limits.SHEETS:
                raise No("sheets", most=limits.SHEETS)
            self.found.append((value.get("Name", ""), [], []))
        elif tag == "Row" and self.found:
            rows = self.found[-1][1]
            at = int(value.get("Index") or len(rows) + 1)
            if at > limits.LINES:
                raise No("rows", most=limits.ROWS)
            if at - len(rows) > limits.ROW_GAP:
                raise No("gap", most=limits.ROW_GAP)
            rows.extend([] for _ in range(at - len(rows)))
            self._column = 0
        elif tag == "Cell" and self.found:
            self._column = int(value["Index"]) - 1 if "Index" in value else self._column
            self._across, down = int(value.get("MergeAcross", 0)), int(value.get("MergeDown", 0))
            if self._column + self._across >= limits.COLUMNS or down > limits.LINES:
                raise No("columns", most=limits.COLUMNS)
            _, rows, merges = self.found[-1]
            if self._across or down:
                row = len(rows) - 1
                merges.append([row, self._column, row + down, self._column + self._across])
                if len(merges) > limits.MERGES:
                    raise No("merges", most=limits.MERGES)
            row_cells = rows[-1]
            row_cells.extend([""] * (self._column + self._across + 1 - len(row_cells)))
        elif tag == "Data":
            self._text, self._kind = [], value.get("Type", "String")

    def end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "Data" and self._text is not None and self.found and self.found[-1][1]:
            cells = self.found[-1][1][-1]
            cells[self._column] = self._value("".join(self._text))
            self._text = None
        elif tag == "Cell":
            self._column += self._across + 1

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _value(self, text: str) -> Any:
        if len(text) > limits.TEXT:
            raise No("text", most=limits.TEXT)
        if self._kind == "Number":
            return float(text)
        if self._kind == "Boolean":
            return text == "1"
        if self._kind == "DateTime":
            from datetime import datetime

            return datetime.fromisoformat(text)
        return text


def xml_spreadsheet(data: bytes) -> Iterator[tuple[str, Iterator[list[Any]]]]:
    """The sheets of a 2003 XML spreadsheet."""
    if b"<!" in data and (b"<!DOCTYPE" in data or b"<!ENTITY" in data):
        raise No("doctype")
    parser = expat.ParserCreate(namespace_separator=" ")
    sheets = _Sheets()

    def refuse(*_: Any) -> None:
        raise No("doctype")

    parser.StartElementHandler, parser.EndElementHandler = sheets.start, sheets.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = sheets.data, refuse
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, KeyError, IndexError) as broken:
        raise No("damaged") from broken
    for name, rows, merges in sheets.found:
        MERGES[name] = merges
        yield name, iter(rows)
