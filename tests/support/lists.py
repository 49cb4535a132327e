"""A list of people without a database, as long as a test wants, and a reader that answers on the next turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QObject, QTimer

from fieldcrm.base.data.listing import Anchor, Asked, Contains, FilterKind, OneOf, Page, Sort
from fieldcrm.base.forms.model import Choice
from fieldcrm.ui.kit.columns import ListColumn, Look

GRADES = (Choice("A", "A", "A", "blue"), Choice("B", "B", "B"), Choice("C", "C", "C"))
NAMES = [
    "王淑珍",
    "福建恒安物流有限公司",
    "陈国强",
    "闽江水泥股份",
    "郑美玲",
    "何志远",
    "林氏建材",
    "黄丽华",
    "众诚汽车销售",
    "吴秀英",
    "刘建平",
    "周桂兰",
    "苏玉兰",
]


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    grade: str
    due_on: date
    premium_fen: int
    phone: str = "138 0591 ••32"


def person(n: int) -> Person:
    return Person(
        f"{n:032x}",
        f"{NAMES[n % len(NAMES)]}{n:07d}",
        "ABC"[n % 3],
        date(2026, 11, 24) + timedelta(days=n % 90),
        n * 1_000_00,
    )


class People:
    """A `ListQuery` over numbered people, in order of their number; counts the pages read from it."""

    name = "people"

    def __init__(self, size: int) -> None:
        self.size = size
        self.removed: set[int] = set()
        self.pages_read = 0
        self.farthest = 0  # rows between a page and the known row it was read from
        self.counted: list[Asked] = []
        self.rows_made = 0

    def _numbers(self, asked: Asked) -> Any:
        if not asked.filters and not self.removed and not self.order(asked).descending:
            return range(self.size)
        found = [n for n in range(self.size) if n not in self.removed and _fits(person(n), asked)]
        return found[::-1] if self.order(asked).descending else found

    def order(self, asked: Asked) -> Sort:
        return asked.sort or Sort("name")

    def page(
        self,
        session: Any,
        asked: Asked,
        offset: int,
        limit: int,
        near: Anchor | None = None,
        total: int | None = None,
    ) -> Page:
        self.pages_read += 1
        self.farthest = max(self.farthest, abs(offset - near.offset) if near else offset)
        rows = tuple(person(n) for n in self._numbers(asked)[offset : offset + limit])
        self.rows_made += len(rows)
        if not rows:
            return Page(offset, (), (), None, None)
        ends = [Anchor(offset, rows[0].name, rows[0].id), Anchor(offset + len(rows) - 1, rows[-1].name, rows[-1].id)]
        return Page(offset, tuple(r.id for r in rows), rows, *ends)

    def ids(self, session: Any, asked: Asked, offset: int, limit: int) -> list[str]:
        return [f"{n:032x}" for n in self._numbers(asked)[offset : offset + limit]]

    def count(self, session: Any, asked: Asked) -> int:
        self.counted.append(asked)
        return len(self._numbers(asked))

    def marks(self, session: Any, asked: Asked, step: int) -> tuple[Anchor, ...]:
        return tuple(Anchor(n, person(n).name, person(n).id) for n in self._numbers(asked)[::step])

    def counts(self, session: Any, questions: Mapping[str, Asked]) -> dict[str, int]:
        return {key: self.count(session, asked) for key, asked in questions.items()}

    def facets(self, session: Any, asked: Asked, key: str) -> list[tuple[Any, int]]:
        return [(g, sum(1 for n in self._numbers(asked.narrowed(key, None)) if person(n).grade == g)) for g in "ABC"]

    def position(self, session: Any, asked: Asked, row_id: str) -> int | None:
        numbers = self._numbers(asked)
        return numbers.index(int(row_id, 16)) if int(row_id, 16) in numbers else None

    def find(self, session: Any, asked: Asked, typed: str) -> int | None:
        return next((i for i, n in enumerate(self._numbers(asked)) if person(n).name.startswith(typed)), None)


def _fits(row: Person, asked: Asked) -> bool:
    for key, wanted in asked.filters:
        value = getattr(row, key)
        if isinstance(wanted, Contains) and wanted.text not in value:
            return False
        if isinstance(wanted, OneOf) and value not in wanted.values:
            return False
    return True


def people_columns() -> list[ListColumn]:
    return [
        ListColumn("name", lambda: "Client", lambda r: r.name, Look.PLAIN, 160, filter=FilterKind.TEXT),
        ListColumn("phone", lambda: "Phone", lambda r: r.phone, Look.SECONDARY, 120, sortable=False),
        ListColumn(
            "grade",
            lambda: "Grade",
            lambda r: r.grade,
            Look.CHIP,
            60,
            tone=lambda r: "blue" if r.grade == "A" else "grey",
            filter=FilterKind.CHOICE,
            choices=GRADES,
        ),
        ListColumn(
            "premium_fen",
            lambda: "Premium",
            lambda r: f"{r.premium_fen // 100:,}",
            Look.NUMBER,
            110,
            copy=lambda r: str(r.premium_fen // 100),
            filter=FilterKind.MONEY,
        ),
        ListColumn("due_on", lambda: "Due", lambda r: f"{r.due_on:%m-%d}", Look.CHIP, 90, filter=FilterKind.DATE),
    ]


class NextTurn(QObject):
    """Answers every read on the next turn of the event loop; a later read of the same key supersedes."""

    def __init__(self) -> None:
        super().__init__()
        self._latest: dict[str | None, int] = {}
        self.asked = 0

    def read(
        self,
        query: Callable[..., Any],
        /,
        *args: Any,
        then: Callable[[Any], object],
        key: str | None = None,
        owner: QObject | None = None,
    ) -> None:
        self.asked += 1
        number = self.asked
        self._latest[key] = number

        def answer() -> None:
            if key is None or self._latest[key] == number:
                then(query(None, *args))

        QTimer.singleShot(0, self, answer)
