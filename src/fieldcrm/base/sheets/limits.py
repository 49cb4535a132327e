"""What a file from outside may be, and how the child process says no. Standard library only: the child reads this."""

from __future__ import annotations

from typing import Any

MB = 1 << 20

FILE_BYTES = 50 * MB
PARTS = 500
PART_BYTES = 256 * MB
ALL_BYTES = 512 * MB
RATIO = 150
RATIO_FROM = 1 * MB
SHEETS = 64
ROWS = 300_000  # of a list
LINES = ROWS + 1_000  # with what stands above and below it
COLUMNS = 512
CELLS = 30_000_000
ROW_GAP = 100_000
TEXT = 32_767
MERGES = 5_000
FORMATS = 65_000
SPIN = 1_000_000
TAG_BYTES = 512 * 1024  # XML without a tag boundary for this long is no sheet

SECONDS = 4.0  # for the smallest file; grows with what was counted while inflating
SECONDS_PER_MB = 0.5
SECONDS_MOST = 180.0
MEMORY = 112 * MB  # beside the interpreter, for the smallest file
MEMORY_PER_CELL = 48
MEMORY_MOST = 3072 * MB


class No(Exception):
    """A refusal inside the child: code without its `sheet.` prefix, and values for the sentence."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
