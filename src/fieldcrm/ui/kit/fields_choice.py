"""Widgets of fields with choices: side by side, in a list, any number of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from fieldcrm.base.forms.model import Choice, Field, Kind
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import fonts
from fieldcrm.ui.kit.buttons import Button, Segmented
from fieldcrm.ui.kit.fields import Entry
from fieldcrm.ui.kit.flow import Flow
from fieldcrm.ui.kit.theme import theme

SEGMENTS = 6


class _Segments(Segmented):
    """Segments that can be emptied again when the field may be empty."""

    def __init__(self, options: list[tuple[str, str]], emptied: Callable[[], None] | None) -> None:
        super().__init__(options)
        self._emptied = emptied

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self._emptied:
            self._emptied()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        before = self.value()
        super().mousePressEvent(event)
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        at = self._at(event.position().x())
        if self._emptied and before is not None and at >= 0 and self.options()[at][0] == before:
            self._emptied()


class SegmentEntry(Entry):
    """One of a few, side by side; also yes and no."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        options = [(c.code, c.label) for c in field.choices]
        if field.kind is Kind.YES_NO and not options:
            options = [("yes", _("Yes")), ("no", _("No"))]
        self.segments = _Segments(options, None if field.required else self._empty)
        self.segments.setAccessibleName(field.label)
        self.row.addWidget(self.segments)
        self.segments.changed.connect(lambda _code: self.changed.emit())
        self.watch(self.segments)

    def given(self) -> Any:
        code = self.segments.value()
        return code if self.field.kind is not Kind.YES_NO or code is None else code == "yes"

    def value(self) -> Any:
        return self.given()

    def set_value(self, value: Any) -> None:
        if isinstance(value, bool):
            value = "yes" if value else "no"
        self.segments.set_value(value)

    def stops(self) -> list[QWidget]:
        return [self.segments]

    def _empty(self) -> None:
        self.segments.set_value(None)
        self.changed.emit()


class ComboEntry(Entry):
    """One of many: a list to open, type any part of the words, or a digit as in a row of segments."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.combo = QComboBox(self)
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.combo.setAccessibleName(field.label)
        self.combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(6)
        self.combo.addItem("", None)
        for choice in field.choices:
            self.combo.addItem(choice.label, choice.code)
        completer = self.combo.completer()
        assert completer is not None  # noqa: S101 an editable combo has one
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        line = self.combo.lineEdit()
        assert line is not None  # noqa: S101 it is editable
        line.setPlaceholderText(field.hint)
        line.setAccessibleName(field.label)
        self.line = line
        self.row.addWidget(self.combo)
        self.combo.currentIndexChanged.connect(lambda _n: self.changed.emit())
        self.line.textEdited.connect(self._typed)
        self.matches: QWidget | None = None
        self.line.textEdited.connect(lambda _t: self._dress(completer))
        self.line.returnPressed.connect(self.leave)  # Enter first goes to the open list of matches
        self.watch(self.combo)

    def _dress(self, completer: QCompleter) -> None:
        """The list of matches is a window of its own, without one above it."""
        popup = completer.popup()
        if self.matches is None and popup is not None:
            self.matches = popup
            theme.dress(popup)

    def given(self) -> Any:
        typed = self.line.text().strip()
        return self.field.code_of(typed) or typed or None

    def set_value(self, value: Any) -> None:
        choice = self.field.choice(value) if value else None
        shown = choice.label if choice else str(value or "")
        self.combo.setCurrentIndex(max(0, self.combo.findText(shown, Qt.MatchFlag.MatchExactly)))
        self.line.setText(shown)

    def _typed(self, text: str) -> None:
        choices = self.field.choices
        digit = int(text) if len(text) == 1 and text in "123456789" else 0
        if 0 < digit <= len(choices) and not any(text in choice.label for choice in choices):
            self.set_value(choices[digit - 1].code)
            self.line.selectAll()  # another digit replaces it
            QTimer.singleShot(0, self, self._hide_matches)
        self.changed.emit()

    def _hide_matches(self) -> None:
        if self.matches is not None:
            self.matches.hide()

    def leave(self) -> None:
        typed = self.line.text().strip().casefold()
        fits = [c for c in self.field.choices if typed and typed in c.label.casefold()]
        if self.field.code_of(typed) is None and len(fits) == 1:
            self.set_value(fits[0].code)
            self.changed.emit()

    def stops(self) -> list[QWidget]:
        return [self.combo]


class TicksEntry(Entry):
    """Any number of choices, each a button that stays pressed."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        inside = QWidget(self)
        flow = Flow(inside)
        self.ticks: dict[str, Button] = {}
        for choice in field.choices:
            tick = Button(choice.label, small=True)
            tick.setCheckable(True)
            tick.toggled.connect(lambda _on: self.changed.emit())
            flow.addWidget(tick)
            self.ticks[choice.code] = tick
            self.watch(tick)
        self.row.addWidget(inside, 1)

    def given(self) -> Any:
        return [code for code, tick in self.ticks.items() if tick.isChecked()]

    def set_value(self, value: Any) -> None:
        for code, tick in self.ticks.items():
            tick.setChecked(code in (value or ()))

    def stops(self) -> list[QWidget]:
        return list(self.ticks.values())

    def framed(self) -> QWidget:
        return next((t for t in self.ticks.values() if t.hasFocus()), self)


def segments_fit(choices: tuple[Choice, ...], width: int = 300) -> bool:
    """Whether a choice is shown side by side: at most six, and their words fit a narrow form."""
    measure = QFontMetrics(fonts.font())
    return len(choices) <= SEGMENTS and sum(measure.horizontalAdvance(c.label) + 12 for c in choices) <= width
