"""What every field widget is, and those of text: a line, a masked number, several lines, a value only read."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QWidget,
)

from fieldcrm.base import forms, text
from fieldcrm.base.errors import InvalidField
from fieldcrm.base.forms.model import Field, Kind
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import fonts, icons
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.text import Label, soft

RIGHT = frozenset({Kind.INTEGER, Kind.MONEY, Kind.PERCENT, Kind.DECIMAL})


class Entry(QWidget):
    """The widget of one field.

    `given()` is what `forms.clean` takes (text as typed, or a value); `value()` is the value, or None while
    what was typed cannot be read; `raw()` and `set_raw()` are its exact state as JSON, for drafts.
    """

    changed = Signal()
    left = Signal()
    revealed = Signal(str)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self._watched: list[QWidget] = []
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def given(self) -> Any:
        raise NotImplementedError

    def value(self) -> Any:
        try:
            return forms.parse(self.field, self.given())
        except InvalidField:
            return None

    def set_value(self, value: Any) -> None:
        raise NotImplementedError

    def raw(self) -> Any:
        return self.given()

    def set_raw(self, raw: Any) -> None:
        self.set_value(raw)

    def stops(self) -> list[QWidget]:
        """The widgets that take the keyboard, in order."""
        raise NotImplementedError

    def framed(self) -> QWidget:
        """The widget that the focus ring goes around."""
        return self.stops()[0]

    def set_problem(self, wrong: bool) -> None:
        for widget in self.stops():
            widget.setProperty("problem", wrong)
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    def watch(self, widget: QWidget) -> None:
        """Tell `left` when the keyboard leaves this widget."""
        self._watched.append(widget)
        widget.installEventFilter(self)

    def watch_again(self) -> None:
        """See keys before whoever began to watch later."""
        for widget in self._watched:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
                self.leave()
            self.left.emit()
        elif event.type() == QEvent.Type.FocusIn:
            self.enter()
        return super().eventFilter(watched, event)

    def enter(self) -> None:
        """The keyboard arrives."""

    def leave(self) -> None:
        """The keyboard goes elsewhere."""


class LineEntry(Entry):
    """A line of text; numbers and amounts are written out properly when the keyboard leaves."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(field.hint)
        self.line.setAccessibleName(field.label)
        if field.kind in RIGHT:
            self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        if field.max_length:
            self.line.setMaxLength(max(field.max_length, 200))  # what is too long is told, not cut
        self.row.addWidget(self.line, 1)
        unit = {Kind.PERCENT: "%", Kind.MONEY: _("yuan")}.get(field.kind)
        if unit:
            self.row.addWidget(soft(unit))
        self.line.textEdited.connect(lambda _text: self.changed.emit())
        self.watch(self.line)

    def given(self) -> Any:
        return self.line.text()

    def set_value(self, value: Any) -> None:
        self.line.setText(forms.show(self.field, value, masked=False))
        self.line.setCursorPosition(0)

    def set_raw(self, raw: Any) -> None:
        self.line.setText(str(raw or ""))

    def stops(self) -> list[QWidget]:
        return [self.line]

    def leave(self) -> None:
        if self.field.kind in (Kind.TEXT, Kind.NUMBER):
            return
        value = self.value()
        if value is not None:
            self.line.setText(forms.show(self.field, value, masked=False))


class MaskedEntry(LineEntry):
    """A phone or ID number: hidden unless just typed; the eye shows a stored one and says so (`revealed`).

    Typing over a hidden number replaces it.
    """

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._text = ""
        self._open = True  # what stands here may be seen: typed just now, or revealed
        self._eye = self.line.addAction(icons.icon("eye", "soft"), QLineEdit.ActionPosition.TrailingPosition)
        self._eye.setToolTip(_("Show the whole number (this is logged)"))
        self._eye.triggered.connect(self.reveal)
        self.line.textEdited.connect(self._edited)
        self._show()

    def given(self) -> Any:
        return self._text

    def set_value(self, value: Any) -> None:
        self._text = forms.show(self.field, value, masked=False)
        self._open = not self._text
        self._show()

    def set_raw(self, raw: Any) -> None:
        self.set_value(None)
        self._text = str(raw or "")
        self._open = not self._text
        self._show()

    def reveal(self) -> None:
        """Show the stored number; emits `revealed`."""
        if not self._open:
            self._open = True
            self.revealed.emit(self.field.name)
            self._show()
            self.line.setFocus()

    def enter(self) -> None:
        self._show()
        if not self._open:
            self.line.selectAll()

    def leave(self) -> None:
        self._show()

    def _edited(self, typed: str) -> None:
        if not self._open:
            typed = typed.replace(text.HIDDEN, "") if text.HIDDEN not in typed else ""
            self.line.setText(typed)
            self._open = True
        self._text = typed
        self._eye.setVisible(False)

    def _show(self) -> None:
        whole = self._open and self.line.hasFocus()
        self.line.setText(self._text if whole else forms.hide(self.field, self._text))
        self._eye.setVisible(bool(self._text) and not whole)
        if not self.line.hasFocus() and self._text and self._open:
            self._eye.setVisible(True)


class LongEntry(Entry):
    """Several lines; grows with its text."""

    LINES = (3, 10)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._lines = self.LINES
        self.box = QPlainTextEdit(self)
        self.box.setPlaceholderText(field.hint)
        self.box.setAccessibleName(field.label)
        self.box.setTabChangesFocus(True)
        self.row.addWidget(self.box)
        self.box.textChanged.connect(self._grow)
        self.box.textChanged.connect(self.changed)
        self.watch(self.box)
        self._grow()

    def given(self) -> Any:
        return self.box.toPlainText()

    def set_value(self, value: Any) -> None:
        if value != self.box.toPlainText():
            self.box.setPlainText(value or "")

    def stops(self) -> list[QWidget]:
        return [self.box]

    def set_lines(self, few: int, many: int) -> None:
        """How many lines it shows at least, and at most before it scrolls."""
        self._lines = (few, many)
        self._grow()

    def wanted_lines(self) -> int:
        """Lines its text takes."""
        return round(self.box.document().size().height())

    def _grow(self) -> None:
        few, many = self._lines
        lines = max(few, min(many, self.wanted_lines()))
        self.box.setFixedHeight(lines * QFontMetrics(fonts.font()).lineSpacing() + 20)


class ShownEntry(Entry):
    """A value that is only read; a number that is hidden has its eye (`revealed`)."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._value: Any = None
        self._label = Label("", wrap=True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.row.addWidget(self._label, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.eye: Button | None = None
        if field.masked or (field.form is not None and any(f.masked for f in field.form.fields)):
            self.eye = Button(icon="eye", kind="quiet", small=True)
            self.eye.setToolTip(_("Show the whole number (this is logged)"))
            self.eye.setAccessibleName(self.eye.toolTip())
            self.eye.clicked.connect(self.reveal)
            self.row.addWidget(self.eye, 0, Qt.AlignmentFlag.AlignTop)

    def given(self) -> Any:
        return self._value

    def value(self) -> Any:
        return self._value

    def set_value(self, value: Any) -> None:
        self._value = value
        self._label.setText(forms.show(self.field, value) or text.EMPTY)
        if self.eye is not None:
            self.eye.setVisible(bool(value))

    def reveal(self) -> None:
        """Show what is hidden; emits `revealed`."""
        if self.eye is not None:
            self.eye.hide()
        self._label.setText(self._whole())
        self.revealed.emit(self.field.name)

    def _whole(self) -> str:
        if self.field.form is None:
            return forms.show(self.field, self._value, masked=False)
        inner = self.field.form.fields
        rows = ([forms.show(f, row.get(f.name), masked=False) for f in inner] for row in self._value)
        return "\n".join("  ".join(filter(None, words)) for words in rows)

    def raw(self) -> Any:
        return None

    def set_raw(self, raw: Any) -> None:
        """A shown value is not part of a draft."""

    def stops(self) -> list[QWidget]:
        return [] if self.eye is None else [self.eye]

    def set_problem(self, wrong: bool) -> None:
        """Nothing to mark."""
