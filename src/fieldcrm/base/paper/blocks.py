"""What stands on a page, from top to bottom: each block knows its height before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from fieldcrm.base.paper import lines
from fieldcrm.base.paper.pen import Align, Pen
from fieldcrm.base.paper.tokens import INK, SOFT, Colour


class Block(Protocol):
    """A piece of paper of a given width. `after` is the gap below it, dropped at the end of a page."""

    @property
    def after(self) -> float: ...

    @property
    def keep_with_next(self) -> bool: ...

    def height(self, width: float) -> float:
        """Height in points at this width."""

    def split(self, width: float, room: float, whole_page: float) -> tuple[Block, Block] | None:
        """What fits into `room` and the rest; None when it must move to the next page as it is."""

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw with the upper left corner at x, y."""


@dataclass(frozen=True)
class Whole:
    """The base of blocks that are never split."""

    after: float = 0.0
    keep_with_next: bool = False

    def split(self, width: float, room: float, whole_page: float) -> None:
        return None


@dataclass(frozen=True)
class Space(Whole):
    """Nothing, so high."""

    points: float = 7.5

    def height(self, width: float) -> float:
        return self.points

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        pass


@dataclass(frozen=True)
class Heading(Whole):
    """A section head with the blue bar; stays with what follows."""

    words: str = ""
    note: str = ""
    after: float = 6.0
    keep_with_next: bool = True
    before: float = 7.0

    def height(self, width: float) -> float:
        return self.before + 17.0

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        pen.bar(x, y + self.before, 17)
        used = pen.text(x + 9, y + self.before + 12.4, self.words, 10.5, bold=True, room=width - 9)
        if self.note and width - used > 60:
            pen.text(x + 17 + used, y + self.before + 12.4, self.note, 8.25, room=width - used - 17)


@dataclass(frozen=True)
class Subheading(Whole):
    """The name of a table inside a section; stays with it."""

    words: str = ""
    after: float = 3.0
    keep_with_next: bool = True
    before: float = 5.0

    def height(self, width: float) -> float:
        return self.before + 13.0

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        pen.text(x, y + self.before + 9.6, self.words, 9.0, bold=True, colour=SOFT, room=width)


@dataclass(frozen=True)
class Prose:
    """A paragraph; may be split between its lines. `right`: its lines end at the right edge, as a signature does."""

    words: str
    size: float = 9.0
    bold: bool = False
    colour: Colour = INK
    after: float = 4.0
    keep_with_next: bool = False
    right: bool = False

    @property
    def leading(self) -> float:
        return self.size * 1.62

    def height(self, width: float) -> float:
        return len(lines.wrap(self.words, width, self.size, self.bold)) * self.leading

    def split(self, width: float, room: float, whole_page: float) -> tuple[Block, Block] | None:
        found = lines.wrap(self.words, width, self.size, self.bold)
        count = int(room // self.leading)
        if count < 1 or count >= len(found):
            return None
        return replace(self, words="\n".join(found[:count])), replace(self, words="\n".join(found[count:]))

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        y += self.size * 1.16
        for line in lines.wrap(self.words, width, self.size, self.bold):
            at = x + width if self.right else x
            align: Align = "right" if self.right else "left"
            pen.text(at, y, line, self.size, bold=self.bold, colour=self.colour, align=align)
            y += self.leading


@dataclass(frozen=True)
class WriteLines(Whole):
    """Dashed lines to write on."""

    count: int = 2
    step: float = 19.0

    def height(self, width: float) -> float:
        return self.count * self.step + 2

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        for number in range(1, self.count + 1):
            pen.dotted(x, y + number * self.step, width)
