"""A client's pane in words: facts, days, next step, and the lines of its tabs."""

from __future__ import annotations

import re
from datetime import date

from fieldcrm.base import forms, text
from fieldcrm.base.i18n import _, ngettext
from fieldcrm.base.text import EMPTY, day_text, money
from fieldcrm.core.clients import ClientCard, NextStep
from fieldcrm.ui.kit.lines import Line

_DOTS = re.compile(f"{text.HIDDEN}{{5,}}")  # how many are hidden says nothing


def chips(card: ClientCard) -> list[tuple[str, str]]:
    """What stands beside the name, as (words, tone)."""
    found = [(tag, "amber") for tag in card.tags]
    if card.grade:
        grade = forms.show(forms.get("client")["grade"], card.grade)
        found.insert(0, (grade, "blue" if card.grade == "A" else "grey"))
    if card.do_not_call or card.consent is False:
        found.insert(0, (_("Do not call") if card.do_not_call else _("No consent"), "red"))
    return found


def facts(card: ClientCard, phone: str, document: str) -> str:
    """`女 · 52 岁 · 1974-03-16 · 138 0591 ••32`, below it `350••••26 · 台江区工业路 211 号`."""
    words = [forms.show(forms.get("client")["sex"], card.sex)]
    if card.age is not None and card.birth_on is not None:
        words += [text.age_words(card.age), card.birth_on.isoformat()]
        words += [_("lunar birthday")] if card.lunar_birthday else []
    elif card.type != "person":
        words.append(card.category)
    label = card.phones[0].label if card.phones and card.type != "person" else ""
    words.append(f"{label} {phone}".strip())
    below = (_DOTS.sub(text.HIDDEN * 4, document), card.address, card.preferred_time)
    return "\n".join(filter(None, (" · ".join(filter(None, part)) for part in (words, below))))


def ago_words(days: int) -> str:
    """`今天`, `12 天前`."""
    return _("Today") if days <= 0 else ngettext("{n} day ago", "{n} days ago", days).format(n=f"{days:,}")


def step_words(step: NextStep | None) -> tuple[str, str, str]:
    """The next step in one line, what to bring, and the tone of its box."""
    if step is None:
        return _("none yet: log a call to set one"), "", "grey"
    when = " ".join(filter(None, (text.short_date(step.on) if step.on else "", step.time)))
    what = step.what or (_("Visit") if step.kind == "visit" else "")
    bring = _("Bring: {things}").format(things=step.bring) if step.bring else ""
    return " ".join(filter(None, (when, what))), bring, "red" if step.overdue else "blue"


def empty_words(tab: str) -> str:
    """What a tab says that has nothing yet."""
    return {
        "time": _("Nothing yet. The first call or visit you log stands here."),
        "policies": _("No policies yet. Import a list, or add one with the ⋯ button."),
        "family": _("Nobody yet. Add a relation with the ⋯ button."),
        "complaints": _("No complaints."),
    }[tab]


def policy_lines(card: ClientCard) -> list[Line]:
    """Policies: the line as a chip, the product, what comes due; number, beginning and amount below."""
    field = forms.get("policy")["line"]
    lines = []
    for one in card.policies:
        amount = one.principal_fen or one.premium_fen
        more = " · ".join(filter(None, (one.number, _from(one.effective_on), money(amount) if amount else "")))
        due = one.due.tone if one.due.kind != "none" else ""
        chip = forms.show(field, one.line)
        lines.append(Line("", chip, "blue", one.product, one.due.words if due else "", more, f"policy:{one.id}", due))
    return lines


def _from(day: date | None) -> str:
    return _("from {day}").format(day=day.isoformat()) if day is not None else ""


def family_lines(card: ClientCard) -> list[Line]:
    """Related clients, the relation as a chip."""
    lines = []
    for one in card.related:
        tone = "blue" if one.kind == "family" else "grey"
        lines.append(Line("", one.role, tone, one.name, one.category, key=f"client:{one.client_id}"))
    return lines


def complaint_lines(card: ClientCard) -> list[Line]:
    """Complaints, the status as a chip."""
    found = card.complaints
    return [Line(day_text(c.received_on), c.status, c.tone, c.point or EMPTY, key=f"complaint:{c.id}") for c in found]
