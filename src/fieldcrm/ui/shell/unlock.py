"""The first thing painted: the password of the book, and the way in by the recovery code.

Start is measured by this page, so it is made of Qt's own widgets dressed by QSS, without the kit and without
the `Qt` namespace (17 ms to build); what needs them (mark, eye, input hints) is added after the first paint.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import fonts, tokens

_WIDTH = 380
_MARK = 44


def _label(text: str, kind: str, size: int = tokens.SMALL, bold: bool = False) -> QLabel:
    label = QLabel(text)
    label.setProperty("kind", kind)
    label.setFont(fonts.font(size, bold))
    label.setWordWrap(True)
    return label


class UnlockPage(QWidget):
    """Emits `submitted(password, recovery_code)`, exactly one of them not empty; `painted` once."""

    submitted = Signal(str, str)
    office_wanted = Signal()  # neither is at hand
    painted = Signal()

    def __init__(self, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painted = False
        self._by_code = False
        self.mark = QLabel()
        self.mark.setObjectName("mark")
        self.mark.setFixedSize(_MARK, _MARK)
        self.note = _label(note, "soft")
        if not note:  # never shown here: without a place yet it would be a window for a moment
            self.note.hide()
        self.field_label = _label("", "soft")
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName(_("Password"))
        self.code = QLineEdit()
        self.code.setAccessibleName(_("Recovery code"))
        self.problem = _label("", "problem")
        self.problem.hide()
        self.caps = _label(_("Caps Lock is on."), "problem")
        self.caps.hide()
        self.button = QPushButton(_("Open"))
        self.button.setObjectName("primary")
        self.other = QPushButton()
        self.other.setObjectName("quiet")
        self.other.setFont(fonts.font(tokens.SMALL))
        self.office = QPushButton(_("Lost too? Ask your office"))
        self.office.setObjectName("quiet")
        self.office.setFont(fonts.font(tokens.SMALL))
        self._lay()
        self.office.clicked.connect(self.office_wanted)
        self.button.clicked.connect(self.submit)
        self.other.clicked.connect(self.switch)
        self.password.returnPressed.connect(self.submit)
        self.code.returnPressed.connect(self.submit)
        self._write()

    def _lay(self) -> None:
        card = QFrame()
        card.setObjectName("entry")
        card.setFixedWidth(_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(28, 26, 28, 22)
        column.setSpacing(8)
        column.addWidget(self.mark)
        column.addSpacing(4)
        for widget in (
            _label(_("Open the book"), "title", tokens.TITLE, True),
            self.note,
            self.field_label,
            self.password,
            self.code,
            self.caps,
            self.problem,
            self.button,
            self.other,
            self.office,
        ):
            column.addWidget(widget)
        grid = QGridLayout(self)
        grid.addWidget(card, 1, 1)
        for edge, share in ((0, 2), (2, 3)):
            grid.setRowStretch(edge, share)
            grid.setColumnStretch(edge, 1)

    def switch(self) -> None:
        """Password or recovery code."""
        self._by_code = not self._by_code
        self.problem.hide()
        self._write()
        self.focus()

    def focus(self) -> None:
        (self.code if self._by_code else self.password).setFocus()

    def submit(self) -> None:
        if not self.button.isEnabled():
            return
        value = self.code.text().strip() if self._by_code else self.password.text()
        if not value:
            self.show_problem(_("Type the recovery code.") if self._by_code else _("Type the password."))
            return
        self.set_working(True)
        self.submitted.emit("" if self._by_code else value, value if self._by_code else "")

    def set_working(self, working: bool) -> None:
        self.button.setEnabled(not working)
        self.button.setText(_("Opening…") if working else _("Open"))
        if working:
            self.problem.hide()

    def show_problem(self, sentence: str) -> None:
        """Say what was wrong; the field keeps its content, selected."""
        self.set_working(False)
        self.problem.setText(sentence)
        self.problem.show()
        field = self.code if self._by_code else self.password
        field.setFocus()
        field.selectAll()

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

    def _dress(self) -> None:
        """What the first paint did not wait for."""
        from fieldcrm.ui.kit.secrets import CapsLock, private
        from fieldcrm.ui.shell.sheet import mark

        self.mark.setPixmap(mark("shield-check", _MARK, self.devicePixelRatioF()))
        private(self.password)
        CapsLock(self.password).seen.connect(self.caps.setVisible)

    def showEvent(self, event: object) -> None:
        self.focus()

    def paintEvent(self, event: object) -> None:
        if not self._painted:
            self._painted = True
            self.painted.emit()
            QTimer.singleShot(0, self._dress)
