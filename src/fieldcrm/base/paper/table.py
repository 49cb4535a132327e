"""Tables: dark heads repeated on every page, rows never split, drawn a page at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from fieldcrm.base.paper import fonts, lines
from fieldcrm.base.paper.blocks import Block
from fieldcrm.base.paper.pen import Align, Pen
from fieldcrm.base.paper.tokens import DARK, HAIR, WHITE

_PAD = 7.5
_SIZE = 9.0
_HEAD_SIZE = 8.25
_LINE = 12.6


_NUMBER = re.compile(r"[0-9A-Z]{8,24}")  # of a policy, a document, an account


@dataclass(frozen=True)
class Column:
    """A column: its head, its share of the width, and how its cells stand."""

    head: str
    share: float = 1.0
    align: Align = "left"
    bold: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells (text, line breaks kept). `first` and `last` cut out the rows of one page, `grid` draws the
    uprights of official forms, `row_height` is the least height of a row (room to write)."""

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    first: int = 0
    last: int | None = None
    after: float = 7.5
    keep_with_next: bool = False
    grid: bool = False
    row_height: float = 21.0
    size: float = _SIZE
    _heights: dict[float, list[float]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def _shown(self) -> range:
        return range(self.first, len(self.rows) if self.last is None else self.last)

    @cached_property
    def _least(self) -> list[float]:
        """What each column needs so that its longest number is never broken."""
        longest = [""] * len(self.columns)
        for row in self.rows:
            for place, cell in enumerate(row):
                if len(cell) > len(longest[place]) and _NUMBER.fullmatch(cell):
                    longest[place] = cell
        return [fonts.width(cell, self.size) + 2 * _PAD + 1 if cell else 0.0 for cell in longest]

    def _spread(self, width: float) -> list[float]:
        """The columns by their shares; where a number needs more than that, the others give it."""
        fixed: dict[int, float] = {}
        while True:
            free = width - sum(fixed.values())
            total = sum(c.share for n, c in enumerate(self.columns) if n not in fixed)
            spread = [fixed.get(n, free * c.share / total if total else 0.0) for n, c in enumerate(self.columns)]
            short = {n: least for n, least in enumerate(self._least) if n not in fixed and spread[n] < least}
            if not short or sum(self._least) > width * 0.8:
                return spread
            fixed |= short

    def _cells(self, number: int, width: float) -> list[tuple[str, ...]]:
        return [
            lines.wrap(cell, room - 2 * _PAD, self.size, column.bold)
            for cell, room, column in zip(self.rows[number], self._spread(width), self.columns, strict=True)
        ]

    def _row_heights(self, width: float) -> list[float]:
        """The heights of all rows, counted once and shared by the parts of one table."""
        known = self._heights.get(width)
        if known is None:
            more = self.row_height - _LINE
            known = [
                max(self.row_height, max(map(len, self._cells(number, width)), default=1) * self._line + more)
                for number in range(len(self.rows))
            ]
            self._heights[width] = known
        return known

    @property
    def _line(self) -> float:
        return self.size * 1.4

    def _head_lines(self, width: float) -> list[tuple[str, ...]]:
        return [
            lines.wrap(column.head, room - 2 * _PAD + 4, _HEAD_SIZE)
            for column, room in zip(self.columns, self._spread(width), strict=True)
        ]

    def _head_height(self, width: float) -> float:
        return 21.0 + (max(map(len, self._head_lines(width)), default=1) - 1) * 11.0

    def height(self, width: float) -> float:
        heights = self._row_heights(width)
        return self._head_height(width) + sum(heights[n] for n in self._shown)

    def split(self, width: float, room: float, whole_page: float) -> tuple[Block, Block] | None:
        heights = self._row_heights(width)
        used = self._head_height(width)
        for number in self._shown:
            if used + heights[number] > room:
                if number == self.first:
                    return self._cut_row(width, room) if room >= whole_page else None
                return replace(self, last=number), replace(self, first=number)
            used += heights[number]
        return None

    def _cut_row(self, width: float, room: float) -> tuple[Block, Block] | None:
        """A row higher than a whole page goes on in a second row: the last resort, so that nothing is lost."""
        cells = self._cells(self.first, width)
        count = int((room - self._head_height(width) - self.row_height) // self._line)
        if count < 1:
            return None
        top = ["\n".join(cell[:count]) for cell in cells]
        rest = ["\n".join(cell[count:]) for cell in cells]
        rows = [rest, *self.rows[self.first + 1 : self._shown.stop]]
        return (
            replace(self, rows=[top], first=0, last=None, _heights={}),
            replace(self, rows=rows, first=0, last=None, _heights={}),
        )

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        spread = self._spread(width)
        y = self._draw_head(pen, x, y, width, spread)
        heights = self._row_heights(width)
        top = y
        for number in self._shown:
            self._draw_row(pen, x, y, self._cells(number, width), spread)
            y += heights[number]
            pen.rule(x, y, width, HAIR)
        if self.grid:
            self._draw_grid(pen, x, top, y, spread)

    def _draw_head(self, pen: Pen, x: float, y: float, width: float, spread: list[float]) -> float:
        height = self._head_height(width)
        pen.rect(x, y, width, height, ground=DARK)
        for words, column, room in zip(self._head_lines(width), self.columns, spread, strict=True):
            line_y = y + 13.6
            for line in words:
                pen.text(_start(x, room, column.align), line_y, line, _HEAD_SIZE, colour=WHITE, align=column.align)
                line_y += 11.0
            x += room
        return y + height

    def _draw_row(self, pen: Pen, x: float, y: float, cells: list[tuple[str, ...]], spread: list[float]) -> None:
        y += (21.0 - _LINE) / 2 + self.size * 1.08
        for words, column, room in zip(cells, self.columns, spread, strict=True):
            for number, line in enumerate(words):
                if line:
                    at = _start(x, room, column.align)
                    pen.text(at, y + number * self._line, line, self.size, bold=column.bold, align=column.align)
            x += room

    def _draw_grid(self, pen: Pen, x: float, top: float, bottom: float, spread: list[float]) -> None:
        pen.canvas.setStrokeColorRGB(*HAIR)
        for room in [0.0, *spread]:
            x += room
            pen.canvas.line(x, pen.page_height - top, x, pen.page_height - bottom)


def _start(x: float, room: float, align: Align) -> float:
    return {"left": x + _PAD, "right": x + room - _PAD, "centre": x + room / 2}[align]
