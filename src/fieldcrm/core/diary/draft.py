"""The diary as it grows: the day's records told in sentences, and what to put first tomorrow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms, text, workdays
from fieldcrm.base.i18n import _, is_chinese, ngettext
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.contacts.rules import told
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.diary.deadlines import open_deadlines
from fieldcrm.core.diary.figures import Figures, figures, names_of, owned
from fieldcrm.core.policies import rules as policy_rules
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.said import retold
from fieldcrm.core.tasks.tables import Task
from fieldcrm.core.visits import rules as visit_rules
from fieldcrm.core.visits.tables import Visit

_MOST_NAMES = 4
_LINE = 60  # characters of a stop's summary


@dataclass(frozen=True)
class DiaryDraft:
    """A day told from its records: `lines` what happened, `tomorrow` whom to put first, `source` what was counted."""

    day: date
    figures: Figures
    lines: tuple[str, ...]
    tomorrow: str
    source: str

    @property
    def happened(self) -> str:
        """The sentences as one text, to begin the entry with."""
        return "\n".join(self.lines)


def draft(session: Session, day: date, person_id: str | None = None) -> DiaryDraft:
    """The draft of a day, in the language of the moment."""
    counted = figures(session, day, person_id)
    lines = [
        *_visit_lines(session, day, person_id),
        *_moved_line(session, day, person_id),
        *_call_lines(counted),
        *_other_lines(counted),
    ]
    return DiaryDraft(day, counted, tuple(lines), _tomorrow(session, day, person_id), source_words(counted))


def source_words(counted: Figures) -> str:
    """`已按今天 14 次回访、3 次拜访、26 通电话自动汇总`."""
    if counted.empty:
        return _("grows with the records of the day")
    parts = [
        words.format(n=n)
        for words, n in (
            (ngettext("{n} callback", "{n} callbacks", counted.callbacks), counted.callbacks),
            (ngettext("{n} visit", "{n} visits", counted.visits_done), counted.visits_done),
            (ngettext("{n} phone call", "{n} phone calls", counted.calls), counted.calls),
        )
        if n
    ]
    if not parts:
        return _("counted from the records of the day")
    return _("counted from {what}").format(what=listed(parts))


def listed(parts: Iterable[str]) -> str:
    """Words one after another: `甲、乙`, in English `a, b`."""
    return ("、" if is_chinese() else ", ").join(parts)


def _clauses(parts: Iterable[str]) -> str:
    return ("；" if is_chinese() else "; ").join(parts)


def said(name: str, words: str | None) -> str:
    """`name: words` shortened to a line, or the name alone."""
    short = " ".join(text.nfc(words or "").split()).rstrip("。.")
    if len(short) > _LINE:
        short = short[: _LINE - 1] + "…"
    return _("{name}: {words}").format(name=name, words=short) if short else name


def label(form: str, field: str, code: str) -> str:
    choice = forms.get(form)[field].choice(code)
    return choice.label if choice else code


def _visit_lines(session: Session, day: date, person_id: str | None) -> Iterable[str]:
    """One sentence each for morning, afternoon and evening; whom, and what came of it."""
    start, end = clock.day_bounds(day)
    touches = session.scalars(
        select(Contact)
        .where(
            Contact.deleted_at.is_(None), Contact.kind == "visit", Contact.started_at >= start,
            Contact.started_at < end, *owned(Contact.owner_id, person_id),
        )
        .order_by(Contact.started_at, Contact.id)
    ).all()  # fmt: skip
    names = names_of(session, [contact.client_id for contact in touches])
    parts: dict[int, list[str]] = defaultdict(list)
    for contact in touches:
        hour = clock.local(contact.started_at).hour
        parts[(hour >= 12) + (hour >= 18)].append(
            said(names.get(contact.client_id, text.EMPTY), told(contact.result, contact.summary))
        )
    for part, found in sorted(parts.items()):
        n = len(found)
        words = (
            ngettext("Morning, {n} visit", "Morning, {n} visits", n),
            ngettext("Afternoon, {n} visit", "Afternoon, {n} visits", n),
            ngettext("Evening, {n} visit", "Evening, {n} visits", n),
        )[part].format(n=n)
        yield _("{head}: {rest}.").format(head=words, rest=_clauses(found))


def _moved_line(session: Session, day: date, person_id: str | None) -> Iterable[str]:
    start, end = clock.day_bounds(day)
    visits = session.scalars(
        select(Visit).where(
            Visit.deleted_at.is_(None), Visit.planned_on >= day, Visit.planned_on <= day + timedelta(days=60),
            Visit.status.in_((visit_rules.MOVED, visit_rules.CANCELLED)),
            Visit.changed_at >= start, Visit.changed_at < end, *owned(Visit.owner_id, person_id),
        )
    ).all()  # fmt: skip
    if visits:
        names = names_of(session, [visit.client_id for visit in visits])
        found = [said(names.get(visit.client_id or "", text.EMPTY), retold(visit.reason)) for visit in visits]
        yield _("Moved or cancelled: {rest}.").format(rest=_clauses(found))


def _call_lines(counted: Figures) -> Iterable[str]:
    if n := counted.callbacks:
        head = ngettext("{n} callback, {valid} valid", "{n} callbacks, {valid} valid", n)
        head = head.format(n=n, valid=counted.callbacks_valid)
        wants = listed(f"{label('callback', 'intention', c)} {k}" for c, k in counted.intentions.items())
        parts = [wants] if wants else []
        if counted.callbacks_unreached:
            parts.append(_("not reached {n}").format(n=counted.callbacks_unreached))
        yield _("{head}: {rest}.").format(head=head, rest=_clauses(parts)) if parts else _("{head}.").format(head=head)
    others = counted.calls - counted.callbacks
    if others > 0:
        words = ngettext("{n} other call.", "{n} other calls.", others)
        yield words.format(n=others)
    if n := counted.appointments:  # of all calls, callbacks included
        yield ngettext("{n} appointment made.", "{n} appointments made.", n).format(n=n)
    if counted.objections:
        code, times = next(iter(counted.objections.items()))
        words = ngettext("Main objection: {what} ({n} time).", "Main objection: {what} ({n} times).", times)
        yield words.format(what=label("contact", "objection", code), n=times)


def _other_lines(counted: Figures) -> Iterable[str]:
    if counted.policies:
        words = ngettext("{n} policy issued, premium {sum}.", "{n} policies issued, premium {sum}.", counted.policies)
        yield words.format(n=counted.policies, sum=text.wan(counted.premium_fen))
    parts = [
        words.format(n=n)
        for words, n in (
            (_("received {n}"), counted.complaints_received),
            (_("handled {n}"), counted.complaints_handled),
            (_("closed {n}"), counted.complaints_closed),
        )
        if n
    ]
    if parts:
        yield _("{head}: {rest}.").format(head=_("Complaints"), rest=listed(parts))


def _tomorrow(session: Session, day: date, person_id: str | None) -> str:
    """Whom to put first on the next workday, by why.

    Complaints due, next steps due, visits planned, and who matures within 7 days and was not yet seen.
    """
    following = workdays.next_workday(day + timedelta(days=1))
    groups: list[str] = []
    running = [row for row in open_deadlines(session, person_id) if not row.clock.paused]
    due = [row.client for row in running if clock.day_of(row.due_at) <= following]
    if due:
        groups.append(_group(due, _("complaint due")))
    steps = _steps(session, following, person_id)
    if steps:
        groups.append(_group(steps, _("next step due")))
    visits = _stops(session, day, following, person_id)
    if visits:
        groups.append(_group(visits, _("visit planned")))
    maturing = _maturing(session, day, following, person_id)
    if maturing:
        groups.append(_group(maturing, _("maturing within 7 days")))
    return _("Suggested first tomorrow: {who}.").format(who=_clauses(groups)) if groups else ""


def _steps(session: Session, following: date, person_id: str | None) -> list[str]:
    due_on = func.coalesce(Task.snoozed_to, Task.due_on)
    rows = session.execute(
        select(Client.name, Task.what)
        .outerjoin(Client, Client.id == Task.client_id)
        .where(Task.deleted_at.is_(None), Task.status == "open", due_on <= following, *owned(Task.owner_id, person_id))
        .order_by(due_on, Task.due_time, Task.id)
        .limit(50)
    ).all()
    return list(dict.fromkeys(name or retold(what) for name, what in rows))


def _stops(session: Session, day: date, following: date, person_id: str | None) -> list[str]:
    rows = session.scalars(
        select(Client.name)
        .join(Visit, Visit.client_id == Client.id)
        .where(
            Visit.deleted_at.is_(None), Visit.planned_on > day, Visit.planned_on <= following,
            Visit.status.in_(visit_rules.OPEN), *owned(Visit.owner_id, person_id),
        )
        .order_by(Visit.planned_on, Visit.slot, Visit.id)
        .limit(50)
    )  # fmt: skip
    return list(dict.fromkeys(rows))


def _group(names: Sequence[str], why: str) -> str:
    shown = listed(dict.fromkeys(names[:_MOST_NAMES]))
    if len(names) > _MOST_NAMES:
        shown = _("{names} and {n} more").format(names=shown, n=len(names) - _MOST_NAMES)
    return _("{names} ({why})").format(names=shown, why=why)


def _maturing(session: Session, day: date, following: date, person_id: str | None) -> list[str]:
    since = clock.instant(day)
    seen = select(Contact.id).where(
        Contact.client_id == Client.id, Contact.deleted_at.is_(None), Contact.started_at >= since
    )
    rows = session.execute(
        select(Client.name, Policy.line, Policy.matures_on)
        .join(Policy, Policy.applicant_id == Client.id)
        .where(
            Policy.deleted_at.is_(None), Policy.matures_on >= following,
            Policy.matures_on <= following + timedelta(days=policy_rules.URGENT_DAYS),
            or_(Policy.status.is_(None), Policy.status == "in_force"),
            Client.deleted_at.is_(None), Client.consent.is_distinct_from(False), ~seen.exists(),
            *owned(Policy.owner_id, person_id),
        )
        .order_by(Policy.matures_on, Policy.id)
        .limit(50)
    ).all()  # fmt: skip
    return list(dict.fromkeys(row.name for row in rows if policy_rules.matures(row.line, row.matures_on)))
