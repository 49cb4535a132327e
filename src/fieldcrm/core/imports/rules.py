"""Decisions of an import: person or organisation, which status stands, what an ID number tells. Pure."""

from __future__ import annotations

import re
from typing import Any

from fieldcrm.base.forms import identity
from fieldcrm.base.text import half_width

_ORGANISATION = re.compile(
    r"公司|集团|企业|工厂|厂$|医院|学校|大学|学院|中学|小学|幼儿园|中心$|委员会|管理局|局$|银行|信用社|合作社|事务所|"
    r"商行|商店|经营部|门市部|协会|研究院|研究所|政府|机关|站$|厅$|处$|部$|店$|社$|支队|大队|"
    r"\b(?:co|ltd|inc|corp|company|group|llc)\b\.?",
    re.IGNORECASE,
)
_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_BETWEEN_NAMES = re.compile(r"[\s·•・．.‧]+")
_MANAGERS = {"policy": frozenset({"remark"})}  # of a policy the list is the authority, else the person
# a status further down stands against one further up that a list still gives
_ORDER = {"in_force": 0, "lapsed": 1, "matured": 1, "surrendered": 2, "renewed": 3, "converted": 3}


def is_organisation(name: str | None, type_: str | None, credit_code: str | None, resident: bool) -> bool:
    """Whether a row speaks of an organisation: its own word first, then its numbers, then its name."""
    if type_ is not None:
        return type_ == "organisation"
    if credit_code is not None:
        return True
    return not resident and name is not None and len(name) > 4 and _ORGANISATION.search(name) is not None


def looks_like_credit_code(number: str) -> bool:
    """18 signs of a credit code that are no resident ID; lists have one column for both."""
    return _CODE.fullmatch(number) is not None and identity.id_birth(number) is None and not number.isdigit()


def status_stands(old: str | None, new: str | None) -> bool:
    """Whether the status in the book stands against the list's: a list that still says 有效 never undoes 已转保."""
    return old is not None and new is not None and _ORDER.get(old, 0) > _ORDER.get(new, 0)


def is_own(kind: str, field: str) -> bool:
    """Whether a person's own value of a field stands against the list's; of policies the list is the authority."""
    return kind not in _MANAGERS or field in _MANAGERS[kind]


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two names may be the same one written differently: blanks, dots, case, characters hidden by a star."""
    if one is None or other is None or one == other:
        return True
    bare = [_BETWEEN_NAMES.sub("", half_width(name)).casefold() for name in (one, other)]
    return len(bare[0]) == len(bare[1]) and all(a == b or "*" in (a, b) for a, b in zip(*bare, strict=True))


def derived(id_number: str | None) -> dict[str, Any]:
    """Birth date and sex that a resident ID tells."""
    if id_number is None or (born := identity.id_birth(id_number)) is None:
        return {}
    order = id_number[16] if len(id_number) == 18 else id_number[14]
    return {"birth_on": born, "sex": "male" if int(order) % 2 else "female"}
