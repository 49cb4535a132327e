"""Enrolment by steps: the manager's request and grant; the office's grants; fingerprints to compare by telephone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fieldcrm.base import clock
from fieldcrm.base.data.store import Changes
from fieldcrm.base.i18n import _
from fieldcrm.core import sync
from fieldcrm.core.sync import Enrolled
from fieldcrm.ui.kit import choosing, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, Panel
from fieldcrm.ui.kit.page import Desk
from fieldcrm.ui.kit.text import Label, soft

ENROLLED = Changes(None, frozenset({"package", "person", "unit"}))


class Fingerprint(Panel):
    """Who stands in a file and the twelve digits, large; a button that says they match.

    The keyboard stands on the other one: who presses Enter without having read them trusts nobody.
    """

    matched = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("blue", parent=parent)
        self.who = Label("", bold=True)
        self.digits = Label("", size=26, bold=True)
        self.digits.setMinimumHeight(self.digits.fontMetrics().height())  # never cut, however low the page
        self.digits.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.how = soft("", wrap=True)
        self.match_button = Button(kind="primary", small=True)
        self.leave_button = Button(_("Does not match"), small=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.match_button)
        row.addWidget(self.leave_button)
        row.addStretch()
        for widget in (self.who, self.digits, self.how):
            self.body.addWidget(widget)
        self.body.addSpacing(6)
        self.body.addLayout(row)
        self.match_button.clicked.connect(self.matched)
        self.leave_button.clicked.connect(self.left)
        self.hide()

    def show_own(self, digits: str) -> None:
        """Our own digits, to be read out."""
        self.who.setText(_("Your fingerprint"))
        self.digits.setText(digits)
        self.how.setText(_("Read it to the office by telephone when it grants the request."))
        self.match_button.hide()
        self.leave_button.hide()
        self.show()

    def ask(self, found: Enrolled, match: str) -> None:
        """The other side's, to be compared before it is trusted; `match` is what the button says."""
        self.who.setText(" · ".join(p for p in (found.unit_name, found.person_name) if p))
        self.digits.setText(found.fingerprint)
        self.how.setText(
            _(
                "Call {name} on a number you know and compare these digits. Only go on when all twelve are equal."
            ).format(name=found.person_name)
        )
        self.match_button.setText(match)
        self.match_button.show()
        self.leave_button.show()
        self.show()
        self.leave_button.setFocus()


class EnrolCard(Card):
    """A manager's way in: write the request, read the digits out, accept the grant."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(_("Enrol with your office"), _("Once; then packages go both ways"), parent=parent)
        self.desk = desk
        self._grant: Path | None = None
        self.request_button = Button(_("Write the request…"), icon="key-round", kind="primary", small=True)
        self.accept_button = Button(_("Open the grant…"), icon="shield-check", small=True)
        self.own = Fingerprint()
        self.other = Fingerprint()
        self.body.setSpacing(10)
        for number, words, widget in (
            (1, _("Write a request file and send it to your office by mail or USB stick."), self.request_button),
            (2, _("The office calls you: read your fingerprint to it."), self.own),
            (3, _("Open the grant file that the office sends back, and compare its fingerprint."), self.accept_button),
        ):
            self.body.addLayout(_step(number, words, widget))
        self.body.addWidget(self.other)
        self.body.addStretch()
        self.request_button.clicked.connect(self._request)
        self.accept_button.clicked.connect(self._open_grant)
        self.other.matched.connect(self._accept)
        self.other.left.connect(self._leave)
        if desk.book is not None:
            self.own.show_own("…")
            desk.runner.background(sync.own_fingerprint, desk.book, then=self.own.show_own, owner=self)

    def _request(self) -> None:
        path = choosing.save_file(self, _("Save the request"), f"fieldcrm-request-{clock.today():%Y%m%d}.xlsx")
        if path is not None:
            book = self.desk.book
            self.desk.runner.job(
                _("Writing the request"), lambda _p: sync.request(book, path), then=lambda _d: self._requested(path),
                owner=self,
            )  # fmt: skip

    def _requested(self, path: Path) -> None:
        self.request_button.set_kind("secondary")
        self.accept_button.set_kind("primary")
        self.desk.say("done", _("Request written: {file}. Send it to your office.").format(file=path.name), seconds=20)

    def _open_grant(self) -> None:
        path = choosing.open_file(self, _("Open the grant"))
        if path is not None:
            self.look(path)

    def look(self, path: Path) -> None:
        """Show the office of a grant file, to be compared."""
        self._grant = path
        self.desk.runner.background(
            sync.look, path, "grant", then=lambda found: self.other.ask(found, _("All digits match: accept")),
            failed=lambda _error: self._leave(), owner=self,
        )  # fmt: skip

    def _accept(self) -> None:
        book, path = self.desk.book, self._grant
        if path is not None:
            self.desk.runner.job(
                _("Accepting the grant"), lambda _p: sync.accept(book, path), then=self._accepted, owner=self
            )

    @property
    def comparing(self) -> bool:
        """Whether a grant lies there to be compared: also of an office that the book knows already."""
        return self._grant is not None

    def _leave(self) -> None:
        self._grant = None
        self.accept_button.setFocus()  # else Qt hands the keyboard to whatever stands next
        self.other.hide()

    def _accepted(self, office: Enrolled) -> None:
        self._leave()
        self.desk.say("done", _("You are enrolled with {unit}.").format(unit=office.unit_name), seconds=20)
        self.desk.know_me()  # the unit is the office's now
        self.desk.runner.tell(ENROLLED)


class GrantCard(Card):
    """An office takes a manager in or helps one who forgot the password: open the request, compare, answer."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(_("Enrol an account manager"), parent=parent)
        self.desk = desk
        self._request: Path | None = None
        self._forgotten = False  # the request asks for help with a forgotten password
        self.open_button = Button(_("Open a request…"), icon="key-round", small=True)
        self.add_button(self.open_button)
        self.words = soft(_("The manager sends you a request file. Compare the fingerprint before you grant it."))
        self.other = Fingerprint()
        self.body.addWidget(self.words)
        self.body.addWidget(self.other)
        self.open_button.clicked.connect(self.choose)
        self.other.matched.connect(self._grant)
        self.other.left.connect(self._leave)

    def choose(self) -> None:
        """Ask for a request file and show who asks in it."""
        path = choosing.open_file(self, _("Open a request"))
        if path is not None:
            self.look(path)

    def look(self, path: Path) -> None:
        """Show who asks in a request file, to be compared."""
        self._request = path
        self.desk.runner.background(look_at, self.desk.book, path, then=self._ask, owner=self)

    def _ask(self, found: tuple[Enrolled, bool]) -> None:
        who, self._forgotten = found
        self.other.ask(who, _("All digits match: let in…") if self._forgotten else _("All digits match: grant…"))
        if self._forgotten:
            self.other.who.setText(_("Forgotten password") + " · " + self.other.who.text())

    def _grant(self) -> None:
        source, book = self._request, self.desk.book
        name, act = ("answer", sync.recover.grant) if self._forgotten else ("grant", sync.grant)
        path = choosing.save_file(self, _("Save the grant"), f"fieldcrm-{name}-{clock.today():%Y%m%d}.xlsx")
        if path is not None and source is not None:
            self.desk.runner.job(
                _("Writing the grant"), lambda _p: act(book, source, path),
                then=lambda found: self._granted(found, path), owner=self,
            )  # fmt: skip

    def _leave(self) -> None:
        self.open_button.setFocus()
        self.other.hide()

    def _granted(self, found: Enrolled, path: Path) -> None:
        self._leave()
        words = _("{name} is enrolled. Send back the grant: {file}")
        if self._forgotten:
            words = _("{name} gets in with the file {file}. Send it back.")
        words = words.format(name=found.person_name, file=path.name)
        self.desk.say("done", words, seconds=20)
        self.desk.runner.tell(ENROLLED)


def look_at(book: Any, path: Path) -> tuple[Enrolled, bool]:
    """Who asks in a request, and whether for help with a forgotten password instead of enrolment."""
    forgotten = sync.recover.look(book, path)
    return (forgotten, True) if forgotten else (sync.look(path, "request"), False)


def _step(number: int, words: str, widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(12)
    mark = Label(str(number), size=tokens.LARGE, bold=True, token="accent_text")  # noqa: S106 a colour's name
    mark.setFixedWidth(18)
    column = QVBoxLayout()
    column.setSpacing(6)
    column.addWidget(Label(words, wrap=True))
    column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft if isinstance(widget, Button) else Qt.AlignmentFlag(0))
    row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(column, 1)
    return row
