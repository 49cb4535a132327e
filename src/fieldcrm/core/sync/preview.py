"""Packages looked into before they are merged: every changed cell in words; what a dropped file is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from fieldcrm.base.errors import FieldcrmError
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress
from fieldcrm.core import titles
from fieldcrm.core.sync import envelope
from fieldcrm.core.sync.deciding import Cell
from fieldcrm.core.sync.incoming import READING, ChangedCell, Received, preview_package, turn_away

if TYPE_CHECKING:
    from fieldcrm.core.book import Book

READY = "ready"
CELLS_SHOWN = 2000
_WORKBOOKS = (".xlsx", ".xlsm")
_LISTS = (".xlsx", ".xls", ".csv", ".txt")
COMPARING = N_("Comparing")


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
            found.append(Looked(path, turn_away(book, path, error, password), locked=locked))
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
