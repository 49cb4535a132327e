"""A manager's day: month and figures at the left, the draft from the records in the middle, the form at the right."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fieldcrm.base import clock, forms, text
from fieldcrm.base.i18n import _
from fieldcrm.core import diary
from fieldcrm.core.diary import DayOfDiary
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, Panel
from fieldcrm.ui.kit.drafts import DraftKeeper
from fieldcrm.ui.kit.fields import LongEntry
from fieldcrm.ui.kit.form import HALO, FormEditor
from fieldcrm.ui.kit.page import Desk
from fieldcrm.ui.kit.scrolling import scrolled
from fieldcrm.ui.kit.text import Label, soft
from fieldcrm.ui.rooms.diary.figures import FigureList
from fieldcrm.ui.rooms.diary.month import MonthBox


class DiaryWriting(QWidget):
    """Shows a `DayOfDiary`; the form begins with the draft where nothing is saved yet."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.rows: DayOfDiary | None = None
        legend = [("blue", _("written")), ("green", _("countersigned")), ("red", _("missing"))]
        self.month = MonthBox(legend)
        self.figures = FigureList()
        self.source = soft("", wrap=True)
        self.told = Label(wrap=True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.tomorrow = Label(wrap=True)
        self.take_button = Button(_("Use the draft"), small=True)
        self.editor = FormEditor(forms.get("diary"), fields=list(diary.WORDS), headings=False)
        self.keeper = DraftKeeper(self.editor, desk.runner, desk.runner.store.author.device)
        self.save_button = Button(_("Save"), kind="primary", small=True, hint="Ctrl ↵")
        self.signed = Panel("blue")
        self.signed_words = Label(wrap=True)
        self.signed_soft = soft("", wrap=True)
        self.notes = Label(wrap=True)
        self._sharing = QTimer(self, singleShot=True, interval=0)  # once everything has its new height
        self._sharing.timeout.connect(self._share_lines)
        self._lay()
        self.take_button.clicked.connect(self.take_draft)
        self.save_button.clicked.connect(self.editor.submit)
        self.editor.submitted.connect(self.save)

    # -- building -------------------------------------------------------------------------------

    def _lay(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.EDGE, 16, tokens.EDGE, 16)
        row.setSpacing(tokens.GAP)
        left = QVBoxLayout()
        left.setSpacing(tokens.GAP)
        calendar = Card()
        calendar.body.addWidget(self.month)
        left.addWidget(calendar)
        counted = Card(_("Figures of the day"), _("counted, never typed"))
        counted.set_compact()
        counted.body.addWidget(self.figures, 1)
        counted.body.addStretch()
        left.addWidget(counted, 1)
        side = QWidget()
        side.setFixedWidth(292)
        left.setContentsMargins(0, 0, 0, 0)
        side.setLayout(left)
        row.addWidget(side)
        self.draft_card = Card(_("From the records"))
        self.draft_card.add_button(self.take_button)
        self.draft_card.body.addWidget(_scrolled([self.source, self.told, soft(_("Tomorrow")), self.tomorrow]))
        row.addWidget(self.draft_card, 4)
        row.addWidget(self._form_card(), 6)

    def _form_card(self) -> Card:
        self.form_card = Card(_("Diary"))
        self.form_card.add_button(self.save_button)
        self.signed.body.addWidget(self.signed_words)
        self.signed.body.addWidget(self.signed_soft)
        self.signed.hide()
        self.notes.hide()
        edge = tokens.PAD - HALO  # the fields stand on the card's edge, the halo of their focus outside it
        self.form_card.body.setContentsMargins(edge, 12, edge - _BAR, tokens.PAD)
        self.form_card.body.addWidget(self.keeper.notice)
        holder = QVBoxLayout()
        holder.setContentsMargins(HALO, 0, HALO + _BAR, 0)
        holder.addWidget(self.signed)
        self.form_card.body.addLayout(holder)
        self.form_area = _scrolled([self.editor, self.notes])
        self.form_area.viewport().installEventFilter(self)
        self.form_card.body.addWidget(self.form_area)
        for entry in self._long_entries():
            entry.box.textChanged.connect(self._sharing.start)
        return self.form_card

    def _long_entries(self) -> list[LongEntry]:
        return [entry for name in diary.WORDS if isinstance(entry := self.editor.entry(name), LongEntry)]

    def _share_lines(self) -> None:
        """Share the height among the fields: each what its words take, what is left line by line."""
        entries = self._long_entries()
        line = QFontMetrics(fonts.font()).lineSpacing()
        rest = self.editor.sizeHint().height() - sum(entry.box.height() - 20 for entry in entries)
        if not self.notes.isHidden():
            rest += self.notes.sizeHint().height() + 8
        lines = [2] * len(entries)
        for _n in range(max(0, (self.form_area.viewport().height() - rest) // line - sum(lines))):
            short = [entry.wanted_lines() - given for entry, given in zip(entries, lines, strict=True)]
            place = max(range(len(lines)), key=lambda n: (short[n] > 0, short[n], -lines[n]))
            lines[place] += 1
        for entry, given in zip(entries, lines, strict=True):
            entry.set_lines(given, given)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The fields are shared out once the form has its new height."""
        if isinstance(event, QResizeEvent) and event.size().height() != event.oldSize().height():
            self._sharing.start()
        return super().eventFilter(watched, event)

    # -- showing --------------------------------------------------------------------------------

    def show_rows(self, rows: DayOfDiary) -> None:
        """Show a day; what is being typed for it stays."""
        first_time = self.rows is None
        same = self.rows is not None and self.rows.day == rows.day
        self.rows = rows
        self.month.show_marks(rows.day, rows.marks, since=rows.since)
        counted = rows.draft.figures
        if rows.entry is not None and rows.entry.countersigned_at is not None and rows.entry.figures is not None:
            counted = rows.entry.figures  # as they were signed
        self.figures.show_figures(counted)
        self.source.setText(rows.draft.source)
        self.told.setText("\n".join(rows.draft.lines) or _("Nothing was logged on this day."))
        self.tomorrow.setText(rows.draft.tomorrow or _("Nothing urgent is known for tomorrow."))
        self.take_button.setEnabled(bool(rows.draft.lines))
        self.form_card.set_title(text.short_date(rows.day))
        self.form_card.set_subtitle(self.state_words(rows))
        self._show_signed(rows)
        if not (same and self.editor.dirty()):
            self.editor.set_values(self._values(rows))
            if not same:
                self.keeper.open(f"diary:{rows.day.isoformat()}")
        if first_time:
            self.editor.focus_first()

    def _values(self, rows: DayOfDiary) -> dict[str, Any]:
        """The entry; where none is saved yet, the draft to begin with."""
        if rows.entry is not None:
            return {"day": rows.day, **rows.entry.words}
        return {
            "day": rows.day,
            "happened": rows.draft.happened or None,
            "plan_tomorrow": rows.draft.tomorrow or None,
        }

    def _show_signed(self, rows: DayOfDiary) -> None:
        entry = rows.entry
        signed = entry is not None and entry.countersigned_at is not None
        self.signed.setVisible(signed)
        self.notes.setVisible(bool(entry and entry.notes))
        if entry is None:
            return
        if signed:
            who = entry.countersigned_by or _("the office")
            when = text.within(text.instant_text(entry.countersigned_at))
            words = _("Countersigned by {who}, {when}").format(who=who, when=when)
            if entry.countersign_remark:
                words = _("{name}: {words}").format(name=words, words=entry.countersign_remark)
            self.signed_words.setText(words)
            self.signed_soft.setText(_("The entry stays as it was signed; what you change is added as an annotation."))
        lines = [f"{text.instant_text(note.written_at)} {note.person}  {note.words}" for note in entry.notes]
        self.notes.setText("\n".join([_("Annotations"), *lines]))

    @staticmethod
    def state_words(rows: DayOfDiary) -> str:
        """Where the day stands."""
        if rows.entry is None:
            missing = diary.is_missing(rows.day, clock.today(), rows.since)
            return _("missing") if missing else _("not saved yet")
        return (
            _("countersigned")
            if rows.entry.countersigned_at
            else _("saved {when}").format(when=text.within(text.instant_text(rows.entry.changed_at)))
        )

    # -- doing ----------------------------------------------------------------------------------

    def take_draft(self) -> None:
        """Put the sentences of the draft below what is written."""
        if self.rows is None:
            return
        raw = self.editor.raw()
        written = str(raw.get("happened") or "").strip()
        lines = [line for line in self.rows.draft.lines if line not in written]
        raw["happened"] = "\n".join(filter(None, [written, *lines]))
        self.editor.set_raw(raw)

    def save(self, values: dict[str, Any]) -> None:
        """Write the entry of the day that is shown."""
        if self.rows is not None:
            words = {name: values[name] for name in diary.WORDS}
            self.desk.runner.change(
                diary.save_diary, self.rows.day, **words, then=self._saved, failed=self._failed, owner=self
            )

    def _saved(self, _id: str) -> None:
        day = self.rows.day if self.rows is not None else clock.today()
        self.keeper.done()
        self.desk.done(_("Diary of {day} saved").format(day=text.short_date(day)))

    def _failed(self, error: Exception) -> None:
        self.editor.show_problems(error)

    def leave_day(self) -> None:
        """Another day is wanted: what was typed stays as a draft."""
        self.keeper.flush()

    def flush(self) -> None:
        self.keeper.flush()

    def day(self) -> date | None:
        return self.rows.day if self.rows is not None else None


_BAR = 6  # px kept for the scroll bar


def _scrolled(widgets: list[QWidget]) -> QScrollArea:
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, _BAR, 0)
    column.setSpacing(8)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch()
    return scrolled(inner)
