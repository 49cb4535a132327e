"""One client from all sides: who, worth, what comes due, next step, time, policies, family, complaints, history."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from fieldcrm.base import clock, text
from fieldcrm.base.i18n import _, pgettext
from fieldcrm.base.text import EMPTY, money, wan
from fieldcrm.core import clients, timeline
from fieldcrm.core.clients import ClientCard
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import EmptyState
from fieldcrm.ui.kit.chips import Chip
from fieldcrm.ui.kit.flow import Flow
from fieldcrm.ui.kit.lines import Line, time_lines
from fieldcrm.ui.kit.pane import NextStepPanel
from fieldcrm.ui.kit.record_pane import RecordPane
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.kit.text import soft
from fieldcrm.ui.rooms.clients import words


@dataclass(frozen=True)
class Whole:
    """What the pane reads of a client on one snapshot."""

    card: ClientCard
    entries: tuple[timeline.Entry, ...]


def read_whole(session: Any, client_id: str) -> Whole | None:
    """The card and the timeline of a client; None when it is gone (runs on a reader)."""
    card = clients.find_client_card(session, client_id)
    return None if card is None else Whole(card, timeline.client_timeline(session, client_id))


class ClientPane(RecordPane):
    """A client. Signals besides, all with the client's id: `log_wanted`, `plan_wanted`, `complain_wanted`,
    `relate_wanted`, `policy_wanted`, `same_wanted`; `client_wanted` with a related one's."""

    kind = "client"
    tab_keys = ("time", "policies", "family", "complaints")
    wide_tabs = frozenset({"policies", "family"})

    log_wanted = Signal(str)
    plan_wanted = Signal(str)
    complain_wanted = Signal(str)
    relate_wanted = Signal(str)
    policy_wanted = Signal(str)
    same_wanted = Signal(str)
    client_wanted = Signal(str)
    step_done = Signal(str)
    step_put_off = Signal(str)
    entry_wanted = Signal(str)
    entry_deleted = Signal(str)
    unrelated = Signal(str)

    card: ClientCard | None

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(runner, read_whole, parent)
        self._entries: tuple[timeline.Entry, ...] = ()
        self.next = NextStepPanel()
        self.done_button = Button(_("Done"), small=True)
        self.put_off_button = Button(_("Put off…"), small=True)
        self._gaps = QWidget()
        self._gap_flow = Flow(self._gaps, 6)
        self.log_button = Button(_("Log a call"), kind="primary", small=True)
        self.plan_button = Button(_("Add to plan"), small=True)
        self.log_button.clicked.connect(lambda: self.log_wanted.emit(self.record_id))
        self.plan_button.clicked.connect(lambda: self.plan_wanted.emit(self.record_id))
        for button, signal in ((self.done_button, self.step_done), (self.put_off_button, self.step_put_off)):
            self.next.add_button(button)
            button.clicked.connect(lambda _checked=False, signal=signal: self._step(signal))
        self.lines.menu_wanted.connect(self._line_menu)
        self.head.reveal_wanted.connect(self._reveal)
        nobody = EmptyState("user", _("Choose a client"), _("Everything about them stands here."))
        self.lay(nobody, (self.log_button, self.plan_button), self._gaps, foot=self.next)

    def name(self) -> str:
        return self.card.name if self.card is not None else ""

    # -- showing --------------------------------------------------------------------------------

    def fill(self, found: Whole) -> None:
        self.card, self._entries = found.card, found.entries
        self._show_head(found.card)
        self._show_gaps(found.card)
        self._show_counts(found.card)

    def _show_head(self, card: ClientCard) -> None:
        phone = card.phones[0].number if card.phones else ""
        self.head.set_name(card.name, words.chips(card))
        hidden = bool(phone or (card.document and card.type == "person"))
        self.head.set_facts(words.facts(card, phone, card.document), hidden=hidden)
        day = card.due.on.isoformat() if card.due.on else ""
        silent, since = EMPTY, _("Never contacted")
        if card.contacted_on is not None:
            silent, since = words.ago_words((clock.today() - card.contacted_on).days), card.contacted_on.isoformat()
        self.figures.set(
            (_("Premium in force"), wan(card.worth_fen), money(card.worth_fen)),
            (card.due.kind_words or _("Maturity"), card.due.countdown(clock.today()), day),
            (_("Last contact"), silent, since),
        )
        self.next.set_step(*words.step_words(card.next_step))
        for button in (self.done_button, self.put_off_button):
            button.setVisible(card.next_step is not None and card.next_step.kind == "task")

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

    def lines_of(self, tab: str) -> list[Line]:
        if tab == "time":
            return time_lines(self._entries)
        made = {"policies": words.policy_lines, "family": words.family_lines, "complaints": words.complaint_lines}
        return [] if self.card is None else made[tab](self.card)

    def empty_words(self, tab: str) -> str:
        return words.empty_words(tab)

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
            menu.addAction(title).triggered.connect(lambda _checked=False, signal=signal: signal.emit(self.record_id))
        return menu

    def _step(self, signal: Any) -> None:
        if self.card is not None and self.card.next_step is not None:
            signal.emit(self.card.next_step.id)

    def _open(self, key: str) -> None:
        kind, _colon, record_id = key.partition(":")
        if kind == "client":
            self.client_wanted.emit(record_id)
        elif kind == "contact":
            self.entry_wanted.emit(record_id)
        else:
            super()._open(key)

    def _line_menu(self, key: str, place: QPoint) -> None:
        """What else can be done with a line: an entry corrected or deleted, a relation removed."""
        kind, _colon, record_id = key.partition(":")
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if kind == "contact":
            menu.addAction(_("Correct"), partial(self.entry_wanted.emit, record_id))
            menu.addAction(_("Delete"), partial(self.entry_deleted.emit, record_id))
        else:
            menu.addAction(_("Open"), partial(self._open, key))
            for one in self.card.related if kind == "client" and self.card is not None else ():
                if one.client_id == record_id:
                    menu.addAction(_("Remove the relation"), partial(self.unrelated.emit, one.relation_id))
        menu.popup(place)

    def _reveal(self) -> None:
        card = self.card
        if card is None:
            return

        hidden = ["phone"] if card.phones else []
        hidden += ["id_number"] if card.document and card.type == "person" else []
        seen = {"id_number": card.document}

        def shown(what: str, number: str | None) -> None:
            seen[what] = number or ""
            if what == hidden[-1] and self.card is card:
                self.head.set_facts(words.facts(card, text.phone(seen.get("phone", "")), seen["id_number"]))

        for what in hidden:
            self._runner.change(clients.reveal, card.id, what, then=partial(shown, what), owner=self)
