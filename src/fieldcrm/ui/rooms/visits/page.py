"""The visit plan: candidates beside the week's board, the panel below, the paper before it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldcrm.base import clock, text
from fieldcrm.base.errors import InvalidField
from fieldcrm.base.i18n import _, ngettext
from fieldcrm.core import visits
from fieldcrm.core.visits import BoardRows, CandidateRow, VisitRow
from fieldcrm.ui.kit import choosing, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.kit.paper_stack import PaperStack
from fieldcrm.ui.rooms.visits import dragging, menus
from fieldcrm.ui.rooms.visits.board import Board
from fieldcrm.ui.rooms.visits.candidates import Candidates
from fieldcrm.ui.rooms.visits.panel import StopPanel

_LIST_WIDTH = 248


class VisitsPage(Page):
    """A week to plan in the morning, to print, and to type back in the evening."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"visit", "client", "policy", "complaint", "task", "contact", "channel"}
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.wants_quick_log = False
        self.monday = visits.monday_of(clock.today())
        self.rows: BoardRows | None = None
        self._evening = False
        self._after: str | None = None  # what to open once the next rows are there
        self.candidates, self.board = Candidates(), Board()
        self.panel = StopPanel(desk.runner)
        self.setFocusProxy(self.candidates)
        self._head()
        self._lay()
        self._connect()
        self._say_week()

    # -- building -------------------------------------------------------------------------------

    def _head(self) -> None:
        self.earlier = Button(icon="chevron-left")
        self.this_week = Button(_("This week"))
        self.later = Button(icon="chevron-right")
        self.evening_button = Button(_("Enter results"))
        self.evening_button.setCheckable(True)
        self.evening_button.setToolTip(_("Type the day's results back, in the order of the paper"))
        self.propose_button = Button(_("Fill the week"))
        self.calendar_button = Button(icon="calendar-check")
        self.calendar_button.setAccessibleName(_("Calendar file"))
        self.calendar_button.setToolTip(_("Save the week as a calendar file"))
        self.print_button = Button(_("Print PDF"), kind="primary")
        for button, words, keys in (
            (self.earlier, _("Week before"), "PgUp"),
            (self.later, _("Week after"), "PgDown"),
        ):
            button.setAccessibleName(words)
            button.setToolTip(f"{words} ({keys})")
        self.this_week.setParent(self)  # in the header while another week is shown
        self.this_week.hide()
        self.header_buttons = [
            self.earlier, self.later, self.evening_button, self.propose_button, self.calendar_button,
            self.print_button,
        ]  # fmt: skip

    def _lay(self) -> None:
        plan = QWidget()
        column = QVBoxLayout(plan)
        column.setContentsMargins(tokens.EDGE, 16, tokens.EDGE, 16)
        column.setSpacing(tokens.GAP)
        row = QHBoxLayout()
        row.setSpacing(tokens.GAP + 2)
        self.list_card = Card(_("To be planned"), _("by score"), padded=False)
        self.list_card.set_compact()
        self.list_card.setFixedWidth(_LIST_WIDTH)
        self.nobody = EmptyState(
            "map-pin",
            _("Nobody to plan"),
            _("Clients with something due stand here, the most worthwhile first."),
            ((_("Import a list"), lambda: self.desk.go("imports", ask=True)),),
        )
        self.nobody.hide()
        self.list_card.body.addWidget(self.candidates, 1)
        self.list_card.body.addWidget(self.nobody, 1)
        row.addWidget(self.list_card)
        row.addWidget(self.board, 1)
        column.addLayout(row, 1)
        column.addWidget(self.panel)
        escape = QShortcut(QKeySequence("Esc"), plan)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._escape)
        edges = (tokens.EDGE, 16)
        self.stack = PaperStack(
            self.desk, plan, _("Visit plan"), _("as it will be printed"), back=_("Back to the plan"), edges=edges
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)

    def _connect(self) -> None:
        self.earlier.clicked.connect(lambda: self.show_week(self.monday - timedelta(days=7)))
        self.later.clicked.connect(lambda: self.show_week(self.monday + timedelta(days=7)))
        self.this_week.clicked.connect(lambda: self.show_week(visits.monday_of(clock.today())))
        self.print_button.clicked.connect(self.show_paper)
        self.propose_button.clicked.connect(self.propose)
        self.calendar_button.clicked.connect(self._ask_calendar)
        self.evening_button.clicked.connect(self.set_evening)
        self.candidates.chosen.connect(self.plan)
        self.candidates.to_board.connect(self.board.focus_first)
        self.candidates.menu_wanted.connect(self._candidate_menu)
        self.board.to_list.connect(self.candidates.setFocus)
        self.board.opened.connect(self.edit)
        self.board.finish_wanted.connect(self.finish)
        self.board.cancel_wanted.connect(self.cancel)
        self.board.dropped.connect(self.drop)
        self.board.menu_wanted.connect(self._stop_menu)
        form = self.panel.plan_form
        form.planned.connect(lambda name: self._said(_("Planned: {name}"), name))
        form.changed.connect(lambda name: self._said(_("Changed: {name}"), name))
        form.cancelled.connect(lambda name: self._said(_("Cancelled: {name}"), name))
        self.panel.finish_form.saved.connect(self._finished)
        self.panel.left.connect(self._left)
        for keys, act in (
            ("PgUp", self.earlier.click),
            ("PgDown", self.later.click),
            ("Alt+Left", self.earlier.click),
            ("Alt+Right", self.later.click),
            ("Ctrl+P", self.print_button.click),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)  # of the window: the header is outside

    # -- showing --------------------------------------------------------------------------------

    def load(self) -> None:
        self.desk.runner.read(visits.board, self.monday, then=self._show, key="visits.board")

    def show_week(self, monday: date) -> None:
        """Show another week."""
        self.monday = monday
        self._say_week()
        self.refresh()

    def open(self, **what: Any) -> None:
        """`day` shows its week, `paper` its print, `evening` types its results back, `plan` (a client id) plans it,
        `visit_id` opens that stop."""
        if what.get("visit_id"):
            self._open_stop(what["visit_id"])
        if what.get("day"):
            self.show_week(visits.monday_of(what["day"]))
        if what.get("paper"):
            self.show_paper()
        if what.get("evening"):
            self.set_evening(True)
        if what.get("plan"):
            self.plan(CandidateRow(what["plan"], what.get("name", ""), None, 0, "grey", ()))

    def _open_stop(self, visit_id: str) -> None:
        def found(day: date | None) -> None:
            if day is not None:
                self._after = visit_id
                self.show_week(visits.monday_of(day))

        self.desk.runner.read(visits.day_of_visit, visit_id, then=found, key="visits.day", owner=self)

    def state(self) -> dict[str, Any]:
        form = self.panel.finish_form
        return {"monday": self.monday, "typed": form.kept(), "evening": self._evening}

    def restore(self, state: dict[str, Any]) -> None:
        self.monday = state["monday"]
        self.panel.finish_form.take(state["typed"])
        self._say_week()
        if state["evening"]:
            self.set_evening(True)

    def put_away(self) -> None:
        self.panel.finish_form.flush()
        self.stack.shut()

    def _say_week(self) -> None:
        words = [
            _("week {n}").format(n=self.monday.isocalendar().week),
            text.span_text(self.monday, self.monday + timedelta(days=4)),
        ]
        rows = self.rows
        if rows is not None and rows.week.monday == self.monday:
            words.append(_("{n} / {goal} stops").format(n=rows.week.planned + rows.week.done, goal=rows.week.goal))
        self.header_buttons = [button for button in self.header_buttons if button is not self.this_week]
        if self.monday != visits.monday_of(clock.today()):
            self.header_buttons.insert(0, self.this_week)
        self.set_heading(_("Visit plan"), " • ".join(words))

    def _show(self, rows: BoardRows) -> None:
        self.rows = rows
        self._say_week()
        self.board.show_week(rows.week)
        self._show_candidates(rows.candidates)
        if self._evening and not (self.panel.finishing and self.panel.finish_form.visit_id):
            self._next_back()
        self.board.mark(self.panel.finish_form.visit_id if self.panel.finishing else "")
        wanted, self._after = self._after, None
        stop = next((card.row for card in self.board.cards() if card.row.id == wanted), None)
        if stop is not None:
            self.board.focus_stop(stop.id)
            if stop.status in visits.OPEN:
                self.edit(stop)

    def _show_candidates(self, rows: Sequence[CandidateRow]) -> None:
        """The list, or what will be there; the keyboard never falls to the header with a list that empties."""
        had = self.candidates.hasFocus()
        self.candidates.show_rows(rows)
        self.nobody.setVisible(not rows)
        if had and not rows:
            next(iter(self.board.cards()), self.nobody).setFocus()
        self.candidates.setVisible(bool(rows))
        count = _("by score • {n}").format(n=len(rows)) if rows else _("by score")
        self.list_card.set_subtitle(count)

    # -- planning and changing ------------------------------------------------------------------

    def plan(self, candidate: CandidateRow) -> None:
        """Ask when to visit a candidate."""
        self.panel.plan(candidate, self.monday)

    def edit(self, visit: VisitRow) -> None:
        """Open a stop: to change it while it stands; a finished one shows its client."""
        if visit.status in visits.OPEN:
            self.panel.edit(visit, self.monday)
        elif visit.client_id:
            self.desk.go("clients", client_id=visit.client_id)

    def cancel(self, visit: VisitRow) -> None:
        """Open a stop at its reason, to be cancelled."""
        if visit.status in visits.OPEN:
            self.panel.edit(visit, self.monday)
            self.panel.plan_form.ask_reason()

    def drop(self, kind: str, id: str, day: date) -> None:
        """Something was let go over a day: a candidate is planned there, a stop moves there."""
        if kind == dragging.CANDIDATE:
            row = next((row for row in self.candidates.rows() if row.client_id == id), None)
            purpose = row.reasons[0] if row and row.reasons else None
            self.desk.runner.change(
                visits.plan_candidate,
                id,
                monday=self.monday,
                planned_on=day,
                purpose=purpose,
                then=lambda _id: self._said(_("Planned: {name}"), row.name if row else ""),
            )
            return
        stop = next((card.row for card in self.board.cards() if card.row.id == id), None)
        if stop is not None and stop.planned_on != day:
            self.desk.runner.change(
                visits.drop_visit,
                id,
                day,
                then=lambda _none: self._said(_("Moved: {name}"), stop.name),
                failed=partial(self._needs_reason, stop, day),
            )

    def _needs_reason(self, stop: VisitRow, day: date, error: Exception) -> None:
        """Moving an older plan asks why: the panel opens with the new day filled in."""
        if isinstance(error, InvalidField):
            self.panel.edit(stop, self.monday)
            self.panel.plan_form.ask_reason(f"{text.day_text(day)} {stop.slot or ''}".strip())
            self.panel.plan_form.show_problem(error)

    def propose(self) -> None:
        """Fill the free slots of the week; one undo takes it back."""
        self.desk.runner.change(visits.propose_week, self.monday, then=self._proposed)

    def _proposed(self, count: int) -> None:
        if count:
            self.desk.done(ngettext("{n} visit planned", "{n} visits planned", count).format(n=count))
        else:
            self.desk.say("info", _("No free slot or nobody to visit in this week."), seconds=8)

    def _said(self, words: str, name: str) -> None:
        self.panel.hide()
        self.desk.done(words.format(name=name))
        self._to_lists()

    def _to_lists(self) -> None:
        """The keyboard goes to who can be planned, else to the board."""
        self.candidates.setFocus() if self.candidates.rows() else self.board.focus_first()

    # -- the evening ----------------------------------------------------------------------------

    def set_evening(self, on: bool) -> None:
        """Type the results back one after another, in the order of the paper."""
        self._evening = on
        self.evening_button.setChecked(on)
        if on:
            if self.rows is not None:
                self._next_back()
        elif self.panel.finishing:
            self.panel.hide()

    def to_type_back(self) -> list[VisitRow]:
        """The stops up to today that still stand, in the order of the paper."""
        standing = [card.row for card in self.board.cards() if card.row.status in visits.OPEN]
        return [row for row in standing if row.planned_on <= clock.today()]

    def finish(self, visit: VisitRow) -> None:
        """Type back one stop."""
        if visit.status in visits.OPEN:
            left = self.to_type_back()
            place = next((n for n, row in enumerate(left, 1) if row.id == visit.id), 0)
            words = _("{n} of {total}").format(n=place, total=len(left)) if self._evening and place else ""
            self.panel.finish(visit, words)
            self.board.mark(visit.id)

    def _next_back(self) -> None:
        left = self.to_type_back()
        if left:
            self.finish(left[0])
        else:
            self.panel.hide()
            self.set_evening(False)
            self._to_lists()
            self.desk.say("done", _("Every stop up to today is typed back."), seconds=8)

    def _finished(self, words: str) -> None:
        if not self._evening:  # the rows that come next open the following stop
            self.panel.hide()
        self.desk.done(words)

    def _left(self) -> None:
        self.board.mark("")
        if self._evening:
            self.set_evening(False)
        visit = self.panel.plan_form.visit
        if not (visit is not None and self.board.focus_stop(visit.id)):
            self.candidates.setFocus()

    # -- paper and calendar ---------------------------------------------------------------------

    def show_paper(self) -> None:
        """The week as it will be printed."""
        person = self.desk.me.person_id or None
        self.desk.runner.read(visits.plan_paper, self.monday, person, then=self._draw_paper, key="visits.paper")

    def _draw_paper(self, paper: Any) -> None:
        self.desk.runner.background(visits.visit_plan_bytes, paper, then=self._open_paper, owner=self)

    def _open_paper(self, content: bytes) -> None:
        year, week, _day = self.monday.isocalendar()
        self.stack.show_paper(content, f"visit-plan-{year}-W{week:02}.pdf", "visit_plan")

    def _escape(self) -> None:
        if self.panel.isVisible():
            self.panel.put_away()

    def _ask_calendar(self) -> None:
        year, week, _day = self.monday.isocalendar()
        name = f"visit-plan-{year}-W{week:02}.ics"
        path = choosing.save_file(self, _("Calendar file"), name, "iCalendar (*.ics)")
        if path is not None:
            self.save_calendar(path)

    def save_calendar(self, path: Path) -> None:
        """Write the week as a calendar file."""
        self.desk.runner.read(
            visits.write_calendar, self.monday, path,
            then=lambda _none: self._calendar_saved(path),
        )  # fmt: skip

    def _calendar_saved(self, path: Path) -> None:
        from fieldcrm.base.data import audit

        self.desk.runner.change(audit.note, "export", form="calendar")
        self.desk.say("done", _("Saved as {name}").format(name=path.name), seconds=10)

    # -- menus ----------------------------------------------------------------------------------

    def _candidate_menu(self, row: CandidateRow, point: QPoint) -> None:
        menus.candidate_menu(self, row, point)

    def _stop_menu(self, visit: VisitRow, point: QPoint) -> None:
        menus.stop_menu(self, visit, point)
