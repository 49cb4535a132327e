"""The key file beside the book: two copies, each written atomically one after the other, authenticated."""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fieldcrm.base import files
from fieldcrm.base.errors import Environment, define
from fieldcrm.base.i18n import N_
from fieldcrm.base.vault import slots
from fieldcrm.base.vault.seal import canonical
from fieldcrm.base.vault.slots import Slot

FORMAT = 1
NAMES = ("vault-1.json", "vault-2.json")

VAULT_MISSING = define("vault_missing", N_("There is no book in this folder yet."))
VAULT_DAMAGED = define("vault_damaged", N_("Both copies of the key file are damaged. Restore a backup."))
VAULT_NEWER = define("vault_newer", N_("A newer version of the program wrote the key file. Update the program."))
VAULT_FOLDER = define("vault_folder", N_("The key file cannot be written in this folder."))


@dataclass(frozen=True)
class Sidecar:
    """What a key file says. `device` holds public keys in hex; `secrets` is encrypted under the master key.

    `mac` is None for a body that was not signed yet.
    """

    book_id: str
    generation: int
    slots: tuple[Slot, ...]
    device: dict[str, str]
    secrets: str
    mac: str | None = field(default=None, compare=False)

    def body(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "book_id": self.book_id,
            "generation": self.generation,
            "slots": list(self.slots),
            "device": self.device,
            "secrets": self.secrets,
        }

    def is_authentic(self, master: bytes) -> bool:
        """Whether the holder of the master key wrote every word of it."""
        return self.mac is not None and hmac.compare_digest(self.mac, _mac(master, self.body()))

    def to_bytes(self, master: bytes) -> bytes:
        """The file's bytes, authenticated under the master key."""
        body = self.body()
        whole = {"body": body, "mac": _mac(master, body), "check": slots.checksum(canonical(body))}
        return json.dumps(whole, ensure_ascii=True, sort_keys=True, indent=1).encode() + b"\n"


def parse(raw: bytes) -> Sidecar | None:
    """A key file's content, None when it is damaged; Environment(vault_newer) for a later format."""
    try:
        whole = json.loads(raw)
        body, mac, check = whole["body"], whole["mac"], whole["check"]
        if check != slots.checksum(canonical(body)) or not isinstance(mac, str):
            return None
        if body["format"] > FORMAT:
            raise Environment(VAULT_NEWER)
        return Sidecar(
            book_id=body["book_id"],
            generation=body["generation"],
            slots=tuple(body["slots"]),
            device=body["device"],
            secrets=body["secrets"],
            mac=mac,
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def exists(folder: Path) -> bool:
    """Whether a folder holds a key file, whole or not."""
    return any((folder / name).exists() for name in NAMES)


def read(folder: Path) -> list[Sidecar]:
    """The whole copies, newest first. Environment `vault_missing`, `vault_damaged`, `vault_newer`."""
    if not exists(folder):
        raise Environment(VAULT_MISSING)
    found = [copy for name in NAMES if (copy := _read_one(folder / name)) is not None]
    if not found:
        raise Environment(VAULT_DAMAGED)
    return sorted(found, key=lambda copy: -copy.generation)


def write(folder: Path, sidecar: Sidecar, master: bytes) -> None:
    """Replace both copies, the older or damaged one first: at every instant one whole copy is on the disk."""
    raw = sidecar.to_bytes(master)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in _older_first(folder):
            files.write(folder / name, raw)
    except OSError as problem:
        raise Environment(files.DISK_FULL if problem.errno == errno.ENOSPC else VAULT_FOLDER) from problem


def is_whole(folder: Path, sidecar: Sidecar) -> bool:
    """Whether both copies say the same as `sidecar`; otherwise it should be written again."""
    return all(_read_one(folder / name) == sidecar for name in NAMES)


def _read_one(path: Path) -> Sidecar | None:
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    return parse(raw)


def _older_first(folder: Path) -> list[str]:
    def age(name: str) -> int:
        copy = _read_one(folder / name)
        return -1 if copy is None else copy.generation

    return sorted(NAMES, key=age)


def _mac(master: bytes, body: dict[str, Any]) -> str:
    key = slots.derive(master, "sidecar mac 1")
    return hmac.new(key, canonical(body), hashlib.sha256).hexdigest()
