"""A record form as a sheet: the form's titles in the language spoken now, its choices as drop-downs, values as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from fieldcrm.base import clock
from fieldcrm.base.forms.model import Field, Form, Kind
from fieldcrm.base.i18n import is_chinese
from fieldcrm.base.sheets.writer import Column, SheetOut, plain

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
    makers = [(field.name, field) for field in shown]
    for row in rows:
        cells = [cell_text(field, row.get(name)) for name, field in makers]
        yield cells + [plain(row.get(key)) for key in behind]


def column(field: Field) -> Column:
    """The column of a field."""
    choices: tuple[str, ...] = ()
    if field.kind is Kind.CHOICE:
        choices = tuple(choice.label for choice in field.choices)
    elif field.kind is Kind.YES_NO:
        choices = yes_no()
    return Column(field.label, max(field.width, 6), choices, wrap=field.kind is Kind.LONG_TEXT)


def yes_no() -> tuple[str, str]:
    """The words for true and false."""
    return ("是", "否") if is_chinese() else ("Yes", "No")


def cell_text(field: Field, value: Any) -> str:
    """A value as the text of its cell; `forms.parse` reads it back."""
    if value is None or value == "" or value == []:
        return ""
    match field.kind:
        case Kind.CHOICE:
            choice = field.choice(value)
            return choice.label if choice else str(value)
        case Kind.CHOICES:
            known = [(field.choice(code), code) for code in value]
            return "、".join(choice.label if choice else code for choice, code in known)
        case Kind.TAGS:
            return "、".join(value)
        case Kind.YES_NO:
            return yes_no()[0 if value else 1]
        case Kind.MONEY:
            return money_text(value)
        case Kind.INSTANT if isinstance(value, datetime):
            return f"{clock.local(value):%Y-%m-%d %H:%M}"
        case _:
            return plain(value)


def money_text(fen: int) -> str:
    """Fen as yuan without separators: 123450 → "1234.50", 120000 → "1200"."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}" + (f".{rest:02d}" if rest else "")


def sheet_name(text: str) -> str:
    """A name every spreadsheet program takes: 31 characters, none of []:*?/\\'."""
    return " ".join(text.translate(_BAD).split())[:31].strip() or "Sheet"
