"""What needs the person, as a list by deadline; one kind at a time when asked."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QMenu, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.core.today import KINDS, Need, Needs
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.chips import chip_width, paint_chip
from fieldcrm.ui.kit.theme import colors

_Index = QModelIndex | QPersistentModelIndex


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Need] = []

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{_(KINDS[row.kind])} {row.line} {row.when}"
        return None

    def show(self, rows: list[Need]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


class _Line(QStyledItemDelegate):
    """A chip, who and what, when."""

    def __init__(self, model: _Rows, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, tokens.ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        state: Any = option.state
        box: QRect = option.rect
        c = colors()
        row = self._model.rows[index.row()]
        if state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus:
            painter.fillRect(box, QColor(c.selection))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(c.hover))
        painter.setPen(QColor(c.line_soft))
        painter.drawLine(box.left(), box.bottom(), box.right(), box.bottom())
        middle = box.center().y() + 1
        paint_chip(painter, box.left() + 10, middle, _(KINDS[row.kind]), row.tone)
        left = box.left() + 10 + max(chip_width(_(words)) for words in KINDS.values()) + 12
        painter.setFont(fonts.figures())
        metrics = painter.fontMetrics()
        wide = metrics.horizontalAdvance(row.when)
        painter.setPen(QColor(c.red.text if row.tone == "red" and row.kind in ("step", "complaint") else c.soft))
        painter.drawText(
            QRect(box.right() - 11 - wide, box.top(), wide + 1, box.height()), Qt.AlignmentFlag.AlignVCenter, row.when
        )
        painter.setPen(QColor(c.text))
        painter.setFont(fonts.font())
        room = QRect(left, box.top(), box.right() - 22 - wide - left, box.height())
        shown = painter.fontMetrics().elidedText(row.line, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)


class NeedsList(QListView):
    """The rows; `chosen(Need)` by click or Enter, `menu_wanted(Need, global point)`."""

    chosen = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = _Rows()
        self._all: tuple[Need, ...] = ()
        self.kind = ""
        self.setModel(self._rows)
        self.setItemDelegate(_Line(self._rows, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("plain", True)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName(_("Needs you"))
        self.clicked.connect(lambda index: self.chosen.emit(self._rows.rows[index.row()]))
        self.customContextMenuRequested.connect(self._menu)

    def show_rows(self, rows: tuple[Need, ...], kind: str = "") -> None:
        """Show all rows, or those of a kind; the place in the list stays."""
        self._all, self.kind = rows, kind
        row, scrolled = self.currentIndex().row(), self.verticalScrollBar().value()
        self._rows.show([need for need in rows if kind in ("", need.kind)])
        if self._rows.rows:
            self.setCurrentIndex(self._rows.index(max(0, min(row, len(self._rows.rows) - 1))))
            self.verticalScrollBar().setValue(scrolled)

    def rows(self) -> list[Need]:
        return list(self._rows.rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self._rows.rows[self.currentIndex().row()])
        else:
            super().keyPressEvent(event)

    def _menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if index.isValid():
            self.menu_wanted.emit(self._rows.rows[index.row()], self.viewport().mapToGlobal(point))


class KindButton(Button):
    """ "All 26": narrows the list to one kind; `picked(kind)`, empty for all."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", kind="quiet", small=True, icon="funnel", parent=parent)
        self._needs = Needs((), {})
        self.kind = ""
        self.clicked.connect(lambda: self.menu().exec(self.mapToGlobal(self.rect().bottomLeft())))

    def show_needs(self, needs: Needs) -> None:
        self._needs = needs
        if self.kind and self.kind not in needs.counts:
            self.kind = ""
        self._tell()

    def menu(self) -> QMenu:
        """The kinds there are, with their counts."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind in ("", *self._needs.counts):
            action = menu.addAction(self._words(kind))
            action.setCheckable(True)
            action.setChecked(kind == self.kind)
            action.triggered.connect(lambda _checked=False, kind=kind: self.pick(kind))
        return menu

    def pick(self, kind: str) -> None:
        self.kind = kind
        self._tell()
        self.picked.emit(kind)

    def _tell(self) -> None:
        self.setText(self._words(self.kind))
        self.updateGeometry()

    def _words(self, kind: str) -> str:
        if not kind:
            return _("All {n}").format(n=self._needs.total)
        return f"{_(KINDS[kind])} {self._needs.counts.get(kind, 0)}"
