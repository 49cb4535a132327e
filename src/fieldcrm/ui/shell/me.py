"""Who works at the desk."""

from __future__ import annotations

from dataclasses import dataclass

MANAGER, OFFICE = "manager", "office"


@dataclass(frozen=True)
class Me:
    """The person, the unit and the role ("manager" or "office") of the open book."""

    person_id: str = ""
    name: str = ""
    unit_id: str = ""
    unit: str = ""
    role: str = MANAGER
