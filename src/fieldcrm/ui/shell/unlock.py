"""The first thing painted: the password of the book, and the way in by the recovery code."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import icons, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.paint import paint_panel
from fieldcrm.ui.kit.text import Label, section, soft, title
from fieldcrm.ui.kit.theme import colors

_WIDTH = 380


class Sheet(QWidget):
    """A narrow card in the middle of an empty window, for what comes before the pages. Add to `body`."""

    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painted = False
        self.card = _Card()
        self.body = self.card.column
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.card)
        row.addStretch()
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addLayout(row)
        column.addStretch(3)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(colors().window))
        if not self._painted:
            self._painted = True
            self.painted.emit()


class _Card(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_WIDTH)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(28, 26, 28, 26)
        self.column.setSpacing(8)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        paint_panel(QPainter(self), QRectF(self.rect()), c.card, c.line)


class Brand(QWidget):
    """The mark of the program: a shield on ink."""

    def __init__(self, icon: str = "shield-check") -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(44, 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors().accent))
        painter.drawRoundedRect(QRectF(self.rect()), 10, 10)
        at = QPointF(11, 11)
        icons.paint(painter, self._icon, colors().on_accent, at.x(), at.y(), 22)


class Password(QLineEdit):
    """A password field; the eye shows what is typed while it is pressed on."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setAccessibleName(name)
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self._eye = self.addAction(icons.icon("eye", "soft"), QLineEdit.ActionPosition.TrailingPosition)
        self._eye.setToolTip(_("Show"))
        self._eye.triggered.connect(self._toggle)

    def _toggle(self) -> None:
        hidden = self.echoMode() == QLineEdit.EchoMode.Password
        self.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self._eye.setIcon(icons.icon("eye-off" if hidden else "eye", "soft"))


class UnlockPage(Sheet):
    """Emits `submitted(password, recovery_code)`, exactly one of them not empty."""

    submitted = Signal(str, str)

    def __init__(self, note: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._by_code = False
        self.body.addWidget(Brand(), 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addSpacing(4)
        self.heading = title(_("Open the book"))
        self.note = soft(note, wrap=True)
        self.note.setVisible(bool(note))
        self.field_label = section("")
        self.password = Password(_("Password"))
        self.code = QLineEdit()
        self.code.setAccessibleName(_("Recovery code"))
        self.problem = Label(token="red", wrap=True, size=tokens.SMALL)  # noqa: S106 a tone
        self.problem.hide()
        self.button = Button(_("Open"), kind="primary", hint="↵")
        self.button.setFixedWidth(_WIDTH - 56)
        self.button.clicked.connect(self.submit)
        self.other = Button("", kind="quiet", small=True)
        self.other.clicked.connect(self.switch)
        for widget in (self.heading, self.note, self.field_label, self.password, self.code, self.problem, self.button):
            self.body.addWidget(widget)
        self.body.addWidget(self.other, 0, Qt.AlignmentFlag.AlignHCenter)
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
        self.password.setVisible(not self._by_code)
        self.code.setVisible(self._by_code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._by_code:
            self.switch()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        self.focus()
