"""Widgets that hold several things, tags and rows inside a record; and which widget a field has."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from fieldcrm.base.forms.model import Field, Kind
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.fields import Entry, LineEntry, LongEntry, MaskedEntry, ShownEntry
from fieldcrm.ui.kit.fields_choice import ComboEntry, SegmentEntry, TicksEntry, segments_fit
from fieldcrm.ui.kit.fields_day import DayEntry
from fieldcrm.ui.kit.fields_record import Lookup, RecordEntry, ReferenceShown
from fieldcrm.ui.kit.flow import Flow
from fieldcrm.ui.kit.text import soft


class TagsEntry(Entry):
    """Free words as chips; Enter or a comma makes one, Backspace takes the last away."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._tags: list[str] = []
        self._chips: list[Button] = []
        inside = QWidget(self)
        self._flow = Flow(inside)
        self.line = QLineEdit(inside)
        self.line.setPlaceholderText(field.hint or _("Add a tag"))
        self.line.setAccessibleName(field.label)
        self.line.setMinimumWidth(110)
        self._flow.addWidget(self.line)
        self.row.addWidget(inside, 1)
        self.line.textEdited.connect(self._typed)
        self.watch(self.line)

    def given(self) -> Any:
        rest = self.line.text().strip()
        return [*self._tags, *([rest] if rest else [])]

    def set_value(self, value: Any) -> None:
        self._tags = list(value or ())
        self.line.clear()
        self._show()

    def raw(self) -> Any:
        return {"tags": list(self._tags), "typed": self.line.text()}

    def set_raw(self, raw: Any) -> None:
        self.set_value(raw["tags"])
        self.line.setText(raw["typed"])

    def stops(self) -> list[QWidget]:
        return [self.line]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers()
            if enter and self.line.text().strip():
                self._take()
                return True
            if event.key() == Qt.Key.Key_Backspace and not self.line.text() and self._tags:
                self._drop(len(self._tags) - 1)
                return True
        return super().eventFilter(watched, event)

    def leave(self) -> None:
        self._take()

    def _typed(self, typed: str) -> None:
        if typed[-1:] in (",", "，", "、", ";", "；"):
            self.line.setText(typed[:-1])
            self._take()
        self.changed.emit()

    def _take(self) -> None:
        word = " ".join(self.line.text().split())
        self.line.clear()
        if word and word not in self._tags:
            self._tags.append(word)
            self._show()
            self.changed.emit()

    def _drop(self, place: int) -> None:
        del self._tags[place]
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self._chips = []
        for place, tag in enumerate(self._tags):
            chip = Button(tag, icon="x", small=True)
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            chip.setToolTip(_("Remove"))
            chip.clicked.connect(lambda _checked=False, place=place: self._drop(place))
            self._flow.insert_widget(place, chip)
            chip.show()
            self._chips.append(chip)


class RowsEntry(Entry):
    """The rows of a list inside a record, typed in place; the last button adds one, each row has its cross.

    Rows that exist keep their `id`.
    """

    def __init__(self, field: Field, lookup: Lookup | None, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        assert field.form is not None  # noqa: S101 the loader sees to it
        self._fields = [f for f in field.form.fields if not f.readonly]
        self._lookup = lookup
        self._lines: list[tuple[str | None, list[Entry], Button]] = []
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        self._heads = [soft(f.label + (" *" if f.required else "")) for f in self._fields]
        for place, (head, one) in enumerate(zip(self._heads, self._fields, strict=True)):
            self._grid.addWidget(head, 0, place)
            self._grid.setColumnStretch(place, max(6, one.width))
        column.addLayout(self._grid)
        self.add = Button(_("Add"), icon="plus", small=True)
        self.add.clicked.connect(lambda: self.add_row(focus=True))
        column.addWidget(self.add)
        self.row.addWidget(inside, 1)
        self._show_heads()

    def given(self) -> Any:
        rows: list[dict[str, Any]] = []
        for row_id, entries, _remove in self._lines:
            row = {e.field.name: e.given() for e in entries}
            if row_id is not None or any(v not in (None, "", []) for v in row.values()):
                rows.append({**row, "id": row_id} if row_id else row)
        return rows

    def value(self) -> Any:
        return [{e.field.name: e.value() for e in entries} for _id, entries, _remove in self._lines]

    def set_value(self, value: Any) -> None:
        while self._lines:
            self._remove(0)
        for row in value or ():
            line = self.add_row()
            self._lines[-1] = (row.get("id"), line, self._lines[-1][2])
            for entry in line:
                entry.set_value(row.get(entry.field.name))

    def raw(self) -> Any:
        return [{"id": i, "raw": {e.field.name: e.raw() for e in entries}} for i, entries, _r in self._lines]

    def set_raw(self, raw: Any) -> None:
        self.set_value([{"id": row["id"]} for row in raw])
        for (_id, entries, _remove), row in zip(self._lines, raw, strict=True):
            for entry in entries:
                entry.set_raw(row["raw"][entry.field.name])

    def add_row(self, focus: bool = False) -> list[Entry]:
        """One more empty row; gives its widgets."""
        place = self._grid.rowCount()
        entries = [make_entry(f, self._lookup, narrow=True) for f in self._fields]
        for column, entry in enumerate(entries):
            entry.changed.connect(self.changed)
            entry.left.connect(self.left)
            entry.revealed.connect(lambda name: self.revealed.emit(f"{self.field.name}.{name}"))
            self._grid.addWidget(entry, place, column, Qt.AlignmentFlag.AlignTop)
            entry.show()
        remove = Button(icon="x", kind="quiet", small=True)
        remove.setToolTip(_("Remove"))
        remove.setAccessibleName(_("Remove"))
        remove.clicked.connect(lambda: self._remove_line(entries))
        self._grid.addWidget(remove, place, len(entries), Qt.AlignmentFlag.AlignTop)
        self._lines.append((None, entries, remove))
        self._show_heads()
        if focus and entries[0].stops():
            entries[0].stops()[0].setFocus()
            self.changed.emit()
        return entries

    def stops(self) -> list[QWidget]:
        found: list[QWidget] = []
        for _id, entries, remove in self._lines:
            found += [stop for entry in entries for stop in entry.stops()] + [remove]
        return [*found, self.add]

    def framed(self) -> QWidget:
        focused = self.focusWidget()
        return focused if focused is not None and self.isAncestorOf(focused) else self

    def watch_again(self) -> None:
        for _id, entries, _remove in self._lines:
            for entry in entries:
                entry.watch_again()

    def entry(self, row: int, name: str) -> Entry:
        """The widget of a field in a row."""
        return next(e for e in self._lines[row][1] if e.field.name == name)

    def set_problem(self, wrong: bool) -> None:
        if not wrong:
            for _id, entries, _remove in self._lines:
                for entry in entries:
                    entry.set_problem(False)

    def _remove_line(self, entries: list[Entry]) -> None:
        place = next(n for n, line in enumerate(self._lines) if line[1] is entries)
        self._remove(place)
        self.add.setFocus()
        self.changed.emit()

    def _remove(self, place: int) -> None:
        _id, entries, remove = self._lines.pop(place)
        for widget in (*entries, remove):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._show_heads()

    def _show_heads(self) -> None:
        for head in self._heads:
            head.setVisible(bool(self._lines) and len(self._fields) > 1)


def make_entry(
    field: Field,
    lookup: Lookup | None = None,
    *,
    readonly: bool = False,
    narrow: bool = False,
    parent: QWidget | None = None,
) -> Entry:
    """The widget for a field; `narrow` where there is little room, as in the rows of a list."""
    if readonly or field.readonly:
        return ReferenceShown(field, lookup, parent) if field.kind is Kind.RECORD else ShownEntry(field, parent)
    match field.kind:
        case Kind.LONG_TEXT:
            return LongEntry(field, parent)
        case Kind.YES_NO:
            return SegmentEntry(field, parent)
        case Kind.CHOICE if segments_fit(field.choices, 90 if narrow else 300):
            return SegmentEntry(field, parent)
        case Kind.CHOICE:
            return ComboEntry(field, parent)
        case Kind.CHOICES:
            return TicksEntry(field, parent)
        case Kind.TAGS:
            return TagsEntry(field, parent)
        case Kind.DATE | Kind.INSTANT:
            return DayEntry(field, parent)
        case Kind.PHONE | Kind.ID_NUMBER:
            return MaskedEntry(field, parent)
        case Kind.RECORD:
            return RecordEntry(field, lookup, parent)
        case Kind.LIST:
            return RowsEntry(field, lookup, parent)
    return LineEntry(field, parent)
