"""What the pages before the book have in common: the narrow card, its mark, and its foot with problem and button.

Start is measured by the first of them, so they are made of Qt's own widgets dressed by QSS, without the kit and without
the `Qt` namespace (17 ms to build); what needs them (mark, eyes, input hints) comes after the first paint (`dress`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from fieldcrm.ui.kit import fonts, tokens

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

SHORTEST = 8  # vault.SHORTEST, which the first page does not wait for
WIDTH = 380
_MARK = 44


def words(text: str, kind: str = "plain", size: int = tokens.FONT, bold: bool = False) -> QLabel:
    """A label that wraps; `kind` plain, soft or problem."""
    label = QLabel(text)
    label.setProperty("kind", kind)
    label.setFont(fonts.font(size, bold))
    label.setWordWrap(True)
    return label


def soft(text: str) -> QLabel:
    """Secondary text."""
    return words(text, "soft", tokens.SMALL)


def quiet(text: str) -> QPushButton:
    """A button that is only its words."""
    button = QPushButton(text)
    button.setObjectName("quiet")
    button.setFont(fonts.font(tokens.SMALL))
    return button


def secret(name: str) -> QLineEdit:
    """A field for a password; `dress` gives it its eye."""
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setAccessibleName(name)
    return field


class Entry(QWidget):
    """A page before the book. Add to `column`, the foot last (`add_foot`); override `submit`.

    `painted` once; `doing` is what the button says while it works.
    """

    painted = Signal()

    def __init__(self, icon: str, title: str, button: str, doing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painted = False
        self._area: Any = None  # what scrolls the card, once it is higher than the window
        self._back: QPushButton | None = None
        self._fields: list[QLineEdit] = []
        self._icon, self._words, self._doing = icon, button, doing
        self.mark = QLabel()
        self.mark.setObjectName("mark")
        self.mark.setFixedSize(_MARK, _MARK)
        self.problem = words("", "problem", tokens.SMALL)
        self.problem.hide()
        self.button = QPushButton(button)
        self.button.setObjectName("primary")
        self.button.clicked.connect(self.submit)
        self.card = QFrame()
        self.card.setObjectName("entry")
        self.card.setFixedWidth(WIDTH)
        self.column = QVBoxLayout(self.card)
        self.column.setContentsMargins(28, 26, 28, 22)
        self.column.setSpacing(6)
        self.column.addWidget(self.mark)
        self.column.addSpacing(4)
        self.column.addWidget(words(title, size=tokens.TITLE, bold=True))
        self._grid = QGridLayout(self)
        self._grid.addWidget(self.card, 1, 1)
        for edge, share in ((0, 2), (2, 3)):
            self._grid.setRowStretch(edge, share)
            self._grid.setColumnStretch(edge, 1)

    def add_field(self, name: str, field: QWidget) -> QLabel:
        """A field under its name; Return goes on to the next, and in the last one presses the button."""
        label = soft(name)
        label.setBuddy(field)
        field.setAccessibleName(name)
        if isinstance(field, QLineEdit):
            field.textEdited.connect(self.problem.hide)  # what was wrong is being put right
        self.column.addWidget(label)
        self.column.addWidget(field)
        if isinstance(field, QLineEdit):
            self._fields.append(field)
            field.returnPressed.connect(self._go_on)
        return label

    def add_foot(self, *more: QWidget, back: QPushButton | None = None) -> None:
        """The problem, the button, and what stands below it; `back` leaves the page, as Escape does."""
        self._back = back
        self.column.addWidget(self.problem)
        self.column.addSpacing(4)
        for widget in (self.button, *more, *([back] if back else [])):
            self.column.addWidget(widget)

    def submit(self) -> None:
        """What the button does."""

    def _go_on(self) -> None:
        after = self._fields[self._fields.index(self.sender()) + 1 :]  # type: ignore[arg-type]
        if after:
            after[0].setFocus()
            after[0].selectAll()
        else:
            self.submit()

    def set_working(self, working: bool) -> None:
        self.button.setEnabled(not working)
        self.button.setText(self._doing if working else self._words)
        if working:
            self.problem.hide()

    def show_problem(self, sentence: str, field: QLineEdit | None = None) -> None:
        """Say what was wrong; the field keeps its content and gets the keyboard."""
        self.set_working(False)
        self.problem.setText(sentence)
        self.problem.show()
        self._fit()
        self._show_foot()
        if field is not None:
            field.setFocus()

    def dress(self) -> None:
        """What the first paint did not wait for."""
        from fieldcrm.ui.kit.secrets import private
        from fieldcrm.ui.shell.mark import mark

        self.mark.setPixmap(mark(self._icon, _MARK, self.devicePixelRatioF()))
        for field in self.findChildren(QLineEdit):
            if field.echoMode() == QLineEdit.EchoMode.Password:
                private(field)
        self._fit()

    def _fit(self) -> None:
        """On a small screen, or a large size of the interface, the card scrolls: its button is never cut off."""
        if self._area is not None or self.height() >= self._grid.totalHeightForWidth(self.width()):
            return
        from fieldcrm.ui.kit.scrolling import scrolled

        focus = self.focusWidget()
        inside = QWidget(self)  # never outside the window, which would mix up the order of Tab
        inside.setLayout(self._grid)
        self._area = scrolled(inside, parent=self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._area)
        self._area.show()  # at once: what is hidden takes no key
        self._area.verticalScrollBar().rangeChanged.connect(self._show_foot)  # once the problem has its lines
        if focus is not None:
            focus.setFocus()  # moving took it away

    def _show_foot(self) -> None:
        """A problem and the button below it are seen, where the card scrolls."""
        if self._area is not None and not self.problem.isHidden():
            self._area.ensureWidgetVisible(self.button)

    def resizeEvent(self, event: object) -> None:
        if self._painted:  # the window has its size by then, and the first paint waits for nothing
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back; Return presses the button that has the keyboard, which Qt's own do in dialogs only."""
        from PySide6.QtCore import Qt

        had = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape and self._back is not None:
            self._back.click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(had, QPushButton):
            had.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: object) -> None:
        if not self._painted:
            self._painted = True
            self.painted.emit()
            QTimer.singleShot(0, self, self.dress)
