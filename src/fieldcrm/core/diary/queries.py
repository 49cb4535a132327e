"""Reading the diary: the marks of a month, the entry of a day, and the office's check by manager and day."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.diary import rules
from fieldcrm.core.diary.actions import find_entry
from fieldcrm.core.diary.draft import DiaryDraft, draft
from fieldcrm.core.diary.figures import Figures, from_snapshot, owned
from fieldcrm.core.diary.tables import Diary, DiaryNote
from fieldcrm.core.people.tables import Person, Unit


@dataclass(frozen=True)
class Mark:
    """What a day of the calendar shows."""

    written: bool = False
    countersigned: bool = False
    notes: int = 0


@dataclass(frozen=True)
class NoteRow:
    """An annotation."""

    written_at: datetime
    person: str
    words: str


@dataclass(frozen=True)
class EntryRow:
    """The entry of a day: `words` by field name, the figures as they were kept, the countersign, annotations."""

    id: str
    owner_id: str | None
    day: date
    words: dict[str, str | None]
    figures: Figures | None
    changed_at: datetime
    countersigned_at: datetime | None
    countersigned_by: str
    countersign_remark: str
    notes: tuple[NoteRow, ...]


@dataclass(frozen=True)
class CheckRow:
    """A manager on a day, as the office checks it; `entry` None: nothing written."""

    person_id: str
    name: str
    unit: str
    entry: EntryRow | None


@dataclass(frozen=True)
class DayOfDiary:
    """A manager's page of a day: the month's marks, the draft from the records, the entry when there is one.

    `since` is the first day that the book knows work of: no day before it is missing.
    """

    day: date
    since: date
    marks: dict[date, Mark]
    draft: DiaryDraft
    entry: EntryRow | None


@dataclass(frozen=True)
class CheckOfDay:
    """The office's page of a day: every manager, and what waits for the countersign on each day of the month."""

    day: date
    rows: tuple[CheckRow, ...]
    marks: dict[date, Mark]
    waiting: dict[date, int]


def open_day(session: Session, day: date, person_id: str | None = None) -> DayOfDiary:
    """A manager's day in one snapshot."""
    return DayOfDiary(
        day,
        _since(session, person_id),
        month_marks(session, day, person_id),
        draft(session, day, person_id),
        entry(session, day, person_id),
    )


def _since(session: Session, person_id: str | None) -> date:
    """The day of the first contact or diary entry; today in a new book."""
    contact = session.scalar(select(func.min(Contact.started_at)).where(*owned(Contact.owner_id, person_id)))
    written = session.scalar(select(func.min(Diary.day)).where(*owned(Diary.owner_id, person_id)))
    days = [clock.day_of(contact)] if contact is not None else []
    return min([*days, *([written] if written is not None else []), clock.today()])


def open_check(session: Session, day: date) -> CheckOfDay:
    """The office's day in one snapshot; a day of the month counts as signed when every entry of it is."""
    by_person = _marks(session, day, None).values()
    waiting: dict[date, int] = defaultdict(int)
    for marks in by_person:
        for on, mark in marks.items():
            waiting[on] += not mark.countersigned
    marks = {on: Mark(True, not count) for on, count in waiting.items()}
    return CheckOfDay(day, check_of_day(session, day), marks, {on: n for on, n in waiting.items() if n})


def month_marks(session: Session, month: date, person_id: str | None = None) -> dict[date, Mark]:
    """The marks of the month that `month` lies in; days without an entry are left out."""
    return _marks(session, month, person_id).get(person_id, {}) if person_id else _merged(_marks(session, month, None))


def entry(session: Session, day: date, person_id: str | None = None) -> EntryRow | None:
    """The entry of a day, with its annotations."""
    found = find_entry(session, day, person_id)
    return None if found is None else _entry(session, found)


def check_of_day(session: Session, day: date) -> tuple[CheckRow, ...]:
    """Every manager of the book on a day, those to be countersigned first."""
    rows = [
        CheckRow(person.id, person.name, unit or "", entry(session, day, person.id))
        for person, unit in _managers(session)
    ]
    rows.sort(key=lambda row: (row.entry is None, bool(row.entry and row.entry.countersigned_at), row.name))
    return tuple(rows)


def _managers(session: Session) -> list[tuple[Person, str | None]]:
    """Managers who are still there, and whoever else wrote an entry."""
    writes = select(Diary.id).where(Diary.owner_id == Person.id, Diary.deleted_at.is_(None)).exists()
    rows = session.execute(
        select(Person, Unit.name)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(Person.deleted_at.is_(None), (Person.role == "manager") | writes)
        .order_by(Unit.name, Person.name, Person.id)
    ).all()
    return [(row[0], row[1]) for row in rows]


def _marks(session: Session, month: date, person_id: str | None) -> dict[str, dict[date, Mark]]:
    first = month.replace(day=1)
    last = month.replace(day=monthrange(month.year, month.month)[1])
    noted = (
        select(func.count())
        .where(DiaryNote.parent_id == Diary.id, DiaryNote.deleted_at.is_(None))
        .correlate(Diary)
        .scalar_subquery()
    )
    found: dict[str, dict[date, Mark]] = defaultdict(dict)
    for owner, day, signed_at, notes in session.execute(
        select(Diary.owner_id, Diary.day, Diary.countersigned_at, noted)
        .where(Diary.deleted_at.is_(None), Diary.day >= first, Diary.day <= last, *owned(Diary.owner_id, person_id))
        .order_by(Diary.countersigned_at.is_not(None))
    ):
        found[owner or ""][day] = Mark(True, signed_at is not None, notes)
    return found


def _merged(by_person: dict[str, dict[date, Mark]]) -> dict[date, Mark]:
    found: dict[date, Mark] = {}
    for marks in by_person.values():
        found.update(marks)
    return found


def _entry(session: Session, row: Diary) -> EntryRow:
    notes = session.scalars(
        select(DiaryNote)
        .where(DiaryNote.parent_id == row.id, DiaryNote.deleted_at.is_(None))
        .order_by(DiaryNote.position, DiaryNote.written_at, DiaryNote.id)
    ).all()
    ids = {note.person_id for note in notes} | {row.countersigned_by_id}
    names = {p.id: p.name for p in session.scalars(select(Person).where(Person.id.in_([id for id in ids if id])))}
    return EntryRow(
        row.id,
        row.owner_id,
        row.day,
        {name: getattr(row, name) for name in rules.WORDS},
        from_snapshot(row.figures),
        row.changed_at,
        row.countersigned_at,
        names.get(row.countersigned_by_id or "", ""),
        row.countersign_remark or "",
        tuple(NoteRow(note.written_at, names.get(note.person_id or "", ""), note.words) for note in notes),
    )
