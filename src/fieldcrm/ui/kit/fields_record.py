"""Widgets of a reference to a record: found while typing, or only shown in the record's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from fieldcrm.base import forms
from fieldcrm.base.forms.model import Field
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit.fields import Entry, ShownEntry


@dataclass(frozen=True)
class Found:
    """A record offered for a reference field: its id, its words, and what tells it from another of the same name."""

    id: str
    words: str
    detail: str = ""


class Lookup(Protocol):
    """How a form finds records to refer to; a page gives it, answering through the runner."""

    def find(self, kind: str, typed: str, then: Callable[[Sequence[Found]], object]) -> None: ...
    def name(self, kind: str, record_id: str, then: Callable[[str], object]) -> None: ...


class RecordEntry(Entry):
    """A reference to a record, found while typing by characters, pinyin, initials or last digits."""

    PAUSE_MS = 120

    def __init__(self, field: Field, lookup: Lookup | None, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._lookup = lookup
        self._id: str | None = None
        self._words = ""
        self.line = QLineEdit(self)
        self.line.setAccessibleName(field.label)
        self.line.setPlaceholderText(field.hint or _("Name, initials, last four digits…"))
        self.line.setClearButtonEnabled(not field.required)
        self.row.addWidget(self.line, 1)
        self.offers = QListWidget(self)
        self.offers.setWindowFlags(Qt.WindowType.ToolTip)
        self.offers.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.offers.itemClicked.connect(self._clicked)
        self._pause = QTimer(self, singleShot=True, interval=self.PAUSE_MS)
        self._pause.timeout.connect(self._search)
        self.line.textEdited.connect(self._typed)
        self.line.textChanged.connect(self._cleared)
        self.watch(self.line)

    def given(self) -> Any:
        return self._id

    def value(self) -> Any:
        return self._id

    def set_value(self, value: Any) -> None:
        self._choose(value, "")
        if value and self._lookup is not None:
            self._lookup.name(self.field.of, value, lambda words: self._named(value, words))

    def set_found(self, found: Found) -> None:
        """Show a record whose words are known already."""
        self._choose(found.id, found.words)

    def raw(self) -> Any:
        return {"id": self._id, "words": self.line.text()}

    def set_raw(self, raw: Any) -> None:
        self._choose(raw["id"], raw["words"])

    def stops(self) -> list[QWidget]:
        return [self.line]

    def leave(self) -> None:
        self.offers.hide()
        if self._id is not None:
            self.line.setText(self._words)
            self.line.setCursorPosition(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.offers.isVisible():
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step:
                row = self.offers.currentRow() + step
                self.offers.setCurrentRow(max(0, min(self.offers.count() - 1, row)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
                self._clicked(self.offers.currentItem())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.offers.hide()
                return True
        return super().eventFilter(watched, event)

    def _typed(self, _text: str) -> None:
        self._id = None
        self._pause.start()
        self.changed.emit()

    def _cleared(self, text: str) -> None:
        if not text and self._id is not None:
            self._choose(None, "")
            self.changed.emit()

    def _search(self) -> None:
        typed = self.line.text().strip()
        if not typed or self._lookup is None:
            self.offers.hide()
            return
        self._lookup.find(self.field.of, typed, lambda found: self._offer(typed, found))

    def _offer(self, typed: str, found: Sequence[Found]) -> None:
        if self.line.text().strip() != typed or not self.line.hasFocus():
            return
        self.offers.clear()
        for one in found[:8]:
            item = QListWidgetItem(f"{one.words}  {one.detail}".rstrip())
            item.setData(Qt.ItemDataRole.UserRole, one)
            self.offers.addItem(item)
        if not found:
            item = QListWidgetItem(_("Nobody found"))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.offers.addItem(item)
        self.offers.setCurrentRow(0)
        rows = self.offers.count()
        height = sum(self.offers.sizeHintForRow(n) for n in range(rows)) + 6
        self.offers.setGeometry(0, 0, max(240, self.line.width()), height)
        self.offers.move(self.line.mapToGlobal(QPoint(0, self.line.height() + 2)))
        self.offers.show()

    def _clicked(self, item: QListWidgetItem | None) -> None:
        found = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if isinstance(found, Found):
            self.set_found(found)
            self.offers.hide()
            self.changed.emit()

    def _named(self, record_id: str, words: str) -> None:
        if self._id == record_id:
            self._choose(record_id, words)

    def _choose(self, record_id: str | None, words: str) -> None:
        self._id, self._words = record_id, words
        blocked = self.line.blockSignals(True)
        self.line.setText(words)
        self.line.setCursorPosition(0)
        self.line.blockSignals(blocked)


class ReferenceShown(ShownEntry):
    """A reference that is only read, in the words of the record."""

    def __init__(self, field: Field, lookup: Lookup | None, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._lookup = lookup

    def set_value(self, value: Any) -> None:
        super().set_value(None)
        self._value = value
        if value and self._lookup is not None:
            self._lookup.name(self.field.of, value, lambda words: self._named(value, words))

    def _named(self, value: str, words: str) -> None:
        if self._value == value:
            self._label.setText(words or forms.show(self.field, None))
