"""The week as a calendar file (RFC 5545), for a phone or a mail program."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from fieldcrm.base import clock, files, text
from fieldcrm.base.data.setting_table import read_settings
from fieldcrm.base.errors import Environment, define
from fieldcrm.base.i18n import N_, _
from fieldcrm.base.settings import REMIND_MINUTES
from fieldcrm.core.visits import rules
from fieldcrm.core.visits.queries import VisitRow, WeekRows, addresses, week

NOT_WRITTEN = define("calendar_not_written", N_("The calendar file cannot be written there: {reason}"))


def calendar_bytes(rows: WeekRows, places: dict[str, str], remind_minutes: int = 30) -> bytes:
    """The visits that still stand, one event each, with a reminder; `places`: addresses by visit id. No phones."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//fieldcrm//visit plan//EN", "CALSCALE:GREGORIAN"]
    for day in rows.days:
        for visit in day.visits:
            if visit.status in rules.OPEN:
                lines += _event(visit, places.get(visit.id, ""), remind_minutes)
    lines.append("END:VCALENDAR")
    return "".join(folded + "\r\n" for line in lines for folded in [_fold(line)]).encode()


def write_calendar(session: Session, monday: date, path: Path) -> None:
    """Write a week's calendar file, whole or not at all; raises `Environment`."""
    minutes = read_settings(session).get(REMIND_MINUTES)
    content = calendar_bytes(week(session, monday), addresses(session, monday), minutes)
    try:
        files.write(path, content)
    except OSError as error:
        raise Environment(NOT_WRITTEN, reason=files.why(error)) from None


def _event(visit: VisitRow, address: str, remind_minutes: int) -> Iterable[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{visit.id}@fieldcrm"
    yield f"DTSTAMP:{_utc(clock.now())}"
    minute = rules.minute_of(visit.slot)
    if minute is None:
        yield f"DTSTART;VALUE=DATE:{visit.planned_on:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{visit.planned_on + timedelta(days=1):%Y%m%d}"
    else:
        start = clock.instant(visit.planned_on, minute // 60, minute % 60)
        yield f"DTSTART:{_utc(start)}"
        yield f"DTEND:{_utc(start + timedelta(minutes=visit.minutes or rules.DEFAULT_MINUTES))}"
    yield f"SUMMARY:{_escaped(' • '.join(filter(None, (visit.name, visit.purpose))))}"
    if address:
        yield f"LOCATION:{_escaped(address)}"
    if visit.bring:
        yield f"DESCRIPTION:{_escaped(_('Bring: {what}').format(what=visit.bring))}"
    if minute is not None and remind_minutes:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{_escaped(visit.name)}"
        yield f"TRIGGER:-PT{remind_minutes}M"
        yield "END:VALARM"
    yield "END:VEVENT"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(words: str) -> str:
    plain = text.nfc(words).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\\n").replace("\n", "\\n")


def _fold(line: str) -> str:
    """Lines of at most 75 bytes, never cut inside a character; a continuation begins with a space."""
    parts, part, size = [], "", 0
    for char in line:
        width = len(char.encode())
        if size + width > 75:
            parts.append(part)
            part, size = " ", 1
        part += char
        size += width
    return "\r\n".join([*parts, part])
