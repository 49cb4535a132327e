"""What Ctrl+K understands: verbs before a name, and the query behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fieldcrm.base import clock
from fieldcrm.base.i18n import N_
from fieldcrm.base.text import age, age_words

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
    tell = {"client": _client, "policy": _policy}
    return [tell.get(hit.kind, _other)(session, hit) for hit in hits]


def _other(_session: Any, hit: Any, detail: str = "") -> Found:
    return Found(hit.kind, hit.record_id, hit.title, detail, KIND_ICONS.get(hit.kind, "file-text"))


def _policy(session: Any, hit: Any) -> Found:
    """A policy with whose it is."""
    from fieldcrm.core.clients.tables import Client
    from fieldcrm.core.policies.tables import Policy

    policy = session.get(Policy, hit.record_id)
    client = session.get(Client, policy.applicant_id) if policy is not None and policy.applicant_id else None
    return _other(session, hit, client.name if client is not None else "")


def _client(session: Any, hit: Any) -> Found:
    """A client with what tells namesakes apart: age or industry, district, grade."""
    from fieldcrm.core.clients.tables import Client

    client = session.get(Client, hit.record_id)
    if client is None:
        return _other(session, hit)
    person = client.type == "person"
    parts = [client.industry if not person else "", client.district, client.grade]
    if person and client.birth_on is not None:
        parts[0] = age_words(age(client.birth_on, clock.today()))
    icon = KIND_ICONS["client" if person else "organisation"]
    return Found("client", hit.record_id, hit.title, " · ".join(p for p in parts if p), icon)
