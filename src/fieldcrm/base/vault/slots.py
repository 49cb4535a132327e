"""Key slots: the book's master key wrapped by a password, by the recovery code, or to the office's key."""

from __future__ import annotations

import base64
import hashlib
import secrets
import unicodedata
from typing import Any, TypedDict

from fieldcrm.base import ids
from fieldcrm.base.errors import InvalidField, Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.base.vault import seal

MEMORY_KIB, ITERATIONS, LANES = 64 * 1024, 3, 4
_CEILING = (1024 * 1024, 16, 16)  # above it a forged file would only stall the machine

SHORTEST = 8  # characters of a new password
PASSWORD_EMPTY = define("password_empty", N_("Give a password."))
PASSWORD_SHORT = define("password_short", N_("A password has at least {least} characters; a short sentence is best."))
WRONG_PASSWORD = define("wrong_password", N_("The password is wrong."))
WRONG_RECOVERY_CODE = define("wrong_recovery_code", N_("The recovery code belongs to another book."))
WRONG_OFFICE_KEY = define("wrong_office_key", N_("The office's answer does not open this book."))
VAULT_TAMPERED = define("vault_tampered", N_("The key file was changed by something else. Restore a backup."))


class Slot(TypedDict):
    """One way in. `wrapped` (base64) is the master key; everything else is bound to it."""

    id: str
    kind: str  # "password" | "recovery" | "office"
    params: dict[str, Any]
    wrapped: str


def by_password(book_id: str, master: bytes, password: str) -> Slot:
    """A slot opened by the password (Argon2id, 64 MiB, 3 rounds, 4 lanes); InvalidField(password) for a poor one."""
    check_password(password)
    params = {"salt": secrets.token_hex(16), "memory": MEMORY_KIB, "iterations": ITERATIONS, "lanes": LANES}
    return _wrap(book_id, "password", params, _stretch(password, params), master)


def check_password(password: str) -> None:
    """InvalidField(password) where a new password is empty or too short; one in use is never judged."""
    if not password:
        raise InvalidField("password", PASSWORD_EMPTY)
    if len(unicodedata.normalize("NFKC", password)) < SHORTEST:
        raise InvalidField("password", PASSWORD_SHORT, least=SHORTEST)


def by_recovery(book_id: str, master: bytes, secret: bytes) -> Slot:
    """A slot opened by the 20 bytes of a recovery code (160 random bits need no stretching)."""
    params = {"salt": secrets.token_hex(16)}
    return _wrap(book_id, "recovery", params, _from_code(secret, params), master)


def by_office(book_id: str, master: bytes, office_public: bytes, name: str = "") -> Slot:
    """A slot opened by the office's X25519 recovery key; `name` is a word of the office, never a person's."""
    params = {"public": office_public.hex(), "name": name}
    slot = Slot(id=ids.new(), kind="office", params=params, wrapped="")
    slot["wrapped"] = _text(seal.seal(master, office_public, _bound(book_id, slot)))
    return slot


def open_password(book_id: str, slot: Slot, password: str) -> bytes | None:
    """The master key, or None when the password is wrong; Refused(vault_tampered) for weakened parameters."""
    return _unwrap(book_id, slot, _stretch(password, slot["params"]))


def open_recovery(book_id: str, slot: Slot, secret: bytes) -> bytes | None:
    """The master key, or None when the code is another book's."""
    return _unwrap(book_id, slot, _from_code(secret, slot["params"]))


def open_office(book_id: str, slot: Slot, office_private: bytes) -> bytes | None:
    """The master key, or None when the slot is for another office key."""
    try:
        return seal.open_sealed(base64.b64decode(slot["wrapped"]), office_private, _bound(book_id, slot))
    except Refused:
        return None


def encrypt(key: bytes, plain: bytes, bound: bytes) -> str:
    """AES-256-GCM as base64 text; `bound` must be equal at decryption."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(12)
    return _text(nonce + AESGCM(key).encrypt(nonce, plain, bound))


def decrypt(key: bytes, text: str, bound: bytes) -> bytes | None:
    """The plain bytes of `encrypt`, None when key, bytes or binding do not fit."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        raw = base64.b64decode(text, validate=True)
        return AESGCM(key).decrypt(raw[:12], raw[12:], bound)
    except (InvalidTag, ValueError):
        return None


def derive(master: bytes, purpose: str, salt: bytes = b"") -> bytes:
    """A 32-byte key for one purpose (HKDF-SHA256)."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt or None, b"fieldcrm " + purpose.encode()).derive(master)


def _wrap(book_id: str, kind: str, params: dict[str, Any], key: bytes, master: bytes) -> Slot:
    slot = Slot(id=ids.new(), kind=kind, params=params, wrapped="")
    slot["wrapped"] = encrypt(key, master, _bound(book_id, slot))
    return slot


def _unwrap(book_id: str, slot: Slot, key: bytes) -> bytes | None:
    return decrypt(key, slot["wrapped"], _bound(book_id, slot))


def _bound(book_id: str, slot: Slot) -> bytes:
    """What a slot is bound to: its book, kind and parameters; moved or weakened, it no longer opens."""
    return seal.canonical(["fieldcrm slot 1", book_id, slot["id"], slot["kind"], slot["params"]])


def _stretch(password: str, params: dict[str, Any]) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    if not password:
        raise InvalidField("password", PASSWORD_EMPTY)
    asked = (params["memory"], params["iterations"], params["lanes"])
    floor = (MEMORY_KIB, ITERATIONS, LANES)
    if not all(low <= given <= high for low, given, high in zip(floor, asked, _CEILING, strict=True)):
        raise Refused(VAULT_TAMPERED)
    memory, iterations, lanes = asked
    # NFKC: a full-width letter of an input method is the letter
    typed = unicodedata.normalize("NFKC", password).encode()
    kdf = Argon2id(
        salt=bytes.fromhex(params["salt"]), length=32, iterations=iterations, lanes=lanes, memory_cost=memory
    )
    return kdf.derive(typed)


def _from_code(secret: bytes, params: dict[str, Any]) -> bytes:
    return derive(secret, "recovery slot 1", bytes.fromhex(params["salt"]))


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def checksum(body: bytes) -> str:
    """SHA-256 in hex: finds a torn or rotten file before any key is known."""
    return hashlib.sha256(body).hexdigest()
