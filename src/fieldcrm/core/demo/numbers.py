"""Numbers that pass every check and belong to nobody: a district that does not exist, a mobile range never given."""

from __future__ import annotations

from datetime import date

_NOWHERE = "350199"  # no district of Fuzhou has this code
_UNASSIGNED = "154"  # no operator ever received this range
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION = (3, 7, 9, 10, 5, 8, 4, 2)


def mobile(n: int) -> str:
    """The n-th mobile number, of Fuzhou's look ("154 0591 ••32")."""
    return f"{_UNASSIGNED}{591 + n // 10_000:04}{n % 10_000:04}"


def resident_id(born: date, n: int, female: bool) -> str:
    """A resident ID with a fitting check digit (GB 11643)."""
    order = n * 2 % 1000 + (0 if female else 1)
    head = f"{_NOWHERE}{born:%Y%m%d}{order:03}"
    rest = sum(int(d) * w for d, w in zip(head, _WEIGHTS, strict=True)) % 11
    return head + "10X98765432"[rest]


def credit_code(n: int) -> str:
    """A unified social credit code with both check characters fitting (GB 32100, GB 11714)."""
    body = f"MA{n:06}"
    rest = 11 - sum(_value(c) * w for c, w in zip(body, _ORGANISATION, strict=True)) % 11
    head = f"91{_NOWHERE}{body}{'0' if rest == 11 else 'X' if rest == 10 else rest}"
    total = sum(_SIGNS.index(c) * pow(3, i, 31) for i, c in enumerate(head))
    return head + _SIGNS[(31 - total % 31) % 31]


def _value(sign: str) -> int:
    return int(sign, 36)


def policy_number(year: int, n: int) -> str:
    """A policy number as the core system writes it: year, institution, counter."""
    return f"{year}350199{n:08}"
