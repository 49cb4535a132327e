"""What can be wrong with a row of a list, told by sheet and cell in one sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from fieldcrm.base import errors
from fieldcrm.base.errors import define
from fieldcrm.base.i18n import N_
from fieldcrm.base.sheets.reader import address

NO_LIST = define(
    "imports.no_list", N_("No list was found: a header with a policy number or a client's name is needed.")
)
ERROR_CELL = define("imports.error_cell", N_("The cell holds an error of the spreadsheet."))
NO_VALUE = define(
    "imports.no_value",
    N_("The formula of this cell was never worked out; open the file in a spreadsheet program and save it there."),
)
BROKEN_TEXT = define(
    "imports.broken_text", N_("A character of this cell is broken; the file was cut or badly encoded.")
)
MASKED = define(
    "imports.masked", N_("{label}: the system that wrote the list has hidden a part of it; what the book has stays.")
)
NO_PHONE = define("imports.no_phone", N_("No phone number stands in this cell."))
OTHER_NAME = define("imports.other_name", N_("This number stands with another name in row {line}."))
BOOK_NAME = define("imports.book_name", N_("The book has this number under another name; correct one of the two."))
CONTRADICTION = define("imports.contradiction", N_("{label} is not the same as in row {line} for this client."))
OTHER_COLUMNS = define(
    "imports.other_columns",
    N_("In row {line} another list with other columns begins; put it on a sheet of its own."),
)
TWICE = define("imports.twice", N_("The same policy stands in row {line} with other values."))
MAIN_LEFT_OUT = define(
    "imports.main_left_out",
    N_("This rider's main row, row {line}, was left out; correct it and import both together."),
)
NOBODY = define("imports.nobody", N_("The book does not have this policy, and the list does not say whose it is."))
ONLY_PERSONS = define(
    "imports.only_persons", N_("{label} belongs to persons; this client is an organisation, so the value stays out.")
)
ONLY_ORGANISATIONS = define(
    "imports.only_organisations",
    N_("{label} belongs to organisations; this client is a person, so the value stays out."),
)
AGAINST_NUMBER = define(
    "imports.against_number", N_("{label} does not fit the ID number, which is believed; the value stays out.")
)
STALE = define("imports.stale", N_("The book has changed since the preview; look at the preview again."))


class Bad(NamedTuple):
    """A cell that could not be read, in place of its value."""

    code: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """One reason why a data row was left out; `row` and `column` count from 0.

    With `kept` the row goes in and only this value stays out (a word that is none of the choices).
    """

    sheet: str
    row: int
    column: int
    code: str
    values: dict[str, Any] = field(default_factory=dict)
    kept: bool = False

    @property
    def cell(self) -> str:
        return address(self.row, self.column)

    @property
    def message(self) -> str:
        return errors.sentence(self.code, self.values)

    @property
    def place(self) -> dict[str, str]:
        return {"sheet": self.sheet, "cell": self.cell}

    def as_json(self) -> dict[str, str]:
        return self.place | {"code": self.code, "message": self.message}
