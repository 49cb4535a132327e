"""The register 有效回访统计表: past calls as a list with filters, printed and exported by day or month."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QStackedLayout, QVBoxLayout, QWidget

from fieldcrm.base import clock, forms
from fieldcrm.base.data.listing import Asked, Between, FilterKind, OneOf
from fieldcrm.base.i18n import _
from fieldcrm.base.jobs import Progress
from fieldcrm.base.text import day_text, instant_text
from fieldcrm.core import callbacks
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.columns import EMPTY, ListColumn, Look
from fieldcrm.ui.kit.list_pane import ListPane
from fieldcrm.ui.kit.page import Desk
from fieldcrm.ui.kit.paper_view import PaperPreview
from fieldcrm.ui.kit.saved_views import View


def columns(office: bool) -> tuple[ListColumn, ...]:
    """The columns of the register; the office sees whose call it was."""
    form = forms.get("callback")

    def words(name: str) -> Any:
        return lambda row: forms.show(form[name], getattr(row, name)) or EMPTY

    def tone(name: str) -> Any:
        def found(row: Any) -> str | None:
            value = getattr(row, name)
            code = value if isinstance(value, str) else None if value is None else "yes" if value else "no"
            choice = form[name].choice(code) if code else None
            return choice.tone if choice else None

        return found

    def label(name: str) -> Any:
        return lambda: form[name].label

    return (
        ListColumn("called_at", label("called_at"), lambda r: instant_text(r.called_at), Look.PLAIN, 104,
                   copy=lambda r: forms.show(form["called_at"], r.called_at), filter=FilterKind.DATE),
        ListColumn("client", lambda: _("Client"), lambda r: r.client, Look.STRONG, 82, filter=FilterKind.TEXT),
        ListColumn("manager", lambda: _("Account manager"), lambda r: r.manager or EMPTY, Look.PLAIN, 84,
                   filter=FilterKind.TEXT, hidden=not office),
        ListColumn("policy_number", label("policy_number"), lambda r: r.policy_number or EMPTY, Look.SECONDARY, 148,
                   filter=FilterKind.TEXT),
        ListColumn("product_held", label("product_held"), lambda r: r.product_held or EMPTY, Look.PLAIN, 148,
                   filter=FilterKind.TEXT),
        ListColumn("result", label("result"), words("result"), Look.CHIP, 78, tone=tone("result"),
                   filter=FilterKind.CHOICE, choices=form["result"].choices),
        ListColumn("maturity_explained", label("maturity_explained"), words("maturity_explained"), Look.CHIP, 86,
                   tone=tone("maturity_explained")),
        ListColumn("conversion_offer", label("conversion_explained"), lambda r: r.conversion_offer or EMPTY,
                   Look.PLAIN, 150, filter=FilterKind.TEXT),
        ListColumn("intention", label("intention"), words("intention"), Look.CHIP, 84, tone=tone("intention"),
                   filter=FilterKind.CHOICE, choices=form["intention"].choices),
        ListColumn("valid", label("valid"), lambda r: _("valid") if r.valid else _("not valid"), Look.CHIP, 78,
                   tone=lambda r: "green" if r.valid else "grey"),
        ListColumn("next_on", label("next_on"), lambda r: day_text(r.next_on) + (f" {r.next_time}" if r.next_time else
                   ""), Look.PLAIN, 96, filter=FilterKind.DATE, hidden=True),
        ListColumn("objection", label("objection"), words("objection"), Look.PLAIN, 110, filter=FilterKind.CHOICE,
                   choices=form["objection"].choices, hidden=True),
        ListColumn("remark", label("remark"), lambda r: r.remark or EMPTY, Look.SECONDARY, 160,
                   filter=FilterKind.TEXT),
    )  # fmt: skip


def views(today: date) -> tuple[View, ...]:
    """Today, this week, this month, everything; who was not reached."""
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)

    def since(day: date) -> Asked:
        return Asked((("called_at", Between(day, today)),))

    return (
        View("today", lambda: _("Today"), since(today)),
        View("week", lambda: _("This week"), since(monday)),
        View("month", lambda: _("This month"), since(first)),
        View("unreached", lambda: _("Not reached"), Asked((("result", OneOf(("no_answer", "off", "wrong_number"))),))),
        View("all", lambda: _("All"), Asked()),
    )


class RegisterView(QWidget):
    """The list, and the preview of the paper in its place. Signals: `counted(total)`, `back_wanted`."""

    counted = Signal(int)
    back_wanted = Signal()

    def __init__(self, desk: Desk, *, office: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self.office = desk, office
        self.pane = ListPane(
            callbacks.call_list(), columns(office), desk.runner, views=views(clock.today()),
            empty=EmptyState("phone-call", _("No calls yet"), _("Every call that is logged stands here.")),
        )  # fmt: skip
        self.pane.counted.connect(self.counted)
        self.pane.opened.connect(self._open)
        if not office:
            back = Button(_("Back to the calls"), icon="phone-call", small=True)
            back.clicked.connect(self.back_wanted)
            self.pane.add_tool(back)
        self.print_button = Button(_("Print"), icon="printer", small=True)
        self.export_button = Button(_("Export to Excel"), icon="file-spreadsheet", small=True)
        self.print_button.clicked.connect(lambda: self._span_menu(self.print_button, self.preview))
        self.export_button.clicked.connect(lambda: self._span_menu(self.export_button, self.ask_where))
        self.pane.add_tool(self.print_button)
        self.pane.add_tool(self.export_button)
        self.paper = PaperPreview(desk.runner)
        card = Card(_("Register of valid callbacks"), padded=False)
        shut = Button(_("Close"), icon="x", small=True)
        shut.clicked.connect(self.shut_paper)
        card.add_button(shut)
        card.body.addWidget(self.paper)
        self.paper.saved.connect(lambda path: desk.say("done", _("Saved: {name}").format(name=Path(path).name)))
        self._stack = QStackedLayout()
        self._stack.addWidget(self.pane)
        self._stack.addWidget(card)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._stack)

    def load(self) -> None:
        self.pane.reload()

    def spans(self) -> list[tuple[str, date, date]]:
        """What can be printed: today, yesterday, this month, the last one."""
        today = clock.today()
        first = today.replace(day=1)
        last_end = first - timedelta(days=1)
        return [
            (_("Today"), today, today),
            (_("Yesterday"), today - timedelta(days=1), today - timedelta(days=1)),
            (_("This month"), first, today),
            (_("Last month"), last_end.replace(day=1), last_end),
        ]

    def preview(self, first: date, last: date) -> None:
        """Show the paper of a span of days."""
        who = " · ".join(filter(None, (self.desk.me.unit, "" if self.office else self.desk.me.name)))
        name = file_name(first, last, "pdf")

        def make(progress: Progress) -> bytes:
            found = self.desk.runner.store.read(callbacks.call_register, first, last)
            return callbacks.call_register_bytes(found, who, progress)

        def show(content: bytes) -> None:
            self._stack.setCurrentIndex(1)
            self.paper.open(content, name)

        self.desk.runner.job(_("Making the register"), make, then=show, owner=self)

    def shut_paper(self) -> None:
        self.paper.shut()
        self._stack.setCurrentIndex(0)

    def ask_where(self, first: date, last: date) -> None:
        name = file_name(first, last, "xlsx")
        path, _filter = QFileDialog.getSaveFileName(self, _("Export to Excel"), name, "Excel (*.xlsx)")
        if path:
            self.export(first, last, Path(path if path.lower().endswith(".xlsx") else path + ".xlsx"))

    def export(self, first: date, last: date, path: Path) -> None:
        """Write the register of a span of days as a workbook."""

        def write(progress: Progress) -> int:
            found = self.desk.runner.store.read(callbacks.call_register, first, last)
            return callbacks.write_call_sheet(found, path, progress)

        def told(rows: int) -> None:
            self.desk.say("done", _("{n} calls written to {name}").format(n=rows, name=path.name), seconds=10)

        self.desk.runner.job(_("Writing the workbook"), write, then=told, owner=self)

    def _span_menu(self, button: Button, act: Any) -> QMenu:
        menu = QMenu(self)
        for words, first, last in self.spans():
            menu.addAction(words).triggered.connect(lambda _c=False, a=first, b=last: act(a, b))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))
        return menu

    def _open(self, _call_id: str) -> None:
        row = self.pane.current_row()
        if row is not None:
            self.desk.go("clients", client_id=row.client_id)


def file_name(first: date, last: date, ending: str) -> str:
    """`有效回访统计表 2026-11-20.pdf`; no personal data in it."""
    span = f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d}–{last:%m-%d}"
    return f"{_('Register of valid callbacks')} {span}.{ending}"
