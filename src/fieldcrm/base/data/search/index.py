"""Putting records into the search index and finding them; which records, and as what, the rooms say."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import NamedTuple
from zlib import crc32

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from fieldcrm.base.data import journal
from fieldcrm.base.data.among import parts
from fieldcrm.base.data.references import PARENT
from fieldcrm.base.data.schema import Child, record_tables
from fieldcrm.base.data.search import postgres, sqlite, tokens
from fieldcrm.base.data.search.rows import Found, Row
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress

INDEXING = N_("Making the records findable")
_CHUNK = 2_000
_HANDED_OVER = 0.0002  # seconds after which a thread that makes rows lets go of the interpreter


class Doc(NamedTuple):
    """A record as it can be found.

    `title` is shown; `names` are found by characters, pinyin and initials; `numbers` (phones, identity and
    policy numbers) by their last digits; `words` (an address, tags) by two characters and more. The higher
    `weight` comes first among equals. Deleted records are not indexed.
    """

    record_id: str
    title: str
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A found record; `matched` is what it was found by: `name`, `pinyin`, `number` or `words`."""

    kind: str
    record_id: str
    title: str
    matched: str


Source = Callable[[Session, Sequence[str]], Iterable[Doc]]
_sources: dict[str, Source] = {}
_parts: dict[str, str] = {}


def _connection(where: Session | Connection) -> Connection:
    return where.connection() if isinstance(where, Session) else where


def create(connection: Connection) -> None:
    """Make the index's tables where they are missing."""
    (postgres if connection.dialect.name == "postgresql" else sqlite).create(connection)


def put(where: Session | Connection, kind: str, docs: Iterable[Doc]) -> int:
    """Add records or bring them up to date, in bulk; gives how many. Not journalled: the index follows the records."""
    connection = _connection(where)
    rest, count = iter(docs), 0
    while chunk := list(islice(rest, _CHUNK)):
        _put(connection, _rows(kind, chunk))
        count += len(chunk)
    return count


def _put(connection: Connection, rows: list[Row]) -> None:
    if rows:
        (postgres if connection.dialect.name == "postgresql" else sqlite).put(connection, rows)


def _rows(kind: str, docs: Iterable[Doc]) -> list[Row]:
    return [_row(kind, doc) for doc in docs]


def _row(kind: str, doc: Doc) -> Row:
    line, text = tokens.of_record(kind, doc.names, doc.numbers, doc.words)
    digest = crc32(line.encode()) | len(line) << 32
    return Row(kind, doc.record_id, doc.title, text, doc.weight, line, digest)


def remove(where: Session | Connection, ids: Iterable[str]) -> None:
    """Take records out of the index; ids that are not in it are passed over."""
    connection = _connection(where)
    store = postgres if connection.dialect.name == "postgresql" else sqlite
    for chunk in parts(list(ids), _CHUNK):
        store.remove(connection, chunk)


def find(
    where: Session | Connection,
    text: str,
    kinds: Collection[str] | None = None,
    limit: int = 20,
) -> list[Hit]:
    """The best `limit` records for a typed line; all its words must be met.

    Order: number by its end, whole name, start of a name, inside; then weight. Among very many equal
    matches the earliest indexed are taken, so that a single letter costs no more than a whole name.
    """
    words = tokens.words_of(text)
    connection = _connection(where)
    store = postgres if connection.dialect.name == "postgresql" else sqlite
    hits: dict[int, Hit] = {}
    for stage in tokens.stages(words):
        # as many more as are known already, which may be the same ones
        for row in store.look_up(connection, stage, kinds, limit + len(hits)):
            if row.doc not in hits and (kinds is None or row.kind in kinds):
                hits[row.doc] = Hit(row.kind, row.record_id, row.title, _matched(stage, row, words))
        if len(hits) >= limit:
            break
    return list(hits.values())[:limit]


def _matched(stage: tokens.Stage, found: Found, words: list[tokens.Word]) -> str:
    if stage.matched != "words":
        return stage.matched
    if any(word.is_number for word in words):
        return "number"
    names = found.text.partition("\t")[0]
    if any(word.is_han for word in words):
        return "name" if all(word.text in names for word in words if word.is_han) else "words"
    return "pinyin"


# Who fills it


def register(kind: str, source: Source, *, parts: Iterable[str] = ()) -> None:
    """A room says how records of its kind are found: `source(session, ids)` gives a Doc per living record.

    It asks the database before it gives anything; the Docs may be made later, in a thread beside.

    `parts` are kinds of child records (phones) whose changes concern the record they belong to.
    """
    _sources[kind] = source
    _parts.update(dict.fromkeys(parts, kind))


def refresh(session: Session, kind: str, ids: Iterable[str]) -> None:
    """Bring changed records of one kind up to date; those their source no longer gives are taken out."""
    refresh_changed(session, {kind: ids})


def refresh_changed(session: Session, changed: Mapping[str, Iterable[str]]) -> None:
    """Bring everything an operation changed (kind to ids) up to date, each record once; other kinds are passed over."""
    wanted: dict[str, dict[str, None]] = {}
    for kind, ids in changed.items():
        if kind in _parts:
            wanted.setdefault(_parts[kind], {}).update(dict.fromkeys(_parents(session, kind, list(ids))))
        elif kind in _sources:
            wanted.setdefault(kind, {}).update(dict.fromkeys(ids))
    progress: Progress | None = session.info.get("progress")  # of a long action, which can be cancelled here too
    if progress is not None:
        progress.begin(gettext(INDEXING), sum(map(len, wanted.values())))
    connection, done = session.connection(), 0
    chunks = [(kind, chunk) for kind, records in wanted.items() for chunk in parts(list(records), _CHUNK)]
    with _beside(len(chunks) > 1) as run:
        coming: list[tuple[Sequence[str], Callable[[], list[Row]]]] = []  # made while those before are stored
        for kind, chunk in chunks:
            if progress is not None:
                progress.step(done)
            done += len(chunk)
            coming.append((chunk, run(partial(_rows, kind, _sources[kind](session, chunk)))))
            if len(coming) > 1:
                _bring(connection, *coming.pop(0))
        for part in coming:
            _bring(connection, *part)


def _bring(connection: Connection, ids: Sequence[str], made: Callable[[], list[Row]]) -> None:
    rows = made()
    _put(connection, rows)
    given = {row.record_id for row in rows}
    remove(connection, [record_id for record_id in ids if record_id not in given])


@contextmanager
def _beside(threaded: bool) -> Iterator[Callable[[Callable[[], list[Row]]], Callable[[], list[Row]]]]:
    """Runs what it is given in a thread beside, or when its result is asked for."""
    if not threaded:
        yield lambda work: work
        return
    from concurrent.futures import ThreadPoolExecutor

    usual = sys.getswitchinterval()
    sys.setswitchinterval(min(usual, _HANDED_OVER))  # or each statement waits for the rows that are being made
    try:
        with ThreadPoolExecutor(1) as pool:
            yield lambda work: pool.submit(work).result
    finally:
        sys.setswitchinterval(usual)


def _parents(session: Session, kind: str, ids: list[str]) -> list[str]:
    table = record_tables()[kind]
    if not issubclass(table, Child):
        raise TypeError(kind)
    return sorted(journal.pointed(session, table, PARENT, ids))
