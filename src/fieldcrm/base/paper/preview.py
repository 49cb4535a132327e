"""Pages of a PDF as bitmaps, for a preview and for the printer; no reportlab here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Bitmap:
    """One page, 4 bytes a pixel in the order B, G, R, unused; `stride` bytes a line."""

    width: int
    height: int
    stride: int
    pixels: bytes


class Pages:
    """An open PDF. Use as a context manager; pages are counted from 0."""

    def __init__(self, content: bytes) -> None:
        import pypdfium2

        self._pdf = pypdfium2.PdfDocument(content)

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._pdf.close()

    def __len__(self) -> int:
        return len(self._pdf)

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of a page in points."""
        width, height = self._pdf[number].get_size()
        return float(width), float(height)

    def draw(self, number: int, scale: float) -> Bitmap:
        """A page; `scale` is pixels per point (1.0 is 72 dpi)."""
        page = self._pdf[number]
        bitmap = page.render(scale=scale, rev_byteorder=False, prefer_bgrx=True)
        try:
            return Bitmap(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
        finally:
            bitmap.close()
            page.close()

    def text(self, number: int) -> str:
        """The text of a page, in the order it was written."""
        page = self._pdf[number]
        words = page.get_textpage()
        try:
            return str(words.get_text_range())
        finally:
            words.close()
            page.close()

    def drawn(self, scale: float) -> Iterator[Bitmap]:
        """All pages, one after the other."""
        for number in range(len(self)):
            yield self.draw(number, scale)
