"""Record kinds by the words people use: singular, plural, English or Chinese."""

from __future__ import annotations

from functools import cache

from fieldcrm.base import forms
from fieldcrm.base.errors import InvalidField, define
from fieldcrm.base.i18n import N_

NO_KIND = define("show.no_kind", N_("There are no records of the kind “{kind}”. Known: {known}."))
_PLURALS = {"person": "people", "diary": "diaries", "client_relation": "relations", "channel_score": "scores"}


def plural(kind: str) -> str:
    """`clients`, `policies`, `channel_scores`."""
    return kind[:-1] + "ies" if kind.endswith("y") else kind + "s"


@cache
def _words() -> dict[str, str]:
    found: dict[str, str] = {}
    for kind in forms.all_forms():
        form = forms.get(kind)
        for word in (kind, plural(kind), _PLURALS.get(kind, kind), form.zh, form.en.lower(), plural(form.en.lower())):
            found.setdefault(word, kind)
    return found


def kinds() -> list[str]:
    """The kinds that can be shown, as they are asked for (`clients`, `policies` …)."""
    return [_PLURALS.get(kind, plural(kind)) for kind in forms.all_forms()]


def kind_named(word: str) -> str:
    """The record kind of a word; `InvalidField(kind)` when there is none."""
    plain = word.strip().lower().replace("-", "_")
    kind = _words().get(plain) or _words().get(plain.replace("_", " "))
    if kind is None:
        raise InvalidField("kind", NO_KIND, kind=word, known=", ".join(kinds()))
    return kind
