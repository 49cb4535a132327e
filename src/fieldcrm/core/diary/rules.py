"""Decisions on the diary, pure: which days want an entry, what a later edit becomes, the errors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from fieldcrm.base import forms, workdays
from fieldcrm.base.errors import define
from fieldcrm.base.i18n import N_

WORDS = ("happened", "problems", "help_wanted", "plan_tomorrow", "evening_notes")
"""The fields that a person writes; everything else is counted."""
NOTE_LENGTH = 1000

OFFICE_ONLY = define("diary.office_only", N_("Only the office countersigns a diary."))
SIGNED = define("diary.signed", N_("This diary is countersigned already."))
GONE = define("diary.gone", N_("This diary entry is no longer there."))
AHEAD = define("diary.ahead", N_("A diary is written on its day or later."))


def is_missing(day: date, today: date, since: date) -> bool:
    """Whether a day without an entry should have one: a workday that has passed, after the work began."""
    return since <= day < today and workdays.is_workday(day)


def amendments(old: Mapping[str, str | None], new: Mapping[str, str | None]) -> list[str]:
    """What an edit after the countersign becomes: per changed field its label and what was added, or the new words."""
    form = forms.get("diary")
    notes: list[str] = []
    for name in WORDS:
        before, after = old.get(name) or "", new.get(name) or ""
        if name not in new or after == before or not after:
            continue
        words = after[len(before) :].strip() if before and after.startswith(before) else after
        line = f"{form[name].label}: {words}"
        notes += [line[start : start + NOTE_LENGTH] for start in range(0, len(line), NOTE_LENGTH)]
    return notes
