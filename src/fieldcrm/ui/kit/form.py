"""The editor of a record form, made from its definition: sections, columns, problems at their fields, drafts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from fieldcrm.base import forms
from fieldcrm.base.errors import InvalidField, InvalidFields
from fieldcrm.base.forms.model import Field, Form, Kind
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.fields import Entry, ShownEntry
from fieldcrm.ui.kit.fields_many import RowsEntry, make_entry
from fieldcrm.ui.kit.fields_record import Lookup
from fieldcrm.ui.kit.text import Label, soft
from fieldcrm.ui.kit.theme import colors

WIDE = frozenset({Kind.LONG_TEXT, Kind.LIST, Kind.TAGS, Kind.CHOICES})
TWO_COLUMNS = 620
HALO = 3


class FieldBox(QWidget):
    """A field with its label above and its problem below; draws the focus ring."""

    def __init__(self, entry: Entry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        column = QVBoxLayout(self)
        column.setContentsMargins(HALO, 0, HALO, HALO)
        column.setSpacing(3)
        head = QHBoxLayout()
        head.setSpacing(3)
        head.addWidget(soft(entry.field.label))
        if entry.field.required and not isinstance(entry, ShownEntry):
            head.addWidget(Label("*", size=tokens.SMALL, token="red"))  # noqa: S106 a colour's name
        head.addStretch()
        column.addLayout(head)
        column.addWidget(entry)
        self.setToolTip(entry.field.hint)
        self._problem = Label("", size=tokens.SMALL, token="red", wrap=True)  # noqa: S106 a colour's name
        self._problem.hide()
        column.addWidget(self._problem)
        column.addStretch()

    @property
    def problem(self) -> str:
        return self._problem.text()

    def show_problem(self, sentence: str) -> None:
        """Say what is wrong in red under the field; empty takes it away."""
        if sentence == self.problem:
            return
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        self.entry.set_problem(bool(sentence))
        for stop in self.entry.stops():
            stop.setAccessibleDescription(sentence)

    def paintEvent(self, event: QPaintEvent) -> None:
        focused = QApplication.focusWidget()
        if focused is None or not self.entry.isAncestorOf(focused):
            return
        framed = self.entry.framed()
        box = QRectF(framed.rect()).translated(framed.mapTo(self, framed.rect().topLeft()))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colors().focus), 2))
        radius = tokens.RADIUS_CONTROL + 1
        painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), radius, radius)


class FormEditor(QWidget):
    """Edits the values of one form.

    `fields` limits and orders what is shown (default: all, by section); what is not shown keeps the value given
    by `set_values`. `made` may give a field an entry of its own (None: the usual one). Signals: `submitted(values)`
    on Ctrl+Enter or `submit()` when all is right, `changed`, `revealed(field name)` when a hidden number was shown,
    `left` when the keyboard leaves a field.
    """

    submitted = Signal(dict)
    changed = Signal()
    revealed = Signal(str)
    left = Signal()

    def __init__(
        self,
        form: Form,
        *,
        fields: Sequence[str] | None = None,
        lookup: Lookup | None = None,
        readonly: bool = False,
        headings: bool = True,
        made: Callable[[Field], Entry | None] = lambda _field: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.form = form
        self._made = made
        self.readonly = readonly
        self._kept: dict[str, Any] = {}
        self._boxes: dict[str, FieldBox] = {}
        self._grids: list[tuple[QWidget | None, QGridLayout, list[str]]] = []
        self._columns = 0
        self._loading = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens.GAP)
        for heading, names in self._parts(fields, headings):
            self._add_part(heading, names, lookup)
        self._rest = Label("", size=tokens.SMALL, token="red", wrap=True)  # noqa: S106 a colour's name
        self._rest.hide()
        self._column.addWidget(self._rest)
        self._column.addStretch()
        self._arrange(1)
        self.set_values({})

    # -- values ---------------------------------------------------------------------------------

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show the values of a record (names that are no fields pass by); the form is clean afterwards."""
        self._loading = True
        self._kept = {f.name: values.get(f.name, f.default) for f in self.form.fields}
        for name, box in self._boxes.items():
            box.entry.set_value(self._kept[name])
            self._watch(box.entry)
        self._loading = False
        self._settle()

    def values(self) -> dict[str, Any]:
        """The checked values of all fields; raises InvalidFields."""
        return forms.clean(self.form, {**self._kept, **self._given()})

    def submit(self) -> None:
        """Check, then emit `submitted(values)`, or show what is wrong."""
        try:
            values = self.values()
        except InvalidFields as problems:
            self.show_problems(problems)
            return
        self._clear_problems()
        self.submitted.emit(values)

    def show_problems(self, problems: Exception) -> None:
        """Put each sentence at its field and go to the first; takes InvalidField or InvalidFields.

        What belongs to a field that is not shown is said below the form.
        """
        self._clear_problems()
        several = problems.problems if isinstance(problems, InvalidFields) else [problems]
        rest: list[str] = []
        first: QWidget | None = None
        for problem in several:
            if not isinstance(problem, InvalidField):
                raise problem
            stop = self._show_problem(problem)
            if stop is None:
                rest.append(problem.sentence)
            first = first or stop
        self._rest.setText("\n".join(rest))
        self._rest.setVisible(bool(rest))
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def problems(self) -> dict[str, str]:
        """What is said in red now, by field."""
        return {name: box.problem for name, box in self._boxes.items() if box.problem}

    def dirty(self) -> bool:
        """Something differs from what was set."""
        return self.raw() != self._clean_raw

    def mark_clean(self) -> None:
        """What stands here now is saved."""
        self._clean_raw = self.raw()

    def raw(self) -> dict[str, Any]:
        """The exact state of every field as JSON, for a draft."""
        return {n: b.entry.raw() for n, b in self._boxes.items() if not isinstance(b.entry, ShownEntry)}

    def set_raw(self, raw: Mapping[str, Any]) -> None:
        """Bring a draft back; the form is dirty afterwards when it differs. Fields of an older form pass by."""
        self._loading = True
        for name, state in raw.items():
            if name in self._boxes:
                self._boxes[name].entry.set_raw(state)
                self._watch(self._boxes[name].entry)
        self._loading = False
        self._order_stops()
        self._show_and_hide()
        self.changed.emit()

    def entry(self, name: str) -> Entry:
        """The widget of a field."""
        return self._boxes[name].entry

    def focus_first(self) -> None:
        """To the first field that is empty, else to the first, where its text ends."""
        open_ones = [b.entry for b in self._boxes.values() if b.isVisibleTo(self) and b.entry.stops()]
        empty = [e for e in open_ones if e.given() in (None, "", [])]
        for entry in (empty or open_ones)[:1]:
            stop = entry.stops()[0]
            stop.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(stop, QPlainTextEdit):
                stop.moveCursor(QTextCursor.MoveOperation.End)

    # -- building -------------------------------------------------------------------------------

    def _parts(self, fields: Sequence[str] | None, headings: bool) -> list[tuple[str, list[str]]]:
        if fields is not None:
            return [("", list(fields))]
        parts = [(s.label if headings else "", list(s.fields)) for s in self.form.sections]
        placed = {name for _heading, names in parts for name in names}
        rest = [f.name for f in self.form.fields if f.name not in placed]
        return [*parts, ("", rest)] if rest else parts

    def _add_part(self, heading: str, names: list[str], lookup: Lookup | None) -> None:
        title = Label(heading, bold=True) if heading else None
        if title is not None:
            title.setIndent(HALO)
            self._column.addWidget(title)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        self._column.addLayout(grid)
        self._grids.append((title, grid, names))
        for name in names:
            entry = self._made(self.form[name]) or make_entry(self.form[name], lookup, readonly=self.readonly)
            entry.changed.connect(lambda name=name: self._entry_changed(name))
            entry.left.connect(lambda name=name: self._entry_left(name))
            entry.revealed.connect(self.revealed)
            self._boxes[name] = FieldBox(entry, self)
            self._watch(entry)

    def _arrange(self, columns: int) -> None:
        """Put the boxes into one or two columns, in the order they are read."""
        self._columns = columns
        for _title, grid, names in self._grids:
            row = column = 0
            for name in names:
                box = self._boxes[name]
                grid.removeWidget(box)
                if box.isHidden() and self._hidden(self.form[name]):
                    continue
                span = columns if self.form[name].kind in WIDE else 1
                if column and column + span > columns:
                    row, column = row + 1, 0
                grid.addWidget(box, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
                column += span
                if column >= columns:
                    row, column = row + 1, 0
            for n in range(2):
                grid.setColumnStretch(n, 1 if n < columns else 0)
        self._order_stops()

    def _order_stops(self) -> None:
        stops = [stop for _t, _g, names in self._grids for n in names for stop in self._boxes[n].entry.stops()]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = 2 if self.width() >= TWO_COLUMNS else 1
        if columns != self._columns:
            self._arrange(columns)

    # -- living ---------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._repaint_ring()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.submit()
                return True
            many = isinstance(watched, QPlainTextEdit)
            if enter and not many and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.focusNextChild()
                return True
        return super().eventFilter(watched, event)

    def _watch(self, entry: Entry) -> None:
        for stop in entry.stops():
            stop.installEventFilter(self)
        entry.watch_again()

    def _entry_changed(self, name: str) -> None:
        if self._loading:
            return
        box = self._boxes[name]
        if isinstance(box.entry, RowsEntry):  # rows come and go
            self._watch(box.entry)
            self._order_stops()
        box.show_problem("")
        self._show_and_hide()
        self.changed.emit()

    def _entry_left(self, name: str) -> None:
        """Say at once what cannot be read; what is missing is said only when the form is submitted."""
        given = self._boxes[name].entry.given()
        if given not in (None, "", []) and not self.readonly and not isinstance(given, list | bool):
            try:
                forms.clean(self.form, {name: given}, partial=True)
            except InvalidFields as problems:
                self._boxes[name].show_problem(problems.problems[0].sentence)
        self.left.emit()

    def _repaint_ring(self) -> None:
        for box in self._boxes.values():
            box.update()

    def _given(self) -> dict[str, Any]:
        return {n: b.entry.given() for n, b in self._boxes.items() if not self._hidden(self.form[n])}

    def _hidden(self, field: Field) -> bool:
        return any(self._value(name) != wanted for name, wanted in field.when)

    def _value(self, name: str) -> Any:
        box = self._boxes.get(name)
        return self._kept.get(name) if box is None else box.entry.value()

    def _show_and_hide(self) -> None:
        """What `when` shows follows what was chosen, at once."""
        moved = False
        for name, box in self._boxes.items():
            hidden = self._hidden(self.form[name])
            if self.readonly and box.entry.given() in (None, "", []):
                hidden = True
            if box.isHidden() != hidden:
                box.setHidden(hidden)
                moved = True
        for title, _grid, names in self._grids:
            if title is not None:
                title.setHidden(all(self._boxes[n].isHidden() for n in names))
        if moved:
            self._arrange(self._columns)

    def _settle(self) -> None:
        self._clear_problems()
        self._show_and_hide()
        self._order_stops()
        self.mark_clean()

    def _clear_problems(self) -> None:
        self._rest.hide()
        for box in self._boxes.values():
            box.show_problem("")

    def _show_problem(self, problem: InvalidField) -> QWidget | None:
        """Put a problem at its field; the widget to go to, None when the field is not shown."""
        name, _dot, inner = problem.field.partition(".")
        box = self._boxes.get(name)
        if box is None or box.isHidden() or not box.entry.stops():
            return None
        box.show_problem("\n".join(filter(None, (box.problem, problem.sentence))))
        if inner and isinstance(box.entry, RowsEntry):
            row, _dot, child = inner.partition(".")
            entry = box.entry.entry(int(row), child)
            entry.set_problem(True)
            return entry.stops()[0]
        return box.entry.stops()[0]
