"""A record form as a sheet: the form's titles in the language spoken now, its choices as drop-downs, values as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from fieldcrm.base.forms import show
from fieldcrm.base.forms.model import Field, Form, Kind
from fieldcrm.base.i18n import is_chinese
from fieldcrm.base.sheets.writer import Column, SheetOut, plain, text_width

_WIDEST = 28  # characters to which a column grows for its head and choices
Columns = Mapping[str, Sequence[Any]]
_SOME = 500
_ALWAYS_NEW = frozenset({Kind.CHOICES, Kind.TAGS, Kind.LIST})  # lists: nothing tells at once whether two are equal
_BAD = str.maketrans("[]:*?/\\'", "        ")


def form_sheet(
    form: Form,
    rows: Iterable[Mapping[str, Any]],
    *,
    name: str | None = None,
    fields: Sequence[str] | None = None,
    more: Mapping[str, Column] | None = None,
) -> SheetOut:
    """The records `rows` (field name → value) as a sheet; lists inside a record are left out.

    `fields` chooses and orders; `more` adds columns behind (key in the row → column), such as a reason.
    """
    wanted = fields if fields is not None else [field.name for field in form.fields]
    return columns_sheet(form, _columns([*wanted, *(more or ())], rows), name=name, fields=fields, more=more)


def columns_sheet(
    form: Form,
    some: Iterable[Columns],
    *,
    name: str | None = None,
    fields: Sequence[str] | None = None,
    more: Mapping[str, Column] | None = None,
) -> SheetOut:
    """As `form_sheet`, of records that come some at a time, each field a column; a field left out is empty."""
    wanted = [form[name] for name in fields] if fields is not None else list(form.fields)
    shown = [field for field in wanted if field.kind is not Kind.LIST]
    behind = more or {}
    columns = [*(column(field) for field in shown), *behind.values()]
    return SheetOut(sheet_name(name or form.label), columns, _rows(shown, list(behind), some))


def _columns(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[Columns]:
    rest = iter(rows)
    while some := list(islice(rest, _SOME)):
        yield {name: [row.get(name) for row in some] for name in names}


def _rows(shown: list[Field], behind: list[str], some: Iterable[Columns]) -> Iterator[list[str]]:
    """Column by column: most columns of most sheets are empty or say little."""
    makers = [(field.name, _maker(field)) for field in shown]
    for columns in some:
        nothing = [None] * len(next(iter(columns.values())))
        texts = [make(columns.get(name, nothing)) for name, make in makers]
        texts += [[plain(value) for value in columns.get(key, nothing)] for key in behind]
        yield from map(list, zip(*texts, strict=True))


def _maker(field: Field) -> Callable[[Sequence[Any]], list[str]]:
    """What writes a column of a field's values: each different one once."""

    def texts(values: Sequence[Any]) -> list[str]:
        if values.count(None) == len(values):
            return [""] * len(values)
        if field.kind in _ALWAYS_NEW:
            return ["" if value is None else show(field, value, masked=False) for value in values]
        known = {value: show(field, value, masked=False) for value in set(values)}
        return [known[value] for value in values]

    return texts


def column(field: Field) -> Column:
    """The column of a field."""
    choices: tuple[str, ...] = ()
    if field.kind is Kind.CHOICE:
        choices = tuple(choice.label for choice in field.choices)
    elif field.kind is Kind.YES_NO:
        choices = yes_no()
    words = max(map(text_width, (field.label, *choices)))  # what is chosen is read whole, in either language
    width = max(field.width, 6, min(words, _WIDEST) + 2)
    return Column(field.label, width, choices, wrap=field.kind is Kind.LONG_TEXT)


def yes_no() -> tuple[str, str]:
    """The words for true and false."""
    return ("是", "否") if is_chinese() else ("Yes", "No")


def sheet_name(text: str) -> str:
    """A name every spreadsheet program takes: 31 characters, none of []:*?/\\'."""
    return " ".join(text.translate(_BAD).split())[:31].strip() or "Sheet"
