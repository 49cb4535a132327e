"""What lists of clients sort by and other records know, kept beside each client and put right by every operation.

Not journalled and never sent, since it follows from what is: when the next policy comes due, when the last contact was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, inspect, or_, select
from sqlalchemy.orm import Session

from fieldcrm.base import clock
from fieldcrm.base.data import bulk, journal, store
from fieldcrm.base.data.among import among, parts
from fieldcrm.base.data.schema import Record
from fieldcrm.core.clients.tables import Client
from fieldcrm.core.contacts.tables import Contact
from fieldcrm.core.policies import rules
from fieldcrm.core.policies.due import RENEWAL_KEPT, is_in_force
from fieldcrm.core.policies.tables import Policy

_CHUNK = 2_000
_POINTERS: tuple[tuple[type[Record], str], ...] = ((Policy, "applicant_id"), (Contact, "client_id"))
_DAYS = ("matures_on", "renews_on")
_Values = Mapping[str, Any]  # of a record by field, as JSON
_NO_VALUES: Mapping[str, _Values] = {}


class Kept(NamedTuple):
    """What is kept of a client; `due_until` is the last day on which a passed renewal still counts."""

    due_on: date | None = None
    due_until: date | None = None
    contacted_at: datetime | None = None


_NOTHING = Kept()


def attach() -> None:
    """Have every operation keep it right; harmless when done before."""
    store.before_commit(keep)


def keep(session: Session, changed: Mapping[str, Iterable[str]]) -> None:
    """Put right what an operation changed (kind to ids), and what the days that went by did."""
    made = journal.made(session, Client)
    older = _concerned(session, changed, made)
    fresh = {id: values for id, values in made.items() if id not in older}
    _write(session, _of_made(session, fresh), {})
    for part in parts(list(older), _CHUNK):
        _write(session, *_read(session, part, journal.arrived(session, Client)))


def overtake(session: Session) -> None:
    """Put right what the days that went by changed; for the opening of a book."""
    keep(session, {})


def wrong(session: Session, ids: Sequence[str]) -> list[str]:
    """Those of these clients of whom something else is kept than their records say; what lapsed counts as right."""
    right, known = _read(session, ids)
    differ = [id for id in right | known if right.get(id, _NOTHING) != known.get(id, _NOTHING)]
    today = clock.today()
    return [id for id in differ if (known.get(id, _NOTHING).due_until or today) >= today]


def _write(session: Session, right: Mapping[str, Kept], known: Mapping[str, Kept]) -> None:
    """Write what differs, a column only where it does: each named column costs its index."""
    changes: dict[tuple[str, ...], dict[str, tuple[Any, ...]]] = defaultdict(dict)
    for id in {**right, **known}:
        new, old = right.get(id, _NOTHING), known.get(id, _NOTHING)
        if new != old:
            places = [n for n in range(len(new)) if new[n] != old[n]]
            changes[tuple(Kept._fields[n] for n in places)][id] = tuple(new[n] for n in places)
    for names, rows in changes.items():
        columns = dict(zip(names, zip(*rows.values(), strict=True), strict=True))
        with journal.journalled(session.connection()) as connection:
            bulk.update_columns(connection, inspect(Client).local_table, list(rows), columns)


def _concerned(session: Session, changed: Mapping[str, Iterable[str]], made: Collection[str]) -> Iterable[str]:
    """Older clients that may say something new, and made ones that older records name."""
    found: dict[str, None] = dict.fromkeys(id for id in changed.get("client", ()) if id not in made)
    for cls, name in _POINTERS:
        fresh = journal.made(session, cls)
        named = journal.pointed(session, cls, name, (i for i in changed.get(cls.__tablename__, ()) if i not in fresh))
        named.update(client for values in fresh.values() if (client := values.get(name)) and client not in made)
        found.update(dict.fromkeys(named))
    lapsed = session.scalars(select(Client.id).where(Client.due_until < clock.today()))
    return found | dict.fromkeys(lapsed)


# What records say, as the database or the notes of the running operation have them


@dataclass
class _Said:
    """What records say of clients, gathered one by one."""

    counted: date = field(default_factory=lambda: clock.today() - RENEWAL_KEPT)
    matures: dict[str, date] = field(default_factory=dict)
    renews: dict[str, date] = field(default_factory=dict)
    contacts: dict[str, datetime] = field(default_factory=dict)

    def policy(
        self, client: Any, status: str | None, line: str | None, matures_on: date | None, renews_on: date | None
    ) -> None:
        if not is_in_force(status):
            return
        day = rules.matures(line, matures_on)
        if day is not None and day < self.matures.get(client, date.max):
            self.matures[client] = day
        if renews_on is not None:
            self.renewal(client, renews_on)

    def renewal(self, client: str, day: date) -> None:
        if self.counted <= day < self.renews.get(client, date.max):
            self.renews[client] = day

    def contact(self, client: str, moment: datetime) -> None:
        self.contacts[client] = max(moment, self.contacts.get(client, moment))

    def elsewhere(self, clients: Mapping[str, _Values]) -> None:
        """Cover with other insurers, from the clients' values as JSON."""
        for id, values in clients.items():
            day = _day(values.get("insurance_expires_on"))
            if day is not None:
                self.renewal(id, day)

    def kept(self) -> dict[str, Kept]:
        """Of every client of whom anything is said."""
        found = {}
        for id in self.matures | self.renews | self.contacts:
            matures, renews = self.matures.get(id), self.renews.get(id)
            if renews is not None and (matures is None or renews <= matures):
                found[id] = Kept(renews, renews + RENEWAL_KEPT, self.contacts.get(id))
            else:
                found[id] = Kept(matures, None, self.contacts.get(id))
        return found


def _of_made(session: Session, clients: Mapping[str, _Values]) -> dict[str, Kept]:
    """Of clients that the running operation made, and no older record names: from its notes alone."""
    said = _Said()
    said.elsewhere(clients)
    for values in journal.made(session, Policy).values() if clients else ():
        client = values.get("applicant_id") or ""
        if client in clients and values.get("deleted_at") is None:
            said.policy(client, values.get("status"), values.get("line"), *(_day(values.get(name)) for name in _DAYS))
    for values in journal.made(session, Contact).values() if clients else ():
        client = values.get("client_id") or ""
        if client in clients and values.get("deleted_at") is None:
            said.contact(client, datetime.fromisoformat(values["started_at"]))
    return said.kept()


def _read(
    session: Session, ids: Sequence[str], new: Mapping[str, _Values] = _NO_VALUES
) -> tuple[dict[str, Kept], dict[str, Kept]]:
    """What is right for these clients, and what is kept; of whom there is nothing is left out.

    `new`: those of whom nothing is kept yet, with their values as JSON.
    """
    c, p, t = Client, Policy, Contact
    said, known = _Said(), {}
    said.elsewhere({id: new[id] for id in ids if id in new})
    old = [id for id in ids if id not in new]
    some = or_(*(column.is_not(None) for column in (c.insurance_expires_on, c.due_on, c.contacted_at)))
    query = select(c.id, c.due_on, c.due_until, c.contacted_at, c.insurance_expires_on).where(among(c.id, old), some)
    for row in session.execute(query) if old else ():
        known[row.id] = Kept(row.due_on, row.due_until, row.contacted_at)
        if row.insurance_expires_on is not None:
            said.renewal(row.id, row.insurance_expires_on)
    held = select(p.applicant_id, p.status, p.line, p.matures_on, p.renews_on).where(among(p.applicant_id, ids))
    for one in session.execute(held.where(p.deleted_at.is_(None))):
        said.policy(*one)
    last = select(t.client_id, func.max(t.started_at)).where(among(t.client_id, ids), t.deleted_at.is_(None))
    for client, moment in session.execute(last.group_by(t.client_id)):
        said.contact(client, moment)
    return said.kept(), known


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
