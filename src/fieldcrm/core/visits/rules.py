"""Decisions on visits, pure: capacity and slots of a day, clashes, changes of status, and the score of candidates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from fieldcrm.base import text
from fieldcrm.base.errors import InvalidField, Refused, define
from fieldcrm.base.i18n import N_, _
from fieldcrm.core.policies.rules import is_whole_life

DAY_CAPACITY = 5  # stops a day (default; 25 a week)
DAY_BEGINS, DAY_ENDS = 9 * 60, 17 * 60 + 30  # minutes after midnight
NOON = (12 * 60, 13 * 60 + 30)
TRAVEL = 30  # minutes between two stops
DEFAULT_MINUTES = 60
RHYTHM = {"A": 30, "B": 60, "C": 120}  # days between contacts by grade (domain, section 6)
NO_GRADE_RHYTHM = 120

PLANNED, DONE, MOVED, CANCELLED = "planned", "done", "moved", "cancelled"
OPEN = (PLANNED, MOVED)  # a moved visit still stands, on its new day
_NEXT = {PLANNED: {DONE, MOVED, CANCELLED}, MOVED: {DONE, MOVED, CANCELLED}, DONE: set(), CANCELLED: {PLANNED}}

BAD_SLOT = define("visit_slot", N_("A time of day is written as 09:30."))
BAD_LENGTH = define("visit_length", N_("A visit lasts between 5 minutes and 12 hours."))
REASON_NEEDED = define("visit_reason_needed", N_("Say why the visit is moved or cancelled."))
NO_WHO = define("visit_without_client", N_("Say whom the visit is for."))
NO_CONSENT = define("visit_no_consent", N_("This client does not want to be contacted."))
STATUS_REFUSED = define("visit_status", N_("A visit that is {old} cannot become {new}."))

# The paper's five boxes in their order, code to words: results of the contact, and the one that makes none
OUTCOMES: dict[str, str] = {
    "deal": N_("Deal"),
    "interested": N_("Interested"),
    "considering": N_("Considering"),
    "refused": N_("Refused"),
    "moved": N_("Another day"),
}
NO_OUTCOME = define("visit_no_outcome", N_("Choose what came of it first."))
WEEK_FULL = define("visit_week_full", N_("This week has no free slot left."))
NO_NEW_DAY = define("visit_no_new_day", N_("Say to which day it moves."))

STATUS_WORDS = {PLANNED: N_("planned"), DONE: N_("done"), MOVED: N_("moved"), CANCELLED: N_("cancelled")}


def minute_of(slot: str | None) -> int | None:
    """Minutes after midnight of `"HH:MM"`; raises `InvalidField` for anything else."""
    if slot is None:
        return None
    hour, colon, minute = slot.partition(":")
    if not (colon and len(slot) == 5 and slot.isascii() and hour.isdecimal() and minute.isdecimal()):
        raise InvalidField("slot", BAD_SLOT)
    if int(hour) > 23 or int(minute) > 59:
        raise InvalidField("slot", BAD_SLOT)
    return int(hour) * 60 + int(minute)


def slot_of(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def check_length(minutes: int | None) -> None:
    if minutes is not None and not 5 <= minutes <= 720:
        raise InvalidField("minutes", BAD_LENGTH)


def check_status(old: str, new: str) -> None:
    """Raises `Refused` when a visit in status `old` may not become `new`."""
    if new not in _NEXT.get(old, set()):
        raise Refused(STATUS_REFUSED, old=_(STATUS_WORDS.get(old, old)), new=_(STATUS_WORDS.get(new, new)))


def check_reason(reason: str | None) -> str:
    """The reason, tidied; raises `InvalidField` when there is none."""
    tidy = text.one_line(reason or "")
    if not tidy:
        raise InvalidField("reason", REASON_NEEDED)
    return tidy


@dataclass(frozen=True)
class Taken:
    """A stop that takes its time of a day."""

    id: str
    slot: str | None
    minutes: int | None

    @property
    def span(self) -> tuple[int, int] | None:
        start = minute_of(self.slot)
        return None if start is None else (start, start + (self.minutes or DEFAULT_MINUTES))


@dataclass(frozen=True)
class Clash:
    """Two stops of one day that overlap by `minutes`, or leave less than the way takes (`minutes` is 0)."""

    first_id: str
    second_id: str
    minutes: int


def clashes(day: Iterable[Taken]) -> list[Clash]:
    """Stops that overlap, in order of time; stops without a slot clash with nothing."""
    spans = sorted((stop.span, stop.id) for stop in day if stop.span is not None)
    found: list[Clash] = []
    for number, (span, id) in enumerate(spans):
        for later, other in spans[number + 1 :]:
            if later[0] >= span[1]:
                break
            found.append(Clash(id, other, min(span[1], later[1]) - later[0]))
    return found


def over_capacity(count: int, capacity: int = DAY_CAPACITY) -> int:
    """How many stops too many."""
    return max(0, count - capacity)


def free_slot(day: Sequence[Taken], minutes: int = DEFAULT_MINUTES, after: int = 0) -> str | None:
    """The first half hour from minute `after` on that leaves room for the visit and the way; None when none does."""
    busy = [(start - TRAVEL, end + TRAVEL) for start, end in (stop.span for stop in day if stop.span)]
    busy.append(NOON)
    for start in range(DAY_BEGINS, DAY_ENDS - minutes + 1, 30):
        if start >= after and all(start + minutes <= begin or start >= end for begin, end in busy):
            return slot_of(start)
    return None


# The score of a candidate


@dataclass(frozen=True)
class Facts:
    """What is known of a client when it is scored. Money in fen; days are dates; None: unknown or none."""

    matures_on: date | None = None
    renews_on: date | None = None
    principal_fen: int | None = None
    grade: str | None = None
    contacted_on: date | None = None
    open_complaint: bool = False
    birthday_on: date | None = None
    overdue_task: str | None = None
    valued: bool = False  # an organisation of a key industry or among the first 100
    line: str | None = None  # of the policy that comes due


@dataclass(frozen=True)
class Reason:
    """Points and why, in the words of the moment."""

    points: int
    words: str


@dataclass(frozen=True)
class Score:
    """The sum, at most 99, and its reasons, the weightiest first."""

    points: int
    reasons: tuple[Reason, ...] = field(default=())

    @property
    def tone(self) -> str:
        return "red" if self.points >= 90 else "amber" if self.points >= 70 else "blue" if self.points >= 50 else "grey"


_MATURES = ((7, 45), (14, 40), (30, 35), (45, 25), (60, 15))  # within days, points
_RENEWS = ((30, 30), (60, 22), (90, 12))
_PRINCIPAL = ((20_000_000, 20), (10_000_000, 15), (5_000_000, 10), (1, 4))  # fen and over, points
_GRADES = {"A": 12, "B": 7, "C": 3}


def score(facts: Facts, today: date) -> Score:
    """How much a visit is worth now, and why."""
    found = [reason for reason in _reasons(facts, today) if reason.points > 0]
    found.sort(key=lambda reason: -reason.points)
    return Score(min(99, sum(reason.points for reason in found)), tuple(found))


def maturity_words(line: str | None, day: date) -> str:
    """A listed maturity in words: a whole-life policy does not mature, its holding is explained."""
    words = _("explain holding {day}") if is_whole_life(line) else _("matures {day}")
    return words.format(day=text.day_text(day))


def _reasons(facts: Facts, today: date) -> Iterable[Reason]:
    if facts.open_complaint:
        yield Reason(40, _("open complaint"))
    if facts.matures_on is not None and facts.matures_on >= today - timedelta(days=30):
        points = _within((facts.matures_on - today).days, _MATURES)
        yield Reason(points, maturity_words(facts.line, facts.matures_on))
    if facts.renews_on is not None and facts.renews_on >= today:
        points = _within((facts.renews_on - today).days, _RENEWS)
        yield Reason(points, _("renewal {day}").format(day=text.day_text(facts.renews_on)))
    if facts.principal_fen:
        points = next((p for least, p in _PRINCIPAL if facts.principal_fen >= least), 0)
        yield Reason(points, short_amount(facts.principal_fen))
    if facts.overdue_task:
        yield Reason(15, _("overdue: {what}").format(what=facts.overdue_task))
    if facts.valued:
        yield Reason(12, _("key account"))
    if facts.grade in _GRADES:
        yield Reason(_GRADES[facts.grade], _("grade {grade}").format(grade=facts.grade))
    yield _silence(facts, today)
    if facts.birthday_on is not None and 0 <= (facts.birthday_on - today).days <= 7:
        yield Reason(8, _("birthday {day}").format(day=text.day_text(facts.birthday_on)))


def _within(days: int, steps: Sequence[tuple[int, int]]) -> int:
    return next((points for most, points in steps if days <= most), 0)


def _silence(facts: Facts, today: date) -> Reason:
    """Longer without contact than the rhythm of the grade allows; counted in full at twice that time."""
    if facts.contacted_on is None:
        return Reason(10, _("never contacted"))
    days, rhythm = (today - facts.contacted_on).days, RHYTHM.get(facts.grade or "", NO_GRADE_RHYTHM)
    points = min(18, 18 * (days - rhythm) // rhythm + 6) if days > rhythm else 0
    return Reason(points, _("{days} days without contact").format(days=days))


def short_amount(fen: int) -> str:
    """`12 万`, `5.5 万`: as `text.wan` without a zero after the point."""
    return text.wan(fen).replace(".0 ", " ")
