"""Packages that come in: gate, signature, authority, merge, all in one transaction; what cannot yet is held.

A refused package leaves no trace but its line in the register.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from fieldcrm.base import clock, ids
from fieldcrm.base.data import audit, journal, merge, migrate, rebase, wire
from fieldcrm.base.data.hlc import instant_of
from fieldcrm.base.data.journal_tables import Import, Operation
from fieldcrm.base.data.schema import record_tables
from fieldcrm.base.errors import Environment, FieldcrmError, Refused, define
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress, let_go, without_collector
from fieldcrm.core.sync import authority, body, deciding, envelope, values
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
    N_(
        "The computer of {name} was restored or copied; the package waits. Give it the newest package from here: "
        "then it puts its own changes on top of what arrived before, and sends them again."
    ),
)
OWN_GAP = define(
    "package.own_gap",
    N_(
        "This computer no longer has all that it once sent: an older backup was restored, or it is a copy. The package "
        "waits. Export a package to the office; the next one from there brings back what is missing."
    ),
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
    """What became of one package. `state`: merged, repeated, held or refused (`reason` tells why, in words).

    `rows` are records; `id` is that of its line in the register, empty when it has none.
    """

    path: Path
    state: str
    id: str = ""
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
    made_at: datetime
    file: str = ""  # `_file_id` of where it came from
    holds: dict[str, list[Any]] = field(default_factory=dict)
    audit: dict[str, str] = field(default_factory=dict)

    def let_go(self) -> None:
        """Forget the edits, which are many."""
        for sent in self.chains:
            for operation in sent.operations:
                let_go(operation.edits)


def inspect_package(book: Book, path: Path, *, password: str | None = None) -> dict[str, Any]:
    """The header of a package and whether its signature is that of an enrolled device; nothing is decrypted."""
    found, _ = envelope.read(path, password=password)
    peer = book.store.read(_claimed, found.header)
    signature = "unknown" if peer is None else "valid" if found.is_signed_by(bytes.fromhex(peer.signing)) else "invalid"
    return {**found.header, "signature": signature}


def preview_package(
    book: Book, path: Path, *, password: str | None = None, progress: Progress | None = None
) -> tuple[Received, list[ChangedCell]]:
    """What importing a package would change, cell by cell; nothing is written. Raises what the import refuses with."""
    opened = _open_file(book, path, password)

    def plan(session: Session) -> tuple[Received, list[ChangedCell]]:
        peer = session.get_one(Peer, opened.header["from"]["device"])
        missing = _missing(session, peer, opened)
        if missing is not None:
            return _result(opened, peer, "held", missing), []
        _check(session, peer, opened, book.store.author)
        planned = merge.plan(session, opened.chains, progress)
        values.check_whole(planned.created)

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
    passwords: Mapping[Path, str] | None = None,
    progress: Progress | None = None,
    decided: Decisions | None = None,
) -> list[Received]:
    """Bring packages in, all in one transaction; one that is refused or held does not keep back the others.

    `passwords` by file, `password` for every other; `decided` says what was decided in the preview. Held ones are
    tried again after each import. Raises `Cancelled` (nothing was changed), `Environment`.
    """
    progress = progress or Progress()
    opened: list[_Opened] = []
    results: list[Received] = []
    for number, path in enumerate(paths, 1):
        progress.begin(gettext(READING).format(number=number, total=len(paths)))
        try:
            word = (passwords or {}).get(path, password)
            opened.append(_open_file(book, path, word))
        except FieldcrmError as error:
            results.append(turn_away(book, path, error, word))
    opened.sort(key=lambda o: (o.header["from"]["device"], o.header["number"]))
    if opened:
        progress.begin(gettext(MERGING))
        try:
            done, _ = book.store.change(import_opened, book, opened, progress, decided or {})
        finally:
            for one in opened:
                one.let_go()
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
            if row.reason == FORKED and _came_otherwise(session, opened):
                row.state, row.reason, row.held = "repeated", None, None
                continue
            again = _take(session, book, opened, batch, progress).state == "merged" or again


def _came_otherwise(session: Session, opened: _Opened) -> bool:
    """Whether every operation of a forked package is here by now: its computer put them on anew."""
    wanted = {o.id for sent in opened.chains for o in sent.operations}
    return wanted <= _known_ids(session, wanted).keys()


def _known_ids(session: Session, wanted: Collection[str]) -> dict[str, tuple[str, int]]:
    """Of these operations those held here: id to device and number."""
    found: dict[str, tuple[str, int]] = {}
    ids_ = list(wanted)
    for at in range(0, len(ids_), 500):
        query = select(Operation.id, Operation.device, Operation.seq).where(Operation.id.in_(ids_[at : at + 500]))
        found.update((id, (device, seq)) for id, device, seq in session.execute(query))
    return found


# --- files that do not come in ----------------------------------------------------------------

_NO_PACKAGES = {envelope.NOT_A_PACKAGE, "sheet.no-file", "sheet.password-needed", "sheet.wrong-password"}


def turn_away(book: Book, path: Path, error: FieldcrmError, password: str | None = None) -> Received:
    """Note a refused file in the register; its name is nowhere kept.

    Its sender and number are what it claims, when it claims to be of an enrolled computer. A file that is no package,
    cannot be read or wants its password leaves no line.
    """
    id = "" if error.code in _NO_PACKAGES or isinstance(error, Environment) else _file_id(path)
    refused = Received(path, "refused", id, code=error.code, reason=error.sentence)
    if book.writing is None:
        return refused
    if not id:
        book.audit("import", state="refused", code=error.code)
        return refused
    try:
        header = envelope.read(path, password=password)[0].header
    except FieldcrmError:
        header = {}
    return book.store.change(_note_refused, refused, header, error)[0]


def _note_refused(session: Session, refused: Received, header: dict[str, Any], error: FieldcrmError) -> Received:
    audit.note(session, "import", state="refused", code=error.code)
    peer, number = _claimed(session, header), header.get("number")
    if peer is None or type(number) is not int or not 0 <= number < 2**31:
        number = 0
    row = session.get(Package, refused.id)
    if row is None:
        row = Package(id=refused.id, direction="in", state="refused", made_at=clock.now())
        session.add(row)
    row.number, row.device, row.at, row.reason = number, peer.device if peer else "", clock.now(), error.code
    row.details = {k: str(v) for k, v in error.values.items()}
    return replace(refused, number=number, sender=_name(peer) if peer else "")


def _claimed(session: Session, header: dict[str, Any]) -> Peer | None:
    """The enrolled computer that a header names as its sender, whether it is that or not."""
    sender = header.get("from")
    device = sender.get("device") if isinstance(sender, dict) else None
    return session.get(Peer, device) if isinstance(device, str) else None


def _file_id(path: Path) -> str:
    """The same for the same file: 32 hex digits."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:32]
    except OSError:
        return ""


# --- one package ------------------------------------------------------------------------------


def _open_file(book: Book, path: Path, password: str | None) -> _Opened:
    found, _ = envelope.read(path, password=password)
    return replace(_open(book, path, found), file=_file_id(path))


def _open(book: Book, path: Path, found: Envelope) -> _Opened:
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
    peer = book.store.read(lambda s: s.get(Peer, sender))
    if peer is None:
        raise Refused(UNKNOWN_SENDER)
    if peer.revoked_at is not None:
        raise Refused(REVOKED_SENDER)
    if not found.is_signed_by(bytes.fromhex(peer.signing)):
        raise Refused(envelope.BAD_SIGNATURE)
    if receiver != book.store.author.device:
        raise Refused(NOT_FOR_US)
    sound = isinstance(header["id"], str) and len(header["id"]) == 32 and type(number) is int and 0 < number < 2**31
    if not sound or made_at.tzinfo is None:
        raise Refused(DAMAGED)
    packed = book.vault.device.open(found.body, context) if sealed else found.body
    inside = _inflate(packed)
    try:
        chains = [wire.unpack(data) for data in inside["chains"]]
        holds, told = dict(inside.get("holds", {})), dict(inside.get("audit", {}))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Refused(DAMAGED) from error
    if not all(_is_head(held) for held in holds.values()):
        raise Refused(DAMAGED)
    values.check(chains, header.get("schema") != migrate.HEAD)
    return _Opened(path, header, found.to_bytes(), chains, made_at, holds=holds, audit=told)


def _inflate(packed: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = body.unpack(packed, _LARGEST_BODY)
    except (ValueError, RecursionError) as error:
        raise Refused(DAMAGED) from error
    return found


def _take(session: Session, book: Book, opened: _Opened, batch: Import, progress: Progress) -> Received:
    """Merge one package, or hold or refuse it, and register what became of it."""
    peer = session.get_one(Peer, opened.header["from"]["device"])
    missing = _missing(session, peer, opened)
    if missing is not None:
        _acknowledge(session, peer, opened)
        return _register(session, opened, _result(opened, peer, "held", missing), peer, batch, missing)
    try:
        _check(session, peer, opened, book.store.author)
        planned = merge.plan(session, opened.chains, progress)
        values.check_whole(planned.created)
    except FieldcrmError as error:
        return _register(session, opened, _result(opened, peer, "refused", error), peer, batch, error)
    own, tail = book.store.author.device, None
    first = _fork(session, opened, own)
    if first is not None:
        tail = rebase.take_off(session, own, first)
        planned = merge.plan(session, opened.chains, progress)
    merge.write(session, planned, batch.id)
    _know_own(session, opened, own)
    if tail is not None:
        rebase.put_on(session, tail)
    cut = _audit_cut(session, peer, opened)
    _acknowledge(session, peer, opened)
    state = "merged" if planned.operations else "repeated"
    received = _received(opened, planned, peer, state)
    planned.let_go()
    if cut is not None:
        received = replace(received, code=cut.code, reason=cut.sentence)
    return _register(session, opened, received, peer, batch, cut)


def _is_head(told: Any) -> bool:
    return isinstance(told, list) and [type(part) for part in told] == [int, str]


def _audit_cut(session: Session, peer: Peer, opened: _Opened) -> Refused | None:
    """A mark when the sender's audit log does not go on from where its newest package before ended."""
    told: list[Any] = opened.header.get("audit") or []
    known = peer.audit_head
    if not _is_newest(session, opened, peer) or not _is_head(told):
        return None  # an older one that comes late, or brought again
    peer.audit_head = told
    if known is None:
        return None
    went_on = told == known if told[0] == known[0] else known[0] == 0 or opened.audit.get(str(known[0])) == known[1]
    return None if went_on and told[0] >= known[0] else Refused(AUDIT_CUT, name=_name(peer))


def _check(session: Session, peer: Peer, opened: _Opened, me: journal.Author) -> None:
    authority.check(session, peer, me.person_id, me.device, opened.chains)
    ids_ = [o.id for sent in opened.chains for o in sent.operations]
    known = _known_ids(session, ids_)
    places = {o.id: (sent.device, o.seq) for sent in opened.chains for o in sent.operations}
    if len(set(ids_)) < len(ids_) or any(places[id] != place and place[0] != me.device for id, place in known.items()):
        raise Refused(wire.BROKEN)  # an operation's id stands for one operation


def _missing(session: Session, peer: Peer, opened: _Opened) -> Refused | None:
    """The package must build on what is held; otherwise the gap is named and it waits.

    A chain that says something else than ours waits as well, but for our own from above: ours goes on top of it.
    """
    own = opened.header["to"] if peer.relation == "above" else ""
    for sent in opened.chains:
        _, held_seq = journal.tip(session, sent.device)
        alike = wire.agreed(session, sent)
        if sent.base_seq <= held_seq and alike >= (sent.base_seq if sent.device == own else min(held_seq, sent.tip[0])):
            continue
        if sent.device == own:
            error = Refused(OWN_GAP)
        elif sent.base_seq > held_seq:
            error = Refused(GAP, missing=_last_number(session, peer.device) + 1, name=_name(peer))
        else:
            error = Refused(FORKED, name=_name(peer))
        return error
    return None


def _fork(session: Session, opened: _Opened, own: str) -> int | None:
    """The number of our first operation that the package's chain of ours says otherwise; None when there is none."""
    for sent in opened.chains:
        if sent.device == own:
            alike = wire.agreed(session, sent)
            return alike + 1 if alike < min(journal.tip(session, own)[1], sent.tip[0]) else None
    return None


def _know_own(session: Session, opened: _Opened, own: str) -> None:
    """Of our own operations that came back, those that a later one took back are known as that."""
    for sent in opened.chains:
        for o in sent.operations if sent.device == own else ():
            if o.undoes is not None:
                taken = update(Operation).where(Operation.id == o.undoes, Operation.undone_by.is_(None))
                session.execute(taken.values(undone_by=o.id), execution_options={"synchronize_session": False})


def _last_number(session: Session, device: str) -> int:
    query = select(func.max(Package.number)).where(
        Package.device == device, Package.direction == "in", Package.state.in_(["merged", "repeated"])
    )
    return session.scalar(query) or 0


def _acknowledge(session: Session, peer: Peer, opened: _Opened) -> None:
    """Note what the sender holds as its package tells it, so that it can take back what it no longer holds.

    An older one that comes late may tell less than is true: then more is sent than needed. Again it tells nothing.
    """
    if session.get(Package, opened.header["id"]) is None:
        peer.acked = dict(opened.holds)


def _is_newest(session: Session, opened: _Opened, peer: Peer) -> bool:
    """Whether the sender made this package after all others that came from it.

    A restored computer counts its packages from an older number, one whose clock was set right dates them earlier.
    """
    newest = select(func.max(Package.number), func.max(Package.made_at)).where(
        Package.device == peer.device, Package.direction == "in", Package.state != "refused",
        Package.id != opened.header["id"],
    )  # fmt: skip
    number, made_at = session.execute(newest).one()
    return number is None or opened.header["number"] > number or opened.made_at > made_at


def _received(opened: _Opened, planned: merge.Plan, peer: Peer, state: str) -> Received:
    return Received(
        opened.path, state, opened.header["id"], opened.header["number"], _name(peer), len(planned.operations),
        len({e.record_id for _, e, _, _ in planned.edits}), len(planned.created), len(planned.changed),
        len(planned.conflicts()), deleted=sum(_leaves(state) for state in planned.changed),
    )  # fmt: skip


def _result(opened: _Opened, peer: Peer, state: str, error: FieldcrmError) -> Received:
    """Held or refused, and why."""
    return Received(
        opened.path, state, opened.header["id"], opened.header["number"], _name(peer), code=error.code,
        reason=error.sentence,
    )  # fmt: skip


def _leaves(state: merge.State) -> bool:
    """Whether a record moves to the bin."""
    return "deleted_at" in state.before and state.before["deleted_at"] is None and bool(state.values.get("deleted_at"))


def _counts(header: dict[str, Any]) -> dict[str, int]:
    """How many records of each kind the sender says are inside."""
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
    row.made_at = opened.made_at
    row.state, row.reason = result.state, result.code or None
    row.details = {} if error is None else {k: str(v) for k, v in error.values.items()}
    row.details |= {"counts": _counts(opened.header), "deleted": result.deleted}
    row.operations, row.rows, row.new = result.operations, result.rows, result.new
    row.changed, row.conflicts = result.changed, result.conflicts
    row.import_id = batch.id if result.state == "merged" else None
    row.held = opened.raw if result.state == "held" else None
    session.add(row)
    turned_away = session.get(Package, opened.file) if opened.file else None
    if turned_away is not None:
        session.delete(turned_away)  # the same file, before: its sender was not enrolled then
    return result
