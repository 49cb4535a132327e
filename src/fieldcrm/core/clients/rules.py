"""Decisions about clients: how often each grade is contacted, when one is neglected, how a client reads in a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fieldcrm.base import forms
from fieldcrm.base.data.search import pinyin
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.text import age, nfc

PERSON, ORGANISATION = "person", "organisation"
RHYTHM_DAYS = {"A": 30, "B": 60, "C": 120}  # default: at least one contact in so many days
SELDOM_DAYS = 120
NOT_CONTACTED_DAYS = 60  # the standard view

_TYPE_WORDS = {PERSON: N_("Person"), ORGANISATION: N_("Company")}
_IN_OUTLETS = ("银行", "邮政", "邮储")  # an outlet called so needs no word before it
_SOURCE_WORDS = {"bank": N_("Bank"), "post": N_("Post")}


def name_key(name: str) -> str:
    """What the name sorts by; whoever writes a name writes this with it."""
    return pinyin.sort_key(nfc(name))


def rhythm_days(grade: str | None) -> int:
    """Within how many days a client of this grade wants a contact (default A 30, B 60, C and others 120)."""
    return RHYTHM_DAYS.get(grade or "", SELDOM_DAYS)


def whole_address(city: str | None, district: str | None, address: str | None) -> str:
    """City, district and address in one; what the address says already is not said twice."""
    found = address or ""
    for part in (district, city):
        if part and part not in found:
            found = part + found
    return found


def neglected(grade: str | None, contacted_on: date | None, on: date) -> bool:
    """Nobody has been in touch for longer than the grade's rhythm; a client never contacted is neglected."""
    return contacted_on is None or (on - contacted_on).days > rhythm_days(grade)


def category(
    type: str, birth_on: date | None, industry: str | None, key_industry: str | None, ranks: Sequence[str], on: date
) -> str:
    """`个人 · 52`, `企业 · 建材 · 省百强`."""
    words = [gettext(_TYPE_WORDS.get(type, type))]
    form = forms.get("client")
    if type == PERSON:
        if birth_on is None or birth_on > on:
            return words[0]
        return gettext("{type}, {age}").format(type=words[0], age=age(birth_on, on))
    known = key_industry if key_industry not in (None, "none") else None
    words += [industry or forms.show(form["key_industry"], known)]
    words += [forms.show(form["ranks"], [rank]) for rank in ranks[:1]]
    return " · ".join(filter(None, words))


def source(source_type: str | None, outlet: str | None, channel: str | None) -> str:
    """`邮政 上渡`, `直拓`; empty when not known."""
    place = outlet or channel
    if not place:
        return forms.show(forms.get("client")["source_type"], source_type)
    short = gettext(_SOURCE_WORDS[source_type]) if source_type in _SOURCE_WORDS else ""
    return place if not short or place.startswith((short, *_IN_OUTLETS)) else f"{short} {place}"
