"""The next contact in one typed line: `周一10点 上门`, `tomorrow 3pm visit`; the way is a word of the choices."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from fieldcrm.base import forms, text, when


@dataclass(frozen=True)
class NextContact:
    """A Shanghai day, a time of it as "HH:MM" where one was given, the way as a code of `next_way` or None."""

    day: date
    time: str | None = None
    way: str | None = None


def read_next(typed: str, now: datetime) -> NextContact | None:
    """What a typed line means at `now`; None when it is empty. Raises `InvalidField(next_on)`."""
    line = typed.strip()
    if not line:
        return None
    way, rest = _take_way(line)
    found = when.parse(rest or line, now, "next_on")
    return NextContact(found.day, found.time, way)


def show_next(found: NextContact) -> str:
    """`11-23 周一 10:00 · 上门`; `read_next` reads it back."""
    parts = [text.short_date(found.day) + (f" {found.time}" if found.time else "")]
    if found.way is not None:
        parts.append(way_words(found.way))
    return " · ".join(parts)


def with_way(typed: str, way: str) -> str:
    """The typed line with its way set to another one."""
    rest = _take_way(typed)[1]
    return f"{rest} {way_words(way)}".strip()


def way_words(way: str) -> str:
    """The words of a way."""
    return forms.show(forms.get("callback")["next_way"], way)


def _take_way(line: str) -> tuple[str | None, str]:
    """The way named in a line, and the line without it."""
    words = [(word, c.code) for c in forms.get("callback")["next_way"].choices for word in (c.zh, c.en, *c.synonyms)]
    for word, code in sorted(words, key=lambda pair: -len(pair[0])):
        pattern = rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word)
        if match := re.search(pattern, line, re.IGNORECASE):
            rest = line[: match.start()] + " " + line[match.end() :]
            return code, re.sub(r"\s*[·•]\s*", " ", rest).strip()
    return None, re.sub(r"\s*[·•]\s*", " ", line).strip()
