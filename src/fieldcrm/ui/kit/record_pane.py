"""One record beside its list: head, figures, and tabs of lines; its changes are the last tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from fieldcrm.base import clock
from fieldcrm.base.i18n import _
from fieldcrm.base.text import EMPTY, day_text
from fieldcrm.core import timeline
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.lines import Line, Lines
from fieldcrm.ui.kit.pane import Figures, PaneHead, Tabs, menu_below
from fieldcrm.ui.kit.runner import Runner

HISTORY = "history"
_LEFT = 84


class RecordPane(QStackedWidget):
    """Shows the record given to `show_record`; `query(session, id)` reads it, None when it is gone.

    A subclass sets `kind`, the keys of its tabs and those whose lines have nothing at the left, adds its buttons and
    calls `lay`; then `fill` shows what was read (and keeps it as `card`), `lines_of` and `empty_words` are the tabs'.
    Signals: `edit_wanted(id)`, `delete_wanted(id)`, `opened(kind, record id)` of a line.
    """

    kind: ClassVar[str]
    tab_keys: ClassVar[tuple[str, ...]]
    wide_tabs: ClassVar[frozenset[str]] = frozenset()

    edit_wanted = Signal(str)
    delete_wanted = Signal(str)
    opened = Signal(str, str)

    card: Any

    def __init__(self, runner: Runner, query: Callable[..., Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner, self._query = runner, query
        self.record_id: str | None = None
        self.card = None
        self.head = PaneHead()
        self.figures = Figures(3)
        self.tabs = Tabs((*self.tab_keys, HISTORY))
        self.lines = Lines(_LEFT)
        self.edit_button = Button(_("Edit"), small=True)
        self.more_button = Button(icon="ellipsis", small=True)
        self.more_button.setToolTip(_("More"))
        self.more_button.setAccessibleName(_("More"))
        self.edit_button.clicked.connect(lambda: self.edit_wanted.emit(self.record_id))
        self.more_button.clicked.connect(lambda: self.menu().popup(menu_below(self.more_button)))
        self.tabs.changed.connect(lambda _key: self._show_tab())
        self.lines.opened.connect(self._open)

    def lay(self, nothing: EmptyState, buttons: tuple[Button, ...], part: QWidget, foot: QWidget | None = None) -> None:
        """Put it together: `part` stands between figures and tabs, `foot` below the lines, `nothing` without record."""
        for button in (*buttons, self.edit_button, self.more_button):
            self.head.add_button(button)
        card = Card(padded=False)
        top = QVBoxLayout()
        top.setContentsMargins(tokens.PAD, tokens.PAD - 2, tokens.PAD, 4)
        top.setSpacing(10)
        for widget in (self.head, self.figures, part, self.tabs):
            top.addWidget(widget)
        card.body.addLayout(top)
        card.body.addWidget(self.lines, 1)
        if foot is not None:
            below = QVBoxLayout()
            below.setContentsMargins(tokens.PAD, 8, tokens.PAD, tokens.PAD - 4)
            below.addWidget(foot)
            card.body.addLayout(below)
        around = Card()
        around.body.addWidget(nothing)
        self.addWidget(around)
        self.addWidget(card)

    # -- for the subclass -----------------------------------------------------------------------

    def fill(self, found: Any) -> None:
        """Show what `query` gave."""
        raise NotImplementedError

    def name(self) -> str:
        """What the record shown is called; empty without one."""
        raise NotImplementedError

    def lines_of(self, tab: str) -> list[Line]:
        raise NotImplementedError

    def empty_words(self, tab: str) -> str:
        """What a tab says that has nothing yet."""
        raise NotImplementedError

    def menu(self) -> QMenu:
        """What else can be done with the record."""
        raise NotImplementedError

    # -- showing --------------------------------------------------------------------------------

    def show_record(self, record_id: str | None) -> None:
        """Read and show a record; None shows nothing."""
        self.record_id = record_id
        key = f"{self.kind}-pane.{id(self)}"
        if record_id is None:
            self._runner.drop(key)
            self.card = None
            self.setCurrentIndex(0)
        else:
            self._runner.read(self._query, record_id, then=self._arrived, key=key, owner=self)

    def reload(self) -> None:
        """Read the record again after a change."""
        self.show_record(self.record_id)

    def _arrived(self, found: Any) -> None:
        if found is None:
            self.show_record(None)
            return
        self.fill(found)
        self.setCurrentIndex(1)
        self.tabs.set_words(HISTORY, _("Changes"))
        self._show_tab()

    def _show_tab(self) -> None:
        if self.card is None:
            return
        tab = self.tabs.current()
        self.lines.left_width = 0 if tab in self.wide_tabs else _LEFT
        self.lines.empty = "" if tab == HISTORY else self.empty_words(tab)
        if tab == HISTORY:
            key = f"{self.kind}-history.{id(self)}"
            self._runner.read(timeline.history, self.kind, self.record_id, then=self._show_history, key=key, owner=self)
        else:
            self.lines.show_lines(self.lines_of(tab))

    def _show_history(self, rows: tuple[timeline.HistoryRow, ...]) -> None:
        if self.tabs.current() == HISTORY:
            self.lines.show_lines([line for row in rows for line in _edit_lines(row)])

    def _open(self, key: str) -> None:
        self.opened.emit(*key.split(":", 1))


def _edit_lines(row: timeline.HistoryRow) -> list[Line]:
    """A line for each changed field; a creation, deletion or restoring is one line."""
    left = f"{day_text(clock.day_of(row.at))} {clock.local(row.at):%H:%M}"
    part = f"{row.part} · " if row.part else ""
    if row.what == "changed":
        said = _("{field}: {old} → {new}")
        return [
            Line(left, "", "", part + said.format(field=c.label, old=c.old, new=c.new), row.person) for c in row.changes
        ]
    tone = {"created": "green", "deleted": "red"}.get(row.what, "blue")
    values = [c.new for c in row.changes if c.new != EMPTY][:3] if row.what == "created" else []
    return [Line(left, row.what_words, tone, part + " · ".join(values), row.person)]
