"""Which chain a computer writes: its own, or at an office that was put back to an older state, a new generation's.

What an office wrote after a backup is known to its managers: restored, it must not write other operations under the
same numbers. `restore_book` says so; a server's database, or a file copied into place by hand, is put back without the
program. So the vault remembers what left last, and an office whose journal does not know that was put back.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from fieldcrm.base import ids
from fieldcrm.base.data.drafts import Draft
from fieldcrm.base.data.journal import Author
from fieldcrm.base.data.journal_tables import Identity, Operation
from fieldcrm.base.data.looks import ListLook

if TYPE_CHECKING:
    from fieldcrm.base.vault import Vault

_NAMED = "generation"  # the vault's secret that names the chain an office writes since it was put back
_NEXT = "next"  # as its value: the next opening begins one
_TOLD = "told"  # the vault's secret with what left an office last: chain, number, hash


def device(keys: Vault) -> str:
    """The device as stamps name it: the random half of the vault's device id."""
    return keys.device_id[16:]


def begin_next(keys: Vault) -> None:
    """Have the next opening of an office begin a generation: its book is an older one now."""
    keys.set_secret(_NAMED, _NEXT)


def remember(keys: Vault, chain: str, number: int, hash_: str) -> None:
    """Keep what leaves an office in a package: the end of the chain it writes."""
    keys.set_secret(_TOLD, f"{chain} {number} {hash_}")


def chain(keys: Vault, engine: Engine, writing: bool) -> tuple[str, bool]:
    """The chain that this computer writes, and whether it was begun now; only with `writing` it is."""
    own, named = device(keys), keys.secret(_NAMED)
    with Session(engine) as session:
        first = session.get(Identity, own)
        if first is None or first.role != "office":
            return own, False
        present = named or own
        known = present == own or session.get(Identity, present) is not None
        if (known and not _put_back(session, keys.secret(_TOLD))) or not writing:
            return (present if known else own), False
        begun = _begin(session, first)
    keys.set_secret(_NAMED, begun)
    keys.set_secret(_TOLD, None)
    return begun, True


def _put_back(session: Session, told: str | None) -> bool:
    """Whether the journal no longer knows what left last."""
    if told is None:
        return False
    chain_, number, hash_ = told.split()
    held = select(Operation.hash).where(Operation.device == chain_, Operation.seq == int(number))
    return session.scalar(held) != hash_


def _begin(session: Session, first: Identity) -> str:
    """A fresh name, not one that the vault knows: an older file may stand here, its chain be known."""
    named = ids.new()[16:]
    last = session.scalar(select(func.max(Identity.last_clock)))
    author = Author(first.person_id, named, first.unit_id, first.role, first.person_name, first.unit_name)
    session.add(Identity(**asdict(author), last_clock=last))
    for table in (Draft, ListLook):
        session.execute(update(table).values(owner=named))
    session.commit()
    return named
