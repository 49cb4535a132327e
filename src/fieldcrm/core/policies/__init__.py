"""Policies: what is held, what comes due, what it became.

The door opens when something is asked for: lists and cards read rooms above, which read the tables here.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldcrm.core.policies.actions import (
        add_policy,
        add_product,
        change_policy,
        delete_policies,
        set_status,
    )
    from fieldcrm.core.policies.due import Due, due_of, is_in_force
    from fieldcrm.core.policies.queries import (
        PolicyCard,
        PolicyRow,
        find_policy_card,
        find_products,
        policies_list,
        policy_card,
        policy_rows,
        policy_values,
        policy_views,
    )

_MODULES = ("due", "actions", "queries")

__all__ = [
    "Due",
    "PolicyCard",
    "PolicyRow",
    "add_policy",
    "add_product",
    "change_policy",
    "delete_policies",
    "due_of",
    "find_policy_card",
    "find_products",
    "is_in_force",
    "policies_list",
    "policy_card",
    "policy_rows",
    "policy_values",
    "policy_views",
    "set_status",
]


def __getattr__(name: str) -> object:
    if name in __all__:
        for module in _MODULES:
            found = importlib.import_module(f"{__name__}.{module}")
            if hasattr(found, name):
                return getattr(found, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
