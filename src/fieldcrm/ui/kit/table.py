"""The table of a list: keyboard, clipboard, columns that are chosen, ordered and sized by the person."""

from __future__ import annotations

import atexit
import html
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QMimeData,
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
from fieldcrm.ui.kit.columns import ListColumn, Look
from fieldcrm.ui.kit.delegates import CellDelegate, ListHeader
from fieldcrm.ui.kit.filters import FilterPanel
from fieldcrm.ui.kit.rows import RowsModel
from fieldcrm.ui.kit.widths import Wish, fit

COPY_LIMIT = 20_000
JUMP_PAUSE_MS = 1000


def clipboard_of(columns: Sequence[ListColumn], rows: Sequence[Any], heads: bool) -> QMimeData:
    """Rows as cells: tab-separated text and an HTML table, both as shown (masked stays masked)."""
    lines = [[c.title() for c in columns]] if heads else []
    lines += [[c.copied(row) for c in columns] for row in rows]
    data = QMimeData()
    data.setText("\n".join("\t".join(_flat(cell) for cell in line) for line in lines))
    data.setHtml("<table>" + "".join(_html_line(columns, line) for line in lines) + "</table>")
    return data


def _html_line(columns: Sequence[ListColumn], line: Sequence[str]) -> str:
    # the format keeps policy numbers as they are written; figures and dates stay figures and dates
    exact = (c.look == Look.NUMBER or c.filter == FilterKind.DATE for c in columns)
    opened = ("<td>" if figure else "<td style=\"mso-number-format:'\\@'\">" for figure in exact)
    return "<tr>" + "".join(f"{o}{html.escape(v)}</td>" for o, v in zip(opened, line, strict=True)) + "</tr>"


def _flat(cell: str) -> str:
    return " ".join(cell.split("\n")).replace("\t", " ")


def put_on_clipboard(data: QMimeData) -> None:
    """Give cells to the clipboard."""
    if not _given:
        atexit.register(_leave_plain_text)
    _given[:] = [data.text()]
    QGuiApplication.clipboard().setMimeData(data)


_given: list[str] = []


def _leave_plain_text() -> None:
    # Qt would ask data made in Python for its formats after Python has ended, and crash
    if QGuiApplication.instance() is not None and QGuiApplication.clipboard().text() in _given:
        QGuiApplication.clipboard().setText(_given[0])


def parse_cells(text: str) -> list[list[str]]:
    """Cells copied from a spreadsheet: tabs and line ends, quoted cells with line ends inside."""
    import csv
    import io

    return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter="\t") if any(row)]


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
        self._memory = memory
        self._told: str | None = None
        self._typed = ""
        self._fitted: dict[str, int] = {}
        self._own_widths = False
        self._pause = QTimer(self, singleShot=True, interval=JUMP_PAUSE_MS)
        self._pause.timeout.connect(self._forget_typed)
        self._remember = QTimer(self, singleShot=True, interval=400)
        self._remember.timeout.connect(self._write_layout)
        self.head = ListHeader(self)
        self._dress()
        self.setModel(model)
        self._connect()
        self.reset_columns(keep=True)

    # -- what is shown --------------------------------------------------------------------------

    def ask(self, asked: Asked) -> None:
        """Show a question from its first row."""
        self.rows.ask(asked)
        self._mark()

    def reload(self) -> None:
        """Read again, staying with the current record wherever it stands now."""
        top = self.rowAt(0)
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

    def shown_columns(self) -> list[ListColumn]:
        """Visible columns in the order on screen."""
        order = (self.head.logicalIndex(n) for n in range(self.head.count()))
        return [self.rows.columns[n] for n in order if not self.isColumnHidden(n)]

    def show_column(self, key: str, shown: bool) -> None:
        """Show or hide a column; the last visible one stays."""
        number = self._number(key)
        if not shown and len(self.shown_columns()) == 1:
            return
        self.setColumnHidden(number, not shown)
        self.fit_columns()
        self._remember.start()

    def reset_columns(self, keep: bool = False) -> None:
        """Columns as the page made them, or (`keep`) as the person left them."""
        kept = dict((self._memory or {}).get(self._memory_key, {})) if keep else {}
        order = [k for k in kept.get("order", []) if any(c.key == k for c in self.rows.columns)]
        order += [c.key for c in self.rows.columns if c.key not in order]
        for place, key in enumerate(order):
            self.head.moveSection(self.head.visualIndex(self._number(key)), place)
        for number, column in enumerate(self.rows.columns):
            self.head.resizeSection(number, int(kept.get("widths", {}).get(column.key, column.width)))
            self.setColumnHidden(number, column.key in kept["hidden"] if "hidden" in kept else column.hidden)
        self._own_widths = bool(kept.get("widths"))
        self.fit_columns()
        if not keep:
            self._remember.start()

    def fit_columns(self) -> None:
        """Share the room among the columns, until the person sets a width."""
        if self._own_widths:
            return
        shown = self.shown_columns()
        wishes = [
            Wish(c.width, self.head.needed(self._number(c.key)), c.look in _WORDS and c.filter != FilterKind.DATE)
            for c in shown
        ]
        self._fitted = {c.key: w for c, w in zip(shown, fit(wishes, self.viewport().width()), strict=True)}
        for key, width in self._fitted.items():
            if self.head.sectionSize(self._number(key)) != width:
                self.head.resizeSection(self._number(key), width)

    def columns_menu(self) -> QMenu:
        """Every column with a tick; stays open while ticking."""
        menu = _StayingMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, column in enumerate(self.rows.columns):
            action = menu.addAction(column.title())
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(number))
            action.toggled.connect(lambda on, key=column.key: self.show_column(key, on))
        menu.addSeparator()
        menu.addAction(_("Reset columns")).triggered.connect(lambda: self.reset_columns())
        return menu

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
        menu.addAction(_("Hide column")).triggered.connect(lambda: self.show_column(column.key, False))
        menu.addAction(_("Choose columns…")).triggered.connect(
            lambda: self.columns_menu().popup(self.head.mapToGlobal(QPoint(0, self.head.height())))
        )
        return menu

    def open_filter(self, key: str) -> FilterPanel:
        """The panel that narrows a column, under its head."""
        number = self._number(key)
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
        columns = self.shown_columns()
        ranges = self.selected_ranges()
        self.rows.read_rows(ranges, COPY_LIMIT, lambda rows: put_on_clipboard(clipboard_of(columns, rows, heads)))

    def paste(self) -> None:
        """Cells of the clipboard, handed to the page."""
        cells = parse_cells(QGuiApplication.clipboard().text())
        if cells:
            self.pasted.emit(cells)

    # -- inside ---------------------------------------------------------------------------------

    @property
    def _memory_key(self) -> str:
        return f"list.{self.rows.query.name}.columns"

    def _number(self, key: str) -> int:
        return next(n for n, c in enumerate(self.rows.columns) if c.key == key)

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
        self.head.sectionMoved.connect(lambda *_: self._remember.start())
        self.head.sectionResized.connect(lambda *_: self._remember.start())
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
        self.fit_columns()
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
        self.select_row(row)
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
        self.fit_columns()

    def _write_layout(self) -> None:
        """Keep what the person changed; the last column only fills the room that is left."""
        if self._memory is None:
            return
        columns = self.rows.columns
        order = [columns[self.head.logicalIndex(n)].key for n in range(len(columns))]
        hidden = [c.key for n, c in enumerate(columns) if self.isColumnHidden(n)]
        last = self.shown_columns()[-1].key
        sizes = {c.key: self.head.sectionSize(n) for n, c in enumerate(columns) if c.key not in (*hidden, last)}
        plain_widths = {c.key: c.width for c in columns} | self._fitted
        widths = {key: size for key, size in sizes.items() if size != plain_widths[key]}
        if widths and not self._own_widths:
            self._own_widths, widths = True, sizes  # from now on as they stand
        plain = order == [c.key for c in columns] and hidden == [c.key for c in columns if c.hidden] and not widths
        if not plain or self._memory_key in self._memory:
            self._memory[self._memory_key] = {"order": order, "widths": widths, "hidden": hidden}


_WORDS = (Look.PLAIN, Look.STRONG, Look.SECONDARY)
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


class _StayingMenu(QMenu):
    """A menu of ticks that stays open while they are set."""

    def mouseReleaseEvent(self, event: Any) -> None:
        action = self.activeAction()
        if action is not None and action.isCheckable():
            action.toggle()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.activeAction()
        if event.key() == Qt.Key.Key_Space and action is not None and action.isCheckable():
            action.toggle()
        else:
            super().keyPressEvent(event)
