"""One complaint beside the list: its clocks, what it is about, what to do, what was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from fieldcrm.base import forms, text
from fieldcrm.base.i18n import _
from fieldcrm.base.text import money
from fieldcrm.core import complaints
from fieldcrm.core.complaints import rules
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.chips import Chip
from fieldcrm.ui.kit.flow import Flow
from fieldcrm.ui.kit.form import HALO
from fieldcrm.ui.kit.page import Desk
from fieldcrm.ui.kit.scrolling import scrolled
from fieldcrm.ui.kit.text import Clamped, Elided, Label, soft
from fieldcrm.ui.rooms.complaints.clocks import ClockBar
from fieldcrm.ui.rooms.complaints.inline_form import InlineForm
from fieldcrm.ui.rooms.complaints.timeline import Timeline

_POINT_LINES = 6  # of a long complaint; the clocks and the steps stay in sight
_ANSWER = ("handling_opinion",)
_CLOSE = ("handling_opinion", "irregular_surrender", "compensation_fen", "client_opinion")
_CORRECT = (
    "point", "category", "severity", "source", "received_at", "mis_selling_suspected", "complex",
    "extension_approved", "estimated_compensation_fen", "remark",
)  # fmt: skip


class CasePane(Card):
    """Shows the case of `show_case(id)`. Signals: `told(words)` after each action that was done, `settled` when the
    case was closed here, `gone` when the complaint is no longer there, `letter_wanted(id)`.

    After each action the keyboard is on the line for the next step, after closing it goes back to the list.
    """

    told = Signal(str)
    settled = Signal()
    letter_wanted = Signal(str)
    gone = Signal()

    def __init__(self, desk: Desk, *, office: bool, parent: QWidget | None = None) -> None:
        super().__init__(padded=False, parent=parent)
        self.desk, self.office = desk, office
        self.case: Any = None
        self._id: str | None = None
        self._take_keys = False
        self._build()

    def _build(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(tokens.PAD, 12, tokens.PAD, 12)
        column.setSpacing(10)
        self.name = Elided("", size=tokens.TITLE, bold=True)
        self.chips = Flow(gap=6)
        self.about = soft("", wrap=True)
        self.point = Clamped(_POINT_LINES)
        self.whole_button = Button(_("Show all of it"), kind="quiet", small=True)
        self.whole_button.clicked.connect(self._show_whole_point)
        self.answer_bar, self.regulatory_bar = ClockBar(""), ClockBar("")
        bars = QHBoxLayout()
        bars.setSpacing(20)
        bars.addWidget(self.answer_bar)
        bars.addWidget(self.regulatory_bar)
        self._make_buttons()
        self._make_forms()
        self.opinion = Label("", wrap=True)
        self.result = soft("", wrap=True)
        self.timeline = Timeline()
        self.timeline.added.connect(self._add_step)
        column.addWidget(self.name)
        column.addLayout(self.chips)
        column.addWidget(self.about)
        column.addLayout(self.buttons)
        column.addLayout(bars)
        for inline in self.inline.values():
            beyond = QHBoxLayout()
            beyond.setSpacing(0)
            beyond.addSpacing(-HALO)  # its fields stand on the card's edge, their halo outside it
            beyond.addWidget(inline, 1)
            beyond.addSpacing(-HALO)
            column.addLayout(beyond)
        column.addWidget(self.reason)
        column.addWidget(soft(forms.get("complaint")["point"].label))
        column.addWidget(self.point)
        column.addWidget(self.whole_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.opinion_head = soft(forms.get("complaint")["handling_opinion"].label)
        column.addWidget(self.opinion_head)
        column.addWidget(self.opinion)
        column.addWidget(self.result)
        column.addWidget(self.timeline)
        column.addStretch()
        scroll = scrolled(inner)
        self._stack = QStackedLayout()
        self.body.addLayout(self._stack)
        self._stack.addWidget(scroll)
        self._stack.addWidget(
            EmptyState("message-square-warning", _("No complaint chosen"), _("Its clocks and steps stand here."))
        )
        self._stack.setCurrentIndex(1)

    def _make_buttons(self) -> None:
        self.answer_button = Button(_("Answer"), kind="primary", small=True)
        self.close_button = Button(_("Close the case"), small=True)
        self.pause_button = Button(_("Pause"), small=True)
        self.resume_button = Button(_("Resume"), small=True)
        self.reopen_button = Button(_("Reopen"), small=True)
        self.correct_button = Button(_("Correct"), small=True)
        self.approve_button = Button(_("Approve 30 more days"), small=True)
        self.letter_button = Button(_("Answer letter"), small=True)
        self.client_button = Button(_("Client"), small=True)
        self.buttons = Flow(gap=8)
        for button, act in (
            (self.answer_button, lambda: self._begin("answer")),
            (self.close_button, lambda: self._begin("close")),
            (self.pause_button, self._ask_reason),
            (self.resume_button, self._resume),
            (self.reopen_button, self._reopen),
            (self.correct_button, lambda: self._begin("correct")),
            (self.approve_button, self._approve),
            (self.letter_button, lambda: self.letter_wanted.emit(self._id or "")),
            (self.client_button, lambda: self.desk.go("clients", client_id=self.case.row.client_id)),
        ):
            button.clicked.connect(lambda _c=False, act=act: act())
            self.buttons.addWidget(button)

    def _make_forms(self) -> None:
        self.inline = {
            "answer": InlineForm(self.desk, _("Answer the client"), _ANSWER, _("Answered")),
            "close": InlineForm(self.desk, _("Close the case"), _CLOSE, _("Close the case")),
            "correct": InlineForm(self.desk, _("Correct the complaint"), _CORRECT, _("Save")),
        }
        for what, inline in self.inline.items():
            inline.hide()
            inline.saved.connect(lambda values, what=what: self._save(what, values))
            inline.cancelled.connect(self._leave_forms)
        self.reason = _Reason()
        self.reason.given.connect(self._pause)
        self.reason.cancelled.connect(self._leave_forms)
        self.reason.hide()

    # -- showing --------------------------------------------------------------------------------

    def show_case(self, complaint_id: str | None, *, keys: bool = False) -> None:
        """Fetch and show a complaint, with the keyboard on its line when `keys`; None: nothing is chosen."""
        if complaint_id != self._id:
            self._leave_forms()
            self.timeline.line.setText("")
        self._id = complaint_id
        self._take_keys = keys or (self._take_keys and complaint_id is not None)
        if complaint_id is None:
            self._stack.setCurrentIndex(1)
            return
        self.desk.runner.read(complaints.find_case, complaint_id, then=self._show, key="complaints.case", owner=self)

    def _show(self, case: Any) -> None:
        if case is None or case.row.id != self._id:
            if case is None:
                self._stack.setCurrentIndex(1)
                self.gone.emit()
            return
        self.case = case
        row = case.row
        self.name.setText(row.client)
        self._show_chips(row)
        form = forms.get("complaint")
        parts = [case.product, f"••{row.policy_number[-4:]}" if row.policy_number else "", case.phone]
        parts += [forms.show(form["source"], row.source) if row.source else "", row.manager if self.office else ""]
        self.about.setText(" · ".join(filter(None, parts)))
        self.about.setVisible(bool(self.about.text()))
        limit = rules.regulatory_limit(case.values["complex"], case.values["extension_approved"])
        self.answer_bar.show_clock(_("Answer, {n} d").format(n=rules.ANSWER.days), row.answer)
        self.regulatory_bar.show_clock(_("Regulator, {n} d").format(n=limit.days), row.regulatory)
        self.point.set_lines(_POINT_LINES)
        self.point.setText(row.point)
        self.whole_button.setVisible(self.point.shortened)
        opinion = case.values["handling_opinion"] or ""
        self.opinion.setText(opinion)
        self.opinion.setVisible(bool(opinion))
        self.opinion_head.setVisible(bool(opinion))
        self._show_result(case)
        self.timeline.show_events(case.events)
        line = self.timeline.line
        keys, self._take_keys = self._take_keys or line.hasFocus(), False
        line.setVisible(row.status != "closed")
        self._show_buttons(case)
        self._stack.setCurrentIndex(0)
        if keys and line.isVisible():
            line.setFocus()

    def _show_whole_point(self) -> None:
        self.point.set_lines(0)
        self.whole_button.hide()

    def _show_chips(self, row: Any) -> None:
        form = forms.get("complaint")
        while (item := self.chips.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        found = [(text.age_words(row.age), "blue")] if row.age is not None else []
        for name in ("status", "severity", "category"):
            if choice := form[name].choice(getattr(row, name) or ""):
                found.append((choice.label, choice.tone))
        if row.first:
            found.append((_("comes first"), "red"))
        if row.clock.escalation and row.status != "closed":
            found.append((_("escalated, {n}%").format(n=row.clock.escalation), row.clock.tone))
        for words, tone in found:
            chip = Chip(text.capital(words), tone)
            self.chips.addWidget(chip)
            chip.show()
        self.chips.invalidate()

    def _show_result(self, case: Any) -> None:
        form, values = forms.get("complaint"), case.values
        parts: list[str] = []
        if case.row.satisfied is not None:
            parts.append(_("settled to satisfaction") if case.row.satisfied else _("with surrender or compensation"))
        if values["irregular_surrender"]:
            parts.append(form["irregular_surrender"].label)
        for name in ("compensation_fen", "estimated_compensation_fen"):
            if values[name]:
                parts.append(f"{form[name].label} {money(values[name])}")
        if values["client_opinion"]:
            parts.append(
                f"{form['client_opinion'].label}: {forms.show(form['client_opinion'], values['client_opinion'])}"
            )
        if values["remark"]:
            parts.append(values["remark"])
        self.result.setText(" · ".join(parts))
        self.result.setVisible(bool(parts))

    def _show_buttons(self, case: Any) -> None:
        row, mine = case.row, not self.office
        closed, paused = row.status == "closed", row.clock.paused
        self.answer_button.setVisible(mine and row.status == "open")
        self.close_button.setVisible(mine and not closed)
        self.close_button.set_kind("primary" if row.status == "answered" else "secondary")
        self.pause_button.setVisible(mine and not closed and not paused)
        self.resume_button.setVisible(mine and not closed and paused)
        self.reopen_button.setVisible(mine and closed)
        self.correct_button.setVisible(mine and not closed)
        self.letter_button.setVisible(mine and row.status != "open" and bool(case.values["handling_opinion"]))
        complex_, approved = case.values["complex"], case.values["extension_approved"]
        self.approve_button.setVisible(self.office and not closed and bool(complex_) and not approved)
        self.buttons.invalidate()

    # -- doing ----------------------------------------------------------------------------------

    def _begin(self, what: str) -> None:
        self._leave_forms()
        self.inline[what].show()
        self.inline[what].begin(f"complaint-{what}:{self._id}", self.case.values)

    def _leave_forms(self) -> None:
        """Hide what was opened, its draft kept; the keyboard goes from it to the line."""
        opened = (*self.inline.values(), self.reason)
        focus = self.window().focusWidget()
        if focus is not None and any(widget.isAncestorOf(focus) for widget in opened):
            self.timeline.line.setFocus()
        for inline in self.inline.values():
            inline.keeper.flush()
        for widget in opened:
            widget.hide()

    def put_away(self) -> None:
        """Save drafts at once."""
        for inline in self.inline.values():
            inline.keeper.flush()

    def _save(self, what: str, values: dict[str, Any]) -> None:
        inline, asked = self.inline[what], {"answer": _ANSWER, "close": _CLOSE, "correct": _CORRECT}[what]
        actions: dict[str, tuple[Callable[..., Any], str]] = {
            "answer": (complaints.answer_complaint, _("Answered: {name}")),
            "close": (complaints.close_complaint, _("Closed: {name}")),
            "correct": (complaints.change_complaint, _("Corrected: {name}")),
        }
        action, words = actions[what]
        given = {name: values[name] for name in asked}
        name = self.case.row.client

        def done(_result: object) -> None:
            inline.done()
            self._leave_forms()
            if what == "close":
                self.settled.emit()
            self.told.emit(words.format(name=name))

        self.desk.runner.change(action, self._id, **given, then=done, failed=inline.failed, owner=self)

    def _add_step(self, words: str) -> None:
        def done(_result: object) -> None:
            self.timeline.line.setText("")  # clear() could be undone by Ctrl+Z, in place of the step
            self.told.emit(_("Step added"))

        self.desk.runner.change(complaints.add_complaint_step, self._id, words, then=done, owner=self)

    def _ask_reason(self) -> None:
        self._leave_forms()
        self.reason.begin()

    def _pause(self, reason: str) -> None:
        def done(_result: object) -> None:
            self._leave_forms()
            self.told.emit(_("The clocks are paused"))

        self.desk.runner.change(complaints.pause_complaint, self._id, reason, then=done, owner=self)

    def _resume(self) -> None:
        self._simply(complaints.resume_complaint, _("The clocks run again"))

    def _reopen(self) -> None:
        self._simply(complaints.reopen_complaint, _("Reopened: {name}").format(name=self.case.row.client))

    def _simply(self, action: Any, words: str) -> None:
        self._take_keys = True  # the button goes
        self.desk.runner.change(action, self._id, then=lambda _r: self.told.emit(words), owner=self)

    def _approve(self) -> None:
        words = _("Extension approved: {name}").format(name=self.case.row.client)
        self.desk.runner.change(
            complaints.change_complaint, self._id, extension_approved=True,
            then=lambda _r: self.told.emit(words), owner=self,
        )  # fmt: skip


class _Reason(QWidget):
    """One line that asks why the clocks are paused; `cancelled` on Escape."""

    given = Signal(str)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Why are the clocks paused? Enter confirms"))
        self.line.setAccessibleName(_("Reason of the pause"))
        self.line.returnPressed.connect(self._give)
        self.button = Button(_("Pause"), kind="primary")
        self.button.clicked.connect(self._give)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)

    def begin(self) -> None:
        self.line.setText("")
        self.show()
        self.line.setFocus()

    def _give(self) -> None:
        if self.line.text().strip():
            self.given.emit(self.line.text())

    def keyPressEvent(self, event: Any) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)
