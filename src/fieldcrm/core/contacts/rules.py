"""Decisions about contacts: which results mean that somebody was met, and how an entry is told in one line."""

from __future__ import annotations

from fieldcrm.base import forms
from fieldcrm.core.said import retold_summary

OF_VISITS = ("deal", "interested", "considering")
"""Results that only a visit has: the boxes of its paper."""
REACHED = frozenset({"reached", "appointment", "refused", *OF_VISITS})
"""Results of a contact in which somebody answered."""


def told(result: str | None, summary: str | None) -> str:
    """`成交 · 年金 D 款 8 万`: the result where it says more than that somebody answered, and what was said."""
    said = retold_summary((summary or "").split("\n", 1)[0])
    plain = result is None or (result == "reached" and said)
    return " · ".join(filter(None, ("" if plain else forms.show(forms.get("contact")["result"], result), said)))
