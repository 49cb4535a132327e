"""Sealing to a receiver (HPKE), signing with a domain, fingerprints, and the bytes that are hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fieldcrm.base.canonical import strict
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hpke import Suite

SEALED_FOR_ANOTHER = define(
    "sealed_for_another", N_("This was sealed for another receiver, or was changed on the way.")
)

_SIGN = b"fieldcrm sign 1\0"
_COMMIT = b"fieldcrm commit 1\0"
_FINGERPRINT = b"fieldcrm fingerprint 1\0"


def canonical(value: Any) -> bytes:
    """JSON as bytes that are equal for equal values: sorted keys, no blanks, UTF-8, no NaN."""
    return strict(value).encode()


def framed(parts: Sequence[bytes]) -> bytes:
    """Parts joined with their lengths, so that no two lists of parts give the same bytes."""
    return b"".join(len(part).to_bytes(8) + part for part in parts)


def seal(payload: bytes, receiver_public: bytes, context: bytes) -> bytes:
    """`payload` readable only by the holder of the X25519 key; `context` (public) must be equal at opening.

    HPKE base mode: X25519, HKDF-SHA256, AES-256-GCM. It hides and protects, it does not say who sealed: sign as well.
    """
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    return _suite().encrypt(payload, X25519PublicKey.from_public_bytes(receiver_public), context)


def open_sealed(sealed: bytes, receiver_private: bytes, context: bytes) -> bytes:
    """The payload of `seal`; Refused(sealed_for_another) when key, context or bytes do not fit."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    try:
        return _suite().decrypt(sealed, X25519PrivateKey.from_private_bytes(receiver_private), context)
    except (InvalidTag, ValueError) as problem:
        raise Refused(SEALED_FOR_ANOTHER) from problem


def _suite() -> Suite:
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def sign(signing_private: bytes, domain: bytes, message: bytes) -> bytes:
    """The Ed25519 signature (64 bytes) over domain tag + message; `domain` names the kind of message."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(signing_private).sign(_signed(domain, message))


def verify(signing_public: bytes, domain: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is the key's, over this domain and message."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(signing_public).verify(signature, _signed(domain, message))
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed(domain: bytes, message: bytes) -> bytes:
    return _SIGN + framed([domain, message])


def fingerprint(signing_public: bytes, sealing_public: bytes) -> str:
    """Twelve digits of both public keys to compare by telephone, "0412 8830 5519".

    Stretched (2^17 hashes), so that finding a pair of keys with a given fingerprint costs 2^57 hashes.
    """
    digest = hashlib.pbkdf2_hmac("sha256", framed([signing_public, sealing_public]), _FINGERPRINT, 1 << 17)
    digits = f"{int.from_bytes(digest) % 10**12:012d}"
    return f"{digits[:4]} {digits[4:8]} {digits[8:]}"


def commit(salt: bytes, value: bytes) -> bytes:
    """A 32-byte commitment to a value: says nothing of it while the salt (16 random bytes) is unknown."""
    return hashlib.sha256(_COMMIT + framed([salt, value])).digest()
