"""The columns a list shows: title, text, tone and width of each cell, and how it may be narrowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from fieldcrm.base.data.listing import FilterKind
from fieldcrm.base.forms.model import Choice

EMPTY = "—"


class Look(StrEnum):
    """How a cell is set."""

    PLAIN = "plain"
    SECONDARY = "secondary"  # grey
    NUMBER = "number"  # right-aligned, tabular figures
    CHIP = "chip"  # a label with a tone


def _nothing(row: Any) -> None:
    return None


@dataclass(frozen=True)
class ListColumn:
    """One column on the screen; `key` equals the key in the `ListSpec`.

    `show` gives the cell's text from the row (masked where it must be), `copy` what goes to Excel (an exact
    figure; default the text), `tone` the colour by function (red, amber, blue, green, grey; None: plain text),
    `tip` a longer text under the mouse. `hidden` columns wait in the column menu. A column gives room to others down
    to `least` px (0: a share of `width`). `ends`: where room is short the middle goes, since the end tells rows apart.
    `yields`: it goes where the others would be cut, the pane beside the list says it too.
    """

    key: str
    title: Callable[[], str]
    show: Callable[[Any], str]
    look: Look = Look.PLAIN
    width: int = 110
    tone: Callable[[Any], str | None] = _nothing
    copy: Callable[[Any], str] | None = None
    tip: Callable[[Any], str | None] = _nothing
    sortable: bool = True
    filter: FilterKind = FilterKind.NONE
    choices: tuple[Choice, ...] = ()
    hidden: bool = False
    least: int = 0
    ends: bool = False
    yields: bool = False

    def copied(self, row: Any) -> str:
        """The cell as it goes to the clipboard."""
        return (self.copy or self.show)(row)
