"""Planning a stop or changing one, in one line: when ("wed 10:00"), how long, what for, what to bring, why moved."""

from __future__ import annotations

import re
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from fieldcrm.base import clock, text, when
from fieldcrm.base.errors import InvalidField
from fieldcrm.base.i18n import _
from fieldcrm.base.when import When
from fieldcrm.core import visits
from fieldcrm.core.visits import CandidateRow, VisitRow
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.kit.text import soft
from fieldcrm.ui.kit.typed_day import when_words
from fieldcrm.ui.rooms.visits.stop_form import StopForm

_WEEKDAY = re.compile(r"^\s*(?:周|星期|礼拜|mon|tue|wed|thu|fri|sat|sun)", re.IGNORECASE)


def parse_in_week(typed: str, monday: date) -> When | None:
    """A typed day and time, None when it is empty; a bare weekday is the one of the week that is shown.

    Raises `InvalidField(when)`.
    """
    if not typed.strip():
        return None
    now = clock.now()
    if _WEEKDAY.match(typed) and monday > clock.today():
        now = clock.instant(monday - timedelta(days=1), 23, 59)
    return when.parse(typed, now, "when")


class PlanForm(StopForm):
    """Plans a candidate or edits a stop. Enter goes on, from the last field or with Ctrl it saves; Escape leaves.

    Signals: `planned(name)`, `changed(name)`, `cancelled(name)` after the book has it.
    """

    planned = Signal(str)
    changed = Signal(str)
    cancelled = Signal(str)

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(runner, parent)
        self.candidate: CandidateRow | None = None
        self.visit: VisitRow | None = None
        self._monday = clock.today()
        self._before = ""
        self.minutes = QLineEdit()
        self.purpose, self.bring, self.reason = QLineEdit(), QLineEdit(), QLineEdit()
        self.last = (self.when, self.bring, self.reason)
        self._lay()
        self.when.textChanged.connect(self._tell_when)

    def _lay(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        self._reason_label = soft(_("Why moved or cancelled"))
        self.fields = [self.when, self.minutes, self.purpose, self.bring, self.reason]
        labels = [soft(_("When")), soft(_("Minutes")), soft(_("Purpose")), soft(_("Bring")), self._reason_label]
        for number, (label, field, share) in enumerate(zip(labels, self.fields, (4, 1, 6, 5, 5), strict=True)):
            grid.addWidget(label, 0, number)
            grid.addWidget(field, 1, number)
            grid.setColumnStretch(number, share)
            field.setAccessibleName(label.text())
        self.minutes.setMinimumWidth(52)
        self._grid = grid
        column.addLayout(grid)
        column.addLayout(self.foot())

    # -- opening --------------------------------------------------------------------------------

    def plan(self, candidate: CandidateRow, monday: date) -> None:
        """Begin to plan a candidate in the week of `monday`; its weightiest reason is the purpose."""
        self.candidate, self.visit, self._monday = candidate, None, monday
        purpose = candidate.reasons[0] if candidate.reasons else ""
        self._show("", visits.DEFAULT_MINUTES, purpose, "", "")
        self.when.setPlaceholderText(_("wed 10:00; empty: first free slot"))
        self.when.setFocus()

    def edit(self, visit: VisitRow, monday: date) -> None:
        """Begin to change a stop."""
        self.candidate, self.visit, self._monday = None, visit, monday
        day = text.day_text(visit.planned_on)
        self._show(f"{day} {visit.slot or ''}".strip(), visit.minutes, visit.purpose, visit.bring, "")
        self.when.setPlaceholderText(_("wed 10:00"))
        self.when.setFocus()
        self.when.selectAll()

    def ask_reason(self, typed_when: str = "") -> None:
        """Go to the reason, with the day it moves to filled in."""
        if typed_when:
            self.when.setText(typed_when)
        self.reason.setFocus()

    def _show(self, when_: str, minutes: int | None, purpose: str, bring: str, reason: str) -> None:
        self._before = when_
        texts = (when_, str(minutes or ""), purpose, bring, reason)
        for field, words in zip(self.fields, texts, strict=True):
            field.setText(words)
            field.setCursorPosition(0)
        editing = self.visit is not None
        self.reason.setVisible(editing)
        self._reason_label.setVisible(editing)
        self._grid.setColumnStretch(4, 5 if editing else 0)
        self.clear_problem()
        self._tell_when(when_)

    # -- saving ---------------------------------------------------------------------------------

    def save(self) -> None:
        """Write it to the book, or say what is wrong."""
        try:
            meant = self._meant(self.when.text())
            minutes = self._minutes()
        except InvalidField as error:
            self.show_problem(error)
            return
        if self.candidate is not None:
            self._plan(self.candidate, meant, minutes)
        elif self.visit is not None:
            self._change(self.visit, meant, minutes)

    def _plan(self, candidate: CandidateRow, meant: When | None, minutes: int | None) -> None:
        self.save_button.setEnabled(False)
        self._runner.change(
            visits.plan_candidate,
            candidate.client_id,
            monday=self._monday,
            planned_on=meant.day if meant else None,
            slot=meant.time if meant else None,
            minutes=minutes,
            purpose=self.purpose.text(),
            bring=self.bring.text(),
            then=lambda _id: self.planned.emit(candidate.name),
            failed=self.show_problem,
            owner=self,
        )

    def _change(self, visit: VisitRow, meant: When | None, minutes: int | None) -> None:
        day, slot = visit.planned_on, visit.slot
        if meant is not None and self.when.text().strip() != self._before:
            day, slot = meant.day, meant.time
        self.save_button.setEnabled(False)
        self._runner.change(
            visits.edit_stop,
            visit.id,
            planned_on=day,
            slot=slot,
            reason=self.reason.text() or None,
            minutes=minutes,
            purpose=self.purpose.text(),
            bring=self.bring.text(),
            then=lambda _none: self.changed.emit(visit.name),
            failed=self.show_problem,
            owner=self,
        )

    def cancel_visit(self) -> None:
        """Cancel the stop with the reason given here."""
        visit = self.visit
        if visit is not None:
            self._runner.change(
                visits.cancel_visit,
                visit.id,
                self.reason.text(),
                then=lambda _none: self.cancelled.emit(visit.name),
                failed=self.show_problem,
                owner=self,
            )

    def _minutes(self) -> int | None:
        typed = self.minutes.text().strip()
        if not typed:
            return None
        if not (typed.isascii() and typed.isdecimal()):
            raise InvalidField("minutes", visits.BAD_LENGTH)
        return int(typed)

    def field_of(self, name: str) -> QWidget | None:
        return {"reason": self.reason, "minutes": self.minutes, "when": self.when, "slot": self.when}.get(name)

    def _meant(self, typed: str) -> When | None:
        return parse_in_week(typed, self._monday)

    def _tell_when(self, typed: str) -> None:
        self.problem.hide()
        self.echo.setText("" if typed == self._before else when_words(typed, self._meant))
