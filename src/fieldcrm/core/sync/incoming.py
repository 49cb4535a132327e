"""Packages that come in: gate, signature, authority, merge, all in one transaction; what cannot yet is held.

A refused package leaves no trace but its line in the register.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, ids
from fieldcrm.base.data import audit, journal, merge, wire
from fieldcrm.base.data.hlc import instant_of
from fieldcrm.base.data.journal_tables import Import, Operation
from fieldcrm.base.data.schema import record_tables
from fieldcrm.base.errors import FieldcrmError, Refused, define
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress, without_collector
from fieldcrm.core.sync import authority, body, deciding, envelope
from fieldcrm.core.sync.deciding import Decisions
from fieldcrm.core.sync.envelope import DAMAGED, Envelope
from fieldcrm.core.sync.tables import Package, Peer

if TYPE_CHECKING:
    from fieldcrm.core.book import Book

UNKNOWN_SENDER = define(
    "package.unknown_sender", N_("The sender is not enrolled here: grant its enrolment request first.")
)
REVOKED_SENDER = define("package.revoked_sender", N_("The sender's computer was revoked; its packages are refused."))
NOT_FOR_US = define("package.not_for_us", N_("The package is for another computer."))
GAP = define("package.gap", N_("Package {missing} from {name} is missing; this one waits for it."))
FORKED = define(
    "package.forked",
    N_("The computer of {name} was restored or copied: its history differs from what arrived before. It waits."),
)
AUDIT_CUT = define(
    "package.audit_cut",
    N_("The audit log of {name} is shorter than before or was rewritten. The package is merged; ask what happened."),
)

READING = N_("Reading {number} of {total}")
MERGING = N_("Merging")
_LARGEST_BODY = 512 * 1024 * 1024


@dataclass(frozen=True)
class Received:
    """What became of one package. `state`: merged, repeated, held or refused (`reason` tells why, in words)."""

    path: Path
    state: str
    number: int = 0
    sender: str = ""
    operations: int = 0
    rows: int = 0
    new: int = 0
    changed: int = 0
    conflicts: int = 0
    code: str = ""
    reason: str = ""
    deleted: int = 0  # of `changed`


@dataclass(frozen=True)
class ChangedCell:
    """A cell the import changes, for the preview: who and when beside old and new (JSON values).

    `conflict`: changed here too, the package's value is the later one; `refusable`: we may keep what stands here.
    """

    kind: str
    record_id: str
    field: str
    old: Any
    new: Any
    person_id: str
    at: datetime
    conflict: bool = False
    refusable: bool = False


@dataclass
class _Opened:
    """A package whose signature and body were judged sound."""

    path: Path
    header: dict[str, Any]
    raw: bytes
    chains: list[wire.SentChain]
    holds: dict[str, list[Any]] = field(default_factory=dict)
    audit: dict[str, str] = field(default_factory=dict)


def inspect_package(book: Book, path: Path, *, password: str | None = None) -> dict[str, Any]:
    """The header of a package and whether its signature is that of an enrolled device; nothing is decrypted."""
    found, _ = envelope.read(path, password=password)
    sender = found.header.get("from", {})
    peer = book.store.read(lambda s: s.get(Peer, sender.get("device", "")))
    signature = "unknown" if peer is None else "valid" if found.is_signed_by(bytes.fromhex(peer.signing)) else "invalid"
    return {**found.header, "signature": signature}


def preview_package(
    book: Book, path: Path, *, password: str | None = None, progress: Progress | None = None
) -> tuple[Received, list[ChangedCell]]:
    """What importing a package would change, cell by cell; nothing is written. Raises what the import refuses with."""
    opened = _open_file(book, path, password)

    def plan(session: Session) -> tuple[Received, list[ChangedCell]]:
        peer = session.get_one(Peer, opened.header["from"]["device"])
        held = _missing(session, peer, opened)
        if held is not None:
            return held, []
        _check(session, peer, book.store.author, opened)
        planned = merge.plan(session, opened.chains, progress)

        def owner(cell: merge.Cell) -> Any:
            return planned.states[cell.record_id].values.get("owner_id")

        clashes = {(record_id, name) for _, record_id, name in planned.conflicts()}
        cells = [
            ChangedCell(
                c.kind, c.record_id, c.field, c.old, c.new, c.person_id, instant_of(c.clock),
                (c.record_id, c.field) in clashes, deciding.may_refuse(book.store.author, c.kind, c.field, owner(c)),
            )
            for c in planned.cells()
        ]  # fmt: skip
        return _received(opened, planned, peer, "merged" if planned.operations else "repeated"), cells

    return book.store.read(plan)


@without_collector()
def import_packages(
    book: Book,
    paths: Sequence[Path],
    *,
    password: str | None = None,
    progress: Progress | None = None,
    decided: Decisions | None = None,
) -> list[Received]:
    """Bring packages in, all in one transaction; one that is refused or held does not keep back the others.

    `decided` says what was decided in the preview. Held ones are tried again after each import. Raises `Cancelled`
    (nothing was changed), `Environment`.
    """
    progress = progress or Progress()
    opened: list[_Opened] = []
    results: list[Received] = []
    for number, path in enumerate(paths, 1):
        progress.begin(gettext(READING).format(number=number, total=len(paths)))
        try:
            opened.append(_open_file(book, path, password))
        except FieldcrmError as error:
            results.append(Received(path, "refused", code=error.code, reason=error.sentence))
            book.audit("import", state="refused", code=error.code)
    opened.sort(key=lambda o: (o.header["from"]["device"], o.header["number"]))
    if opened:
        progress.begin(gettext(MERGING))
        done, _ = book.store.change(import_opened, book, opened, progress, decided or {})
        results.extend(done)
    order = {path: n for n, path in enumerate(paths)}
    return sorted(results, key=lambda r: order[r.path])


def import_opened(
    session: Session, book: Book, opened: Sequence[_Opened], progress: Progress, decided: Decisions
) -> list[Received]:
    """Merge opened packages and those held before that now fit, as one import; then what was decided in the preview."""
    here = deciding.values_here(session, decided)
    device = journal.author(session).device
    batch = Import(id=ids.new(), at=clock.now(), device=device, after_seq=journal.tip(session, device)[1])
    results = [_take(session, book, o, batch, progress) for o in opened]
    if any(r.state == "merged" for r in results):
        _retry_held(session, book, batch, progress)
        session.add(batch)
        deciding.settle(session, decided, here)
    return results


def _retry_held(session: Session, book: Book, batch: Import, progress: Progress) -> None:
    again = True
    while again:
        again = False
        for row in session.scalars(select(Package).where(Package.state == "held").order_by(Package.number)).all():
            try:
                opened = _open(book, Path(), Envelope.from_bytes(row.held or b""))
            except FieldcrmError as error:
                if error.code != NOT_FOR_US:  # else another computer of this office waits with it
                    row.state, row.reason, row.held = "refused", error.code, None  # its sender was revoked since
                continue
            again = _take(session, book, opened, batch, progress).state == "merged" or again


def _open_file(book: Book, path: Path, password: str | None) -> _Opened:
    found, _ = envelope.read(path, password=password)
    return _open(book, path, found)


def _open(book: Book, path: Path, found: Envelope) -> _Opened:
    """Judge sender, signature and receiver, then unseal and verify the chains."""
    header = found.header
    try:
        kind, sender, receiver = header["kind"], header["from"]["device"], header["to"]
        context = f"fieldcrm package {header['id']}".encode()
        sealed = header["sealed"]
    except (KeyError, TypeError) as error:
        raise Refused(envelope.NOT_A_PACKAGE) from error
    if kind != "package":
        raise Refused(envelope.NOT_A_PACKAGE)
    peer = book.store.read(lambda s: s.get(Peer, sender))
    if peer is None:
        raise Refused(UNKNOWN_SENDER)
    if peer.revoked_at is not None:
        raise Refused(REVOKED_SENDER)
    if not found.is_signed_by(bytes.fromhex(peer.signing)):
        raise Refused(envelope.BAD_SIGNATURE)
    if receiver != book.store.author.device:
        raise Refused(NOT_FOR_US)
    packed = book.vault.device.open(found.body, context) if sealed else found.body
    inside = _inflate(packed)
    try:
        chains = [wire.unpack(data) for data in inside["chains"]]
        return _Opened(path, header, found.to_bytes(), chains, inside.get("holds", {}), dict(inside.get("audit", {})))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Refused(DAMAGED) from error


def _inflate(packed: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = body.unpack(packed, _LARGEST_BODY)
    except ValueError as error:
        raise Refused(DAMAGED) from error
    return found


def _take(session: Session, book: Book, opened: _Opened, batch: Import, progress: Progress) -> Received:
    """Merge one package, or hold or refuse it, and register what became of it."""
    peer = session.get_one(Peer, opened.header["from"]["device"])
    held = _missing(session, peer, opened)
    if held is not None:
        return _register(session, opened, held, peer, batch)
    try:
        _check(session, peer, book.store.author, opened)
        planned = merge.plan(session, opened.chains, progress)
    except FieldcrmError as error:
        refused = Received(
            opened.path, "refused", opened.header["number"], _name(peer), code=error.code, reason=error.sentence
        )
        return _register(session, opened, refused, peer, batch, error)
    merge.write(session, planned, batch.id)
    cut = _audit_cut(session, peer, opened)
    _acknowledge(session, peer, opened)
    state = "merged" if planned.operations else "repeated"
    received = _received(opened, planned, peer, state)
    if cut is not None:
        received = replace(received, code=cut.code, reason=cut.sentence)
    return _register(session, opened, received, peer, batch, cut)


def _is_head(told: Any) -> bool:
    return isinstance(told, list) and [type(part) for part in told] == [int, str]


def _audit_cut(session: Session, peer: Peer, opened: _Opened) -> Refused | None:
    """A mark when the sender's audit log does not go on from where its newest package before ended."""
    told: list[Any] = opened.header.get("audit") or []
    known = peer.audit_head
    if opened.header["number"] <= _last_number(session, peer.device) or not _is_head(told):
        return None  # an older one that comes late, or brought again
    peer.audit_head = told
    if known is None:
        return None
    went_on = told == known if told[0] == known[0] else known[0] == 0 or opened.audit.get(str(known[0])) == known[1]
    return None if went_on and told[0] >= known[0] else Refused(AUDIT_CUT, name=_name(peer))


def _check(session: Session, peer: Peer, me: journal.Author, opened: _Opened) -> None:
    authority.check(session, peer, me.person_id, me.device, opened.chains)


def _missing(session: Session, peer: Peer, opened: _Opened) -> Received | None:
    """The package must build on what is held; otherwise the gap is named and it waits."""
    for sent in opened.chains:
        _, held_seq = journal.tip(session, sent.device)
        if sent.base_seq > held_seq:
            missing = _last_number(session, peer.device) + 1
            error = Refused(GAP, missing=missing, name=_name(peer))
        elif _differs(session, sent, held_seq):
            error = Refused(FORKED, name=_name(peer))
        else:
            continue
        return Received(
            opened.path, "held", opened.header["number"], _name(peer), code=error.code, reason=error.sentence
        )
    return None


def _differs(session: Session, sent: wire.SentChain, held_seq: int) -> bool:
    """Whether the chain we hold says something else where the package's begins or overlaps."""
    known = {sent.base_seq: sent.base_hash} | {o.seq: o.hash for o in sent.operations if o.seq <= held_seq}
    known.pop(0, None)
    for seq in {min(known, default=0), max(known, default=0)} - {0}:
        ours = session.scalar(select(Operation.hash).where(Operation.device == sent.device, Operation.seq == seq))
        if ours != known[seq]:
            return True
    return False


def _last_number(session: Session, device: str) -> int:
    query = select(func.max(Package.number)).where(
        Package.device == device, Package.direction == "in", Package.state.in_(["merged", "repeated"])
    )
    return session.scalar(query) or 0


def _acknowledge(session: Session, peer: Peer, opened: _Opened) -> None:
    """Note what the sender holds: its newest package counts, so that it can take back what it no longer holds.

    An older one that comes late never goes behind what was told since.
    """
    told = opened.holds
    if opened.header["number"] > _last_number(session, peer.device):
        peer.acked = dict(told)
        return
    before = peer.acked or {}
    peer.acked = {**before, **{d: v for d, v in told.items() if v[0] >= before.get(d, (0,))[0]}}


def _received(opened: _Opened, planned: merge.Plan, peer: Peer, state: str) -> Received:
    return Received(
        opened.path, state, opened.header["number"], _name(peer), len(planned.operations), len(planned.edits),
        len(planned.created), len(planned.changed), len(planned.conflicts()),
        deleted=sum(_leaves(state) for state in planned.changed),
    )  # fmt: skip


def _leaves(state: merge.State) -> bool:
    """Whether a record moves to the bin."""
    return "deleted_at" in state.before and state.before["deleted_at"] is None and bool(state.values.get("deleted_at"))


def _counts(header: dict[str, Any]) -> dict[str, int]:
    """How many edits of each kind the sender says are inside."""
    told = header.get("counts")
    known = record_tables()
    return {k: n for k, n in told.items() if k in known and type(n) is int} if isinstance(told, dict) else {}


def _name(peer: Peer) -> str:
    return f"{peer.unit_name} · {peer.person_name}"


def _register(
    session: Session,
    opened: _Opened,
    result: Received,
    peer: Peer,
    batch: Import,
    error: FieldcrmError | None = None,
) -> Received:
    known = session.get(Package, opened.header["id"])
    if result.state != "held" or known is None:
        told = {"code": result.code} if result.code else {}
        audit.note(session, "import", opened.header["id"], state=result.state, rows=result.rows, **told)
    if known is not None and known.state in ("merged", "repeated") and result.state != "merged":
        return result  # the register keeps what became of it the first time
    row = known or Package(id=opened.header["id"], direction="in", device=peer.device)
    row.number, row.at = opened.header["number"], clock.now()
    row.made_at = datetime.fromisoformat(opened.header["at"])
    row.state, row.reason = result.state, result.code or None
    row.details = {} if error is None else {k: str(v) for k, v in error.values.items()}
    row.details |= {"counts": _counts(opened.header), "deleted": result.deleted}
    row.operations, row.rows, row.new = result.operations, result.rows, result.new
    row.changed, row.conflicts = result.changed, result.conflicts
    row.import_id = batch.id if result.state == "merged" else None
    row.held = opened.raw if result.state == "held" else None
    session.add(row)
    return result
