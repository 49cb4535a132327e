"""The office's day: every manager's entry to read and to countersign, one after another."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from fieldcrm.base import clock, forms, text
from fieldcrm.base.errors import InvalidField, InvalidFields
from fieldcrm.base.i18n import _, ngettext
from fieldcrm.core import diary
from fieldcrm.core.diary import CheckOfDay, CheckRow, Figures
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.chips import chip_width, paint_chip
from fieldcrm.ui.kit.page import Desk
from fieldcrm.ui.kit.scrolling import scrolled
from fieldcrm.ui.kit.text import Label, section, soft
from fieldcrm.ui.kit.theme import colors
from fieldcrm.ui.rooms.diary.figures import FigureList
from fieldcrm.ui.rooms.diary.month import MonthBox


def row_state(row: CheckRow, day: date) -> tuple[str, str]:
    """Words and tone of where a manager's day stands; before it is over nothing is missing."""
    if row.entry is None:
        return (_("missing"), "red") if day < clock.today() else (_("not written yet"), "grey")
    return (_("countersigned"), "green") if row.entry.countersigned_at else (_("to read"), "amber")


def to_read(row: CheckRow) -> bool:
    """Whether an entry waits for the countersign."""
    return row.entry is not None and row.entry.countersigned_at is None


class PersonLine(QWidget):
    """A manager of the list; `chosen` by click, arrows or Enter."""

    chosen = Signal()
    stepped = Signal(int)

    def __init__(self, row: CheckRow, day: date) -> None:
        super().__init__()
        self.row = row
        self.state = row_state(row, day)
        self.current = False
        self.setFixedHeight(tokens.ROW)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{row.name} {self.state[0]}")

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        if self.current:
            painter.fillRect(self.rect(), QColor(c.selection))
        words, tone = self.state
        chip = chip_width(words)
        paint_chip(painter, self.width() - 12 - chip, self.height() // 2, words, tone)
        painter.setFont(fonts.font())
        painter.setPen(QColor(c.text))
        room = self.width() - chip - 36
        name = painter.fontMetrics().elidedText(self.row.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(14, 0, room, self.height()), Qt.AlignmentFlag.AlignVCenter, name)
        used = painter.fontMetrics().horizontalAdvance(name) + 8
        painter.setPen(QColor(c.soft))
        painter.setFont(fonts.font(tokens.SMALL))
        unit = painter.fontMetrics().elidedText(self.row.unit, Qt.TextElideMode.ElideRight, max(0, room - used))
        painter.drawText(QRect(14 + used, 0, room - used, self.height()), Qt.AlignmentFlag.AlignVCenter, unit)
        painter.setPen(QColor(c.line_soft))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)


class DiaryCheck(QWidget):
    """Shows a `CheckOfDay`; Ctrl+Enter countersigns and goes on to the next entry."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.rows: CheckOfDay | None = None
        self.person_id = ""
        self.month = MonthBox([("amber", _("to read")), ("green", _("countersigned"))])
        self.lines: list[PersonLine] = []
        self.figures = FigureList(columns=2)
        self.remark = QLineEdit()
        self.remark.setPlaceholderText(_("Remark, if any"))
        self.remark.setAccessibleName(_("Remark"))
        self.sign_button = Button(_("Countersign"), kind="primary", hint="Ctrl ↵")
        self.sign_button.clicked.connect(self.sign)
        self.read = Label(wrap=True)
        self._lay()
        sign = QShortcut(self)
        sign.setKeys([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        sign.activated.connect(self.sign)
        self.setFocusProxy(self.remark)

    def _lay(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.EDGE, 16, tokens.EDGE, 16)
        row.setSpacing(tokens.GAP)
        side = QWidget()
        side.setFixedWidth(292)
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(tokens.GAP)
        calendar = Card()
        calendar.body.addWidget(self.month)
        left.addWidget(calendar)
        self.people_card = Card(_("Managers"), padded=False)
        self.people_card.set_compact()
        people, self._people = _scrolled()
        self._people.addStretch()
        self.people_card.body.addWidget(people)
        left.addWidget(self.people_card, 1)
        row.addWidget(side)
        self.card = Card(" ")
        inner, column = _scrolled()
        column.setSpacing(6)
        column.addWidget(section(_("Figures of the day, counted from the records")))
        column.addWidget(self.figures)
        column.addSpacing(8)
        self.words: dict[str, tuple[Label, Label]] = {}
        form = forms.get("diary")
        for name in diary.WORDS:
            head, body = soft(form[name].label), Label(wrap=True)
            body.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            body.setContentsMargins(0, 0, 0, 6)  # hidden with its words, unlike a space between them
            self.words[name] = (head, body)
            column.addWidget(head)
            column.addWidget(body)
        column.addWidget(self.read)
        column.addStretch()
        self.card.body.addWidget(inner, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.remark, 1)
        foot.addWidget(self.sign_button)
        self.card.body.addLayout(foot)
        self.nothing = EmptyState(
            "book-open-check", _("Nothing was written on this day"), _("Entries arrive with the managers' packages.")
        )
        self.nothing.hide()
        row.addWidget(self.card, 1)
        row.addWidget(self.nothing, 1)

    # -- showing --------------------------------------------------------------------------------

    def show_rows(self, rows: CheckOfDay) -> None:
        """Show a day; the manager in sight stays, else the first to be read."""
        self.rows = rows
        self.month.show_marks(rows.day, rows.marks, rows.waiting)
        for line in self.lines:
            line.hide()
            line.deleteLater()
        self.lines = [PersonLine(row, rows.day) for row in rows.rows]
        for place, line in enumerate(self.lines):
            line.chosen.connect(partial(self.choose, line.row.person_id))
            line.stepped.connect(partial(self._step, place))
            self._people.insertWidget(place, line)
        waiting = sum(to_read(row) for row in rows.rows)
        self.people_card.set_subtitle(ngettext("{n} to read", "{n} to read", waiting).format(n=waiting))
        known = {row.person_id for row in rows.rows}
        first = rows.rows[0].person_id if rows.rows else ""
        self.choose(self.person_id if self.person_id in known else first)

    @staticmethod
    def state_words(rows: CheckOfDay) -> str:
        written = sum(row.entry is not None for row in rows.rows)
        return _("{n} of {total} written").format(n=written, total=len(rows.rows))

    def choose(self, person_id: str) -> None:
        """Read a manager's entry."""
        self.person_id = person_id
        for line in self.lines:
            line.current = line.row.person_id == person_id
            line.update()
        row = self.row()
        shown = row is not None and row.entry is not None
        self.card.setVisible(shown)
        self.nothing.setVisible(not shown)
        if row is not None and row.entry is not None:
            self._show(row)

    def row(self) -> CheckRow | None:
        rows = self.rows.rows if self.rows is not None else ()
        return next((row for row in rows if row.person_id == self.person_id), None)

    def _show(self, row: CheckRow) -> None:
        entry = row.entry
        if entry is None:
            return
        self.card.set_title(row.name)
        self.card.set_subtitle(" • ".join(filter(None, (row.unit, text.long_date(entry.day)))))
        self.figures.show_figures(entry.figures or Figures())
        for name, (head, body) in self.words.items():
            words = entry.words[name] or ""
            head.setVisible(bool(words))
            body.setVisible(bool(words))
            body.setText(words)
        lines = [f"{text.instant_text(note.written_at)} {note.person}  {note.words}" for note in entry.notes]
        if entry.countersigned_at is not None:
            who = entry.countersigned_by or _("the office")
            when = text.within(text.instant_text(entry.countersigned_at))
            words = _("Countersigned by {who}, {when}").format(who=who, when=when)
            lines.append(" ".join(filter(None, (words, entry.countersign_remark))))
        self.read.setText("\n".join(lines))
        signed = entry.countersigned_at is not None
        self.remark.setVisible(not signed)
        self.sign_button.setVisible(not signed)

    # -- doing ----------------------------------------------------------------------------------

    def sign(self) -> None:
        """Countersign the entry in sight, then go to the next that waits."""
        row = self.row()
        if row is not None and row.entry is not None and row.entry.countersigned_at is None:
            self.desk.runner.change(
                diary.countersign,
                row.entry.id,
                self.remark.text() or None,
                then=lambda _none: self._signed(row),
                failed=self._failed,
                owner=self,
            )

    def _signed(self, row: CheckRow) -> None:
        self.remark.clear()
        self.desk.done(_("Countersigned: {name}").format(name=row.name))
        waiting = [line.row for line in self.lines if to_read(line.row) and line.row is not row]
        if waiting:
            self.choose(waiting[0].person_id)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, InvalidField | InvalidFields):
            self.remark.setFocus()

    def _step(self, place: int, step: int) -> None:
        if 0 <= place + step < len(self.lines):
            self.lines[place + step].setFocus()


def _scrolled() -> tuple[QScrollArea, QVBoxLayout]:
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    scroll = scrolled(inner)
    return scroll, column
