"""A whole list: views as chips, buttons, filters in words, the table, bulk actions, and the detail pane beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from fieldcrm.base import ids
from fieldcrm.base.data.listing import Asked, FilterKind
from fieldcrm.base.i18n import _, is_chinese
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.columns import ListColumn
from fieldcrm.ui.kit.list_bars import BulkBar, FilterBar, ListAction
from fieldcrm.ui.kit.rows import ListQuery, Reader, RowsModel
from fieldcrm.ui.kit.saved_views import View, ViewChips, from_plain, to_plain
from fieldcrm.ui.kit.table import TableView
from fieldcrm.ui.kit.text import soft

_DETAIL = 420  # width of the pane beside a list
_LIST = 724  # what a list has beside it at 1366


class ListPane(QWidget):
    """A list as a page uses it: `open()` once, `reload()` after changes.

    Signals: `opened(id)` Enter or double click; `current_changed(id | None)` for the detail pane;
    `counted(total)`; `pasted(rows)` lists of cells when `allow_paste` was called.
    `memory` keeps columns, widths, views and the splitter between runs.
    """

    opened = Signal(str)
    current_changed = Signal(object)
    counted = Signal(int)
    pasted = Signal(list)

    def __init__(
        self,
        query: ListQuery,
        columns: Sequence[ListColumn],
        reader: Reader,
        *,
        views: Sequence[View] = (),
        actions: Sequence[ListAction] = (),
        detail: QWidget | None = None,
        empty: QWidget | None = None,
        memory: MutableMapping[str, Any] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._memory: MutableMapping[str, Any] = {} if memory is None else memory
        self._standard = list(views) or [View("all", lambda: _("All"), Asked())]
        self._actions = list(actions)
        self.model = RowsModel(query, reader, columns, self)
        self.table = TableView(self.model, self._memory, self)
        self.chips = ViewChips(self)
        self._filters = FilterBar(self)
        self._bulk = BulkBar(self)
        self._tools = QHBoxLayout()
        self._focus_back = False
        self._build(detail, empty)
        self._connect()
        self._show_views()
        self.chips.set_current(self._standard[0].key)

    # -- for the page ---------------------------------------------------------------------------

    def open(self, asked: Asked | None = None) -> None:
        """Show a question (default: that of the first view)."""
        self._ask(self._standard[0].asked if asked is None else asked)
        self._count_views()

    def reload(self) -> None:
        """Read again after a change: rows, counts; the current record stays."""
        if not self.model.ready:
            self.open(self.model.asked)
            return
        self.table.reload()
        self._count_views()

    @property
    def asked(self) -> Asked:
        return self.model.asked

    def current_id(self) -> str | None:
        return self.table.current_id()

    def current_row(self) -> Any | None:
        return self.table.current_row()

    def find_row(self, record_id: str, then: Callable[[bool], object]) -> None:
        """Select the row of a record where it stands in the list now; `then(False)` when it does not."""

        def found(place: int | None) -> None:
            if place is not None:
                self.table.select_row(place)
            then(place is not None)

        self.model.read("goto", self.model.query.position, self.asked, record_id, then=found)

    def add_tool(self, button: QWidget) -> None:
        """A button at the right of the chips, after Filter and Columns."""
        self._tools.addWidget(button)

    def allow_paste(self) -> None:
        """Ctrl+V hands cells from a spreadsheet to `pasted`."""
        self.table.paste_allowed = True

    def set_views(self, views: Sequence[View]) -> None:
        """Other standard views; the person's own stay."""
        self._standard = list(views)
        self._show_views()
        self._count_views()

    def recall(self) -> None:
        """Take on what the memory holds, once it has been read: columns, widths, own views, the splitter."""
        self.table.columns.reset(keep=True)
        if self._splitter.count() > 1:
            self._splitter.setSizes(self._memory.get(self._key("splitter"), self._splitter.sizes()))
        self._show_views()
        self._ask_marks()
        self._count_views()

    def retranslate(self) -> None:
        self.model.retranslate()
        self._show_views()

    # -- inside ---------------------------------------------------------------------------------

    def _build(self, detail: QWidget | None, empty: QWidget | None) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.chips, 1)
        top.addLayout(self._tools)
        self._tools.setSpacing(8)
        self._filter_button = Button(_("Filter"), icon="funnel", small=True)
        self._columns_button = Button(_("Columns"), icon="columns-3", small=True)
        self._tools.addWidget(self._filter_button)
        self._tools.addWidget(self._columns_button)
        card = Card(padded=False)
        card.body.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedLayout()
        card.body.addLayout(self._stack)
        self._stack.addWidget(self.table)
        self._empty = empty or EmptyState("inbox", _("Nothing here yet"))
        self._none = EmptyState(
            "search", _("Nothing matches"), "", ((_("Clear all filters"), lambda: self._ask(Asked())),)
        )
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._none)
        self._waiting = soft(_("Loading…"))
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(self._waiting)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(tokens.PAD)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(card)
        if detail is not None:
            self._splitter.addWidget(detail)
            self._splitter.setStretchFactor(0, 1)
            self._splitter.setStretchFactor(1, 0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(14)
        outer.addLayout(top)
        outer.addWidget(self._filters)
        outer.addWidget(self._splitter, 1)
        outer.addWidget(self._bulk)  # below: the rows stay where the next click is aimed
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.table.opened.connect(self.opened)
        self.table.current_changed.connect(self.current_changed)
        self.table.pasted.connect(self.pasted)
        self.table.asked_for.connect(self._ask)
        self.table.selected.connect(self._selected)
        self.table.menu_wanted.connect(lambda at: self._menu().popup(at))
        self.model.opened.connect(self._arrived)
        self.model.reset_to.connect(lambda _row: self._arrived())
        self.model.counted.connect(self._tell_count)
        self.model.counted.connect(self.counted)
        self.chips.chosen.connect(lambda view: self._ask(view.asked))
        self.chips.saved.connect(self._save_view)
        self.chips.removed.connect(self._remove_view)
        self.chips.renamed.connect(self._rename_view)
        self._filters.removed.connect(lambda key: self.table.narrow(key, None))
        self._filters.cleared.connect(lambda: self._ask(Asked((), self.asked.sort)))
        self._bulk.closed.connect(self.table.clearSelection)
        self._filter_button.clicked.connect(lambda: self._filter_menu().popup(_below(self._filter_button)))
        self._columns_button.clicked.connect(lambda: self.table.columns.menu().popup(_below(self._columns_button)))
        self._splitter.splitterMoved.connect(self._splitter_moved)
        self._patience = QTimer(self, singleShot=True, interval=300)  # said only when it takes long enough to notice
        self._patience.timeout.connect(self._wait)
        self._settled = QTimer(self, singleShot=True, interval=400)
        self._settled.timeout.connect(self._write_splitter)
        for action in self._actions:
            if action.shortcut:
                shortcut = QAction(self)
                shortcut.setShortcut(QKeySequence(action.shortcut))
                shortcut.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.triggered.connect(lambda _checked=False, action=action: self._run(action))
                self.addAction(shortcut)

    def _key(self, what: str) -> str:
        return f"list.{self.model.query.name}.{what}"

    def _ask(self, asked: Asked) -> None:
        if not self.model.ready:
            self._patience.start()
        self.table.ask(asked)
        match = [v.key for v in self.chips.views() if _same(v.asked, asked)]
        self.chips.set_current(match[0] if match else None)
        filters = [] if match else asked.filters  # the chip says it already
        self._filters.show_filters([(c, f) for k, f in filters for c in self.model.columns if c.key == k])

    def _wait(self) -> None:
        """Say that it is loading; the keyboard comes back to the list with it."""
        self._focus_back = self.table.hasFocus()
        self._stack.setCurrentWidget(self._waiting)

    def _arrived(self) -> None:
        self._patience.stop()
        if self.model.rowCount():
            self._stack.setCurrentWidget(self.table)
            if self._focus_back:
                self.table.setFocus()
            self._focus_back = False
        else:
            self._say_nothing()

    def _say_nothing(self) -> None:
        """No row: nothing matches, or there is nothing at all, as the view of everything knows."""
        chosen = self.asked.filters and not _same(self.asked, self._standard[0].asked)
        everything = [v.key for v in self._standard if not v.asked.filters]
        bare = any(self.chips.count(key) == 0 for key in everything)
        self._stack.setCurrentWidget(self._none if chosen and not bare else self._empty)

    def _take_counts(self, counts: Mapping[str, int]) -> None:
        self.chips.set_counts(counts)
        if self._stack.currentWidget() is self._none:
            self._say_nothing()

    def _selected(self, count: int) -> None:
        able = [a for a in self._actions if a.bulk]
        had = self.window().focusWidget()
        if count <= 1 and had is not None and self._bulk.isAncestorOf(had):
            self.table.setFocus()  # else it falls to whatever comes next, the rail
        self._bulk.show_for(count if count > 1 and able else 0, able, self._run)

    def _run(self, action: ListAction) -> None:
        count = self.table.selected_count()
        if count and (action.bulk or count == 1):
            self.table.read_selected_ids(action.run)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        count = self.table.selected_count()
        current = self.current_id()
        if current is not None and count == 1:
            menu.addAction(_("Open")).triggered.connect(lambda: self.opened.emit(current))
        for action in self._actions:
            entry = menu.addAction(action.title())
            if action.shortcut:
                entry.setShortcut(QKeySequence(action.shortcut))
            entry.setEnabled(count == 1 or (count > 1 and action.bulk))
            entry.triggered.connect(lambda _checked=False, action=action: self._run(action))
        menu.addSeparator()
        copy = menu.addAction(_("Copy"))
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.triggered.connect(lambda: self.table.copy())
        menu.addAction(_("Copy with headings")).triggered.connect(lambda: self.table.copy(heads=True))
        if self.table.paste_allowed:
            menu.addAction(_("Paste")).triggered.connect(self.table.paste)
        menu.addAction(_("Select all")).triggered.connect(self.table.selectAll)
        return menu

    def _filter_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in self.model.columns:
            if column.filter != FilterKind.NONE:
                entry = menu.addAction(column.title())
                entry.setCheckable(True)
                entry.setChecked(self.asked.by(column.key) is not None)
                entry.triggered.connect(lambda _checked=False, key=column.key: self.table.open_filter(key))
        return menu

    # -- views ----------------------------------------------------------------------------------

    def _own_views(self) -> list[dict[str, Any]]:
        return list(self._memory.get(self._key("views"), []))

    def _show_views(self) -> None:
        own = [
            View(kept["key"], lambda name=kept["name"]: name, from_plain(kept["asked"]), own=True)  # type: ignore[misc]
            for kept in self._own_views()
        ]
        self.chips.set_views([*self._standard, *own])

    def _count_views(self) -> None:
        """Of all views but those that ask what is shown: the list itself counts that."""
        shown = set(self.asked.filters)
        questions = {view.key: view.asked for view in self.chips.views() if set(view.asked.filters) != shown}
        self.model.read("views", self.model.query.counts, questions, then=self._take_counts)
        if self.model.total is not None:
            self._tell_count(self.model.total)

    def _tell_count(self, total: int) -> None:
        shown = set(self.asked.filters)
        self.chips.set_counts({v.key: total for v in self.chips.views() if set(v.asked.filters) == shown})

    def _save_view(self, name: str) -> None:
        key = ids.new()
        self._keep_views([*self._own_views(), {"key": key, "name": name, "asked": to_plain(self.asked)}])
        self.chips.set_current(key)

    def _remove_view(self, view: View) -> None:
        self._keep_views([kept for kept in self._own_views() if kept["key"] != view.key])

    def _rename_view(self, view: View, name: str) -> None:
        self._keep_views([{**kept, "name": name} if kept["key"] == view.key else kept for kept in self._own_views()])

    def _keep_views(self, views: list[dict[str, Any]]) -> None:
        self._memory[self._key("views")] = views
        self._show_views()
        self._ask_marks()
        self._count_views()

    def _ask_marks(self) -> None:
        match = [v.key for v in self.chips.views() if _same(v.asked, self.asked)]
        self.chips.set_current(match[0] if match else None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._splitter.count() > 1 and self._key("splitter") not in self._memory:
            room = self.width() - self._splitter.handleWidth()
            detail = min(_DETAIL, max(376 if is_chinese() else 412, room - _LIST))
            self._splitter.setSizes([room - detail, detail])

    def _splitter_moved(self) -> None:
        self._settled.start()

    def _write_splitter(self) -> None:
        self._memory[self._key("splitter")] = self._splitter.sizes()


def _same(view: Asked, asked: Asked) -> bool:
    return set(view.filters) == set(asked.filters) and (view.sort is None or view.sort == asked.sort)


def _below(button: QWidget) -> QPoint:
    return button.mapToGlobal(QPoint(0, button.height() + 2))
