"""The table of a list: keyboard, clipboard, selection, and the menus of its columns."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu, QTableView, QWidget

from fieldcrm.base.data.listing import Asked, Filter, FilterKind, Sort
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.clipboard import clipboard_of, parse_cells, put_on_clipboard
from fieldcrm.ui.kit.delegates import CellDelegate, ListHeader
from fieldcrm.ui.kit.filters import FilterPanel
from fieldcrm.ui.kit.rows import RowsModel
from fieldcrm.ui.kit.table_columns import TableColumns

COPY_LIMIT = 20_000
JUMP_PAUSE_MS = 1000


class TableView(QTableView):
    """Shows a `RowsModel`.

    Signals: `opened(id)` by Enter or double click, `current_changed(id | None)`, `selected(count)`,
    `pasted(rows)` when pasting is allowed, `asked_for(Asked)` when the person sorts or narrows,
    `menu_wanted(global point)`.
    """

    opened = Signal(str)
    current_changed = Signal(object)
    selected = Signal(int)
    pasted = Signal(list)
    asked_for = Signal(object)
    menu_wanted = Signal(QPoint)

    def __init__(
        self, model: RowsModel, memory: MutableMapping[str, Any] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.rows = model
        self.paste_allowed = False
        self._told: str | None = None
        self._stood = 0  # the row of the current record when the list was read again
        self._typed = ""
        self._pause = QTimer(self, singleShot=True, interval=JUMP_PAUSE_MS)
        self._pause.timeout.connect(self._forget_typed)
        self.head = ListHeader(self)
        self._dress()
        self.setModel(model)
        self.columns = TableColumns(self, model, self.head, memory)
        self._connect()
        self.columns.reset(keep=True)

    # -- what is shown --------------------------------------------------------------------------

    def ask(self, asked: Asked) -> None:
        """Show a question from its first row."""
        self.rows.ask(asked)
        self._mark()

    def reload(self) -> None:
        """Read again, staying with the current record wherever it stands now."""
        top = self.rowAt(0)
        here = self.currentIndex().row()
        self._stood = next((first for first, last in self.selected_ranges() if first <= here <= last), here)
        self.rows.reload(self.current_id(), max(0, self.currentIndex().row() - max(0, top)))

    def current_id(self) -> str | None:
        index = self.currentIndex()
        return self.rows.id_of(index.row()) if index.isValid() else None

    def current_row(self) -> Any | None:
        index = self.currentIndex()
        return self.rows.row(index.row()) if index.isValid() else None

    def selected_ranges(self) -> list[tuple[int, int]]:
        """Selected rows as (first, last) pairs, in order."""
        selection: Any = self.selectionModel().selection()
        return sorted({(part.top(), part.bottom()) for part in selection})

    def selected_count(self) -> int:
        return sum(last - first + 1 for first, last in self.selected_ranges())

    def read_selected_ids(self, then: Callable[[list[str]], object]) -> None:
        """The ids of all selected rows, whether they were fetched or not."""
        self.rows.read_ids(self.selected_ranges(), then)

    def select_row(self, row: int) -> None:
        """Make a row current, selected and visible."""
        if not 0 <= row < self.rows.rowCount():
            return
        index = self.rows.index(row, max(0, self.head.logicalIndex(0)))
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)

    # -- columns --------------------------------------------------------------------------------

    def column_menu(self, number: int) -> QMenu:
        """What can be done with a column: sort, narrow, hide."""
        column = self.rows.columns[number]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if column.sortable:
            menu.addAction(_("Sort ascending")).triggered.connect(lambda: self._sort(column.key, False))
            menu.addAction(_("Sort descending")).triggered.connect(lambda: self._sort(column.key, True))
        if column.filter != FilterKind.NONE:
            menu.addAction(_("Filter…")).triggered.connect(lambda: self.open_filter(column.key))
            if self.rows.asked.by(column.key) is not None:
                menu.addAction(_("Clear filter")).triggered.connect(lambda: self.narrow(column.key, None))
        menu.addSeparator()
        menu.addAction(_("Hide column")).triggered.connect(lambda: self.columns.show(column.key, False))
        menu.addAction(_("Choose columns…")).triggered.connect(
            lambda: self.columns.menu().popup(self.head.mapToGlobal(QPoint(0, self.head.height())))
        )
        return menu

    def open_filter(self, key: str) -> FilterPanel:
        """The panel that narrows a column, under its head."""
        number = self.columns.number(key)
        column = self.rows.columns[number]
        panel = FilterPanel(column, self.rows.asked.by(key), lambda wanted: self.narrow(key, wanted), self)
        x = 0 if self.isColumnHidden(number) else max(0, self.head.sectionViewportPosition(number))
        panel.show_at(self.head.mapToGlobal(QPoint(x, self.head.height())))
        if column.filter == FilterKind.CHOICE:
            self.rows.read("facets", self.rows.query.facets, self.rows.asked, key, then=_Weakly(panel).set_facets)
        return panel

    def narrow(self, key: str, wanted: Filter | None) -> None:
        """Set or take away a column's filter."""
        self.asked_for.emit(self.rows.asked.narrowed(key, wanted))

    # -- keys, clipboard ------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.current_id()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if current is not None:
                self.opened.emit(current)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_C and event.modifiers() == _CTRL_SHIFT:
            self.copy(heads=True)
        elif event.matches(QKeySequence.StandardKey.Paste) and self.paste_allowed:
            self.paste()
        elif event.key() == Qt.Key.Key_Home and not event.modifiers():
            self.select_row(0)
        elif event.key() == Qt.Key.Key_End and not event.modifiers():
            self.select_row(self.rows.rowCount() - 1)
        elif event.text().strip() and event.text().isprintable() and not event.modifiers() & _COMMANDS:
            self.jump(event.text())
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if event.commitString():
            self.jump(event.commitString())
        event.accept()

    def jump(self, typed: str) -> None:
        """Type-to-jump: go to the first row whose sorted column begins with what was typed within a second."""
        self._typed += typed
        self._pause.start()
        asked, typed_now = self.rows.asked, self._typed

        def go(place: int | None) -> None:
            if place is not None and asked is self.rows.asked:
                self.select_row(place)

        self.rows.read("find", self.rows.query.find, asked, typed_now, then=go)

    def copy(self, heads: bool = False) -> None:
        """The visible columns of the selected rows to the clipboard, for a spreadsheet."""
        columns = self.columns.shown()
        ranges = self.selected_ranges()
        self.rows.read_rows(ranges, COPY_LIMIT, lambda rows: put_on_clipboard(clipboard_of(columns, rows, heads)))

    def paste(self) -> None:
        """Cells of the clipboard, handed to the page."""
        cells = parse_cells(QGuiApplication.clipboard().text())
        if cells:
            self.pasted.emit(cells)

    # -- inside ---------------------------------------------------------------------------------

    def _dress(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("plain", True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalHeader(self.head)
        self.setItemDelegate(CellDelegate(self))
        side = self.verticalHeader()
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(tokens.ROW)
        self.verticalScrollBar().setSingleStep(tokens.ROW)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def _connect(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.head.sectionClicked.connect(self._head_clicked)
        self.head.customContextMenuRequested.connect(self._head_menu)
        self.customContextMenuRequested.connect(lambda at: self.menu_wanted.emit(self.viewport().mapToGlobal(at)))
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows.id_of(index.row()) or ""))
        self.verticalScrollBar().valueChanged.connect(self._look)
        self.rows.opened.connect(self._opened)
        self.rows.reset_to.connect(self._reset_to)
        self.rows.arrived.connect(self._tell_current)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selected.emit(self.selected_count()))

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)  # Qt turns it off for cells that cannot be edited
        self._tell_current()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.columns.fit()
        self._look()

    def selectAll(self) -> None:
        last = self.rows.rowCount() - 1
        if last >= 0:
            whole = QItemSelection(self.rows.index(0, 0), self.rows.index(last, self.rows.columnCount() - 1))
            self.selectionModel().select(whole, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _look(self) -> None:
        first = max(0, self.rowAt(0))
        last = self.rowAt(self.viewport().height() - 1)
        self.rows.set_sight(first, last if last >= 0 else max(0, self.rows.rowCount() - 1))

    def _opened(self) -> None:
        self.scrollToTop()
        self._look()
        self.select_row(0)
        self._tell_current()

    def _reset_to(self, row: int) -> None:
        """The current record, else (it was deleted, or left the view) what stands in its place now."""
        self.select_row(row if row >= 0 else max(0, min(self._stood, self.rows.rowCount() - 1)))
        self._look()
        self._tell_current()

    def _tell_current(self) -> None:
        """Tell which record is current, once it is known and only when it is another one."""
        now = self.current_id()
        if now != self._told and (now is not None or not self.currentIndex().isValid()):
            self._told = now
            self.current_changed.emit(now)

    def _forget_typed(self) -> None:
        self._typed = ""

    def _head_clicked(self, number: int) -> None:
        column = self.rows.columns[number]
        if not column.sortable:
            return
        now = self.rows.query.order(self.rows.asked)
        self._sort(column.key, now.key == column.key and not now.descending)

    def _sort(self, key: str, descending: bool) -> None:
        self.asked_for.emit(Asked(self.rows.asked.filters, Sort(key, descending)))

    def _head_menu(self, at: QPoint) -> None:
        number = self.head.logicalIndexAt(at)
        if number >= 0:
            self.column_menu(number).popup(self.head.mapToGlobal(at))

    def _mark(self) -> None:
        order = self.rows.query.order(self.rows.asked)
        keys = [c.key for c in self.rows.columns]
        narrowed = frozenset(keys.index(k) for k, _f in self.rows.asked.filters if k in keys)
        self.head.mark(keys.index(order.key) if order.key in keys else -1, order.descending, narrowed)
        self.columns.fit()


_CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class _Weakly:
    """Delivers to a panel that may be closed by then."""

    def __init__(self, panel: FilterPanel) -> None:
        self._panel: FilterPanel | None = panel
        panel.destroyed.connect(self._gone)

    def _gone(self) -> None:
        self._panel = None

    def set_facets(self, facets: list[tuple[Any, int]]) -> None:
        if self._panel is not None:
            self._panel.set_facets(facets)
