"""The columns and views of the list of complaints."""

from __future__ import annotations

from typing import Any

from fieldcrm.base import clock, forms
from fieldcrm.base.data.listing import Asked, FilterKind, OneOf, Sort
from fieldcrm.base.i18n import _, is_chinese, pgettext
from fieldcrm.base.text import capital, day_text, instant_text
from fieldcrm.ui.kit.columns import EMPTY, ListColumn, Look
from fieldcrm.ui.kit.saved_views import View


def due_words(row: Any) -> str:
    """The deadline that matters now; when closed, how it ended."""
    if row.status == "closed":
        return capital(_("satisfied") if row.satisfied else _("not satisfied"))
    if row.clock.paused:
        return capital(_("paused"))
    return instant_text(row.due_at)


def due_tone(row: Any) -> str:
    if row.status == "closed":
        return "green" if row.satisfied else "red"
    return "grey" if row.clock.paused else row.clock.tone


def columns(office: bool) -> tuple[ListColumn, ...]:
    """The columns; the office sees whose complaint it is."""
    form = forms.get("complaint")

    def words(name: str) -> Any:
        return lambda row: forms.show(form[name], getattr(row, name)) or EMPTY

    def tone(name: str) -> Any:
        def found(row: Any) -> str | None:
            choice = form[name].choice(getattr(row, name) or "")
            return choice.tone if choice else None

        return found

    def label(name: str) -> Any:
        return lambda: form[name].label

    def chosen(name: str, width: int, look: Look = Look.PLAIN, hidden: bool = False, least: int = 0) -> ListColumn:
        return ListColumn(
            name, label(name), words(name), look, width, tone=tone(name) if look is Look.CHIP else lambda _r: None,
            filter=FilterKind.CHOICE, choices=form[name].choices, hidden=hidden,
            least=least, yields=look is Look.CHIP,
        )  # fmt: skip

    return (
        ListColumn("urgency", lambda: _("Deadline"), due_words, Look.CHIP, 106 if is_chinese() else 124, tone=due_tone),
        ListColumn("name", lambda: _("Client"), lambda r: f"▲ {r.client}" if r.first else r.client, Look.PLAIN, 86,
                   copy=lambda r: r.client, filter=FilterKind.TEXT,
                   tip=lambda r: _("Mis-selling suspected, over 50: comes first") if r.first else None),
        ListColumn("manager", lambda: _("Manager"), lambda r: r.manager or EMPTY, Look.PLAIN, 84,
                   filter=FilterKind.TEXT, hidden=not office),
        ListColumn("point", lambda: pgettext("column", "Complaint"), lambda r: r.point, Look.PLAIN,
                   190 if is_chinese() else 138, filter=FilterKind.TEXT, least=90),
        chosen("category", 104 if is_chinese() else 150, least=100 if is_chinese() else 150),
        chosen("severity", 76, Look.CHIP),
        chosen("status", 78, Look.CHIP),
        ListColumn("received_at", label("received_at"), lambda r: day_text(clock.day_of(r.received_at)),
                   Look.SECONDARY, 76, copy=lambda r: forms.show(form["received_at"], r.received_at),
                   filter=FilterKind.DATE,
                   hidden=office or not is_chinese()),  # its English neighbours need the room; the pane says it
        chosen("source", 92, hidden=True),
        ListColumn("policy_number", label("policy_number"), lambda r: r.policy_number or EMPTY, Look.SECONDARY, 156,
                   filter=FilterKind.TEXT, hidden=True),
    )  # fmt: skip


def views() -> tuple[View, ...]:
    """Open, answered but not closed, closed, all."""

    def of(*states: str) -> Asked:
        return Asked((("status", OneOf(states)),))

    newest = Asked((("status", OneOf(("closed",))),), Sort("received_at", descending=True))
    return (
        View("open", lambda: _("Not closed"), of("open", "answered")),
        View("unanswered", lambda: _("To answer"), of("open")),
        View("closed", lambda: _("Settled"), newest),
        View("all", lambda: _("All"), Asked()),
    )
