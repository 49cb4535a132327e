"""One client from all sides: who, worth, what comes due, next step, time, policies, family, complaints, history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from fieldcrm.base import clock, text
from fieldcrm.base.i18n import _, pgettext
from fieldcrm.base.text import EMPTY, money, wan
from fieldcrm.core import clients, timeline
from fieldcrm.core.clients import ClientCard
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.chips import Chip
from fieldcrm.ui.kit.flow import Flow
from fieldcrm.ui.kit.pane import Figures, Lines, NextStepPanel, PaneHead, Tabs, menu_below
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.kit.text import soft
from fieldcrm.ui.rooms.clients import words

TABS = ("time", "policies", "family", "complaints", "history")
LEFT = 84


@dataclass(frozen=True)
class Whole:
    """What the pane reads of a client on one snapshot."""

    card: ClientCard
    entries: tuple[timeline.Entry, ...]


def read_whole(session: Any, client_id: str) -> Whole | None:
    """The card and the timeline of a client; None when it is gone (runs on a reader)."""
    card = clients.find_client_card(session, client_id)
    return None if card is None else Whole(card, timeline.client_timeline(session, client_id))


class ClientPane(QStackedWidget):
    """Shows the client given to `show_client`.

    Signals carry the client's id: `log_wanted`, `plan_wanted`, `complain_wanted`, `edit_wanted`, `delete_wanted`,
    `relate_wanted`, `policy_wanted`, `same_wanted`; `client_wanted` a related one's, `opened(kind, record id)` a line
    of the timeline.
    """

    log_wanted = Signal(str)
    plan_wanted = Signal(str)
    complain_wanted = Signal(str)
    edit_wanted = Signal(str)
    delete_wanted = Signal(str)
    relate_wanted = Signal(str)
    policy_wanted = Signal(str)
    same_wanted = Signal(str)
    client_wanted = Signal(str)
    opened = Signal(str, str)

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.client_id: str | None = None
        self.card: ClientCard | None = None
        self._entries: tuple[timeline.Entry, ...] = ()
        self.head = PaneHead()
        self.figures = Figures(3)
        self.tabs = Tabs(TABS)
        self.lines = Lines(LEFT)
        self.next = NextStepPanel()
        self._gaps = QWidget()
        self._gap_flow = Flow(self._gaps, 6)
        self._add_buttons()
        self._build()
        self.tabs.changed.connect(lambda _key: self._show_tab())
        self.lines.opened.connect(self._open)
        self.head.reveal_wanted.connect(self._reveal)

    def _add_buttons(self) -> None:
        self.log_button = Button(_("Log a call"), kind="primary", small=True)
        self.plan_button = Button(_("Add to plan"), small=True)
        self.edit_button = Button(_("Edit"), small=True)
        self.more_button = Button(icon="ellipsis", small=True)
        self.more_button.setToolTip(_("More"))
        self.more_button.setAccessibleName(_("More"))
        for button in (self.log_button, self.plan_button, self.edit_button, self.more_button):
            self.head.add_button(button)
        self.log_button.clicked.connect(lambda: self.log_wanted.emit(self.client_id))
        self.plan_button.clicked.connect(lambda: self.plan_wanted.emit(self.client_id))
        self.edit_button.clicked.connect(lambda: self.edit_wanted.emit(self.client_id))
        self.more_button.clicked.connect(lambda: self.menu().popup(menu_below(self.more_button)))

    def _build(self) -> None:
        card = Card(padded=False)
        top = QVBoxLayout()
        top.setContentsMargins(tokens.PAD, tokens.PAD - 2, tokens.PAD, 4)
        top.setSpacing(10)
        top.addWidget(self.head)
        top.addWidget(self.figures)
        top.addWidget(self._gaps)
        top.addWidget(self.tabs)
        foot = QVBoxLayout()
        foot.setContentsMargins(tokens.PAD, 8, tokens.PAD, tokens.PAD - 4)
        foot.addWidget(self.next)
        card.body.addLayout(top)
        card.body.addWidget(self.lines, 1)
        card.body.addLayout(foot)
        nobody = Card()
        nobody.body.addWidget(EmptyState("user", _("Choose a client"), _("Everything about them stands here.")))
        self.addWidget(nobody)
        self.addWidget(card)

    # -- showing --------------------------------------------------------------------------------

    def show_client(self, client_id: str | None) -> None:
        """Read and show a client; None shows nobody."""
        self.client_id = client_id
        if client_id is None:
            self._runner.drop(self._key())
            self.card = None
            self.setCurrentIndex(0)
        else:
            self._runner.read(read_whole, client_id, then=self._arrived, key=self._key(), owner=self)

    def reload(self) -> None:
        """Read the client again after a change."""
        self.show_client(self.client_id)

    def _key(self) -> str:
        return f"client-pane.{id(self)}"

    def _arrived(self, whole: Whole | None) -> None:
        if whole is None:
            self.show_client(None)
            return
        self.card, self._entries = whole.card, whole.entries
        self.setCurrentIndex(1)
        self._show_head(whole.card)
        self._show_gaps(whole.card)
        self._show_counts(whole.card)
        self._show_tab()

    def _show_head(self, card: ClientCard) -> None:
        phone = card.phones[0].number if card.phones else ""
        self.head.set_name(card.name, words.chips(card))
        self.head.set_facts(words.facts(card, phone), hidden=bool(phone))
        due = card.due.words if card.due_days is None else words.days_words(card.due_days)
        day = card.due.on.isoformat() if card.due.on else ""
        silent, since = EMPTY, _("Never contacted")
        if card.contacted_on is not None:
            silent, since = words.ago_words((clock.today() - card.contacted_on).days), card.contacted_on.isoformat()
        self.figures.set(
            (_("Premium in force"), wan(card.worth_fen), money(card.worth_fen)),
            (card.due.kind_words or _("Maturity"), due, day),
            (_("Last contact"), silent, since),
        )
        self.next.set_step(*words.step_words(card.next_step))

    def _show_gaps(self, card: ClientCard) -> None:
        """Lines held and not held; a gap is what can be planned next."""
        while (item := self._gap_flow.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for heading, held, tone in ((_("Held"), True, "green"), (_("Gaps"), False, "grey")):
            shown = [line for line in card.lines if line.held is held]
            if shown:
                self._gap_flow.addWidget(soft(heading))
            for line in shown:
                self._gap_flow.addWidget(Chip(line.label, tone, self._gaps))

    def _show_counts(self, card: ClientCard) -> None:
        family = _("Family") if card.type == "person" else _("Related")
        self.tabs.set_words("time", _("Contacts"))
        self.tabs.set_words("policies", pgettext("client", "Policies"), len(card.policies))
        self.tabs.set_words("family", family, len(card.related))
        self.tabs.set_words("complaints", _("Complaints"), len(card.complaints))
        self.tabs.set_words("history", _("Changes"))

    def _show_tab(self) -> None:
        card = self.card
        if card is None:
            return
        tab = self.tabs.current()
        self.lines.left_width = LEFT if tab in ("time", "complaints", "history") else 0
        self.lines.empty = words.empty_words(tab)
        if tab == "history":
            key = f"client-history.{id(self)}"
            self._runner.read(timeline.history, "client", card.id, then=self._show_history, key=key, owner=self)
        elif tab == "time":
            self.lines.show_lines(words.time_lines(self._entries))
        else:
            made = {"policies": words.policy_lines, "family": words.family_lines, "complaints": words.complaint_lines}
            self.lines.show_lines(made[tab](card))

    def _show_history(self, rows: tuple[timeline.HistoryRow, ...]) -> None:
        if self.tabs.current() == "history":
            self.lines.show_lines(words.history_lines(rows))

    # -- doing ----------------------------------------------------------------------------------

    def menu(self) -> QMenu:
        """What else can be done with the client."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for title, signal in (
            (_("New policy"), self.policy_wanted),
            (_("New complaint"), self.complain_wanted),
            (_("Add a relation"), self.relate_wanted),
            (_("Find duplicates"), self.same_wanted),
            (_("Delete"), self.delete_wanted),
        ):
            menu.addAction(title).triggered.connect(lambda _checked=False, signal=signal: signal.emit(self.client_id))
        return menu

    def _open(self, key: str) -> None:
        kind, _colon, record_id = key.partition(":")
        if kind == "client":
            self.client_wanted.emit(record_id)
        else:
            self.opened.emit(kind, record_id)

    def _reveal(self) -> None:
        card = self.card
        if card is None:
            return

        def shown(number: str | None) -> None:
            if number and self.card is card:
                self.head.set_facts(words.facts(card, text.phone(number)))

        self._runner.change(clients.reveal, card.id, "phone", then=shown, owner=self)
