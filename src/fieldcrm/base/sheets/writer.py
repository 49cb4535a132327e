"""Writing workbooks: all cells text, rows streamed as sheet XML into a frame that XlsxWriter makes.

Nothing is written but the file asked for: no temporary files in clear, a protected file is made in memory.
"""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence, Sized
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any
from unicodedata import east_asian_width

from fieldcrm.base import clock, errors, files
from fieldcrm.base.errors import Environment
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress
from fieldcrm.base.sheets import gate, limits
from fieldcrm.base.sheets.frame import Frame

CANNOT_WRITE = errors.define("sheet.cannot-write", N_("The file cannot be written ({reason})."))
WRITING = N_("Writing the file")
MOST_ROWS = 1_048_576
_LEVEL = 3  # 126 MB of rows: 0.58 s and 17.7 MB; level 6: 1.40 s and 15.9 MB
_BATCH = 500
_LOOK = re.compile("[&<>_ \t\x00-\x08\x0a-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_LONE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Column:
    """One column: title, width in characters, choices offered in a drop-down.

    `text=False` lets numbers below 16 digits be numbers; `tone` is "", "bad" (a reason, in red) or "head" (bold).
    """

    title: str
    width: float = 12
    choices: tuple[str, ...] = ()
    text: bool = True
    wrap: bool = False
    tone: str = ""


@dataclass
class SheetOut:
    """One sheet to write; `rows` is read once, values are str, numbers, dates, None. `hidden`: "", "hidden", "very"."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    hidden: str = ""
    header: bool = True
    filtered: bool = True
    merges: Sequence[tuple[int, int, int, int]] = field(default_factory=tuple)  # top, left, bottom, right


@dataclass(frozen=True)
class Properties:
    """The document properties a file shows."""

    title: str = ""
    subject: str = ""
    author: str = ""
    company: str = ""
    comments: str = ""


def write(
    target: Path | str | IO[bytes],
    sheets: Sequence[SheetOut],
    *,
    properties: Properties | None = None,
    password: str | None = None,
    progress: Progress | None = None,
) -> int:
    """Write a workbook; gives the number of rows below the headers. A file appears whole or not at all.

    With `password` the file is encrypted as Office does (agile, AES-256). Raises `Environment` when it cannot be
    written, `Refused` when a text or the rows are too long for any spreadsheet, `Cancelled`.
    """
    if progress is not None:
        progress.begin(gettext(WRITING), _total(sheets))
    with whole_file(target) as out:
        if password is None:
            return _book(out, sheets, properties or Properties(), progress)
        clear = io.BytesIO()
        rows = _book(clear, sheets, properties or Properties(), progress)
        _encrypt(clear, password, out)
        return rows


def _total(sheets: Sequence[SheetOut]) -> int | None:
    lengths = [len(s.rows) for s in sheets if isinstance(s.rows, Sized)]
    return sum(lengths) if len(lengths) == len(sheets) else None


@contextmanager
def whole_file(target: Path | str | IO[bytes]) -> Iterator[IO[bytes]]:
    """A file that takes its name only when it is whole."""
    if not isinstance(target, Path | str):
        yield target
        return
    path = Path(target)
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as failed:
        raise Environment(CANNOT_WRITE, reason=files.why(failed)) from failed
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _encrypt(clear: io.BytesIO, password: str, out: IO[bytes]) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    clear.seek(0)
    OOXMLFile(clear).encrypt(password, out)


def _book(out: IO[bytes], sheets: Sequence[SheetOut], properties: Properties, progress: Progress | None) -> int:
    """Two frames: the first says how sheets begin, the second, with the rows counted, how they end."""
    begin = Frame(sheets, properties, [1] * len(sheets))
    counts: list[int] = []
    done = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for number, sheet in enumerate(sheets):
            with archive.open(_entry(begin.part(number)), "w", force_zip64=True) as stream:
                stream.write(begin.head(number))
                counts.append(_stream(stream, sheet, begin.styles(number), done, progress))
                end = Frame(sheets, properties, [*counts, *[1] * (len(sheets) - len(counts))])
                stream.write(end.tail(number))
                done += counts[-1]
        final = Frame(sheets, properties, counts)
        for name, body in final.others():
            archive.writestr(_entry(name), body)
    return done


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry dated now; the time in a zip has no zone, users read it as their own."""
    now = clock.local(clock.now())
    entry = zipfile.ZipInfo(name, (max(now.year, 1980), now.month, now.day, now.hour, now.minute, now.second))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = _LEVEL  # type: ignore[attr-defined]  # public only from Python 3.13 on
    return entry


def _stream(
    stream: IO[bytes], sheet: SheetOut, styles: tuple[list[int], list[int]], done: int, progress: Progress | None
) -> int:
    """Write header and rows as XML; gives the number of rows."""
    heads, bodies = styles
    number = 1
    batch: list[str] = []
    if sheet.header:
        titles = [column.title for column in sheet.columns]
        batch.append(row_xml(number, titles, _prefixes(len(titles), heads), frozenset()))
        number += 1
    widest = len(sheet.columns)
    prefixes = _prefixes(widest, bodies)
    numeric = frozenset(i for i, column in enumerate(sheet.columns) if not column.text)
    first = number
    for row in sheet.rows:
        if len(row) > len(prefixes):
            prefixes = _prefixes(len(row), bodies)
        batch.append(row_xml(number, row, prefixes, numeric))
        number += 1
        if len(batch) >= _BATCH:
            stream.write("".join(batch).encode())
            batch.clear()
            if number > MOST_ROWS:
                gate.refuse("rows", {"most": MOST_ROWS})
            if progress is not None:
                progress.step(done + number - first)
    stream.write("".join(batch).encode())
    return number - first


def _prefixes(count: int, styles: Sequence[int]) -> list[tuple[str, str]]:
    """What stands before and after the row number in a cell's opening tag, per column."""
    return [
        (f'<c r="{letters(i)}', f'" s="{styles[min(i, len(styles) - 1)]}" t="inlineStr"><is><t>') for i in range(count)
    ]


def text_width(text: str) -> int:
    """How many characters of a column a text takes; a Chinese one takes two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def letters(column: int) -> str:
    """0 → `A`."""
    text = ""
    column += 1
    while column:
        column, left = divmod(column - 1, 26)
        text = chr(65 + left) + text
    return text


_END = "</t></is></c>"


def row_xml(number: int, row: Sequence[Any], prefixes: list[tuple[str, str]], numeric: frozenset[int]) -> str:
    """One row; the common case, plain texts with nothing to escape, is one pass."""
    try:
        if not numeric and _LOOK.search("".join(row)) is None and max(map(len, row), default=0) <= limits.TEXT:
            cells = [f"{a}{number}{b}{v}{_END}" for (a, b), v in zip(prefixes, row, strict=False) if v]
            return f'<row r="{number}">{"".join(cells)}</row>'
    except TypeError:
        pass  # not only texts
    found = [
        _cell(number, value, prefixes[i], i in numeric)
        for i, value in enumerate(row)
        if value is not None and value != ""
    ]
    return f'<row r="{number}">{"".join(found)}</row>'


def _cell(number: int, value: Any, prefix: tuple[str, str], numeric: bool) -> str:
    before, after = prefix
    if numeric and isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15:
        return f"{before}{number}{after[: after.index(' t=')]}><v>{value!r}</v></c>"
    text = escape(plain(value))
    if text[:1].isspace() or text[-1:].isspace() or "\n" in text:
        after = after[:-1] + ' xml:space="preserve">'
    return f"{before}{number}{after}{text}{_END}"


def plain(value: Any) -> str:
    """A value as the text of a cell: dates in ISO, instants as Shanghai wall time to the minute."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        wall = clock.local(value).replace(tzinfo=None) if value.tzinfo is not None else value
        return wall.date().isoformat() if wall.time() == time(0) else wall.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def escape(text: str) -> str:
    """Text as sheet XML: markup, control characters as `_x0007_`, halves of surrogate pairs replaced."""
    if len(text) > limits.TEXT:
        gate.refuse("text", {"most": limits.TEXT})
    if _LOOK.search(text) is None:
        return text
    text = _ESCAPED.sub(lambda m: f"_x{ord(m.group()):04X}_", _LONE.sub("\ufffd", text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
