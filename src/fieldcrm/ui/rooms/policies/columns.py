"""The columns of the policies' list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fieldcrm.base import forms
from fieldcrm.base.data.listing import FilterKind
from fieldcrm.base.i18n import _, is_chinese
from fieldcrm.base.text import HIDDEN, day_text, money, wan
from fieldcrm.core.policies import PolicyRow
from fieldcrm.ui.kit.columns import ListColumn, Look

Row = PolicyRow
_LONG = 1_000_000_000  # fen: ten million yuan


def policy_columns(office: bool = False) -> tuple[ListColumn, ...]:
    """Number, product, applicant, line, what comes due, premium, principal, status; the rest hidden.

    The office sees whose policy it is, not its line, which the product tells, nor the principal, which its pane shows.
    """
    form = forms.get("policy")
    text, choice, amount = FilterKind.TEXT, FilterKind.CHOICE, FilterKind.MONEY
    return (
        ListColumn(
            "number", lambda: _("Policy no."), _short, width=78, filter=text, copy=lambda r: r.number,
            tip=lambda r: r.number,
        ),
        ListColumn(
            "product", lambda: _("Product"), lambda r: r.product, width=148, least=80, sortable=False, filter=text
        ),
        ListColumn(
            "applicant", lambda: form["applicant_id"].label, lambda r: r.applicant, width=76, sortable=False,
            filter=text,
        ),
        ListColumn(
            "manager", lambda: _("Manager"), lambda r: r.manager, Look.SECONDARY, 76, sortable=False, filter=text,
            hidden=not office,
        ),
        ListColumn(
            "line", lambda: form["line"].label, lambda r: forms.show(form["line"], r.line), Look.SECONDARY, 72,
            sortable=False, filter=choice, choices=form["line"].choices, yields=True,
            hidden=office or not is_chinese(),  # its English words find no room; the pane says it
        ),
        ListColumn(
            "due_on", lambda: _("Due"), lambda r: "" if r.due.kind == "none" else r.due.words,
            Look.CHIP, 104, tone=lambda r: r.due.tone, filter=FilterKind.DATE, tip=_due_tip, copy=_due_copy,
        ),
        ListColumn(
            "premium_fen", lambda: form["premium_fen"].label, _money("premium_fen"), Look.NUMBER, 78, sortable=False,
            filter=amount, copy=_exact("premium_fen"), tip=_whole_money("premium_fen"),
        ),
        ListColumn(
            "principal_fen", lambda: form["principal_fen"].label, _money("principal_fen"), Look.NUMBER, 78,
            sortable=False, filter=amount, copy=_exact("principal_fen"), tip=_whole_money("principal_fen"),
            hidden=office, yields=True,
        ),
        _day("matures_on", lambda: form["matures_on"].label, lambda r: r.matures_on),
        _day("renews_on", lambda: form["renews_on"].label, lambda r: r.renews_on),
        _day("effective_on", lambda: form["effective_on"].label, lambda r: r.effective_on, sortable=False),
        ListColumn(
            "status", lambda: form["status"].label, lambda r: forms.show(form["status"], r.status), Look.CHIP, 66,
            tone=_status_tone, sortable=False, filter=choice, choices=form["status"].choices, yields=True,
        ),
        ListColumn(
            "outlet", lambda: form["outlet"].label, lambda r: r.outlet, Look.SECONDARY, 90, sortable=False,
            filter=text, hidden=True,
        ),
        ListColumn(
            "insured", lambda: form["insured_name"].label, lambda r: r.insured, Look.SECONDARY, 90, sortable=False,
            filter=text, hidden=True,
        ),
    )  # fmt: skip


def _day(key: str, title: Callable[[], str], day: Callable[[Row], date | None], *, sortable: bool = True) -> ListColumn:
    return ListColumn(
        key, title, lambda r: day_text(on) if (on := day(r)) else "", Look.SECONDARY, 90, sortable=sortable,
        filter=FilterKind.DATE, hidden=True, copy=lambda r: on.isoformat() if (on := day(r)) else "",
    )  # fmt: skip


def _short(row: Row) -> str:
    """The last four digits, as a policy is told and searched; the whole number under the mouse, copied, in the pane."""
    return f"{HIDDEN * 2}{row.number[-4:]}" if len(row.number) > 6 else row.number


def _money(name: str) -> Callable[[Row], str]:
    """The amount; one too long for its column in short, whole under the mouse and when copied."""

    def shown(row: Row) -> str:
        fen = getattr(row, name)
        return "" if fen is None else money(fen) if abs(fen) < _LONG else wan(fen)

    return shown


def _whole_money(name: str) -> Callable[[Row], str | None]:
    return lambda row: money(fen) if (fen := getattr(row, name)) is not None and abs(fen) >= _LONG else None


def _exact(name: str) -> Callable[[Row], str]:
    return lambda row: money(fen).replace(",", "") if (fen := getattr(row, name)) is not None else ""


def _status_tone(row: Row) -> str:
    choice = forms.get("policy")["status"].choice(row.status or "")
    return choice.tone if choice is not None else "grey"


def _due_tip(row: Row) -> str | None:
    return f"{row.due.kind_words} {row.due.on.isoformat()}" if row.due.on is not None else None


def _due_copy(row: Row) -> str:
    return row.due.on.isoformat() if row.due.on is not None else row.due.words if row.due.kind != "none" else ""
