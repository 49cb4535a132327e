"""What Ctrl+K understands: verbs before a name, and the query behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldcrm.base.i18n import N_

LIMIT = 9

# What a person types before a name, and what it does.
VERBS = {
    "回访": "callbacks",
    "callback": "callbacks",
    "投诉": "complaints",
    "complaint": "complaints",
    "拜访": "visits",
    "visit": "visits",
    "记录": "log",
    "log": "log",
}
VERB_WORDS = {
    "callbacks": N_("Call back"),
    "complaints": N_("Complaint of"),
    "visits": N_("Plan a visit to"),
    "log": N_("Log a contact with"),
}
KIND_WORDS = {
    "client": N_("Client"),
    "policy": N_("Policy"),
    "channel": N_("Channel"),
    "page": N_("Page"),
}
KIND_ICONS = {"client": "user", "organisation": "building-2", "policy": "file-text", "channel": "link"}


@dataclass(frozen=True)
class Found:
    """One line of the list: what it is, its id, its name and a detail."""

    kind: str
    record_id: str
    title: str
    detail: str = ""
    icon: str = ""


def split(text: str) -> tuple[str, str]:
    """The verb's page key ("" for none) and the rest; Chinese verbs need no space."""
    plain = text.strip()
    for word, verb in VERBS.items():
        if plain.lower().startswith(word):
            rest = plain[len(word) :]
            if rest[:1].isspace() or (not word.isascii() and rest):
                return verb, rest.strip()
    return "", plain


def find(session: Any, text: str, clients_only: bool) -> list[Found]:
    """The best few records for a typed line (runs on a reader)."""
    from fieldcrm.core import search

    hits = search.find(session, text, {"client"} if clients_only else None, LIMIT)
    told = search.details(session, hits)
    return [_found(hit, *told.get(hit.record_id, ("", hit.kind))) for hit in hits]


def _found(hit: Any, detail: str, icon: str) -> Found:
    return Found(hit.kind, hit.record_id, hit.title, detail, KIND_ICONS.get(icon, "file-text"))
