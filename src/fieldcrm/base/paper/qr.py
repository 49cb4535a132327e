"""QR codes by reportlab's encoder, with one fixed mask: trying all eight costs more than the rest of the page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from reportlab.graphics.barcode import qrencoder

_MASK = 2  # (column mod 3 = 0): readers accept any mask; text data leaves no large plain areas under it


@lru_cache(maxsize=2_000)
def bars(content: str) -> tuple[int, str]:
    """Modules a side, and the dark runs as PDF rectangles, one module a unit, rows growing downwards."""
    code: Any = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.L)
    code.addData(content)
    code.version = code.calculate_version()
    code.makeImpl(False, _MASK)
    found: list[str] = []
    for row, modules in enumerate(code.modules):
        start = None
        for column, dark in enumerate([*modules, False]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                found.append(f"{start} {row} {column - start} 1 re")
                start = None
    return code.getModuleCount(), " ".join(found)
