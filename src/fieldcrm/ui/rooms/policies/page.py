"""The policies' page: views by what comes due, the list, and beside it one policy, or the form of one."""

from __future__ import annotations

from typing import Any, ClassVar

from fieldcrm.base import forms
from fieldcrm.base.i18n import _, ngettext, pgettext
from fieldcrm.core import policies
from fieldcrm.ui.kit.asking import ask_choice
from fieldcrm.ui.kit.cards import EmptyState
from fieldcrm.ui.kit.list_bars import ListAction
from fieldcrm.ui.kit.page import Desk, open_record
from fieldcrm.ui.kit.record_page import RecordPage, Records
from fieldcrm.ui.rooms.policies.columns import policy_columns
from fieldcrm.ui.rooms.policies.pane import PolicyPane


class PoliciesPage(RecordPage):
    """List and pane; `open(policy_id=…)`, `open(view="next_month")`, `open(client_id=…, new=True)`."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"policy", "policy_claim", "policy_beneficiary", "client", "callback", "product"}
    )
    records = Records(
        "policy", "number", policies.policies_list, policies.policy_views, policies.policy_values,
        policies.add_policy, policies.change_policy,
    )  # fmt: skip
    card: PolicyPane

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.set_heading(_("Policies"))
        empty = EmptyState(
            "file-text",
            _("Policies stand here, those that come due first"),
            _("Import a list from the core system, or add the first one by hand."),
            ((_("Import a list"), self.import_list), (_("New policy"), self.add)),
        )
        self.lay(PolicyPane(desk.runner), policy_columns(desk.me.role == "office"), self._actions(), empty)
        self.add_tools(_("New policy"), pgettext("client", "Policies"))
        self._connect()

    def _connect(self) -> None:
        self.list.opened.connect(lambda _id: self.card.call_button.setFocus())
        self.list.counted.connect(self._show_count)
        card = self.card
        card.callback_wanted.connect(
            lambda client, policy: self.desk.go("callbacks", client_id=client, policy_id=policy)
        )
        card.client_wanted.connect(lambda client: self.desk.go("clients", client_id=client))
        card.status_wanted.connect(lambda id, status: self._set_status([id], status))
        card.delete_wanted.connect(lambda id: self._delete([id]))
        card.opened.connect(lambda kind, id: open_record(self.desk, kind, id))

    def _actions(self) -> tuple[ListAction, ...]:
        return (
            ListAction(lambda: _("Status…"), self._ask_status, "square-check"),
            ListAction(lambda: _("Edit"), lambda ids: self.edit(ids[0]), "pencil", "F2", bulk=False),
            ListAction(lambda: _("Delete"), self._delete, "trash-2", "Del"),
        )

    # -- the page -------------------------------------------------------------------------------

    def open(self, **what: Any) -> None:
        if what.get("view"):
            self.show_view(what["view"])
        if what.get("new"):
            self.add(what.get("client_id"))
        elif what.get("policy_id"):
            self.go_to(what["policy_id"])

    def _show_count(self, total: int) -> None:
        words = ngettext("{n} policy", "{n} policies", total).format(n=f"{total:,}")
        if self.list.asked.filters:
            words += " · " + _("filtered")
        self.set_heading(_("Policies"), words)

    # -- writing --------------------------------------------------------------------------------

    def add(self, client_id: str | None = None) -> None:
        """The form of a new policy, for a client when known."""
        given = {"status": "in_force", "applicant_id": client_id}
        self.editor.edit(_("New policy"), given, context=client_id or "")
        self.show_form(self.editor, "number")

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
