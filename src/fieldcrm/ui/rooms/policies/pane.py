"""One policy: number, applicant, money, what comes due, its facts, callbacks so far, claims, changes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from fieldcrm.base import clock, forms
from fieldcrm.base.i18n import _
from fieldcrm.base.text import EMPTY, age_words, day_text, money, wan
from fieldcrm.core import policies
from fieldcrm.core.policies import PolicyCard
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import EmptyState
from fieldcrm.ui.kit.lines import Line
from fieldcrm.ui.kit.pane import Facts
from fieldcrm.ui.kit.record_pane import RecordPane
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.kit.text import Clamped

_REMARK_LINES = 6  # riders have a line each


class PolicyPane(RecordPane):
    """A policy. Signals besides: `callback_wanted(client id, policy id)`, `client_wanted(client id)`,
    `status_wanted(id, status)`."""

    kind = "policy"
    tab_keys = ("callbacks", "claims", "beneficiaries")
    wide_tabs = frozenset({"beneficiaries"})

    callback_wanted = Signal(str, str)
    client_wanted = Signal(str)
    status_wanted = Signal(str, str)

    card: PolicyCard | None

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(runner, policies.find_policy_card, parent)
        self.facts, self.remark = Facts(), Clamped(_REMARK_LINES, size=tokens.SMALL, token="soft")  # noqa: S106 a colour
        self.call_button = Button(_("Call back"), kind="primary", small=True)
        self.client_button = Button(_("Show the client"), small=True)
        self.call_button.clicked.connect(lambda: self.callback_wanted.emit(self._client(), self.record_id))
        self.client_button.clicked.connect(lambda: self.client_wanted.emit(self._client()))
        nothing = EmptyState("file-text", _("Choose a policy"), _("Everything about it stands here."))
        part = QWidget()
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.facts)
        column.addWidget(self.remark)
        self.lay(nothing, (self.call_button, self.client_button), part)

    def name(self) -> str:
        return self.card.row.number if self.card is not None else ""

    def _client(self) -> str:
        return (self.card.row.applicant_id or "") if self.card is not None else ""

    def fill(self, found: PolicyCard) -> None:
        self.card = card = found
        self._show_head(card)
        self.facts.set(card.facts)
        self.remark.setText(card.remark)
        self.remark.setVisible(bool(card.remark))
        self.tabs.set_words("callbacks", _("Callbacks"), len(card.callbacks))
        self.tabs.set_words("claims", _("Claims"), len(card.claims))
        self.tabs.set_words("beneficiaries", _("Beneficiaries"), len(card.beneficiaries))

    def _show_head(self, card: PolicyCard) -> None:
        row, form = card.row, forms.get("policy")
        chips = [(forms.show(form["line"], row.line), "blue")] if row.line else []
        status = form["status"].choice(row.status or "")
        if status is not None:
            chips.append((status.label, status.tone))
        self.head.set_name(row.product or row.number, chips)
        words = (row.number, row.applicant, age_words(card.applicant_age), card.applicant_phone, row.outlet)
        self.head.set_facts(" · ".join(filter(None, words)))
        self.figures.set(
            (form["premium_fen"].label, wan(row.premium_fen), money(row.premium_fen)),
            (form["principal_fen"].label, wan(row.principal_fen), money(row.principal_fen)),
            (
                row.due.kind_words or _("Maturity"),
                row.due.countdown(clock.today()),
                row.due.on.isoformat() if row.due.on else "",
            ),
        )
        known = bool(row.applicant_id and row.applicant)
        self.call_button.setEnabled(known)
        self.client_button.setEnabled(known)

    def lines_of(self, tab: str) -> list[Line]:
        made = {"callbacks": _call_lines, "claims": _claim_lines, "beneficiaries": _beneficiary_lines}
        return [] if self.card is None else made[tab](self.card)

    def empty_words(self, tab: str) -> str:
        return {
            "callbacks": _("Not called about this policy yet."),
            "claims": _("No claims."),
            "beneficiaries": _("No beneficiary noted."),
        }[tab]

    def menu(self) -> QMenu:
        """What else can be done with the policy."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        current = self.card.row.status if self.card is not None else None
        for choice in forms.get("policy")["status"].choices:
            if choice.code not in (current, "converted"):  # a conversion names its policy in the form
                words = _("Set to {status}").format(status=choice.label)
                menu.addAction(words).triggered.connect(
                    lambda _checked=False, code=choice.code: self.status_wanted.emit(self.record_id, code)
                )
        menu.addSeparator()
        menu.addAction(_("Delete")).triggered.connect(lambda: self.delete_wanted.emit(self.record_id))
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
