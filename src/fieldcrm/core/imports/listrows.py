"""The data rows of a list as values: columns read one by one, put together by row, what cannot stand reported. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from fieldcrm.base.errors import InvalidField
from fieldcrm.base.forms import Kind, get, parse
from fieldcrm.base.forms.problems import REQUIRED
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress
from fieldcrm.base.sheets.reader import Cell
from fieldcrm.core.imports import riders, rules
from fieldcrm.core.imports.cells import read_column
from fieldcrm.core.imports.problems import (
    AGAINST_NUMBER,
    MASKED,
    NO_PHONE,
    ONLY_ORGANISATIONS,
    ONLY_PERSONS,
    OTHER_COLUMNS,
    Bad,
    Problem,
)
from fieldcrm.core.imports.table import ColumnMatch, Table

_AT_ONCE = 2_000
READING = N_("Reading the columns")
_ASIDE = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.INTEGER, Kind.DECIMAL, Kind.PERCENT, Kind.YES_NO})


@dataclass(slots=True)
class ListRow:
    """One data row: its place, and the values it brings (None: brings none).

    `children` holds rows of lists inside a record: (kind, list field) → rows of child values.
    """

    table: int
    number: int
    policy: dict[str, Any]
    client: dict[str, Any]
    children: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    derived: dict[str, Any] = field(default_factory=dict)  # what the ID number tells


@dataclass
class Read:
    """All rows read, those that failed, and why."""

    rows: list[ListRow] = field(default_factory=list)
    count: int = 0
    failed: set[tuple[int, int]] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    lost: dict[str, int] = field(default_factory=dict)  # policy number → its main row, which failed
    untaken: list[str] = field(default_factory=list)  # titles of columns whose values none of the clients can have

    def fail(self, row: ListRow, problem: Problem) -> None:
        self.failed.add((row.table, row.number))
        self.problems.append(problem)


def read_rows(tables: list[Table], progress: Progress | None = None) -> Read:
    """The rows of all lists. Raises `Cancelled`."""
    answer = Read()
    if progress is not None:
        progress.begin(gettext(READING), sum(len(t.matched) for t in tables))
    done = 0
    for position, table in enumerate(tables):
        columns: list[tuple[ColumnMatch, list[Any]]] = []
        cells = _columns(table)
        for column in table.matched:
            given = cells[column.index] if column.index < len(cells) else [""] * len(table.rows)
            columns.append((column, read_column(table, column, given)))
            done += 1
            if progress is not None:
                progress.step(done)
        answer.count += len(table.rows)
        strange: list[tuple[int, str, str]] = []
        answer.rows += _rows(position, table, columns, answer, strange)
        _tell_strange(position, table, answer, strange)
    return answer


def _columns(table: Table) -> list[list[Cell]]:
    """The cells of the data rows by column; so many rows at a time, since turning all at once would stop the window."""
    width = max((len(table.sheet.rows[n]) for n in table.rows), default=0)
    columns: list[list[Cell]] = [[] for _ in range(width)]
    for at in range(0, len(table.rows), _AT_ONCE):
        rows = [table.sheet.rows[n] for n in table.rows[at : at + _AT_ONCE]]
        turned = list(zip_longest(*rows, fillvalue=""))
        for number, column in enumerate(columns):
            column.extend(turned[number] if number < len(turned) else [""] * len(rows))
    return columns


def _rows(
    position: int,
    table: Table,
    columns: list[tuple[ColumnMatch, list[Any]]],
    answer: Read,
    strange: list[tuple[int, str, str]],
) -> Iterator[ListRow]:
    """The rows that stand; `strange` takes the values that a client of their type does not have: row, type, field."""
    bad = _take_bad(position, table, columns, answer)
    groups = _groups(columns)
    policies = _dicts(groups.get(("policy", None), {}), len(table.rows))
    clients = _dicts(groups.get(("client", None), {}), len(table.rows))
    lists = {key: _dicts(group, len(table.rows)) for key, group in groups.items() if key[1] is not None}
    required, dropped = _required(table), _dropped(table)
    first = min((c.index for c in table.matched), default=0)
    for at, number in enumerate(table.rows):
        if number in bad:
            _lose(answer, policies[at], number)
            continue
        if table.ends is not None and number > table.ends:
            row = ListRow(position, number, {}, {})
            answer.fail(row, Problem(table.sheet.name, number, first, OTHER_COLUMNS, {"line": table.ends + 1}))
            continue
        row = ListRow(position, number, policies[at], clients[at])
        for (kind, name), found in lists.items():
            if rows := _child_rows(found[at]):
                row.children[kind, str(name)] = rows
        if missing := _missing(row, required):
            values = {"label": missing.target.leaf.label if missing.target else ""}
            answer.fail(row, Problem(table.sheet.name, number, missing.index, REQUIRED, values))
            _lose(answer, row.policy, number)
            continue
        wrong = _settle(row, dropped, strange)
        if wrong is not None:
            index = next((c.index for c in table.matched if c.target and c.target.key == "client.id_number"), first)
            answer.fail(row, Problem(table.sheet.name, number, index, wrong.code, wrong.values))
            _lose(answer, row.policy, number)
            continue
        if row.derived:
            _believe_number(row, table, answer)
        yield row


def _lose(answer: Read, policy: dict[str, Any], number: int) -> None:
    """Note that a main row failed: its riders do not go in alone."""
    if policy.get("number") and not riders.is_rider(policy.get("product_name")):
        answer.lost.setdefault(policy["number"], number)


def _take_bad(position: int, table: Table, columns: list[tuple[ColumnMatch, list[Any]]], answer: Read) -> set[int]:
    """Report what could not be read; gives the rows that fail by it."""
    failing: set[int] = set()
    found: list[Problem] = []
    for column, values in columns:
        if Bad not in set(map(type, values)):
            continue
        for at, value in enumerate(values):
            number = table.rows[at]
            if type(value) is not Bad or (table.ends is not None and number > table.ends):
                continue
            code, told = value
            kept = _goes_in(column, code)
            found.append(Problem(table.sheet.name, number, column.index, code, told, kept))
            values[at] = None
            if not kept:
                failing.add(number)
    answer.problems += sorted(found, key=lambda p: (p.row, p.column))
    answer.failed |= {(position, number) for number in failing}
    return failing


def _goes_in(column: ColumnMatch, code: str) -> bool:
    """Whether a row goes in without a value that cannot be read: a word, a number of years or a date of birth, for they
    say neither whose it is nor what is due when; words where a phone should be; and a number that is masked, unless the
    row is known by it."""
    if column.target is None or code == NO_PHONE:
        return True
    if code == MASKED:
        return column.target.key != "policy.number"
    aside = column.target.leaf.kind in _ASIDE or column.target.key == "client.birth_on"
    return aside and column.target.key != "policy.status" and code.startswith("forms.")


Group = dict[str, list[list[Any]]]


def _groups(columns: list[tuple[ColumnMatch, list[Any]]]) -> dict[tuple[str, str | None], Group]:
    """Columns by record: (kind, None) its own fields, (kind, list field) those of a list; a phone may come twice."""
    found: dict[tuple[str, str | None], Group] = {}
    for column, values in columns:
        target = column.target
        if target is None:
            continue
        key = (target.kind, target.field.name if target.child else None)
        found.setdefault(key, {}).setdefault(target.leaf.name, []).append(values)
    return found


def _dicts(group: Group, count: int) -> list[dict[str, Any]]:
    if not group:
        return [{} for _ in range(count)]
    names = list(group)
    columns = [columns[0] if len(columns) == 1 else _several(columns) for columns in group.values()]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _several(columns: list[list[Any]]) -> list[Any]:
    return [tuple(dict.fromkeys(n for v in values if v for n in v)) or None for values in zip(*columns, strict=True)]


def _child_rows(values: dict[str, Any]) -> list[dict[str, Any]]:
    numbers = values.get("number")
    if isinstance(numbers, tuple):
        return [{**values, "number": number} for number in numbers]
    return [values] if any(value is not None for value in values.values()) else []


def _required(table: Table) -> tuple[ColumnMatch | None, ColumnMatch | None]:
    by_key = {c.target.key: c for c in table.columns if c.target is not None}
    return by_key.get("policy.number"), by_key.get("client.name")


def _missing(row: ListRow, required: tuple[ColumnMatch | None, ColumnMatch | None]) -> ColumnMatch | None:
    number, name = required
    if number is not None and row.policy.get("number") is None:
        return number
    if name is not None and row.client.get("name") is None:
        return name
    return None


def _dropped(table: Table) -> dict[str, list[str]]:
    """The fields of the list that a person, or an organisation, does not have."""
    names = [c.target.field.name for c in table.columns if c.target and c.target.kind == "client"]
    form = get("client")
    return {
        type_: [name for name in names if any(n == "type" and v != type_ for n, v in form[name].when)]
        for type_ in ("person", "organisation")
    }


def _settle(row: ListRow, dropped: dict[str, list[str]], strange: list[tuple[int, str, str]]) -> InvalidField | None:
    """Decide person or organisation, and keep only the fields of that type; the others' values go to `strange`.

    Gives what is wrong with an organisation's credit code that stands in the column of ID numbers.
    """
    client, wrong = row.client, None
    if not client:
        return None
    number = client.get("id_number")
    if number is not None:
        row.derived = rules.derived(number)
    organisation = rules.is_organisation(
        client.get("name"), client.get("type"), client.get("credit_code"), bool(row.derived)
    )
    client["type"] = "organisation" if organisation else "person"
    if organisation and number is not None and not client.get("credit_code") and rules.looks_like_credit_code(number):
        try:
            client["credit_code"] = parse(get("client")["credit_code"], number)
        except InvalidField as error:
            wrong = error
    for name in dropped[client["type"]]:
        value = client.pop(name, None)
        if row.children and ("client", name) in row.children:
            value = row.children.pop(("client", name))
        if value is not None and wrong is None and value != client.get("credit_code"):
            strange.append((row.number, client["type"], name))
    if organisation:
        row.derived = {}
    return wrong


def _believe_number(row: ListRow, table: Table, answer: Read) -> None:
    """A birth date or sex that contradicts the ID number, which checks itself, stays out."""
    for name, true in row.derived.items():
        if row.client.get(name) in (None, true):
            continue
        column = next(c for c in table.matched if c.target and c.target.key == f"client.{name}")
        row.client[name] = None
        told = {"label": column.title}
        answer.problems.append(Problem(table.sheet.name, row.number, column.index, AGAINST_NUMBER, told, kept=True))


def _tell_strange(position: int, table: Table, answer: Read, strange: list[tuple[int, str, str]]) -> None:
    """Say which values no client of their type has: by row, or by column where nobody could take any of it."""
    by_name: dict[str, list[tuple[int, str]]] = {}
    for number, type_, name in strange:
        by_name.setdefault(name, []).append((number, type_))
    for name, places in by_name.items():
        columns = [c for c in table.matched if c.target and (c.target.kind, c.target.field.name) == ("client", name)]
        mine = (row for row in answer.rows if row.table == position)
        taken = (row.client.get(name) is not None or ("client", name) in row.children for row in mine)
        if not any(taken):
            answer.untaken += [c.title for c in columns]
            continue
        for number, type_ in places:
            row = table.sheet.rows[number]
            for column in columns:
                if column.index < len(row) and row[column.index] != "" and column.target is not None:
                    code = ONLY_ORGANISATIONS if type_ == "person" else ONLY_PERSONS
                    told = {"label": column.title or column.target.label}
                    answer.problems.append(Problem(table.sheet.name, number, column.index, code, told, kept=True))
