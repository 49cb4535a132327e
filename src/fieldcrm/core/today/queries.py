"""The Today page in one snapshot: tiles, stops, needs, the diary draft, and what to do first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data.setting_table import read_settings
from fieldcrm.base.settings import CALLBACKS_A_DAY
from fieldcrm.core.channels.tables import Channel
from fieldcrm.core.clients.rules import whole_address
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.complaints.queries import ComplaintRow
from fieldcrm.core.diary.deadlines import open_deadlines
from fieldcrm.core.diary.draft import DiaryDraft, draft
from fieldcrm.core.diary.figures import Figures, owned
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.said import retold
from fieldcrm.core.today.needs import Needs, maturing_between, needs
from fieldcrm.core.today.rules import Need, first_sentence
from fieldcrm.core.visits import rules as visit_rules
from fieldcrm.core.visits.tables import Visit

MATURING_DAYS = 30


@dataclass(frozen=True)
class StopRow:
    """A stop of the day; `state` is done, next, planned, late or moved. Length in minutes."""

    id: str
    client_id: str | None
    slot: str
    name: str
    purpose: str
    address: str
    minutes: int
    state: str


@dataclass(frozen=True)
class Tiles:
    """What the five tiles count. `figures` are the day's; amounts in fen."""

    figures: Figures
    callbacks_goal: int
    open_complaints: int
    next_deadline: datetime | None
    deadline_used: int
    deadline_tone: str
    maturing: int
    maturing_fen: int
    maturing_soon: int  # of these within 7 days


@dataclass(frozen=True)
class TodayRows:
    """Everything on the page. `first` is what to do first; `first_need` what it is about, when it is a need."""

    on: date
    first: str
    first_need: Need | None
    tiles: Tiles
    stops: tuple[StopRow, ...]
    needs: Needs
    draft: DiaryDraft
    no_clients: bool = False

    @property
    def hours(self) -> float:
        """Hours the stops take, with the way between them."""
        if not self.stops:
            return 0.0
        ways = visit_rules.TRAVEL * (len(self.stops) - 1)
        return round((sum(stop.minutes for stop in self.stops) + ways) / 30) / 2


def today(session: Session, person_id: str | None = None, *, whole_book: bool = False) -> TodayRows:
    """The page of the present day of a person; of all records with `whole_book` (a manager's book is all his own)."""
    on = clock.today()
    goal = read_settings(session, person_id).get(CALLBACKS_A_DAY)
    if whole_book:
        person_id = None
    stops = day_stops(session, on, person_id)
    drafted = draft(session, on, person_id)
    complaints = open_deadlines(session, person_id)
    found = needs(session, on, person_id, complaints)
    tiles = _tiles(session, on, drafted.figures, goal, complaints, person_id)
    local = clock.local(clock.now())
    following = next((stop for stop in stops if stop.state in ("next", "late")), None)
    no_clients = not session.scalar(select(exists().where(Client.deleted_at.is_(None))))
    first, need = first_sentence(
        found.rows,
        (following.slot, following.name, following.purpose) if following else None,
        local.hour * 60 + local.minute,
        on,
        tiles.callbacks_goal - drafted.figures.callbacks_valid,
        no_clients,
    )
    return TodayRows(on, first, need, tiles, stops, found, drafted, no_clients)


def day_stops(session: Session, on: date, person_id: str | None = None) -> tuple[StopRow, ...]:
    """The stops of a day by time, with where to go; the first that is still open is the next one."""
    visits = session.scalars(
        select(Visit)
        .where(
            Visit.deleted_at.is_(None), Visit.planned_on == on, Visit.status != visit_rules.CANCELLED,
            *owned(Visit.owner_id, person_id),
        )
        .order_by(Visit.slot.is_(None), Visit.slot, Visit.id)
    ).all()  # fmt: skip
    places = _places(session, visits)
    rows = []
    reached = False
    for visit in visits:
        state = "done" if visit.status == visit_rules.DONE else "planned"
        if state == "planned" and not reached:
            state, reached = "next", True
        name, address = places.get(visit.client_id or visit.channel_id or "", ("—", ""))
        rows.append(
            StopRow(
                visit.id, visit.client_id, visit.slot or "", name, retold(visit.purpose), visit.place or address,
                visit.minutes or visit_rules.DEFAULT_MINUTES, state,
            )
        )  # fmt: skip
    return tuple(rows)


def _places(session: Session, visits: Sequence[Visit]) -> dict[str, tuple[str, str]]:
    """Name and address by client or channel id."""
    found: dict[str, tuple[str, str]] = {}
    models: tuple[type[Client] | type[Channel], ...] = (Client, Channel)
    for model, ids in zip(
        models, ({v.client_id for v in visits}, {v.channel_id for v in visits}), strict=True
    ):  # fmt: skip
        for id, name, district, address in session.execute(
            select(model.id, model.name, model.district, model.address).where(model.id.in_([i for i in ids if i]))
        ):
            found[id] = (name, whole_address(None, district, address))
    return found


def _tiles(
    session: Session,
    on: date,
    counted: Figures,
    goal: int,
    deadlines: Sequence[ComplaintRow],
    person_id: str | None,
) -> Tiles:
    pieces, premium, soon = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Policy.premium_fen), 0),
            func.count().filter(Policy.matures_on <= on + timedelta(days=7)),
        ).where(*maturing_between(on, on + timedelta(days=MATURING_DAYS)), *owned(Policy.owner_id, person_id))
    ).one()
    first = next((row for row in deadlines if not row.clock.paused), None)
    return Tiles(
        counted,
        goal,
        len(deadlines),
        first.due_at if first else None,
        first.clock.used if first else 0,
        first.clock.tone if first else "green",
        pieces,
        int(premium or 0),
        soon,
    )
