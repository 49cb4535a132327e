"""What comes due with a policy: its maturity or renewal, in words and tone; the same on lists, cards and paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fieldcrm.base import forms
from fieldcrm.base.i18n import N_, gettext, ngettext
from fieldcrm.base.text import EMPTY, day_text
from fieldcrm.core.policies import rules

MATURES, RENEWS, WHOLE_LIFE, NONE = "matures", "renews", "whole_life", "none"
RENEWAL_KEPT = timedelta(days=30)  # a renewal day that passed longer ago says nothing any more

_KINDS = {MATURES: N_("Maturity"), RENEWS: N_("Renewal"), WHOLE_LIFE: N_("Whole life")}


@dataclass(frozen=True)
class Due:
    """`kind` is matures, renews, whole_life, none, or the status of a policy that is not in force."""

    kind: str
    on: date | None = None
    tone: str = "grey"

    @property
    def words(self) -> str:
        """The chip: the day, `终身`, or what became of the policy."""
        if self.on is not None:
            return day_text(self.on)
        if self.kind == WHOLE_LIFE:
            return gettext(_KINDS[WHOLE_LIFE])
        return EMPTY if self.kind == NONE else forms.show(forms.get("policy")["status"], self.kind)

    @property
    def kind_words(self) -> str:
        """`满期` or `续保`; empty where nothing comes due."""
        return gettext(_KINDS[self.kind]) if self.kind in _KINDS else ""

    def days(self, on: date) -> int | None:
        """Days left, negative when overdue; None when there is no day."""
        return None if self.on is None else (self.on - on).days

    def countdown(self, on: date) -> str:
        """`13 天`, overdue `已过 3 天`; without a day its words."""
        days = self.days(on)
        if days is None:
            return self.words
        if days >= 0:
            return ngettext("{n} day", "{n} days", days).format(n=f"{days:,}")
        return ngettext("{n} day over", "{n} days over", -days).format(n=f"{-days:,}")


def is_in_force(status: str | None) -> bool:
    """A policy whose list gave no status counts as in force."""
    return status in (None, "in_force")


def due_of(status: str | None, line: str | None, matures_on: date | None, renews_on: date | None, on: date) -> Due:
    """What comes due next with a policy, as of a day: red overdue or within 7 days, amber within 30, blue later."""
    if not is_in_force(status):
        choice = forms.get("policy")["status"].choice(status or "")
        return Due(status or NONE, None, choice.tone if choice else "grey")
    matures = rules.matures(line, matures_on)
    renews = renews_on if renews_on is not None and renews_on >= on - RENEWAL_KEPT else None
    days = [(day, kind) for day, kind in ((renews, RENEWS), (matures, MATURES)) if day is not None]
    if not days:
        return Due(WHOLE_LIFE, None, "blue") if rules.is_whole_life(line) else Due(NONE)
    day, kind = min(days, key=lambda pair: pair[0])
    return Due(kind, day, rules.maturity_tone((day - on).days))
