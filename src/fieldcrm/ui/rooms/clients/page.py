"""The clients' page: views, list, and beside it one client, or the form of one."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from fieldcrm.base import forms
from fieldcrm.base.data.listing import Asked
from fieldcrm.base.i18n import _, ngettext
from fieldcrm.core import clients
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import EmptyState
from fieldcrm.ui.kit.edit_pane import EditPane
from fieldcrm.ui.kit.export import export_list
from fieldcrm.ui.kit.list_pane import ListAction, ListPane
from fieldcrm.ui.kit.lookup import RunnerLookup
from fieldcrm.ui.kit.memory import ListMemory
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.kit.saved_views import View, from_plain, to_plain
from fieldcrm.ui.rooms.clients.columns import client_columns
from fieldcrm.ui.rooms.clients.pane import ClientPane
from fieldcrm.ui.rooms.clients.several import Several

RELATION_FIELDS = ("other_id", "kind", "role", "remark")


class ClientsPage(Page):
    """List and 360 pane; `open(client_id=…)`, `open(view="next_month")`, `open(new=True)`, `open(import_list=True)`."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"client", "client_phone", "client_contact", "client_relation", "policy", "policy_claim", "contact", "task"}
        | {"visit", "callback", "complaint", "handout"}
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.set_heading(_("Clients"))
        self._wanted: str | None = None  # to go to once the list is there
        self._asked: Asked | None = None
        self._tab = ""
        lookup = RunnerLookup(desk.runner, self)
        self.card = ClientPane(desk.runner)
        self.editor = EditPane(forms.get("client"), desk.runner, lookup)
        self.relation = EditPane(forms.get("client_relation"), desk.runner, lookup, RELATION_FIELDS)
        self.side = QStackedWidget()
        for widget in (self.card, self.editor, self.relation):
            self.side.addWidget(widget)
        self.side.setMinimumWidth(340)
        self._related_to = ""
        self.several = Several(self, self.go_to)
        memory = ListMemory(desk.runner, "clients")
        self.list = ListPane(
            clients.clients_list(),
            client_columns(),
            desk.runner,
            views=standard_views(),
            actions=self._actions(),
            detail=self.side,
            memory=memory,
            empty=EmptyState(
                "users",
                _("Your clients stand here"),
                _("Import a list from the core system, or add the first one by hand."),
                ((_("Import a list"), self._import), (_("New client"), self.add)),
            ),
        )
        self.several.list = self.list
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.EDGE, 16, tokens.EDGE, 16)
        column.addWidget(self.list)
        self._add_tools()
        self._connect()
        memory.load(self.list.recall)

    def _add_tools(self) -> None:
        self.import_button = Button(_("Import…"), small=True)
        self.export_button = Button(_("Export Excel"), small=True)
        self.new_button = Button(_("New client"), icon="plus", small=True)
        self.new_button.setToolTip(_("New client") + " (Alt+N)")
        for button in (self.import_button, self.export_button, self.new_button):
            self.list.add_tool(button)
        self.import_button.clicked.connect(self._import)
        self.export_button.clicked.connect(lambda: export_list(self.desk, self.list, _("Clients")))
        self.new_button.clicked.connect(self.add)
        QShortcut(QKeySequence("Alt+N"), self).activated.connect(self.add)

    def _connect(self) -> None:
        self.list.current_changed.connect(self._show)
        self.list.opened.connect(lambda _id: self.card.log_button.setFocus())
        self.list.model.opened.connect(self._list_there)
        self.list.model.reset_to.connect(lambda _place: self._list_there())
        card = self.card
        card.log_wanted.connect(lambda id: self.desk.quick_log(id, "phone"))
        card.plan_wanted.connect(lambda id: self.several.plan([id], card.plan_button.mapToGlobal(QPoint(0, 34))))
        card.edit_wanted.connect(self.edit)
        card.delete_wanted.connect(lambda id: self.several.delete([id]))
        card.complain_wanted.connect(lambda id: self.desk.go("complaints", client_id=id, new=True))
        card.policy_wanted.connect(lambda id: self.desk.go("policies", client_id=id, new=True))
        card.relate_wanted.connect(self._relate)
        card.same_wanted.connect(self.several.look_for_same)
        card.client_wanted.connect(self.go_to)
        card.opened.connect(self._open_line)
        self.editor.saved.connect(self._save)
        self.editor.left.connect(self._leave_form)
        self.relation.saved.connect(self._save_relation)
        self.relation.left.connect(self._leave_form)

    def _actions(self) -> tuple[ListAction, ...]:
        return (
            ListAction(
                lambda: _("Log a call"), lambda ids: self.desk.quick_log(ids[0], "phone"), "phone", bulk=False
            ),
            ListAction(lambda: _("Add to plan"), lambda ids: self.several.plan(ids), "calendar-check", "Ctrl+P"),
            ListAction(lambda: _("Grade…"), self.several.grade, "square-check"),
            ListAction(lambda: _("Tag…"), self.several.tag, "plus"),
            ListAction(lambda: _("Make one…"), self.several.merge, "git-merge"),
            ListAction(lambda: _("Edit"), lambda ids: self.edit(ids[0]), "pencil", "F2", bulk=False),
            ListAction(lambda: _("Delete"), self.several.delete, "trash-2", "Del"),
        )  # fmt: skip

    # -- the page -------------------------------------------------------------------------------

    def load(self) -> None:
        self.desk.runner.read(clients.count_clients, then=self._show_count, key="clients.count", owner=self)
        if self.list.model.ready:
            self.list.reload()
            self.card.reload()
        else:
            self.list.open(self._asked)

    def open(self, **what: Any) -> None:
        if what.get("view"):
            self._asked = next(v.asked for v in clients.views() if v.key == what["view"])
            self.list.open(self._asked)
        if what.get("client_id"):
            self.go_to(what["client_id"])
        if what.get("new"):
            self.add()
        if what.get("import_list"):
            self._import()

    def state(self) -> dict[str, Any]:
        return {"client": self.card.client_id, "asked": to_plain(self.list.asked), "tab": self.card.tabs.current()}

    def restore(self, state: dict[str, Any]) -> None:
        self._asked, self._wanted = from_plain(state["asked"]), state["client"]
        self.card.tabs.choose(state["tab"])

    def put_away(self) -> None:
        """Keep half-filled forms before the book closes."""
        self.editor.flush()
        self.relation.flush()

    def go_to(self, client_id: str) -> None:
        """Show a client, and its place in the list; a view that hides it is left."""
        self._wanted = client_id
        self.side.setCurrentWidget(self.card)
        self.card.show_client(client_id)
        if self.list.model.ready and not self.stale:  # else once the list has been read again
            self._list_there()

    def _list_there(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return

        def found(place: int | None) -> None:
            if place is not None:
                self.list.table.select_row(place)
                self.card.show_client(wanted)
            elif self.list.asked.filters:
                self._wanted = wanted
                self.list.open(Asked())

        self.list.model.read("goto", clients.clients_list().position, self.list.asked, wanted, then=found)

    def _show_count(self, counted: clients.Counted) -> None:
        words = ngettext("{n} client", "{n} clients", counted.total).format(n=f"{counted.total:,}")
        if counted.total:
            kinds = _("{persons} persons · {companies} companies")
            words += " · " + kinds.format(persons=f"{counted.persons:,}", companies=f"{counted.organisations:,}")
        self.set_heading(_("Clients"), words)

    def _show(self, client_id: str | None) -> None:
        if self.side.currentWidget() is not self.card:
            self._leave_form()
        self.card.show_client(client_id)

    def _open_line(self, kind: str, record_id: str) -> None:
        if kind in ("policy", "complaint"):
            self.desk.go({"policy": "policies", "complaint": "complaints"}[kind], **{f"{kind}_id": record_id})
        elif kind == "callback":
            self.desk.go("callbacks", register=True)
        elif kind == "visit":
            self.desk.go("visits")

    # -- forms ----------------------------------------------------------------------------------

    def add(self) -> None:
        """The form of a new client."""
        self.editor.edit(_("New client"), {"type": "person", "consent": True})
        self.side.setCurrentWidget(self.editor)
        self.editor.focus("name")

    def edit(self, client_id: str) -> None:
        """The form of a client."""

        def show(values: dict[str, Any]) -> None:
            self.editor.edit(values["name"], values, client_id)
            self.side.setCurrentWidget(self.editor)
            self.editor.focus("name")

        self.desk.runner.read(clients.client_values, client_id, then=show, key="clients.edit", owner=self)

    def _save(self, client_id: str | None, values: dict[str, Any]) -> None:
        failed = self.editor.show_problems
        if client_id is None:

            def added(new_id: str) -> None:
                self._saved(_("Added: {name}").format(name=values["name"]))
                self.go_to(new_id)
                self.several.look_for_same(new_id, ask=False)

            self.desk.runner.change(clients.add_client, values, then=added, failed=failed, owner=self)
            return
        name = values.get("name") or (self.card.card.name if self.card.card is not None else "")
        words = _("Changed: {name}").format(name=name)
        self.desk.runner.change(
            clients.change_client, client_id, values, then=lambda _none: self._saved(words), failed=failed, owner=self
        )

    def _saved(self, words: str) -> None:
        self.editor.done()
        self._leave_form()
        self.desk.done(words)

    def _leave_form(self) -> None:
        self.put_away()
        self.side.setCurrentWidget(self.card)
        self.list.setFocus()

    def _relate(self, client_id: str) -> None:
        self._related_to = client_id
        name = self.card.card.name if self.card.card is not None else ""
        self.relation.edit(_("Related to {name}").format(name=name), {"client_id": client_id}, context=client_id)
        self.side.setCurrentWidget(self.relation)
        self.relation.focus("other_id")

    def _save_relation(self, _id: None, values: dict[str, Any]) -> None:
        def saved(_relation_id: str) -> None:
            self.relation.done()
            self._leave_form()
            self.card.tabs.choose("family")
            self.desk.done(_("Relation added"))

        given = {name: values[name] for name in RELATION_FIELDS}
        self.desk.runner.change(
            clients.relate, self._related_to, **given, then=saved, failed=self.relation.show_problems, owner=self
        )

    def _import(self) -> None:
        self.desk.go("imports", ask=True)


def standard_views() -> list[View]:
    """The views that everybody has."""
    return [View(v.key, lambda title=v.title: _(title), v.asked) for v in clients.views()]  # type: ignore[misc]
