"""The office's inbox: figures, packages that came, those just read and ready to merge, conflicts below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout

from fieldcrm.base import clock
from fieldcrm.base.i18n import _, ngettext
from fieldcrm.base.text import instant_text
from fieldcrm.core import sync
from fieldcrm.core.sync import InboxFigures, Looked, PackageRow
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button, keyed
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.columns import ListColumn, Look
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.kit.tiles import Tile
from fieldcrm.ui.rooms.conflicts.card import ConflictCard
from fieldcrm.ui.rooms.sync.cells import PreviewCard
from fieldcrm.ui.rooms.sync.exchange import Exchange
from fieldcrm.ui.rooms.sync.given import GivenTable, SortKey
from fieldcrm.ui.rooms.sync.words import change_words, check_words, row_state, state_words


@dataclass(frozen=True)
class Line:
    """A package in the list: one that was looked into (`looked`), or one of the register."""

    id: str
    source: str
    number: int
    at: datetime
    rows: int
    changes: str
    check: tuple[str, str]
    conflicts: int
    state: tuple[str, str]
    reason: str
    looked: Looked | None = None


class InboxPage(Page):
    """`open(paths=[…], password="…")` looks into dropped packages."""

    kinds: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.set_heading(_("Inbox"))
        self.wants_quick_log = False
        self.waiting: dict[Path, Looked] = {}
        self.passwords: dict[Path, str] = {}
        self.rows: Sequence[PackageRow] = ()
        self.figures: InboxFigures | None = None
        self._word = ""
        self.exchange = Exchange(self)
        self.folder_button = Button(_("Import a folder…"))
        self.files_button = Button(_("Import…"), icon="download")
        self.merge_button = Button(_("Merge all"), kind="primary", icon="git-merge")
        buttons = [self.folder_button, self.files_button, self.merge_button]
        for button in buttons:
            button.setParent(self)
            button.hide()
        self.header_buttons = [*buttons] if desk.book is not None else []
        self.tiles = {
            "reported": Tile(_("Reported this week")),
            "gaps": Tile(_("Missing packages")),
            "rows": Tile(_("Rows merged today")),
            "refused": Tile(_("Refused this week")),
        }
        self.table = GivenTable("inbox", inbox_columns(), lambda line: line.id, SORTS, desk.runner)
        self.conflicts = ConflictCard(desk)
        self.preview = PreviewCard()
        self._lay()
        self._connect()
        self.setFocusProxy(self.table)
        self._show_merge()

    def _lay(self) -> None:
        tiles = QHBoxLayout()
        tiles.setSpacing(14)
        for tile in self.tiles.values():
            tiles.addWidget(tile)
        card = Card(padded=False)
        card.body.setContentsMargins(0, 0, 0, 0)
        self.stack = QStackedWidget()
        self.empty = EmptyState(
            "inbox",
            _("No package yet"),
            _("Packages of your account managers stand here. Import them, or drag them onto the window."),
            ((_("Import…"), self.exchange.choose), (_("Import a folder…"), self.exchange.choose_folder)),
        )
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        card.body.addWidget(self.stack)
        self.below = QStackedWidget()
        self.below.addWidget(self.conflicts)
        self.below.addWidget(self.preview)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setHandleWidth(14)
        split.setChildrenCollapsible(False)
        split.addWidget(card)
        split.addWidget(self.below)
        split.setSizes([330, 220])
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.EDGE, 16, tokens.EDGE, 16)
        column.setSpacing(14)
        column.addLayout(tiles)
        column.addWidget(split, 1)

    def _connect(self) -> None:
        keyed(self.files_button, "Ctrl+O", self)
        keyed(self.merge_button, "Ctrl+M", self)
        self.files_button.clicked.connect(self.exchange.choose)
        self.folder_button.clicked.connect(self.exchange.choose_folder)
        self.merge_button.clicked.connect(self.merge_all)
        self.exchange.looked.connect(self._take)
        self.exchange.merged.connect(self._merged)
        self.table.current_changed.connect(self._show_current)
        self.table.opened.connect(lambda _id: self.preview.merge_button.setFocus())
        self.preview.wanted.connect(self._merge)
        self.preview.left.connect(self._leave)
        self.preview.unlock.connect(self._unlock)
        self.tiles["refused"].clicked.connect(lambda: self._go_to(lambda line: line.state[1] == "red"))
        self.tiles["gaps"].clicked.connect(lambda: self._go_to(lambda line: line.state[0] == state_words("held")[0]))
        self.tiles["reported"].clicked.connect(lambda: self.desk.go("people"))
        self.tiles["rows"].clicked.connect(lambda: self._go_to(lambda line: line.looked is None))

    # -- the page -------------------------------------------------------------------------------

    def load(self) -> None:
        runner = self.desk.runner
        runner.read(sync.inbox_figures, then=self._show_figures, key="inbox.figures", owner=self)
        runner.read(sync.list_packages, ("in",), then=self._show_rows, key="inbox.rows", owner=self)
        self.conflicts.load()

    def open(self, **what: Any) -> None:
        if what.get("paths"):
            self._word = what.get("password", "")
            self.exchange.look([Path(p) for p in what["paths"]], self._word or None)

    def merge_all(self) -> None:
        """Merge every package that is ready, as one import that Undo takes back; those that wait are kept with it."""
        self.exchange.merge(
            [p for p, x in self.waiting.items() if x.received.state in ("ready", "held")],
            self.passwords, dict(self.preview.decided),
        )  # fmt: skip

    # -- inside ---------------------------------------------------------------------------------

    def _take(self, looked: Sequence[Looked]) -> None:
        earlier = {p: x for p, x in self.waiting.items() if x.received.state != "repeated"}  # those bring nothing
        found = sorted(looked, key=lambda x: x.received.state != "ready")
        self.waiting = {x.path: x for x in found} | {
            p: x for p, x in earlier.items() if p not in {x.path for x in found}
        }
        for x in looked:
            if self._word:
                self.passwords[x.path] = self._word
        self._word = ""
        self._show_lines()
        if looked:
            self.table.select_row(0)
            self._show_current(self.table.current_id())

    def _merge(self, looked: Sequence[Looked], _word: str) -> None:
        self.exchange.merge([x.path for x in looked], self.passwords, dict(self.preview.decided))

    def _merged(self, results: Sequence[Any]) -> None:
        self.preview.decided.clear()
        for result in results:
            if result.code not in ("sheet.password-needed", "sheet.wrong-password"):
                self.waiting.pop(result.path, None)
        self.below.setCurrentWidget(self.conflicts)
        self._show_lines()

    def _leave(self) -> None:
        for x in self.preview.looked:
            self.waiting.pop(x.path, None)
        self.below.setCurrentWidget(self.conflicts)
        self._show_lines()

    def _unlock(self, looked: Sequence[Looked], word: str) -> None:
        self._word = word
        self.exchange.look([x.path for x in looked], word)

    def _show_figures(self, f: InboxFigures) -> None:
        self.figures = f
        done = f.reported / f.enrolled if f.enrolled else 0.0
        self.tiles["reported"].set(f"{f.reported:,}", _("of {n} people").format(n=f"{f.enrolled:,}"), done, "green")
        self.tiles["gaps"].set(
            f"{f.gaps:,}", _("people · a package is missing") if f.gaps else _("none"), min(1.0, f.gaps / 5), "amber"
        )
        packages = ngettext("rows · {n} package", "rows · {n} packages", f.packages_today)
        packages = packages.format(n=f"{f.packages_today:,}")
        self.tiles["rows"].set(f"{f.rows_today:,}", packages, 1.0 if f.rows_today else 0.0, "green")
        self.tiles["refused"].set(
            f"{f.refused:,}",
            check_words("refused", f.refused_code)[0] if f.refused else _("none"),
            min(1.0, f.refused / 5),
            "red",
        )
        self.desk.badge("conflicts", f.conflicts or None)
        self._say_how_many()

    def _show_rows(self, rows: Sequence[PackageRow]) -> None:
        self.rows = rows
        self._show_lines()

    def _show_lines(self) -> None:
        here = {x.received.id for x in self.waiting.values()}
        lines = [_waiting_line(x) for x in self.waiting.values()]
        lines += [_line(row) for row in self.rows if row.id not in here]
        self.stack.setCurrentWidget(self.table if lines else self.empty)
        self.table.show_rows(lines)
        self._show_merge()
        self._say_how_many()

    def _say_how_many(self) -> None:
        parts = []
        kept = self.figures.packages if self.figures is not None else len(self.rows)
        known = {row.id for row in self.rows}
        count = kept + sum(x.received.id not in known for x in self.waiting.values())
        if count:
            parts.append(ngettext("{n} package", "{n} packages", count).format(n=f"{count:,}"))
        open_now = self.figures.conflicts if self.figures is not None else 0
        if open_now:
            parts.append(
                ngettext("{n} conflict to decide", "{n} conflicts to decide", open_now).format(n=f"{open_now:,}")
            )
        if kept > len(self.rows) > 0:
            parts.append(_("the last {n} are shown").format(n=f"{len(self.rows):,}"))
        self.set_heading(_("Inbox"), " · ".join(parts))
        open_here = {x.received.id or str(p) for p, x in self.waiting.items() if _is_open(x)}
        self.desk.badge_more("inbox", len(open_here - {row.id for row in self.rows if row.state == "held"}))

    def _show_merge(self) -> None:
        ready = sum(x.received.state == "ready" for x in self.waiting.values())
        self.merge_button.setText(_("Merge all ready ({n})").format(n=ready))
        self.merge_button.setEnabled(any(x.received.state in ("ready", "held") for x in self.waiting.values()))

    def _show_current(self, _id: str | None) -> None:
        line = self.table.current_row()
        if line is not None and line.looked is not None:
            focus = self.focusWidget()
            self.preview.show_looked([line.looked], self.passwords.get(line.looked.path, ""))
            self.below.setCurrentWidget(self.preview)
            if focus is self.table and not line.looked.locked:
                self.table.setFocus()
        else:
            self.below.setCurrentWidget(self.conflicts)

    def _go_to(self, wanted: Any) -> None:
        place = next((n for n, line in enumerate(self.table.given.rows) if wanted(line)), None)
        if place is not None:
            self.table.select_row(place)
            self.table.setFocus()


def _is_open(x: Looked) -> bool:
    """Whether something is left to do with a file that was looked into."""
    return x.locked or x.received.state in ("ready", "held")


def _waiting_line(x: Looked) -> Line:
    r = x.received
    return Line(
        id=str(x.path), source=r.sender or x.path.name, number=r.number, at=_modified(x.path), rows=r.rows,
        changes=change_words(r.new, r.changed, r.deleted, r.state), check=check_words(r.state, r.code),
        conflicts=r.conflicts,
        state=(_("Password wanted"), "amber") if x.locked else state_words(r.state), reason=r.reason, looked=x,
    )  # fmt: skip


def _line(row: PackageRow) -> Line:
    return Line(
        id=row.id, source=row.source or _("Unknown sender"), number=row.number, at=row.at, rows=row.rows,
        changes=change_words(row.new, row.changed, row.deleted, row.state),
        check=check_words(row.state, row.reason_code or ""), conflicts=row.open_conflicts,
        state=row_state(row), reason=row.reason,
    )  # fmt: skip


def _modified(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, clock.now().tzinfo)
    except OSError:
        return clock.now()


SORTS: dict[str, SortKey] = {
    "source": lambda r: r.source,
    "number": lambda r: r.number,
    "at": lambda r: r.at,
    "rows": lambda r: r.rows,
    "check": lambda r: r.check[0],
    "conflicts": lambda r: r.conflicts,
    "state": lambda r: r.state[0],
}


def inbox_columns() -> list[ListColumn]:
    """Source, number, received, rows, changes, check, conflicts, state."""
    return [
        ListColumn("source", lambda: _("Source"), lambda r: r.source, Look.PLAIN, 220,
                   tip=lambda r: r.source, ends=True),
        ListColumn("number", lambda: _("No."), lambda r: str(r.number or "—"), Look.NUMBER, 60),
        ListColumn("at", lambda: _("Received"), lambda r: instant_text(r.at), Look.SECONDARY, 120,
                   least=108),
        ListColumn("rows", lambda: _("Rows"), lambda r: f"{r.rows:,}" if r.rows else "—", Look.NUMBER, 96),
        ListColumn("changes", lambda: _("Brought"), lambda r: r.changes, Look.SECONDARY, 130,
                   tip=lambda r: r.changes),
        ListColumn("check", lambda: _("Verification"), lambda r: r.check[0], Look.CHIP, 186, lambda r: r.check[1],
                   tip=lambda r: r.reason or None),
        ListColumn("conflicts", lambda: _("Conflicts"), lambda r: f"{r.conflicts:,}", Look.NUMBER, 76),
        ListColumn("state", lambda: _("State"), lambda r: r.state[0], Look.CHIP, 164, lambda r: r.state[1],
                   tip=lambda r: r.reason or None),
    ]  # fmt: skip
