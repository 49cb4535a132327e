"""Checks of an .xlsx container before any parser sees it: parts, inflated size, names, XML traps, dimensions, marks.

Runs in the gate's child process; standard library only.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from typing import Any
from xml.parsers import expat

from fieldcrm.base.sheets import limits
from fieldcrm.base.sheets.limits import No

CHUNK = 1 << 20
_FORBIDDEN = (
    ("xl/externallinks/", "external"),
    ("xl/querytables/", "external"),
    ("xl/connections.xml", "external"),
    ("xl/embeddings/", "embedded"),
    ("xl/activex/", "embedded"),
    ("xl/macrosheets/", "macros"),
    ("xl/dialogsheets/", "macros"),
    ("customui/", "macros"),
)
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ROW = re.compile(rb"""<\w+:row\b[^>]*?\br\s*=\s*["']([0-9]+)["']""")
_ROW_NUMBER = re.compile(rb"""\sr\s*=\s*["']([0-9]{1,9})["']""")
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})[0-9]{1,7}["']""")
_XF = re.compile(rb"<(?:\w+:)?xf\b")
_COUNT = re.compile(rb"""\b(?:uniqueCount|count)\s*=\s*["']([0-9]+)["']""")
_FORMULA = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']([A-Z]{1,3}[0-9]{1,7})["'][^>]*><(?:\w+:)?f[\s>/]""")
_UNVALUED = re.compile(  # a formula that no spreadsheet program has worked out; one that gives "" is of type str
    rb"""<(?:\w+:)?c\b(?![^>]*\bt\s*=\s*["']str["'])[^>]*?\br\s*=\s*["']([A-Z]{1,3}[0-9]{1,7})["'][^>]*>"""
    rb"""<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"""
)
_ERROR = re.compile(rb"""<(?:\w+:)?c\b(?=[^>]*\bt\s*=\s*["']e["'])[^>]*?\br\s*=\s*["']([A-Z]{1,3}[0-9]{1,7})["']""")


@dataclass
class Part:
    """What was counted in one sheet part; marks are cell addresses."""

    rows: int = 0
    columns: int = 1
    merges: int = 0
    prefixed: bool = False  # unusual XML: `<x:row>` or no plain row at all
    formulas: list[str] = field(default_factory=list)
    unvalued: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass
class Container:
    """A checked container: inflated bytes in all, the sheets by name, and whether days are counted from 1904."""

    inflated: int
    cells: int
    sheets: dict[str, Part]
    from_1904: bool = False


def column_of(letters: str) -> int:
    """`A` → 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def split_address(address: str) -> tuple[int, int]:
    """`B3` → (3, 2); either part may be missing (0)."""
    letters = address.rstrip("0123456789")
    digits = address[len(letters) :]
    return int(digits) if digits else 0, column_of(letters) if letters else 0


def check(data: bytes, formulas: str = "take") -> Container:
    """Count and check everything; raises `No`. `formulas="refuse"` is for packages."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, IndexError, OverflowError) as broken:
        raise No("damaged") from broken
    infos = archive.infolist()
    _names(infos, data)
    total = 0
    parts: dict[str, Part] = {}
    small: dict[str, bytes] = {}
    for info in infos:
        counted = _inflate(archive, info, total, parts, small)
        total += counted
    sheets = _sheets(small, parts)
    if formulas == "refuse" and any(p.formulas for p in parts.values()):
        raise No("formulas", cell=next(p.formulas[0] for p in parts.values() if p.formulas))
    cells = sum(p.rows * p.columns for p in parts.values())
    if cells > limits.CELLS:
        raise No("cells", most=limits.CELLS)
    return Container(total, cells, sheets, _from_1904(small["xl/workbook.xml"]))


def _names(infos: list[zipfile.ZipInfo], data: bytes) -> None:
    if len(infos) > limits.PARTS:
        raise No("parts", most=limits.PARTS)
    seen: set[str] = set()
    for info in infos:
        name = info.orig_filename
        plain = name.lower()
        if plain in seen or "\\" in name or "\0" in name or name.startswith("/") or ":" in name.split("/")[0]:
            raise No("names")
        if ".." in name.split("/"):
            raise No("names")
        seen.add(plain)
        if info.flag_bits & 0x1:
            raise No("damaged")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise No("damaged")
        if info.file_size > limits.PART_BYTES:
            raise No("inflated")
        if plain.endswith("vbaproject.bin"):
            raise No("macros")
        for start, code in _FORBIDDEN:
            if plain.startswith(start):
                raise No(code)
    if "xl/workbook.xml" not in seen or "[content_types].xml" not in seen:
        raise No("no-workbook")
    ends = sorted((i.header_offset, i.compress_size) for i in infos)
    for (offset, size), (following, _) in zip(ends, [*ends[1:], (len(data), 0)], strict=True):
        if offset + 30 + size > following:
            raise No("damaged")


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as broken:
        raise No("damaged") from broken


def _inflate(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, before: int, parts: dict[str, Part], small: dict[str, bytes]
) -> int:
    """Inflate one part, counting; gives its true size."""
    name = info.filename
    lower = name.lower()
    is_xml = lower.endswith((".xml", ".rels", ".vml"))
    is_sheet = lower.startswith("xl/worksheets/") and lower.endswith(".xml")
    keep = lower == "xl/workbook.xml" or lower.endswith(".rels")
    part = parts.setdefault(name, Part()) if is_sheet else None
    packed = max(info.compress_size, 1)
    size, formats, carry, kept = 0, 0, b"", []
    tags = _Tags()
    for chunk in _chunks(archive, info):
        first = size == 0
        size += len(chunk)
        if size > limits.PART_BYTES or before + size > limits.ALL_BYTES:
            raise No("inflated")
        if size > limits.RATIO_FROM and size > packed * limits.RATIO:
            raise No("ratio")
        if not is_xml:
            continue
        if first:
            _opening(chunk, lower, info.file_size)
        tags.feed(chunk)
        window = carry + chunk
        if b"<!" in window and _DOCTYPE.search(window) is not None:
            raise No("doctype")
        if part is not None:
            carry = _sheet_window(window, part)
        elif lower == "xl/styles.xml":
            formats += len(_XF.findall(chunk))
            if formats > limits.FORMATS:
                raise No("formats", most=limits.FORMATS)
        else:
            carry = window[-16:]
        if keep:
            kept.append(chunk)
            if size > 8 * limits.MB:
                raise No("inflated")
    if part is not None and carry:
        _marks(carry, part)
    if kept:
        content = b"".join(kept)
        if lower.endswith(".rels"):
            _relations(content)
        small[lower] = content
    return size


def _opening(chunk: bytes, name: str, size: int) -> None:
    """XML must be UTF-8 (anything else could hide what is searched for) and its counts believable."""
    head = chunk[:4096]
    if b"\0" in head or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise No("encoding")
    declared = re.match(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']+)["']""", head)
    if declared and declared.group(1).lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise No("encoding")
    if name.endswith(("sharedstrings.xml", "styles.xml")):
        for count in _COUNT.findall(head):
            if len(count) > 9 or int(count) > max(size, 1000):
                raise No("counts")


class _Tags:
    """No text and no tag of XML may run on for longer than `TAG_BYTES`."""

    def __init__(self) -> None:
        self.run = 0

    def feed(self, chunk: bytes) -> None:
        position, length = 0, len(chunk)
        while position < length:
            end = min(position + limits.TAG_BYTES - self.run, length)
            found = chunk.rfind(b"<", position, end)
            if found < 0 or chunk.find(b">", position, end) < 0:
                self.run += end - position
                if self.run >= limits.TAG_BYTES:
                    raise No("text", most=limits.TEXT)
                position = end
            else:
                self.run = 0
                position = end
                self.run = end - found if end - found < limits.TAG_BYTES // 2 else 0


def _sheet_window(window: bytes, part: Part) -> bytes:
    """Look at a stretch of sheet XML; gives the tail that belongs to the next one."""
    cut = window.rfind(b"<c ")
    if cut <= 0:
        cut = window.rfind(b"<")
    if cut <= 0 or len(window) - cut > limits.TAG_BYTES:
        cut = len(window)
    _marks(window[:cut], part)
    return window[cut:]


def _marks(window: bytes, part: Part) -> None:
    _rows(window, part)
    part.merges += window.count(b"mergeCell ")
    if part.merges > limits.MERGES:
        raise No("merges", most=limits.MERGES)
    if b"<f" in window or (part.prefixed and b":f" in window):
        part.formulas += [m.decode("ascii") for m in _FORMULA.findall(window)]
        part.unvalued += [m.decode("ascii") for m in _UNVALUED.findall(window)]
    if b't="e"' in window or (part.prefixed and b"'e'" in window):
        part.errors += [m.decode("ascii") for m in _ERROR.findall(window)]


def _rows(window: bytes, part: Part) -> None:
    """Row numbers, and the widest row by its last cell; what crafted XML hides here, the memory limit catches."""
    at = window.find(b"<row")
    part.prefixed = part.prefixed or at < 0
    if at < 0 and b":row" in window:
        for text in _ROW.findall(window):
            _row(int(text), part)
        part.columns = max([part.columns, *(_column(m) for m in set(_CELL.findall(window)))])
        return
    if (end := window.rfind(b"</row>", 0, at if at >= 0 else len(window))) >= 0:
        _last_cell(window, 0, end, part)
    while at >= 0:
        close = window.find(b">", at)
        number = _ROW_NUMBER.search(window, at, close if close >= 0 else len(window))
        _row(int(number.group(1)) if number else part.rows + 1, part)
        following = window.find(b"<row", at + 4)
        _last_cell(window, at, following if following >= 0 else len(window), part)
        at = following


def _row(row: int, part: Part) -> None:
    if row > limits.LINES:
        raise No("rows", most=limits.ROWS)
    if row - part.rows > limits.ROW_GAP:
        raise No("gap", most=limits.ROW_GAP)
    part.rows = max(part.rows, row)


def _last_cell(window: bytes, start: int, end: int, part: Part) -> None:
    cell = window.rfind(b"<c ", start, end)
    if cell >= 0 and (address := _CELL.search(window, cell, min(end, cell + 200))):
        part.columns = max(part.columns, _column(address.group(1)))


def _column(letters: bytes) -> int:
    column = column_of(letters.decode("ascii").upper())
    if column > limits.COLUMNS:
        raise No("columns", most=limits.COLUMNS)
    return column


def _parse(content: bytes, seen: Any) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = seen
    try:
        parser.Parse(content, True)
    except expat.ExpatError as broken:
        raise No("damaged") from broken


def _from_1904(workbook: bytes) -> bool:
    """Whether a workbook says that its day 0 is 1904-01-01, as those of older Macs do."""
    found: list[str] = []

    def seen(name: str, values: dict[str, str]) -> None:
        if name.endswith(" workbookPr"):
            found.append(values.get("date1904", ""))

    _parse(workbook, seen)
    return found[:1] in (["1"], ["true"])


def _relations(content: bytes) -> None:
    def seen(name: str, values: dict[str, str]) -> None:
        if not name.endswith(" Relationship"):
            return
        kind = values.get("Type", "").rsplit("/", 1)[-1]
        if kind in ("vbaProject", "attachedToolbars", "xlMacrosheet", "wsSortMap"):
            raise No("macros")
        if kind in ("externalLink", "externalLinkPath", "connections", "queryTable"):
            raise No("external")
        if kind in ("oleObject", "package", "control", "activeXControlBinary"):
            raise No("embedded")
        if values.get("TargetMode") == "External" and kind != "hyperlink":
            raise No("external")

    _parse(content, seen)


def _sheets(small: dict[str, bytes], parts: dict[str, Part]) -> dict[str, Part]:
    targets: dict[str, str] = {}
    found: dict[str, Part] = {}

    def relation(name: str, values: dict[str, str]) -> None:
        if name.endswith(" Relationship"):
            target = values.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else normpath(join(dirname("xl/workbook.xml"), target))
            targets[values.get("Id", "")] = path

    def sheet(name: str, values: dict[str, str]) -> None:
        if name.endswith(" sheet"):
            reference = next((v for k, v in values.items() if k.endswith(" id")), "")
            found[values.get("name", "")] = parts.get(targets.get(reference, ""), Part())
            if len(found) > limits.SHEETS:
                raise No("sheets", most=limits.SHEETS)

    _parse(small.get("xl/_rels/workbook.xml.rels", b"<a/>"), relation)
    _parse(small["xl/workbook.xml"], sheet)
    return found
