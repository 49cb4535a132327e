"""Lists that are text: CSV in UTF-8, UTF-16 or GB18030; HTML tables and XML spreadsheets that are named .xls.

Runs in the gate's child process.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

from fieldcrm.base.sheets import limits
from fieldcrm.base.sheets.limits import No

MERGES: dict[str, list[list[int]]] = {}  # sheet name → merges, filled while reading
_BROKEN = 1_000  # one broken character in so many is put up with
_AS_TEXT = re.compile(r'^\s*="([^"]*)"\s*$')
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|table|meta|style)\b", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)


def sheets(data: bytes) -> Iterator[tuple[str, Iterator[list[Any]]]]:
    """Sheets of (name, rows)."""
    text = decode(data)
    start = text[:4096].lstrip()
    if start[:15].lower().startswith("mime-version:") or "\ncontent-type: multipart/related" in start.lower():
        raise No("web-archive")
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        from fieldcrm.base.sheets import markup

        yield from markup.xml_spreadsheet(data)
    elif _HTML.search(start[:2048]) and start.startswith("<"):
        from fieldcrm.base.sheets import markup

        yield from markup.html_tables(text)
    else:
        if "\0" in text:
            raise No("no-workbook")
        yield "", csv_rows(text)


def decode(data: bytes) -> str:
    """Text by byte order mark, UTF-8, a declared charset, or GB18030.

    Core systems cut texts in the middle of a character: a few broken ones stay as U+FFFD, many are refused.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif wide := _wide(data[:4096]):
        encodings = [wide]
    else:
        declared = _CHARSET.search(data[:2048])
        named = declared.group(1).decode("ascii").lower() if declared else ""
        encodings = ["utf-8-sig", "gb18030" if named in ("gb2312", "gbk", "gb18030", "") else "utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    text = min((data.decode(encoding, "replace") for encoding in encodings), key=lambda t: t.count("\ufffd"))
    if text.count("\ufffd") * _BROKEN > len(text):
        raise No("no-workbook" if b"\0" in data else "no-text")
    return text


def _wide(start: bytes) -> str:
    """UTF-16 without a mark, told by the zeros of its separators and digits; empty for anything else."""
    low, high = start[1::2].count(0), start[::2].count(0)
    if low + high == 0 or min(low, high) * 8 > max(low, high) or max(low, high) * 40 < len(start):
        return ""
    return "utf-16-le" if low > high else "utf-16-be"


def csv_rows(text: str) -> Iterator[list[Any]]:
    """Rows of a CSV; delimiter , ; | or tab, whichever splits the first lines best."""
    csv.field_size_limit(limits.TEXT)
    quoted = '="' in text  # ="0012" is how exports keep a spreadsheet from reading a number
    count = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text)):
            count += 1
            if count > limits.LINES:
                raise No("rows", most=limits.ROWS)
            if len(row) > limits.COLUMNS:
                raise No("columns", most=limits.COLUMNS)
            yield [_AS_TEXT.sub(r"\1", cell) for cell in row] if quoted else row
    except csv.Error as broken:
        raise No("text" if "field larger" in str(broken) else "damaged", most=limits.TEXT) from broken


def delimiter(text: str) -> str:
    """`,` `;` `|` or tab: the one that gives the most fields in the first 50 lines, quotes respected."""
    lines = text[: 64 * 1024].splitlines()[:50]
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]
    return max(",;\t|", key=lambda sign: sorted(line.count(sign) for line in bare)[len(bare) // 2 :] if bare else [])
