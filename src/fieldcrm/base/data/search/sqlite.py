"""The index on SQLite: FTS5 without content and positions; every prefix that is typed has its own list.

A list is read in the order of rowids and only as far as the limit, so common beginnings cost no more
than rare ones; only prefixes longer than the longest list gather their (then few) entries first.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from sqlalchemy import Connection

from fieldcrm.base.data.search.rows import Found, Row
from fieldcrm.base.data.search.tokens import All, Expression, Stage, Term, kind_token

# The tokenizer `ascii` takes everything beyond ASCII as a letter, so the newest characters are found too.
_TABLES = (
    """CREATE TABLE IF NOT EXISTS search_doc (
        doc INTEGER PRIMARY KEY, kind TEXT NOT NULL, record_id TEXT NOT NULL, title TEXT NOT NULL,
        text TEXT NOT NULL, weight INTEGER NOT NULL, digest INTEGER NOT NULL)""",
    "CREATE UNIQUE INDEX IF NOT EXISTS uq_search_doc_record_id ON search_doc (record_id)",
    """CREATE VIRTUAL TABLE IF NOT EXISTS search_token USING fts5(
        tokens, content='', contentless_delete=1, detail=none, prefix='2 3 4 5 6',
        tokenize="ascii tokenchars '^#'")""",
)


def create(connection: Connection) -> None:
    for statement in _TABLES:
        connection.exec_driver_sql(statement)


def put(connection: Connection, rows: list[Row]) -> None:
    given = {row.record_id: row for row in rows}  # the last of two rows for one record counts
    known = dict(_known(connection, list(given)))
    new = [row for record_id, row in given.items() if record_id not in known]
    old = [(known[record_id], row) for record_id, row in given.items() if record_id in known]
    if new:
        first = 1 + connection.exec_driver_sql("SELECT coalesce(max(doc), 0) FROM search_doc").scalar_one()
        # one statement, so that nothing of it waits for the thread that makes the next rows
        connection.exec_driver_sql(
            "INSERT INTO search_token (rowid, tokens) SELECT ? + key, value FROM json_each(?)",
            (first, json.dumps([row.tokens for row in new], ensure_ascii=False)),
        )
        connection.exec_driver_sql(
            "INSERT INTO search_doc (doc, kind, record_id, title, text, weight, digest) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (doc, kind, record_id, title, text, weight, digest)
                for doc, (kind, record_id, title, text, weight, _, digest) in enumerate(new, first)
            ],
        )
    if old:
        connection.exec_driver_sql(
            "UPDATE search_doc SET kind = ?, title = ?, text = ?, weight = ?, digest = ? WHERE doc = ?",
            [(row.kind, row.title, row.text, row.weight, row.digest, doc) for (doc, _), row in old],
        )
        changed = [(row.tokens, doc) for (doc, digest), row in old if digest != row.digest]
        if changed:
            connection.exec_driver_sql("UPDATE search_token SET tokens = ? WHERE rowid = ?", changed)


def _known(connection: Connection, ids: list[str]) -> Iterator[tuple[str, tuple[int, int]]]:
    query = "SELECT record_id, doc, digest FROM search_doc WHERE record_id IN (SELECT value FROM json_each(?))"
    for record_id, doc, digest in connection.exec_driver_sql(query, (json.dumps(ids),)):
        yield record_id, (doc, digest)


def remove(connection: Connection, ids: list[str]) -> None:
    docs = [(doc,) for _, (doc, _) in _known(connection, ids)]
    if docs:
        connection.exec_driver_sql("DELETE FROM search_token WHERE rowid = ?", docs)
        connection.exec_driver_sql("DELETE FROM search_doc WHERE doc = ?", docs)


def look_up(connection: Connection, stage: Stage, kinds: Collection[str] | None, limit: int) -> list[Found]:
    match = _match(stage.expression)
    if kinds is not None:
        match = f"({match}) AND ({' OR '.join(_quoted(kind_token(kind)) for kind in kinds)})"
    query = (
        "SELECT * FROM (SELECT d.doc, d.kind, d.record_id, d.title, d.text, d.weight FROM search_token AS t"  # noqa: S608
        " CROSS JOIN search_doc AS d ON d.doc = t.rowid WHERE search_token MATCH ?"
        + " AND instr(d.text, ?)" * len(stage.contains)
        + " ORDER BY t.rowid LIMIT ?) ORDER BY weight DESC, doc LIMIT ?"
    )
    # straight from the driver: a Result would double the time of a look-up
    cursor = connection.connection.cursor()
    cursor.execute(query, (match, *stage.contains, max(3 * limit, 60), limit))
    return list(map(Found._make, cursor.fetchall()))


def _quoted(token: str) -> str:
    return '"' + token.replace('"', '""') + '"'


def _match(expression: Expression) -> str:
    if isinstance(expression, Term):
        return _quoted(expression.token) + (" *" if expression.prefix else "")
    sign = " AND " if isinstance(expression, All) else " OR "
    return "(" + sign.join(_match(part) for part in expression.parts) + ")"
