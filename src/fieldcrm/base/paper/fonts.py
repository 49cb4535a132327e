"""The bundled fonts on paper: which font has a character, how wide text is, and a ToUnicode map that is right."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

from fieldcrm.base import resources

REGULAR, BOLD, RARE = "NotoSansSC-Regular", "NotoSansSC-Bold", "FieldcrmRareHan-Regular"
MISSING = ""  # the font name of characters that no font has


class PaperFont(TTFont):
    """A TrueType font whose ToUnicode map holds UTF-16, as the PDF reference (9.10.3) asks.

    reportlab writes five hex digits for characters beyond plane 0, which readers take for something else.
    """

    def addObjects(self, doc: Any) -> None:
        subsets = [list(subset) for subset in self.state[doc].subsets]
        super().addObjects(doc)
        for number, subset in enumerate(subsets):
            name = b"".join((SUBSETN(number), b"+", self.face.name, self.face.subfontNameX)).decode("latin-1")
            doc.idToObject[f"toUnicodeCMap:{name}"].content = to_unicode(name, subset)


def to_unicode(name: str, subset: list[int]) -> str:
    """The ToUnicode map of a font subset (code points in the order of their codes), 100 entries a block."""
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        f"<00> <{len(subset) - 1:02X}>",
        "endcodespacerange",
    ]
    entries = [f"<{i:02X}> <{chr(c).encode('utf-16-be').hex().upper()}>" for i, c in enumerate(subset)]
    for start in range(0, len(entries), 100):
        block = entries[start : start + 100]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


@cache
def font(name: str) -> PaperFont:
    """A bundled font, parsed once a process and known to reportlab."""
    loaded = PaperFont(name, str(resources.folder("fonts") / f"{name}.ttf"), shapable=False)
    pdfmetrics.registerFont(loaded)
    return loaded


@cache
def _widths(name: str) -> dict[int, float]:
    widths: dict[int, float] = font(name).face.charWidths
    return widths


@dataclass(frozen=True, slots=True)
class Shaped:
    """Text ready to draw: runs of (font name, text), and the width of each and of all for a size of 1."""

    runs: tuple[tuple[str, str, float], ...]
    width: float


def clean(text: str) -> str:
    """Text without what has no shape of its own: control and format characters, variation selectors."""
    if text.isprintable() and not any(map(_is_selector, text)):
        return text
    kept = []
    for c in text:
        if _is_selector(c) or unicodedata.category(c) == "Cf":
            continue
        kept.append(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Zs") else c)
    return "".join(kept)


def _is_selector(c: str) -> bool:
    return "\ufe00" <= c <= "\ufe0f" or c >= "\U000e0100"


def _font_of(code: int, main: str) -> str:
    if code in _widths(main):
        return main
    return RARE if code in _widths(RARE) else MISSING


@lru_cache(maxsize=20_000)
def shape(text: str, bold: bool = False) -> Shaped:
    """Which font draws which part of a line; characters of the main font alone take the short way."""
    text = clean(text)
    main = BOLD if bold else REGULAR
    widths = _widths(main)
    try:
        whole = sum([widths[code] for code in map(ord, text)]) / 1000
        return Shaped(((main, text, whole),) if text else (), whole)
    except KeyError:
        pass
    runs: list[tuple[str, str, float]] = []
    for c in text:
        name = _font_of(ord(c), main)
        width = _widths(name)[ord(c)] / 1000 if name else 1.0
        if runs and runs[-1][0] == name and name:
            runs[-1] = (name, runs[-1][1] + c, runs[-1][2] + width)
        else:
            runs.append((name, c, width))
    return Shaped(tuple(runs), sum(run[2] for run in runs))


def width(text: str, size: float, bold: bool = False) -> float:
    """Width of one line in points."""
    return shape(text, bold).width * size
