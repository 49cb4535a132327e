"""Packages looked into before they are merged: every changed cell in words; what a dropped file is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from fieldcrm.base.data import merge
from fieldcrm.base.data.hlc import instant_of
from fieldcrm.base.errors import FieldcrmError
from fieldcrm.base.i18n import gettext
from fieldcrm.base.jobs import Progress
from fieldcrm.core import titles
from fieldcrm.core.sync import deciding, envelope, fitting, giving_back, opening, register, values
from fieldcrm.core.sync.deciding import Cell
from fieldcrm.core.sync.incoming import READING
from fieldcrm.core.sync.register import Received
from fieldcrm.core.sync.tables import Peer

if TYPE_CHECKING:
    from fieldcrm.core.book import Book

READY = "ready"
CELLS_SHOWN = 2000
_WORKBOOKS = (".xlsx", ".xlsm")
_LISTS = (".xlsx", ".xls", ".csv", ".txt")
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of an encrypted workbook; one in clear is a zip


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


@dataclass(frozen=True)
class CellRow:
    """A cell that the import changes, in words: what it is called, its field, old and new, who and when.

    `conflict`: changed here too; `refusable`: we may keep what stands here.
    """

    kind: str
    record_id: str
    field: str
    title: str
    label: str
    old: str
    new: str
    person: str
    at: datetime
    conflict: bool = False
    refusable: bool = False

    @property
    def cell(self) -> Cell:
        return self.kind, self.record_id, self.field


@dataclass(frozen=True)
class Looked:
    """A package file that was looked into. `received.state` is ready, repeated, held or refused.

    `cells` are the first `CELLS_SHOWN` of `cell_count` changed cells; `locked`: the file wants a password.
    """

    path: Path
    received: Received
    cells: tuple[CellRow, ...] = ()
    cell_count: int = 0
    locked: bool = False


def preview_package(
    book: Book, path: Path, *, password: str | None = None, progress: Progress | None = None
) -> tuple[Received, list[ChangedCell]]:
    """What importing a package would change, cell by cell; nothing is written. Raises what the import refuses with."""
    opened = opening.open_file(book, path, password)

    def plan(session: Session) -> tuple[Received, list[ChangedCell]]:
        peer = session.get_one(Peer, opened.header["from"]["device"])
        own = book.store.author.device
        given, late = giving_back.fitting(session, opened.back, own)
        missing = fitting.missing(session, peer, opened, given, own)
        if missing is not None:
            return register.result(opened, peer, "held", missing), []
        fitting.check(session, peer, opened, book.store.author)
        planned = merge.plan(session, [*given, *opened.chains], progress, late)
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
        return register.received(
            opened, planned, peer, "merged" if planned.edits or planned.operations else "repeated"
        ), cells

    return book.store.read(plan)


def look_into(
    book: Book, paths: Sequence[Path], *, password: str | None = None, progress: Progress | None = None
) -> list[Looked]:
    """Look into packages without merging them; one that is refused says why, and stands in the register from then on.

    Raises `Cancelled`.
    """
    progress = progress or Progress()
    found = []
    for number, path in enumerate(paths, 1):
        progress.begin(gettext(READING).format(number=number, total=len(paths)))
        try:
            received, cells = preview_package(book, path, password=password, progress=progress)
        except FieldcrmError as error:
            locked = error.code in ("sheet.password-needed", "sheet.wrong-password")
            found.append(Looked(path, register.turn_away(book, path, error, password), locked=locked))
            continue
        state = READY if received.state == "merged" else received.state
        worded = book.store.read(words_of, cells[:CELLS_SHOWN])
        seen = Received(**{**received.__dict__, "path": path, "state": state})
        found.append(Looked(path, seen, tuple(worded), len(cells)))
    return found


def words_of(session: Session, cells: Sequence[ChangedCell]) -> list[CellRow]:
    """Changed cells in words; records that the package brings are called by their kind."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for c in cells:
        wanted[c.kind].add(c.record_id)
        for kind, ids in titles.named_ids(c.kind, [(c.field, c.old), (c.field, c.new)]).items():
            wanted[kind] |= ids
    names, people = titles.titles(session, wanted), titles.people(session)
    known: dict[str, Any] = names | people
    return [
        CellRow(
            c.kind, c.record_id, c.field, names.get(c.record_id, titles.kind_label(c.kind)),
            titles.field_label(c.kind, c.field), titles.value_text(c.kind, c.field, c.old, known),
            titles.value_text(c.kind, c.field, c.new, known), people.get(c.person_id, ""), c.at,
            c.conflict, c.refusable,
        )
        for c in cells
    ]  # fmt: skip


def package_files(folder: Path) -> list[Path]:
    """The workbooks of a folder in the order of their names, without the lock files of office programs."""
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in _WORKBOOKS and p.name[:2] not in ("~$", "._"))


def wants_password(path: Path) -> bool:
    """Whether a workbook is under a password, judged by how its file begins; False for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(len(ENCRYPTED)) == ENCRYPTED
    except OSError:
        return False


def drop_kind(path: Path) -> str:
    """What a file dropped on the window is, by its content: package, enrolment, list, locked, or empty (none of them).

    A workbook under a password may be a list or a package: that only shows when it is opened.
    """
    if path.is_dir():
        return "package" if package_files(path) else ""
    if path.suffix.lower() not in _LISTS:
        return ""
    try:
        found, _ = envelope.read(path)
    except FieldcrmError as error:
        if error.code == "sheet.password-needed":
            return "locked"
        return "package" if error.code in (envelope.DAMAGED, envelope.NEWER) else "list"
    return "package" if found.header.get("kind") == "package" else "enrolment"
