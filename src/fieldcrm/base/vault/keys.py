"""The vault of a book: creating it, unlocking it, changing its slots, and the keys held while it is open."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from fieldcrm.base import ids, paths
from fieldcrm.base.errors import Environment, Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.base.vault import failures, recovery, seal, sidecar, slots
from fieldcrm.base.vault.failures import Failures
from fieldcrm.base.vault.sidecar import Sidecar
from fieldcrm.base.vault.slots import Slot

VAULT_LOCKED = define("vault_locked", N_("The book is locked."))
LAST_SLOT = define("last_slot", N_("A book keeps at least a password and a recovery code."))


@dataclass(frozen=True)
class Device:
    """This device's identity: public keys (32 bytes each) to hand out, private ones to use."""

    id: str  # 32 hex digits; stamps name the device by the last 16, which are random
    signing_public: bytes
    sealing_public: bytes
    _signing: bytes = field(repr=False)
    _sealing: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """Twelve digits to compare by telephone."""
        return seal.fingerprint(self.signing_public, self.sealing_public)

    def sign(self, domain: bytes, message: bytes) -> bytes:
        """Ed25519 signature over domain tag + message."""
        return seal.sign(self._signing, domain, message)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """What was sealed to this device; Refused(sealed_for_another)."""
        return seal.open_sealed(sealed, self._sealing, context)


@dataclass(frozen=True)
class SlotInfo:
    """A way into the book, without its secrets."""

    id: str
    kind: str  # "password" | "recovery" | "office"
    name: str


class Vault:
    """An unlocked vault. Keys are kept only here and only until `lock`."""

    def __init__(self, folder: Path, state: Sidecar, master: bytes) -> None:
        self.folder = folder
        self._state = state
        self._master: bytes | None = master
        self._device: Device | None = None

    def __repr__(self) -> str:
        return f"Vault(book_id={self.book_id!r}, locked={self.locked})"

    @property
    def book_id(self) -> str:
        return self._state.book_id

    @property
    def device_id(self) -> str:
        return self._state.device["id"]

    @property
    def locked(self) -> bool:
        return self._master is None

    @property
    def master(self) -> bytes:
        """The key that the slots wrap; all others follow from it. Refused(vault_locked)."""
        if self._master is None:
            raise Refused(VAULT_LOCKED)
        return self._master

    @property
    def data_key(self) -> bytes:
        """The raw 32-byte key of the book file."""
        return slots.derive(self.master, "data 1")

    @property
    def backup_key(self) -> bytes:
        """The raw 32-byte key of this book's backups."""
        return slots.derive(self.master, "backup 1")

    @property
    def device(self) -> Device:
        """This device's keys."""
        if self._master is None:
            raise Refused(VAULT_LOCKED)
        if self._device is None:
            known = self._secrets()
            self._device = Device(
                id=self.device_id,
                signing_public=bytes.fromhex(self._state.device["signing"]),
                sealing_public=bytes.fromhex(self._state.device["sealing"]),
                _signing=bytes.fromhex(known["signing"]),
                _sealing=bytes.fromhex(known["sealing"]),
            )
        return self._device

    @property
    def sidecar(self) -> Sidecar:
        """The key file as it stands, for a backup to take along."""
        return self._state

    def lock(self) -> None:
        """Drop the keys; every later use raises Refused(vault_locked)."""
        self._master = None
        self._device = None

    def slots(self) -> tuple[SlotInfo, ...]:
        return tuple(SlotInfo(s["id"], s["kind"], s["params"].get("name", "")) for s in self._state.slots)

    def secret(self, name: str) -> str | None:
        """A secret kept in the vault (the address of an office database, say); None when there is none."""
        return self._secrets().get("own " + name)

    def set_secret(self, name: str, value: str | None) -> None:
        """Keep a secret in the vault, or forget it (None)."""
        known = self._secrets()
        known.pop("own " + name, None)
        if value is not None:
            known["own " + name] = value
        self._save(replace(self._state, secrets=_pack(self.book_id, self.master, known)))

    def change_password(self, new: str) -> None:
        """Rewrap the password slot; the book itself is not touched. The old password stops working at once."""
        fresh = slots.by_password(self.book_id, self.master, new)
        self._save(self._with("password", fresh))

    def new_recovery_code(self) -> str:
        """A fresh code to print; the one before stops working."""
        code, secret = recovery.new()
        self._save(self._with("recovery", slots.by_recovery(self.book_id, self.master, secret)))
        return code

    def add_office(self, office_public: bytes, name: str = "") -> str:
        """Let the office's X25519 recovery key open the book too; gives the slot's id."""
        fresh = slots.by_office(self.book_id, self.master, office_public, name)
        self._save(replace(self._state, slots=(*self._state.slots, fresh)))
        return fresh["id"]

    def remove_slot(self, slot_id: str) -> None:
        """Take an office slot away; Refused(last_slot) for the password or the recovery code."""
        kept = tuple(s for s in self._state.slots if s["id"] != slot_id)
        if not {"password", "recovery"} <= {s["kind"] for s in kept}:
            raise Refused(LAST_SLOT)
        self._save(replace(self._state, slots=kept))

    def failures(self) -> Failures:
        """The failed unlocks since `forget_failures`, for the audit log to fold in."""
        return failures.read(self.folder, self.master)

    def forget_failures(self) -> None:
        """Begin an empty list of failed unlocks, once the last one is in the audit log."""
        with suppress(OSError):
            failures.start(self.folder, self.master)

    def with_new_master(self, password: str) -> tuple[Vault, str]:
        """A vault of the same book and device under a fresh master key, not yet saved, and its recovery code."""
        master = secrets.token_bytes(32)
        code, code_secret = recovery.new()
        offices = [
            slots.by_office(self.book_id, master, bytes.fromhex(s["params"]["public"]), s["params"]["name"])
            for s in self._state.slots
            if s["kind"] == "office"
        ]
        own = slots.by_password(self.book_id, master, password), slots.by_recovery(self.book_id, master, code_secret)
        state = replace(
            self._state,
            generation=self._state.generation + 1,
            slots=(*own, *offices),
            secrets=_pack(self.book_id, master, self._secrets()),
        )
        return Vault(self.folder, state, master), code

    def save(self) -> None:
        """Write the key file as it stands (a fresh vault, one out of a backup) and begin a list of failed unlocks."""
        sidecar.write(self.folder, self._state, self.master)
        failures.start(self.folder, self.master)

    def _with(self, kind: str, fresh: Slot) -> Sidecar:
        return replace(self._state, slots=(*(s for s in self._state.slots if s["kind"] != kind), fresh))

    def _save(self, state: Sidecar) -> None:
        state = replace(state, generation=self._state.generation + 1)
        sidecar.write(self.folder, state, self.master)
        self._state = state

    def _secrets(self) -> dict[str, str]:
        plain = slots.decrypt(slots.derive(self.master, "secrets 1"), self._state.secrets, _bound(self.book_id))
        if plain is None:
            raise Refused(slots.VAULT_TAMPERED)
        known: dict[str, str] = json.loads(plain)
        return known


def create(folder: Path, password: str, book_id: str | None = None) -> tuple[Vault, str]:
    """A new vault with fresh keys in `folder`, and the recovery code to print once.

    Refused(vault_exists); InvalidField(password); Environment(vault_folder).
    """
    if sidecar.exists(folder):
        raise Refused(paths.BOOK_EXISTS)
    book_id, master = book_id or ids.new(), secrets.token_bytes(32)
    code, code_secret = recovery.new()
    device, private = new_device()
    state = Sidecar(
        book_id=book_id,
        generation=1,
        slots=(slots.by_password(book_id, master, password), slots.by_recovery(book_id, master, code_secret)),
        device=device,
        secrets=_pack(book_id, master, private),
    )
    vault = Vault(folder, state, master)
    vault.save()
    return vault, code


def exists(folder: Path) -> bool:
    """Whether a folder holds a vault."""
    return sidecar.exists(folder)


def book_id_of(folder: Path) -> str | None:
    """Which book a folder's key file belongs to, told without any key; None where none can be read."""
    try:
        return sidecar.read(folder)[0].book_id
    except Environment:
        return None


def unlock(
    folder: Path,
    *,
    password: str | None = None,
    recovery_code: str | None = None,
) -> Vault:
    """The vault opened by exactly one of password or recovery code.

    Refused `wrong_password`, `wrong_recovery_code`, `vault_tampered`;
    InvalidField(recovery_code) when mistyped; Environment as in `sidecar.read`.
    A damaged second copy is mended. A failure is noted for the audit log.
    """
    copies = sidecar.read(folder)
    try:
        vault = open_copies(folder, copies, password=password, recovery_code=recovery_code)
    except Refused:
        failures.note(folder, "password" if password is not None else "recovery")
        raise
    return _mended(vault)


def reopen(folder: Path, master: bytes) -> Vault:
    """The vault opened by its master key, which an office took out of its slot; Refused(wrong_office_key)."""
    copies = sidecar.read(folder)
    for copy in copies:
        if copy.is_authentic(master):
            return _mended(Vault(folder, copy, master))
    failures.note(folder, "office")
    raise Refused(slots.WRONG_OFFICE_KEY)


def office_slots(folder: Path) -> tuple[str, str, list[Slot]]:
    """What an office needs to open a book, told without any key: book id, device id, the slots sealed to offices."""
    newest = sidecar.read(folder)[0]
    return newest.book_id, newest.device["id"], [slot for slot in newest.slots if slot["kind"] == "office"]


def _mended(vault: Vault) -> Vault:
    folder = vault.folder
    if not sidecar.is_whole(folder, vault.sidecar):
        with suppress(Environment):  # a folder that cannot be written can still be read
            sidecar.write(folder, vault.sidecar, vault.master)
    return vault


def open_copies(
    folder: Path,
    copies: list[Sidecar],
    *,
    password: str | None = None,
    recovery_code: str | None = None,
) -> Vault:
    """As `unlock`, from key files in hand (newest first); writes nothing."""
    kind, wrong, opener = _opener(password, recovery_code)
    state, master = _open_first(copies, kind, wrong, opener)
    return Vault(folder, state, master)


Opener = Callable[[str, Slot], bytes | None]


def _opener(password: str | None, recovery_code: str | None) -> tuple[str, str, Opener]:
    if password is not None:
        return "password", slots.WRONG_PASSWORD, lambda book, slot: slots.open_password(book, slot, password)
    if recovery_code is None:
        raise ValueError("a password or a recovery code")
    secret = recovery.read(recovery_code)
    return "recovery", slots.WRONG_RECOVERY_CODE, lambda book, slot: slots.open_recovery(book, slot, secret)


def _open_first(copies: list[Sidecar], kind: str, wrong: str, opener: Opener) -> tuple[Sidecar, bytes]:
    """The newest authentic copy that opens. An older one counts only when the newer was tampered with,
    not when the password was changed since."""
    tampered = False
    for number, copy in enumerate(copies):
        if copy in copies[:number]:
            continue
        try:
            tries = [opener(copy.book_id, slot) for slot in copy.slots if slot["kind"] == kind]
        except (Refused, LookupError, TypeError, ValueError):
            tampered = True
            continue
        for master in tries:
            if master is None or any(newer.is_authentic(master) for newer in copies[:number]):
                continue
            if copy.is_authentic(master):
                return copy, master
            tampered = True
    raise Refused(slots.VAULT_TAMPERED if tampered else wrong)


def new_device() -> tuple[dict[str, str], dict[str, str]]:
    """Fresh signing and sealing keys in hex under an id: the public halves, and the private ones."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    signing, sealing = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
    public = {
        "id": ids.new(),
        "signing": signing.public_key().public_bytes_raw().hex(),
        "sealing": sealing.public_key().public_bytes_raw().hex(),
    }
    return public, {"signing": signing.private_bytes_raw().hex(), "sealing": sealing.private_bytes_raw().hex()}


def _pack(book_id: str, master: bytes, known: dict[str, str]) -> str:
    return slots.encrypt(slots.derive(master, "secrets 1"), json.dumps(known).encode(), _bound(book_id))


def _bound(book_id: str) -> bytes:
    return b"fieldcrm secrets 1 " + book_id.encode()
