"""Cells of a column to values of a field: the parser is chosen once, equal cells are read once. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from unicodedata import is_normalized

from fieldcrm.base import clock
from fieldcrm.base.errors import InvalidField, InvalidFields
from fieldcrm.base.forms import Field, Form, Kind, clean, get, identity, parse
from fieldcrm.base.forms.problems import BROKEN_NUMBER
from fieldcrm.base.sheets.reader import Cell, visible
from fieldcrm.base.text import half_width
from fieldcrm.core.imports import riders
from fieldcrm.core.imports.problems import BROKEN_TEXT, ERROR_CELL, MASKED, NO_PHONE, NO_VALUE, Bad
from fieldcrm.core.imports.table import ColumnMatch, Table, Target

NOTHING = frozenset(
    {
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\",
        "无",
        "空",
        "null",
        "none",
        "n/a",
        "#n/a",
        "nan",
        "暂无",
        "不详",
        "*",
        "未知",
        "不明",
    }
)
_FREE = frozenset({Kind.TEXT, Kind.LONG_TEXT})
_PLAIN_AMOUNT = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d+)?")
_YEAR_FIRST = re.compile(
    r"(\d{4}|\d\d)([-/.年])(\d{1,2})[-/.月](\d{1,2})[日号]?(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?"
    r"|(\d{4})(\d\d)(\d\d)(?:[01]\d[0-5]\d[0-5]\d|2[0-3][0-5]\d[0-5]\d)?",
    re.ASCII,
)
_SHORT_YEAR = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[a-z]*[- ](\d\d)", re.ASCII)
_NO_DAYS = frozenset({"终身", "至终身", "保终身", "保至终身", "终生", "长期", "永久", "0", "00000000"})
_NO_DAY = re.compile(r"(?:9999|0000|0001|1900)[-/.年]?0?(?:12|0|1)[-/.月]?(?:31|0?[01])日?(?:[ T].*)?", re.ASCII)
_FIRST_DAY, _LAST_DAY = date(1900, 1, 2), date(2200, 12, 31)
_NO_YEARS = re.compile(r"终身|岁|趸|一次|[至起止]|\d{4}[-/.年]")
_YEARS_PAID = re.compile(r"(\d{1,3})\s*年?\s*(?:期?[交缴]|期|Y)", re.IGNORECASE)
_MASKED = re.compile(r"[*＊•●]{2,}")
_POINT_ZERO = re.compile(r"\d+\.0+", re.ASCII)
_BETWEEN_CHARACTERS = re.compile(
    r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])\s+(?=[\u3400-\u9fff\U00020000-\U0003ffff])"
)
_ASIDE = re.compile(r"[（(][^()（）\d]*[)）]|[\u3400-\u9fff]+\s*[:：]?")
_NAMES = frozenset({"client.name", "policy.insured_name", "policy.beneficiaries.name", "client.contacts.name"})

Parser = Callable[[Cell], Any]


def read_column(table: Table, column: ColumnMatch, cells: Sequence[Cell]) -> list[Any]:
    """The values of a column from its cells in the table's data rows; an unreadable cell is a `Bad`, an empty one None.

    Several phones in one cell come as a tuple.
    """
    if column.target is None:
        raise ValueError(column.title)
    if table.sheet.from_1904 and column.target.leaf.kind is Kind.DATE:
        cells = [_since_1900(cell) for cell in cells]
    values = read(cells, column.target, column.unit)
    for marked, code in ((table.sheet.errors, ERROR_CELL), (table.sheet.unvalued, NO_VALUE)):
        for position, number in enumerate(table.rows if marked else ()):
            if (number, column.index) in marked:
                values[position] = Bad(code, {})
    return values


def _since_1900(cell: Cell) -> Cell:
    """A day counted from 1904 as one counted from 1900; years (2026) and 20261203 stay."""
    if isinstance(cell, str) and len(text := cell.strip()) == 5 and text.isascii() and text.isdecimal():
        cell = float(text)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 2_200 < cell < 100_000:
        return cell + 1_462
    return cell


def read(cells: Sequence[Cell], target: Target, unit: int = 1) -> list[Any]:
    """The values of cells; see `read_column`."""
    if bool in set(map(type, cells)):  # True equals 1.0, and one must not be read as the other
        cells = [str(cell) if isinstance(cell, bool) else cell for cell in cells]
    parser = parser_of(target, unit)
    memo: dict[Cell, Any] = {
        cell: parser(cell if not isinstance(cell, str) or cell.isprintable() else visible(cell)) for cell in set(cells)
    }
    named = target.key in _NAMES
    for cell in memo:
        if isinstance(cell, str) and _lost(cell, named):
            memo[cell] = Bad(BROKEN_TEXT, {})
    return list(map(memo.__getitem__, cells))


def _lost(cell: str, named: bool) -> bool:
    """Whether a character is lost; a system that knows only GBK writes ? for the rare characters of names."""
    return "\ufffd" in cell or (named and "?" in cell and (not cell.isascii() or not cell.strip("? ")))


def parser_of(target: Target, unit: int = 1) -> Parser:
    """How a cell of this field is read."""
    field = target.leaf
    form = _form(target)
    checked = _checked(form, field)
    if field.kind is Kind.PHONE:
        return _phones(field, checked) if target.key == "client.phones.number" else checked
    if field.kind in (Kind.NUMBER, Kind.ID_NUMBER, Kind.CREDIT_CODE):
        return _number(field, checked)
    if field.kind is Kind.MONEY:
        return _in_units(field, checked, unit) if unit != 1 else _to_the_fen(checked)
    if target.key in _NAMES:
        return _name(_words(field, checked))
    if field.kind in _FREE:
        return _words(field, checked)
    if field.kind is Kind.DATE:
        return _day(checked, born=field.name == "birth_on", past=field.past)
    if field.kind in (Kind.CHOICE, Kind.CHOICES):
        return _choice(field, checked)
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
    bounded = field.past or field.max_length is not None or field.minimum is not None or field.maximum is not None

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


def _name(words: Parser) -> Parser:
    """Names of two characters are set with a blank between them, to line up with those of three."""

    def read_one(cell: Cell) -> Any:
        found = words(cell)
        return _BETWEEN_CHARACTERS.sub("", found) if isinstance(found, str) and " " in found else found

    return read_one


def _choice(field: Field, checked: Parser) -> Parser:
    """A word that says that nobody knows is an empty cell, unless it is one of the choices; so is 主险 or 附加险
    where the line belongs, which tells the rows of a policy apart."""
    nothing = NOTHING | riders.MARKS.keys() if field.name == "line" else NOTHING

    def read_one(cell: Cell) -> Any:
        if isinstance(cell, str) and (bare := cell.strip().casefold()) in nothing and field.code_of(bare) is None:
            return None
        return checked(cell)

    return read_one


def _day(checked: Parser, *, born: bool, past: bool) -> Parser:
    """Year first, as lists are written, is read at once, its time of day let go; every other spelling is left to the
    form. What systems write for "no day" (9999-12-31 for a whole life, 0, 1900-01-01) is an empty cell.

    Two digits of a year are understood where they cannot be a month: not before a slash, unless above 12.
    """
    full, latest = _YEAR_FIRST.fullmatch, clock.today() if past else _LAST_DAY

    def read_one(cell: Cell) -> Any:
        if isinstance(cell, str):
            text = half_width(cell).strip()
            if text in _NO_DAYS or text.casefold() in NOTHING or _NO_DAY.fullmatch(text):
                return None
            if found := full(text):
                year, month, day = found[1] or found[5], found[3] or found[6], found[4] or found[7]
                if len(year) == 4 or found[2] != "/" or int(year) > 12:
                    read = _made(_century(int(year), born) if len(year) == 2 else int(year), int(month), int(day))
                    return checked(cell) if read is None or read > latest else read
            if found := _SHORT_YEAR.fullmatch(text):
                return checked(f"{found[1]}-{found[2]}-{_century(int(found[3]), born)}")
        elif cell in (0, 1, 2958465, 99991231):
            return None
        value = checked(cell)
        return None if isinstance(value, date) and not _FIRST_DAY <= value <= _LAST_DAY else value

    return read_one


def _made(year: int, month: int, day: int) -> date | None:
    """A day; None when there is no such day, which the form says in words."""
    try:
        return date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None


def _century(year: int, born: bool) -> int:
    """Four digits of a year written with two: nobody is born in the future, cover begins after 1980."""
    latest = clock.today().year if born else 2079
    return 2000 + year if 2000 + year <= latest else 1900 + year


def _years(checked: Parser) -> Parser:
    """Whole life, "to age 80", one payment and a period of days are no number of years; the column stays empty."""

    def read_one(cell: Cell) -> Any:
        if isinstance(cell, str):
            if _NO_YEARS.search(cell):
                return None
            if found := _YEARS_PAID.fullmatch(half_width(cell).strip()):
                return checked(found[1])
        return checked(cell)

    return read_one


def _number(field: Field, checked: Parser) -> Parser:
    """A number that names; the plain case, digits and letters only, needs no look at its form."""
    simple = field.kind is Kind.NUMBER
    most = field.max_length or 1000

    def read_one(cell: Cell) -> Any:
        if isinstance(cell, str):
            if simple and cell.isascii() and cell.isalnum() and 4 < len(cell) <= most:
                return cell.upper()
            if _MASKED.search(cell):
                return Bad(MASKED, {"label": field.label})
            if _POINT_ZERO.fullmatch(cell.strip()):
                cell = cell.strip().partition(".")[0]
        elif isinstance(cell, float) and (not cell.is_integer() or abs(cell) >= 1e15):
            return Bad(BROKEN_NUMBER, {"label": field.label})
        return checked(cell)

    return read_one


def _phones(field: Field, checked: Parser) -> Parser:
    """One cell may hold several phones, and words beside them; one that is none spoils the cell."""

    def read_one(cell: Cell) -> Any:
        if not isinstance(cell, str):
            return _together([checked(cell)] if cell else [])
        if len(cell) == 11 and identity.is_mobile(cell):
            return (cell,)
        if _MASKED.search(cell):
            return Bad(MASKED, {"label": field.label})
        if not any(map(str.isdigit, cell)):  # 空号, 停机, 未提供
            return Bad(NO_PHONE, {}) if _parts(cell) else None
        found = _together(map(checked, _parts(cell)))
        if not isinstance(found, Bad):
            return found
        bare = _parts(_ASIDE.sub(",", cell))
        again = _together(map(checked, bare)) if bare else found
        if isinstance(again, Bad):
            again = _together(map(checked, [part for several in bare for part in several.split()]))
        return found if isinstance(again, Bad) or again is None else again

    return read_one


def _parts(text: str) -> list[str]:
    parts = [part for part in identity.split_phones(text) if part.casefold() not in NOTHING and part.strip("0 ")]
    return [part.partition(".")[0] if _POINT_ZERO.fullmatch(part) else part for part in parts]


def _together(values: Iterable[Any]) -> Any:
    found = [value for value in values if value is not None]
    bad = next((value for value in found if isinstance(value, Bad)), None)
    return bad or tuple(dict.fromkeys(found)) or None


def _in_units(field: Field, checked: Parser, unit: int) -> Parser:
    """Amounts under a title that says 万元; a cell that says 万 itself is taken at its word."""

    def read_one(cell: Cell) -> Any:
        if isinstance(cell, float):
            return checked(_fen(Decimal(repr(cell)) * unit))
        if isinstance(cell, str):
            text = "".join(half_width(cell).split())
            if _PLAIN_AMOUNT.fullmatch(text):
                return checked(_yuan(Decimal(text.replace(",", "")) * unit))
        return checked(cell)

    return read_one


def _to_the_fen(checked: Parser) -> Parser:
    """A number that a spreadsheet worked out (a premium's 3.5 %) has more decimals than it shows."""

    def read_one(cell: Cell) -> Any:
        return checked(_fen(Decimal(repr(cell))) if isinstance(cell, float) and not cell.is_integer() else cell)

    return read_one


def _fen(amount: Decimal) -> str:
    """Rounded as a spreadsheet shows it, to two decimals."""
    if not amount.is_finite() or abs(amount) >= 10**15:
        return str(amount)
    return format(amount.quantize(Decimal("0.01"), ROUND_HALF_UP), "f")


def _yuan(amount: Decimal) -> str:
    return format(amount.quantize(Decimal("0.01")) if amount == amount.quantize(Decimal("0.01")) else amount, "f")
