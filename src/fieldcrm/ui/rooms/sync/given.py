"""Short tables whose rows are at hand already, shown by the kit's table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from PySide6.QtWidgets import QWidget

from fieldcrm.base.data.listing import Anchor, Asked, Page, Sort
from fieldcrm.ui.kit.columns import ListColumn
from fieldcrm.ui.kit.rows import RowsModel
from fieldcrm.ui.kit.table import TableView


class Given:
    """A `ListQuery` over given rows in their given order; `id_of` names a row."""

    def __init__(self, name: str, id_of: Callable[[Any], str]) -> None:
        self.name = name
        self.rows: list[Any] = []
        self._id_of = id_of

    def order(self, asked: Asked) -> Sort:
        return Sort("")

    def page(self, session: Any, asked: Asked, offset: int, limit: int, near: Anchor | None, total: int | None) -> Page:
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
        return None


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
    """`show_rows(rows)`; the current row stays the same record."""

    def __init__(
        self,
        name: str,
        columns: Sequence[ListColumn],
        id_of: Callable[[Any], str],
        parent: QWidget | None = None,
    ) -> None:
        self.given = Given(name, id_of)
        super().__init__(RowsModel(self.given, cast(Any, _Here()), columns), {}, parent)
        self.rows.setParent(self)

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows from now on."""
        self.given.rows = list(rows)
        if self.rows.ready:
            self.reload()
        else:
            self.ask(Asked())
