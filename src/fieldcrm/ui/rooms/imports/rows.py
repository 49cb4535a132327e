"""Lists over rows held in memory, as the preview of an import has them: problems, changed cells, rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fieldcrm.base.data.listing import Anchor, Asked, Between, Contains, Filter, OneOf, Page, Sort

Value = Callable[[Any], Any]


class MemoryList:
    """A `ListQuery` over rows at hand; `values` gives what a column sorts and filters by, the first one is the order.

    Ids are places in `rows`.
    """

    def __init__(self, name: str, rows: Sequence[Any], values: Mapping[str, Value]) -> None:
        self.name = name
        self.rows, self._values = rows, dict(values)
        self._last: tuple[Asked, Sequence[int]] | None = None

    def forget(self) -> None:
        """What the rows say has changed."""
        self._last = None

    def order(self, asked: Asked) -> Sort:
        return asked.sort or Sort(next(iter(self._values)))

    def page(
        self, session: Any, asked: Asked, offset: int, limit: int, near: Anchor | None = None, total: int | None = None
    ) -> Page:
        numbers = self._numbers(asked)[offset : offset + limit]
        return Page(offset, tuple(map(str, numbers)), tuple(self.rows[n] for n in numbers), None, None)

    def ids(self, session: Any, asked: Asked, offset: int, limit: int) -> list[str]:
        return [str(n) for n in self._numbers(asked)[offset : offset + limit]]

    def count(self, session: Any, asked: Asked) -> int:
        return len(self._numbers(asked))

    def marks(self, session: Any, asked: Asked, step: int) -> tuple[Anchor, ...]:
        return ()

    def counts(self, session: Any, questions: Mapping[str, Asked]) -> dict[str, int]:
        return {key: self.count(session, asked) for key, asked in questions.items()}

    def facets(self, session: Any, asked: Asked, key: str) -> list[tuple[Any, int]]:
        value = self._values[key]
        return Counter(value(self.rows[n]) for n in self._numbers(asked.narrowed(key, None))).most_common(200)

    def position(self, session: Any, asked: Asked, row_id: str) -> int | None:
        numbers, wanted = self._numbers(asked), int(row_id)
        return list(numbers).index(wanted) if wanted in numbers else None

    def find(self, session: Any, asked: Asked, typed: str) -> int | None:
        value = self._values[self.order(asked).key]
        words = typed.casefold()
        found = (i for i, n in enumerate(self._numbers(asked)) if str(value(self.rows[n])).casefold().startswith(words))
        return next(found, None)

    def _numbers(self, asked: Asked) -> Sequence[int]:
        if self._last is not None and self._last[0] == asked:
            return self._last[1]
        numbers: Sequence[int] = range(len(self.rows))
        if asked.filters:
            numbers = [n for n in numbers if all(self._fits(n, key, wanted) for key, wanted in asked.filters)]
        if asked.sort is not None:
            value = self._values[asked.sort.key]
            numbers = sorted(numbers, key=lambda n: _rank(value(self.rows[n])), reverse=asked.sort.descending)
        self._last = (asked, numbers)
        return numbers

    def _fits(self, number: int, key: str, wanted: Filter) -> bool:
        value = self._values[key](self.rows[number])
        if isinstance(wanted, Contains):
            return wanted.text.casefold() in str(value or "").casefold()
        if isinstance(wanted, OneOf):
            return value in wanted.values
        return _between(value, wanted)


def _between(value: Any, wanted: Between) -> bool:
    if value is None:
        return False
    return (wanted.low is None or value >= wanted.low) and (wanted.high is None or value <= wanted.high)


def _rank(value: Any) -> tuple[bool, Any]:
    return value is None, "" if value is None else value
