"""Long lists by the page: a declared column table becomes the queries of one list, on both dialects.

SQLAlchemy is imported inside the functions, so that the window may name filters before it is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause
    from sqlalchemy.orm import Session
    from sqlalchemy.sql.elements import SQLCoreOperations


class FilterKind(StrEnum):
    """How a column may be narrowed."""

    NONE = "none"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"  # a date column, or an instant cut in Shanghai days
    NUMBER = "number"
    MONEY = "money"  # fen


@dataclass(frozen=True)
class Contains:
    """The column's text has this in it, whatever the case."""

    text: str


@dataclass(frozen=True)
class OneOf:
    """The column is one of these values; None stands for empty."""

    values: tuple[str | bool | None, ...]


@dataclass(frozen=True)
class Between:
    """From `low` to `high`, both included, either open."""

    low: date | int | None = None
    high: date | int | None = None


Filter = Contains | OneOf | Between


@dataclass(frozen=True)
class Sort:
    key: str
    descending: bool = False


@dataclass(frozen=True)
class Asked:
    """What a list shows: filters by column key, one order. Equal questions compare equal."""

    filters: tuple[tuple[str, Filter], ...] = ()
    sort: Sort | None = None

    def narrowed(self, key: str, wanted: Filter | None) -> Asked:
        """The same question with one column's filter set, or taken away."""
        rest = tuple((k, f) for k, f in self.filters if k != key)
        return replace(self, filters=rest if wanted is None else (*rest, (key, wanted)))

    def by(self, key: str) -> Filter | None:
        return dict(self.filters).get(key)


@dataclass(frozen=True)
class NamedView:
    """A standard view: its key, its words (a msgid) and its question."""

    key: str
    title: str
    asked: Asked


@dataclass(frozen=True)
class Column:
    """A column of a list: its key, its SQL expression, what may be done with it.

    `nullable` says whether empty values occur (they come last in both directions). `jump` is the text
    that type-to-jump compares with when it is not the expression itself (initials for a name). `narrow`
    gives the condition of a filter where it is not simply one on the expression (a fact of other tables), or
    where that would lead rows away from their order; `tallied` says that they are counted by the expression.
    """

    key: str
    expression: SQLCoreOperations[Any]
    filter: FilterKind = FilterKind.NONE
    sortable: bool = True
    nullable: bool = True
    jump: SQLCoreOperations[Any] | None = None
    narrow: Callable[[Filter], ColumnElement[bool]] | None = None
    tallied: bool = False


@dataclass(frozen=True)
class Anchor:
    """A row whose place is known; a page near it is read from there and not from the start.

    `filled`, when known, is the number of rows with a value, which come before the empty ones.
    """

    offset: int
    value: Any
    id: str
    filled: int | None = None


@dataclass(frozen=True)
class Page:
    """Rows `offset` … of a list, with the place of its first and last row."""

    offset: int
    ids: tuple[str, ...]
    rows: tuple[Any, ...]
    first: Anchor | None
    last: Anchor | None


Rows = Mapping[str, Any]


@dataclass(frozen=True)
class ListSpec:
    """One list: where its ids come from, its columns, and how the rows of a page are loaded.

    `source` is what ids, filters and order are read from; `load` gives id → row for the ids of a page
    (default: a mapping of every column's value). `where` always holds, such as not deleted.
    """

    name: str
    source: FromClause
    id: SQLCoreOperations[str]
    columns: tuple[Column, ...]
    where: tuple[ColumnElement[bool], ...] = ()
    sort: Sort | None = None
    load: Callable[[Session, Sequence[str]], Mapping[str, Any]] | None = None
    _by_key: dict[str, Column] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._by_key.update({c.key: c for c in self.columns})

    def __getitem__(self, key: str) -> Column:
        return self._by_key[key]

    def order(self, asked: Asked) -> Sort:
        """The order asked for, or the list's own."""
        return asked.sort or self.sort or Sort(self.columns[0].key)

    def page(
        self,
        session: Session,
        asked: Asked,
        offset: int,
        limit: int,
        near: Anchor | None = None,
        total: int | None = None,
    ) -> Page:
        """Rows offset … offset+limit in the asked order; `near` and `total`, when known, make deep pages cheap."""
        from fieldcrm.base.data import windows

        found = windows.window(session, self, asked, offset, limit, near, total)
        ids = [row_id for row_id, _ in found]
        rows = (self.load or self._plain)(session, ids) if ids else {}
        kept = [(i, row_id, value) for i, (row_id, value) in enumerate(found, offset) if row_id in rows]
        ends = [Anchor(i, value, row_id) for i, row_id, value in (kept[:1] + kept[-1:])]
        return Page(
            offset,
            tuple(row_id for _, row_id, _ in kept),
            tuple(rows[row_id] for _, row_id, _ in kept),
            ends[0] if ends else None,
            ends[-1] if ends else None,
        )

    def count(self, session: Session, asked: Asked) -> int:
        """How many rows the question has."""
        from sqlalchemy import func

        from fieldcrm.base.data import windows

        return int(session.execute(windows.where(self, asked, func.count(), tally=True)).scalar_one())

    def marks(self, session: Session, asked: Asked, step: int) -> tuple[Anchor, ...]:
        """Every `step`-th row, found in one walk along the order: from the nearest any page is a short way."""
        from fieldcrm.base.data import windows

        return windows.marks(session, self, asked, step)

    def counts(self, session: Session, questions: Mapping[str, Asked]) -> dict[str, int]:
        """The counts of several questions at once, for the chips of saved views."""
        return {name: self.count(session, asked) for name, asked in questions.items()}

    def facets(self, session: Session, asked: Asked, key: str, limit: int = 200) -> list[tuple[Any, int]]:
        """The values of a column with their counts, most frequent first, under the other columns' filters."""
        from sqlalchemy import func

        from fieldcrm.base.data import windows

        expression = self[key].expression
        number = func.count()
        query = windows.where(self, asked.narrowed(key, None), expression, number)
        query = query.group_by(expression).order_by(number.desc()).limit(limit)
        return [(value, n) for value, n in session.execute(query)]

    def position(self, session: Session, asked: Asked, row_id: str) -> int | None:
        """The place of a record in the asked order; None when it is not in the list."""
        from fieldcrm.base.data import windows

        row = session.execute(
            windows.where(self, asked, windows.sorted_by(self, asked)).where(self.id == row_id)
        ).first()
        return None if row is None else windows.before(session, self, asked, row[0], row_id)

    def find(self, session: Session, asked: Asked, typed: str) -> int | None:
        """The place of the first row whose sorted column (or its `jump`) begins with what was typed; None: no row."""
        from fieldcrm.base.data import windows

        column = self[self.order(asked).key]
        for words in (column.expression, column.jump):
            row = None if words is None else windows.first_with(session, self, asked, words, typed)
            if row is not None:
                return windows.before(session, self, asked, row[1], row[0])
        return None

    def ids(self, session: Session, asked: Asked, offset: int, limit: int) -> list[str]:
        """The ids of a window in order, for bulk actions on everything that is shown."""
        from fieldcrm.base.data import windows

        return [row_id for row_id, _ in windows.window(session, self, asked, offset, limit)]

    def _plain(self, session: Session, ids: Sequence[str]) -> Mapping[str, Rows]:
        from sqlalchemy import select

        named: list[tuple[str, Any]] = [("id", self.id), *((c.key, c.expression) for c in self.columns)]
        query = (
            select(*(expression.label(key) for key, expression in named))
            .select_from(self.source)
            .where(self.id.in_(ids))
        )
        return {row["id"]: MappingProxyType(dict(row)) for row in session.execute(query).mappings()}
