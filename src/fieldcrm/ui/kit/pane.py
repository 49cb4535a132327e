"""Pieces of a detail pane: head with chips, facts and buttons, figures, tabs, lines with chips, the next step."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Figure, Panel
from fieldcrm.ui.kit.chips import Chip
from fieldcrm.ui.kit.columns import EMPTY
from fieldcrm.ui.kit.flow import Flow
from fieldcrm.ui.kit.text import Clamped, Elided, Label
from fieldcrm.ui.kit.theme import colors

_FACT_LINES = 3  # of a head; the rest under the mouse and in the form
_IN_NUMBER, _UNBROKEN = re.compile(r"(?<=\d) (?=[\d•])"), "\N{NO-BREAK SPACE}"  # a phone number stays on one line
_CHIPS = 6  # beside a name; more are counted, or they push the lines away


class PaneHead(QWidget):
    """Who it is: name and chips in one flow, a line of facts that wraps, and a row of buttons below.

    `masked` numbers in the facts are shown whole by the eye (`reveal_wanted`); `set_facts` hides them again.
    """

    reveal_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = QWidget(self)
        self._flow = Flow(self._line, 6)
        self._name = Elided("", size=tokens.TITLE, bold=True, parent=self._line)
        self._flow.addWidget(self._name)
        self._facts = Clamped(_FACT_LINES, size=tokens.SMALL, token="soft")  # noqa: S106 a colour's name
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.eye = Button(icon="eye", kind="quiet", small=True)
        self.eye.setToolTip(_("Show the whole number"))
        self.eye.setAccessibleName(_("Show the whole number"))
        self.eye.clicked.connect(self.reveal_wanted)
        self.eye.hide()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._line)
        facts = QHBoxLayout()
        facts.setSpacing(4)
        facts.addWidget(self._facts, 1)
        facts.addWidget(self.eye, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(facts)
        column.addSpacing(4)
        column.addLayout(self._buttons)

    def set_name(self, name: str, chips: Sequence[tuple[str, str]] = ()) -> None:
        """The name, and chips as (words, tone)."""
        self._name.setText(name)
        while (item := self._flow.takeAt(1)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for words, tone in chips[:_CHIPS]:
            self._flow.addWidget(_HeadChip(words, tone, self._line))
        if more := chips[_CHIPS:]:
            rest = _HeadChip(f"+{len(more)}", "grey", self._line)
            rest.setToolTip(" · ".join(words for words, _tone in more))
            self._flow.addWidget(rest)
        self._line.updateGeometry()

    def name(self) -> str:
        return self._name.text()

    def set_facts(self, words: str, hidden: bool = False) -> None:
        """The line of facts; `hidden`: something in it can be shown whole."""
        self._facts.setText(_IN_NUMBER.sub(_UNBROKEN, words))
        self._facts.setVisible(bool(words))
        self.eye.setVisible(hidden)

    def facts(self) -> str:
        return self._facts.text().replace(_UNBROKEN, " ")

    def add_button(self, button: QWidget) -> None:
        """A button at the right end of the row."""
        self._buttons.insertWidget(self._buttons.count() - 1, button)


class _HeadChip(Chip):
    """A chip as tall as the name beside it."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), QFontMetrics(fonts.font(tokens.TITLE, True)).height())


class Figures(QWidget):
    """A row of small figures; `set((title, figure, tone), …)`, tone "" for plain."""

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._boxes = [Figure() for _number in range(count)]
        for box in self._boxes:
            row.addWidget(box, 1)

    def set(self, *figures: tuple[str, str, str]) -> None:
        for box, (words, figure, tip) in zip(self._boxes, figures, strict=True):
            box.set(words, figure)
            box.setToolTip(tip)


class _Tab(QAbstractButton):
    """The words of a tab, underlined while it is the one."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(words)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(fonts.font(bold=True)).horizontalAdvance(self.text()) + 2, 34)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        chosen = self.isChecked()
        painter.setFont(fonts.font(bold=chosen))
        painter.setPen(QColor(c.text if chosen else c.accent_text if self.underMouse() else c.soft))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if chosen:
            painter.fillRect(QRect(0, self.height() - 2, self.width(), 2), QColor(c.accent_text))
        if self.hasFocus():
            painter.setPen(QColor(c.focus))
            painter.drawRect(self.rect().adjusted(0, 4, -1, -5))


class Tabs(QWidget):
    """Tabs as words on a line; `changed(key)`. Left and Right move while one has the keyboard."""

    changed = Signal(str)

    def __init__(self, keys: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self._tabs: dict[str, _Tab] = {}
        for key in keys:
            tab = self._tabs[key] = _Tab("", self)
            tab.clicked.connect(lambda _checked=False, key=key: self.changed.emit(key))
            self._row.addWidget(tab)
        self._row.addStretch()
        self._tabs[keys[0]].setChecked(True)

    def set_words(self, key: str, words: str, count: int | None = None) -> None:
        """What a tab says; its count after it."""
        self._tabs[key].setText(words if count is None else f"{words} {count}")
        self._tabs[key].updateGeometry()
        self._tabs[key].update()

    def current(self) -> str:
        return next(key for key, tab in self._tabs.items() if tab.isChecked())

    def choose(self, key: str) -> None:
        """Go to a tab as the person does."""
        self._tabs[key].setChecked(True)
        self.changed.emit(key)

    def tab(self, key: str) -> QAbstractButton:
        return self._tabs[key]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        keys = list(self._tabs)
        place = keys.index(self.current()) + step
        if step and 0 <= place < len(keys):
            self._tabs[keys[place]].setFocus()
            self.choose(keys[place])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRect(0, self.height() - 1, self.width(), 1), QColor(colors().line))


class NextStepPanel(Panel):
    """The next step in its blue box: what and when in one line, what to bring below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("blue", parent=parent)
        row = QHBoxLayout()
        row.setSpacing(6)
        self._title = Label(_("Next step"), bold=True)
        self._text = Clamped(2)
        row.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.body.addLayout(row)
        self._more = Elided("", size=tokens.SMALL, token="soft")  # noqa: S106 a colour's name
        self.body.addWidget(self._more)
        self._buttons = row

    def set_step(self, text: str, more: str = "", tone: str = "blue") -> None:
        self.set_tone(tone)
        self._text.setText(text or EMPTY)
        self._more.setText(more)
        self._more.setVisible(bool(more))

    def text(self) -> str:
        return self._text.text()

    def add_button(self, button: QWidget) -> None:
        """A button at the right."""
        self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)


class Facts(QWidget):
    """Labelled values in two columns: quiet label, value; `set([(label, value), …])`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set(self, rows: Sequence[tuple[str, str]]) -> None:
        self._rows = tuple(rows)
        self.setAccessibleDescription("; ".join(f"{label} {value}" for label, value in rows))
        self.updateGeometry()
        self.update()

    def rows(self) -> tuple[tuple[str, str], ...]:
        return self._rows

    def sizeHint(self) -> QSize:
        return QSize(240, ((len(self._rows) + 1) // 2) * 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        half = self.width() // 2
        small = QFontMetrics(fonts.font(tokens.SMALL))
        widest = max((small.horizontalAdvance(label) for label, _value in self._rows), default=0)
        label_width = min(widest + 8, half * 3 // 5)
        for number, (label, value) in enumerate(self._rows):
            x, y = (number % 2) * half, (number // 2) * 24
            painter.setFont(fonts.font(tokens.SMALL))
            painter.setPen(QColor(c.soft))
            words = small.elidedText(label, Qt.TextElideMode.ElideRight, label_width - 4)
            painter.drawText(QRect(x, y, label_width, 24), Qt.AlignmentFlag.AlignVCenter, words)
            painter.setFont(fonts.figures())
            painter.setPen(QColor(c.text))
            room = QRect(x + label_width, y, half - label_width - 10, 24)
            shown = QFontMetrics(painter.font()).elidedText(value, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)


def menu_below(button: QWidget) -> QPoint:
    """Where a menu of a button opens."""
    return button.mapToGlobal(QPoint(0, button.height() + 2))
