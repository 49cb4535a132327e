"""The first thing painted: the password of the book, and the way in by the recovery code."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.shell.entry import WIDTH, Entry, quiet, secret, soft, words

CODE_WIDTH = 440  # px of the card: the whole code is seen, so that a mistyped group is found


class UnlockPage(Entry):
    """Emits `submitted(password, recovery_code)`, exactly one of them not empty."""

    submitted = Signal(str, str)
    office_wanted = Signal()  # neither is at hand
    backup_wanted = Signal()

    def __init__(self, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__("shield-check", _("Open the book"), _("Open"), _("Opening…"), parent)
        self._by_code = False
        self.note = soft(note)
        self.field_label = soft("")
        self.password = secret(_("Password"))
        self.code = QLineEdit()
        self.code.setAccessibleName(_("Recovery code"))
        self.caps = words(_("Caps Lock is on."), "problem", tokens.SMALL)
        self.other = quiet("")
        self.office = quiet(_("Lost too? Ask your office"))
        self.backup = quiet(_("Bring back a backup"))
        self.column.setSpacing(8)
        self.column.addSpacing(4)
        for widget in (self.note, self.field_label, self.password, self.code, self.caps):
            self.column.addWidget(widget)
        self.add_foot(self.other, self.office, self.backup)
        self.note.setVisible(bool(note))
        self.office.clicked.connect(self.office_wanted)
        self.backup.clicked.connect(self.backup_wanted)
        self.other.clicked.connect(self.switch)
        self.password.returnPressed.connect(self.submit)
        self.code.returnPressed.connect(self.submit)
        self._write()

    def switch(self) -> None:
        """Password or recovery code."""
        self._by_code = not self._by_code
        self.problem.hide()
        self._write()
        self.focus()

    def focus(self) -> None:
        self._field().setFocus()

    def _field(self) -> QLineEdit:
        return self.code if self._by_code else self.password

    def submit(self) -> None:
        if not self.button.isEnabled():
            return
        value = self.code.text().strip() if self._by_code else self.password.text()
        if not value:
            self.show_problem(_("Type the recovery code.") if self._by_code else _("Type the password."))
            return
        self.set_working(True)
        self.submitted.emit("" if self._by_code else value, value if self._by_code else "")

    def show_problem(self, sentence: str, field: QLineEdit | None = None) -> None:
        super().show_problem(sentence, self._field())
        self._field().selectAll()

    def forget(self) -> None:
        """Empty both fields."""
        self.password.clear()
        self.code.clear()

    def _write(self) -> None:
        self.field_label.setText(_("Recovery code") if self._by_code else _("Password"))
        self.other.setText(_("Use the password") if self._by_code else _("Forgot it? Use the recovery code"))
        self.caps.hide()
        self.password.setVisible(not self._by_code)
        self.code.setVisible(self._by_code)
        self.office.setVisible(self._by_code)
        self.card.setFixedWidth(CODE_WIDTH if self._by_code else WIDTH)

    def dress(self) -> None:
        from fieldcrm.ui.kit.secrets import CapsLock

        super().dress()
        CapsLock(self.password).seen.connect(self.caps.setVisible)

    def showEvent(self, event: object) -> None:
        self.focus()
