"""A package's file opened: sender, signature and receiver judged, the body unsealed, its chains verified."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from fieldcrm.base.data import migrate, wire
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.base.jobs import let_go
from fieldcrm.core.sync import body, envelope, giving_back, values
from fieldcrm.core.sync.envelope import DAMAGED, Envelope
from fieldcrm.core.sync.tables import Peer

if TYPE_CHECKING:
    from fieldcrm.core.book import Book

OWN_PACKAGE = define("package.own", N_("This package was made on this computer: whom it is for imports it."))
UNKNOWN_SENDER = define(
    "package.unknown_sender", N_("The sender is not enrolled here: grant its enrolment request first.")
)
REVOKED_SENDER = define("package.revoked_sender", N_("The sender's computer was revoked; its packages are refused."))
NOT_FOR_US = define("package.not_for_us", N_("The package is for another computer."))


@dataclass
class Opened:
    """A package whose signature and body were judged sound."""

    path: Path
    header: dict[str, Any]
    raw: bytes
    chains: list[wire.SentChain]
    made_at: datetime
    file: str = ""  # `file_id` of where it came from
    holds: dict[str, list[Any]] = field(default_factory=dict)
    audit: dict[str, str] = field(default_factory=dict)
    back: list[wire.SentChain] = field(default_factory=list)  # of our own history, given back
    kept: bytes = b""  # what is kept of it, to be given back

    def let_go(self) -> None:
        """Forget the edits, which are many."""
        for sent in [*self.chains, *self.back]:
            for operation in sent.operations:
                let_go(operation.edits)


def inspect_package(book: Book, path: Path, *, password: str | None = None) -> dict[str, Any]:
    """The header of a package and whether its signature is that of an enrolled device; nothing is decrypted."""
    found, _ = envelope.read(path, password=password)
    peer = book.store.read(claimed, found.header)
    signature = "unknown" if peer is None else "valid" if found.is_signed_by(bytes.fromhex(peer.signing)) else "invalid"
    return {**found.header, "signature": signature}


def claimed(session: Session, header: dict[str, Any]) -> Peer | None:
    """The enrolled computer that a header names as its sender, whether it is that or not."""
    sender = header.get("from")
    device = sender.get("device") if isinstance(sender, dict) else None
    return session.get(Peer, device) if isinstance(device, str) else None


def open_file(book: Book, path: Path, password: str | None) -> Opened:
    """Read a package's file and judge it."""
    found, _ = envelope.read(path, password=password)
    return replace(open_envelope(book, path, found), file=file_id(path))


def open_envelope(book: Book, path: Path, found: Envelope) -> Opened:
    """Judge sender, signature and receiver, then unseal and verify the chains."""
    header = found.header
    try:
        kind, sender, receiver = header["kind"], header["from"]["device"], header["to"]
        context = f"fieldcrm package {header['id']}".encode()
        sealed, number, made_at = header["sealed"], header["number"], datetime.fromisoformat(header["at"])
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(envelope.NOT_A_PACKAGE) from error
    if kind != "package" or not isinstance(sender, str):
        raise Refused(envelope.NOT_A_PACKAGE)
    if sender == book.device:
        raise Refused(OWN_PACKAGE)
    peer = book.store.read(lambda s: s.get(Peer, sender))
    if peer is None:
        raise Refused(UNKNOWN_SENDER)
    if peer.revoked_at is not None:
        raise Refused(REVOKED_SENDER)
    if not found.is_signed_by(bytes.fromhex(peer.signing)):
        raise Refused(envelope.BAD_SIGNATURE)
    if receiver != book.device:
        raise Refused(NOT_FOR_US)
    sound = isinstance(header["id"], str) and len(header["id"]) == 32 and type(number) is int and 0 < number < 2**31
    if not sound or not wire.is_instant(made_at):
        raise Refused(DAMAGED)
    packed = book.vault.device.open(found.body, context) if sealed else found.body
    inside = _inflate(packed)
    try:
        chains = [wire.unpack(data) for data in inside["chains"]]
        holds, told = dict(inside.get("holds", {})), dict(inside.get("audit", {}))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Refused(DAMAGED) from error
    if not all(wire.is_device(device) and wire.is_head(held) for device, held in holds.items()):
        raise Refused(DAMAGED)
    values.check(chains, header.get("schema") != migrate.HEAD)
    opened = Opened(path, header, found.to_bytes(), chains, made_at, holds=holds, audit=told)
    if peer.relation == "above":
        opened.kept = giving_back.kept(found, inside["chains"], book.device)
    elif book.device != book.store.author.device:  # only a restored office has lost anything
        opened.back = giving_back.read(book, sender, inside.get("back"))
    return opened


def _inflate(packed: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = body.unpack(packed, body.LARGEST)
    except (ValueError, RecursionError) as error:
        raise Refused(DAMAGED) from error
    return found


def name_of(peer: Peer) -> str:
    """Unit and person, as messages call a sender."""
    return f"{peer.unit_name} · {peer.person_name}"


def file_id(path: Path) -> str:
    """The same for the same file: 32 hex digits."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:32]
    except OSError:
        return ""
