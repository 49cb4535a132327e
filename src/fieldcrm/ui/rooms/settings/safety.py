"""Safety: password, recovery code, a new key for the whole book."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.base.vault import SHORTEST
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Panel
from fieldcrm.ui.kit.page import Desk
from fieldcrm.ui.kit.secrets import Password
from fieldcrm.ui.kit.text import Label, soft
from fieldcrm.ui.rooms.settings.rows import field_row


class PasswordPanel(QWidget):
    """Old and new password; changes the book's key slot, never the book."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.old, self.new, self.again = (QLineEdit() for _n in range(3))
        self.problem = Label("", token="red", wrap=True)  # noqa: S106 a tone
        self.problem.hide()
        self.button = Button(_("Change the password"), small=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for words, field in (
            (_("Current password"), self.old),
            (_("New password"), self.new),
            (_("New password again"), self.again),
        ):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setFixedWidth(220)
            field.returnPressed.connect(self._go_on)
            field.textEdited.connect(self.problem.hide)  # what was wrong is being put right
            column.addLayout(field_row(words, field))
        column.addWidget(self.problem)
        column.addLayout(field_row("", self.button))
        self.button.clicked.connect(self.submit)

    def _go_on(self) -> None:
        """Return goes through the fields, as before the book; in the last it changes the password."""
        following = {self.old: self.new, self.new: self.again}.get(self.sender())  # type: ignore[call-overload]
        if following is None:
            self.submit()
        else:
            following.setFocus()
            following.selectAll()

    def submit(self) -> None:
        """Check what was typed, then change it off the window's thread."""
        new = self.new.text()
        if len(new) < SHORTEST:
            self._say(_("At least {n} characters.").format(n=SHORTEST), self.new)
        elif new != self.again.text():
            self._say(_("The two new passwords differ."), self.again)
        else:
            self.problem.hide()
            self.button.setEnabled(False)
            book, old = self.desk.book, self.old.text()
            self.desk.runner.background(
                change_password, book, old, new, then=lambda _none: self._done(), failed=lambda _e: self._failed(),
                owner=self,
            )  # fmt: skip

    def _say(self, words: str, field: QLineEdit) -> None:
        self.problem.setText(words)
        self.problem.show()
        field.setFocus()

    def _failed(self) -> None:
        self.button.setEnabled(True)
        self.old.setFocus()
        self.old.selectAll()

    def _done(self) -> None:
        self.button.setEnabled(True)
        for field in (self.old, self.new, self.again):
            field.clear()
        self.desk.say("done", _("The password was changed. The old one no longer opens the book."), seconds=12)


def check_password(book: Any, password: str) -> None:
    """Raises `Refused(wrong_password)` unless it opens the book."""
    from fieldcrm.base import vault

    vault.unlock(book.folder, password=password).lock()


def change_password(book: Any, old: str, new: str) -> None:
    """Change the password after checking the old one; noted in the audit. Raises `Refused(wrong_password)`."""
    check_password(book, old)
    book.vault.change_password(new)
    book.audit("password_changed")


def renew_code(book: Any) -> str:
    """A fresh recovery code, noted in the audit."""
    code: str = book.vault.new_recovery_code()
    book.audit("recovery_code_changed")
    return code


class KeyPanel(QWidget):
    """A new key for the whole book: told what it is for, asked with the password, worked by the window."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.button = Button(_("New key for the whole book…"), small=True)
        self.ask = Panel("amber")
        self.password = Password(_("Current password"))
        self.password.setFixedWidth(220)
        self.start_button = Button(_("Encrypt anew"), kind="primary", small=True)
        self.keep_button = Button(_("Not now"), small=True)
        for words in (
            _("For when somebody may have copied the book's files and knows your password. A new password is not "
              "enough then: with the old copy they could open later ones too."),
            _("Change the password first: it stays. The book closes, everything is encrypted anew, you get a new "
              "recovery code. Backups taken before still open with the password of their day."),
        ):  # fmt: skip
            self.ask.body.addWidget(Label(words, wrap=True))
        self.ask.body.addSpacing(4)
        self.ask.body.addLayout(field_row(_("Current password"), self.password))
        self.ask.body.addLayout(_buttons(self.start_button, self.keep_button))
        self.ask.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(field_row(_("Key"), self.button))
        column.addWidget(self.ask)
        self.button.clicked.connect(self._ask)
        self.password.returnPressed.connect(self.start)
        self.start_button.clicked.connect(self.start)
        self.keep_button.clicked.connect(self._leave)

    def start(self) -> None:
        """Check the password, then let the window close the book and begin."""
        if self.start_button.isEnabled():
            self.start_button.setEnabled(False)
            typed = self.password.text()
            self.desk.runner.background(
                check_password, self.desk.book, typed, then=lambda _none: self._go(typed),
                failed=lambda _e: self._failed(), owner=self,
            )  # fmt: skip

    def _go(self, typed: str) -> None:
        self._leave()
        self.desk.rekey(typed)

    def _ask(self) -> None:
        self.button.setEnabled(False)
        self.ask.show()
        self.password.setFocus()

    def _failed(self) -> None:
        self.start_button.setEnabled(True)
        self.password.setFocus()
        self.password.selectAll()

    def _leave(self) -> None:
        self.password.clear()
        self.ask.hide()
        self.start_button.setEnabled(True)
        self.button.setEnabled(True)
        self.button.setFocus()


class CodePanel(QWidget):
    """A new recovery code, asked for twice since the old one dies, shown once with a way to print it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.button = Button(_("New recovery code"), small=True)
        self.ask = Panel("amber")
        self.sure_button = Button(_("Make a new code"), small=True)
        self.keep_button = Button(_("Keep the old one"), small=True)
        self.ask.body.addWidget(Label(_("The code you have on paper will no longer open the book."), wrap=True))
        self.ask.body.addLayout(_buttons(self.sure_button, self.keep_button))
        self.ask.hide()
        self.panel = Panel("blue")
        self.code = Label("", size=20, bold=True)
        self._written = ""
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.print_button = Button(_("Print"), icon="printer", small=True)
        self.hide_button = Button(_("I have it on paper"), small=True)
        self.panel.body.addWidget(self.code)
        self.panel.body.addWidget(soft(_("Shown once. The code before it no longer opens the book."), wrap=True))
        self.panel.body.addSpacing(4)
        self.panel.body.addLayout(_buttons(self.print_button, self.hide_button))
        self.panel.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(field_row(_("Recovery code"), self.button))
        column.addWidget(self.ask)
        column.addWidget(self.panel)
        self.button.clicked.connect(self._ask)
        self.sure_button.clicked.connect(self._renew)
        self.keep_button.clicked.connect(self._forget)
        self.print_button.clicked.connect(self._print)
        self.hide_button.clicked.connect(self._forget)

    def _ask(self) -> None:
        self.button.setEnabled(False)
        self.ask.show()
        self.keep_button.setFocus()

    def _renew(self) -> None:
        self.ask.hide()
        self.desk.runner.background(renew_code, self.desk.book, then=self._show, owner=self)

    def _show(self, code: str) -> None:
        from fieldcrm.ui.kit.recovery_code import code_lines

        self._written = code
        self.code.setText("\n".join(code_lines(code)))
        self.panel.show()
        self.print_button.setFocus()

    def _print(self) -> None:
        from fieldcrm.ui.kit.recovery_code import print_code

        if print_code(self, self._written, self.desk.me):
            self.desk.book.audit("print", paper="recovery_code")

    def _forget(self) -> None:
        self._written = ""
        self.code.clear()
        self.ask.hide()
        self.panel.hide()
        self.button.setEnabled(True)


def _buttons(*buttons: Button) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for button in buttons:
        row.addWidget(button)
    row.addStretch()
    return row
