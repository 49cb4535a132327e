"""The policies' page: views by what comes due, the list, and beside it one policy, or the form of one."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from fieldcrm.base import forms
from fieldcrm.base.data.listing import Asked
from fieldcrm.base.i18n import _, ngettext, pgettext
from fieldcrm.core import policies
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.asking import ask_choice
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import EmptyState
from fieldcrm.ui.kit.edit_pane import EditPane
from fieldcrm.ui.kit.export import export_list
from fieldcrm.ui.kit.list_pane import ListAction, ListPane
from fieldcrm.ui.kit.lookup import RunnerLookup
from fieldcrm.ui.kit.memory import ListMemory
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.kit.saved_views import View, from_plain, to_plain
from fieldcrm.ui.rooms.policies.columns import policy_columns
from fieldcrm.ui.rooms.policies.pane import PolicyPane


class PoliciesPage(Page):
    """List and pane; `open(policy_id=…)`, `open(view="next_month")`, `open(client_id=…, new=True)`."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"policy", "policy_claim", "policy_beneficiary", "client", "callback", "product"}
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.set_heading(_("Policies"))
        self._wanted: str | None = None
        self._asked: Asked | None = None
        self.card = PolicyPane(desk.runner)
        self.editor = EditPane(forms.get("policy"), desk.runner, RunnerLookup(desk.runner, self))
        self.side = QStackedWidget()
        self.side.addWidget(self.card)
        self.side.addWidget(self.editor)
        self.side.setMinimumWidth(340)
        memory = ListMemory(desk.runner, "policies")
        self.list = ListPane(
            policies.policies_list(),
            policy_columns(),
            desk.runner,
            views=[View(v.key, lambda title=v.title: _(title), v.asked) for v in policies.policy_views()],  # type: ignore[misc]
            actions=self._actions(),
            detail=self.side,
            memory=memory,
            empty=EmptyState(
                "file-text",
                _("Policies stand here, those that come due first"),
                _("Import a list from the core system, or add the first one by hand."),
                ((_("Import a list"), self._import), (_("New policy"), self.add)),
            ),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.EDGE, 16, tokens.EDGE, 16)
        column.addWidget(self.list)
        self._add_tools()
        self._connect()
        memory.load(self.list.recall)

    def _add_tools(self) -> None:
        self.export_button = Button(_("Export Excel"), small=True)
        self.new_button = Button(_("New policy"), icon="plus", small=True)
        self.new_button.setToolTip(_("New policy") + " (Alt+N)")
        self.list.add_tool(self.export_button)
        self.list.add_tool(self.new_button)
        self.export_button.clicked.connect(lambda: export_list(self.desk, self.list, pgettext("client", "Policies")))
        self.new_button.clicked.connect(lambda: self.add())
        QShortcut(QKeySequence("Alt+N"), self).activated.connect(lambda: self.add())

    def _connect(self) -> None:
        self.list.current_changed.connect(self._show)
        self.list.opened.connect(lambda _id: self.card.call_button.setFocus())
        self.list.model.opened.connect(self._list_there)
        self.list.model.reset_to.connect(lambda _place: self._list_there())
        self.list.counted.connect(self._show_count)
        card = self.card
        card.callback_wanted.connect(
            lambda client, policy: self.desk.go("callbacks", client_id=client, policy_id=policy)
        )
        card.client_wanted.connect(lambda client: self.desk.go("clients", client_id=client))
        card.edit_wanted.connect(self.edit)
        card.status_wanted.connect(lambda id, status: self._set_status([id], status))
        card.delete_wanted.connect(lambda id: self._delete([id]))
        card.opened.connect(self._open_line)
        self.editor.saved.connect(self._save)
        self.editor.left.connect(self._leave_form)

    def _actions(self) -> tuple[ListAction, ...]:
        return (
            ListAction(lambda: _("Status…"), self._ask_status, "square-check"),
            ListAction(lambda: _("Edit"), lambda ids: self.edit(ids[0]), "pencil", "F2", bulk=False),
            ListAction(lambda: _("Delete"), self._delete, "trash-2", "Del"),
        )

    # -- the page -------------------------------------------------------------------------------

    def load(self) -> None:
        if self.list.model.ready:
            self.list.reload()
            self.card.reload()
        else:
            self.list.open(self._asked)

    def open(self, **what: Any) -> None:
        if what.get("view"):
            self._asked = next(v.asked for v in policies.policy_views() if v.key == what["view"])
            self.list.open(self._asked)
        if what.get("new"):
            self.add(what.get("client_id"))
        elif what.get("policy_id"):
            self.go_to(what["policy_id"])

    def state(self) -> dict[str, Any]:
        return {"policy": self.card.policy_id, "asked": to_plain(self.list.asked), "tab": self.card.tabs.current()}

    def restore(self, state: dict[str, Any]) -> None:
        self._asked, self._wanted = from_plain(state["asked"]), state["policy"]
        self.card.tabs.choose(state["tab"])

    def put_away(self) -> None:
        self.editor.flush()

    def go_to(self, policy_id: str) -> None:
        """Show a policy, and its place in the list; a view that hides it is left."""
        self._wanted = policy_id
        self.side.setCurrentWidget(self.card)
        self.card.show_policy(policy_id)
        if self.list.model.ready and not self.stale:  # else once the list has been read again
            self._list_there()

    def _list_there(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return

        def found(place: int | None) -> None:
            if place is not None:
                self.list.table.select_row(place)
                self.card.show_policy(wanted)
            elif self.list.asked.filters:
                self._wanted = wanted
                self.list.open(Asked())

        self.list.model.read("goto", policies.policies_list().position, self.list.asked, wanted, then=found)

    def _show_count(self, total: int) -> None:
        words = ngettext("{n} policy", "{n} policies", total).format(n=f"{total:,}")
        if self.list.asked.filters:
            words += " · " + _("filtered")
        self.set_heading(_("Policies"), words)

    def _show(self, policy_id: str | None) -> None:
        if self.side.currentWidget() is not self.card:
            self._leave_form()
        self.card.show_policy(policy_id)

    def _open_line(self, kind: str, record_id: str) -> None:
        if kind == "callback":
            self.desk.go("callbacks", register=True)

    # -- writing --------------------------------------------------------------------------------

    def add(self, client_id: str | None = None) -> None:
        """The form of a new policy, for a client when known."""
        given = {"status": "in_force", "applicant_id": client_id}
        self.editor.edit(_("New policy"), given, context=client_id or "")
        self.side.setCurrentWidget(self.editor)
        self.editor.focus("number")

    def edit(self, policy_id: str) -> None:
        """The form of a policy."""

        def show(values: dict[str, Any]) -> None:
            self.editor.edit(values["number"], values, policy_id)
            self.side.setCurrentWidget(self.editor)
            self.editor.focus("number")

        self.desk.runner.read(policies.policy_values, policy_id, then=show, key="policies.edit", owner=self)

    def _save(self, policy_id: str | None, values: dict[str, Any]) -> None:
        failed = self.editor.show_problems
        if policy_id is None:

            def added(new_id: str) -> None:
                self._saved(_("Added: {name}").format(name=values["number"]))
                self.go_to(new_id)

            self.desk.runner.change(policies.add_policy, values, then=added, failed=failed, owner=self)
            return
        name = values.get("number") or (self.card.card.row.number if self.card.card is not None else "")
        words = _("Changed: {name}").format(name=name)
        self.desk.runner.change(
            policies.change_policy, policy_id, values, then=lambda _none: self._saved(words), failed=failed, owner=self
        )

    def _saved(self, words: str) -> None:
        self.editor.done()
        self._leave_form()
        self.desk.done(words)

    def _leave_form(self) -> None:
        self.put_away()
        self.side.setCurrentWidget(self.card)
        self.list.setFocus()

    def _ask_status(self, ids: list[str]) -> None:
        some = [c for c in forms.get("policy")["status"].choices if c.code != "converted"]
        choices: list[tuple[str | None, str]] = [(c.code, c.label) for c in some]
        place = self.list.table.viewport().mapToGlobal(self.list.table.viewport().rect().topLeft())
        ask_choice(self, place, choices, lambda status: self._set_status(ids, status or "in_force"))

    def _set_status(self, ids: list[str], status: str) -> None:
        label = forms.show(forms.get("policy")["status"], status)

        def told(count: int) -> None:
            n = ngettext("{n} policy", "{n} policies", count).format(n=f"{count:,}")
            self.desk.done(_("Set to {status}").format(status=label) + f" · {n}")

        self.desk.runner.change(policies.set_status, ids, status, then=told, owner=self)

    def _delete(self, ids: list[str]) -> None:
        def told(count: int) -> None:
            n = ngettext("{n} policy", "{n} policies", count).format(n=f"{count:,}")
            self.desk.done(f"{_('Moved to the recycle bin')} · {n}")

        self.desk.runner.change(policies.delete_policies, ids, then=told, owner=self)

    def _import(self) -> None:
        self.desk.go("imports", ask=True)
