"""What the book already holds of the people and policies of a list, read in bulk; reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fieldcrm.base.data.schema import Child, Record, record_tables
from fieldcrm.base.jobs import Progress

_CHUNK = 500


@dataclass
class Known:
    """Records by id: column values by field name; children by (kind, list field) and parent."""

    policies: dict[str, dict[str, Any]] = field(default_factory=dict)
    clients: dict[str, dict[str, Any]] = field(default_factory=dict)
    children: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    by_number: dict[str, str] = field(default_factory=dict)  # policy number → policy id


def read_known(
    session: Session,
    *,
    numbers: Sequence[str],
    id_numbers: Sequence[str],
    credit_codes: Sequence[str],
    names: Sequence[str],
    fields: dict[str, set[str]],
    lists: dict[tuple[str, str], tuple[type[Child], set[str]]],
    progress: Progress | None = None,
) -> Known:
    """The policies with these numbers and the clients that any of the keys could mean; the bin is left out.

    `fields` names the columns wanted per kind, `lists` the child tables.
    """
    policy, client = _classes()
    known = Known()
    read = partial(_rows, session, progress)
    for row in read(policy, "number", numbers, fields["policy"] | {"number", "applicant_id", "status"}):
        known.policies[row["id"]] = row
        known.by_number.setdefault(row["number"], row["id"])
    wanted = fields["client"] | {"name", "type", "id_number", "credit_code", "birth_on"}
    applicants = {row["applicant_id"] for row in known.policies.values() if row["applicant_id"]}
    for name, values in (("id", applicants), ("id_number", id_numbers), ("credit_code", credit_codes), ("name", names)):
        for row in read(client, name, values, wanted):
            known.clients[row["id"]] = row
    parents = {"policy": known.policies, "client": known.clients}
    for (kind, list_name), (cls, columns) in lists.items():
        found = known.children.setdefault((kind, list_name), {})
        for row in read(cls, "parent_id", parents[kind], columns | {"parent_id", "position"}):
            found.setdefault(row["parent_id"], []).append(row)
    return known


def newest_client(session: Session) -> str:
    """The id of the client made last; ids sort in the order they were made."""
    _, client = _classes()
    return session.scalar(select(func.max(client.id))) or ""


def _classes() -> tuple[type[Record], type[Record]]:
    from fieldcrm.core import tables

    assert tables  # noqa: S101  (fills the registry)
    found = record_tables()
    return found["policy"], found["client"]


def list_class(kind: str) -> type[Child]:
    """The table of a list inside a record ("client_phone")."""
    _classes()
    cls = record_tables()[kind]
    if not issubclass(cls, Child):
        raise TypeError(kind)
    return cls


def client_names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Names of clients by id, but for those in the bin."""
    from fieldcrm.core.clients.tables import Client

    return {row["id"]: row["name"] for row in _rows(session, None, Client, "id", ids, {"name"})}


def _rows(
    session: Session, progress: Progress | None, cls: type[Record], key: str, values: Iterable[str], names: set[str]
) -> Iterator[dict[str, Any]]:
    table = cls.__table__  # type: ignore[attr-defined]
    order = ["id", *sorted(n for n in names if n in table.c and n != "id")]
    statement = select(*(table.c[name] for name in order), table.c.deleted_at)
    if session.execute(select(table.c.id).limit(1)).first() is None:
        return  # a fresh book: nothing to look up, key by key
    wanted = sorted({value for value in values if value})
    found: list[Any] = []
    for at in range(0, len(wanted), _CHUNK):
        if progress is not None:
            progress.check()
        chunk: ColumnElement[bool] = table.c[key].in_(wanted[at : at + _CHUNK])
        found += session.execute(statement.where(chunk)).all()
    found.sort(key=itemgetter(0))  # oldest first; ORDER BY id would make SQLite walk the whole table for each chunk
    for *row, deleted_at in found:
        if deleted_at is None:  # not asked of SQLite, which would rather take an index that begins with it
            yield dict(zip(order, row, strict=True))
