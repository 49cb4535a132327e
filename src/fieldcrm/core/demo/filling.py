"""Filling an open store with the demo: through the book's own actions and bulk road, the clock moved along."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from fieldcrm.base import clock, workdays
from fieldcrm.base.data.journal import bulk_insert
from fieldcrm.base.data.schema import record_tables
from fieldcrm.base.data.store import Store
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress
from fieldcrm.core import callbacks, contacts, diary, visits
from fieldcrm.core.demo import cast, words
from fieldcrm.core.demo.people import People, Row
from fieldcrm.core.demo.work import Work, channels, complaints

BEGUN = 75  # days ago
FILLING = N_("Making the demo book")
_BATCH = 20_000
_ANSWERS = (
    "result", "maturity_explained", "conversion_explained", "conversion_offer", "intention", "objection", "remark",
)  # fmt: skip
_STOPS_AT = (0.15, 0.3, 0.55)  # of the day's work: as they are planned, two before noon
_CARRIED_OVER = ("reached", "appointment", "appointment", "no_answer", "reached", "appointment")


def fill(
    store: Store,
    clients: int,
    seed: int,
    progress: Progress | None = None,
    *,
    place: int = 0,
    evening: Callable[[date], None] = lambda day: None,
) -> None:
    """Write clients, policies and the work of the last weeks into an empty store, up to this very moment.

    `place` tells several account managers apart (0 has the cast); `evening` is called at the end of each day.
    """
    now = clock.now()
    today = clock.day_of(now)
    rng = random.Random(seed)  # noqa: S311 - sample data
    people = People(clients, rng, today, place)
    work = Work(people)
    told = complaints(people)
    if progress is not None:
        progress.begin(gettext(FILLING), len(work.days) + 3)
    begun = today - timedelta(days=BEGUN)
    with clock.at(clock.instant(begun, 8, 40)):
        store.change(import_list, people.rows)
        store.change(import_list, channels(people))
    for done, (day, rows) in enumerate(work.days.items(), 1):
        _day(store, day, rows, [c for c in told if clock.day_of(c[0]["received_at"]) == day])
        with clock.at(clock.instant(day, 20, 41)):
            evening(day)
        if progress is not None:
            progress.step(done)
    listed = {day for day in work.days if day >= begun}
    rest = [c for c in told if clock.day_of(c[0]["received_at"]) not in listed]
    yesterday_evening = min(now, clock.instant(today))
    with clock.at(yesterday_evening):
        for complaint in rest:
            store.change(register_complaint, *complaint)
        _plan(store, people, today)
    _today(store, people, work, now)


def import_list(session: Session, rows: Mapping[str, Sequence[Row]]) -> None:
    """Records of several kinds at once, as an import of a list brings them."""
    classes = record_tables()
    for kind, records in rows.items():
        for at in range(0, len(records), _BATCH):
            bulk_insert(session, classes[kind], records[at : at + _BATCH])


def record_contacts(session: Session, rows: Mapping[str, Sequence[Row]]) -> None:
    """Contacts of a day with their next steps."""
    import_list(session, rows)


def record_callbacks(session: Session, rows: Sequence[Row]) -> None:
    """Callbacks of a day."""
    import_list(session, {"callback": rows})


def record_visits(session: Session, rows: Sequence[Row]) -> None:
    """Visits of a day as they went."""
    import_list(session, {"visit": rows})


def log_callback(
    session: Session, client_id: str, policy_id: str | None, moment: datetime, answers: dict[str, Any]
) -> None:
    """One callback, as the form saves it."""
    callbacks.log_callback(session, client_id, policy_id=policy_id, called_at=moment, **answers)


def register_complaint(session: Session, complaint: Row, steps: Sequence[Row], pauses: Sequence[Row]) -> None:
    """A complaint with its steps and pauses."""
    import_list(session, {"complaint": [complaint], "complaint_step": steps, "complaint_pause": pauses})


def _day(
    store: Store, day: date, rows: Mapping[str, list[Row]], told: Sequence[tuple[Row, list[Row], list[Row]]]
) -> None:
    def at(hour: int, minute: int, action: Callable[..., Any], *args: Any, **values: Any) -> None:
        with clock.at(clock.instant(day, hour, minute)):
            store.change(action, *args, **values)

    if rows["contact"]:
        at(17, 30, record_contacts, {"contact": rows["contact"], "task": rows["task"]})
    if rows["callback"]:
        at(17, 40, record_callbacks, rows["callback"])
    if rows["visit"]:
        at(17, 50, record_visits, rows["visit"])
    for complaint in told:
        at(17, 55, register_complaint, *complaint)
    for entry in rows["diary"]:
        at(18, 5, diary.save_diary, day, **{name: words for name, words in entry.items() if name not in ("id", "day")})


def _plan(store: Store, people: People, today: date) -> None:
    """Today's stops, the rest of this week, the week to come."""
    for slot, name, purpose, bring in cast.TODAY:
        _stop(store, people, today, slot, name, purpose, bring)
    rng, anyone = people.rng, people.persons or people.firms
    if not anyone:
        return
    monday = today - timedelta(days=today.weekday())
    for day in (monday + timedelta(days=n) for n in range(today.weekday() + 1, 5)):
        for slot in rng.sample(("09:30", "14:00", "15:30"), 2):
            client_id = rng.choice(anyone)
            store.change(plan_stop, client_id, None, day, slot, rng.choice(words.PURPOSES), rng.choice(words.BRING))
    for weekday, slot, name, purpose, bring in cast.NEXT_WEEK:
        _stop(store, people, monday + timedelta(days=7 + weekday), slot, name, purpose, bring)


def _stop(store: Store, people: People, day: date, slot: str, name: str, purpose: str, bring: str) -> None:
    if name not in people.by_name:
        return
    is_channel = any(name == channel[0] for channel in cast.CHANNELS)
    where = (None, people.by_name[name]) if is_channel else (people.by_name[name], None)
    store.change(plan_stop, where[0], where[1], day, slot, purpose, bring)


def plan_stop(
    session: Session, client_id: str | None, channel_id: str | None, day: date, slot: str, purpose: str, bring: str
) -> None:
    """One planned stop, unless the client withdrew consent."""
    from fieldcrm.core.clients.tables import Client

    if client_id is not None and session.get_one(Client, client_id).consent is False:
        return
    visits.plan_visit(
        session, planned_on=day, client_id=client_id, channel_id=channel_id, slot=slot, purpose=purpose, bring=bring
    )


def _today(store: Store, people: People, work: Work, now: datetime) -> None:
    """What was done today until now: calls, callbacks and the first stops, spread over the day so far."""
    rng, today = people.rng, people.today
    calls = [people.by_name[c[0]] for c in cast.CALLBACKS if c[0] in people.by_name]
    spare = [id for id in people.persons if id not in set(people.by_name.values()) and id in people.main]
    others = rng.sample(spare, min(len(spare), 6 if len(calls) == len(cast.CALLBACKS) else 2))
    touched = rng.sample(spare, min(len(spare), 12))
    events: list[Callable[[datetime], None]] = []
    for number, client_id in enumerate([*calls, *others], 1):
        events.append(_callback(store, work, people, client_id, number))
    for n, client_id in enumerate(touched):
        events.append(_contact(store, client_id, "appointment" if n < 8 else _CARRIED_OVER[n % 6], n, today))
    rng.shuffle(events)
    for share, stop in zip(_STOPS_AT, _stops(store, people), strict=False):
        events.insert(round(len(events) * share), stop)
    opened = clock.instant(today, 8, 45)
    start = opened if now - opened > timedelta(hours=1) else max(clock.instant(today), now - timedelta(hours=6))
    end = min(now, clock.instant(today, 17, 30))
    for n, event in enumerate(events, 1):
        moment = start + (end - start) * n / (len(events) + 1)
        with clock.at(moment):
            event(moment)


def _callback(store: Store, work: Work, people: People, client_id: str, number: int) -> Callable[[datetime], None]:
    def run(moment: datetime) -> None:
        row = work.callback(client_id, moment, number, "reached")
        row["maturity_explained"], row["intention"] = True, row["intention"] or "considering"
        told = {people.by_name.get(c[0]): c for c in cast.CALLBACKS}.get(client_id)
        if told is not None:
            _, row["result"], row["maturity_explained"], row["intention"], row["objection"], offer = told
            row.update(conversion_explained=offer is not None, conversion_offer=offer)
        answers = {name: row[name] for name in _ANSWERS}
        store.change(log_callback, client_id, row["policy_id"], moment, answers)

    return run


def _contact(store: Store, client_id: str, result: str, n: int, today: date) -> Callable[[datetime], None]:
    summaries = words.SUMMARIES[result]
    step = words.STEPS[n % len(words.STEPS)] if result == "appointment" else None
    due = workdays.next_workday(today + timedelta(days=1 + n % 6)) if step else None

    def run(moment: datetime) -> None:
        store.change(
            contacts.log_contact, client_id, kind="phone", result=result, summary=summaries[n % len(summaries)],
            started_at=moment, minutes=3 + n % 7, next_what=step, next_on=due,
            next_time="10:00" if step else None, next_way="visit" if step else None,
        )  # fmt: skip

    return run


def _stops(store: Store, people: People) -> list[Callable[[datetime], None]]:
    """The first three of today's stops are done."""
    today = people.today
    stops = [v for v in store.read(_planned_on, today) if v.client_id is not None][:3]
    said = (
        "同意转保年金 A 款（5 年期交）3 万元，约下周一双录",
        "续保报价待总公司核保，车辆 42 台无变化",
        "养老规划手册已送达，下周再谈",
    )

    def done(visit_id: str, summary: str) -> Callable[[datetime], None]:
        return lambda moment: _finish(store, visit_id, summary, moment)

    return [done(visit.id, summary) for visit, summary in zip(stops, said, strict=False)]


def _finish(store: Store, visit_id: str, summary: str, moment: datetime) -> None:
    store.change(visits.finish_visit, visit_id, result="reached", summary=summary, started_at=moment, minutes=50)


def _planned_on(session: Session, day: date) -> list[visits.VisitRow]:
    monday = visits.monday_of(day)
    return [v for d in visits.week(session, monday).days if d.on == day for v in d.visits]
