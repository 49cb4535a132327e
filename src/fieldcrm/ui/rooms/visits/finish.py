"""Typing back a stop: the paper's five boxes, one line, the next step; the same form on Today and on the board."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from fieldcrm.base.errors import InvalidField
from fieldcrm.base.i18n import _
from fieldcrm.core import visits
from fieldcrm.ui.kit.buttons import Segmented
from fieldcrm.ui.kit.drafts import DraftKeeper
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.kit.typed_day import parse_when, when_words
from fieldcrm.ui.rooms.visits.stop_form import StopForm


class FinishForm(StopForm):
    """Finishes one stop. Digits 1–5 choose, Enter goes on, Ctrl+Enter saves, Escape leaves.

    Signals: `saved(words)` after the book has it, `closed` on Escape. What was typed for a stop stays until it is
    saved, as a draft in the book too (`changed`, `left`, `raw` and the like serve the keeper of drafts).
    """

    saved = Signal(str)
    changed = Signal()
    left = Signal()

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(runner, parent)
        self._kept: dict[str, dict[str, Any]] = {}
        self.visit_id, self.name = "", ""
        self.outcome = Segmented([(code, _(words)) for code, words in visits.OUTCOMES.items()])
        self.note, self.next = QLineEdit(), QLineEdit()
        self._lay()
        self.when.textChanged.connect(self._tell_when)
        self.outcome.changed.connect(lambda _code: self._words())
        self._clean = self.typed()
        self._keeper = DraftKeeper(cast(Any, self), runner, runner.store.author.device)
        self._column.addWidget(self._keeper.notice)
        for field in (self.note, self.next, self.when):
            field.textEdited.connect(lambda _text: self.changed.emit())
            field.editingFinished.connect(self.left)
        self.outcome.changed.connect(lambda _code: self.changed.emit())

    def _lay(self) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.addWidget(self.outcome, 0, 0)
        grid.addWidget(self.note, 0, 1)
        grid.addWidget(self.next, 1, 0)
        grid.addWidget(self.when, 1, 1)
        grid.setColumnStretch(0, 4)
        grid.setColumnStretch(1, 7)
        column.addLayout(grid)
        column.addLayout(self.foot())
        for field, words in ((self.outcome, _("Result")), (self.note, _("What was said")), (self.when, _("When"))):
            field.setAccessibleName(words)
        self.next.setAccessibleName(_("Next step"))
        self._words()

    def _words(self) -> None:
        moved = self.outcome.value() == "moved"
        self.note.setPlaceholderText(_("Reason") if moved else _("What was said, one line"))
        self.next.setPlaceholderText(_("Next step, if any"))
        self.next.setEnabled(not moved)
        self.when.setPlaceholderText(_("To which day: fri 10:00") if moved else _("tomorrow, fri 3pm"))

    # -- opening --------------------------------------------------------------------------------

    def open(self, visit_id: str, name: str) -> None:
        """Take up a stop; what was typed for it before comes back."""
        self.keep()
        self.visit_id, self.name = visit_id, name
        self._set({})
        self.mark_clean()
        self._keeper.open(f"stop:{visit_id}")
        if visit_id in self._kept:
            self._set(self._kept[visit_id])
        self.outcome.setFocus()

    def keep(self) -> None:
        """Remember what stands here for its stop."""
        if self.visit_id:
            typed = self.typed()
            if any(typed.values()):
                self._kept[self.visit_id] = typed
            else:
                self._kept.pop(self.visit_id, None)

    # what the keeper of drafts asks of a form

    def raw(self) -> dict[str, Any]:
        return self.typed()

    def set_raw(self, raw: dict[str, Any]) -> None:
        self._set(raw)

    def dirty(self) -> bool:
        return self.typed() != self._clean

    def mark_clean(self) -> None:
        self._clean = self.typed()

    def flush(self) -> None:
        """Keep the draft at once: the window locks or closes."""
        self._keeper.flush()

    def typed(self) -> dict[str, Any]:
        return {
            "outcome": self.outcome.value(),
            "note": self.note.text(),
            "next": self.next.text(),
            "when": self.when.text(),
        }

    def kept(self) -> dict[str, dict[str, Any]]:
        """All that is typed and not saved, by visit, to carry over a language switch."""
        self.keep()
        return dict(self._kept)

    def take(self, kept: dict[str, dict[str, Any]]) -> None:
        self._kept = dict(kept)

    def _set(self, typed: dict[str, Any]) -> None:
        self.outcome.set_value(typed.get("outcome"))
        self.note.setText(typed.get("note", ""))
        self.next.setText(typed.get("next", ""))
        self.when.setText(typed.get("when", ""))
        self.clear_problem()
        self._words()

    # -- saving ---------------------------------------------------------------------------------

    def save(self) -> None:
        """Write the stop to the book, or say at the form what is missing."""
        try:
            meant = parse_when(self.when.text())
        except InvalidField as error:
            self.show_problem(error)
            return
        self.save_button.setEnabled(False)
        visit_id, name = self.visit_id, self.name
        self._runner.change(
            visits.finish_stop,
            visit_id,
            self.outcome.value(),
            note=self.note.text(),
            next_what=self.next.text().strip() or None,
            next_on=meant.day if meant else None,
            next_time=meant.time if meant else None,
            then=lambda done: self._done(
                visit_id, (_("Logged: {name}") if done else _("Moved: {name}")).format(name=name)
            ),
            failed=self.show_problem,
            owner=self,
        )

    def _done(self, visit_id: str, words: str) -> None:
        self._kept.pop(visit_id, None)
        if visit_id == self.visit_id:
            self.visit_id = ""
            self._set({})
            self._keeper.done()
        self.saved.emit(words)

    def field_of(self, name: str) -> QWidget:
        return {"next_on": self.when, "outcome": self.outcome}.get(name, self.note)

    def _tell_when(self, text: str) -> None:
        self.echo.setText(when_words(text))
