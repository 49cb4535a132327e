"""Breaking text into lines as Chinese print does: between characters, never before a closing mark."""

from __future__ import annotations

import re
from functools import lru_cache

from fieldcrm.base.paper import fonts

_NEVER_FIRST = frozenset("，。、；：！？）】》」』”’…·・•%‰℃,.;:!?)]}")
_NEVER_LAST = frozenset("（【《「『“‘([{¥￥$□■")
# A word that stays whole: Latin letters, digits and what joins them; else one character with the blanks after it.
_PIECE = re.compile(r"[A-Za-z0-9À-ɏ_@#&+=/\\'’.,:%*-]+\s*|\S\s*|\s+")


@lru_cache(maxsize=20_000)
def wrap(text: str, room: float, size: float, bold: bool = False) -> tuple[str, ...]:
    """The lines of a text that has `room` points; line breaks in the text are kept; at least one line."""
    found: list[str] = []
    for paragraph in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if fonts.width(paragraph, size, bold) <= room:
            found.append(paragraph)
        else:
            found.extend(_fill(paragraph, room, size, bold))
    while len(found) > 1 and not found[-1]:
        found.pop()
    return tuple(found)


def _fill(paragraph: str, room: float, size: float, bold: bool) -> list[str]:
    found: list[str] = []
    line: list[str] = []
    used = 0.0
    for piece in _pieces(paragraph, room, size, bold):
        needs = fonts.width(piece.rstrip(), size, bold)
        if line and used + needs > room:
            carried = _carry(line, piece)
            found.append("".join(line).rstrip())
            line = carried
            used = sum(fonts.width(p, size, bold) for p in line)
        line.append(piece)
        used += fonts.width(piece, size, bold)
    if line:
        found.append("".join(line).rstrip())
    return found


def _pieces(paragraph: str, room: float, size: float, bold: bool) -> list[str]:
    found: list[str] = []
    for piece in _PIECE.findall(paragraph):
        if len(piece) > 1 and fonts.width(piece.rstrip(), size, bold) > room:
            found.extend(piece)  # a word longer than the line breaks anywhere
        else:
            found.append(piece)
    return found


def _carry(line: list[str], piece: str) -> list[str]:
    """Take from the line's end what must stand before `piece` on the next line (at most three pieces)."""
    carried: list[str] = []
    first = piece
    while len(line) > 1 and len(carried) < 3 and (first[0] in _NEVER_FIRST or line[-1].rstrip()[-1:] in _NEVER_LAST):
        first = line.pop()
        carried.insert(0, first)
    return carried


def fit(text: str, room: float, size: float, bold: bool = False) -> str:
    """One line that fits, its end replaced by … where it does not."""
    if fonts.width(text, size, bold) <= room:
        return text
    room -= fonts.width("…", size, bold)
    used, end = 0.0, 0
    for end, c in enumerate(text):  # noqa: B007
        used += fonts.width(c, size, bold)
        if used > room:
            break
    return text[:end].rstrip() + "…"


def at_most(lines: tuple[str, ...], count: int, room: float, size: float) -> tuple[str, ...]:
    """The first `count` lines; the last of them ends with … when more were there."""
    if len(lines) <= count:
        return lines
    return (*lines[: count - 1], fit(lines[count - 1] + "……", room, size).rstrip("…") + "…")
