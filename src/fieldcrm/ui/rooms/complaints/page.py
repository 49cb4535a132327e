"""The page 投诉: the list with its deadlines, the case beside it, taking a complaint in, the register on paper."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from fieldcrm.base import clock
from fieldcrm.base.i18n import _, ngettext
from fieldcrm.base.text import instant_text, within
from fieldcrm.core import complaints
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.list_pane import ListPane
from fieldcrm.ui.kit.lookup import RunnerLookup
from fieldcrm.ui.kit.memory import ListMemory
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.kit.register import Register
from fieldcrm.ui.kit.scrolling import scrolled
from fieldcrm.ui.rooms.complaints.case_pane import CasePane
from fieldcrm.ui.rooms.complaints.columns import columns, views
from fieldcrm.ui.rooms.complaints.inline_form import InlineForm

_NEW = (
    "client_id", "policy_id", "received_at", "source", "category", "point", "mis_selling_suspected",
)  # fmt: skip


class ComplaintsPage(Page):
    """`open(complaint_id=…)` shows one, `open(client_id=…)` the client's open one or a new one, `open(new=True)` a new
    one. The office sees those of its managers with a column for them; it adds steps and approves extensions."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"complaint", "complaint_step", "complaint_pause", "client", "client_phone", "person"}
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.office = desk.me.role == "office"
        self._wanted: str | None = None  # shown on the pane wherever the list stands
        self._listed: str | None = None  # where the list stands
        self.case = CasePane(desk, office=self.office)
        self.case.told.connect(desk.done)
        self.case.gone.connect(self._case_gone)
        self.intake = self._make_intake()
        self.side = QStackedWidget()
        self.side.addWidget(self.case)
        self.side.addWidget(self._intake_card())
        empty = EmptyState(
            "message-square-warning",
            _("No complaints"),
            _("Complaints stand here with both deadlines, the most urgent first."),
            () if self.office else ((_("New complaint"), lambda: self.begin_new()),),
        )
        memory = ListMemory(desk.runner, "complaints")
        self.pane = ListPane(
            complaints.complaint_list(),
            columns(self.office),
            desk.runner,
            views=views(),
            detail=self.side,
            empty=empty,
            memory=memory,
        )
        memory.load(self.pane.recall)
        self.setFocusProxy(self.pane)
        self.case.settled.connect(self.pane.setFocus)
        self.register = Register(
            desk, self.pane, _("Register of complaints"), query=complaints.complaint_register,
            blank=complaints.blank_register,
        )  # fmt: skip
        self.case.letter_wanted.connect(self.show_letter)
        if not self.office:
            self.new_button = Button(_("New complaint"), icon="plus", small=True)
            self.new_button.clicked.connect(lambda: self.begin_new())
            self.pane.add_tool(self.new_button)
        self.pane.add_tool(self.register.print_button)
        self.pane.add_tool(self.register.export_button)
        self.pane.current_changed.connect(self._current)
        self.pane.model.reset_to.connect(lambda _row: self._mark())
        self.pane.model.opened.connect(self._mark)
        self.pane.opened.connect(lambda _id: self.case.timeline.line.setFocus())
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.EDGE, 16, tokens.EDGE, 16)
        column.addWidget(self.register)
        self.set_heading(_("Complaints"))

    def _make_intake(self) -> InlineForm:
        intake = InlineForm(
            self.desk, _("New complaint"), _NEW, _("Register it"), RunnerLookup(self.desk.runner, self)
        )  # fmt: skip
        intake.saved.connect(self._register)
        intake.cancelled.connect(self._leave_intake)
        intake.editor.entry("client_id").changed.connect(self._client_chosen)
        intake.keeper.restored.connect(lambda _at: self._client_chosen())
        return intake

    def _intake_card(self) -> QWidget:
        card = Card(padded=False)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(tokens.PAD - 3, 12, tokens.PAD - 3, 12)
        column.addWidget(self.intake)
        column.addStretch()
        scroll = scrolled(inner)
        card.body.addWidget(scroll)
        return card

    # -- showing --------------------------------------------------------------------------------

    def load(self) -> None:
        if self.pane.model.ready:
            self.pane.reload()
        else:
            self.pane.open()
            if self.side.currentIndex() == 0:
                self.pane.setFocus()
        self.desk.runner.read(complaints.count_open, then=self._count, key="complaints.count")
        if self.case.case is not None and self.side.currentIndex() == 0:
            self.case.show_case(self._wanted or self.pane.current_id())

    def _count(self, found: Any) -> None:
        words = ngettext("{n} open", "{n} open", found.count).format(n=found.count)
        if found.due_at is not None:
            words += " · " + _("nearest deadline {when}").format(when=within(instant_text(found.due_at)))
        self.set_heading(_("Complaints"), words)
        self.desk.badge("complaints", found.count or None)

    def _current(self, complaint_id: str | None) -> None:
        """The list moved on; a list that only read its rows again moves nothing."""
        moved, self._listed = complaint_id != self._listed, complaint_id
        if self._wanted is None:
            if moved and self.pane.table.hasFocus():
                self.side.setCurrentIndex(0)  # chosen while a new one is typed: its draft is kept
            self.case.show_case(complaint_id)
        elif moved and complaint_id not in (None, self._wanted):
            self._wanted = None
            self.side.setCurrentIndex(0)
            self.case.show_case(complaint_id)

    def open(self, **what: Any) -> None:
        if what.get("complaint_id"):
            self.show_one(what["complaint_id"])
        elif what.get("show") == "open":
            self.pane.open()
        elif what.get("new"):
            self.begin_new(what.get("client_id"))
        elif what.get("client_id"):
            client: str = what["client_id"]

            def found(rows: list[Any]) -> None:
                self._of_client(client, rows)

            self.desk.runner.read(complaints.list_complaints_of, client, then=found, key="complaints.of", owner=self)

    def _of_client(self, client_id: str, rows: list[Any]) -> None:
        still = next((row.id for row in rows if row.status != "closed"), None)
        if still is None and not self.office:
            self.begin_new(client_id)
        elif rows:
            self.show_one(still or rows[0].id)

    def show_one(self, complaint_id: str, *, keys: bool = False) -> None:
        """Put a complaint on the pane, wherever the list stands; with the keyboard on its line when `keys`."""
        self._wanted = complaint_id
        self.side.setCurrentIndex(0)
        self.case.show_case(complaint_id, keys=keys)
        self._mark()

    def _case_gone(self) -> None:
        """What the pane showed was undone or deleted: back to where the list stands."""
        gone, self._wanted = self._wanted, None
        if gone is not None and self.pane.current_id() != gone:
            self.case.show_case(self.pane.current_id())

    def _mark(self) -> None:
        """Select the complaint on the pane in the list, when it stands there."""
        if self._wanted is not None and self.pane.model.ready:
            self.pane.find_row(self._wanted, lambda _there: None)

    def state(self) -> dict[str, Any]:
        return {"complaint_id": self._wanted or self.pane.current_id()}

    def restore(self, state: dict[str, Any]) -> None:
        if state.get("complaint_id"):
            self.show_one(state["complaint_id"])

    def put_away(self) -> None:
        self.register.shut()
        self.case.put_away()
        self.intake.keeper.flush()

    # -- the answer on paper --------------------------------------------------------------------

    def show_letter(self, complaint_id: str) -> None:
        """The answer letter in the list's place, to be printed or saved."""
        self.desk.runner.read(complaints.answer_letter, complaint_id, then=self._draw_letter, key="complaints.letter")

    def _draw_letter(self, letter: complaints.AnswerLetter) -> None:
        self.desk.runner.background(complaints.letter_bytes, letter, then=self._open_letter, owner=self)

    def _open_letter(self, content: bytes) -> None:
        title = _("Answer to your complaint")
        self.register.show_paper(content, f"{title} {clock.today()}.pdf", "answer_letter", title)

    # -- taking in ------------------------------------------------------------------------------

    def begin_new(self, client_id: str | None = None) -> None:
        """The form of a new complaint in the pane's place, received now unless said."""
        self.side.setCurrentIndex(1)
        self.intake.begin(
            f"complaint:new:{client_id or ''}",
            {"client_id": client_id, "received_at": clock.now(), "severity": "normal"},
        )
        self._client_chosen()

    def _leave_intake(self) -> None:
        self.intake.keeper.flush()
        self.side.setCurrentIndex(0)

    def _client_chosen(self) -> None:
        client_id = self.intake.editor.entry("client_id").value()
        policy = self.intake.policy
        if policy is not None and client_id:
            self.desk.runner.read(
                complaints.policies_of, client_id, then=self._policies_there, key="complaints.policies", owner=self
            )
        elif policy is not None:
            policy.set_policies([])

    def _policies_there(self, policies: list[tuple[str, str]]) -> None:
        """The only policy is chosen: the keyboard need not stop there."""
        policy = self.intake.policy
        if policy is not None:
            policy.set_policies(policies)
            if policy.combo.hasFocus() and policy.value() is not None:
                self.intake.editor.focus_first()

    def _register(self, values: dict[str, Any]) -> None:
        given = {name: values[name] for name in _NEW}

        def done(complaint_id: str) -> None:
            self.intake.done()
            self.show_one(complaint_id, keys=True)
            self.desk.done(_("Complaint taken in; its clocks run."))

        self.desk.runner.change(
            complaints.register_complaint, **given, then=done, failed=self.intake.failed, owner=self
        )
