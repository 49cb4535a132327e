"""The sprint: queue, client card with suggestion and script, form; Ctrl+Enter saves and goes to the next."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.core import callbacks, clients, timeline
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.drafts import DraftKeeper
from fieldcrm.ui.kit.page import OPENED, Desk, open_record
from fieldcrm.ui.rooms.callbacks.call_form import CallForm
from fieldcrm.ui.rooms.callbacks.client_card import AdviceCard, RecentCard, ScriptCard, WhoCard
from fieldcrm.ui.rooms.callbacks.queue_list import QueueList

GAP = 14
_WIDTHS = ((1120, 300, 330), (960, 262, 330), (0, 240, 316))  # from a width on: of the queue, of the form
_LATELY = 30  # entries of the timeline below the script
_SENT = (
    "result", "maturity_explained", "conversion_offer", "intention", "objection", "next_on", "next_time", "next_way",
    "remark",
)  # fmt: skip


def read_call(session: Any, client_id: str, policy_id: str | None) -> tuple[Any, tuple[timeline.Entry, ...]] | None:
    """The card of a call and what happened with the client lately; None when the client is gone (on a reader)."""
    card = callbacks.call_card(session, client_id, policy_id)
    return None if card is None else (card, timeline.client_timeline(session, client_id, _LATELY))


class Sprint(QWidget):
    """Works through the queue. Signals: `counted(Queue)`, `register_wanted`."""

    counted = Signal(object)
    register_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.client_id: str | None = None
        self.policy_id: str | None = None
        self.card: Any = None
        self._wanted: str | None = None  # whom to show once the queue is there
        self._take_focus = True
        self.queue = QueueList()
        self.who, self.advice, self.script, self.recent = WhoCard(), AdviceCard(), ScriptCard(), RecentCard()
        self.form = CallForm()
        self.keeper = DraftKeeper(self.form.editor, desk.runner, desk.runner.store.author.device)
        self.form.notices.addWidget(self.keeper.notice)
        self._build()
        self._connect()
        self._clock = QTimer(self, interval=60_000)  # tries fall due as the day goes on
        self._clock.timeout.connect(self.load)
        self._clock.start()

    def _build(self) -> None:
        left = Card(_("Queue"), _("by maturity"), padded=False)
        self.register_button = Button(_("Register"), kind="quiet", small=True)
        self.register_button.clicked.connect(self.register_wanted)
        left.add_button(self.register_button)
        left.set_compact()
        left.body.setContentsMargins(0, 0, 0, 6)
        self._queue_stack = QStackedLayout()
        left.body.addLayout(self._queue_stack)
        self._queue_stack.addWidget(self.queue)
        self._queue_stack.addWidget(
            EmptyState(
                "circle-check",
                _("Nobody to call"),
                _("Clients whose policies mature next month will stand here."),
                ((_("Import a list"), lambda: self.desk.go("imports", ask=True)),),
            )
        )
        self.left = left
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(self.who)
        column.addWidget(self.advice)
        column.addWidget(self.script, 100)  # what is said comes before what was: it takes what it needs
        column.addWidget(self.recent, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        row.addWidget(left)
        self._middle = QStackedLayout()
        row.addLayout(self._middle, 1)
        row.addWidget(self.form)
        empty = Card()
        empty.body.addWidget(
            EmptyState(
                "phone-call", _("Nobody chosen"), _("Who is called stands here: policies, what to offer, what to say.")
            )
        )
        self._middle.addWidget(middle)
        self._middle.addWidget(empty)
        self._middle.setCurrentIndex(1)
        self.form.setEnabled(False)

    def _connect(self) -> None:
        self.queue.chosen.connect(lambda client_id: self.show_client(client_id, focus=False))
        self.queue.entered.connect(lambda: self.form.editor.focus_first())
        self.who.reveal_wanted.connect(self._reveal)
        self.who.policy_chosen.connect(self._choose_policy)
        self.who.client_wanted.connect(lambda: self.desk.go("clients", client_id=self.client_id))
        self.recent.opened.connect(lambda kind, id: open_record(self.desk, kind, id))
        self.advice.taken.connect(self._take_offer)
        self.form.editor.changed.connect(self._follow_objection)
        self.form.save_wanted.connect(self._save)
        self.form.skip_wanted.connect(self.skip)
        for keys, act in (("Ctrl+Down", self.skip), ("Ctrl+Up", self.back)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        queue, form = next((q, f) for least, q, f in _WIDTHS if self.width() >= least)
        self.left.setFixedWidth(queue)
        self.form.setFixedWidth(form)

    # -- what is shown --------------------------------------------------------------------------

    def load(self) -> None:
        """Fetch the queue, and the card anew."""
        self.desk.runner.read(callbacks.queue, then=self._show_queue, key="callbacks.queue")

    def _show_queue(self, found: Any) -> None:
        self.queue.rows.set_rows(found.rows)
        self._queue_stack.setCurrentIndex(0 if found.rows else 1)
        most = _("the first {n} policies").format(n=f"{callbacks.MOST:,}") if found.capped else _("by maturity")
        self.left.set_subtitle(most)
        self.counted.emit(found)
        wanted = self._wanted or self.client_id
        if wanted is None:
            wanted = next((row.client_id for row in found.rows if row.open), None)
        self._wanted = None
        if wanted is None:
            self._show_nobody()
        elif wanted != self.client_id:
            self.show_client(wanted, focus=self._take_focus)
        else:
            self.queue.show_active(wanted)
            self._read_card()

    def show_client(self, client_id: str, policy_id: str | None = None, *, focus: bool = True) -> None:
        """Put a client on the card, with an empty form (or the draft of one)."""
        if client_id == self.client_id and policy_id in (None, self.policy_id):
            return
        self.keeper.flush()
        self.client_id, self.policy_id = client_id, policy_id
        self._take_focus = focus
        self.queue.show_active(client_id)
        self.form.setEnabled(True)
        self.form.start(focus=focus)
        self.keeper.open(f"callback:{client_id}")
        self._read_card()

    def _show_nobody(self) -> None:
        self.client_id = self.policy_id = self.card = None
        self._middle.setCurrentIndex(1)
        self.form.setEnabled(False)
        self.form.set_subtitle("")

    def _read_card(self) -> None:
        if self.client_id is not None:
            self.desk.runner.read(read_call, self.client_id, self.policy_id, then=self._show_card, key="callbacks.card")

    def _show_card(self, found: tuple[Any, tuple[timeline.Entry, ...]] | None) -> None:
        if found is None:
            self._show_nobody()
            return
        card, entries = found
        if card.client_id != self.client_id:
            return
        self.recent.show_entries(entries)
        self.card, self.policy_id = card, card.policy_id
        self._middle.setCurrentIndex(0)
        self.who.show_card(card)
        self.advice.show_advice(card.advice)
        self.script.show_card(card)
        self._follow_objection()
        attempt = _("attempt {n}").format(n=card.attempt_number) if card.attempt_number > 1 else ""
        self.form.set_subtitle(" · ".join(filter(None, (_("No. {n}").format(n=card.serial_number), attempt))))

    def _choose_policy(self, policy_id: str) -> None:
        self.policy_id = policy_id
        self._read_card()

    def _follow_objection(self) -> None:
        self.script.show_objection(self.form.editor.entry("objection").value())

    def _take_offer(self, words: str) -> None:
        """A suggestion goes into the form, behind what stands there."""
        entry = self.form.editor.entry("conversion_offer")
        before = str(entry.given() or "").strip()
        if words not in before:
            entry.set_value(f"{before} + {words}" if before else words)
            entry.changed.emit()
        entry.stops()[0].setFocus()

    def _reveal(self) -> None:
        if self.client_id is not None:
            self.desk.runner.change(clients.reveal, self.client_id, "phone", then=self._show_phone)

    def _show_phone(self, number: str | None) -> None:
        from fieldcrm.base.text import phone

        if number:
            self.who.phone.setText(phone(number))
            self.who.phone.updateGeometry()

    # -- walking --------------------------------------------------------------------------------

    def next_client(self, step: int = 1) -> str | None:
        """The next client to call below the one on the card (above with -1), from the other end when there is none."""
        rows = self.queue.rows.rows
        here = self.queue.rows.place(self.client_id)
        for n in range(1, len(rows) + 1):
            row = rows[(here + n * step) % len(rows)]
            if row.open and row.client_id != self.client_id:
                return str(row.client_id)
        return None

    def skip(self) -> None:
        """To the next client; what was typed stays as a draft."""
        self._walk(1)

    def back(self) -> None:
        self._walk(-1)

    def _walk(self, step: int) -> None:
        following = self.next_client(step)
        if following is not None:
            self.show_client(following)

    # -- saving ---------------------------------------------------------------------------------

    def _save(self, values: dict[str, Any]) -> None:
        if self.client_id is None or not self.form.save_button.isEnabled():
            return
        self.form.set_busy(True)
        sent = {name: values[name] for name in _SENT}
        saved, name = self.client_id, self.card.name if self.card is not None else ""
        self.desk.runner.change(
            callbacks.log_callback, self.client_id, policy_id=self.policy_id, **sent,
            then=lambda logged: self._saved(saved, name, logged), failed=self._failed, owner=self,
        )  # fmt: skip

    def _saved(self, client_id: str, name: str, logged: Any) -> None:
        self.form.set_busy(False)
        if client_id == self.client_id:
            self.keeper.done()
            following = self.next_client()
            if following is not None:
                self.show_client(following)
            else:
                self.form.start(focus=False)
                self.desk.say("done", _("Everyone in the queue has been called."), seconds=8)
        words = _("Callback saved: {name}") if logged.valid else _("Call saved, not valid: {name}")
        self.desk.done(words.format(name=name))
        if logged.complaint_id is not None:
            opened = logged.complaint_id
            self.desk.say(
                "warning", _("A complaint of {name} was opened; its clock runs.").format(name=name),
                ((_("Open the complaint"), lambda: self.desk.go("complaints", complaint_id=opened)),),
                topic=OPENED,
            )  # fmt: skip

    def _failed(self, error: Exception) -> None:
        from fieldcrm.base.errors import InvalidField, InvalidFields

        self.form.set_busy(False)
        if isinstance(error, InvalidField | InvalidFields):
            self.form.editor.show_problems(error)
