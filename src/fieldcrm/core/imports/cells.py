"""Cells of a column to values of a field: the parser is chosen once, equal cells are read once. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import is_normalized

from fieldcrm.base.errors import InvalidField, InvalidFields
from fieldcrm.base.forms import Field, Form, Kind, clean, get, identity, parse
from fieldcrm.base.forms.problems import BROKEN_NUMBER
from fieldcrm.base.sheets.reader import Cell
from fieldcrm.base.text import half_width
from fieldcrm.core.imports.problems import BROKEN_TEXT, ERROR_CELL, Bad
from fieldcrm.core.imports.recognise import ColumnMatch, Table, Target

NOTHING = frozenset(
    {"-", "--", "—", "——", "/", "\\", "无", "空", "null", "none", "n/a", "#n/a", "nan", "暂无", "不详", "*"}
)
_FREE = frozenset({Kind.TEXT, Kind.LONG_TEXT})
_PLAIN_AMOUNT = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d+)?")
_YEAR_FIRST = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00?:00(?::00)?)?|(\d{4})(\d\d)(\d\d)", re.ASCII
)
_NO_YEARS = re.compile(r"终身|岁|趸|一次")

Parser = Callable[[Cell], Any]


def read_column(table: Table, column: ColumnMatch, cells: Sequence[Cell]) -> list[Any]:
    """The values of a column from its cells in the table's data rows; an unreadable cell is a `Bad`, an empty one None.

    Several phones in one cell come as a tuple.
    """
    if column.target is None:
        raise ValueError(column.title)
    values = read(cells, column.target, column.unit)
    if table.sheet.errors:
        for position, number in enumerate(table.rows):
            if (number, column.index) in table.sheet.errors:
                values[position] = Bad(ERROR_CELL, {})
    return values


def read(cells: Sequence[Cell], target: Target, unit: int = 1) -> list[Any]:
    """The values of cells; see `read_column`."""
    if bool in set(map(type, cells)):  # True equals 1.0, and one must not be read as the other
        cells = [str(cell) if isinstance(cell, bool) else cell for cell in cells]
    parser = parser_of(target, unit)
    memo: dict[Cell, Any] = {cell: parser(cell) for cell in set(cells)}
    for cell in memo:
        if isinstance(cell, str) and "\ufffd" in cell:
            memo[cell] = Bad(BROKEN_TEXT, {})
    return list(map(memo.__getitem__, cells))


def parser_of(target: Target, unit: int = 1) -> Parser:
    """How a cell of this field is read."""
    field = target.leaf
    form = _form(target)
    checked = _checked(form, field)
    if field.kind is Kind.PHONE:
        return _phones(checked) if target.key == "client.phones.number" else checked
    if field.kind in (Kind.NUMBER, Kind.ID_NUMBER):
        return _number(field, checked)
    if field.kind is Kind.MONEY and unit != 1:
        return _in_units(field, checked, unit)
    if field.kind in _FREE:
        return _words(field, checked)
    if field.kind is Kind.DATE:
        return _day(checked)
    if target.key in ("policy.term_years", "policy.pay_years"):
        return _years(checked)
    return checked


def _form(target: Target) -> Form:
    form = target.field.form if target.child is not None else get(target.kind)
    if form is None:
        raise TypeError(target.key)
    return form


def _checked(form: Form, field: Field) -> Parser:
    """The field's own reading, with its limits."""
    bounded = field.max_length is not None or field.minimum is not None or field.maximum is not None

    def read_one(cell: Cell) -> Any:
        try:
            if cell == "":
                return None
            value = parse(field, cell)
            if value is None or not bounded:
                return value
            if field.max_length is not None and isinstance(value, str) and len(value) <= field.max_length:
                return value
            return clean(form, {field.name: value}, partial=True)[field.name]
        except InvalidFields as several:
            return Bad(several.problems[0].code, several.problems[0].values)
        except InvalidField as problem:
            return Bad(problem.code, problem.values)

    return read_one


def _words(field: Field, checked: Parser) -> Parser:
    """Words; the plain case, nothing to tidy, is taken as it stands."""
    most = field.max_length or 1000

    def read_one(cell: Cell) -> Any:
        if isinstance(cell, str):
            bare = cell.strip()
            if not bare or (len(bare) <= 4 and bare.casefold() in NOTHING):
                return None
            if " " not in cell and len(cell) <= most and cell.isprintable() and is_normalized("NFC", cell):
                return cell
        return checked(cell)

    return read_one


def _day(checked: Parser) -> Parser:
    """Year first, as lists are written, is read at once; every other spelling is left to the form."""
    full = _YEAR_FIRST.fullmatch

    def read_one(cell: Cell) -> Any:
        if isinstance(cell, str) and (found := full(cell)):
            year, month, day = found[1] or found[4], found[2] or found[5], found[3] or found[6]
            try:
                if "1900" <= year <= "2200":
                    return date(int(year), int(month), int(day))
            except ValueError:
                pass  # no such day; the form says so
        return checked(cell)

    return read_one


def _years(checked: Parser) -> Parser:
    """Whole life, "to age 80" and one payment are no number of years; the column stays empty."""

    def read_one(cell: Cell) -> Any:
        return None if isinstance(cell, str) and _NO_YEARS.search(cell) else checked(cell)

    return read_one


def _number(field: Field, checked: Parser) -> Parser:
    """A number that names; the plain case, digits and letters only, needs no look at its form."""
    simple = field.kind is Kind.NUMBER
    most = field.max_length or 1000

    def read_one(cell: Cell) -> Any:
        if simple and isinstance(cell, str) and cell.isascii() and cell.isalnum() and 4 < len(cell) <= most:
            return cell.upper()
        if isinstance(cell, float) and (not cell.is_integer() or abs(cell) >= 1e15):
            return Bad(BROKEN_NUMBER, {"label": field.label})
        return checked(cell)

    return read_one


def _phones(checked: Parser) -> Parser:
    """One cell may hold several phones; one that is none spoils the cell."""

    def read_one(cell: Cell) -> Any:
        if isinstance(cell, str):
            if len(cell) == 11 and identity.is_mobile(cell):
                return (cell,)
            found = [checked(part) for part in identity.split_phones(cell) if part.casefold() not in NOTHING]
        else:
            found = [checked(cell)]
        bad = next((value for value in found if isinstance(value, Bad)), None)
        return bad or tuple(dict.fromkeys(value for value in found if value is not None)) or None

    return read_one


def _in_units(field: Field, checked: Parser, unit: int) -> Parser:
    """Amounts under a title that says 万元; a cell that says 万 itself is taken at its word."""

    def read_one(cell: Cell) -> Any:
        if isinstance(cell, float):
            return checked(_yuan(Decimal(repr(cell)) * unit))
        if isinstance(cell, str):
            text = "".join(half_width(cell).split())
            if _PLAIN_AMOUNT.fullmatch(text):
                return checked(_yuan(Decimal(text.replace(",", "")) * unit))
        return checked(cell)

    return read_one


def _yuan(amount: Decimal) -> str:
    return format(amount.quantize(Decimal("0.01")) if amount == amount.quantize(Decimal("0.01")) else amount, "f")
