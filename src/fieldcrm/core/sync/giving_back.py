"""What an office that was restored lacks of its own history: its managers keep what it signed and give it back.

A package's header names where each chain inside ends, and it is signed. So a manager keeps header, signature and chains
of what its office sent, and the office need not believe the manager: only what it signed itself fits.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base.data import chain, journal, migrate, wire
from fieldcrm.base.data.journal import Author
from fieldcrm.base.data.journal_tables import Edit, Identity, Operation
from fieldcrm.base.data.wire import SentChain, SentEdit, SentOperation
from fieldcrm.base.errors import Refused
from fieldcrm.base.vault import seal
from fieldcrm.core.sync import body, envelope, values
from fieldcrm.core.sync.envelope import Envelope
from fieldcrm.core.sync.tables import Package, Peer

if TYPE_CHECKING:
    from fieldcrm.core.book import Book

_CHUNK = 500


def kept(found: Envelope, chains: Sequence[dict[str, Any]], own: str) -> bytes:
    """What is kept of a package from above, so that its sender can have it back; empty where it brought no history."""
    theirs = [c for c in chains if c["device"] != own and c["operations"]]
    return seal.framed([found.header_bytes, found.signature, body.pack(theirs)]) if theirs else b""


def pieces(session: Session, peer: Peer, behind: Mapping[str, int]) -> list[list[Any]]:
    """What goes back to an office that holds its chains (device to number) only so far: [header, signature, chains]."""
    if not behind:
        return []
    query = select(Package.held).where(
        Package.device == peer.device, Package.direction == "in", Package.state == "merged", Package.held.is_not(None)
    )
    found: list[list[Any]] = []
    for held in session.scalars(query.order_by(Package.made_at, Package.number)):
        header_bytes, signature, packed = envelope.unframed(held or b"")
        said = {c["device"]: c["tip"][0] for c in json.loads(header_bytes)["chains"]}
        wanted = {device for device, number in behind.items() if said.get(device, 0) > number}
        if wanted:
            chains = [c for c in body.unpack(packed, body.LARGEST) if c["device"] in wanted]
            found.append([base64.b64encode(header_bytes).decode(), base64.b64encode(signature).decode(), chains])
    return found


def read(book: Book, sender: str, given: Any) -> list[SentChain]:
    """The chains that a manager's package gives back, each in one; `Refused` unless all of it was signed here."""
    parts: dict[str, list[SentChain]] = {}
    try:
        for header_text, signature, chains in given or ():
            header_bytes = base64.b64decode(header_text, validate=True)
            header = json.loads(header_bytes)
            signed = Envelope(header, header_bytes, base64.b64decode(signature, validate=True), b"")
            ours = signed.is_signed_by(book.vault.device.signing_public) and header["to"] == sender
            if not ours or header["from"]["device"] != book.device:
                raise Refused(envelope.BAD_SIGNATURE)
            said = {c["device"]: (c["base"], c["tip"]) for c in header["chains"]}
            for sent in map(wire.unpack, chains):
                if said.get(sent.device) != ([sent.base_seq, sent.base_hash], list(sent.tip)):
                    raise Refused(wire.BROKEN)
                values.check([sent], header["schema"] != migrate.HEAD)
                parts.setdefault(sent.device, []).append(sent)
    except (KeyError, TypeError, AttributeError, ValueError, binascii.Error) as error:
        raise Refused(wire.BROKEN) from error
    return [_joined(sorted(of_one, key=lambda c: (c.base_seq, c.tip[0]))) for of_one in parts.values()]


def _joined(parts: Sequence[SentChain]) -> SentChain:
    """Parts of a chain as one, as far as they go on from each other."""
    first = parts[0]
    operations = list(first.operations)
    for part in parts[1:]:
        for o in part.operations:
            at = o.seq - first.base_seq - 1
            if at == len(operations) and o.previous == operations[-1].hash:
                operations.append(o)
            elif at < len(operations) and o.hash == operations[at].hash and len(o.edits) > len(operations[at].edits):
                operations[at] = o
    return replace(first, operations=tuple(operations))


def fitting(
    session: Session, back: Sequence[SentChain], own: str
) -> tuple[list[SentChain], list[tuple[SentOperation, SentEdit]]]:
    """Of what is given back: the chains that go on from ours, and edits of known operations that are not here yet.

    Another manager gave those operations back with the edits that it may see. The chain `own`, which is written here
    now, is nobody's to give.
    """
    others = {own, *session.scalars(select(Peer.device))}
    chains: list[SentChain] = []
    late: list[tuple[SentOperation, SentEdit]] = []
    for sent in back:
        _, held = journal.tip(session, sent.device)
        alike = wire.agreed(session, sent)
        if sent.device in others or sent.base_seq > held or alike < min(held, sent.tip[0]):
            continue
        late += _late(session, [o for o in sent.operations if o.seq <= alike])
        if sent.tip[0] > alike:
            chains.append(sent)
    return chains, late


def take_in(session: Session, chains: Sequence[SentChain]) -> None:
    """Know the generations whose chains came back, of which the backup knew nothing, as ours."""
    for sent in chains:
        if session.get(Identity, sent.device) is None:
            me = journal.author(session)
            author = Author(me.person_id, sent.device, me.unit_id, me.role, me.person_name, me.unit_name)
            session.add(Identity(**asdict(author), last_clock=None))


def _late(session: Session, known: Sequence[SentOperation]) -> list[tuple[SentOperation, SentEdit]]:
    found: list[tuple[SentOperation, SentEdit]] = []
    for at in range(0, len(known), _CHUNK):
        some = {o.id: o for o in known[at : at + _CHUNK] if o.edits}
        counted = (
            select(Edit.operation_id, func.count().label("number"))
            .where(Edit.operation_id.in_(some))
            .group_by(Edit.operation_id)
        )
        here = {row.operation_id: row.number for row in session.execute(counted)}
        part = {id: o for id, o in some.items() if here.get(id, 0) < o.rows}
        held = set(session.scalars(select(Edit.commitment).where(Edit.operation_id.in_(part)))) if part else set()
        found += [(o, e) for o in part.values() for e in o.edits if e.commitment not in held]
    return found


def whole(session: Session) -> dict[str, list[Any]]:
    """Of our own chains that came back in part: the last operation before the first of which edits are missing.

    A manager gives back what it may see, the rest as commitments; the others are still to give theirs.
    """
    edits = select(func.count()).where(Edit.operation_id == Operation.id).scalar_subquery()
    torn = select(Operation.device, func.min(Operation.seq)).where(
        Operation.import_id.is_not(None), Operation.device.in_(select(Identity.device)), Operation.rows > edits
    )
    found: dict[str, list[Any]] = {}
    for device, seq in session.execute(torn.group_by(Operation.device)):
        before = select(Operation.hash).where(Operation.device == device, Operation.seq == seq - 1)
        found[device] = [seq - 1, session.scalar(before) or chain.GENESIS]
    return found


def put_back(session: Session, sender_holds: Mapping[str, Sequence[Any]], own: str) -> bool:
    """Whether a manager holds of the chain that we write what is not here: our database is an older one."""
    number, hash_ = sender_holds.get(own, (0, ""))
    ours = select(Operation.hash).where(Operation.device == own, Operation.seq == number)
    return bool(number > 0 and session.scalar(ours) != hash_)


def lacking(session: Session, sender_holds: Mapping[str, Sequence[Any]], given: Sequence[SentChain], own: str) -> bool:
    """Whether a manager holds more of our earlier generations than we do with what it gives back."""
    coming = {sent.device: sent.tip[0] for sent in given}
    for device in session.scalars(select(Identity.device)):
        if device != own and device in sender_holds:
            here = max(journal.tip(session, device)[1], coming.get(device, 0))
            if sender_holds[device][0] > here:
                return True
    return False
