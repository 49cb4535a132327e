"""Enrolment: a request from a manager, a grant from the office, accepted by the manager; keys both ways.

Each side reads the twelve digits of the other's fingerprint over the telephone before it trusts the file.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data import audit, journal
from fieldcrm.base.data.journal import Author
from fieldcrm.base.data.store import identify
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.base.vault import seal
from fieldcrm.core.people.tables import Person
from fieldcrm.core.sync import envelope
from fieldcrm.core.sync.envelope import Envelope
from fieldcrm.core.sync.tables import Enrolment, Peer

if TYPE_CHECKING:
    from fieldcrm.core.book import Book

REQUEST, GRANT = "enrol-request", "enrol-grant"
RECOVERY_KEY = "office_recovery"  # the vault's secret that opens the slots of an office

NOT_A_REQUEST = define("enrol.not_a_request", N_("This file is not an enrolment request of an account manager."))
NOT_A_GRANT = define("enrol.not_a_grant", N_("This file is not the office's grant."))
NOT_FOR_US = define("enrol.not_for_us", N_("The grant is for another computer. Send the office a new request."))
ONLY_OFFICE = define("enrol.only_office", N_("Only an office grants enrolments."))
ONLY_MANAGER = define("enrol.only_manager", N_("Only an account manager's book enrols with an office."))
REVOKED = define("enrol.revoked", N_("This computer was revoked; it cannot be enrolled again."))


@dataclass(frozen=True)
class Enrolled:
    """The other side as its file says, and the fingerprint to compare by telephone ("0412 8830 5519")."""

    person_id: str
    person_name: str
    unit_id: str
    unit_name: str
    device: str
    fingerprint: str


def request(book: Book, out: Path) -> str:
    """Write a request workbook; gives our own fingerprint. `Refused(enrol.only_manager)`."""
    if book.store.author.role != "manager":
        raise Refused(ONLY_MANAGER)
    nonce = secrets.token_hex(16)
    book.store.change(_note_request, nonce)
    _write(book, out, REQUEST, {"nonce": nonce}, "登记申请 Enrolment request")
    return book.vault.device.fingerprint


def own_fingerprint(book: Book) -> str:
    """The digits of this computer; takes a tenth of a second."""
    return book.vault.device.fingerprint


def grant(book: Book, source: Path, out: Path) -> Enrolled:
    """Take a manager in and write the grant for it. `Refused` when the file is no sound request."""
    if book.store.author.role != "office":
        raise Refused(ONLY_OFFICE)
    asked = read_file(source, REQUEST, NOT_A_REQUEST)
    peer = _peer(asked.header, "below")
    book.store.change(_take_in, peer)
    recovery = _office_recovery_public(book)
    _write(
        book, out, GRANT,
        {"nonce": asked.header["nonce"], "to": peer.device, "recovery": recovery}, "登记批准 Enrolment grant",
    )  # fmt: skip
    return _enrolled(peer)


def accept(book: Book, source: Path) -> Enrolled:
    """Trust the office of a grant: its keys, our unit, its recovery slot in our vault."""
    if book.store.author.role != "manager":
        raise Refused(ONLY_MANAGER)
    granted = read_file(source, GRANT, NOT_A_GRANT)
    if granted.header.get("to") != book.device:
        raise Refused(NOT_FOR_US)
    peer = _peer(granted.header, "above")
    book.store.change(accept_grant, peer, str(granted.header.get("nonce")))
    book.store.read_identity()
    if not any(slot.kind == "office" for slot in book.vault.slots()):
        book.vault.add_office(bytes.fromhex(granted.header["recovery"]), peer.unit_name)
        book.audit("office_slot_added", peer.unit_id)
    return _enrolled(peer)


def look(source: Path, kind: str) -> Enrolled:
    """Who stands in a request (`kind` request) or a grant (grant): what to compare by telephone before trusting it."""
    wanted, wrong = (REQUEST, NOT_A_REQUEST) if kind == "request" else (GRANT, NOT_A_GRANT)
    return _enrolled(_peer(read_file(source, wanted, wrong).header, ""))


def accept_grant(session: Session, peer: Peer, nonce: str) -> None:
    """Note the office above and become a member of its unit."""
    asked = session.get(Enrolment, nonce)
    if asked is None:
        raise Refused(NOT_FOR_US)
    asked.accepted_at = clock.now()
    journal.lasting(session)
    _keep(session, peer)
    audit.note(session, "enrol", peer.person_id, step="accept", device=peer.device)
    me = journal.author(session)
    identify(session, Author(me.person_id, me.device, peer.unit_id, me.role, me.person_name, peer.unit_name))
    session.get_one(Person, me.person_id).unit_id = peer.unit_id


def _note_request(session: Session, nonce: str) -> None:
    session.add(Enrolment(nonce=nonce, requested_at=clock.now()))
    audit.note(session, "enrol", step="request")


def _take_in(session: Session, peer: Peer) -> None:
    known = session.get(Peer, peer.device)
    if known is not None and known.revoked_at is not None:
        raise Refused(REVOKED)
    peer.unit_id, peer.unit_name = journal.author(session).unit_id, journal.author(session).unit_name
    _keep(session, peer)
    audit.note(session, "enrol", peer.person_id, step="grant", device=peer.device)


def _keep(session: Session, peer: Peer) -> None:
    known = session.get(Peer, peer.device)
    if known is not None:
        peer.acked, peer.audit_head = known.acked, known.audit_head
    session.merge(peer)


def _write(book: Book, out: Path, kind: str, more: dict[str, Any], title: str) -> None:
    me, device = book.store.author, book.vault.device
    header = {"kind": kind, "at": clock.now().isoformat(), "from": sender(book), **more}
    signed = envelope.make(header, b"", device.sign)
    write_file(out, signed, title, f"{me.person_name} · {me.unit_name}", device.fingerprint)


def sender(book: Book) -> dict[str, Any]:
    """Who writes a file: person, unit, and this computer with its public keys."""
    me, device = book.store.author, book.vault.device
    return {
        "device": book.device,
        "person": [me.person_id, me.person_name],
        "unit": [me.unit_id, me.unit_name],
        "signing": device.signing_public.hex(),
        "sealing": device.sealing_public.hex(),
    }


def write_file(out: Path, signed: Envelope, title: str, who: str, digits: str) -> None:
    """The workbook of one step: who wrote it, when, the digits to compare, how to use it; the envelope hidden."""
    readme = [
        (title, ""),
        ("来自 From", who),
        ("时间 When", f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"),
        ("核对码 Fingerprint", digits),
        ("怎么用 How to use", _HOW[signed.header["kind"]]),
    ]
    envelope.write(out, signed, readme, [], title=title)


_HOW = {  # a line each: the spreadsheet does not make a row higher by itself
    "recover-request": "交给机构：机构与人员 → 打开申请，并通过电话核对 12 位核对码。\n"
    "Hand it to the office, which opens it under Units & people and compares the fingerprint by telephone.",
    "recover-grant": "在自己的电脑上：打开页面 → 使用恢复码 → 请机构帮助 → 打开答复。\n"
    "On your own computer: at the unlock page Use the recovery code, Ask your office, Open the answer.",
    "enrol-request": "交给机构：机构与人员 → 打开申请，并通过电话核对 12 位核对码。\n"
    "Hand it to the office, which opens it under Units & people and compares the fingerprint by telephone.",
    "enrol-grant": "在自己的电脑上：同步 → 打开批准文件，并通过电话核对 12 位核对码。\n"
    "On your own computer: Sync, Open the grant, and compare the fingerprint by telephone.",
}


def read_file(source: Path, kind: str, code: str) -> Envelope:
    """The envelope of a file of one step, its signature checked by the key inside; Refused(`code`) for another."""
    found, _ = envelope.read(source)
    try:
        sender = found.header["from"]
        sound = (
            found.header["kind"] == kind
            and len(bytes.fromhex(sender["sealing"])) == 32
            and found.is_signed_by(bytes.fromhex(sender["signing"]))
        )
    except (KeyError, TypeError, ValueError):
        sound = False
    if not sound:
        raise Refused(code)
    return found


def _peer(header: dict[str, Any], relation: str) -> Peer:
    sender = header["from"]
    return Peer(
        device=sender["device"], relation=relation, person_id=sender["person"][0], person_name=sender["person"][1],
        unit_id=sender["unit"][0], unit_name=sender["unit"][1], signing=sender["signing"], sealing=sender["sealing"],
        enrolled_at=clock.now(),
    )  # fmt: skip


def _enrolled(peer: Peer) -> Enrolled:
    digits = seal.fingerprint(bytes.fromhex(peer.signing), bytes.fromhex(peer.sealing))
    return Enrolled(peer.person_id, peer.person_name, peer.unit_id, peer.unit_name, peer.device, digits)


def _office_recovery_public(book: Book) -> str:
    """The public half of the office's recovery key, made at the first grant; the private half stays in its vault."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    kept = book.vault.secret(RECOVERY_KEY)
    key = X25519PrivateKey.from_private_bytes(bytes.fromhex(kept)) if kept else X25519PrivateKey.generate()
    if kept is None:
        book.vault.set_secret(RECOVERY_KEY, key.private_bytes_raw().hex())
    return key.public_key().public_bytes_raw().hex()
