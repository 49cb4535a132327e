"""The index on PostgreSQL: the same tokens as a tsvector with a GIN index.

Short beginnings of names are tokens of their own (`<wan`), so that the planner knows how common they are.
Hits are asked for in no order, up to a limit: for a common token the planner walks the table and stops
early, for others it reads the rows that the GIN index names only until there are enough.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from fieldcrm.base.data.search.rows import Found, Row
from fieldcrm.base.data.search.tokens import All, Expression, Stage, Term, kind_token

_TABLES = (
    """CREATE TABLE IF NOT EXISTS search_doc (
        doc bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, record_id varchar(32) NOT NULL,
        title text NOT NULL, text text NOT NULL, weight bigint NOT NULL, digest bigint NOT NULL,
        tokens tsvector NOT NULL)""",
    "CREATE UNIQUE INDEX IF NOT EXISTS uq_search_doc_record_id ON search_doc (record_id)",
    "CREATE INDEX IF NOT EXISTS ix_search_doc_tokens ON search_doc USING gin (tokens)",
)

_PUT = """
INSERT INTO search_doc (kind, record_id, title, text, weight, digest, tokens)
SELECT kind, record_id, title, text, weight, digest, array_to_tsvector(string_to_array(tokens, ' '))
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::bigint[])
    AS new (kind, record_id, title, text, weight, tokens, digest)
ON CONFLICT (record_id) DO UPDATE SET kind = excluded.kind, title = excluded.title, text = excluded.text,
    weight = excluded.weight, digest = excluded.digest, tokens = excluded.tokens
"""


_LONGEST = 7  # of a name's beginning, its mark included


def create(connection: Connection) -> None:
    for statement in _TABLES:
        connection.exec_driver_sql(statement)


def put(connection: Connection, rows: list[Row]) -> None:
    last = {row.record_id: row._replace(tokens=_with_beginnings(row.tokens)) for row in rows}
    connection.exec_driver_sql(_PUT, tuple(list(column) for column in zip(*last.values(), strict=True)))


def _with_beginnings(line: str) -> str:
    names = [token for token in line.split() if token[0] == "^"]
    return " ".join([line, *{"<" + name[1:end] for name in names for end in range(2, min(len(name), _LONGEST) + 1)}])


def remove(connection: Connection, ids: list[str]) -> None:
    connection.exec_driver_sql("DELETE FROM search_doc WHERE record_id = ANY(%s)", (list(ids),))


def look_up(connection: Connection, stage: Stage, kinds: Collection[str] | None, limit: int) -> list[Found]:
    match = _match(stage.expression)
    if kinds is not None:
        match = f"({match}) & ({' | '.join(_quoted(kind_token(kind)) for kind in kinds)})"
    query = (
        "SELECT * FROM (SELECT doc, kind, record_id, title, text, weight FROM search_doc"  # noqa: S608
        " WHERE tokens @@ CAST(%s AS tsquery)"
        + " AND strpos(text, %s) > 0" * len(stage.contains)
        + " LIMIT %s) AS found ORDER BY weight DESC, doc LIMIT %s"
    )
    rows = connection.exec_driver_sql(query, (match, *stage.contains, max(3 * limit, 60), limit))
    return list(map(Found._make, rows.fetchall()))


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _match(expression: Expression) -> str:
    if isinstance(expression, Term):
        token = expression.token
        if expression.prefix and token[0] == "^" and len(token) <= _LONGEST:
            return _quoted("<" + token[1:])
        return _quoted(token) + (":*" if expression.prefix else "")
    sign = " & " if isinstance(expression, All) else " | "
    return "(" + sign.join(_match(part) for part in expression.parts) + ")"
