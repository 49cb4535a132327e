"""Writing the diary: one entry a day and owner, the office's countersign; afterwards edits become annotations."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms, text
from fieldcrm.base.data import journal
from fieldcrm.base.errors import ChangedElsewhere, Refused
from fieldcrm.core.diary import rules
from fieldcrm.core.diary.figures import figures
from fieldcrm.core.diary.tables import Diary, DiaryNote


def save_diary(session: Session, day: date, **words: str | None) -> str:
    """Write the entry of a day: `happened`, `problems`, `help_wanted`, `plan_tomorrow`, `evening_notes`.

    What is not given stays. The counted figures are kept with it as they stand now. Once countersigned, the
    entry stays as it was signed and changes become annotations. Gives the entry's id; raises `InvalidFields`,
    `Refused` for a day still to come.
    """
    if day > clock.today():
        raise Refused(rules.AHEAD)
    if unknown := set(words) - set(rules.WORDS):
        raise TypeError(", ".join(sorted(unknown)))
    values = forms.clean(forms.get("diary"), {name: value or None for name, value in words.items()}, partial=True)
    me = journal.author(session).person_id
    known = find_entry(session, day, me)
    if known is not None and known.countersigned_at is not None:
        _annotate(session, known, values)
        return known.id
    entry = known or Diary(day=day)
    for name, value in values.items():
        if getattr(entry, name) != value:
            setattr(entry, name, value)
    counted = figures(session, day, me).snapshot()
    if entry.figures != counted:
        entry.figures = counted
    session.add(entry)
    session.flush()
    return entry.id


def countersign(session: Session, diary_id: str, remark: str | None = None) -> None:
    """The office has read the entry. Raises `Refused` for a manager and for an entry signed before."""
    author = journal.author(session)
    if author.role != "office":
        raise Refused(rules.OFFICE_ONLY)
    entry = session.get(Diary, diary_id)
    if entry is None or entry.deleted_at is not None:
        raise ChangedElsewhere(rules.GONE)
    if entry.countersigned_at is not None:
        raise Refused(rules.SIGNED)
    entry.countersigned_at, entry.countersigned_by_id = clock.now(), author.person_id
    entry.countersign_remark = text.nfc(remark or "").strip() or None


def find_entry(session: Session, day: date, owner_id: str | None) -> Diary | None:
    """The entry of a day and owner; where two laptops wrote one each, the countersigned or else the newer."""
    found = session.scalars(
        select(Diary).where(
            Diary.deleted_at.is_(None), Diary.day == day, *([Diary.owner_id == owner_id] if owner_id else [])
        )
    ).all()
    return max(found, key=lambda row: (row.countersigned_at is not None, row.changed_at, row.id), default=None)


def _annotate(session: Session, entry: Diary, values: dict[str, str | None]) -> None:
    old = {name: getattr(entry, name) for name in rules.WORDS}
    notes = session.scalars(
        select(DiaryNote).where(DiaryNote.parent_id == entry.id, DiaryNote.deleted_at.is_(None))
    ).all()
    said = {note.words for note in notes}
    position = max((note.position for note in notes), default=-1)
    for words in rules.amendments(old, values):
        if words not in said:
            position += 1
            session.add(
                DiaryNote(
                    parent_id=entry.id, position=position, written_at=clock.now(),
                    person_id=journal.author(session).person_id, words=words,
                )
            )  # fmt: skip
