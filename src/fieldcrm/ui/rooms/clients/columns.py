"""The columns of the clients' list, as in the picture, and more that wait in the column menu."""

from __future__ import annotations

from fieldcrm.base import forms
from fieldcrm.base.data.listing import FilterKind
from fieldcrm.base.i18n import _, is_chinese, ngettext
from fieldcrm.base.text import day_text
from fieldcrm.core.clients import ClientRow
from fieldcrm.ui.kit.columns import ListColumn, Look


def client_columns(office: bool = False) -> tuple[ListColumn, ...]:
    """Name, category, grade, main policy, what comes due, last contact, source; the rest hidden.

    The office sees whose client it is, not where the client came from.
    """
    form = forms.get("client")
    text, choice, day = FilterKind.TEXT, FilterKind.CHOICE, FilterKind.DATE
    return (
        ListColumn("name", lambda: _("Client"), lambda r: r.name, width=_w(156, 124), least=_w(88, 77), filter=text,
                   tip=_warning),
        ListColumn(
            "manager", lambda: _("Manager"), lambda r: r.manager, Look.SECONDARY, 82, sortable=False,
            filter=text, hidden=not office,
        ),
        ListColumn(
            "type", lambda: _("Category"), lambda r: r.category, Look.SECONDARY, _w(130, 128),
            least=84, sortable=False, filter=choice, choices=form["type"].choices, yields=not (office or is_chinese()),
        ),
        ListColumn(
            "grade", lambda: form["grade"].label, lambda r: r.grade or "", Look.CHIP, _w(46, 58), tone=_grade_tone,
            filter=choice, choices=form["grade"].choices,
        ),
        ListColumn("policy", lambda: _("Main policy"), _policy, width=_w(112, 150), least=_w(88, 138), sortable=False,
                   tip=_how_many),
        ListColumn(
            "due_on", lambda: _("Due"), lambda r: "" if r.due.kind == "none" else r.due.words,
            Look.CHIP, _w(96, 102), tone=lambda r: r.due.tone, filter=day, tip=_due_tip, copy=_due_copy,
        ),
        ListColumn(
            "contacted_on", lambda: _("Last contact"), lambda r: day_text(r.contacted_on) if r.contacted_on else "",
            Look.SECONDARY, _w(74, 88), tone=_silence, filter=day, tip=_silence_tip, yields=not office,
            copy=lambda r: r.contacted_on.isoformat() if r.contacted_on else "",
        ),
        ListColumn(
            "source_type", lambda: form["source_type"].label, lambda r: r.source, Look.SECONDARY, 82, sortable=False,
            filter=choice, choices=form["source_type"].choices,
            hidden=office or not is_chinese(),  # in English the name needs the room
        ),
        ListColumn(
            "phone", lambda: form["phones"].label, lambda r: r.phone, Look.SECONDARY, 116, sortable=False,
            filter=text, hidden=True,
        ),
        ListColumn(
            "district", lambda: form["district"].label, lambda r: r.district, Look.SECONDARY, 82, sortable=False,
            filter=text, hidden=True,
        ),
        ListColumn(
            "tags", lambda: form["tags"].label, lambda r: " ".join(r.tags), Look.SECONDARY, 120, sortable=False,
            filter=text, hidden=True,
        ),
        ListColumn(
            "matures_on", lambda: _("Maturity"), lambda r: day_text(r.matures_on) if r.matures_on else "",
            Look.SECONDARY, 90, sortable=False, filter=day, hidden=True,
            copy=lambda r: r.matures_on.isoformat() if r.matures_on else "",
        ),
        ListColumn(
            "renews_on", lambda: _("Renewal"), lambda r: day_text(r.renews_on) if r.renews_on else "",
            Look.SECONDARY, 90, sortable=False, filter=day, hidden=True,
            copy=lambda r: r.renews_on.isoformat() if r.renews_on else "",
        ),
        ListColumn(
            "age", lambda: _("Age"), lambda r: "" if r.age is None else str(r.age), Look.NUMBER, 56, sortable=False,
            filter=FilterKind.NUMBER, hidden=True,
        ),
    )  # fmt: skip


def _w(chinese: int, english: int) -> int:
    """A width by the language of the moment."""
    return chinese if is_chinese() else english


def _grade_tone(row: ClientRow) -> str:
    return "blue" if row.grade == "A" else "grey"


def _policy(row: ClientRow) -> str:
    return f"{row.policy} +{row.policies - 1}" if row.policies > 1 else row.policy


def _how_many(row: ClientRow) -> str | None:
    return ngettext("{n} policy", "{n} policies", row.policies).format(n=row.policies) if row.policies > 1 else None


def _warning(row: ClientRow) -> str | None:
    return _("Do not call") if row.do_not_call else None


def _due_tip(row: ClientRow) -> str | None:
    return f"{row.due.kind_words} {row.due.on.isoformat()}" if row.due.on is not None else None


def _due_copy(row: ClientRow) -> str:
    return row.due.on.isoformat() if row.due.on is not None else row.due.words if row.due.kind != "none" else ""


def _silence(row: ClientRow) -> str | None:
    return "amber" if row.neglected and row.contacted_on is not None else None


def _silence_tip(row: ClientRow) -> str | None:
    if row.contacted_on is None:
        return _("Never contacted")
    return _("Longer ago than the grade asks for") if row.neglected else None
