"""A list of lines in a pane: day, chip, text and what stands at the right; those that open tell their key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.core.timeline import Entry
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.chips import chip_width, paint_chip
from fieldcrm.ui.kit.page import OPENED_BY
from fieldcrm.ui.kit.theme import colors

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True)
class Line:
    """One line: a quiet word at the left (a day), a chip, the text, and something at the right.

    `more` is a second, quiet line. `key` says what it is when opened; empty: nothing opens.
    """

    left: str
    chip: str
    tone: str
    text: str
    right: str = ""
    more: str = ""
    key: str = ""
    right_tone: str = ""


def time_lines(entries: Sequence[Entry]) -> list[Line]:
    """A client's timeline as lines; contacts, and what has a page of its own, open."""
    keys = [f"{e.kind}:{e.record_id}" if e.kind in (*OPENED_BY, "contact") else "" for e in entries]
    return [Line(e.when, e.chip, e.tone, e.text, key=key) for e, key in zip(entries, keys, strict=True)]


class _LinesModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return line
        words = " ".join(filter(None, (line.left, line.chip, line.text, line.right, line.more)))
        return words if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole) else None

    def show(self, lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()


class _LinePainter(QStyledItemDelegate):
    SIDE = 14

    def __init__(self, view: Lines) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line = index.data(Qt.ItemDataRole.UserRole)
        return QSize(100, tokens.ROW + (18 if line.more else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        c, box, line = colors(), option.rect, index.data(Qt.ItemDataRole.UserRole)
        if option.state & QStyle.StateFlag.State_Selected and self._view.hasFocus():
            painter.fillRect(box, QColor(c.selection))
        elif option.state & QStyle.StateFlag.State_MouseOver and line.key:
            painter.fillRect(box, QColor(c.hover))
        painter.setPen(QColor(c.line_soft))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        middle = box.top() + tokens.ROW // 2
        x = box.left() + self.SIDE
        if self._view.left_width:
            painter.setFont(fonts.figures(tokens.SMALL))
            painter.setPen(QColor(c.soft))
            shown = QFontMetrics(painter.font()).elidedText(
                line.left, Qt.TextElideMode.ElideRight, self._view.left_width - 8
            )
            painter.drawText(
                QRect(x, box.top(), self._view.left_width, tokens.ROW), Qt.AlignmentFlag.AlignVCenter, shown
            )
            x += self._view.left_width
        right = box.right() - self.SIDE
        if line.right:
            right -= self._right(painter, line, QRect(x, box.top(), right - x, tokens.ROW)) + 8
        if line.chip:
            x += paint_chip(painter, x, middle, line.chip, line.tone, right - x) + 8
        self._words(painter, line, QRect(x, box.top(), max(0, right - x), tokens.ROW))
        if line.more:
            self._more(painter, line, QRect(x, box.top() + tokens.ROW - 9, box.right() - self.SIDE - x, 22))

    def _right(self, painter: QPainter, line: Line, box: QRect) -> int:
        if line.right_tone:
            width = chip_width(line.right)
            paint_chip(painter, box.right() + 1 - width, box.top() + tokens.ROW // 2, line.right, line.right_tone)
            return width
        painter.setFont(fonts.figures())
        painter.setPen(QColor(colors().soft))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, line.right)
        return QFontMetrics(painter.font()).horizontalAdvance(line.right)

    def _words(self, painter: QPainter, line: Line, box: QRect) -> None:
        painter.setFont(fonts.font())
        painter.setPen(QColor(colors().text))
        metrics = QFontMetrics(painter.font())
        painter.drawText(
            box, Qt.AlignmentFlag.AlignVCenter, metrics.elidedText(line.text, Qt.TextElideMode.ElideRight, box.width())
        )

    def _more(self, painter: QPainter, line: Line, box: QRect) -> None:
        """Below the words, under what stands at the right as well."""
        painter.setFont(fonts.font(tokens.SMALL))
        painter.setPen(QColor(colors().soft))
        shown = QFontMetrics(painter.font()).elidedText(line.more, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignTop, shown)


class Lines(QListView):
    """A list of lines; `opened(key)` by Enter, click on what opens; `menu_wanted(key, point of the screen)`.

    `empty` is said when there is none.
    """

    opened = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, left_width: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.left_width = left_width
        self.empty = ""
        self._model = _LinesModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_LinePainter(self))
        self.setAccessibleName(_("Entries"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("plain", True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._open)
        self.activated.connect(self._open)

    def show_lines(self, lines: Sequence[Line]) -> None:
        self._model.show(lines)
        self.viewport().update()

    def lines(self) -> tuple[Line, ...]:
        return self._model.lines

    def _open(self, index: QModelIndex) -> None:
        line = index.data(Qt.ItemDataRole.UserRole)
        if line is not None and line.key:
            self.opened.emit(line.key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the mouse at its line, by the key at the current one."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        line = index.data(Qt.ItemDataRole.UserRole)
        if line is not None and line.key:
            place = self.visualRect(index).center() if by_key else event.pos()
            self.menu_wanted.emit(line.key, self.viewport().mapToGlobal(place))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._model.lines and self.empty:
            painter = QPainter(self.viewport())
            painter.setFont(fonts.font())
            painter.setPen(QColor(colors().soft))
            box = self.viewport().rect().adjusted(14, 12, -14, 0)
            flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
            painter.drawText(box, flags, self.empty)
