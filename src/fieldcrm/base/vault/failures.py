"""Failed unlocks, and what readers print, kept while the log cannot be written.

Entries can be added by anyone, not changed or taken away.

Each entry is authenticated with a key that is then replaced by its hash, so that whoever comes later can
neither rewrite nor shorten the list. Only the master key gives the first key, to check them all.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fieldcrm.base import clock, files
from fieldcrm.base.vault import slots
from fieldcrm.base.vault.seal import canonical

NAME = "unlock-log.json"
LIMIT = 500  # later failures are not written any more, so that the file stays small


@dataclass(frozen=True)
class Failure:
    """One failed unlock: when, and how it was tried ("password", "recovery", "office"); or "print:visit_plan"."""

    at: datetime
    how: str


@dataclass(frozen=True)
class Failures:
    """What happened since the last fold. Not `intact`: the file was changed, cut short or taken away."""

    log_id: str
    entries: tuple[Failure, ...]
    intact: bool


def start(folder: Path, master: bytes) -> None:
    """Begin an empty list (after a fold)."""
    log_id = secrets.token_hex(16)
    _write(folder, {"log": log_id, "key": slots.derive(master, "unlock log 1", log_id.encode()).hex(), "entries": []})


def note(folder: Path, how: str) -> None:
    """Add a failed unlock, or what a reader did ("print:visit_plan").

    Silently nothing where the folder cannot be written or there is no list.
    """
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        log = json.loads((folder / NAME).read_bytes())
        entries, key = log["entries"], bytes.fromhex(log["key"])
        if len(entries) >= LIMIT:
            return
        entry = {"at": clock.now().isoformat(timespec="microseconds"), "how": how}
        entries.append(entry | {"mac": _mac(key, log["log"], len(entries), entry)})
        log["key"] = _next(key).hex()
        _write(folder, log)


def read(folder: Path, master: bytes) -> Failures:
    """The list, checked from its first key on; entries after a broken one are not believed."""
    log_id = ""
    found: list[Failure] = []
    try:
        log = json.loads((folder / NAME).read_bytes())
        log_id = str(log["log"])
        key = slots.derive(master, "unlock log 1", log_id.encode())
        for number, row in enumerate(log["entries"]):
            entry = {"at": row["at"], "how": row["how"]}
            if not hmac.compare_digest(row["mac"], _mac(key, log_id, number, entry)):
                return Failures(log_id, tuple(found), False)
            found.append(Failure(datetime.fromisoformat(row["at"]), row["how"]))
            key = _next(key)
        return Failures(log_id, tuple(found), hmac.compare_digest(log["key"], key.hex()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Failures(log_id, tuple(found), False)


def _write(folder: Path, log: dict[str, Any]) -> None:
    files.write(folder / NAME, json.dumps(log).encode())


def _mac(key: bytes, log_id: str, number: int, entry: dict[str, str]) -> str:
    return hmac.new(key, canonical([log_id, number, entry]), hashlib.sha256).hexdigest()


def _next(key: bytes) -> bytes:
    return hashlib.sha256(b"fieldcrm unlock log next\0" + key).digest()
