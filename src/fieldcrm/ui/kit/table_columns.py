"""The columns of a table as the person wants them: which are shown, in what order, how wide; kept in a memory."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QTableView

from fieldcrm.base.data.listing import FilterKind
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit.columns import ListColumn, Look
from fieldcrm.ui.kit.delegates import ListHeader
from fieldcrm.ui.kit.rows import RowsModel
from fieldcrm.ui.kit.widths import Wish, fit

_WORDS = (Look.PLAIN, Look.SECONDARY)
_SETTLE_MS = 400


class TableColumns:
    """The columns of `table`, whose head is `head`; `reset(keep=True)` takes on what the memory holds."""

    def __init__(
        self, table: QTableView, rows: RowsModel, head: ListHeader, memory: MutableMapping[str, Any] | None
    ) -> None:
        self._table, self._rows, self._head, self._memory = table, rows, head, memory
        self._fitted: dict[str, int] = {}
        self._own_widths = False
        self._yielded: set[str] = set()  # out of sight for want of room
        self._wanted: set[str] = set()  # asked for by the person: they stay
        self.remember = QTimer(table, singleShot=True, interval=_SETTLE_MS)
        self.remember.timeout.connect(self.write)
        head.sectionMoved.connect(lambda *_: self.remember.start())
        head.sectionResized.connect(lambda *_: self.remember.start())

    def number(self, key: str) -> int:
        return next(n for n, c in enumerate(self._rows.columns) if c.key == key)

    def shown(self) -> list[ListColumn]:
        """Visible columns in the order on screen."""
        order = (self._head.logicalIndex(n) for n in range(self._head.count()))
        return [self._rows.columns[n] for n in order if not self._table.isColumnHidden(n)]

    def show(self, key: str, shown: bool) -> None:
        """Show or hide a column; the last visible one stays."""
        if not shown and len(self.shown()) == 1:
            return
        self._table.setColumnHidden(self.number(key), not shown)
        self._yielded.discard(key)
        self._wanted.add(key)
        self.fit()
        self.remember.start()

    def reset(self, keep: bool = False) -> None:
        """Columns as the page made them, or (`keep`) as the person left them."""
        self._yielded.clear()
        self._wanted.clear()
        kept = dict((self._memory or {}).get(self._memory_key, {})) if keep else {}
        columns = self._rows.columns
        order = [k for k in kept.get("order", []) if any(c.key == k for c in columns)]
        order += [c.key for c in columns if c.key not in order]
        for place, key in enumerate(order):
            self._head.moveSection(self._head.visualIndex(self.number(key)), place)
        for number, column in enumerate(columns):
            self._head.resizeSection(number, int(kept.get("widths", {}).get(column.key, column.width)))
            hidden = column.key in kept["hidden"] if "hidden" in kept else column.hidden
            self._table.setColumnHidden(number, hidden)
        self._own_widths = bool(kept.get("widths"))
        self.fit()
        if not keep:
            self.remember.start()

    def fit(self) -> None:
        """Share the room among the columns, until the person sets a width."""
        if self._own_widths:
            return
        for key in self._yielded:
            self._table.setColumnHidden(self.number(key), False)
        self._yielded.clear()
        room = self._table.viewport().width()
        shown = self.shown()
        widths = fit([self._wish(c) for c in shown], room)
        while sum(widths) > room and (going := [c for c in shown if c.yields and c.key not in self._wanted]):
            self._yielded.add(going[-1].key)
            self._table.setColumnHidden(self.number(going[-1].key), True)
            shown = self.shown()
            widths = fit([self._wish(c) for c in shown], room)
        self._fitted = {c.key: w for c, w in zip(shown, widths, strict=True)}
        for key, width in self._fitted.items():
            if self._head.sectionSize(self.number(key)) != width:
                self._head.resizeSection(self.number(key), width)

    def _wish(self, column: ListColumn) -> Wish:
        flexible = column.look in _WORDS and column.filter != FilterKind.DATE
        return Wish(column.width, self._head.needed(self.number(column.key)), flexible, column.least)

    def menu(self) -> QMenu:
        """Every column with a tick; stays open while ticking."""
        menu = _StayingMenu(self._table)
        for number, column in enumerate(self._rows.columns):
            action = menu.addAction(column.title())
            action.setCheckable(True)
            action.setChecked(not self._table.isColumnHidden(number))
            action.toggled.connect(lambda on, key=column.key: self.show(key, on))
        menu.addSeparator()
        menu.addAction(_("Reset columns")).triggered.connect(lambda: self.reset())
        return menu

    def write(self) -> None:
        """Keep what the person changed; the last column only fills the room that is left."""
        if self._memory is None:
            return
        columns = self._rows.columns
        order = [columns[self._head.logicalIndex(n)].key for n in range(len(columns))]
        out = [c.key for n, c in enumerate(columns) if self._table.isColumnHidden(n)]
        hidden = [key for key in out if key not in self._yielded]
        last = self.shown()[-1].key
        sizes = {c.key: self._head.sectionSize(n) for n, c in enumerate(columns) if c.key not in (*out, last)}
        plain_widths = {c.key: c.width for c in columns} | self._fitted
        widths = {key: size for key, size in sizes.items() if size != plain_widths[key]}
        if widths and not self._own_widths:
            self._own_widths, widths = True, sizes  # from now on as they stand
        plain = order == [c.key for c in columns] and hidden == [c.key for c in columns if c.hidden] and not widths
        if not plain or self._memory_key in self._memory:
            self._memory[self._memory_key] = {"order": order, "widths": widths, "hidden": hidden}

    @property
    def _memory_key(self) -> str:
        return f"list.{self._rows.query.name}.columns"


class _StayingMenu(QMenu):
    """A menu of ticks that stays open while they are set."""

    def __init__(self, parent: QTableView) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

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
