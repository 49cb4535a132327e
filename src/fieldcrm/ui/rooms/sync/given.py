"""Short tables whose rows are at hand already, shown by the kit's table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from PySide6.QtWidgets import QWidget

from fieldcrm.base.data.listing import Anchor, Asked, Page, Sort
from fieldcrm.ui.kit.columns import ListColumn
from fieldcrm.ui.kit.memory import ListMemory
from fieldcrm.ui.kit.rows import RowsModel
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.kit.table import TableView

SortKey = Callable[[Any], Any]


class Given:
    """A `ListQuery` over given rows; `id_of` names a row.

    They stand in their given order, or by one of `sorts`: column key to what a row is sorted by, None last.
    """

    def __init__(self, name: str, id_of: Callable[[Any], str], sorts: Mapping[str, SortKey] | None = None) -> None:
        self.name = name
        self.rows: list[Any] = []  # as they are shown
        self._given: list[Any] = []
        self._id_of = id_of
        self._sorts = dict(sorts or {})
        self._sort: Sort | None = None

    def take(self, rows: Sequence[Any]) -> None:
        """These rows from now on."""
        self._given = list(rows)
        self._arrange()

    def order(self, asked: Asked) -> Sort:
        return asked.sort or Sort("")

    def _arrange(self) -> None:
        self.rows = list(self._given)
        key = self._sorts.get(self._sort.key) if self._sort is not None else None
        if self._sort is not None and key is not None:
            known = [row for row in self._given if key(row) is not None]
            known.sort(key=key, reverse=self._sort.descending)
            self.rows = known + [row for row in self._given if key(row) is None]

    def page(self, session: Any, asked: Asked, offset: int, limit: int, near: Anchor | None, total: int | None) -> Page:
        if asked.sort != self._sort:
            self._sort = asked.sort
            self._arrange()
        rows = tuple(self.rows[offset : offset + limit])
        return Page(offset, tuple(self._id_of(r) for r in rows), rows, None, None)

    def ids(self, session: Any, asked: Asked, offset: int, limit: int) -> list[str]:
        return [self._id_of(r) for r in self.rows[offset : offset + limit]]

    def count(self, session: Any, asked: Asked) -> int:
        return len(self.rows)

    def marks(self, session: Any, asked: Asked, step: int) -> tuple[Anchor, ...]:
        return ()

    def counts(self, session: Any, questions: Mapping[str, Asked]) -> dict[str, int]:
        return {name: len(self.rows) for name in questions}

    def facets(self, session: Any, asked: Asked, key: str) -> list[tuple[Any, int]]:
        return []

    def position(self, session: Any, asked: Asked, row_id: str) -> int | None:
        return next((n for n, r in enumerate(self.rows) if self._id_of(r) == row_id), None)

    def find(self, session: Any, asked: Asked, typed: str) -> int | None:
        by = self._sorts.get(self.order(asked).key) or next(iter(self._sorts.values()), None)
        if by is None:
            return None
        wanted = typed.casefold()
        return next((n for n, r in enumerate(self.rows) if _text(by(r)).startswith(wanted)), None)


def _text(value: Any) -> str:
    return str(value[0] if isinstance(value, tuple) else value).casefold()


class _Here:
    """Answers reads at once, on the spot."""

    def read(
        self,
        query: Callable[..., Any],
        /,
        *args: Any,
        then: Callable[[Any], object],
        key: str | None = None,
        owner: object = None,
    ) -> None:
        then(query(None, *args))


class GivenTable(TableView):
    """`show_rows(rows)`; the current row stays the same record.

    `sorts` says by what its columns sort; with a `runner` the book keeps its columns and widths.
    """

    def __init__(
        self,
        name: str,
        columns: Sequence[ListColumn],
        id_of: Callable[[Any], str],
        sorts: Mapping[str, SortKey] | None = None,
        runner: Runner | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self.given = Given(name, id_of, sorts)
        columns = [replace(column, sortable=column.key in (sorts or {})) for column in columns]
        memory = None if runner is None else ListMemory(runner, name)
        super().__init__(RowsModel(self.given, cast(Any, _Here()), columns), memory, parent)
        self.rows.setParent(self)
        if memory is not None:
            memory.load(lambda: self.columns.reset(keep=True))
        self.asked_for.connect(self.ask)

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows from now on."""
        self.given.take(rows)
        if self.rows.ready:
            self.reload()
        else:
            self.ask(Asked())
