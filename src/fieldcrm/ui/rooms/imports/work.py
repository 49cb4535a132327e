"""One import on its way, from the file to the report; it outlives the page when that is built anew."""

from __future__ import annotations

import gc
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from fieldcrm.base import i18n
from fieldcrm.base.errors import FieldcrmError
from fieldcrm.base.i18n import _
from fieldcrm.base.jobs import Progress
from fieldcrm.base.settings import IMPORT_COLUMNS
from fieldcrm.ui.kit.runner import Job, Runner
from fieldcrm.ui.rooms.imports.lists import Shown, shown_of

if TYPE_CHECKING:
    from fieldcrm.base.sheets.reader import Workbook
    from fieldcrm.core.imports import ImportPlan

EMPTY, READING, PASSWORD, REFUSED, PREVIEW, WRITING, DONE = (
    "empty", "reading", "password", "refused", "preview", "writing", "done",
)  # fmt: skip
_PASSWORD_CODES = frozenset({"sheet.password-needed", "sheet.wrong-password"})
_KEPT = 40  # remembered lists; the oldest go

Columns = dict[str, str | None]


@dataclass
class _Opened:
    workbook: Workbook
    plan: ImportPlan
    mapping: Columns
    shown: Shown


class ImportWork(QObject):
    """The state of an import; `changed` after every step. Files wait in `files` behind the one at hand."""

    changed = Signal()
    saved = Signal(int)  # rows left out, now in a workbook
    package_found = Signal(object, str)  # path and password of a file that is a package, no list

    def __init__(self, runner: Runner, device: Any, book: Any = None) -> None:
        super().__init__(runner)
        self.runner, self.device, self.book = runner, device, book
        self.phase = EMPTY
        self.files: list[Path] = []
        self.path: Path | None = None
        self.plan: ImportPlan | None = None
        self.mapping: Columns = {}
        self.problem = ""
        self.tried = False  # a password was given
        self.pasted = False  # the list came by the clipboard
        self.remember = True
        self.undone = False  # the import was taken back again
        self.latest = False  # nothing else was done since the import
        self._workbook: Workbook | None = None
        self._shown: Shown | None = None
        self._taken: set[Any] = set()  # where the list's value was taken over the person's own
        self._job: Job | None = None
        runner.changed.connect(self._on_changed)
        runner.undone.connect(self._on_undone)

    # -- files ----------------------------------------------------------------------------------

    def take(self, paths: list[Path]) -> None:
        """Import these files, one after the other."""
        self.files += [path for path in paths if path not in self.files]
        if self.phase in (EMPTY, REFUSED, DONE):
            self.next()

    def paste(self, cells: Sequence[Sequence[str]]) -> bool:
        """Import cells that a spreadsheet put on the clipboard; False while another list is at hand."""
        if self.phase not in (EMPTY, REFUSED, DONE):
            return False
        from fieldcrm.base.sheets.reader import Sheet, Workbook

        self.drop()
        self.path = Path(_("Pasted cells"))
        self.pasted = True
        self._workbook = Workbook(self.path, [Sheet(self.path.name, [list(row) for row in cells])])
        self.mapping = _remembered_of(self._workbook, self._remembered())
        self.compare()
        return True

    def next(self) -> None:
        """Go on to the next file; without one, wait for it."""
        self.drop()
        if self.files:
            self.path = self.files.pop(0)
            self.read()
        else:
            self._go(EMPTY)

    def drop(self) -> None:
        """Let go of the file at hand and of everything read from it."""
        if self.plan is not None:
            self.runner.background(_let_go, self.plan, then=_nothing)
        self.forget()
        self.path, self.mapping, self.problem, self.tried, self.pasted = None, {}, "", False, False
        self.remember, self.undone, self.latest = True, False, False
        self._taken = set()

    def forget(self) -> None:
        """Let go of what was read (the book closes); the file can be read again, pasted cells can not."""
        if self.pasted:
            self.path = None
        if self._job is not None:
            self._job.cancel()
        self._job = self._workbook = self.plan = self._shown = None

    def read(self, password: str | None = None) -> None:
        """Read the file at hand and work out what it would do."""
        assert self.path is not None  # noqa: S101
        self.tried = password is not None
        path, store, remembered = self.path, self.runner.store, self._remembered()

        def work(progress: Progress) -> _Opened | None:
            return _open(store, path, password, remembered, progress)

        def opened(found: _Opened | None) -> None:
            if found is not None:
                self._read(found)
                return
            self.next()
            self.package_found.emit(path, password or "")

        self._start(READING, _("Reading {file}").format(file=path.name), work, opened)

    def shown(self) -> Shown:
        """The lists of the preview, in the language of now."""
        assert self.plan is not None  # noqa: S101
        if self._shown is None or self._shown.language != i18n.language():
            self._shown = shown_of(self.plan)
        return self._shown

    def decide(self, places: list[int], on: bool) -> None:
        """Take the list's values over the person's own in these places, or let the own ones stay."""
        plan = self.plan
        if plan is None or self.phase != PREVIEW:
            return
        plan.take(places, on)
        keys = {plan.yours[place].key for place in places}
        self._taken = self._taken | keys if on else self._taken - keys
        self.changed.emit()

    # -- columns --------------------------------------------------------------------------------

    def set_column(self, title: str, key: str | None) -> None:
        """Say what a column means (None: leave it); the preview is worked out anew."""
        self.mapping[title] = key
        self.compare()

    def compare(self) -> None:
        """Work out the preview anew from what was read."""
        workbook, mapping, store = self._workbook, dict(self.mapping), self.runner.store

        def work(progress: Progress) -> _Opened:
            assert workbook is not None  # noqa: S101
            return _compared(store, workbook, mapping, progress)

        self._start(READING, _("Comparing with the book"), work, self._read)

    # -- writing --------------------------------------------------------------------------------

    def write(self) -> None:
        """Import after a backup: one operation, undone as one."""
        plan, store, book = self.plan, self.runner.store, self.book
        assert plan is not None  # noqa: S101
        if self.remember and self.mapping:
            self._keep_mapping()

        def work(progress: Progress) -> Any:
            from fieldcrm.base.jobs import without_collector
            from fieldcrm.core.imports import apply_plan

            if book is not None and not book.on_server:
                from fieldcrm.base.data import backup
                from fieldcrm.core.book.opening import FILE

                backup.take(book.folder / FILE, book.vault, "import", progress=progress)
            with without_collector():
                done = store.change(apply_plan, plan, progress)
            _let_go(plan)
            return done

        name = self.path.name if self.path else ""
        self._start(WRITING, _("Importing {file}").format(file=name), work, self._written)

    def save_failed(self, target: Path, password: str) -> None:
        """Write the rows that were left out to a workbook under a password."""
        plan, store = self.plan, self.runner.store
        assert plan is not None  # noqa: S101

        def work(progress: Progress) -> int:
            from fieldcrm.base.data import audit
            from fieldcrm.core.imports import write_errors

            rows = write_errors(target, plan, password=password, progress=progress)
            store.change(audit.note, "export", rows=rows, form="errors")
            return rows

        self.runner.job(_("Saving the rows left out"), work, then=self._saved)

    def _saved(self, rows: int) -> None:
        self.saved.emit(rows)

    # -- what comes back ------------------------------------------------------------------------

    def _start(self, phase: str, title: str, work: Any, then: Any) -> None:
        if self._job is not None:
            self._job.cancel()
        job = self.runner.job(
            title,
            work,
            then=lambda result: self._came(job, then, result),
            failed=lambda error: self._lost(job, error),
            owner=self,
        )
        self._job = job
        job.finished.connect(lambda: self._ended(job))
        self._go(phase)

    def _came(self, job: Job, then: Any, result: Any) -> None:
        if job is self._job:
            self._job = None
            then(result)

    def _ended(self, job: Job) -> None:
        """Cancelled: back to where it began."""
        if job is not self._job:
            return
        self._job = None
        if self.plan is not None:
            self._go(PREVIEW)
        elif self.files:
            self.next()
        else:
            self.drop()
            self._go(EMPTY)

    def _read(self, opened: _Opened) -> None:
        if self.plan is not None:
            self.runner.background(self.plan.let_go, then=_nothing)
        self._workbook, self.plan, self.mapping = opened.workbook, opened.plan, opened.mapping
        self._shown = opened.shown
        self.problem = ""
        if self._taken:  # worked out anew: what was decided stays decided
            self.plan.take(n for n, change in enumerate(self.plan.yours) if change.key in self._taken)
        self._go(PREVIEW)

    def _written(self, _records: Any) -> None:
        self.undone, self.latest = False, True
        self._workbook = self._shown = None
        self._go(DONE)

    def _lost(self, job: Job, error: Exception) -> bool:
        return job is not self._job or self._failed(error)

    def _failed(self, error: Exception) -> bool:
        """What is wrong with the file is said on the page; everything else by the window."""
        self._job = None
        writing = self.phase == WRITING
        if not isinstance(error, FieldcrmError):
            self._go(PREVIEW if self.plan is not None else EMPTY)
            return False
        if writing and error.code == "imports.stale":
            self.compare()
            return False
        self.problem = error.sentence
        if writing or self.plan is not None:
            self._go(PREVIEW)
            return not writing
        self._go(PASSWORD if error.code in _PASSWORD_CODES else REFUSED)
        return True

    def _on_changed(self, _changes: Any) -> None:
        self.latest = False
        if self.phase == DONE:
            self.changed.emit()

    def _on_undone(self, undone: Any, again: bool) -> None:
        if self.phase == DONE and undone.action == "apply_plan":
            self.undone, self.latest = not again, again
            self.changed.emit()

    def _go(self, phase: str) -> None:
        self.phase = phase
        self.changed.emit()

    # -- remembered columns ---------------------------------------------------------------------

    def _remembered(self) -> dict[str, Columns]:
        return _plain(self.device.get(IMPORT_COLUMNS)) if self.device is not None else {}

    def _keep_mapping(self) -> None:
        kept = self._remembered()
        for table in self.plan.tables if self.plan is not None else ():
            titles = {column.title for column in table.columns}
            kept.pop(table.signature, None)
            kept[table.signature] = {title: key for title, key in self.mapping.items() if title in titles}
        newest = dict(list(kept.items())[-_KEPT:])
        self.device.set(IMPORT_COLUMNS, json.dumps(newest, ensure_ascii=False))


def _let_go(plan: ImportPlan) -> None:
    """On a thread that nobody waits for: to free a long list at once would stop the window."""
    plan.let_go()
    plan.let_go_rows()


def _nothing(_result: object) -> None:
    """Nobody waits for the answer."""


def _plain(text: str) -> dict[str, Columns]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _open(
    store: Any, path: Path, password: str | None, remembered: Mapping[str, Columns], progress: Progress
) -> _Opened | None:
    """What a list would do; None for a package, which only shows once its password opened it."""
    from fieldcrm.base.sheets.reader import read
    from fieldcrm.core.sync import is_envelope

    workbook = read(path, progress, password)
    if is_envelope(workbook):
        return None
    return _compared(store, workbook, _remembered_of(workbook, remembered), progress)


def _remembered_of(workbook: Workbook, remembered: Mapping[str, Columns]) -> Columns:
    """The columns that a person named in such a list before."""
    from fieldcrm.core.imports import guessed, tables, targets

    mapping: Columns = {}
    if remembered:
        known = {target.key for target in targets()}
        for table in tables(workbook) or guessed(workbook):
            for title, key in remembered.get(table.signature, {}).items():
                if key is None or key in known:
                    mapping[title] = key
    return mapping


def _compared(store: Any, workbook: Workbook, mapping: Columns, progress: Progress) -> _Opened:
    from fieldcrm.base.jobs import without_collector
    from fieldcrm.core.imports import prepare

    with without_collector():
        plan = store.read(prepare, workbook, mapping, progress, ask=True)
        opened = _Opened(workbook, plan, mapping, shown_of(plan))
        gc.freeze()  # a collector that walks through a long list stops the window for a second
    return opened
