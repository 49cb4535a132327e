"""The day's stops as rows, the next one marked; Enter or its button opens the form that logs it, right below it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.core.today import StopRow
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.chips import chip_width, paint_chip
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.kit.theme import colors
from fieldcrm.ui.rooms.visits.finish import FinishForm

_ADDRESS = 90  # px from which an address says something
_TONES = {"done": "green", "next": "blue", "planned": "grey"}


def state_words(state: str) -> str:
    return {"done": _("Done"), "next": _("Next stop"), "planned": _("Planned")}[state]


class StopLine(QWidget):
    """One stop: time, who, what for, where, its state. `wanted` asks to log it, `opened` to see the client."""

    wanted = Signal()
    opened = Signal()
    moved = Signal(int)

    def __init__(self, row: StopRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self.last = False
        self.widths = (120, 120)  # of name and purpose, as the longest of the day asks
        self.setFixedHeight(tokens.ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{row.slot} {row.name} {row.purpose} {state_words(row.state)}")
        self.button = Button(_("Log it"), small=True, parent=self)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(self.wanted)
        self._show_button()

    @property
    def open_stop(self) -> bool:
        return self.row.state != "done"

    def _show_button(self) -> None:
        near = self.row.state == "next" or self.hasFocus() or self.underMouse()
        self.button.setVisible(self.open_stop and near)

    def columns(self) -> list[QRect]:
        """Time, name, purpose, address: what is left of the state is shared; no address where it would be a word."""
        right = (
            self.width() - 16 - max(chip_width(state_words(s)) for s in _TONES) - self.button.sizeHint().width() - 12
        )
        room = right - 70
        name, purpose = (min(width + 14, round(room * 0.36)) for width in self.widths)
        if room - name - purpose < _ADDRESS:
            name = min(self.widths[0] + 14, room // 2)
            purpose = room - name
        edges = [10, 70, 70 + name, 70 + name + purpose, right]
        return [QRect(a, 0, b - a - 10, self.height()) for a, b in pairwise(edges)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        size = self.button.sizeHint()
        chips = max(chip_width(state_words(state)) for state in _TONES)
        self.button.setGeometry(
            self.width() - 16 - chips - 8 - size.width(), (self.height() - size.height()) // 2, size.width(),
            size.height(),
        )  # fmt: skip

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        if self.row.state == "next" or self.hasFocus():
            painter.fillRect(self.rect(), QColor(c.selection))
        elif self.underMouse():
            painter.fillRect(self.rect(), QColor(c.hover))
        if self.hasFocus():
            painter.fillRect(0, 0, 3, self.height(), QColor(c.accent))
        if not self.last:
            painter.setPen(QColor(c.line_soft))
            painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
        words = (self.row.slot or _("any time"), self.row.name, self.row.purpose, self.row.address)
        for number, (box, text) in enumerate(zip(self.columns(), words, strict=True)):
            painter.setFont(fonts.figures() if number == 0 else fonts.font())
            painter.setPen(QColor(c.soft if number in (0, 3) else c.text))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(0, box.width()))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)
        state = state_words(self.row.state)
        left = self.width() - 14 - chip_width(state)
        paint_chip(painter, left, self.height() // 2, state, _TONES[self.row.state])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.open_stop:
                self.wanted.emit()
            else:
                self.opened.emit()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.opened.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._show_button()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._show_button()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_button()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_button()


class Stops(QWidget):
    """The rows with the form between them. Signals: `finished(words)`, `client_wanted(id)`, `resized` when it grows."""

    resized = Signal()
    finished = Signal(str)
    client_wanted = Signal(str)

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 0, 1, 0)
        self._column.setSpacing(0)
        self.lines: list[StopLine] = []
        self.form = FinishForm(runner)
        self._box = QWidget()
        inner = QVBoxLayout(self._box)
        inner.setContentsMargins(tokens.PAD, 10, tokens.PAD, 12)
        inner.addWidget(self.form)
        self._box.hide()
        self._column.addWidget(self._box)
        self.form.saved.connect(self._saved)
        self.form.closed.connect(self.close_form)

    def show_rows(self, rows: Sequence[StopRow]) -> None:
        """Show the stops; the form stays where it is while its stop is still open."""
        focused = next((line.row.id for line in self.lines if line.hasFocus()), "")
        self._column.removeWidget(self._box)
        for line in self.lines:
            line.hide()
            line.deleteLater()
        self.lines = [StopLine(row) for row in rows]
        for line in self.lines:
            self._column.addWidget(line)
            line.wanted.connect(lambda line=line: self.log(line.row.id))
            line.opened.connect(lambda line=line: self._open(line.row))
            line.moved.connect(lambda step, line=line: self._move(line, step))
            if line.row.id == focused:
                line.setFocus()
            line.widths = self._widths(rows)
        if self.lines:
            self.lines[-1].last = True
        at = self._at(self.form.visit_id)
        if at is not None and self.lines[at].open_stop and not self._box.isHidden():
            self._column.insertWidget(at + 1, self._box)
        else:
            self._column.addWidget(self._box)
            if not self._box.isHidden():
                self.close_form()
        self.resized.emit()

    def _widths(self, rows: Sequence[StopRow]) -> tuple[int, int]:
        metrics = QFontMetrics(fonts.font())
        return (
            max(metrics.horizontalAdvance(row.name) for row in rows),
            max(metrics.horizontalAdvance(row.purpose) for row in rows),
        )

    def wanted_height(self) -> int:
        """Pixels of all rows, with the form when it is open."""
        return len(self.lines) * tokens.ROW + (0 if self._box.isHidden() else self._box.sizeHint().height()) + 2

    def logging(self) -> bool:
        """Whether the form is open."""
        return not self._box.isHidden()

    def log(self, visit_id: str) -> None:
        """Open the form below a stop."""
        at = self._at(visit_id)
        if at is None:
            return
        self._column.removeWidget(self._box)
        self._column.insertWidget(at + 1, self._box)
        self._box.show()
        self.form.open(visit_id, self.lines[at].row.name)
        self.resized.emit()

    def log_next(self) -> None:
        """Open the form of the next stop."""
        following = next((line for line in self.lines if line.row.state == "next"), None)
        if following is not None:
            self.log(following.row.id)

    def close_form(self) -> None:
        self.form.keep()
        at = self._at(self.form.visit_id)
        had_focus = self.form.isAncestorOf(self.focusWidget() or self)
        self._box.hide()
        if at is not None and had_focus:
            self.lines[at].setFocus()
        self.resized.emit()

    def focus_next(self) -> bool:
        """To the next stop, so that Enter logs it; whether there is one."""
        following = next((line for line in self.lines if line.row.state == "next"), None)
        if following is not None:
            following.setFocus()
        return following is not None

    def _at(self, visit_id: str) -> int | None:
        return next((n for n, line in enumerate(self.lines) if line.row.id == visit_id), None)

    def _saved(self, words: str) -> None:
        self._box.hide()
        self.focus_next()
        self.finished.emit(words)

    def _open(self, row: StopRow) -> None:
        if row.client_id:
            self.client_wanted.emit(row.client_id)

    def _move(self, line: StopLine, step: int) -> None:
        at = self.lines.index(line) + step
        if 0 <= at < len(self.lines):
            self.lines[at].setFocus()
