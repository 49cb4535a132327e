"""Ctrl+N: a contact in a few lines, one after another, without the mouse."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldcrm.base import clock, forms
from fieldcrm.base.errors import InvalidField, InvalidFields
from fieldcrm.base.i18n import _
from fieldcrm.base.when import When
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button, Segmented
from fieldcrm.ui.kit.drafts import DraftNotice
from fieldcrm.ui.kit.paint import paint_panel
from fieldcrm.ui.kit.text import Label, soft
from fieldcrm.ui.kit.theme import colors
from fieldcrm.ui.kit.typed_day import parse_when, when_words
from fieldcrm.ui.shell import finding
from fieldcrm.ui.shell.finding import Found
from fieldcrm.ui.shell.hits import HitList

_WIDTH = 600
_KEY = "quick-log-client"
_DRAFT = "quick-log"
_PAUSE_MS = 1000


class QuickLog(QWidget):
    """Lies over the workbench. Signals `saved(client name)`; Escape keeps what was typed for the next time."""

    saved = Signal(str)

    def __init__(self, bench: Any) -> None:
        super().__init__(bench)
        self.bench = bench
        self.client_id = ""
        self.client = QLineEdit()
        self.kind, self.result = Segmented(_choices("kind")), Segmented(_choices("result"))
        self.summary, self.next, self.when = QLineEdit(), QLineEdit(), QLineEdit()
        self.echo = soft("")
        self.problem = Label(token="red", size=tokens.SMALL, wrap=True)  # noqa: S106 a tone
        self.problem.hide()
        self.save_button = Button(_("Save"), kind="primary", hint="Ctrl ↵")
        self.cancel_button = Button(_("Close"), hint="Esc")
        self.notice = DraftNotice()
        self.panel = _Panel(self)
        self._lay()
        self.list = HitList(self.client, self, width=200)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._kept = False  # a draft lies in the book
        self._typed_at = clock.now()
        self._connect()
        self.clear()
        self.hide()

    def _lay(self) -> None:
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(Label(_("Quick log"), size=tokens.LARGE, bold=True))
        head.addWidget(soft(_("Enter goes on, Ctrl+Enter saves")))
        head.addStretch()
        column.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        after = QHBoxLayout()
        after.setSpacing(8)
        after.addWidget(self.when, 3)
        after.addWidget(self.echo, 2)
        rows: list[tuple[str, Any]] = [
            (_("Client"), self.client),
            (_("Way"), self.kind),
            (_("Result"), self.result),
            (_("What was said"), self.summary),
            (_("Next step"), self.next),
            (_("When"), after),
        ]
        for number, (words, field) in enumerate(rows):
            grid.addWidget(soft(words), number, 0)
            if isinstance(field, QHBoxLayout):
                grid.addLayout(field, number, 1)
            else:
                field.setAccessibleName(words)
                grid.addWidget(field, number, 1)
        self.when.setAccessibleName(_("When"))
        column.addWidget(self.notice)
        column.addLayout(grid)
        column.addWidget(self.problem)
        foot = QHBoxLayout()
        foot.addWidget(soft(_("Counts in today's diary")))
        foot.addStretch()
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.save_button)
        column.addLayout(foot)
        self.client.setPlaceholderText(_("Name, pinyin initials or last four digits"))
        self.summary.setPlaceholderText(_("One line"))
        self.next.setPlaceholderText(_("What to do next, if anything"))
        self.when.setPlaceholderText(_("tomorrow · fri 3pm · in 3 days"))

    def _connect(self) -> None:
        self.client.textEdited.connect(self._ask)
        self.list.chosen.connect(self._chose)
        self.when.textChanged.connect(self._tell_when)
        self.result.changed.connect(self._unsay)
        for field in (self.client, self.summary, self.next, self.when):
            field.textChanged.connect(self._keep_soon)
            field.textEdited.connect(self._unsay)  # what was wrong is being put right
        self._pause.timeout.connect(self.keep)
        self.save_button.clicked.connect(self.save)
        self.cancel_button.clicked.connect(self.close_panel)
        self.notice.discard.clicked.connect(self.discard)

    # -- opening and leaving --------------------------------------------------------------------

    def open(self, client_id: str | None = None, name: str = "", kind: str | None = None) -> None:
        """Show the panel; a client in hand goes first and replaces an unfinished one."""
        if client_id is not None and client_id != self.client_id:
            self.clear()
            self.client_id = client_id
            self.client.setText(name)
            if not name:
                self.bench.runner.read(_name_of, client_id, then=self._named, key=_KEY)
        if kind is not None:
            self.kind.set_value(kind)
        if not self.isVisible() and client_id is None:
            self._tell_unfinished()
        self.fit()
        if not self.isVisible():
            self.bench.lend_keyboard()
        self.show()
        self.raise_()
        (self.result if self.client_id else self.client).setFocus()

    def _tell_unfinished(self) -> None:
        """What comes back from before says so, and can be thrown away."""
        if self.draft():
            self.notice.show_for(self._typed_at)

    def discard(self) -> None:
        """Throw away what was typed, and begin anew."""
        self.clear()
        self.keep()
        self._settle()
        self.client.setFocus()

    def close_panel(self) -> None:
        """Hide; what was typed stays for the next time."""
        self.list.hide()
        self.bench.give_keyboard_back()
        self.hide()
        if self._pause.isActive():
            self.keep()

    def clear(self) -> None:
        self.client_id = ""
        for field in (self.client, self.summary, self.next, self.when):
            field.clear()
        self.kind.set_value("phone")
        self.result.set_value(None)
        self.problem.hide()
        self.notice.hide()
        self.echo.setText("")

    def draft(self) -> dict[str, Any]:
        """What was typed, to be kept over a lock, a language switch or a crash; empty when nothing was."""
        typed = {
            "client_id": self.client_id,
            "client": self.client.text(),
            "result": self.result.value(),
            "summary": self.summary.text(),
            "next": self.next.text(),
            "when": self.when.text(),
        }
        return typed | {"kind": self.kind.value()} if any(typed.values()) else {}

    def take_draft(self, draft: dict[str, Any]) -> None:
        if draft:
            self.client_id = draft["client_id"]
            for name in ("client", "summary", "next", "when"):
                getattr(self, name).setText(draft[name])
            self.kind.set_value(draft["kind"])
            self.result.set_value(draft["result"])

    def look_for_draft(self) -> None:
        """Bring back what a crash or a closed lid left, unless something is typed already."""
        from fieldcrm.base.data.drafts import find_draft

        store = self.bench.runner.store
        self.bench.runner.read(find_draft, store.author.device, _DRAFT, then=self._found_draft, key=_DRAFT)

    def _found_draft(self, kept: Any) -> None:
        if kept is not None and not self.draft():
            self._kept = True
            self.take_draft(kept.state)
            self._typed_at = kept.saved_at
            self._pause.stop()  # it lies in the book already
            self._tell_unfinished()
            self._settle()
            if self.client_id and self.window().focusWidget() is self.client:  # what is typed next is not the name
                self.result.setFocus()

    def _keep_soon(self) -> None:
        self._typed_at = clock.now()
        self._pause.start()

    def keep(self) -> None:
        """Write what is typed into the encrypted book, or forget what was kept when nothing is typed."""
        from fieldcrm.base.data.drafts import discard_draft, save_draft

        self._pause.stop()
        device = self.bench.runner.store.author.device
        typed = self.draft()
        if typed:
            self._kept = True
            self.bench.runner.change(save_draft, device, _DRAFT, typed)
        elif self._kept:
            self._kept = False
            self.bench.runner.change(discard_draft, device, _DRAFT)

    # -- the client -----------------------------------------------------------------------------

    def _ask(self, text: str) -> None:
        self.client_id = ""
        if text.strip():
            self.bench.runner.read(finding.find, text.strip(), True, then=self._show_hits, key=_KEY)
        else:
            self.list.hide()

    def _show_hits(self, found: list[Found]) -> None:
        if self.client.hasFocus():
            self.list.show_hits(found[:6], "" if found else _("Nothing found"))

    def _chose(self, found: Found) -> None:
        self.client_id = found.record_id
        self.client.setText(found.title)
        self.result.setFocus()  # most entries are calls; the way is one Shift+Tab before

    def _named(self, name: str) -> None:
        self.client.setText(name)

    # -- saving ---------------------------------------------------------------------------------

    def _tell_when(self, text: str) -> None:
        self.echo.setText(when_words(text))

    def save(self) -> None:
        if not self.client_id:
            self._say(_("Choose a client first."), self.client)
            return
        try:
            values = self.values()
        except InvalidField as error:
            self._say(error.sentence, self.when)
            return
        if self._result_missing():
            self._say(_("Choose how the call went."), self.result)
            return
        self.save_button.setEnabled(False)
        log(self.bench.runner, values, then=self._done, failed=self._failed)

    def _result_missing(self) -> bool:
        """A call without a result would count as one that reached nobody."""
        return self.kind.value() == "phone" and self.result.value() is None

    def values(self) -> dict[str, Any]:
        """What goes to the book; raises `InvalidField` for a time that is not understood."""
        return {
            "client_id": self.client_id,
            "kind": self.kind.value(),
            "result": self.result.value(),
            "summary": self.summary.text().strip() or None,
            "next": self.next.text().strip() or None,
            "when": parse_when(self.when.text()),
        }

    def _done(self, _result: object) -> None:
        name = self.client.text()
        self.save_button.setEnabled(True)
        self.clear()
        self.keep()
        self.close_panel()
        self.saved.emit(name)

    def _failed(self, error: Exception) -> None:
        self.save_button.setEnabled(True)
        if isinstance(error, InvalidField | InvalidFields):
            self._say(error.sentence, None)

    def _unsay(self) -> None:
        if self.problem.isVisible():
            self.problem.hide()
            self._settle()

    def _say(self, words: str, field: QWidget | None) -> None:
        self.problem.setText(words)
        self.problem.show()
        if field is not None:
            field.setFocus()
        self._settle()

    # -- the panel ------------------------------------------------------------------------------

    def fit(self) -> None:
        """Cover the workbench."""
        self.setGeometry(self.bench.rect())
        self._settle()

    def _settle(self) -> None:
        height = self.panel.sizeHint().height()
        self.panel.setGeometry((self.width() - _WIDTH) // 2, 64, _WIDTH, height)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Enter saves here, whatever the page below does with it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        elif (enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier) or (enter and self.when.hasFocus()):
            self.save()
        elif enter and self.result.hasFocus() and self._result_missing():
            pass  # it is asked for anyway: Enter does not go past it
        elif enter:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_panel()

    def paintEvent(self, event: QPaintEvent) -> None:
        veil = QColor(colors().rail)
        veil.setAlphaF(0.35)
        QPainter(self).fillRect(self.rect(), veil)


class _Panel(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        paint_panel(QPainter(self), QRectF(self.rect()), colors().card, colors().line)


def log(runner: Any, values: dict[str, Any], *, then: Any, failed: Any) -> None:
    """The one place where the panel meets the action."""
    from fieldcrm.core import contacts

    meant: When | None = values["when"]
    runner.change(
        contacts.log_contact,
        values["client_id"],
        kind=values["kind"],
        result=values["result"],
        summary=values["summary"],
        next_what=values["next"],
        next_on=meant.day if meant else None,
        next_time=meant.time if meant else None,
        then=then,
        failed=failed,
    )


def _choices(field: str) -> list[tuple[str, str]]:
    from fieldcrm.core import contacts

    return [(c.code, c.label) for c in forms.get("contact")[field].choices if c.code not in contacts.OF_VISITS]


def _name_of(session: Any, client_id: str) -> str:
    from fieldcrm.core.clients.tables import Client

    client = session.get(Client, client_id)
    return client.name if client is not None else ""
