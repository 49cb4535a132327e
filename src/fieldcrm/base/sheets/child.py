"""The gate's child process: takes a request on stdin, gives frames on stdout, lives under memory and time limits.

A frame is a kind letter, four bytes of length, and its body: `L` budget in seconds (JSON), `S` sheet (JSON),
`R` rows (pickle of lists of plain values and dates), `N` refusal (JSON), `E` end (JSON). Minimal imports: it must
start in a few hundredths of a second.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import stat
import sys
from collections.abc import Callable, Iterable
from typing import Any

from fieldcrm.base.sheets import limits
from fieldcrm.base.sheets.limits import No

FLAG = "--fieldcrm-sheet-gate"  # how a frozen program starts its own child
ROWS_A_FRAME = 1000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def main() -> None:
    """One request, then the end of the process."""
    out = sys.stdout.buffer
    request = json.loads(sys.stdin.buffer.readline())

    def send(kind: bytes, body: Any) -> None:
        packed = pickle.dumps(body, 5) if kind == b"R" else json.dumps(body).encode()
        out.write(kind + len(packed).to_bytes(4, "little"))
        out.write(packed)
        if kind != b"R":
            out.flush()

    gc.disable()  # rows are trees of plain values; the collector would only walk them again and again
    try:
        bound(limits.MEMORY, limits.SECONDS)
        answer(request, send)
        send(b"E", {"peak_kb": peak_kb()})
    except No as no:
        send(b"N", {"code": no.code, "values": no.values, "peak_kb": peak_kb()})
    except MemoryError:
        send(b"N", {"code": "heavy", "values": {}})
    except Exception:  # whatever a broken file made a library raise; this process holds nothing else
        send(b"N", {"code": "damaged", "values": {}})
    out.flush()
    os._exit(0)  # nothing to tidy, and freeing a million cells takes a while


def bound(memory: int, seconds: float) -> None:
    """Limits of this process from here on: bytes beside what it already has, seconds of CPU. POSIX only."""
    try:
        import resource
    except ImportError:  # Windows: the parent's job object and clock hold instead
        return
    memory = min(memory, limits.MEMORY_MOST)
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123  (pathlib costs start time)
            now = int(statm.read().split()[0]) * resource.getpagesize()
        _soft(resource.RLIMIT_AS, now + memory)
    except (OSError, ValueError):
        pass
    used = resource.getrusage(resource.RUSAGE_SELF)
    _soft(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds) + 1)
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        _soft(kind, 0)


def _soft(kind: int, value: int) -> None:
    import contextlib
    import resource

    _, hard = resource.getrlimit(kind)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def peak_kb() -> int:
    """The most memory this process had resident, in KB; 0 where unknown."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return 0


Send = Callable[[bytes, Any], None]


def answer(request: dict[str, Any], send: Send) -> None:
    """Read the file of the request and send its sheets."""
    data = load(request["path"])
    if data.startswith(b"PK\x03\x04"):
        _xlsx(data, request, send)
    elif data.startswith(_OLE):
        _ole(data, request, send)
    else:
        from fieldcrm.base.sheets import flat

        _budget(len(data), len(data) // 4, send)
        for name, rows in flat.sheets(data):
            send(
                b"S",
                {
                    "name": name,
                    "hidden": "",
                    "merges": flat.MERGES.pop(name, []),
                    "formulas": [],
                    "unvalued": [],
                    "errors": [],
                },
            )
            _send_rows(rows, send)


def load(path: str) -> bytes:
    """The file's bytes, read once, so that what was checked is what is read."""
    try:
        info = os.stat(path)  # noqa: PTH116
        if stat.S_ISDIR(info.st_mode):
            raise No("folder")
        if not stat.S_ISREG(info.st_mode):
            raise No("no-file")
        if info.st_size > limits.FILE_BYTES:
            raise No("big", most=limits.FILE_BYTES // limits.MB)
        with open(path, "rb") as file:  # noqa: PTH123
            data = file.read(limits.FILE_BYTES + 1)
    except FileNotFoundError as missing:
        raise No("missing") from missing
    except OSError as broken:
        raise No("no-file") from broken
    if not data:
        raise No("empty")
    return data


def _budget(counted: int, cells: int, send: Send) -> None:
    """More memory and time for a file that was counted and found honest."""
    seconds = min(limits.SECONDS + counted / limits.MB * limits.SECONDS_PER_MB, limits.SECONDS_MOST)
    bound(limits.MEMORY + cells * limits.MEMORY_PER_CELL + 2 * counted, seconds)
    send(b"L", {"seconds": seconds})


def _xlsx(data: bytes, request: dict[str, Any], send: Send) -> None:
    from fieldcrm.base.sheets import container

    found = container.check(data, request.get("formulas", "take"))
    _budget(found.inflated, found.cells, send)
    _calamine(data, found.sheets, found.from_1904, send)


def _ole(data: bytes, request: dict[str, Any], send: Send) -> None:
    from fieldcrm.base.sheets import ole

    if ole.is_encrypted(data):
        password = request.get("password")
        if not password:
            raise No("password-needed")
        bound(limits.MEMORY + 5 * len(data), limits.SECONDS_MOST)
        send(b"L", {"seconds": limits.SECONDS_MOST})
        data = ole.decrypt(data, password)
        if not data.startswith(b"PK\x03\x04"):
            raise No("no-workbook")
        _xlsx(data, request, send)
        return
    ole.check(data)
    # an .xls has at most 65,536 × 256 cells a sheet, its strings lie uncompressed in the file
    _budget(2 * len(data), len(data) // 3, send)
    _calamine(data, None, ole.from_1904(data), send)


def _calamine(data: bytes, parts: dict[str, Any] | None, from_1904: bool, send: Send) -> None:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(_Bytes(data))
        sheets = [s for s in book.sheets_metadata if s.typ is calamine.SheetTypeEnum.WorkSheet]
        if len(book.sheets_metadata) > limits.SHEETS:
            raise No("sheets", most=limits.SHEETS)
        for meta in sheets:
            sheet = book.get_sheet_by_name(meta.name)
            _bounds(sheet)
            part = parts.get(meta.name) if parts is not None else None
            send(
                b"S",
                {
                    "name": meta.name,
                    "hidden": {"Visible": "", "Hidden": "hidden"}.get(str(meta.visible).rpartition(".")[2], "very"),
                    "merges": [[*a, *b] for a, b in (sheet.merged_cell_ranges or [])],
                    "formulas": part.formulas if part else [],
                    "unvalued": part.unvalued if part else [],
                    "errors": part.errors if part else [],
                    "from_1904": from_1904,
                },
            )
            _send_rows(_rows(sheet), send)
    except calamine.PasswordError as locked:
        raise No("password-xls") from locked
    except (calamine.CalamineError, calamine.XmlError, calamine.ZipError, OSError, ValueError) as broken:
        raise No("damaged") from broken
    except BaseException as panic:  # a panic of the Rust side is no Exception
        if isinstance(panic, No | MemoryError):
            raise
        raise No("damaged") from panic


class _Bytes:
    """The bytes as the reader wants them; BytesIO's own class does not fit its type."""

    def __init__(self, data: bytes) -> None:
        import io

        self._io = io.BytesIO(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._io.seek(offset, whence)

    def read(self, size: int = -1) -> bytes:
        return self._io.read(size)


def _bounds(sheet: Any) -> None:
    end = sheet.end
    if end is None:
        return
    if end[0] + 1 > limits.LINES:
        raise No("rows", most=limits.ROWS)
    if end[1] + 1 > limits.COLUMNS:
        raise No("columns", most=limits.COLUMNS)
    if (end[0] + 1) * (end[1] + 1) > limits.CELLS:
        raise No("cells", most=limits.CELLS)
    if len(sheet.merged_cell_ranges or ()) > limits.MERGES:
        raise No("merges", most=limits.MERGES)


def _rows(sheet: Any) -> Iterable[list[Any]]:
    """Rows from A1 on: calamine gives the empty rows before the first cell, but not its empty columns."""
    before = [""] * (sheet.start or (0, 0))[1]
    for row in sheet.iter_rows():
        yield before + row if before else row


def _send_rows(rows: Iterable[list[Any]], send: Send) -> None:
    held: list[list[Any]] = []
    for row in rows:
        held.append(row)
        if len(held) == ROWS_A_FRAME:
            send(b"R", held)
            held = []
    if held:
        send(b"R", held)
