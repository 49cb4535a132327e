"""Commitments and links of a device's hash chain (domain-separated SHA-256, hex)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fieldcrm.base.data.codec import canonical, instant_text

GENESIS = "0" * 64


def commitment(
    salt: str, kind: str, record_id: str, stamp: str, after: dict[str, Any], parents: dict[str, list[str]] | None
) -> str:
    """The salted commitment of one edit; erasing `after` and `salt` leaves the chain whole."""
    text = f"fieldcrm.edit.1\n{salt}\n{kind}\n{record_id}\n{stamp}\n{canonical(parents)}\n{canonical(after)}"
    return hashlib.sha256(text.encode()).hexdigest()


def link(
    previous: str,
    *,
    id: str,
    device: str,
    seq: int,
    person_id: str,
    action: str,
    mode: str,
    undoes: str | None,
    at: datetime,
    commitments: Iterable[str],
) -> str:
    """The hash of an operation on top of `previous` (`GENESIS` for a device's first)."""
    head = canonical([previous, id, device, seq, person_id, action, mode, undoes, instant_text(at)])
    digest = hashlib.sha256(f"fieldcrm.operation.1\n{head}\n".encode())
    digest.update("".join(commitments).encode())
    return digest.hexdigest()
