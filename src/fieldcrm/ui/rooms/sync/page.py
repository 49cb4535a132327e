"""The manager's Sync page: what will go out, packages out and in with a preview, the register with undo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _, ngettext
from fieldcrm.base.text import instant_text, within
from fieldcrm.base.vault import SHORTEST
from fieldcrm.core import sync
from fieldcrm.core.sync import Looked, Outgoing, PackageRow
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button, Segmented, keyed
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.chips import Chip
from fieldcrm.ui.kit.flow import Flow
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.kit.text import Label, soft
from fieldcrm.ui.rooms.sync.cells import PreviewCard
from fieldcrm.ui.rooms.sync.enrolment import EnrolCard
from fieldcrm.ui.rooms.sync.exchange import Exchange
from fieldcrm.ui.rooms.sync.given import GivenTable
from fieldcrm.ui.rooms.sync.register import SORTS, register_columns

SEALED, READABLE = "sealed", "readable"


class OutCard(Card):
    """What will go out, in words; how it is closed."""

    def __init__(self) -> None:
        super().__init__(_("Will go out"), "")
        self.count = Label("", size=tokens.LARGE, bold=True)
        self.chips = QWidget()
        self._flow = Flow(self.chips, 8)
        self.last = soft("", wrap=True)
        self.way = Segmented([(SEALED, _("Sealed")), (READABLE, _("Readable"))], SEALED)
        self.way.setAccessibleName(_("How the package is closed"))
        self.way.setMaximumWidth(200)
        self.way_words = soft("", wrap=True)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(_("Password, at least {n} characters").format(n=SHORTEST))
        self.password.setAccessibleName(_("Password of the package"))
        self.password.setFixedWidth(240)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.way)
        row.addWidget(self.way_words, 1)
        row.addWidget(self.password)
        self.body.setSpacing(8)
        for widget in (self.count, self.chips, self.last):
            self.body.addWidget(widget)
        self.body.addSpacing(4)
        self.body.addLayout(row)
        self.way.changed.connect(self._show_way)
        self._show_way()

    def show_outgoing(self, out: Outgoing) -> None:
        n = out.total
        self.set_subtitle(_("to {office}").format(office=out.office or ""))
        words = ngettext("{n} change since the office last confirmed", "{n} changes since the office last confirmed", n)
        self.count.setText(words.format(n=f"{n:,}") if n else _("Everything has arrived at the office"))
        while (item := self._flow.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for kind in out.kinds:
            self._flow.addWidget(Chip(f"{kind.label} {kind.count:,}", "blue"))
        self.chips.setVisible(bool(out.kinds))
        self.chips.updateGeometry()
        self.last.setText(last_words(out))

    def _show_way(self) -> None:
        readable = self.way.value() == READABLE
        self.password.setVisible(readable)
        self.way_words.setText(
            _("Rows can be read by people who know the password.")
            if readable
            else _("Only the office's own computer can open it.")
        )
        if readable:
            self.password.setFocus()


class SyncPage(Page):
    """`open(paths=[…], password="…")` looks into dropped packages; `open(grant=path)` compares a grant."""

    kinds: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.set_heading(_("Sync"))
        self.wants_quick_log = False
        self.number = 1
        self.exchange = Exchange(self)
        self.import_button = Button(_("Import…"), icon="download", parent=self)
        self.export_button = Button(_("Export package…"), kind="primary", icon="upload", parent=self)
        for button in (self.import_button, self.export_button):
            button.hide()
        self.out = OutCard()
        self.enrol = EnrolCard(desk)
        self.enrol.other.left.connect(self.refresh)
        self.preview = PreviewCard()
        self.history = Card(_("Packages"), padded=False)
        self.undo_button = Button(_("Take the last import back"), icon="undo-2", hint="Ctrl Z", small=True)
        self.undo_button.hide()
        self.history.add_button(self.undo_button)
        self.table = GivenTable("sync.register", register_columns(), lambda row: row.id, SORTS, desk.runner)
        self.empty = EmptyState(
            "refresh-cw", _("No package yet"), _("What you send to your office and what comes back stands here.")
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        self.history.body.addWidget(self.stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.EDGE, 16, tokens.EDGE, 16)
        column.setSpacing(14)
        column.addWidget(self.out)
        column.addWidget(self.enrol)
        column.addWidget(self.preview, 3)
        column.addWidget(self.history, 2)
        column.addStretch()
        for card in (self.out, self.enrol, self.preview):
            card.hide()
        self._connect()

    def _connect(self) -> None:
        keyed(self.import_button, "Ctrl+O", self)
        keyed(self.export_button, "Ctrl+E", self)
        self.import_button.clicked.connect(self.exchange.choose)
        self.export_button.clicked.connect(self.export)
        self.out.password.returnPressed.connect(self.export)
        self.exchange.looked.connect(self._show_preview)
        self.exchange.merged.connect(lambda _results: self._end_preview())
        self.preview.wanted.connect(self._merge)
        self.preview.left.connect(self._end_preview)
        self.preview.unlock.connect(lambda looked, word: self._look([x.path for x in looked], word))
        self.undo_button.clicked.connect(lambda: self.desk.runner.undo())

    # -- the page -------------------------------------------------------------------------------

    def load(self) -> None:
        runner = self.desk.runner
        device = runner.store.author.device
        runner.read(sync.read_outgoing, device, then=self._show, key="sync.out", owner=self)
        runner.read(sync.list_packages, own=device, then=self._show_register, key="sync.register", owner=self)

    def open(self, **what: Any) -> None:
        if what.get("paths"):
            self._look([Path(p) for p in what["paths"]], what.get("password", ""))
        if what.get("grant"):
            self.enrol.look(Path(what["grant"]))
            self.enrol.show()

    def export(self) -> None:
        """Write the next package; a readable one wants a password first."""
        password = None
        if self.out.way.value() == READABLE:
            password = self.out.password.text()
            if len(password) < SHORTEST:
                self.out.password.setProperty("problem", True)
                self.out.password.style().polish(self.out.password)
                self.out.password.setFocus()
                words = _("A readable package holds personal data: give it a password of at least {n} characters.")
                self.desk.say("warning", words.format(n=SHORTEST), seconds=12)
                return
        self.exchange.export(self.number, password=password)

    def _show(self, out: Outgoing) -> None:
        enrolled = out.office is not None
        was_enrolling = self.enrol.isAncestorOf(self.focusWidget() or self)
        self.number = (out.status.sent_number or 0) + 1
        self.out.setVisible(enrolled and self.preview.isHidden())
        self.enrol.setVisible(not enrolled or self.enrol.comparing)
        self.history.setVisible(enrolled)  # before that there are no packages
        if enrolled:
            self.out.show_outgoing(out)
        waits = ngettext("{n} change waits", "{n} changes wait", out.total).format(n=f"{out.total:,}")
        self.set_heading(_("Sync"), waits if enrolled else _("Not enrolled with an office yet"))
        buttons = [self.import_button, self.export_button] if enrolled and self.desk.book is not None else []
        if buttons != self.header_buttons:
            self.header_buttons = list(buttons)
            self.heading.emit()
        if enrolled and was_enrolling:
            self.export_button.setFocus()  # else Qt hands the keyboard to whatever stands next
        self.desk.badge("sync", out.total or None)

    def _show_register(self, rows: Sequence[PackageRow]) -> None:
        self.stack.setCurrentWidget(self.table if rows else self.empty)
        self.table.show_rows(rows)
        self.undo_button.setVisible(any(row.last_import for row in rows))

    def _look(self, paths: Sequence[Path], password: str = "") -> None:
        self.preview.password = password
        self.exchange.look(paths, password or None)

    def _show_preview(self, looked: Sequence[Looked]) -> None:
        self.out.hide()  # the changed cells need the room
        self.preview.show_looked(looked, self.preview.password)
        self.preview.show()

    def _end_preview(self) -> None:
        self.preview.decided.clear()
        self.preview.hide()
        self.out.setVisible(self.enrol.isHidden())

    def _merge(self, looked: Sequence[Looked], password: str) -> None:
        paths = [x.path for x in looked]
        self.exchange.merge(paths, dict.fromkeys(paths, password) if password else None, dict(self.preview.decided))


def last_words(out: Outgoing) -> str:
    """The last package sent, and what the office confirmed."""
    status = out.status
    if status.sent_at is None:
        return _("No package sent yet")
    words = [_("Last sent {when}").format(when=within(instant_text(status.sent_at)))]
    if status.sent_number is not None:
        words.append(_("package {n}").format(n=status.sent_number))
    words.append(
        _("office confirmed up to {n}").format(n=status.confirmed_number)
        if status.confirmed_number is not None
        else _("not confirmed yet")
    )
    return " · ".join(words)
