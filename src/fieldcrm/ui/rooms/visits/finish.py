"""Typing back a stop: the paper's five boxes, one line, the next step; the same form on Today and on the board."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldcrm.base import clock, when
from fieldcrm.base.errors import InvalidField, InvalidFields
from fieldcrm.base.i18n import _
from fieldcrm.base.text import short_date
from fieldcrm.base.when import When
from fieldcrm.core import visits
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button, Segmented
from fieldcrm.ui.kit.drafts import DraftKeeper
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.kit.text import Label, soft


class FinishForm(QWidget):
    """Finishes one stop. Digits 1–5 choose, Enter goes on, Ctrl+Enter saves, Escape leaves.

    Signals: `saved(words)` after the book has it, `closed` on Escape. What was typed for a stop stays until it is
    saved, as a draft in the book too (`changed`, `left`, `raw` and the like serve the keeper of drafts).
    """

    saved = Signal(str)
    closed = Signal()
    changed = Signal()
    left = Signal()

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._kept: dict[str, dict[str, Any]] = {}
        self.visit_id, self.name = "", ""
        self.outcome = Segmented([(code, _(words)) for code, words in visits.OUTCOMES.items()])
        self.note, self.next, self.when = QLineEdit(), QLineEdit(), QLineEdit()
        self.echo = soft("")
        self.problem = Label(token="red", size=tokens.SMALL, wrap=True)  # noqa: S106 a tone
        self.problem.hide()
        self.save_button = Button(_("Save"), kind="primary", hint="Ctrl ↵")
        self.leave_button = Button(_("Close"), hint="Esc")
        self._lay()
        self.when.textChanged.connect(self._tell_when)
        self.outcome.changed.connect(lambda _code: self._words())
        self.save_button.clicked.connect(self.save)
        self.leave_button.clicked.connect(self.closed)
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
        after = QHBoxLayout()
        after.setSpacing(8)
        after.addWidget(self.when, 1)
        after.addWidget(self.echo)
        grid.addLayout(after, 1, 1)
        grid.setColumnStretch(0, 4)
        grid.setColumnStretch(1, 7)
        column.addLayout(grid)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.problem, 1)
        foot.addStretch()
        foot.addWidget(self.leave_button)
        foot.addWidget(self.save_button)
        column.addLayout(foot)
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
        self.problem.hide()
        self.save_button.setEnabled(True)
        self._words()

    # -- saving ---------------------------------------------------------------------------------

    def save(self) -> None:
        """Write the stop to the book, or say at the form what is missing."""
        try:
            meant = when.parse(self.when.text(), clock.now(), "next_on") if self.when.text().strip() else None
        except InvalidField as error:
            self._failed(error)
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
            failed=self._failed,
            owner=self,
        )

    def _done(self, visit_id: str, words: str) -> None:
        self._kept.pop(visit_id, None)
        if visit_id == self.visit_id:
            self.visit_id = ""
            self._set({})
            self._keeper.done()
        self.saved.emit(words)

    def _failed(self, error: Exception) -> None:
        self.save_button.setEnabled(True)
        if isinstance(error, InvalidField | InvalidFields):
            self.problem.setText(error.sentence)
            self.problem.show()
            field = error.field if isinstance(error, InvalidField) else ""
            (self.when if field == "next_on" else self.outcome if field == "outcome" else self.note).setFocus()

    def _tell_when(self, text: str) -> None:
        self.echo.setText(when_words(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif enter and (control or self.when.hasFocus()):
            self.save()
        elif enter:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)


def when_words(typed: str) -> str:
    """The echo of a typed time: "→ 11-23 周一 10:00"; "…" while it is not understood, nothing when empty."""
    if not typed.strip():
        return ""
    try:
        meant = when.parse(typed, clock.now(), "next_on")
    except InvalidField:
        return "…"
    return said_when(meant)


def said_when(meant: When) -> str:
    """A day and time as they were understood: "→ 11-23 周一 10:00"."""
    return f"→ {short_date(meant.day)}" + (f" {meant.time}" if meant.time else "")
