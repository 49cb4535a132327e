"""A list in a sheet: its columns and what they mean, the titles that are known, its data rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from fieldcrm.base.forms import Field, Form, Kind, get, titles
from fieldcrm.base.i18n import N_
from fieldcrm.base.sheets.reader import Sheet, as_text

KINDS = ("policy", "client")  # a word that both forms know means the policy's field
REASON, ROW = N_("Why it was left out"), N_("Row in the list")  # columns of a workbook of failed rows
IDENTITY = ("policy.number", "client.name", "client.id_number", "client.credit_code")


@dataclass(frozen=True)
class Target:
    """What a column means: a field of a form, or of a list inside it."""

    kind: str
    field: Field
    child: Field | None = None

    @property
    def key(self) -> str:
        """`policy.number`, `client.phones.number`."""
        return ".".join([self.kind, self.field.name, *([self.child.name] if self.child else [])])

    @property
    def leaf(self) -> Field:
        return self.child or self.field

    @property
    def label(self) -> str:
        return self.leaf.label if self.child is None else f"{self.field.label} · {self.child.label}"


@dataclass(frozen=True)
class ColumnMatch:
    """One column of the sheet that has a title or values; `target` is None when nobody knows it.

    `unit` is the yuan of one unit of an amount (10,000 under 万元); `why` tells how an unknown column came
    about: "" unknown, "double" the field has a column already, "left" a person said to leave it.
    """

    index: int
    title: str
    target: Target | None
    unit: int = 1
    why: str = ""


@dataclass
class Table:
    """A list in a sheet: rows of the header, and the data rows (numbers from 0) with what was left out."""

    sheet: Sheet
    header: range
    columns: tuple[ColumnMatch, ...]
    rows: list[int] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)  # row, "total" | "note" | "header"
    ends: int | None = None  # the header of another list, with other columns, further down
    added: int | None = None  # the first column that a workbook of failed rows has added to the list

    @property
    def matched(self) -> tuple[ColumnMatch, ...]:
        return tuple(c for c in self.columns if c.target is not None)

    @property
    def unknown(self) -> tuple[ColumnMatch, ...]:
        return tuple(c for c in self.columns if c.target is None)

    def has(self, key: str) -> bool:
        return any(c.target is not None and c.target.key == key for c in self.columns)

    @property
    def signature(self) -> str:
        """The same for lists with the same titles in the same order; a remembered mapping hangs on it."""
        words = "\x1f".join(titles.key(c.title) for c in self.columns)
        return hashlib.sha256(words.encode()).hexdigest()[:32]


@cache
def known() -> dict[str, Target]:
    """Every title known, by `titles.key`."""
    found: dict[str, Target] = {}
    for kind in KINDS:
        for word, path in titles.of(kind).items():
            if len(path) == 1 and path[0].kind is not Kind.RECORD:
                found.setdefault(word, Target(kind, path[0]))
    for kind in KINDS:
        for word, path in titles.of(kind).items():
            if len(path) == 2:
                found.setdefault(word, Target(kind, path[0], path[1]))
    return found


def targets() -> list[Target]:
    """All that a column can be mapped to, in the forms' order."""
    return list(by_key().values())


@cache
def by_key() -> dict[str, Target]:
    found: dict[str, Target] = {}
    for kind in KINDS:
        form: Form = get(kind)
        for item in form.fields:
            if item.kind is Kind.LIST and item.form is not None:
                made = [Target(kind, item, child) for child in item.form.fields]
            else:
                made = [] if item.kind is Kind.RECORD else [Target(kind, item)]
            found.update({target.key: target for target in made})
    return found


def samples(table: Table, column: ColumnMatch, most: int = 3) -> Iterator[str]:
    """A few values of a column, for a person who maps it."""
    seen = 0
    for number in table.rows:
        row = table.sheet.rows[number]
        if column.index < len(row) and (text := as_text(row[column.index])):
            yield text
            seen += 1
            if seen == most:
                return
