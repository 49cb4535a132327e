"""The register 有效回访统计表: past calls as a list with filters, printed and exported by day or month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldcrm.base import clock, forms
from fieldcrm.base.data.listing import Asked, Between, FilterKind, OneOf
from fieldcrm.base.i18n import _, is_chinese, pgettext
from fieldcrm.base.text import HIDDEN, capital, day_text, instant_text, within
from fieldcrm.core import callbacks
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import EmptyState
from fieldcrm.ui.kit.columns import EMPTY, ListColumn, Look
from fieldcrm.ui.kit.edit_pane import EditPane
from fieldcrm.ui.kit.list_bars import ListAction
from fieldcrm.ui.kit.list_pane import ListPane
from fieldcrm.ui.kit.memory import ListMemory
from fieldcrm.ui.kit.page import Desk
from fieldcrm.ui.kit.register import Register, days_and_months
from fieldcrm.ui.kit.saved_views import View


def columns(office: bool) -> tuple[ListColumn, ...]:
    """The columns of the register; the office sees whose call it was, the remark by the column menu."""
    form = forms.get("callback")
    chinese = is_chinese()
    more = 0 if chinese else 26  # English words are longer

    def words(name: str) -> Any:
        return lambda row: forms.show(form[name], getattr(row, name)) or EMPTY

    def tone(name: str) -> Any:
        def found(row: Any) -> str | None:
            value = getattr(row, name)
            code = value if isinstance(value, str) else None if value is None else "yes" if value else "no"
            choice = form[name].choice(code) if code else None
            return choice.tone if choice else None

        return found

    def label(name: str) -> Any:
        return lambda: form[name].label

    def number(row: Any) -> str:
        whole = row.policy_number
        return f"{HIDDEN * 2}{whole[-4:]}" if len(whole) > 6 else whole or EMPTY

    return (
        ListColumn("called_at", label("called_at"), lambda r: instant_text(r.called_at), Look.PLAIN,
                   104 if chinese else 116,
                   copy=lambda r: forms.show(form["called_at"], r.called_at), filter=FilterKind.DATE),
        ListColumn("client", lambda: _("Client"), lambda r: r.client, Look.PLAIN, 82, filter=FilterKind.TEXT),
        ListColumn("manager", lambda: _("Manager"), lambda r: r.manager or EMPTY, Look.PLAIN, 84,
                   filter=FilterKind.TEXT, hidden=not office),
        ListColumn("policy_number", lambda: _("Policy no."), number, Look.SECONDARY, 82, filter=FilterKind.TEXT,
                   copy=lambda r: r.policy_number, tip=lambda r: r.policy_number or None),
        ListColumn("product_held", label("product_held"), lambda r: r.product_held or EMPTY, Look.PLAIN, 150 - more,
                   filter=FilterKind.TEXT),
        ListColumn("result", label("result"), words("result"), Look.CHIP, 94 if chinese else 122, tone=tone("result"),
                   filter=FilterKind.CHOICE, choices=form["result"].choices),
        ListColumn("maturity_explained", lambda: pgettext("column", "Explained"), words("maturity_explained"),
                   Look.CHIP, 86 + more,
                   tone=tone("maturity_explained")),
        ListColumn("conversion_offer", lambda: pgettext("column", "Conversion"), lambda r: r.conversion_offer or EMPTY,
                   Look.PLAIN, 166 - more, filter=FilterKind.TEXT),
        ListColumn("intention", label("intention"), words("intention"), Look.CHIP, 84 + more, tone=tone("intention"),
                   filter=FilterKind.CHOICE, choices=form["intention"].choices),
        ListColumn("valid", label("valid"), lambda r: capital(_("valid") if r.valid else _("not valid")), Look.CHIP,
                   78 if chinese else 91,
                   tone=lambda r: "green" if r.valid else "grey"),
        ListColumn("next_on", label("next_on"), lambda r: day_text(r.next_on) + (f" {r.next_time}" if r.next_time else
                   ""), Look.PLAIN, 96, filter=FilterKind.DATE, hidden=True),
        ListColumn("objection", label("objection"), words("objection"), Look.PLAIN, 110, filter=FilterKind.CHOICE,
                   choices=form["objection"].choices, hidden=True),
        ListColumn("remark", label("remark"), lambda r: r.remark or EMPTY, Look.SECONDARY, 160 - more,
                   filter=FilterKind.TEXT, hidden=office),
    )  # fmt: skip


def views(today: date) -> tuple[View, ...]:
    """Today, this week, this month, everything; who was not reached."""
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)

    def since(day: date) -> Asked:
        return Asked((("called_at", Between(day, today)),))

    return (
        View("today", lambda: _("Today"), since(today)),
        View("week", lambda: _("This week"), since(monday)),
        View("month", lambda: _("This month"), since(first)),
        View("unreached", lambda: _("Not reached"), Asked((("result", OneOf(("no_answer", "off", "wrong_number"))),))),
        View("all", lambda: _("All"), Asked()),
    )


class RegisterView(QWidget):
    """The list with its paper; a manager corrects a call beside it. Signals: `counted(total)`, `back_wanted`."""

    counted = Signal(int)
    back_wanted = Signal()

    def __init__(self, desk: Desk, *, office: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.office = desk, office
        self._wanted: str | None = None  # to be corrected once the list is there
        self.editor = EditPane(forms.get("callback"), desk.runner, fields=callbacks.CORRECTED)
        self.editor.setMinimumWidth(340)
        self.editor.hide()
        self.editor.saved.connect(self._save)
        self.editor.left.connect(self._leave)
        memory = ListMemory(desk.runner, "callbacks")
        self.pane = ListPane(
            callbacks.call_list(),
            columns(office),
            desk.runner,
            views=views(clock.today()),
            actions=self._actions(),
            detail=self.editor,
            empty=EmptyState("phone-call", _("No calls yet"), _("Every call that is logged stands here.")),
            memory=memory,
        )
        memory.load(self.pane.recall)
        self.register = Register(
            desk,
            self.pane,
            _("Register of valid callbacks"),
            query=callbacks.call_register,
            blank=callbacks.blank_register,
            spans=days_and_months,
        )
        self.pane.counted.connect(self.counted)
        self.pane.opened.connect(self._show_client if office else self.correct)
        self.pane.model.opened.connect(self._list_there)
        if not office:
            back = Button(_("Back to the calls"), icon="phone-call", small=True)
            back.clicked.connect(self.back_wanted)
            self.pane.add_tool(back)
        self.pane.add_tool(self.register.print_button)
        self.pane.add_tool(self.register.export_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.register)

    def load(self, view: str = "month") -> None:
        """Read again; the first time this month's calls."""
        if self.pane.model.ready:
            self.pane.reload()
        else:
            self.show_view(view)

    def show_view(self, key: str) -> None:
        """One of the standard views."""
        self.pane.open(next(view.asked for view in self.pane.chips.views() if view.key == key))

    def _actions(self) -> tuple[ListAction, ...]:
        client = ListAction(lambda: _("Show the client"), lambda ids: self._show_client(ids[0]), "user", bulk=False)
        correct = ListAction(lambda: _("Correct"), lambda ids: self.correct(ids[0]), "pencil", "F2", bulk=False)
        return (client,) if self.office else (correct, client)

    def _show_client(self, _call_id: str) -> None:
        row = self.pane.current_row()
        if row is not None:
            self.desk.go("clients", client_id=row.client_id)

    # -- correcting -----------------------------------------------------------------------------

    def go_to(self, call_id: str) -> None:
        """Show a call in the list of all, and its correction."""
        self._wanted = call_id
        self.show_view("all")

    def _list_there(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return

        def found(there: bool) -> None:
            if there and not self.office:
                self.correct(wanted)

        self.pane.find_row(wanted, found)

    def correct(self, call_id: str) -> None:
        """The form of a logged call beside the list."""

        def show(values: dict[str, Any] | None) -> None:
            if values is not None:
                when = within(instant_text(values["called_at"]))
                self.editor.edit(_("Correct the call of {name}, {when}").format(name=values["name"], when=when), values,
                                 call_id)  # fmt: skip
                self.editor.show()
                self.editor.focus("result")

        self.desk.runner.read(callbacks.call_values, call_id, then=show, key="callbacks.correct", owner=self)

    def _save(self, call_id: str, values: dict[str, Any]) -> None:
        def saved(_none: None) -> None:
            self.editor.done()
            self._leave()
            self.desk.done(_("Call corrected"))

        self.desk.runner.change(
            callbacks.change_callback, call_id, **values, then=saved, failed=self.editor.show_problems, owner=self
        )

    def _leave(self) -> None:
        self.editor.flush()
        self.editor.hide()
        self.pane.setFocus()
