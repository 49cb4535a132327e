"""First start: who works here and a password; then the recovery code, shown once; or a look at the demo."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from fieldcrm.base.i18n import _, is_chinese
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.buttons import Button, Segmented
from fieldcrm.ui.kit.recovery_code import code_lines
from fieldcrm.ui.kit.secrets import Password
from fieldcrm.ui.kit.text import Label, section, soft, title
from fieldcrm.ui.shell.me import MANAGER, OFFICE
from fieldcrm.ui.shell.sheet import Brand, Sheet

SHORTEST = 8  # vault.SHORTEST, which the first page does not wait for


@dataclass(frozen=True)
class Start:
    """What the first-start page asks for."""

    name: str
    unit: str
    role: str
    password: str


class FirstStartPage(Sheet):
    """Emits `submitted(Start)` or `demo_wanted()`."""

    submitted = Signal(object)
    demo_wanted = Signal()
    language_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body.setSpacing(6)
        self.name, self.unit = QLineEdit(), QLineEdit()
        self.role = Segmented([(MANAGER, _("Account manager")), (OFFICE, _("Office"))], MANAGER)
        self.password, self.again = Password(_("Password")), Password(_("Password again"))
        self.strength = soft("")
        self.problem = Label(token="red", wrap=True, size=tokens.SMALL)  # noqa: S106 a tone
        self.problem.hide()
        self.button = Button(_("Create the book"), kind="primary")
        self.button.setFixedWidth(324)
        self.demo = Button(_("Look around with demo data first"), kind="quiet", small=True)
        other, words = ("en", "English") if is_chinese() else ("zh_CN", "中文")
        self.language = Button(words, kind="quiet", small=True)
        self.language.clicked.connect(lambda: self.language_wanted.emit(other))
        self._lay()
        self.password.textChanged.connect(lambda text: self.strength.setText(strength_words(text)))
        self.again.returnPressed.connect(self.submit)
        self.button.clicked.connect(self.submit)
        self.demo.clicked.connect(self.demo_wanted)

    def _lay(self) -> None:
        self.body.addWidget(Brand("book-open-check"), 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addSpacing(4)
        self.body.addWidget(title(_("Your field book")))
        self.body.addWidget(soft(_("It stays on this computer, encrypted with your password."), wrap=True))
        self.body.addSpacing(4)
        for words, field in (
            (_("Your name"), self.name),
            (_("Unit"), self.unit),
            (_("You work as"), self.role),
            (_("Password"), self.password),
            (_("Password again"), self.again),
        ):
            label = section(words)
            label.setBuddy(field)
            field.setAccessibleName(words)
            self.body.addWidget(label)
            self.body.addWidget(field)
            if field is self.password:
                self.body.addWidget(self.strength)
        self.unit.setPlaceholderText(_("As on your card, e.g. Fuzhou branch"))
        self.strength.setText(strength_words(""))
        self.body.addWidget(self.problem)
        self.body.addSpacing(6)
        self.body.addWidget(self.button)
        foot = QHBoxLayout()
        foot.addWidget(self.demo)
        foot.addStretch()
        foot.addWidget(self.language)
        self.body.addLayout(foot)

    def submit(self) -> None:
        if not self.button.isEnabled():
            return
        problem = self._problem()
        if problem is not None:
            field, words = problem
            self.show_problem(words)
            field.setFocus()
            return
        self.set_working(True)
        role = self.role.value() or MANAGER
        self.submitted.emit(Start(self.name.text().strip(), self.unit.text().strip(), role, self.password.text()))

    def _problem(self) -> tuple[QWidget, str] | None:
        if not self.name.text().strip():
            return self.name, _("Type your name.")
        if not self.unit.text().strip():
            return self.unit, _("Type the unit you belong to.")
        if len(self.password.text()) < SHORTEST:
            return self.password, _("At least {n} characters.").format(n=SHORTEST)
        if self.password.text() != self.again.text():
            return self.again, _("The two passwords differ.")
        return None

    def set_working(self, working: bool) -> None:
        self.button.setEnabled(not working)
        self.button.setText(_("Creating…") if working else _("Create the book"))
        if working:
            self.problem.hide()

    def show_problem(self, sentence: str) -> None:
        self.set_working(False)
        self.problem.setText(sentence)
        self.problem.show()


class _Code(QPlainTextEdit):
    """The code, whole, in two lines; it can be marked and copied, not changed."""

    def __init__(self, code: str) -> None:
        super().__init__("\n".join(code_lines(code)))
        self.setReadOnly(True)
        self.setFont(fonts.figures(tokens.LARGE, True))
        self.setAccessibleName(_("Recovery code"))
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        for bar in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            bar(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(2 * self.fontMetrics().lineSpacing() + 22)


class RecoveryCodePage(Sheet):
    """Shows the recovery code once; `finished` when it was printed, copied or written down."""

    finished = Signal()
    print_wanted = Signal(str)

    def __init__(self, code: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.code = code
        self.body.addWidget(Brand("key-round"), 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addSpacing(4)
        self.body.addWidget(title(_("Keep this recovery code")))
        words = _("It opens the book when the password is forgotten. It is shown only now and nobody can look it up.")
        self.body.addWidget(soft(words, wrap=True))
        self.shown = _Code(code)
        self.body.addWidget(self.shown)
        row = QHBoxLayout()
        copy = Button(_("Copy"), icon="copy")
        copy.clicked.connect(self._copy)
        printer = Button(_("Print…"), icon="printer")
        printer.clicked.connect(lambda: self.print_wanted.emit(self.code))
        self.told = soft("")
        row.addWidget(copy)
        row.addWidget(printer)
        row.addWidget(self.told, 1)
        self.body.addLayout(row)
        self.body.addSpacing(8)
        done = Button(_("I have kept it safe"), kind="primary")
        done.setFixedWidth(324)
        done.clicked.connect(self.finished)
        self.done = done
        self.body.addWidget(done)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code)
        self.told.setText(_("Copied"))


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
