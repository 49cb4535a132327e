"""The page 回访: the sprint and the register; the office sees the register of its managers."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtWidgets import QStackedLayout, QVBoxLayout

from fieldcrm.base.i18n import _, ngettext
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.rooms.callbacks.register import RegisterView
from fieldcrm.ui.rooms.callbacks.sprint import Sprint


class CallbacksPage(Page):
    """Shows one of the two; `open(client_id=…)` puts a client on the card, `open(register=True)` the register."""

    kinds: ClassVar[frozenset[str]] = frozenset({"callback", "client", "client_phone", "policy", "contact"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.office = desk.me.role == "office"
        self.sprint = None if self.office else Sprint(desk)
        self.register = RegisterView(desk, office=self.office)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.EDGE, 16, tokens.EDGE, 16)
        self._stack = QStackedLayout()
        column.addLayout(self._stack)
        if self.sprint is not None:
            self._stack.addWidget(self.sprint)
            self.sprint.counted.connect(self._counted)
            self.sprint.register_wanted.connect(self.show_register)
            self.register.back_wanted.connect(self.show_sprint)
        self._stack.addWidget(self.register)
        self.register.counted.connect(self._registered)
        self._words = {"sprint": "", "register": ""}
        self._head()

    @property
    def in_register(self) -> bool:
        return self._stack.currentWidget() is self.register

    def load(self) -> None:
        if self.in_register:
            self.register.load()
        if self.sprint is not None:
            self.sprint.load()

    def open(self, **what: Any) -> None:
        if self.sprint is not None and what.get("client_id"):
            self.show_sprint()
            self.sprint.show_client(what["client_id"], what.get("policy_id"))
        elif what.get("call_id"):
            self._stack.setCurrentWidget(self.register)
            self._head()
            self.register.go_to(what["call_id"])
        elif what.get("register") or what.get("show") == "today":
            self.show_register()
            if what.get("show") == "today":
                self.register.show_view("today")

    def show_register(self) -> None:
        self._stack.setCurrentWidget(self.register)
        self._head()
        self.register.load()
        self.register.pane.setFocus()

    def show_sprint(self) -> None:
        if self.sprint is not None:
            self._stack.setCurrentWidget(self.sprint)
            self._head()

    def state(self) -> dict[str, Any]:
        client = self.sprint.client_id if self.sprint is not None else None
        return {"register": self.in_register, "client_id": client}

    def restore(self, state: dict[str, Any]) -> None:
        if self.sprint is not None and state.get("client_id"):
            self.sprint.show_client(state["client_id"], focus=False)
        if state.get("register"):
            self.show_register()

    def put_away(self) -> None:
        self.register.register.shut()
        self.register.editor.flush()
        if self.sprint is not None:
            self.sprint.keeper.flush()

    def _counted(self, queue: Any) -> None:
        count = queue.today
        today = _("{done} / {goal} valid today").format(done=count.valid, goal=count.goal)
        month = _("{n} clients on next month's list").format(n=f"{queue.month_clients:,}")
        self._words["sprint"] = f"{today} · {month}"
        left = max(0, count.goal - count.valid)
        self.desk.badge("callbacks", min(left, sum(row.open for row in queue.rows)) or None)
        self._head()

    def _registered(self, total: int) -> None:
        self._words["register"] = ngettext("{n} callback", "{n} callbacks", total).format(n=f"{total:,}")
        self._head()

    def _head(self) -> None:
        if self.in_register:
            self.set_heading(_("Callback register"), self._words["register"])
        else:
            self.set_heading(_("Callback desk"), self._words["sprint"])
