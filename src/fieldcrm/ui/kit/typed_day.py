"""A day and time as people type it ("周五下午"): what is meant, and the echo beside the field."""

from __future__ import annotations

from collections.abc import Callable

from fieldcrm.base import clock, when
from fieldcrm.base.errors import InvalidField
from fieldcrm.base.text import short_date
from fieldcrm.base.when import When


def parse_when(typed: str) -> When | None:
    """The day and time of a typed line, None when it is empty; raises `InvalidField(next_on)`."""
    return when.parse(typed, clock.now(), "next_on") if typed.strip() else None


def when_words(typed: str, parse: Callable[[str], When | None] = parse_when) -> str:
    """The echo of a typed time: "→ 11-23 周一 10:00"; "…" while it is not understood, nothing when empty."""
    try:
        meant = parse(typed)
    except InvalidField:
        return "…"
    return "" if meant is None else f"→ {short_date(meant.day)}" + (f" {meant.time}" if meant.time else "")
