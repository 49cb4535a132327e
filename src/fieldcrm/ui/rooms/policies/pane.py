"""One policy: number, applicant, money, what comes due, its facts, callbacks so far, claims, changes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from fieldcrm.base import clock, forms
from fieldcrm.base.i18n import _
from fieldcrm.base.text import EMPTY, day_text, money, wan
from fieldcrm.core import policies, timeline
from fieldcrm.core.policies import PolicyCard
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.pane import Facts, Figures, Line, Lines, PaneHead, Tabs, menu_below
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.rooms.clients.words import days_words, history_lines

TABS = ("callbacks", "claims", "beneficiaries", "history")
LEFT = 84


class PolicyPane(QStackedWidget):
    """Shows the policy given to `show_policy`.

    Signals: `callback_wanted(client id, policy id)`, `client_wanted(client id)`, `edit_wanted(id)`,
    `status_wanted(id, status)`, `delete_wanted(id)`, `opened(kind, record id)`.
    """

    callback_wanted = Signal(str, str)
    client_wanted = Signal(str)
    edit_wanted = Signal(str)
    status_wanted = Signal(str, str)
    delete_wanted = Signal(str)
    opened = Signal(str, str)

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.policy_id: str | None = None
        self.card: PolicyCard | None = None
        self.head = PaneHead()
        self.figures = Figures(3)
        self.facts = Facts()
        self.tabs = Tabs(TABS)
        self.lines = Lines(LEFT)
        self._add_buttons()
        self._build()
        self.tabs.changed.connect(lambda _key: self._show_tab())
        self.lines.opened.connect(lambda key: self.opened.emit(*key.split(":", 1)))

    def _add_buttons(self) -> None:
        self.call_button = Button(_("Call back"), kind="primary", small=True)
        self.client_button = Button(_("Show the client"), small=True)
        self.edit_button = Button(_("Edit"), small=True)
        self.more_button = Button(icon="ellipsis", small=True)
        self.more_button.setToolTip(_("More"))
        self.more_button.setAccessibleName(_("More"))
        for button in (self.call_button, self.client_button, self.edit_button, self.more_button):
            self.head.add_button(button)
        self.call_button.clicked.connect(lambda: self.callback_wanted.emit(self._client(), self.policy_id))
        self.client_button.clicked.connect(lambda: self.client_wanted.emit(self._client()))
        self.edit_button.clicked.connect(lambda: self.edit_wanted.emit(self.policy_id))
        self.more_button.clicked.connect(lambda: self.menu().popup(menu_below(self.more_button)))

    def _build(self) -> None:
        card = Card(padded=False)
        top = QVBoxLayout()
        top.setContentsMargins(tokens.PAD, tokens.PAD - 2, tokens.PAD, 4)
        top.setSpacing(10)
        for widget in (self.head, self.figures, self.facts, self.tabs):
            top.addWidget(widget)
        card.body.addLayout(top)
        card.body.addWidget(self.lines, 1)
        nothing = Card()
        nothing.body.addWidget(EmptyState("file-text", _("Choose a policy"), _("Everything about it stands here.")))
        self.addWidget(nothing)
        self.addWidget(card)

    def show_policy(self, policy_id: str | None) -> None:
        """Read and show a policy; None shows nothing."""
        self.policy_id = policy_id
        key = f"policy-pane.{id(self)}"
        if policy_id is None:
            self._runner.drop(key)
            self.card = None
            self.setCurrentIndex(0)
        else:
            self._runner.read(policies.find_policy_card, policy_id, then=self._arrived, key=key, owner=self)

    def reload(self) -> None:
        """Read the policy again after a change."""
        self.show_policy(self.policy_id)

    def _client(self) -> str:
        return (self.card.row.applicant_id or "") if self.card is not None else ""

    def _arrived(self, card: PolicyCard | None) -> None:
        if card is None:
            self.show_policy(None)
            return
        self.card = card
        self.setCurrentIndex(1)
        self._show_head(card)
        self.facts.set(card.facts)
        self.tabs.set_words("callbacks", _("Callbacks"), len(card.callbacks))
        self.tabs.set_words("claims", _("Claims"), len(card.claims))
        self.tabs.set_words("beneficiaries", _("Beneficiaries"), len(card.beneficiaries))
        self.tabs.set_words("history", _("Changes"))
        self._show_tab()

    def _show_head(self, card: PolicyCard) -> None:
        row, form = card.row, forms.get("policy")
        chips = [(forms.show(form["line"], row.line), "blue")] if row.line else []
        status = form["status"].choice(row.status or "")
        if status is not None:
            chips.append((status.label, status.tone))
        self.head.set_name(row.product or row.number, chips)
        age = _("{age} y").format(age=card.applicant_age) if card.applicant_age is not None else ""
        words = (row.number, row.applicant, age, card.applicant_phone, row.outlet)
        self.head.set_facts(" · ".join(filter(None, words)))
        days = row.due.days(clock.today())
        self.figures.set(
            (form["premium_fen"].label, wan(row.premium_fen), money(row.premium_fen)),
            (form["principal_fen"].label, wan(row.principal_fen), money(row.principal_fen)),
            (
                row.due.kind_words or _("Maturity"),
                row.due.words if days is None else days_words(days),
                row.due.on.isoformat() if row.due.on else "",
            ),
        )
        known = bool(row.applicant_id and row.applicant)
        self.call_button.setEnabled(known)
        self.client_button.setEnabled(known)

    def _show_tab(self) -> None:
        card = self.card
        if card is None:
            return
        tab = self.tabs.current()
        self.lines.left_width = 0 if tab == "beneficiaries" else LEFT
        self.lines.empty = {
            "callbacks": _("Not called about this policy yet."),
            "claims": _("No claims."),
            "beneficiaries": _("No beneficiary noted."),
            "history": "",
        }[tab]
        if tab == "history":
            key = f"policy-history.{id(self)}"
            self._runner.read(timeline.history, "policy", card.row.id, then=self._show_history, key=key, owner=self)
            return
        made = {"callbacks": _call_lines, "claims": _claim_lines, "beneficiaries": _beneficiary_lines}
        self.lines.show_lines(made[tab](card))

    def _show_history(self, rows: tuple[timeline.HistoryRow, ...]) -> None:
        if self.tabs.current() == "history":
            self.lines.show_lines(history_lines(rows))

    def menu(self) -> QMenu:
        """What else can be done with the policy."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        current = self.card.row.status if self.card is not None else None
        for choice in forms.get("policy")["status"].choices:
            if choice.code not in (current, "converted"):  # a conversion names its policy in the form
                words = _("Set to {status}").format(status=choice.label)
                menu.addAction(words).triggered.connect(
                    lambda _checked=False, code=choice.code: self.status_wanted.emit(self.policy_id, code)
                )
        menu.addSeparator()
        menu.addAction(_("Delete")).triggered.connect(lambda: self.delete_wanted.emit(self.policy_id))
        return menu


def _call_lines(card: PolicyCard) -> list[Line]:
    valid = _("Valid")
    return [
        Line(day_text(c.on), c.result, c.tone, c.text or EMPTY, valid if c.valid else "", key=f"callback:{c.id}",
             right_tone="green" if c.valid else "")
        for c in card.callbacks
    ]  # fmt: skip


def _claim_lines(card: PolicyCard) -> list[Line]:
    lines = []
    for one in card.claims:
        paid = _("paid {amount}").format(amount=money(one.paid_fen)) if one.paid_fen is not None else ""
        amount = money(one.amount_fen) if one.amount_fen is not None else ""
        words = " · ".join(filter(None, (amount, paid, one.remark)))
        lines.append(Line(day_text(one.on), one.status, one.tone, words or EMPTY))
    return lines


def _beneficiary_lines(card: PolicyCard) -> list[Line]:
    return [Line("", "", "", words) for words in card.beneficiaries]
