"""Commitments and links of a device's hash chain (domain-separated SHA-256, hex)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from fieldcrm.base.data.codec import canonical, instant_text

GENESIS = "0" * 64


def commitment(salt: str, kind: str, record_id: str, stamp: str, after: str, parents: str | None) -> str:
    """The salted commitment of one edit, `after` and `parents` as their canonical text.

    Erasing `after` and `salt` leaves the chain whole.
    """
    text = f"fieldcrm.edit.1\n{salt}\n{kind}\n{record_id}\n{stamp}\n{parents}\n{after}"
    return hashlib.sha256(text.encode()).hexdigest()


def digest(commitments: Iterable[str]) -> str:
    """One hash over the commitments of an operation's edits, in order."""
    return hashlib.sha256(f"fieldcrm.edits.1\n{''.join(commitments)}".encode()).hexdigest()


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
    rows: int,
    digest: str,
) -> str:
    """The hash of an operation on top of `previous` (`GENESIS` for a device's first)."""
    head = canonical([previous, id, device, seq, person_id, action, mode, undoes, instant_text(at), rows, digest])
    return hashlib.sha256(f"fieldcrm.operation.1\n{head}".encode()).hexdigest()
