"""First start: who works here and a password; or a look at the demo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from fieldcrm.base.i18n import _, is_chinese
from fieldcrm.ui.shell.entry import SHORTEST, Entry, quiet, secret, soft
from fieldcrm.ui.shell.me import MANAGER, OFFICE

_ROLE_HEIGHT = 30  # px of the choice of a role, which comes after the first paint


@dataclass(frozen=True)
class Start:
    """What the first-start page asks for."""

    name: str
    unit: str
    role: str
    password: str


class FirstStartPage(Entry):
    """Emits `submitted(Start)` or `demo_wanted()`."""

    submitted = Signal(object)
    demo_wanted = Signal()
    backup_wanted = Signal()
    language_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("book-open-check", _("Your field book"), _("Create the book"), _("Creating…"), parent)
        self.name, self.unit = QLineEdit(), QLineEdit()
        self.unit.setPlaceholderText(_("As on your card, e.g. Fuzhou branch"))
        self.role: Any = None  # kit.buttons.Segmented
        self._role_place = QWidget()
        self._role_place.setFixedHeight(_ROLE_HEIGHT)
        self.password, self.again = secret(_("Password")), secret(_("Password again"))
        self.strength = soft(strength_words(""))
        self.demo = quiet(_("Look around with demo data first"))
        self.backup = quiet(_("I have a backup"))
        other, name = ("en", "English") if is_chinese() else ("zh_CN", "中文")
        self.language = quiet(name)
        self._lay()
        self.language.clicked.connect(lambda: self.language_wanted.emit(other))
        self.password.textChanged.connect(lambda text: self.strength.setText(strength_words(text)))
        self.demo.clicked.connect(self.demo_wanted)
        self.backup.clicked.connect(self.backup_wanted)

    def _lay(self) -> None:
        self.column.addWidget(soft(_("It stays on this computer, encrypted with your password.")))
        self.column.addSpacing(4)
        self.add_field(_("Your name"), self.name)
        self.add_field(_("Unit"), self.unit)
        self.add_field(_("You work as"), self._role_place)
        self.add_field(_("Password"), self.password)
        self.column.addWidget(self.strength)
        self.add_field(_("Password again"), self.again)
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.demo)
        row.addWidget(self.backup)
        row.addStretch()
        row.addWidget(self.language)
        self.add_foot(foot)

    def dress(self) -> None:
        from fieldcrm.ui.kit.buttons import Segmented

        super().dress()
        self.role = Segmented([(MANAGER, _("Account manager")), (OFFICE, _("Office"))], MANAGER, self._role_place)
        self.role.setAccessibleName(_("You work as"))
        self.role.resize(self._role_place.size())
        self.role.show()
        self.setTabOrder(self.unit, self.role)
        self.setTabOrder(self.role, self.password)

    def submit(self) -> None:
        if not self.button.isEnabled():
            return
        problem = self._problem()
        if problem is not None:
            field, sentence = problem
            self.show_problem(sentence, field)
            return
        self.set_working(True)
        role = MANAGER if self.role is None else self.role.value()
        self.submitted.emit(Start(self.name.text().strip(), self.unit.text().strip(), role, self.password.text()))

    def _problem(self) -> tuple[QLineEdit, str] | None:
        if not self.name.text().strip():
            return self.name, _("Type your name.")
        if not self.unit.text().strip():
            return self.unit, _("Type the unit you belong to.")
        if len(self.password.text()) < SHORTEST:
            return self.password, _("At least {n} characters.").format(n=SHORTEST)
        if self.password.text() != self.again.text():
            return self.again, _("The two passwords differ.")
        return None


def strength_words(password: str) -> str:
    """A plain note on a password: length counts most; no meter that lies."""
    kinds = sum(
        any(test(c) for c in password)
        for test in (str.isdigit, str.islower, str.isupper, lambda c: not c.isalnum(), lambda c: ord(c) > 127)
    )
    length = len(password)
    if length < SHORTEST:
        return _("At least {n} characters; a short sentence is best.").format(n=SHORTEST)
    if length >= 14 or (length >= 11 and kinds >= 3):
        return _("Strong")
    if kinds < 2 or length < 10:
        return _("Weak: make it longer or mix letters, digits and signs")
    return _("Fair")
