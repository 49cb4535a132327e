"""The preview: what will be new, changed and left out, every problem by cell, every change old and new, the columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fieldcrm.base.data.listing import Asked
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button, Segmented
from fieldcrm.ui.kit.cards import EmptyState
from fieldcrm.ui.kit.list_bars import ListAction
from fieldcrm.ui.kit.list_pane import ListPane
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.kit.text import soft
from fieldcrm.ui.kit.tiles import Tile
from fieldcrm.ui.rooms.imports import lists
from fieldcrm.ui.rooms.imports.mapping import ColumnsCard
from fieldcrm.ui.rooms.imports.rows import MemoryList

PROBLEMS, YOURS, CHANGES, ROWS = "problems", "yours", "changes", "rows"


class Preview(QWidget):
    """`show_plan(plan)`. `save_wanted` asks to save the rows left out; `take_wanted(places, on)` to take the list's
    values, or not, where a person's own differ."""

    save_wanted = Signal()
    take_wanted = Signal(list, bool)

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self._runner = runner
        self._plan: Any = None
        self._memory: dict[str, Any] = {}
        self.tiles = {
            "read": Tile(_("Rows read")),
            "new": Tile(_("New")),
            "changed": Tile(_("Changed")),
            "unchanged": Tile(_("Unchanged")),
            "failed": Tile(_("Left out")),
        }
        self.note = soft("", wrap=True)
        self.which = Segmented([(PROBLEMS, _("Problems")), (CHANGES, _("Changes")), (ROWS, _("All rows"))], PROBLEMS)
        self.which.setAccessibleName(_("What to look at"))
        self.save = Button(_("Save the rows left out…"), icon="file-spreadsheet", small=True)
        self.stack = QStackedWidget()
        self.unclear = EmptyState(
            "columns-3",
            _("Which columns are these?"),
            _("No title of this list is known. Say at the right what the columns mean: ")
            + _("the policy number or the client's name at least. It is remembered for lists like this."),
        )
        self.stack.addWidget(self.unclear)
        self.panes: dict[str, ListPane] = {}
        self.columns = ColumnsCard()
        self._lay()
        self.which.changed.connect(self._choose)
        self.save.clicked.connect(self.save_wanted)
        self.tiles["read"].clicked.connect(lambda: self.show_rows(None))
        for code in ("new", "unchanged"):
            self.tiles[code].clicked.connect(lambda _checked=False, code=code: self.show_rows(code))
        self.tiles["changed"].clicked.connect(lambda: self.choose(CHANGES))
        self.tiles["failed"].clicked.connect(lambda: self.choose(PROBLEMS))

    def _lay(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.EDGE, 14, tokens.EDGE, 14)
        column.setSpacing(tokens.GAP)
        tiles = QHBoxLayout()
        tiles.setSpacing(tokens.GAP + 2)
        for code, tile in self.tiles.items():
            tiles.addWidget(tile, 7 if code in ("read", "failed") else 13)  # the others tell clients and policies
        column.addLayout(tiles)
        column.addWidget(self.note)
        below = QHBoxLayout()
        below.setSpacing(tokens.GAP + 2)
        left = QVBoxLayout()
        left.setSpacing(tokens.GAP)
        head = QHBoxLayout()
        head.addWidget(self.which)
        head.addStretch()
        head.addWidget(self.save)
        left.addLayout(head)
        left.addWidget(self.stack, 1)
        below.addLayout(left, 1)
        below.addWidget(self.columns)
        column.addLayout(below, 1)

    # -- showing --------------------------------------------------------------------------------

    def show_plan(self, plan: Any, shown: lists.Shown, *, own: bool, remember: bool) -> None:
        """Show a plan; the same plan again shows what was taken since."""
        if plan is self._plan:
            self._retell()
            return
        self._plan = plan
        self._tell(plan)
        self._forget_panes()
        self.columns.show_plan(plan, own=own, remember=remember)
        self.save.setVisible(plan.count("failed") > 0)
        self.which.setVisible(not plan.unclear)
        if plan.unclear:
            self.stack.setCurrentWidget(self.unclear)
            return
        problems, changes, yours = shown.problems, shown.changes, shown.yours
        options = [
            (PROBLEMS, _("Problems {n}").format(n=f"{len(problems):,}")),
            (YOURS, _("Yours differ {n}").format(n=f"{len(yours):,}")),
            (CHANGES, _("Changes {n}").format(n=f"{len(changes):,}")),
            (ROWS, _("All rows {n}").format(n=f"{len(plan.rows):,}")),
        ]
        self.which.set_options([option for option in options if yours or option[0] != YOURS])
        self.which.setFixedWidth(133 * (4 if yours else 3))
        if yours:
            self._add(YOURS, self._yours(plan, yours))
        self._add(
            PROBLEMS,
            ListPane(
                lists.problem_list(problems),
                lists.problem_columns(problems),
                self._runner,
                views=lists.problem_views(problems),
                empty=EmptyState("circle-check", _("No problems"), _("Every row of the list can be imported.")),
                memory=self._memory,
            ),
        )
        self._add(
            CHANGES,
            ListPane(
                lists.change_list(changes),
                lists.change_columns(changes),
                self._runner,
                empty=EmptyState("check", _("Nothing known is changed"), _("The list only adds to the book.")),
                memory=self._memory,
            ),
        )
        self._add(
            ROWS,
            ListPane(
                lists.row_list(plan.rows),
                lists.row_columns(),
                self._runner,
                views=lists.row_views(plan),
                memory=self._memory,
            ),
        )
        self.choose(PROBLEMS if problems else YOURS if yours else CHANGES if changes else PROBLEMS)

    def _yours(self, plan: Any, rows: list[lists.ChangeRow]) -> ListPane:
        """Values that a person typed and the list does not have: they stay unless told otherwise, row by row or all."""
        pane = ListPane(
            lists.yours_list(plan, rows),
            lists.yours_columns(plan, rows),
            self._runner,
            actions=(
                ListAction(lambda: _("Take the list's"), lambda ids: self._take(ids, True), "file-spreadsheet"),
                ListAction(lambda: _("Keep mine"), lambda ids: self._take(ids, False), "check"),
            ),
            memory=self._memory,
        )
        pane.opened.connect(self._turn)
        pane.current_changed.connect(lambda _id: self._tell_takes())
        self.take_one = Button("", small=True, hint="↵")
        self.take_one.clicked.connect(lambda: self._turn(pane.current_id()))
        pane.add_tool(self.take_one)
        self.take_all = Button("", small=True)
        self.take_all.clicked.connect(lambda: self._take(range(len(rows)), not self._all_taken()))
        pane.add_tool(self.take_all)
        self._tell_takes()
        return pane

    def _turn(self, id: str | None) -> None:
        if id is not None:
            self._take([id], not self._plan.taken(int(id)))

    def _take(self, places: Iterable[Any], on: bool) -> None:
        self.take_wanted.emit([int(place) for place in places], on)

    def _all_taken(self) -> bool:
        return all(self._plan.taken(place) for place in range(len(self._plan.yours)))

    def _tell_takes(self) -> None:
        current = self.panes[YOURS].current_id() if YOURS in self.panes else None
        taken = current is not None and self._plan.taken(int(current))
        self.take_one.setText(_("Keep mine") if taken else _("Take the list's"))
        self.take_one.setEnabled(current is not None)
        self.take_all.setText(_("Keep all of mine") if self._all_taken() else _("Take the list's everywhere"))
        for button in (self.take_one, self.take_all):
            button.updateGeometry()

    def _retell(self) -> None:
        """The figures and rows after the list's values were taken, or not."""
        self._tell(self._plan)
        if YOURS in self.panes:
            self._tell_takes()
        for which in (YOURS, ROWS):
            if which in self.panes and self.panes[which].model.ready:
                cast(MemoryList, self.panes[which].model.query).forget()
                self.panes[which].reload()

    def forget(self) -> None:
        """Let go of everything read."""
        self._plan = None
        self._forget_panes()

    def choose(self, which: str) -> None:
        """Show problems, changes or rows."""
        self.which.set_value(which)
        self._choose(which)

    def show_rows(self, outcome: str | None) -> None:
        """The rows, all or of one outcome."""
        self.which.set_value(ROWS)
        self._choose(ROWS, lists.outcome_asked(outcome) if outcome else Asked())

    def _choose(self, which: str, asked: Asked | None = None) -> None:
        pane = self.panes.get(which)
        if pane is None:
            return
        self.stack.setCurrentWidget(pane)
        if asked is not None or not pane.model.ready:
            pane.open(asked)

    def _add(self, which: str, pane: ListPane) -> None:
        pane.chips.set_saving(False)
        self.panes[which] = pane
        self.stack.addWidget(pane)

    def _forget_panes(self) -> None:
        for pane in self.panes.values():
            self.stack.removeWidget(pane)
            pane.hide()
            pane.deleteLater()
        self.panes = {}

    def _tell(self, plan: Any) -> None:
        self.tiles["read"].set(f"{plan.read:,}", _("rows"))
        self.note.setText(plan.note())
        self.note.setVisible(bool(plan.note()))
        for code, tone in (("new", "green"), ("changed", "blue"), ("unchanged", "grey"), ("failed", "red")):
            count = plan.count(code)
            ratio = count / plan.read if plan.read else 0.0
            self.tiles[code].set(f"{count:,}", self._records(code), ratio, tone)
            self.tiles[code].setToolTip(self._records(code))

    def _records(self, code: str) -> str:
        if code == "failed":
            return _("rows")
        clients, policies = getattr(self._plan.clients, code), getattr(self._plan.policies, code)
        return _("{clients} clients · {policies} policies").format(clients=f"{clients:,}", policies=f"{policies:,}")
