"""Who is worth a visit: name, the two weightiest reasons, the score; every reason with its points on hover."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.core.visits import CandidateRow
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.chips import chip_width, paint_chip
from fieldcrm.ui.kit.theme import colors
from fieldcrm.ui.rooms.visits import dragging

_Index = QModelIndex | QPersistentModelIndex
_HEIGHT = 54


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[CandidateRow, ...] = ()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{row.name} {row.points} {row.line}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return _("Score {points} of 99").format(points=row.points) + "\n" + row.explained
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def show(self, rows: tuple[CandidateRow, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


class _Line(QStyledItemDelegate):
    def __init__(self, model: _Rows, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(180, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        view: Any = option
        box: QRect = view.rect
        c = colors()
        row = self._model.rows[index.row()]
        if view.state & QStyle.StateFlag.State_Selected and view.state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(box, QColor(c.selection))
        elif view.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(c.hover))
        painter.setPen(QColor(c.line_soft))
        painter.drawLine(box.left(), box.bottom(), box.right(), box.bottom())
        score = str(row.points)
        chip = chip_width(score)
        paint_chip(painter, box.right() - 12 - chip, box.center().y() + 1, score, row.tone)
        room = box.width() - chip - 34
        words = row.line
        if row.age is not None:
            words = _("{line} • {age} y").format(line=words, age=row.age)
        for top, text, face, shade in (
            (8, row.name, fonts.font(), c.text),
            (27, words, fonts.font(tokens.SMALL), c.soft),
        ):
            painter.setFont(face)
            painter.setPen(QColor(shade))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(box.left() + 12, box.top() + top, room, 19), Qt.AlignmentFlag.AlignVCenter, shown)


class Candidates(QListView):
    """Signals: `chosen(CandidateRow)` by Enter or double click, `to_board` when → leaves the list,
    `menu_wanted(CandidateRow, global point)`."""

    chosen = Signal(object)
    to_board = Signal()
    menu_wanted = Signal(object, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = _Rows()
        self.setModel(self._rows)
        self.setItemDelegate(_Line(self._rows, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("plain", True)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName(_("To be planned"))
        self.doubleClicked.connect(lambda index: self.chosen.emit(self._rows.rows[index.row()]))
        self.customContextMenuRequested.connect(self._menu)

    def show_rows(self, rows: tuple[CandidateRow, ...]) -> None:
        """Show them; the place in the list stays."""
        at, scrolled = self.currentIndex().row(), self.verticalScrollBar().value()
        self._rows.show(rows)
        if rows:
            self.setCurrentIndex(self._rows.index(max(0, min(at, len(rows) - 1))))
            self.verticalScrollBar().setValue(scrolled)

    def rows(self) -> tuple[CandidateRow, ...]:
        return self._rows.rows

    def current(self) -> CandidateRow | None:
        index = self.currentIndex()
        return self._rows.rows[index.row()] if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.chosen.emit(row)
        elif event.key() == Qt.Key.Key_Right:
            self.to_board.emit()
        else:
            super().keyPressEvent(event)

    def startDrag(self, supported: Qt.DropAction) -> None:
        row = self.current()
        if row is not None:
            box = self.visualRect(self.currentIndex())
            dragging.drag(self, dragging.CANDIDATE, row.client_id, self.viewport().grab(box))

    def _menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if index.isValid():
            self.setCurrentIndex(index)
            self.menu_wanted.emit(self._rows.rows[index.row()], self.viewport().mapToGlobal(point))
