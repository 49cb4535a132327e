"""What the two forms of a stop share: the echo of a typed time, what is wrong, the foot, the keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from fieldcrm.base.errors import InvalidField, InvalidFields
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button, Segmented
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.kit.text import Label, soft


class StopForm(QWidget):
    """Enter goes on, from one of `last` or with Ctrl it saves, Escape emits `closed`."""

    closed = Signal()

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._watched = False
        self.when = QLineEdit()
        self.last: tuple[QWidget, ...] = (self.when,)
        self.echo = soft("")
        self.problem = Label(token="red", size=tokens.SMALL, wrap=True)  # noqa: S106 a tone
        self.problem.hide()
        self.save_button = Button(_("Save"), kind="primary", hint="Ctrl ↵")
        self.leave_button = Button(_("Close"), hint="Esc")
        self.save_button.clicked.connect(self.save)
        self.leave_button.clicked.connect(self.closed)

    def foot(self) -> QHBoxLayout:
        """The last line: what was understood, what is wrong, the buttons."""
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.echo)
        row.addWidget(self.problem, 1)
        row.addStretch()
        row.addWidget(self.leave_button)
        row.addWidget(self.save_button)
        return row

    def save(self) -> None:
        """Write it to the book, or say what is wrong."""
        raise NotImplementedError

    def field_of(self, name: str) -> QWidget | None:
        """Where a field that is wrong is typed."""
        raise NotImplementedError

    def show_problem(self, error: Exception) -> None:
        """Say an invalid field at the form and go there; other errors are said by the window."""
        self.save_button.setEnabled(True)
        if isinstance(error, InvalidField | InvalidFields):
            self._watch()
            self.problem.setText(error.sentence)
            self.problem.show()
            field = self.field_of(error.field if isinstance(error, InvalidField) else "")
            if field is not None:
                field.setFocus()

    def _watch(self) -> None:
        """From the first problem on: what is wrong goes while it is being put right."""
        if not self._watched:
            self._watched = True
            for line in self.findChildren(QLineEdit):
                line.textEdited.connect(self.problem.hide)
            for choice in self.findChildren(Segmented):
                choice.changed.connect(self.problem.hide)

    def clear_problem(self) -> None:
        self.problem.hide()
        self.save_button.setEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif enter and (control or any(field.hasFocus() for field in self.last)):
            self.save()
        elif enter:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)
