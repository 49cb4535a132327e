"""CSV for other programs: UTF-8 with a mark, and nothing a spreadsheet would run when it opens the file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from fieldcrm.base.sheets.writer import plain, whole_file

_RUNS = re.compile(r"^\s*[=+\-@\t\r|%]")
_NUMBER = re.compile(r"^[+-]?[0-9][0-9,]*(?:\.[0-9]+)?%?$")


def safe(text: str) -> str:
    """A text that a spreadsheet would run gets an apostrophe before it; plain numbers stay."""
    if _RUNS.match(text) and not (_NUMBER.match(text) and not text.startswith("+")):
        return "'" + text
    return text


def write_csv(target: Path | str | IO[bytes], titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows as text; gives their number. Raises `Environment` when the file cannot be written."""
    count = 0
    with whole_file(target) as out:
        text = io.TextIOWrapper(out, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([safe(title) for title in titles])
        for row in rows:
            writer.writerow([safe(plain(value)) for value in row])
            count += 1
        text.flush()
        text.detach()
    return count
