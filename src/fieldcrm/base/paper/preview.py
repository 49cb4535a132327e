"""Pages of a PDF as bitmaps, for a preview and for the printer; no reportlab here."""

from __future__ import annotations

import threading
from dataclasses import dataclass

_one_at_a_time = threading.RLock()  # PDFium's library is not made for several threads, whatever the document


@dataclass(frozen=True)
class Bitmap:
    """One page, 4 bytes a pixel in the order B, G, R, unused; `stride` bytes a line."""

    width: int
    height: int
    stride: int
    pixels: bytes


class Pages:
    """An open PDF. Use as a context manager; pages are counted from 0. May be used from any thread."""

    def __init__(self, content: bytes) -> None:
        import pypdfium2

        with _one_at_a_time:
            self._pdf = pypdfium2.PdfDocument(content)

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with _one_at_a_time:
            self._pdf.close()

    def __len__(self) -> int:
        with _one_at_a_time:
            return len(self._pdf)

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of a page in points."""
        with _one_at_a_time:
            width, height = self._pdf.get_page_size(number)
        return float(width), float(height)

    def draw(self, number: int, scale: float) -> Bitmap:
        """A page; `scale` is pixels per point (1.0 is 72 dpi)."""
        with _one_at_a_time:
            page = self._pdf[number]
            bitmap = page.render(scale=scale, rev_byteorder=False, prefer_bgrx=True)
            try:
                return Bitmap(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
            finally:
                bitmap.close()
                page.close()

    def draw_now(self, number: int, scale: float) -> Bitmap | None:
        """As `draw`, but None at once while another thread draws: for the window, which must not wait."""
        if not _one_at_a_time.acquire(blocking=False):
            return None
        try:
            return self.draw(number, scale)
        finally:
            _one_at_a_time.release()

    def text(self, number: int) -> str:
        """The text of a page, in the order it was written."""
        with _one_at_a_time:
            page = self._pdf[number]
            words = page.get_textpage()
            try:
                return str(words.get_text_range())
            finally:
                words.close()
                page.close()
