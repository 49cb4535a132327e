"""What stands between a list's chips and its table: the filters in words, and what can be done with several rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldcrm.base.i18n import _, ngettext
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.columns import ListColumn
from fieldcrm.ui.kit.filters import in_words
from fieldcrm.ui.kit.text import Label


@dataclass(frozen=True)
class ListAction:
    """Something to do with the selected records; the same on the bulk bar, in the menu and by its shortcut.

    `run` gets their ids in the order shown. `bulk=False`: only with one record selected.
    """

    title: Callable[[], str]
    run: Callable[[list[str]], object]
    icon: str = ""
    shortcut: str = ""
    bulk: bool = True


class FilterBar(QWidget):
    """The filters of the moment in words, each with a cross; hidden without filters."""

    removed = Signal(str)
    cleared = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self.hide()

    def show_filters(self, filters: Sequence[tuple[ListColumn, Any]]) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for column, wanted in filters:
            button = Button(in_words(column, wanted), icon="x", small=True)
            button.setToolTip(_("Remove this filter"))
            button.clicked.connect(lambda _checked=False, key=column.key: self.removed.emit(key))
            self._row.addWidget(button)
        if len(filters) > 1:
            clear = Button(_("Clear all filters"), kind="quiet", small=True)
            clear.clicked.connect(self.cleared)
            self._row.addWidget(clear)
        self._row.addStretch()
        self.setVisible(bool(filters))


class BulkBar(QWidget):
    """How many are selected and what can be done with all of them."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._count = Label("", bold=True)
        self._row.addWidget(self._count)
        self._buttons: list[Button] = []
        self.hide()

    def show_for(self, count: int, actions: Sequence[ListAction], run: Callable[[ListAction], None]) -> None:
        if count and not self._buttons:
            for action in actions:
                self._add(Button(action.title(), icon=action.icon, small=True), lambda action=action: run(action))  # type: ignore[misc]
            close = Button(icon="x", kind="quiet", small=True)
            close.setToolTip(_("Clear selection"))
            self._add(close, self.closed.emit)
            self._row.addStretch()
        self._count.setText(ngettext("{n} selected", "{n} selected", count).format(n=f"{count:,}"))
        self.setVisible(count > 0)

    def _add(self, button: Button, run: Callable[[], object]) -> None:
        button.clicked.connect(lambda _checked=False: run())
        self._buttons.append(button)
        self._row.addWidget(button)
