"""Whether a package fits: its sender may do what it does, and its chains go on from those held here."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from fieldcrm.base.data import journal, wire
from fieldcrm.base.data.journal_tables import Operation
from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_
from fieldcrm.core.sync import authority, giving_back
from fieldcrm.core.sync.opening import Opened, name_of
from fieldcrm.core.sync.tables import Package, Peer

GAP = define("package.gap", N_("Package {missing} from {name} is missing; this one waits for it."))
FORKED = define(
    "package.forked",
    N_(
        "The computer of {name} was restored or copied; the package waits. Give it the newest package from here: "
        "then it puts its own changes on top of what arrived before, and sends them again."
    ),
)
OWN_GAP = define(
    "package.own_gap",
    N_(
        "This computer no longer has all that it once sent: an older backup was restored, or it is a copy. The package "
        "waits. Export a package to the office; the next one from there brings back what is missing."
    ),
)
OFFICE_GAP = define(
    "package.office_gap",
    N_(
        "This office was restored from a backup; {name} has changes from here that are missing. The package waits. "
        "Export a package to {name}; the next one from there brings them back."
    ),
)
PUT_BACK = define(
    "package.put_back",
    N_(
        "{name} knows changes of this office that are not here: its database was put back to an older state. The "
        "package waits. Close the program and open it again before you write anything, then export a package to {name}."
    ),
)


def missing(
    session: Session, peer: Peer, opened: Opened, given: Sequence[wire.SentChain], own_chain: str
) -> Refused | None:
    """The package must build on what is held; otherwise the gap is named and it waits.

    So it does where its sender knows more of us than we do, `given` back included; `own_chain` is written here now.

    A chain that says something else than ours waits as well, but for our own from above: ours goes on top of it.
    """
    own = opened.header["to"] if peer.relation == "above" else ""
    for sent in opened.chains:
        _, held_seq = journal.tip(session, sent.device)
        alike = wire.agreed(session, sent)
        if sent.base_seq <= held_seq and alike >= (sent.base_seq if sent.device == own else min(held_seq, sent.tip[0])):
            continue
        if sent.device == own:
            error = Refused(OWN_GAP)
        elif sent.base_seq > held_seq:
            error = Refused(GAP, missing=_last_number(session, peer.device) + 1, name=name_of(peer))
        else:
            error = Refused(FORKED, name=name_of(peer))
        return error
    if peer.relation == "below" and giving_back.put_back(session, opened.holds, own_chain):
        return Refused(PUT_BACK, name=name_of(peer))
    restored = own_chain != opened.header["to"]
    if restored and giving_back.lacking(session, opened.holds, given, own_chain):
        return Refused(OFFICE_GAP, name=name_of(peer))
    return None


def fork(session: Session, opened: Opened, own: str) -> int | None:
    """The number of our first operation that the package's chain of ours says otherwise; None when there is none."""
    for sent in opened.chains:
        if sent.device == own:
            alike = wire.agreed(session, sent)
            return alike + 1 if alike < min(journal.tip(session, own)[1], sent.tip[0]) else None
    return None


def came_otherwise(session: Session, opened: Opened) -> bool:
    """Whether every operation of a forked package is here by now: its computer put them on anew."""
    wanted = {o.id for sent in opened.chains for o in sent.operations}
    return wanted <= known_ids(session, wanted).keys()


def known_ids(session: Session, wanted: Collection[str]) -> dict[str, tuple[str, int]]:
    """Of these operations those held here: id to device and number."""
    found: dict[str, tuple[str, int]] = {}
    ids_ = list(wanted)
    for at in range(0, len(ids_), 500):
        query = select(Operation.id, Operation.device, Operation.seq).where(Operation.id.in_(ids_[at : at + 500]))
        found.update((id, (device, seq)) for id, device, seq in session.execute(query))
    return found


def know_own(session: Session, opened: Opened, own: str) -> None:
    """Of our own operations that came back, those that a later one took back are known as that."""
    for sent in opened.chains:
        for o in sent.operations if sent.device == own else ():
            if o.undoes is not None:
                taken = update(Operation).where(Operation.id == o.undoes, Operation.undone_by.is_(None))
                session.execute(taken.values(undone_by=o.id), execution_options={"synchronize_session": False})


def _last_number(session: Session, device: str) -> int:
    query = select(func.max(Package.number)).where(
        Package.device == device, Package.direction == "in", Package.state.in_(["merged", "repeated"])
    )
    return session.scalar(query) or 0


def check(session: Session, peer: Peer, opened: Opened, me: journal.Author) -> None:
    """`Refused` unless the sender may do what is inside, and every operation is the one known by its id."""
    authority.check(session, peer, me.person_id, me.device, opened.chains)
    ids_ = [o.id for sent in opened.chains for o in sent.operations]
    known = known_ids(session, ids_)
    places = {o.id: (sent.device, o.seq) for sent in opened.chains for o in sent.operations}
    if len(set(ids_)) < len(ids_) or any(places[id] != place and place[0] != me.device for id, place in known.items()):
        raise Refused(wire.BROKEN)  # an operation's id stands for one operation
