"""The rows of a long list: pages fetched off the window's thread, placeholders until they arrive."""

from __future__ import annotations

from bisect import bisect
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from fieldcrm.base.data.listing import Anchor, Asked, Page, Sort
from fieldcrm.ui.kit.columns import EMPTY, ListColumn, Look

PAGE = 100
KEPT_PAGES = 24
OPENING = 2  # pages read at once when a list opens, so that scrolling down begins without a reader at work
STEP = 10_000  # rows from mark to mark in a list longer than twice that

ToneRole = Qt.ItemDataRole.UserRole + 1
LookRole = Qt.ItemDataRole.UserRole + 2
IdRole = Qt.ItemDataRole.UserRole + 3
LoadedRole = Qt.ItemDataRole.UserRole + 4
EndsRole = Qt.ItemDataRole.UserRole + 5

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class ListQuery(Protocol):
    """Where rows come from; a `ListSpec` is one. `session` is whatever the runner hands to a read."""

    @property
    def name(self) -> str: ...
    def order(self, asked: Asked) -> Sort: ...
    def page(
        self, session: Any, asked: Asked, offset: int, limit: int, near: Anchor | None, total: int | None
    ) -> Page: ...
    def ids(self, session: Any, asked: Asked, offset: int, limit: int) -> list[str]: ...
    def count(self, session: Any, asked: Asked) -> int: ...
    def marks(self, session: Any, asked: Asked, step: int) -> tuple[Anchor, ...]: ...
    def counts(self, session: Any, questions: Any) -> dict[str, int]: ...
    def facets(self, session: Any, asked: Asked, key: str) -> list[tuple[Any, int]]: ...
    def position(self, session: Any, asked: Asked, row_id: str) -> int | None: ...
    def find(self, session: Any, asked: Asked, typed: str) -> int | None: ...


class Reader(Protocol):
    """What the runner does for reads: off the window's thread, a later read of the same key supersedes."""

    def read(
        self,
        query: Callable[..., Any],
        /,
        *args: Any,
        then: Callable[[Any], object],
        key: str | None = None,
        **kwargs: Any,
    ) -> Any: ...


@dataclass(frozen=True)
class _Loaded:
    pages: tuple[Page, ...]
    total: int | None = None
    position: int | None = None


def _load(
    session: Any, query: ListQuery, asked: Asked, pages: Sequence[tuple[int, Anchor | None]], total: int | None
) -> _Loaded:
    return _Loaded(tuple(query.page(session, asked, n * PAGE, PAGE, near, total) for n, near in pages))


def _open(session: Any, query: ListQuery, asked: Asked) -> _Loaded:
    """The first pages, as far as there are rows."""
    pages = [query.page(session, asked, 0, PAGE, None, None)]
    while len(pages) < OPENING and len(pages[-1].ids) == PAGE:
        pages.append(query.page(session, asked, len(pages) * PAGE, PAGE, pages[-1].last, None))
    return _Loaded(tuple(pages))


def _reload(session: Any, query: ListQuery, asked: Asked, top: int, current: str | None, shift: int) -> _Loaded:
    """Count, place of the current record and the pages in sight, all from one snapshot."""
    total = query.count(session, asked)
    position = None if current is None else query.position(session, asked, current)
    if position is not None:
        top = max(0, position - shift)
    top = max(0, min(top, total - 1))
    numbers = sorted({top // PAGE, min(top + 60, max(0, total - 1)) // PAGE})
    pages = tuple(query.page(session, asked, n * PAGE, PAGE, None, total) for n in numbers)
    return _Loaded(pages, total, position)


def _ids(session: Any, query: ListQuery, asked: Asked, ranges: Sequence[tuple[int, int]]) -> list[str]:
    return [i for first, last in ranges for i in query.ids(session, asked, first, last - first + 1)]


def _ranges(session: Any, query: ListQuery, asked: Asked, ranges: Sequence[tuple[int, int]], limit: int) -> list[Any]:
    found: list[Any] = []
    near: Anchor | None = None
    for first, last in ranges:
        last = min(last, first + limit - len(found) - 1)
        while first <= last:  # a database takes only so many ids at once
            page = query.page(session, asked, first, min(1000, last - first + 1), near, None)
            found += page.rows
            near, first = page.last or near, first + 1000
    return found


class RowsModel(QAbstractTableModel):
    """A table of as many rows as the query counts, of which a few pages are held.

    `arrived` after every page, `counted(total)` when the number is known, `reset_to(row)` after a reload:
    where the current record stands now, -1 when it is gone.
    """

    arrived = Signal()
    counted = Signal(int)
    opened = Signal()
    reset_to = Signal(int)

    def __init__(
        self, query: ListQuery, reader: Reader, columns: Sequence[ListColumn], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.query = query
        self.columns = tuple(columns)
        self.asked = Asked()
        self.total: int | None = None
        self._reader = reader
        self._rows = 0
        self._pages: OrderedDict[int, Page] = OrderedDict()
        self._anchors: dict[int, tuple[Anchor, Anchor]] = {}
        self._marks: tuple[Anchor, ...] = ()
        self._sight = (0, 0)
        self._wanted: list[int] = []
        self._coming: frozenset[int] = frozenset()  # pages that are being read
        self._ready = False
        self._asking = False  # all rows are being read anew
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._fetch)

    @property
    def ready(self) -> bool:
        """The first page has arrived."""
        return self._ready

    def ask(self, asked: Asked) -> None:
        """Show another question from its first row; the old rows stay until the new ones arrive."""
        self.asked, self.total = asked, None
        self._wanted.clear()
        self._coming = frozenset()
        self._asking = True

        def show(loaded: _Loaded) -> None:
            rows = sum(len(page.ids) for page in loaded.pages)
            whole = rows < OPENING * PAGE
            self._restart(loaded.pages, rows, rows if whole else None)
            self.opened.emit()
            if whole:
                self._counted(rows)
            else:
                self._read("count", self.query.count, asked, then=self._count_arrived)

        self._read("rows", _open, self.query, asked, then=show)

    @property
    def reloading(self) -> bool:
        """Whether the rows are being read anew; what is selected before they are there is selected in vain."""
        return self._asking

    def reload(self, current: str | None = None, shift: int = 0) -> None:
        """Read again after a change; `current` is the record to stay with, `shift` rows below the top."""
        if not self._ready:
            self.ask(self.asked)
            return
        self._asking = True

        def show(loaded: _Loaded) -> None:
            self._restart(loaded.pages, loaded.total or 0, loaded.total)
            self.reset_to.emit(-1 if loaded.position is None else loaded.position)
            self._counted(loaded.total or 0)

        top = self._sight[0]
        self._read("rows", _reload, self.query, self.asked, top, current, shift, then=show)

    def read(self, name: str, query: Callable[..., Any], *args: Any, then: Callable[[Any], object]) -> None:
        """A read of this list's own (facets, find, counts); a later one of the same name supersedes it."""
        self._read(name, query, *args, then=then)

    def read_ids(self, ranges: Sequence[tuple[int, int]], then: Callable[[list[str]], object]) -> None:
        """The ids of row ranges (both ends included), whether they were fetched or not."""
        held = self._held(ranges)
        if held is not None:
            then([row_id for row_id, _row in held])
        else:
            self._read("ids", _ids, self.query, self.asked, tuple(ranges), then=then)

    def read_rows(self, ranges: Sequence[tuple[int, int]], limit: int, then: Callable[[list[Any]], object]) -> None:
        """The rows of row ranges, at most `limit`, whether they were fetched or not."""
        held = self._held(ranges)
        if held is not None:
            then([row for _row_id, row in held[:limit]])
        else:
            self._read("ranges", _ranges, self.query, self.asked, tuple(ranges), limit, then=then)

    def _held(self, ranges: Sequence[tuple[int, int]]) -> list[tuple[str, Any]] | None:
        """The rows of ranges when every one of them is at hand."""
        if sum(last - first + 1 for first, last in ranges) > PAGE * KEPT_PAGES:
            return None
        found: list[tuple[str, Any]] = []
        for number in (n for first, last in ranges for n in range(first, last + 1)):
            row_id = self.id_of(number)
            if row_id is None:
                return None
            found.append((row_id, self._pages[number // PAGE].rows[number % PAGE]))
        return found

    def set_sight(self, first: int, last: int) -> None:
        """The rows the view shows now; the page beyond them is fetched ahead."""
        self._sight = (first, last)
        ahead = min(last + 60, self._rows - 1)
        for row in (max(0, first - 60), ahead, last, first):
            if self._rows and row // PAGE not in self._pages:
                self._want(row // PAGE)

    def row(self, number: int) -> Any | None:
        """The row at a place, None until its page has arrived."""
        page = self._pages.get(number // PAGE)
        if page is None:
            self._want(number // PAGE)
            return None
        place = number - page.offset
        return page.rows[place] if place < len(page.rows) else None

    def id_of(self, number: int) -> str | None:
        page = self._pages.get(number // PAGE)
        place = number % PAGE
        return page.ids[place] if page is not None and place < len(page.ids) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.columns[index.column()]
        if role == LookRole:
            return column.look
        if role == EndsRole:
            return column.ends
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.look == Look.NUMBER else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role not in (Qt.ItemDataRole.DisplayRole, ToneRole, IdRole, LoadedRole, Qt.ItemDataRole.ToolTipRole):
            return None
        row = self.row(index.row())
        if role == LoadedRole:
            return row is not None
        if row is None:
            return None
        if role == IdRole:
            return self.id_of(index.row())
        if role == ToneRole:
            return column.tone(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip(row)
        return column.show(row) or EMPTY

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.data(self.index(0, section), role)
        return None

    def retranslate(self) -> None:
        """Titles and cells again, in another language."""
        if self.columns:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
            self._changed(0, self._rows - 1)

    def _read(self, name: str, query: Callable[..., Any], *args: Any, then: Callable[[Any], object]) -> None:
        self._reader.read(query, *args, then=then, key=f"{self.query.name}.{name}.{id(self)}", owner=self)

    def _restart(self, pages: Sequence[Page], rows: int, total: int | None) -> None:
        self.beginResetModel()
        self._pages = OrderedDict()
        self._anchors.clear()
        self._marks = ()
        self._wanted.clear()
        self._coming = frozenset()
        self._rows, self.total, self._ready, self._asking = rows, total, True, False
        for page in pages:
            self._keep(page)
        self.endResetModel()

    def _keep(self, page: Page) -> None:
        number = page.offset // PAGE
        self._pages[number] = page
        self._pages.move_to_end(number)
        if page.first is not None and page.last is not None:
            self._anchors[number] = (page.first, page.last)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)

    def _count_arrived(self, total: int) -> None:
        self.total = total
        if total > self._rows:
            self.beginInsertRows(_ROOT, self._rows, total - 1)
            self._rows = total
            self.endInsertRows()
        self._counted(total)

    def _counted(self, total: int) -> None:
        """Tell; and mark a long list, so that a jump into it is as short as a page down."""
        self.counted.emit(total)
        if total > 2 * STEP:
            pages = self._pages

            def show(marks: tuple[Anchor, ...]) -> None:
                if pages is self._pages:  # else they are places in rows that were read again since
                    self._marks = marks

            self._read("marks", self.query.marks, self.asked, STEP, then=show)

    def _want(self, number: int) -> None:
        if number in self._wanted:
            self._wanted.remove(number)
        self._wanted.append(number)
        del self._wanted[:-4]  # the last asked for are in sight; what flew past is not read
        if not self._later.isActive():
            self._later.start()

    def _fetch(self) -> None:
        missing = [n for n in reversed(self._wanted) if n not in self._pages]
        if not missing or self._asking:  # a page of the old rows would stop the read of the new ones
            return
        first, last = (row // PAGE for row in self._sight)
        numbers = [n for n in missing if first <= n <= last] or missing  # what is read ahead waits for what is seen
        if self._coming.issuperset(numbers):
            return  # a repaint asks again and would stop the read it waits for
        self._coming = frozenset(numbers)
        asked = self.asked
        wanted = tuple((n, self._near(n)) for n in numbers)

        def show(loaded: _Loaded) -> None:
            self._coming = frozenset()
            if asked is not self.asked:
                return
            for page in loaded.pages:
                self._keep(page)
                if page.offset // PAGE in self._wanted:
                    self._wanted.remove(page.offset // PAGE)
                self._changed(page.offset, page.offset + PAGE - 1)
            if self._wanted:
                self._later.start()
            self.arrived.emit()

        self._read("rows", _load, self.query, asked, wanted, self.total, then=show)

    def _near(self, number: int) -> Anchor | None:
        """The known row nearest to a page."""
        known: list[Anchor] = []
        if self._anchors:
            nearest = min(self._anchors, key=lambda n: abs(n - number))
            first, last = self._anchors[nearest]
            known.append(last if nearest < number else first)
        after = bisect(self._marks, number * PAGE, key=lambda mark: mark.offset)
        known += self._marks[max(0, after - 1) : after + 1]
        return min(known, key=lambda anchor: abs(anchor.offset - number * PAGE), default=None)

    def _changed(self, first: int, last: int) -> None:
        last = min(last, self._rows - 1)
        if last >= first:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
