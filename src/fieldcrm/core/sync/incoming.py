"""Packages that come in: opened, judged and merged, all in one transaction; what cannot come yet is held.

A refused package leaves no trace but its line in the register.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, ids
from fieldcrm.base.data import journal, merge, rebase
from fieldcrm.base.data.journal_tables import Import
from fieldcrm.base.errors import FieldcrmError
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress, without_collector
from fieldcrm.core.book import generation
from fieldcrm.core.sync import acknowledging, deciding, fitting, giving_back, opening, register, values
from fieldcrm.core.sync.deciding import Decisions
from fieldcrm.core.sync.envelope import Envelope
from fieldcrm.core.sync.opening import Opened
from fieldcrm.core.sync.register import Received
from fieldcrm.core.sync.tables import Package, Peer

if TYPE_CHECKING:
    from fieldcrm.core.book import Book

READING = N_("Reading {number} of {total}")
MERGING = N_("Merging")


@without_collector()
def import_packages(
    book: Book,
    paths: Sequence[Path],
    *,
    password: str | None = None,
    passwords: Mapping[Path, str] | None = None,
    progress: Progress | None = None,
    decided: Decisions | None = None,
) -> list[Received]:
    """Bring packages in, all in one transaction; one that is refused or held does not keep back the others.

    `passwords` by file, `password` for every other; `decided` says what was decided in the preview. Held ones are
    tried again after each import. Raises `Cancelled` (nothing was changed), `Environment`.
    """
    progress = progress or Progress()
    opened: list[Opened] = []
    results: list[Received] = []
    for number, path in enumerate(paths, 1):
        progress.begin(gettext(READING).format(number=number, total=len(paths)))
        try:
            word = (passwords or {}).get(path, password)
            opened.append(opening.open_file(book, path, word))
        except FieldcrmError as error:
            results.append(register.turn_away(book, path, error, word))
    opened.sort(key=lambda o: (o.header["from"]["device"], o.header["number"]))
    if opened:
        progress.begin(gettext(MERGING))
        try:
            done, _ = book.store.change(import_opened, book, opened, progress, decided or {})
        finally:
            for one in opened:
                one.let_go()
        results.extend(done)
    order = {path: n for n, path in enumerate(paths)}
    return sorted(results, key=lambda r: order[r.path])


def import_opened(
    session: Session, book: Book, opened: Sequence[Opened], progress: Progress, decided: Decisions
) -> list[Received]:
    """Merge opened packages and those held before that now fit, as one import; then what was decided in the preview."""
    here = deciding.values_here(session, decided)
    device = journal.author(session).device
    batch = Import(id=ids.new(), at=clock.now(), device=device, after_seq=journal.tip(session, device)[1])
    results = [_take(session, book, o, batch, progress) for o in opened]
    if any(r.state == "merged" for r in results):
        _retry_held(session, book, batch, progress)
        session.add(batch)
        if deciding.settle(session, decided, here):
            batch.after_seq = journal.tip(session, device)[1]  # of our own, what it brought back comes before it
    return results


def _retry_held(session: Session, book: Book, batch: Import, progress: Progress) -> None:
    again = True
    while again:
        again = False
        for row in session.scalars(select(Package).where(Package.state == "held").order_by(Package.number)).all():
            try:
                opened = opening.open_envelope(book, Path(), Envelope.from_bytes(row.held or b""))
            except FieldcrmError as error:
                if error.code != opening.NOT_FOR_US:  # else another computer of this office waits with it
                    row.state, row.reason, row.held = "refused", error.code, None  # its sender was revoked since
                continue
            if row.reason == fitting.FORKED and fitting.came_otherwise(session, opened):
                row.state, row.reason, row.held = "repeated", None, None
                continue
            again = _take(session, book, opened, batch, progress).state == "merged" or again


def _take(session: Session, book: Book, opened: Opened, batch: Import, progress: Progress) -> Received:
    """Merge one package, or hold or refuse it, and register what became of it."""
    peer = session.get_one(Peer, opened.header["from"]["device"])
    own, tail = book.store.author.device, None
    given, late = giving_back.fitting(session, opened.back, own)
    missing = fitting.missing(session, peer, opened, given, own)
    if missing is not None:
        if missing.code == fitting.PUT_BACK:
            generation.begin_next(book.vault)
        acknowledging.acknowledge(session, peer, opened)
        return register.enter(session, opened, register.result(opened, peer, "held", missing), peer, batch, missing)
    try:
        fitting.check(session, peer, opened, book.store.author)
        planned = merge.plan(session, [*given, *opened.chains], progress, late)
        values.check_whole(planned.created)
    except FieldcrmError as error:
        return register.enter(session, opened, register.result(opened, peer, "refused", error), peer, batch, error)
    first = fitting.fork(session, opened, own)
    if first is not None:
        tail = rebase.take_off(session, own, first)
        planned = merge.plan(session, opened.chains, progress)
    giving_back.take_in(session, given)
    merge.write(session, planned, batch.id)
    fitting.know_own(session, opened, own)
    if tail is not None:
        rebase.put_on(session, tail)
    cut = acknowledging.audit_cut(session, peer, opened)
    acknowledging.acknowledge(session, peer, opened)
    state = "merged" if planned.edits or planned.operations else "repeated"
    received = register.received(opened, planned, peer, state)
    planned.let_go()
    if cut is not None:
        received = replace(received, code=cut.code, reason=cut.sentence)
    return register.enter(session, opened, received, peer, batch, cut)
