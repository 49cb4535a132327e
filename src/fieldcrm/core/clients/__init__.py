"""Clients: persons and organisations, how they relate, what they hold and what comes due with them.

The door opens when something is asked for: lists and cards read rooms above, which read the tables here.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldcrm.core.clients.actions import (
        add_client,
        change_client,
        delete_client,
        delete_clients,
        grade_clients,
        relate,
        reveal,
        tag_clients,
        unrelate,
    )
    from fieldcrm.core.clients.card import ClientCard, NextStep, client_card, find_client_card
    from fieldcrm.core.clients.merging import Comparison, Difference, Merged, compare_clients, find_same, merge_clients
    from fieldcrm.core.clients.queries import (
        ClientRow,
        Counted,
        client_rows,
        client_values,
        clients_list,
        count_clients,
        views,
    )

_MODULES = ("actions", "queries", "card", "merging")

__all__ = [
    "ClientCard",
    "ClientRow",
    "Comparison",
    "Counted",
    "Difference",
    "Merged",
    "NextStep",
    "add_client",
    "change_client",
    "client_card",
    "client_rows",
    "client_values",
    "clients_list",
    "compare_clients",
    "count_clients",
    "delete_client",
    "delete_clients",
    "find_client_card",
    "find_same",
    "grade_clients",
    "merge_clients",
    "relate",
    "reveal",
    "tag_clients",
    "unrelate",
    "views",
]


def __getattr__(name: str) -> object:
    if name in __all__:
        for module in _MODULES:
            found = importlib.import_module(f"{__name__}.{module}")
            if hasattr(found, name):
                return getattr(found, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
