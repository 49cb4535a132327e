"""The clients' page: views, list, and beside it one client, or the form of one."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from PySide6.QtCore import QPoint

from fieldcrm.base import forms
from fieldcrm.base.i18n import _, ngettext
from fieldcrm.base.text import instant_text, within
from fieldcrm.core import clients, contacts
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import EmptyState
from fieldcrm.ui.kit.edit_pane import EditPane
from fieldcrm.ui.kit.list_bars import ListAction
from fieldcrm.ui.kit.page import Desk, open_record
from fieldcrm.ui.kit.pane import menu_below
from fieldcrm.ui.kit.record_page import RecordPage, Records
from fieldcrm.ui.rooms.clients.columns import client_columns
from fieldcrm.ui.rooms.clients.merging import MergeView
from fieldcrm.ui.rooms.clients.pane import ClientPane
from fieldcrm.ui.rooms.clients.several import Several
from fieldcrm.ui.rooms.tasks import finish_step, put_off_step

RELATION_FIELDS = ("other_id", "kind", "role", "remark")
ENTRY_FIELDS = ("kind", "started_at", "minutes", "result", "summary", "objection")


class ClientsPage(RecordPage):
    """List and 360 pane; `open(client_id=…)`, `open(view="next_month")`, `open(new=True)`, `open(import_list=True)`."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"client", "client_phone", "client_contact", "client_relation", "policy", "policy_claim", "contact", "task"}
        | {"visit", "callback", "complaint", "handout"}
    )
    records = Records(
        "client", "name", clients.clients_list, clients.views, clients.client_values,
        clients.add_client, clients.change_client,
    )  # fmt: skip
    card: ClientPane

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.set_heading(_("Clients"))
        self.relation = EditPane(forms.get("client_relation"), desk.runner, self.lookup, RELATION_FIELDS)
        self._related_to = ""
        self.entry = EditPane(forms.get("contact"), desk.runner, self.lookup, ENTRY_FIELDS)
        self.several = Several(self, self.side_by_side)
        empty = EmptyState(
            "users",
            _("Your clients stand here"),
            _("Import a list from the core system, or add the first one by hand."),
            ((_("Import a list"), self.import_list), (_("New client"), self.add)),
        )
        self.lay(
            ClientPane(desk.runner),
            client_columns(desk.me.role == "office"),
            self._actions(),
            empty,
            (self.relation, self.entry),
        )  # fmt: skip
        self.several.list = self.list
        self.import_button = Button(_("Import…"), small=True)
        self.list.add_tool(self.import_button)
        self.add_tools(_("New client"), _("Clients"))
        self._connect()

    def _connect(self) -> None:
        self.import_button.clicked.connect(self.import_list)
        self.list.opened.connect(lambda _id: self.card.log_button.setFocus())
        card = self.card
        card.log_wanted.connect(lambda id: self.desk.quick_log(id, "phone"))
        card.plan_wanted.connect(lambda id: self.several.plan([id], card.plan_button.mapToGlobal(QPoint(0, 34))))
        card.delete_wanted.connect(lambda id: self.several.delete([id]))
        card.complain_wanted.connect(lambda id: self.desk.go("complaints", client_id=id, new=True))
        card.policy_wanted.connect(lambda id: self.desk.go("policies", client_id=id, new=True))
        card.relate_wanted.connect(self._relate)
        card.same_wanted.connect(self.several.look_for_same)
        card.client_wanted.connect(self.go_to)
        card.step_done.connect(lambda id: finish_step(self.desk, id))
        card.step_put_off.connect(lambda id: put_off_step(self.desk, self, menu_below(card.put_off_button), id))
        card.opened.connect(lambda kind, id: open_record(self.desk, kind, id))
        card.entry_wanted.connect(self._correct)
        card.entry_deleted.connect(self._delete_entry)
        card.unrelated.connect(self._unrelate)
        self.relation.saved.connect(self._save_relation)
        self.entry.saved.connect(self._save_entry)

    def _actions(self) -> tuple[ListAction, ...]:
        return (
            ListAction(
                lambda: _("Log a call"), lambda ids: self.desk.quick_log(ids[0], "phone"), "phone", bulk=False
            ),
            ListAction(lambda: _("Add to plan"), lambda ids: self.several.plan(ids), "calendar-check", "Ctrl+P"),
            ListAction(lambda: _("Grade…"), self.several.grade, "square-check"),
            ListAction(lambda: _("Tag…"), self.several.tag, "plus"),
            ListAction(lambda: _("Merge…"), self.several.merge, "git-merge"),
            ListAction(lambda: _("Edit"), lambda ids: self.edit(ids[0]), "pencil", "F2", bulk=False),
            ListAction(lambda: _("Delete"), self.several.delete, "trash-2", "Del"),
        )  # fmt: skip

    # -- the page -------------------------------------------------------------------------------

    def load(self) -> None:
        super().load()  # first: the rows do not wait for a count
        self.desk.runner.read(clients.count_clients, then=self._show_count, key="clients.count", owner=self)

    def open(self, **what: Any) -> None:
        if what.get("view"):
            self.show_view(what["view"])
        if what.get("client_id"):
            self.go_to(what["client_id"])
        if what.get("new"):
            self.add()
        if what.get("import_list"):
            self.import_list()

    def _show_count(self, counted: clients.Counted) -> None:
        words = ngettext("{n} client", "{n} clients", counted.total).format(n=f"{counted.total:,}")
        if counted.total:
            kinds = _("{persons} persons · {companies} companies")
            words += " · " + kinds.format(persons=f"{counted.persons:,}", companies=f"{counted.organisations:,}")
        self.set_heading(_("Clients"), words)

    # -- duplicates -----------------------------------------------------------------------------

    @cached_property
    def merging(self) -> MergeView:
        """Made when first wanted, as the forms are."""
        made = MergeView(self.desk, self)
        made.left.connect(self._leave_merging)
        made.merged.connect(self._made_one)
        layout = self.layout()
        assert layout is not None  # noqa: S101 the list stands in it
        layout.addWidget(made)
        return made

    def side_by_side(self, ids: list[str]) -> None:
        """Two clients in the list's place, to make one of them."""
        self.list.hide()
        self.merging.show()
        self.merging.begin(ids)

    def _leave_merging(self) -> None:
        self.merging.hide()
        self.list.show()
        self.list.setFocus()

    def _made_one(self, client_id: str) -> None:
        self._leave_merging()
        self.go_to(client_id)

    # -- forms ----------------------------------------------------------------------------------

    def add(self) -> None:
        """The form of a new client."""
        self.editor.edit(_("New client"), {"type": "person", "consent": True})
        self.show_form(self.editor, "name")

    def added(self, record_id: str) -> None:
        self.several.look_for_same(record_id, ask=False)

    def _relate(self, client_id: str) -> None:
        self._related_to = client_id
        words = _("Related to {name}").format(name=self.card.name())
        self.relation.edit(words, {"client_id": client_id}, context=client_id)
        self.show_form(self.relation, "other_id")

    def _save_relation(self, _id: None, values: dict[str, Any]) -> None:
        def saved(_relation_id: str) -> None:
            self.card.tabs.choose("family")
            self.saved(self.relation, _("Relation added"))

        given = {name: values[name] for name in RELATION_FIELDS}
        self.desk.runner.change(
            clients.relate, self._related_to, **given, then=saved, failed=self.relation.show_problems, owner=self
        )

    def _unrelate(self, relation_id: str) -> None:
        self.desk.runner.change(
            clients.unrelate, relation_id, then=lambda _none: self.desk.done(_("Relation removed")), owner=self
        )

    # -- entries of the timeline ----------------------------------------------------------------

    def _correct(self, contact_id: str) -> None:
        def show(values: dict[str, Any] | None) -> None:
            if values is not None:
                when = within(instant_text(values["started_at"]))
                self.entry.edit(_("Correct the entry of {when}").format(when=when), values, contact_id)
                self.show_form(self.entry, "result")

        self.desk.runner.read(contacts.contact_values, contact_id, then=show, key="clients.entry", owner=self)

    def _save_entry(self, contact_id: str, values: dict[str, Any]) -> None:
        self.desk.runner.change(
            contacts.change_contact, contact_id, **values,
            then=lambda _none: self.saved(self.entry, _("Entry corrected")),
            failed=self.entry.show_problems, owner=self,
        )  # fmt: skip

    def _delete_entry(self, contact_id: str) -> None:
        self.desk.runner.change(
            contacts.delete_contact, contact_id, then=lambda _none: self.desk.done(_("Entry deleted")), owner=self
        )
