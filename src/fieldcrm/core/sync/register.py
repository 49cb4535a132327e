"""The register of packages that came: what became of each, files turned away included."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data import audit, merge
from fieldcrm.base.data.journal_tables import Import
from fieldcrm.base.data.schema import record_tables
from fieldcrm.base.errors import Environment, FieldcrmError
from fieldcrm.core.sync import envelope
from fieldcrm.core.sync.opening import Opened, claimed, file_id, name_of
from fieldcrm.core.sync.tables import Package, Peer

if TYPE_CHECKING:
    from fieldcrm.core.book import Book

_NO_PACKAGES = {envelope.NOT_A_PACKAGE, "sheet.no-file", "sheet.password-needed", "sheet.wrong-password"}


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


def turn_away(book: Book, path: Path, error: FieldcrmError, password: str | None = None) -> Received:
    """Note a refused file in the register; its name is nowhere kept.

    Its sender and number are what it claims, when it claims to be of an enrolled computer. A file that is no package,
    cannot be read or wants its password leaves no line.
    """
    id = "" if error.code in _NO_PACKAGES or isinstance(error, Environment) else file_id(path)
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
    peer, number = claimed(session, header), header.get("number")
    if peer is None or type(number) is not int or not 0 <= number < 2**31:
        number = 0
    row = session.get(Package, refused.id)
    if row is None:
        row = Package(id=refused.id, direction="in", state="refused", made_at=clock.now())
        session.add(row)
    row.number, row.device, row.at, row.reason = number, peer.device if peer else "", clock.now(), error.code
    row.details = {k: str(v) for k, v in error.values.items()}
    return replace(refused, number=number, sender=name_of(peer) if peer else "")


def enter(
    session: Session,
    opened: Opened,
    result: Received,
    peer: Peer,
    batch: Import,
    error: FieldcrmError | None = None,
) -> Received:
    """Note what became of a package; gives `result`, the newest word on it."""
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
    row.held = opened.raw if result.state == "held" else (result.state == "merged" and opened.kept) or None
    session.add(row)
    turned_away = session.get(Package, opened.file) if opened.file else None
    if turned_away is not None:
        session.delete(turned_away)  # the same file, before: its sender was not enrolled then
    return result


def received(opened: Opened, planned: merge.Plan, peer: Peer, state: str) -> Received:
    """Merged or repeated, and how much it brought."""
    return Received(
        opened.path, state, opened.header["id"], opened.header["number"], name_of(peer), len(planned.operations),
        len({e.record_id for _, e, _, _ in planned.edits}), len(planned.created), len(planned.changed),
        len(planned.conflicts()), deleted=sum(_leaves(state) for state in planned.changed),
    )  # fmt: skip


def result(opened: Opened, peer: Peer, state: str, error: FieldcrmError) -> Received:
    """Held or refused, and why."""
    return Received(
        opened.path, state, opened.header["id"], opened.header["number"], name_of(peer), code=error.code,
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
