"""Password and recovery code lost: a request to the office, its answer, a new password; before the book is open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldcrm.base import clock
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import choosing, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.shell.entry import SHORTEST, Entry, quiet, secret, soft, words


class RecoverPage(Entry):
    """Emits `request_wanted(path)`, `answered(path, password)` or `left()`."""

    request_wanted = Signal(object)
    answered = Signal(object, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("key-round", _("Help from your office"), _("Open the book"), _("Opening…"), parent)
        self._answer: Path | None = None
        self.request_button = Button(_("Write the request…"), icon="key-round", small=True)
        self.digits = words("", size=tokens.LARGE, bold=True)
        self.digits.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.digits_words = soft(_("The office calls you: read these digits to it."))
        self.answer_button = Button(_("Open the answer…"), icon="shield-check", small=True)
        self.answer_name = soft("")
        self.password, self.again = secret(_("New password")), secret(_("New password again"))
        self.back = quiet(_("Back"))
        self._lay()
        self.digits.hide()
        self.digits_words.hide()
        self.request_button.clicked.connect(self._ask)
        self.answer_button.clicked.connect(self._open)
        self.back.clicked.connect(self.left)

    def _lay(self) -> None:
        told = _(
            "Password and recovery code lost? The office you are enrolled with can let you in. It never sees the book."
        )
        self.column.addWidget(soft(told))
        self.column.addSpacing(6)
        self.column.addWidget(words(_("1. Write a request file and send it to the office.")))
        self.column.addWidget(self.request_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.digits)
        self.column.addWidget(self.digits_words)
        self.column.addSpacing(6)
        self.column.addWidget(words(_("2. Open the file that the office sends back.")))
        row = QHBoxLayout()
        row.addWidget(self.answer_button)
        row.addWidget(self.answer_name, 1)
        self.column.addLayout(row)
        self.column.addSpacing(6)
        self.add_field(_("New password"), self.password)
        self.add_field(_("New password again"), self.again)
        self.add_foot(back=self.back)

    def _ask(self) -> None:
        path = choosing.save_file(self, _("Save the request"), f"fieldcrm-recover-{clock.today():%Y%m%d}.xlsx")
        if path is not None:
            self.problem.hide()
            self.request_wanted.emit(path)

    def show_digits(self, digits: str | None) -> None:
        """The digits of the request that waits; None: there is none."""
        self.digits.setText(digits or "")
        self.digits.setVisible(bool(digits))
        self.digits_words.setVisible(bool(digits))

    def _open(self) -> None:
        path = choosing.open_file(self, _("Open the answer"))
        if path is not None:
            self._answer = path
            self.answer_name.setText(path.name)
            self.password.setFocus()

    def submit(self) -> None:
        if not self.button.isEnabled():
            return
        if self._answer is None:
            self.show_problem(_("Open the office's answer first."))
        elif len(self.password.text()) < SHORTEST:
            self.show_problem(_("At least {n} characters.").format(n=SHORTEST), self.password)
        elif self.password.text() != self.again.text():
            self.show_problem(_("The two passwords differ."), self.again)
        else:
            self.set_working(True)
            self.answered.emit(self._answer, self.password.text())
