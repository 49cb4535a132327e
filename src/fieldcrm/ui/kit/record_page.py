"""A page of records: views and list, and beside it the pane of one record, or the form of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from fieldcrm.base import forms
from fieldcrm.base.data.listing import Asked, ListSpec, NamedView
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import EmptyState
from fieldcrm.ui.kit.columns import ListColumn
from fieldcrm.ui.kit.edit_pane import EditPane
from fieldcrm.ui.kit.export import export_list
from fieldcrm.ui.kit.list_bars import ListAction
from fieldcrm.ui.kit.list_pane import ListPane
from fieldcrm.ui.kit.lookup import RunnerLookup
from fieldcrm.ui.kit.memory import ListMemory
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.kit.record_pane import RecordPane
from fieldcrm.ui.kit.saved_views import View, from_plain, to_plain


@dataclass(frozen=True)
class Records:
    """What a page asks of its room: the list and its views; `values`, `add`, `change` of one record.

    `kind` is that of the form, `name` the field a record is called by.
    """

    kind: str
    name: str
    spec: Callable[[], ListSpec]
    views: Callable[[], Sequence[NamedView]]
    values: Callable[..., dict[str, Any]]
    add: Callable[..., str]
    change: Callable[..., object]


class RecordPage(Page):
    """A subclass sets `records`, makes its pane and calls `lay`; `add` opens the form of a new one."""

    records: ClassVar[Records]
    card: RecordPane

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wanted: str | None = None  # to go to once the list is there
        self._asked: Asked | None = None
        self.lookup = RunnerLookup(desk.runner, self)
        self.editor = EditPane(forms.get(self.records.kind), desk.runner, self.lookup)
        self.side = QStackedWidget()

    def lay(
        self,
        card: RecordPane,
        columns: Sequence[ListColumn],
        actions: Sequence[ListAction],
        empty: EmptyState,
        more_forms: tuple[EditPane, ...] = (),
    ) -> None:
        """Put it together; `more_forms` are forms beside that of the record."""
        self.card = card
        self._forms = (self.editor, *more_forms)
        for widget in (card, *self._forms):
            self.side.addWidget(widget)
        self.side.setMinimumWidth(340)
        spec = self.records.spec()
        memory = ListMemory(self.desk.runner, spec.name)
        views = [View(v.key, lambda title=v.title: _(title), v.asked) for v in self.records.views()]  # type: ignore[misc]
        self.list = ListPane(
            spec, columns, self.desk.runner, views=views, actions=actions, detail=self.side, memory=memory, empty=empty
        )
        self.list.allow_paste()
        self.list.pasted.connect(lambda cells: self.desk.go("imports", cells=cells))
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.EDGE, 16, tokens.EDGE, 16)
        column.addWidget(self.list)
        self.setFocusProxy(self.list)
        self.list.current_changed.connect(self._show)
        self.list.model.opened.connect(self._list_there)
        self.list.model.reset_to.connect(lambda _place: self._list_there())
        card.edit_wanted.connect(self.edit)
        self.editor.saved.connect(self._save)
        for form in self._forms:
            form.left.connect(self.leave_form)
        memory.load(self.list.recall)

    def add_tools(self, new: str, sheet: str) -> None:
        """The buttons at the right of the list: export as a sheet of that name, and a new record."""
        self.export_button = Button(_("Export Excel"), small=True)
        self.new_button = Button(new, icon="plus", small=True)
        self.new_button.setToolTip(f"{new} (Alt+N)")
        self.list.add_tool(self.export_button)
        self.list.add_tool(self.new_button)
        self.export_button.clicked.connect(lambda: export_list(self.desk, self.list, sheet))
        self.new_button.clicked.connect(lambda: self.add())
        QShortcut(QKeySequence("Alt+N"), self).activated.connect(lambda: self.add())

    # -- the page -------------------------------------------------------------------------------

    def load(self) -> None:
        if self.list.model.ready:
            self.list.reload()
            self.card.reload()
        else:
            self.list.open(self._asked)

    def show_view(self, key: str) -> None:
        """One of the standard views."""
        self._asked = next(v.asked for v in self.records.views() if v.key == key)
        self.list.open(self._asked)

    def state(self) -> dict[str, Any]:
        return {"record": self.card.record_id, "asked": to_plain(self.list.asked), "tab": self.card.tabs.current()}

    def restore(self, state: dict[str, Any]) -> None:
        self._asked, self._wanted = from_plain(state["asked"]), state["record"]
        self.card.tabs.choose(state["tab"])

    def put_away(self) -> None:
        """Keep half-filled forms before the book closes."""
        for form in self._forms:
            form.flush()

    def go_to(self, record_id: str) -> None:
        """Show a record, and its place in the list; a view that hides it is left."""
        self._wanted = record_id
        self.side.setCurrentWidget(self.card)
        self.card.show_record(record_id)
        if self.list.model.ready and not self.stale and not self.list.model.reloading:
            self._list_there()  # else once the list has been read again: that stays with what was current before

    def _list_there(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return

        def found(there: bool) -> None:
            if there:
                self.card.show_record(wanted)
                if self.list.model.reloading:
                    self._wanted = wanted
            elif self.list.asked.filters:
                self._wanted = wanted
                self.list.open(Asked())

        self.list.find_row(wanted, found)

    def _show(self, record_id: str | None) -> None:
        if self.side.currentWidget() is not self.card:
            self.leave_form()
        self.card.show_record(record_id)

    # -- forms ----------------------------------------------------------------------------------

    def add(self) -> None:
        """The form of a new record."""
        raise NotImplementedError

    def added(self, record_id: str) -> None:
        """What is done once a record was added and is shown."""

    def show_form(self, form: EditPane, field: str) -> None:
        """A form in the pane's place, that field first."""
        self.side.setCurrentWidget(form)
        form.focus(field)

    def edit(self, record_id: str) -> None:
        """The form of a record."""
        name = self.records.name

        def show(values: dict[str, Any]) -> None:
            self.editor.edit(values[name], values, record_id)
            self.show_form(self.editor, name)

        key = f"{self.records.kind}.edit"
        self.desk.runner.read(self.records.values, record_id, then=show, key=key, owner=self)

    def _save(self, record_id: str | None, values: dict[str, Any]) -> None:
        failed, name = self.editor.show_problems, self.records.name
        if record_id is None:

            def added(new_id: str) -> None:
                self.saved(self.editor, _("Added: {name}").format(name=values[name]))
                self.go_to(new_id)
                self.added(new_id)

            self.desk.runner.change(self.records.add, values, then=added, failed=failed, owner=self)
            return
        words = _("Changed: {name}").format(name=values.get(name) or self.card.name())
        self.desk.runner.change(
            self.records.change, record_id, values, then=lambda _none: self.saved(self.editor, words),
            failed=failed, owner=self,
        )  # fmt: skip

    def saved(self, form: EditPane, words: str) -> None:
        """A form was written: back to the pane, and say so."""
        form.done()
        self.leave_form()
        self.desk.done(words)

    def leave_form(self) -> None:
        """Back to the pane; what is half typed is kept."""
        self.put_away()
        self.side.setCurrentWidget(self.card)
        self.list.setFocus()

    def import_list(self) -> None:
        self.desk.go("imports", ask=True)
