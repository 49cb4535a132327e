"""Saved views of a list: a name and a question, kept as chips with live counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QSizePolicy, QWidget

from fieldcrm.base.data.listing import Asked, Between, Contains, Filter, OneOf, Sort
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button


@dataclass(frozen=True)
class View:
    """One saved view; `own` views were made by the person and may be renamed, changed and removed."""

    key: str
    title: Callable[[], str]
    asked: Asked
    own: bool = False


def to_plain(asked: Asked) -> dict[str, Any]:
    """A question as JSON values, for the settings."""
    filters = [[key, _filter_to_plain(wanted)] for key, wanted in asked.filters]
    sort = None if asked.sort is None else [asked.sort.key, asked.sort.descending]
    return {"filters": filters, "sort": sort}


def from_plain(plain: Mapping[str, Any]) -> Asked:
    """The question that `to_plain` wrote."""
    filters = tuple((key, _filter_from_plain(wanted)) for key, wanted in plain["filters"])
    sort = plain.get("sort")
    return Asked(filters, None if sort is None else Sort(sort[0], bool(sort[1])))


def _filter_to_plain(wanted: Filter) -> dict[str, Any]:
    match wanted:
        case Contains(words):
            return {"contains": words}
        case OneOf(values):
            return {"one_of": list(values)}
        case Between(low, high):
            return {"between": [b.isoformat() if isinstance(b, date) else b for b in (low, high)]}


def _filter_from_plain(plain: Mapping[str, Any]) -> Filter:
    if "contains" in plain:
        return Contains(plain["contains"])
    if "one_of" in plain:
        return OneOf(tuple(plain["one_of"]))
    low, high = (date.fromisoformat(b) if isinstance(b, str) else b for b in plain["between"])
    return Between(low, high)


class ViewChips(QWidget):
    """The row of chips: every view with its count, those that find no room in a menu, and "save view".

    Signals: `chosen(View)`; `saved(name)` when the question shown now shall become a view; `removed(View)`;
    `renamed(View, name)`.
    """

    chosen = Signal(object)
    saved = Signal(str)
    removed = Signal(object)
    renamed = Signal(object, str)

    GAP = 8

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._views: list[View] = []
        self._counts: dict[str, int] = {}
        self._chips: list[Button] = []
        self._current: str | None = None
        self._renaming: View | None = None
        self._more = Button(icon="ellipsis", small=True, parent=self)
        self._more.setAccessibleName(_("More views"))
        self._more.clicked.connect(self._show_more)
        self._save = Button(_("Save view"), icon="plus", small=True, parent=self)
        self._save.clicked.connect(lambda: self._ask_name(None))
        self._name = _Name(self)
        self._name.setPlaceholderText(_("Name of the view"))
        self._name.hide()
        self._name.returnPressed.connect(self._named)
        self._name.left.connect(self._name.hide)
        self._name.left.connect(self._save.show)

    def set_views(self, views: Sequence[View]) -> None:
        for chip in self._chips:
            chip.deleteLater()
        self._views, self._chips = list(views), []
        for view in self._views:
            chip = Button("", small=True, parent=self)
            chip.setCheckable(True)
            chip.clicked.connect(lambda _checked=False, view=view: self.choose(view))
            if view.own:
                chip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
                chip.customContextMenuRequested.connect(
                    lambda at, chip=chip, view=view: self._own_menu(view).popup(chip.mapToGlobal(at))
                )
            self._chips.append(chip)
        self._tell()

    def count(self, key: str) -> int | None:
        """What a chip says; None: not known yet."""
        return self._counts.get(key)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """The counts of some views; the others keep theirs."""
        self._counts |= counts
        self._tell()

    def set_current(self, key: str | None) -> None:
        """Mark the view whose question is shown; None when it is none of them."""
        self._current = key
        self._tell()

    def set_saving(self, able: bool) -> None:
        """Whether the question shown may be kept as a view (not in lists that are gone afterwards)."""
        self._save.setVisible(able)

    def views(self) -> list[View]:
        return list(self._views)

    def chip(self, key: str) -> Button:
        return next(c for v, c in zip(self._views, self._chips, strict=True) if v.key == key)

    def choose(self, view: View) -> None:
        self.set_current(view.key)
        self.chosen.emit(view)

    def sizeHint(self) -> QSize:
        return QSize(400, tokens.CONTROL_SMALL)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, tokens.CONTROL_SMALL)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def _words(self, view: View) -> str:
        count = self._counts.get(view.key)
        return view.title() if count is None else f"{view.title()} {count:,}"

    def _tell(self) -> None:
        for view, chip in zip(self._views, self._chips, strict=True):
            chip.setText(self._words(view))
            chip.setAccessibleName(self._words(view))
            chip.setChecked(view.key == self._current)
        self._place()

    def _place(self) -> None:
        tail = self._name if self._name.isVisibleTo(self) else self._save
        room = self.width() - tail.sizeHint().width() - self.GAP
        widths = [chip.sizeHint().width() + self.GAP for chip in self._chips]
        fits = sum(widths) <= room
        left = room if fits else room - self._more.sizeHint().width() - self.GAP
        x = 0
        for chip, width in zip(self._chips, widths, strict=True):
            shown = x + width <= left
            chip.setVisible(shown)
            if not shown:
                left = -1  # keep the order: what follows goes to the menu as well
                continue
            chip.setGeometry(x, 0, width - self.GAP, tokens.CONTROL_SMALL)
            x += width
        self._more.setVisible(not fits)
        if not fits:
            self._more.setGeometry(x, 0, self._more.sizeHint().width(), tokens.CONTROL_SMALL)
            x += self._more.sizeHint().width() + self.GAP
        width = 170 if tail is self._name else tail.sizeHint().width()
        tail.setGeometry(x, 0, min(width, max(60, self.width() - x)), tokens.CONTROL_SMALL)

    def _show_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for view, chip in zip(self._views, self._chips, strict=True):
            if not chip.isVisibleTo(self):
                action = menu.addAction(self._words(view))
                action.triggered.connect(lambda _checked=False, view=view: self.choose(view))
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height() + 2)))

    def _own_menu(self, view: View) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Rename")).triggered.connect(lambda: self._ask_name(view))
        menu.addAction(_("Remove view")).triggered.connect(lambda: self.removed.emit(view))
        return menu

    def _ask_name(self, view: View | None) -> None:
        self._renaming = view
        self._name.setText("" if view is None else view.title())
        self._save.hide()
        self._name.show()
        self._place()
        self._name.setFocus()
        self._name.selectAll()

    def _named(self) -> None:
        name, view = self._name.text().strip(), self._renaming
        self._name.hide()
        self._save.show()
        self._place()
        if not name:
            return
        if view is None:
            self.saved.emit(name)
        else:
            self.renamed.emit(view, name)


class _Name(QLineEdit):
    """The inline field for a view's name; Escape leaves it."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Name of the view"))
        self.setStyleSheet(f"min-height: {tokens.CONTROL_SMALL - 2}px; max-height: {tokens.CONTROL_SMALL - 2}px;")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
