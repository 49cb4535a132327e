"""The recovery code, shown once: after first start, after the office's help, after a new key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.recovery_code import code_lines
from fieldcrm.ui.shell.entry import Entry, soft


class RecoveryCodePage(Entry):
    """`finished` when it was printed, copied or written down."""

    finished = Signal()
    print_wanted = Signal(str)

    def __init__(self, code: str, parent: QWidget | None = None) -> None:
        done = _("I have kept it safe")
        super().__init__("key-round", _("Keep this recovery code"), done, done, parent)
        self.code = code
        words = _("It opens the book when the password is forgotten. It is shown only now and nobody can look it up.")
        self.column.setSpacing(8)
        self.column.addWidget(soft(words))
        self.shown = _Code(code)
        self.column.addWidget(self.shown)
        row = QHBoxLayout()
        copy = Button(_("Copy"), icon="copy")
        copy.clicked.connect(self._copy)
        printer = Button(_("Print…"), icon="printer")
        printer.clicked.connect(lambda: self.print_wanted.emit(self.code))
        self.told = soft("")
        row.addWidget(copy)
        row.addWidget(printer)
        row.addWidget(self.told, 1)
        self.column.addLayout(row)
        self.add_foot()
        self.done = self.button

    def submit(self) -> None:
        self.finished.emit()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code)
        self.told.setText(_("Copied"))


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
