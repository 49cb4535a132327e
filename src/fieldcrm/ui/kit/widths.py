"""How wide the columns of a list are: heads always whole, the rest shared with what the window gives; no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_SHRINK = 0.62  # a flexible column gives up to this share of its width
_READABLE = 76  # px; no column gives more than leaves a name of four characters


@dataclass(frozen=True)
class Wish:
    """What a column asks: its width, the least that shows its head whole, whether it may give and take room, and the
    least that still says something (0: a share of its width)."""

    width: int
    head: int
    flexible: bool
    least: int = 0


def fit(wishes: Sequence[Wish], room: int) -> list[int]:
    """A width for each column: together `room` where that can be had, never less than the heads need."""
    widths = [max(wish.width, wish.head) for wish in wishes]
    least = [
        max(wish.head, wish.least or max(min(width, _READABLE), round(width * _SHRINK)))
        for wish, width in zip(wishes, widths, strict=True)
    ]
    flexible = [n for n, wish in enumerate(wishes) if wish.flexible]
    missing = sum(widths) - room
    if missing <= 0:
        whole = sum(widths[n] for n in flexible)
        for n in flexible:
            widths[n] += -missing * widths[n] // whole
        return widths
    given = sum(widths[n] - least[n] for n in flexible)
    share = min(1.0, missing / given) if given else 0.0
    for n in flexible:
        widths[n] -= min(widths[n] - least[n], -int(-(widths[n] - least[n]) * share // 1))
    return widths
