"""The office's people: who is enrolled, when each last reported, what they brought; granting and revoking."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from fieldcrm.base import clock
from fieldcrm.base.i18n import _, ngettext, pgettext
from fieldcrm.base.text import day_text, instant_text
from fieldcrm.core import sync
from fieldcrm.core.sync import PeerRow
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button, keyed
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.columns import EMPTY, ListColumn, Look
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.rooms.sync.enrolment import GrantCard
from fieldcrm.ui.rooms.sync.exchange import PACKAGES, Exchange
from fieldcrm.ui.rooms.sync.given import GivenTable, SortKey

_REVOKE = "people.revoke"  # the topic of the question


class PeoplePage(Page):
    """`open(request=path)` looks at a dropped enrolment request."""

    kinds: ClassVar[frozenset[str]] = frozenset({"package", "person", "unit"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.set_heading(_("Units & people"))
        self.wants_quick_log = False
        self.exchange = Exchange(self)
        self.grant = GrantCard(desk)
        self.issue_button = Button(_("Package for this person…"), icon="upload", small=True)
        self.revoke_button = Button(_("Revoke…"), icon="unlink", small=True)
        self.card = Card(_("Enrolled computers"), padded=False)
        self._asked: PeerRow | None = None  # whose computer may be revoked, as the bar above says
        for button in (self.issue_button, self.revoke_button):
            self.card.add_button(button)
        self.table = GivenTable("people", people_columns(), lambda row: row.device, SORTS, desk.runner)
        self.empty = EmptyState(
            "users",
            _("Nobody is enrolled yet"),
            _("An account manager sends you a request; you grant it here."),
            ((_("Open a request…"), self.grant.choose),) if desk.book is not None else (),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        self.card.body.addWidget(self.stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.EDGE, 16, tokens.EDGE, 16)
        column.setSpacing(14)
        column.addWidget(self.grant)
        column.addWidget(self.card, 1)
        self.grant.setVisible(desk.book is not None)
        self.table.current_changed.connect(lambda _id: self._show_buttons())
        self.issue_button.clicked.connect(self._issue)
        self.revoke_button.clicked.connect(self._ask)
        keyed(self.grant.open_button, "Ctrl+O", self)
        keyed(self.issue_button, "Ctrl+E", self)
        self.setFocusProxy(self.table)
        self._show_buttons()

    def load(self) -> None:
        self.desk.runner.read(sync.list_peers, then=self._show, key="people", owner=self)

    def open(self, **what: Any) -> None:
        if what.get("request"):
            self.grant.look(Path(what["request"]))

    def _show(self, rows: Sequence[PeerRow]) -> None:
        below = [row for row in rows if row.relation == "below"]
        self.stack.setCurrentWidget(self.table if below else self.empty)
        self.table.show_rows(below)
        people = len({row.person_id for row in below if row.revoked_at is None})
        self.set_heading(
            _("Units & people"), ngettext("{n} person enrolled", "{n} people enrolled", people).format(n=people)
        )
        self._show_buttons()

    def _current(self) -> PeerRow | None:
        row = self.table.current_row()
        return row if isinstance(row, PeerRow) else None

    def _show_buttons(self) -> None:
        row = self._current()
        self.card.set_subtitle("")
        if row is not None:
            self.desk.runner.read(
                sync.peer_fingerprint, row.device, then=self._show_digits, key="people.digits", owner=self
            )
        able = row is not None and row.revoked_at is None
        self.issue_button.setVisible(able and self.desk.book is not None)
        self.revoke_button.setVisible(able)
        if self._asked is not None and (row is None or row.device != self._asked.device):
            self._unask()

    def _show_digits(self, digits: str) -> None:
        row = self._current()
        if row is not None:
            self.card.set_subtitle(_("Fingerprint of {name}: {digits}").format(name=row.name, digits=digits))

    def _issue(self) -> None:
        row = self._current()
        if row is not None:
            self.exchange.export(0, to=row.device)

    def _ask(self) -> None:
        self._asked = row = self._current()
        if row is not None:
            words = _("Revoke the computer of {name}? Its packages are refused from then on; this cannot be undone.")
            self.desk.say("warning", words.format(name=row.name), [(_("Revoke"), self._revoke)], topic=_REVOKE)

    def _unask(self) -> None:
        """The question is gone with what it was about: its button must never meet another person."""
        self._asked = None
        self.desk.unsay(_REVOKE)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._asked is not None:
            self._unask()

    def _revoke(self) -> None:
        row = self._asked
        if row is not None:
            self._unask()
            self.desk.runner.change(sync.revoke_peer, row.device, then=self._revoked, owner=self)

    def _revoked(self, name: str) -> None:
        self.desk.say("done", _("The computer of {name} was revoked.").format(name=name), seconds=12)
        self.desk.runner.tell(PACKAGES)


SORTS: dict[str, SortKey] = {
    "name": lambda r: r.name,
    "unit": lambda r: (r.unit, r.name),
    "last": lambda r: r.last_at,
    "clients": lambda r: r.clients,
    "policies": lambda r: r.policies,
    "callbacks": lambda r: r.callbacks,
    "diary": lambda r: r.diary_on,
    "since": lambda r: r.enrolled_at,
    "state": lambda r: r.revoked_at is not None,
}


def people_columns() -> list[ListColumn]:
    """Person, unit, last package, records, callbacks of the month, last diary, enrolled, state."""
    return [
        ListColumn("name", lambda: _("Person"), lambda r: r.name, Look.PLAIN, 120,
                   tip=lambda r: r.name),
        ListColumn("unit", lambda: _("Unit"), lambda r: r.unit, width=170, tip=lambda r: r.unit,
                   ends=True),
        ListColumn("last", lambda: _("Last package"), _last, Look.SECONDARY, 190, tip=_last),
        ListColumn("clients", lambda: _("Clients"), lambda r: f"{r.clients:,}", Look.NUMBER, 98),
        ListColumn("policies", lambda: pgettext("client", "Policies"), lambda r: f"{r.policies:,}", Look.NUMBER, 98),
        ListColumn("callbacks", lambda: _("Calls this month"), lambda r: f"{r.callbacks:,}", Look.NUMBER, 126),
        ListColumn("diary", lambda: _("Last diary"), lambda r: day_text(r.diary_on) if r.diary_on else EMPTY,
                   Look.SECONDARY, 100),
        ListColumn("since", lambda: _("Enrolled"), lambda r: day_text(clock.day_of(r.enrolled_at)),
                   Look.SECONDARY, 100, tip=lambda r: instant_text(r.enrolled_at)),
        ListColumn("state", lambda: _("State"), _state, Look.CHIP, 86, _tone),
    ]  # fmt: skip


def _last(row: PeerRow) -> str:
    if row.last_at is None:
        return EMPTY
    return f"{instant_text(row.last_at)} · " + _("package {n}").format(n=row.last_number)


def _state(row: PeerRow) -> str:
    return _("Revoked") if row.revoked_at else _("Trusted")


def _tone(row: PeerRow) -> str:
    return "red" if row.revoked_at else "green"
