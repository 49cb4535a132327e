"""The official printed forms, made from a form definition: blank to fill in by hand, filled, or as a register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fieldcrm.base import clock
from fieldcrm.base.forms.model import Field, Form, Kind
from fieldcrm.base.i18n import _, is_chinese
from fieldcrm.base.paper import fonts, lines
from fieldcrm.base.paper.blocks import Block, Heading, Subheading, Whole
from fieldcrm.base.paper.pen import Pen
from fieldcrm.base.paper.sheet import Document, Head, Part
from fieldcrm.base.paper.table import Column, Table
from fieldcrm.base.paper.tokens import BORDER, GREY, INK

Values = Mapping[str, Any]
Names = Mapping[str, str]

_SIZE, _LABEL, _LINE, _PAD = 9.0, 7.5, 13.6, 6.5
_ROWS_TO_WRITE = {Kind.LONG_TEXT: 3}
_WHOLE_WIDTH = frozenset({Kind.LONG_TEXT, Kind.TAGS, Kind.CHOICES})
_WIDEST = 15.0  # characters to which a column of words grows
_EDGES = 2.0  # characters that the edges of a cell take
_ONE_LINE = 5.5  # characters of a head that are never put on two lines
_NAME = 7.0
_ROWS_LEFT = 2  # to write on, where a filled form has nothing yet
_MANY_CHOICES = 26  # characters of all choices, beyond which they take the whole width


def form_blank(form: Form, *, who: str = "", foot: str = "") -> Document:
    """The form to fill in by hand: boxes to tick, lines to write on; lists get empty rows."""
    return _document(form, _blocks(form, None, {}, True), who, foot, blank=True)


def form_filled(
    form: Form, values: Values, *, names: Names | None = None, who: str = "", foot: str = "", masked: bool = True
) -> Document:
    """A filled form. `names` gives the words for record ids; phones and ID numbers are masked unless asked."""
    return _document(form, _blocks(form, values, names or {}, masked), who, foot)


def form_register(
    form: Form,
    rows: Sequence[Values],
    *,
    columns: Sequence[str] | None = None,
    names: Names | None = None,
    blank_rows: int = 0,
    who: str = "",
    foot: str = "",
    masked: bool = True,
) -> Document:
    """Many records as one official table, landscape; `columns` are field names (default: all), `blank_rows` to write.

    An empty serial number is counted.
    """
    fields = [form[name] for name in columns] if columns else [f for f in form.fields if _printed(form, f, True)]
    fields = [f for f in fields if f.kind is not Kind.LIST]
    cells = [
        [_cell(field, row.get(field.name), names or {}, masked, number) for field in fields]
        for number, row in enumerate(rows, 1)
    ]
    blank = [_tick_boxes(f, between="\n") if _boxed(f) and len(f.choices) <= 2 else "" for f in fields]
    heads = tuple(
        Column(f.label, _share(f, [row[n] for row in cells]), "right" if _right(f) else "left")
        for n, f in enumerate(fields)
    )
    blocks: list[Block] = [
        Table(heads, cells + [blank] * blank_rows, grid=True, row_height=30.0 if not rows else 21.0, size=8.25),
        Signatures(),
    ]
    return replace(_document(form, blocks, who, foot, blank=not rows), landscape=True)


def _share(field: Field, cells: Sequence[str]) -> float:
    """A column's share of the width, in characters of its cells: room for its head (on two lines, where it is long)
    and for its widest cell, up to `_WIDEST`; a day and its time may stand below each other, a name must not break."""
    whole = fonts.width(field.label, 1.0)
    longest = max((fonts.width(word, 1.0) for word in field.label.split()), default=0.0)
    head = whole if whole <= _ONE_LINE else max(longest if " " in field.label else 0.0, whole / 2 + 1)
    if field.kind is Kind.INSTANT:
        cells = [word for cell in cells for word in cell.split()]
    filled = max((fonts.width(cell, 1.0) for cell in cells), default=0.0)
    plain = max(field.width / 2, _NAME if field.kind is Kind.RECORD else 0.0)
    return max(plain, head + _EDGES, min(_WIDEST, filled + _EDGES))


def _document(form: Form, blocks: Sequence[Block], who: str, foot: str, *, blank: bool = False) -> Document:
    """A blank form has lines for who fills it in and when; on any other the day of printing is the day it was made."""
    title = (form.paper_zh if is_chinese() else form.paper_en) or form.label
    when = "____________" if blank else clock.today().isoformat()
    if blank and not who:
        who = _("Unit: ____________________  Account manager: ______________")
    head = Head(title, who, (_("Filled in on: {day}").format(day=when),))
    return Document(
        title,
        [Part(head, blocks)],
        foot=foot or _("Internal • contains personal data of clients, return after use"),
        subject=f"{form.kind} {form.version}",
    )


def _blocks(form: Form, values: Values | None, names: Names, masked: bool) -> list[Block]:
    """Sections of boxes, two beside each other where they are short; `values` None: blank."""
    sections = [(s.label, [form[n] for n in s.fields]) for s in form.sections]
    inside = {f.name for _label, fields in sections for f in fields}
    rest = [f for f in form.fields if f.name not in inside]
    if rest:
        sections.append(("" if not sections else _("More"), rest))
    shown = {f.name for f in form.shown(dict(values))} if values is not None else {f.name for f in form.fields}
    blocks: list[Block] = []
    for label, fields in sections:
        kept = [f for f in fields if f.name in shown and _printed(form, f, values is not None)]
        if not kept:
            continue
        if label:
            blocks.append(Heading(words=label))
        blocks.extend(_boxes(kept, values, names, masked))
    blocks.append(Signatures())
    return blocks


def _boxes(fields: Sequence[Field], values: Values | None, names: Names, masked: bool) -> list[Block]:
    blocks: list[Block] = []
    waiting: Box | None = None
    for field in fields:
        if field.kind is Kind.LIST:
            if waiting:
                blocks.append(Boxes(waiting))
                waiting = None
            blocks.extend(_list(field, None if values is None else values.get(field.name) or (), names, masked))
            continue
        box = _box(field, values, names, masked)
        if box.wide:
            if waiting:
                blocks.append(Boxes(waiting))
                waiting = None
            blocks.append(Boxes(box))
        elif waiting:
            blocks.append(Boxes(waiting, box))
            waiting = None
        else:
            waiting = box
    if waiting:
        blocks.append(Boxes(waiting))
    return blocks


def _list(field: Field, rows: Sequence[Values] | None, names: Names, masked: bool) -> list[Block]:
    """A list inside the form as a table; blank: three empty rows."""
    child = field.form
    if child is None or (rows is not None and not rows):
        return []
    fields = [f for f in child.fields if f.kind is not Kind.LIST]
    cells = [[""] * len(fields)] * 3 if rows is None else [
        [_cell(f, row.get(f.name), names, masked, n) for f in fields] for n, row in enumerate(rows, 1)
    ]  # fmt: skip
    heads = tuple(Column(f.label, max(f.width, 4 + len(f.label))) for f in fields)
    return [Subheading(words=field.label), Table(heads, cells, grid=True, row_height=24.0 if rows is None else 21.0)]


# Which fields, and what stands in them


def _printed(form: Form, field: Field, filled: bool) -> bool:
    """Ids of records whose number or name stands beside them, and the program's own links, stay off paper."""
    if field.kind is not Kind.RECORD:
        return True
    return not form.named_beside(field.name) and (not field.readonly or field.of == "person")


def _boxed(field: Field) -> bool:
    return bool(field.choices) or field.kind is Kind.YES_NO


def _tick_boxes(field: Field, chosen: frozenset[str] = frozenset(), between: str = "  ") -> str:
    options = [(c.code, c.label) for c in field.choices] or [("yes", _("yes")), ("no", _("no"))]
    return between.join(f"{'■' if code in chosen else '□'} {label}" for code, label in options)


def _chosen(field: Field, value: Any) -> frozenset[str]:
    if value is None:
        return frozenset()
    if field.kind is Kind.YES_NO:
        return frozenset({"yes" if value else "no"})
    return frozenset(value) if field.kind is Kind.CHOICES else frozenset({value})


def _cell(field: Field, value: Any, names: Names, masked: bool, number: int) -> str:
    from fieldcrm.base.forms import show

    if value is None and field.name == "serial_number":
        return str(number)
    if field.kind is Kind.RECORD:
        return names.get(value, "") if value else ""
    return show(field, value, masked)


def _right(field: Field) -> bool:
    return field.kind in (Kind.MONEY, Kind.PERCENT, Kind.DECIMAL)


def _blank_words(field: Field) -> str:
    """What a box holds that is filled in by hand."""
    if _boxed(field):
        return _tick_boxes(field)
    if field.kind is Kind.DATE:
        return _("______ / ____ / ____")
    if field.kind is Kind.INSTANT:
        return _("____ / ____   ____ : ____")
    if field.kind is Kind.TIME:
        return "____ : ____"
    if field.kind is Kind.MONEY:
        return _("______________ yuan")
    return ""


@dataclass(frozen=True)
class Box:
    """A field on paper: its label, its words, how many lines are kept free to write."""

    label: str
    words: str
    wide: bool
    rows: int = 1


def _box(field: Field, values: Values | None, names: Names, masked: bool) -> Box:
    many = sum(len(c.label) + 3 for c in field.choices) > _MANY_CHOICES
    wide = field.kind in _WHOLE_WIDTH or many
    if values is None:
        return Box(field.label, _blank_words(field), wide, _ROWS_TO_WRITE.get(field.kind, 1))
    value = values.get(field.name)
    if _boxed(field):
        return Box(field.label, _tick_boxes(field, _chosen(field, value)), wide)
    rows = _ROWS_LEFT if value in (None, "") and field.kind in _ROWS_TO_WRITE else 1
    return Box(field.label, _cell(field, value, names, masked, 1), wide, rows)


@dataclass(frozen=True)
class Boxes:
    """One box over the whole width, or two beside each other; a box with many lines goes on over the page."""

    left: Box
    right: Box | None = None
    after: float = 0.0
    keep_with_next: bool = False

    def _rooms(self, width: float) -> list[tuple[Box, float]]:
        if self.right is None:
            return [(self.left, width)]
        return [(self.left, width / 2), (self.right, width / 2)]

    def height(self, width: float) -> float:
        counts = [max(box.rows, len(_words(box, room))) for box, room in self._rooms(width)]
        return 17.0 + max(counts) * _LINE + 2.4

    def split(self, width: float, room: float, whole_page: float) -> tuple[Block, Block] | None:
        found = _words(self.left, width)
        count = int((room - 19.4) // _LINE)
        if self.right is not None or count < 3 or count >= len(found):
            return None
        return (
            Boxes(replace(self.left, words="\n".join(found[:count]), rows=1)),
            Boxes(replace(self.left, words="\n".join(found[count:]), rows=1)),
        )

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        height = self.height(width)
        for box, room in self._rooms(width):
            pen.rect(x, y, room, height, edge=BORDER, line=0.6)
            pen.text(x + _PAD, y + 10.6, box.label, _LABEL, colour=GREY, room=room - 2 * _PAD)
            for number, line in enumerate(_words(box, room)):
                pen.text(x + _PAD, y + 25.2 + number * _LINE, line, _SIZE, colour=INK)
            x += room


def _words(box: Box, room: float) -> tuple[str, ...]:
    return lines.wrap(box.words, room - 2 * _PAD, _SIZE)


@dataclass(frozen=True)
class Signatures(Whole):
    """Who filled it in and who checked it."""

    def height(self, width: float) -> float:
        return 38.0

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        for number, words in enumerate((_("Filled in by:"), _("Checked by:"), _("Date:"))):
            left = x + number * width / 3
            used = pen.text(left, y + 28, words, 9)
            pen.rule(left + used + 6, y + 29, width / 3 - used - 24, GREY, 0.6)
