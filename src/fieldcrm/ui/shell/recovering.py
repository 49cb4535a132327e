"""Password and recovery code lost: a request to the office, its answer, a new password; before the book is open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldcrm.base import clock
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import choosing, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.secrets import Password
from fieldcrm.ui.kit.text import Label, section, soft, title
from fieldcrm.ui.shell.firststart import SHORTEST
from fieldcrm.ui.shell.sheet import Brand, Sheet


class RecoverPage(Sheet):
    """Emits `request_wanted(path)`, `answered(path, password)` or `left()`."""

    request_wanted = Signal(object)
    answered = Signal(object, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answer: Path | None = None
        self.request_button = Button(_("Write the request…"), icon="key-round", small=True)
        self.digits = Label("", size=tokens.LARGE, bold=True)
        self.digits.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.digits_words = soft(_("The office calls you: read these digits to it."), wrap=True)
        self.answer_button = Button(_("Open the answer…"), icon="shield-check", small=True)
        self.answer_name = soft("")
        self.password, self.again = Password(_("New password")), Password(_("New password again"))
        self.problem = Label(token="red", wrap=True, size=tokens.SMALL)  # noqa: S106 a tone
        self.button = Button(_("Open the book"), kind="primary")
        self.back = Button(_("Back"), kind="quiet", small=True)
        self._lay()
        for widget in (self.digits, self.digits_words, self.problem):
            widget.hide()
        self.request_button.clicked.connect(self._ask)
        self.answer_button.clicked.connect(self._open)
        self.button.clicked.connect(self.submit)
        self.again.returnPressed.connect(self.submit)
        self.back.clicked.connect(self.left)

    def _lay(self) -> None:
        self.body.setSpacing(6)
        self.body.addWidget(Brand("key-round"), 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(title(_("Help from your office")))
        words = _(
            "Password and recovery code lost? The office you are enrolled with can let you in. It never sees the book."
        )
        self.body.addWidget(soft(words, wrap=True))
        self.body.addSpacing(6)
        self.body.addWidget(Label(_("1. Write a request file and send it to the office."), wrap=True))
        self.body.addWidget(self.request_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.digits)
        self.body.addWidget(self.digits_words)
        self.body.addSpacing(6)
        self.body.addWidget(Label(_("2. Open the file that the office sends back."), wrap=True))
        row = QHBoxLayout()
        row.addWidget(self.answer_button)
        row.addWidget(self.answer_name, 1)
        self.body.addLayout(row)
        self.body.addSpacing(6)
        for words, field in ((_("New password"), self.password), (_("New password again"), self.again)):
            label = section(words)
            label.setBuddy(field)
            self.body.addWidget(label)
            self.body.addWidget(field)
        self.body.addWidget(self.problem)
        self.body.addSpacing(4)
        self.button.setFixedWidth(324)
        self.body.addWidget(self.button)
        self.body.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)

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
            self.show_problem(_("At least {n} characters.").format(n=SHORTEST))
            self.password.setFocus()
        elif self.password.text() != self.again.text():
            self.show_problem(_("The two passwords differ."))
            self.again.setFocus()
        else:
            self.set_working(True)
            self.answered.emit(self._answer, self.password.text())

    def set_working(self, working: bool) -> None:
        self.button.setEnabled(not working)
        self.button.setText(_("Opening…") if working else _("Open the book"))
        if working:
            self.problem.hide()

    def show_problem(self, sentence: str) -> None:
        """Say what was wrong."""
        self.set_working(False)
        self.problem.setText(sentence)
        self.problem.show()
