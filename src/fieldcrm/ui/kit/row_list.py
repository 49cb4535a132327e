"""A short list of painted rows, read whole: what needs the person, who is worth a visit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.theme import colors

_Index = QModelIndex | QPersistentModelIndex


class _Rows(QAbstractListModel):
    def __init__(self, owner: RowList) -> None:
        super().__init__(owner)
        self._owner = owner
        self.rows: tuple[Any, ...] = ()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._owner.words(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._owner.tip(row) or None
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        drag = Qt.ItemFlag.ItemIsDragEnabled if self._owner.dragEnabled() else Qt.ItemFlag.NoItemFlags
        return super().flags(index) | drag

    def show(self, rows: Sequence[Any]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()


class _Painter(QStyledItemDelegate):
    def __init__(self, owner: RowList) -> None:
        super().__init__(owner)
        self._owner = owner

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(180, self._owner.ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        c = colors()
        state: Any = option.state
        box: QRect = option.rect
        if state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(box, QColor(c.selection))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(c.hover))
        painter.setPen(QColor(c.line_soft))
        painter.drawLine(box.left(), box.bottom(), box.right(), box.bottom())
        self._owner.paint_row(painter, box, self._owner.rows()[index.row()])


class RowList(QListView):
    """A subclass says what a row reads (`words`, `tip`) and paints it. Signals: `chosen(row)` by Enter,
    `menu_wanted(row, global point)`."""

    ROW_HEIGHT: ClassVar[int] = tokens.ROW

    chosen = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = _Rows(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Painter(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("plain", True)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName(name)
        self.customContextMenuRequested.connect(self._menu)

    # -- for the subclass -----------------------------------------------------------------------

    def words(self, row: Any) -> str:
        """The row as read aloud."""
        raise NotImplementedError

    def tip(self, row: Any) -> str:
        """What is told under the mouse."""
        return ""

    def paint_row(self, painter: QPainter, box: QRect, row: Any) -> None:
        raise NotImplementedError

    # -- rows -----------------------------------------------------------------------------------

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show them; the place in the list stays."""
        at, scrolled = self.currentIndex().row(), self.verticalScrollBar().value()
        self._rows.show(rows)
        if self._rows.rows:
            self.setCurrentIndex(self._rows.index(max(0, min(at, len(self._rows.rows) - 1))))
            self.verticalScrollBar().setValue(scrolled)

    def rows(self) -> tuple[Any, ...]:
        return self._rows.rows

    def row_at(self, index: _Index) -> Any:
        return self._rows.rows[index.row()] if index.isValid() else None

    def current(self) -> Any:
        """The row the keyboard is on; None without rows."""
        return self.row_at(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row is not None:
            self.chosen.emit(row)
        else:
            super().keyPressEvent(event)

    def _menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if index.isValid():
            self.setCurrentIndex(index)
            self.menu_wanted.emit(self.row_at(index), self.viewport().mapToGlobal(point))
