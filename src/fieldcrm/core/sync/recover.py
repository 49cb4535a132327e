"""A forgotten password and a lost recovery code: the office opens its slot and seals the key to the asking computer.

The request needs no password: it carries the office's slot and one-time public keys, whose private halves stay in the
data folder. The office never sees the book; it compares twelve digits by telephone before it answers.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from fieldcrm.base import clock, files, vault
from fieldcrm.base.data import audit, lock
from fieldcrm.base.errors import Environment, Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.base.vault import failures, keys, seal, sidecar, slots
from fieldcrm.core import book as books
from fieldcrm.core.sync import enrol, envelope
from fieldcrm.core.sync.enrol import Enrolled
from fieldcrm.core.sync.tables import Peer

if TYPE_CHECKING:
    from fieldcrm.core.book import Book

FILE = "recover.json"  # the private halves of the keys of a request that waits; gone once it is answered
REQUEST, GRANT = "recover-request", "recover-grant"

NO_OFFICE = define(
    "recover.no_office",
    N_("This book knows no office that could open it. Use the recovery code."),
)
NOT_A_REQUEST = define("recover.not_a_request", N_("This file is not a request for help with a forgotten password."))
NOT_A_GRANT = define("recover.not_a_grant", N_("This file is not the office's answer to a forgotten password."))
NOT_FOR_US = define(
    "recover.not_for_us",
    N_("The answer is not for the last request made here. Send the office a new one."),
)
ONLY_OFFICE = define("recover.only_office", N_("Only an office helps with a forgotten password."))
UNKNOWN = define("recover.unknown", N_("The computer that asks is not enrolled here."))
REVOKED = define("recover.revoked", N_("This computer was revoked; its book stays closed."))
OTHER_KEY = define(
    "recover.other_key", N_("This computer does not hold the key for it; answer it where the manager was enrolled.")
)


@dataclass(frozen=True)
class Recovered:
    """The open book and its new recovery code, told once."""

    book: Book
    recovery_code: str


def request(folder: Path, out: Path) -> str:
    """Write a request for the book in `folder`; gives the twelve digits to read out to the office.

    An earlier request of this folder can no longer be answered. Refused(recover.no_office); Environment.
    """
    book_id, device_id, offices = keys.office_slots(folder)
    if not offices:
        raise Refused(NO_OFFICE)
    public, private = keys.new_device()
    header = {
        "kind": REQUEST,
        "at": clock.now().isoformat(),
        "nonce": public["id"],
        "book_id": book_id,
        "slots": offices,
        "from": {"device": device_id[16:], "signing": public["signing"], "sealing": public["sealing"]},
    }
    signing = bytes.fromhex(private["signing"])
    digits = seal.fingerprint(bytes.fromhex(public["signing"]), bytes.fromhex(public["sealing"]))
    try:
        files.write(folder / FILE, json.dumps(public | {"private": private["sealing"]}).encode())
        (folder / FILE).chmod(0o600)
    except OSError as problem:
        raise Environment(sidecar.VAULT_FOLDER) from problem
    failures.note(folder, "recover:request")
    sealed = envelope.make(header, b"", lambda domain, message: seal.sign(signing, domain, message))
    enrol.write_file(out, sealed, "忘记密码求助 Forgotten password", offices[0]["params"].get("name", ""), digits)
    return digits


def waiting(folder: Path) -> str | None:
    """The digits of the request that waits in a folder, to be read out again; None when none waits."""
    try:
        asked = _waiting(folder)
        return seal.fingerprint(bytes.fromhex(asked["signing"]), bytes.fromhex(asked["sealing"]))
    except (Refused, LookupError, ValueError):
        return None


def look(book: Book, source: Path) -> Enrolled | None:
    """Who asks in a request, as this office knows the computer, and the digits to compare; None for other files.

    Refused `recover.unknown`, `recover.revoked`.
    """
    try:
        found = enrol.read_file(source, REQUEST, NOT_A_REQUEST)
    except Refused as refused:
        if refused.code == NOT_A_REQUEST:
            return None
        raise
    return book.store.read(_asking, found.header)


def grant(book: Book, source: Path, out: Path) -> Enrolled:
    """Open the office's slot and seal the key to the one-time key of the request; noted in the audit log.

    Refused `recover.only_office`, `recover.not_a_request`, `recover.unknown`, `recover.revoked`, `recover.other_key`.
    """
    if book.store.author.role != "office":
        raise Refused(ONLY_OFFICE)
    asked = enrol.read_file(source, REQUEST, NOT_A_REQUEST).header
    who = book.store.read(_asking, asked)
    book_id, nonce = str(asked["book_id"]), str(asked["nonce"])
    body = seal.seal(
        _master(book, book_id, asked["slots"]), bytes.fromhex(asked["from"]["sealing"]), _context(book_id, nonce)
    )
    book.store.change(_note_grant, who)
    header = {"kind": GRANT, "at": clock.now().isoformat(), "nonce": nonce, "from": enrol.sender(book)}
    enrol.write_file(
        out, envelope.make(header, body, book.vault.device.sign), "忘记密码答复 Answer to a forgotten password",
        f"{book.store.author.person_name} · {book.store.author.unit_name}", who.fingerprint,
    )  # fmt: skip
    return who


def accept(folder: Path, source: Path, password: str, what: str = "command") -> Recovered:
    """Open the book by the office's answer, with a new password and a new recovery code; gives it open for writing.

    Raises InvalidField(password), Refused `recover.not_a_grant`, `recover.not_for_us`, `wrong_office_key`, Environment.
    """
    vault.check_password(password)
    answer = enrol.read_file(source, GRANT, NOT_A_GRANT)
    asked = _waiting(folder)
    if answer.header.get("nonce") != asked["id"]:
        raise Refused(NOT_FOR_US)
    book_id, _device, _slots = keys.office_slots(folder)
    try:
        master = seal.open_sealed(answer.body, bytes.fromhex(asked["private"]), _context(book_id, asked["id"]))
    except Refused:
        raise Refused(slots.WRONG_OFFICE_KEY) from None
    with lock.writing(folder):
        opened = keys.reopen(folder, master)
        opened.change_password(password)
        code = opened.new_recovery_code()
        opened.lock()
    with suppress(OSError):
        (folder / FILE).unlink()
    book = books.unlock(folder, password=password, writing=what)
    book.audit("recover", step="accept")
    return Recovered(book, code)


def _waiting(folder: Path) -> dict[str, str]:
    """The one-time keys of the request that waits in a folder."""
    try:
        found: dict[str, str] = json.loads((folder / FILE).read_bytes())
        if {"id", "private"} <= found.keys():
            return found
    except (OSError, ValueError, AttributeError):
        pass
    raise Refused(NOT_FOR_US)


def _asking(session: Session, asked: dict[str, Any]) -> Enrolled:
    sender = asked["from"]
    peer = session.get(Peer, str(sender["device"]))
    if peer is None or peer.relation != "below":
        raise Refused(UNKNOWN)
    if peer.revoked_at is not None:
        raise Refused(REVOKED)
    digits = seal.fingerprint(bytes.fromhex(sender["signing"]), bytes.fromhex(sender["sealing"]))
    return Enrolled(peer.person_id, peer.person_name, peer.unit_id, peer.unit_name, peer.device, digits)


def _note_grant(session: Session, who: Enrolled) -> None:
    audit.note(session, "recover", who.person_id, step="grant", device=who.device)


def _master(book: Book, book_id: str, offered: list[slots.Slot]) -> bytes:
    """The key inside the slot that is ours. The slots of a file may be of any shape: none that fits is refused."""
    private = book.vault.secret(enrol.RECOVERY_KEY)
    for slot in offered if private else ():
        with suppress(LookupError, TypeError, ValueError):
            master = slots.open_office(book_id, slot, bytes.fromhex(private or ""))
            if master is not None and len(master) == 32:
                return master
    raise Refused(OTHER_KEY)


def _context(book_id: str, nonce: str) -> bytes:
    return seal.canonical(["fieldcrm recover 1", book_id, nonce])
