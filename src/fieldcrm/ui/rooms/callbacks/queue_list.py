"""The queue at the left of the sprint: one painted row per client, with state and the time of the next try."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.base.text import age_words, short_date
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.chips import chip_width, paint_chip
from fieldcrm.ui.kit.theme import colors

RowRole = Qt.ItemDataRole.UserRole
CurrentRole = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_SIDE = 10
_CHIP = (86, 120)  # least room of the states, and the widest one
_GAP = 6
_AMOUNT = 54  # room an amount alone takes


class QueueModel(QAbstractListModel):
    """The rows of a `core.callbacks.Queue`; `active` is the client on the card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Any, ...] = ()
        self.active: str | None = None

    def set_rows(self, rows: Sequence[Any]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def set_active(self, client_id: str | None) -> None:
        self.active = client_id
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def place(self, client_id: str | None) -> int:
        """The row of a client; -1 when it is not in the queue."""
        return next((n for n, row in enumerate(self.rows) if row.client_id == client_id), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == RowRole:
            return row
        if role == CurrentRole:
            return row.client_id == self.active
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return " ".join(filter(None, (row.name, row.line, row.amount, row.label, row.time)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(row)
        return None


def tip_of(row: Any) -> str:
    """The whole row in words, for what finds no room."""
    parts = [row.name, f"{row.line} {row.amount}".strip()]
    if row.whole_life:
        parts.append(_("for life"))
    elif row.matures_on is not None:
        parts.append(_("matures {day}").format(day=short_date(row.matures_on)))
    parts.append(" ".join(filter(None, (row.label, row.time))))
    return " · ".join(filter(None, parts))


class _Delegate(QStyledItemDelegate):
    def __init__(self, rows: QueueModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows
        self._wide = 0
        rows.modelReset.connect(self._measure)

    def _measure(self) -> None:
        """The widest chip: all begin below each other."""
        labels = {_chip_words(row) for row in self._rows.rows}
        self._wide = max((min(chip_width(words), _CHIP[1]) for words in labels), default=0)

    def _column(self) -> int:
        return max(_CHIP[0], self._wide)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, tokens.ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        c, box, row = colors(), option.rect, index.data(RowRole)
        current = bool(index.data(CurrentRole))
        if current:
            painter.fillRect(box, QColor(c.selection))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(c.hover))
        painter.setPen(QColor(c.line_soft))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        state = ("▶ " + _("In progress"), "blue") if current and row.open else (row.label, row.tone)
        words = state[0] if current else _chip_words(row)
        chip = min(chip_width(words), _CHIP[1])
        left, right = box.left() + _SIDE, box.right() - _SIDE
        middle = box.center().y()
        chip_at = right - max(self._column(), chip)
        paint_chip(painter, chip_at, middle + 1, words, state[1], chip)
        amount = " ".join(filter(None, (row.line, row.amount)))
        amount_at = min(left + round((right - left) * 0.385), chip_at - _GAP - _AMOUNT)
        _words(painter, left, amount_at - _GAP, middle, row.name, age_words(row.age))
        painter.setFont(fonts.font(tokens.FONT))
        painter.setPen(QColor(c.red.text if row.overdue and not current else c.soft))
        room = chip_at - _GAP - amount_at
        short = painter.fontMetrics().horizontalAdvance(amount) > room and row.amount
        _elided(painter, amount_at, chip_at - _GAP, middle, row.amount if short else amount)


def _chip_words(row: Any) -> str:
    return f"{row.label} {row.time}" if row.time else row.label


def _words(painter: QPainter, left: int, right: int, middle: int, name: str, age: str) -> None:
    """The name, and the age beside it where there is room."""
    c = colors()
    painter.setFont(fonts.font(tokens.FONT))
    painter.setPen(QColor(c.text))
    metrics = QFontMetrics(fonts.font(tokens.FONT))
    used = min(metrics.horizontalAdvance(name), right - left)
    _elided(painter, left, right, middle, name)
    small = QFontMetrics(fonts.font(tokens.SMALL))
    if left + used + 4 + small.horizontalAdvance(age) <= right:
        painter.setFont(fonts.font(tokens.SMALL))
        painter.setPen(QColor(c.soft))
        _elided(painter, left + used + 4, right + 1, middle, age)


def _elided(painter: QPainter, left: int, right: int, middle: int, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(0, right - left))
    painter.drawText(left, middle - 12, right - left + 1, 25, Qt.AlignmentFlag.AlignVCenter, shown)


class QueueList(QListView):
    """The list itself. Signals: `chosen(client id)` by click or arrow keys, `entered` on Enter."""

    chosen = Signal(str)
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = QueueModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(_Delegate(self.rows, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Callback queue"))
        self.clicked.connect(lambda index: self.chosen.emit(index.data(RowRole).client_id))

    def show_active(self, client_id: str | None) -> None:
        """Mark the client on the card and keep it in sight."""
        self.rows.set_active(client_id)
        place = self.rows.place(client_id)
        if place >= 0:
            self.setCurrentIndex(self.rows.index(place))
            self.scrollTo(self.rows.index(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.entered.emit()
            return
        before = self.currentIndex()
        super().keyPressEvent(event)
        now = self.currentIndex()
        if now.isValid() and now != before:
            self.chosen.emit(now.data(RowRole).client_id)
