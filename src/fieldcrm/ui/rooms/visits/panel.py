"""The panel below the board: plan a candidate, change a stop, or type its result back."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from fieldcrm.base import text
from fieldcrm.base.i18n import _
from fieldcrm.core.visits import OPEN, CandidateRow, VisitRow
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.rooms.visits.finish import FinishForm
from fieldcrm.ui.rooms.visits.planning import PlanForm


class StopPanel(Card):
    """Hidden until something is opened; `left` when it is put away by the person."""

    left = Signal()

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(" ", parent=parent)
        self.set_compact()
        self.plan_form, self.finish_form = PlanForm(runner), FinishForm(runner)
        self.finish_button = Button(_("Log it"), small=True)
        self.cancel_button = Button(_("Cancel visit"), small=True, kind="danger")
        self.add_button(self.finish_button)
        self.add_button(self.cancel_button)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.plan_form)
        self.stack.addWidget(self.finish_form)
        self.body.addWidget(self.stack)
        self.finish_button.clicked.connect(self._to_finish)
        self.cancel_button.clicked.connect(self.plan_form.cancel_visit)
        self.plan_form.closed.connect(self.put_away)
        self.finish_form.closed.connect(self.put_away)
        self.setFixedHeight(self.sizeHint().height())
        self.hide()

    @property
    def finishing(self) -> bool:
        return self.isVisible() and self.stack.currentWidget() is self.finish_form

    def plan(self, candidate: CandidateRow, monday: date) -> None:
        self._open(_("Plan a visit: {name}").format(name=candidate.name), candidate.line)
        self._show_buttons(None)
        self.stack.setCurrentWidget(self.plan_form)
        self.plan_form.plan(candidate, monday)

    def edit(self, visit: VisitRow, monday: date) -> None:
        self._open(visit.name, stop_words(visit))
        self._show_buttons(visit)
        self.stack.setCurrentWidget(self.plan_form)
        self.plan_form.edit(visit, monday)

    def finish(self, visit: VisitRow, place: str = "") -> None:
        """Type back a stop; `place` says which of how many."""
        self._open(visit.name, " • ".join(filter(None, (place, stop_words(visit)))))
        self._show_buttons(None)
        self.stack.setCurrentWidget(self.finish_form)
        self.finish_form.open(visit.id, visit.name)

    def put_away(self) -> None:
        self.finish_form.keep()
        self.hide()
        self.left.emit()

    def _open(self, title: str, subtitle: str) -> None:
        self.set_title(title)
        self.set_subtitle(subtitle)
        self.show()

    def _show_buttons(self, visit: VisitRow | None) -> None:
        standing = visit is not None and visit.status in OPEN
        self.finish_button.setVisible(standing)
        self.cancel_button.setVisible(standing)

    def _to_finish(self) -> None:
        if self.plan_form.visit is not None:
            self.finish(self.plan_form.visit)


def stop_words(visit: VisitRow) -> str:
    """When and what for, in one line."""
    time = f"{text.short_date(visit.planned_on)} {visit.slot or ''}".strip()
    purpose = "" if visit.purpose and visit.chip.startswith(visit.purpose) else visit.purpose
    return " • ".join(filter(None, (time, purpose, visit.chip)))
