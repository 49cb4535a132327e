"""Words that the program wrote into a record for its owner, told in the language of who reads them.

A next step, the purpose of a stop, the summary of a call are a person's words; where none were typed the program fills
in its own, in the language of that day. They are known again by their wording in any language; what was typed stays.
"""

from __future__ import annotations

import re
from functools import cache

from fieldcrm.base import clock, forms
from fieldcrm.base.forms.days import day_in
from fieldcrm.base.i18n import N_, gettext, spellings
from fieldcrm.base.text import day_text

_SENTENCES = (
    N_("Call again"),
    N_("Contact again"),
    N_("Explain the maturity"),
    N_("Explain: {offer}"),
    N_("Ask again about: {offer}"),
    N_("Find a number that works"),
    N_("Another day"),
    N_("open complaint"),
    N_("matures {day}"),
    N_("explain holding {day}"),
    N_("renewal {day}"),
    N_("birthday {day}"),
    N_("overdue: {what}"),
    N_("key account"),
    N_("grade {grade}"),
    N_("never contacted"),
    N_("{days} days without contact"),
)
_PARTS = {"offer": ".+", "what": ".+", "grade": "[A-D]", "days": r"\d+", "day": "[0-9A-Za-z -]{3,16}"}


def retold(words: str | None) -> str:
    """A next step, a purpose or a reason as it is read now; empty for nothing."""
    for pattern, msgid in _patterns() if words else ():
        found = pattern.fullmatch(words or "")
        told = {name: _part(name, part) for name, part in found.groupdict().items()} if found else {"": None}
        if None not in told.values():
            return gettext(msgid).format(**told)
    return words or ""


def retold_summary(words: str | None) -> str:
    """The summary of a call as it is read now: it begins with the client's intention, then what was typed."""
    head, dot, rest = (words or "").partition(_DOT)
    choice = _intentions().get(head)
    return retold(words) if choice is None else f"{choice.label}{dot}{rest}"


_DOT = " · "


def _part(name: str, words: str) -> str | None:
    """What stands in a placeholder, as it is read now; None when it cannot stand there."""
    if name == "day":
        day = day_in(words, clock.today().year)
        return None if day is None else day_text(day)
    return retold(words) if name == "what" else words


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(_pattern(words)), msgid) for msgid in _SENTENCES for words in spellings(msgid))


def _pattern(words: str) -> str:
    """A sentence as a pattern: its placeholders take what may stand there."""
    parts = re.split(r"\{(\w+)\}", words)
    return "".join(f"(?P<{part}>{_PARTS[part]})" if n % 2 else re.escape(part) for n, part in enumerate(parts))


@cache
def _intentions() -> dict[str, forms.Choice]:
    choices = forms.get("callback")["intention"].choices
    return {words: choice for choice in choices for words in (choice.zh, choice.en)}
