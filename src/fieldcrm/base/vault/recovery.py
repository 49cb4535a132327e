"""The printed recovery code: eight groups of four characters and a check character, 160 bits."""

from __future__ import annotations

import secrets
import unicodedata

from fieldcrm.base.errors import InvalidField, define
from fieldcrm.base.i18n import N_

GROUPS = 8
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: without I, L, O, U
_READ = {c: n for n, c in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1, "U": _ALPHABET.index("V")}

CODE_LENGTH = define("recovery_code_length", N_("A recovery code has {groups} groups of 5 characters."))
CODE_TYPO = define("recovery_code_typo", N_("Group {group} of the recovery code is mistyped."))


def new() -> tuple[str, bytes]:
    """A fresh code as printed ("8K2MF-…") and its 20 secret bytes."""
    secret = secrets.token_bytes(20)
    return show(secret), secret


def show(secret: bytes) -> str:
    """The printed form of 20 secret bytes."""
    number = int.from_bytes(secret)
    digits = [number >> (5 * n) & 31 for n in reversed(range(32))]
    groups = []
    for g in range(GROUPS):
        data = digits[4 * g : 4 * g + 4]
        groups.append("".join(_ALPHABET[d] for d in (*data, _check(g, data))))
    return "-".join(groups)


def read(typed: str) -> bytes:
    """The 20 secret bytes of a typed code; blanks, dashes, case, O for 0 and I or L for 1 do not matter.

    Raises InvalidField(recovery_code) naming the group that is mistyped.
    """
    letters = [c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum()]
    if len(letters) != GROUPS * 5:
        raise InvalidField("recovery_code", CODE_LENGTH, groups=GROUPS)
    number = 0
    for g in range(GROUPS):
        digits = [_READ.get(c, -1) for c in letters[5 * g : 5 * g + 5]]
        if -1 in digits or _check(g, digits[:4]) != digits[4]:
            raise InvalidField("recovery_code", CODE_TYPO, group=g + 1)
        for digit in digits[:4]:
            number = number << 5 | digit
    return number.to_bytes(20)


def _check(group: int, data: list[int]) -> int:
    """Weighted sum in GF(32): finds every wrong character, two swapped ones, and groups out of order."""
    total = group
    for place, digit in enumerate(data):
        for _ in range(place + 1):
            digit = digit << 1 ^ (0x25 if digit & 16 else 0)
        total ^= digit
    return total
