"""The frame of a workbook: everything but the rows, made by XlsxWriter in memory."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from fieldcrm.base import clock

if TYPE_CHECKING:
    from fieldcrm.base.sheets.writer import Column, Properties, SheetOut

_LISTS = "_lists"
_PORTRAIT, _READABLE = 100, 200  # characters of all columns: upright as they are, at the smallest that is read
_MORE_ROWS = 1_000  # drop-downs go on below the last row, for rows a person adds
_STYLE = re.compile(rb'<c r="[A-Z]+([12])"(?: s="([0-9]+)")?')
_DIMENSION = re.compile(rb"<dimension [^>]*/>")


class Frame:
    """A workbook whose sheets hold two blank rows (header and body style per column), to be cut open at its rows."""

    def __init__(self, sheets: Sequence[SheetOut], properties: Properties, counts: Sequence[int]) -> None:
        import xlsxwriter

        self._sheets = sheets
        packed = io.BytesIO()
        self._book = xlsxwriter.Workbook(packed, {"in_memory": True})
        self._formats: dict[tuple[Any, ...], Any] = {}
        lists = self._lists()
        for sheet, count in zip(sheets, counts, strict=True):
            self._sheet(sheet, count, lists)
        self._list_sheet(lists)
        self._book.set_properties(
            {
                "title": properties.title,
                "subject": properties.subject,
                "author": properties.author,
                "company": properties.company,
                "comments": properties.comments,
                "created": clock.now().replace(tzinfo=None),
            }
        )
        self._book.close()
        with zipfile.ZipFile(packed) as archive:
            self._parts = {name: archive.read(name) for name in archive.namelist()}

    def part(self, number: int) -> str:
        """The part name of the n-th sheet."""
        return f"xl/worksheets/sheet{number + 1}.xml"

    def head(self, number: int) -> bytes:
        """Sheet XML up to and with the opening of its rows."""
        xml = self._parts[self.part(number)]
        return _DIMENSION.sub(b"", xml[: xml.index(b"<sheetData>") + 11], count=1)

    def tail(self, number: int) -> bytes:
        """Sheet XML from the end of its rows."""
        xml = self._parts[self.part(number)]
        return xml[xml.index(b"</sheetData>") :]

    def styles(self, number: int) -> tuple[list[int], list[int]]:
        """Cell format numbers per column: of the header, of the rows."""
        xml = self._parts[self.part(number)]
        rows = xml[xml.index(b"<sheetData>") : xml.index(b"</sheetData>")]
        found: tuple[list[int], list[int]] = ([], [])
        for row, style in _STYLE.findall(rows):
            found[int(row) - 1].append(int(style or 0))
        return found

    def others(self) -> Iterator[tuple[str, bytes]]:
        """All parts but the streamed sheets, content types first."""
        streamed = {self.part(i) for i in range(len(self._sheets))}
        for name, body in sorted(self._parts.items(), key=lambda item: item[0] != "[Content_Types].xml"):
            if name not in streamed:
                yield name, body

    def _sheet(self, sheet: SheetOut, count: int, lists: dict[tuple[str, ...], int]) -> None:
        page = self._book.add_worksheet(sheet.name)
        columns: Sequence[Any] = sheet.columns or [None]
        for i, column in enumerate(columns):
            head, body = self._head(), self._body(column)
            page.write_blank(0, i, None, head)
            page.write_blank(1, i, None, body)
            if column is None:
                continue
            page.set_column(i, i, column.width + 1, body)
            if column.choices:
                first = 1 if sheet.header else 0
                at = _letter(lists[column.choices])
                source = f"={_LISTS}!${at}$1:${at}${len(column.choices)}"
                rule = {"validate": "list", "source": source, "ignore_blank": True}
                page.data_validation(first, i, first + count + _MORE_ROWS, i, rule)
        if sheet.header:
            page.freeze_panes(1, 0)
            if sheet.filtered and count:
                page.autofilter(0, 0, count, len(columns) - 1)
        if not sheet.hidden:
            _print_well(page, sheet)
        for top, left, bottom, right in sheet.merges:
            page.merge.append([top, left, bottom, right])  # merge_range would write cells, which are not its business
        if sheet.hidden == "very":
            page.very_hidden()
        elif sheet.hidden:
            page.hide()

    def _lists(self) -> dict[tuple[str, ...], int]:
        found: dict[tuple[str, ...], int] = {}
        for sheet in self._sheets:
            for column in sheet.columns:
                if column.choices:
                    found.setdefault(column.choices, len(found))
        return found

    def _list_sheet(self, lists: dict[tuple[str, ...], int]) -> None:
        if not lists:
            return
        page = self._book.add_worksheet(_LISTS)
        body = self._body(None)
        for choices, at in lists.items():
            for row, text in enumerate(choices):
                page.write_string(row, at, text, body)
        page.very_hidden()

    def _head(self) -> Any:
        return self._format(
            bold=True,
            bg_color="#EDF1F6",
            bottom=1,
            bottom_color="#B8C2CE",
            text_wrap=True,
            valign="vcenter",
            num_format="@",
        )

    def _body(self, column: Column | None) -> Any:
        look: dict[str, Any] = {"valign": "top"}
        if column is None or column.text:
            look["num_format"] = "@"
        if column is not None and column.wrap:
            look["text_wrap"] = True
        if column is not None and column.tone == "bad":
            look["font_color"] = "#B3261E"
        if column is not None and column.tone == "head":
            look["bold"] = True
        return self._format(**look)

    def _format(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]


def _print_well(page: Any, sheet: SheetOut) -> None:
    """A4, heads on every page; one page wide as long as it can be read then, in landscape where it is wide."""
    width = sum(column.width + 1 for column in sheet.columns)
    page.set_paper(9)
    page.set_margins(0.5, 0.5, 0.6, 0.6)
    page.set_footer("&L&A&R&P / &N")
    if width > _PORTRAIT:
        page.set_landscape()
    if width <= _READABLE:
        page.fit_to_pages(1, 0)
    else:
        page.repeat_columns(0, 1)  # which record it is stands on every page
    if sheet.header:
        page.repeat_rows(0)


def _letter(column: int) -> str:
    from fieldcrm.base.sheets.writer import letters

    return letters(column)
