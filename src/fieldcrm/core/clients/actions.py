"""Writing clients: add, change, put into the recycle bin and take out, grade, tag, relate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, forms
from fieldcrm.base.data import audit
from fieldcrm.base.data.journal import bulk_update
from fieldcrm.base.data.schema import Record
from fieldcrm.base.errors import ChangedElsewhere, InvalidField, Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.core.clients import rules
from fieldcrm.core.clients.queries import CHUNK, GONE
from fieldcrm.core.clients.tables import Client, ClientContact, ClientPhone, ClientRelation
from fieldcrm.core.form_values import write_rows
from fieldcrm.core.policies.tables import Policy
from fieldcrm.core.tasks.tables import Task
from fieldcrm.core.visits.tables import Visit

ITSELF = define("client.itself", N_("A client cannot be related to itself."))
RELATION_GONE = define("client.relation_gone", N_("This relation is no longer there."))
NO_TAG = define("client.no_tag", N_("Say which tag."))

_LISTS: dict[str, type[ClientPhone] | type[ClientContact]] = {"phones": ClientPhone, "contacts": ClientContact}


def add_client(session: Session, values: Mapping[str, Any]) -> str:
    """Add a client from the values of its form, lists included; gives its id. `InvalidFields`."""
    cleaned = forms.clean(forms.get("client"), values)
    own = {name: value for name, value in cleaned.items() if name not in _LISTS}
    client = Client(**own, name_key=rules.name_key(cleaned["name"]))
    session.add(client)
    session.flush()
    for name, table in _LISTS.items():
        write_rows(session, table, client.id, cleaned.get(name) or [])
    return client.id


def change_client(session: Session, client_id: str, values: Mapping[str, Any]) -> None:
    """Change the given fields of a client, and only those; rows of a list keep their ids. `InvalidFields`."""
    client = _client(session, client_id)
    for name, value in forms.clean(forms.get("client"), values, partial=True).items():
        if name in _LISTS:
            write_rows(session, _LISTS[name], client_id, value or [])
        elif name in values:
            setattr(client, name, value)
    if "name" in values:
        client.name_key = rules.name_key(client.name)


def delete_clients(session: Session, client_ids: Sequence[str]) -> int:
    """Put clients into the recycle bin, with their policies, open next steps and stops still ahead; gives how many.

    What has happened (contacts, callbacks, complaints) stays, so that past figures do not change.
    """
    moment = clock.now()
    along: tuple[tuple[type[Record], Any, Any], ...] = (
        (Policy, Policy.applicant_id, Policy.deleted_at.is_(None)),
        (Task, Task.client_id, Task.deleted_at.is_(None) & (Task.status == "open")),
        (Visit, Visit.client_id, Visit.deleted_at.is_(None) & Visit.status.in_(("planned", "moved"))),
    )
    for cls, owner, condition in along:
        found: list[str] = []
        for at in range(0, len(client_ids), CHUNK):
            part = client_ids[at : at + CHUNK]
            found += session.scalars(select(cls.id).where(owner.in_(part), condition))
        bulk_update(session, cls, {id: {"deleted_at": moment} for id in found})
    return len(bulk_update(session, Client, _live(session, client_ids, {"deleted_at": moment})))


def delete_client(session: Session, client_id: str) -> str:
    """Put one client into the recycle bin; gives its name. `ChangedElsewhere` when it is gone."""
    name = _client(session, client_id).name
    delete_clients(session, [client_id])
    return name


def grade_clients(session: Session, client_ids: Sequence[str], grade: str | None) -> int:
    """Give clients a grade, in one operation; gives how many changed. `InvalidFields`."""
    cleaned = forms.clean(forms.get("client"), {"grade": grade}, partial=True)
    return len(bulk_update(session, Client, _live(session, client_ids, cleaned)))


def tag_clients(session: Session, client_ids: Sequence[str], tag: str, remove: bool = False) -> int:
    """Add a tag to clients or take it away, in one operation; gives how many changed. `InvalidField(tags)`."""
    words = forms.parse(forms.get("client")["tags"], tag)
    if not words:
        raise InvalidField("tags", NO_TAG)
    changes: dict[str, dict[str, Any]] = {}
    for at in range(0, len(client_ids), CHUNK):
        query = select(Client.id, Client.tags).where(
            Client.id.in_(client_ids[at : at + CHUNK]), Client.deleted_at.is_(None)
        )
        for id, tags in session.execute(query):
            rest = [t for t in tags or () if t not in words]
            wanted = rest if remove else [*(tags or ()), *(w for w in words if w not in (tags or ()))]
            changes[id] = {"tags": wanted or None}
    return len(bulk_update(session, Client, changes))


def relate(
    session: Session, client_id: str, other_id: str, kind: str, role: str | None = None, remark: str | None = None
) -> str:
    """Note that `other_id` is something to `client_id` (`role`: 配偶); gives the relation's id. `InvalidFields`."""
    _client(session, client_id)
    _client(session, other_id)
    if client_id == other_id:
        raise InvalidField("other_id", ITSELF)
    values = {"client_id": client_id, "other_id": other_id, "kind": kind, "role": role, "remark": remark}
    relation = ClientRelation(**forms.clean(forms.get("client_relation"), values))
    session.add(relation)
    session.flush()
    return relation.id


def unrelate(session: Session, relation_id: str) -> None:
    """Take a relation away."""
    relation = session.get(ClientRelation, relation_id)
    if relation is None or relation.deleted_at is not None:
        raise Refused(RELATION_GONE)
    relation.deleted_at = clock.now()


def reveal(session: Session, client_id: str, what: str) -> str | None:
    """A number that is shown masked, whole, and noted in the audit log; `what` is `phone` or `id_number`."""
    client = _client(session, client_id)
    audit.note(session, "reveal", client_id, field=what)
    if what == "id_number":
        return client.id_number or client.credit_code
    phones = select(ClientPhone.number).where(ClientPhone.parent_id == client_id, ClientPhone.deleted_at.is_(None))
    return session.scalars(phones.order_by(ClientPhone.position, ClientPhone.id).limit(1)).first()


def _client(session: Session, client_id: str) -> Client:
    client = session.get(Client, client_id)
    if client is None or client.deleted_at is not None:
        raise ChangedElsewhere(GONE)
    return client


def _live(session: Session, ids: Sequence[str], values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for at in range(0, len(ids), CHUNK):
        query = select(Client.id).where(Client.id.in_(ids[at : at + CHUNK]), Client.deleted_at.is_(None))
        found.update((id, values) for id in session.scalars(query))
    return found
