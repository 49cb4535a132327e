"""Column titles of lists: which field a title means, and in which unit its amounts are."""

from __future__ import annotations

import re
from functools import cache

from fieldcrm.base.forms import loader
from fieldcrm.base.forms.model import Field, Form, Kind
from fieldcrm.base.text import half_width

_BRACKETS = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_NOISE = re.compile(r"[\s_\-*:：/\\.,，、#?？]+")
_WAN = re.compile(r"万元?|10k|ten thousand", re.IGNORECASE)


def key(title: str) -> str:
    """A title without blanks, signs, brackets and case: "保费 (元)" and "保费" are the same."""
    bare = half_width(title)
    return _NOISE.sub("", _BRACKETS.sub("", bare) or bare).casefold()


def unit(title: str) -> int:
    """Yuan of one unit of the column: 10,000 when the title says 万元 in brackets, else 1."""
    return 10_000 if any(_WAN.search(found) for found in _BRACKETS.findall(half_width(title))) else 1


@cache
def of(kind: str) -> dict[str, tuple[Field, ...]]:
    """Every title that means a field of a form, by `key`: the field, or a list field and its child's field.

    Names, labels in both languages and synonyms count; a field that names another record comes after those
    that hold words ("产品" is the product's name), the form's own fields before those of lists.
    """
    return collect(loader.get(kind))


def collect(form: Form) -> dict[str, tuple[Field, ...]]:
    """As `of`, for a form at hand."""
    found: dict[str, tuple[Field, ...]] = {}
    own = [f for f in form.fields if f.kind not in (Kind.LIST, Kind.RECORD)]
    for fields in (own, [f for f in form.fields if f.kind is Kind.RECORD]):
        for f in fields:
            for word in (f.zh, f.en, f.name):
                found.setdefault(key(word), (f,))
        for f in fields:
            for word in f.synonyms:
                found.setdefault(key(word), (f,))
    for f in form.fields:
        for child in f.form.fields if f.form else ():
            for word in child.synonyms:
                found.setdefault(key(word), (f, child))
    return found
