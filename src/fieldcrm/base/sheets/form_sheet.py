"""A record form as a sheet: the form's titles in the language spoken now, its choices as drop-downs, values as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from fieldcrm.base.forms import show
from fieldcrm.base.forms.model import Field, Form, Kind
from fieldcrm.base.i18n import is_chinese
from fieldcrm.base.sheets.writer import Column, SheetOut, plain, text_width

_WIDEST = 28  # characters to which a column grows for its head and choices
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
    wanted = [form[name] for name in fields] if fields is not None else list(form.fields)
    shown = [field for field in wanted if field.kind is not Kind.LIST]
    behind = more or {}
    columns = [*(column(field) for field in shown), *behind.values()]
    return SheetOut(sheet_name(name or form.label), columns, _rows(shown, list(behind), rows))


def _rows(shown: list[Field], behind: list[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Any]]:
    makers = [(field.name, _maker(field)) for field in shown]
    for row in rows:
        cells = ["" if (value := row.get(name)) is None else make(value) for name, make in makers]
        yield cells + [plain(row.get(key)) for key in behind]


def _maker(field: Field) -> Callable[[Any], str]:
    """What writes the values of a field; the few of a choice are looked up once."""
    make = partial(show, field, masked=False)
    return cache(make) if field.kind in (Kind.CHOICE, Kind.YES_NO) else make


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
