"""The lists of a preview: problems by cell, changed values, values of yours that differ, what becomes of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from fieldcrm.base import i18n
from fieldcrm.base.data.listing import Asked, FilterKind, OneOf
from fieldcrm.base.forms.model import Choice
from fieldcrm.base.i18n import N_, _
from fieldcrm.ui.kit.columns import ListColumn, Look
from fieldcrm.ui.kit.saved_views import View
from fieldcrm.ui.rooms.imports.rows import MemoryList

if TYPE_CHECKING:
    from fieldcrm.core.imports import CellChange, ImportPlan, RowResult

OUTCOMES = {
    "new": (N_("New"), "green"),
    "changed": (N_("Changed"), "blue"),
    "unchanged": (N_("Unchanged"), "grey"),
    "failed": (N_("Left out"), "red"),
}
_MOST_CHIPS = 4


@dataclass(frozen=True)
class ProblemRow:
    """One problem: where, what, and whether the row goes in all the same."""

    place: tuple[int, int, int]  # table, row, column
    cell: str
    title: str
    message: str
    code: str
    kept: bool


@dataclass(frozen=True)
class ChangeRow:
    """One value that a list changes, masked where it must be."""

    place: tuple[int, int]
    number: int  # its place among those of its plan
    who: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Shown:
    """What a preview shows of a plan, in one language; made off the window's thread, as a list may be long."""

    language: str
    problems: list[ProblemRow]
    changes: list[ChangeRow]
    yours: list[ChangeRow]


def shown_of(plan: ImportPlan) -> Shown:
    """The lists of a plan in the language of now."""
    return Shown(i18n.language(), problem_rows(plan), change_rows(plan, plan.changes), change_rows(plan, plan.yours))


def problem_rows(plan: ImportPlan) -> list[ProblemRow]:
    """The problems in the order of the list; the sheet is named when there are several."""
    tables = {table.sheet.name: (n, {c.index: c.title for c in table.columns}) for n, table in enumerate(plan.tables)}
    several = len(plan.tables) > 1
    found = []
    for problem in plan.problems:
        number, titles = tables[problem.sheet]
        cell = f"{problem.sheet}!{problem.cell}" if several else problem.cell
        place = (number, problem.row, problem.column)
        title = titles.get(problem.column, "")
        found.append(ProblemRow(place, cell, title, problem.message, problem.code, problem.kept))
    return found


def change_rows(plan: ImportPlan, changes: Sequence[CellChange]) -> list[ChangeRow]:
    """Changed values in the order of the list."""
    names = {(row.table, row.row): row.name or row.number for row in plan.rows}
    numbers = {(row.table, row.row): row.number for row in plan.rows}
    found = []
    for number, change in enumerate(changes):
        place = (change.table, change.row)
        of_policy = change.kind == "policy"
        who = (numbers if of_policy else names).get(place, "")
        found.append(ChangeRow(place, number, who, *change.shown(plan.names)))
    return found


def problem_list(rows: Sequence[ProblemRow]) -> MemoryList:
    return MemoryList(
        "import_problems",
        rows,
        {
            "cell": lambda r: r.place,
            "title": lambda r: r.title,
            "code": lambda r: r.code,
            "effect": lambda r: "kept" if r.kept else "failed",
        },
    )


def problem_columns(rows: Sequence[ProblemRow]) -> list[ListColumn]:
    titles = tuple(Choice(title, title, title) for title in dict.fromkeys(row.title for row in rows))
    codes = _code_choices(rows)
    effects = tuple(Choice(code, words, words) for code, (words, _tone) in _EFFECTS.items())
    return [
        ListColumn("cell", lambda: _("Cell"), lambda r: r.cell, Look.PLAIN, 78),
        ListColumn(
            "title", lambda: _("Column"), lambda r: r.title, Look.PLAIN, 110, filter=FilterKind.CHOICE, choices=titles
        ),
        ListColumn(
            "code",
            lambda: _("What is wrong"),
            lambda r: r.message,
            Look.PLAIN,
            470,
            tip=lambda r: r.message,
            filter=FilterKind.CHOICE,
            choices=codes,
        ),
        ListColumn(
            "effect",
            lambda: _("Effect"),
            lambda r: _(_EFFECTS["kept" if r.kept else "failed"][0]),
            Look.CHIP,
            110,
            tone=lambda r: _EFFECTS["kept" if r.kept else "failed"][1],
            filter=FilterKind.CHOICE,
            choices=effects,
        ),
    ]


_EFFECTS = {"failed": (N_("Row left out"), "red"), "kept": (N_("Value left out"), "amber")}


def problem_views(rows: Sequence[ProblemRow]) -> list[View]:
    """All, and one chip for each of the commonest columns with problems."""
    views = [View("all", lambda: _("All"), Asked())]
    common = Counter(row.title for row in rows if row.title).most_common(_MOST_CHIPS)
    for title, _count in common if len(common) > 1 else ():
        views.append(View(f"title.{title}", lambda title=title: title, Asked((("title", OneOf((title,))),))))  # type: ignore[misc]
    return views


def _code_choices(rows: Sequence[ProblemRow]) -> tuple[Choice, ...]:
    """A kind of problem is named by its sentence, with … for what differs from cell to cell."""
    messages: dict[str, set[str]] = {}
    for row in rows:
        messages.setdefault(row.code, set()).add(row.message)
    return tuple(Choice(code, words, words) for code, found in messages.items() for words in (_in_common(found),))


def _in_common(messages: set[str]) -> str:
    low, high = min(messages), max(messages)  # what these two share at the front, all share
    head = _shared(low, high)
    if low == high or not head:
        return low
    ends = [words[len(head) :][::-1] for words in messages]
    return f"{head}…{_shared(min(ends), max(ends))[::-1]}"


def _shared(one: str, other: str) -> str:
    return "".join(a for a, _b in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


_CHANGE_VALUES: dict[str, Callable[[ChangeRow], object]] = {
    "row": lambda r: r.place,
    "who": lambda r: r.who,
    "field": lambda r: r.label,
    "old": lambda r: r.old,
    "new": lambda r: r.new,
}


def change_list(rows: Sequence[ChangeRow]) -> MemoryList:
    return MemoryList("import_changes", rows, _CHANGE_VALUES)


def change_columns(rows: Sequence[ChangeRow]) -> list[ListColumn]:
    labels = tuple(Choice(label, label, label) for label in dict.fromkeys(row.label for row in rows))
    return [
        ListColumn("row", lambda: _("Row"), lambda r: str(r.place[1] + 1), Look.SECONDARY, 74),
        ListColumn("who", lambda: _("Whose"), lambda r: r.who, Look.PLAIN, 160, filter=FilterKind.TEXT),
        ListColumn(
            "field", lambda: _("Field"), lambda r: r.label, Look.PLAIN, 90, filter=FilterKind.CHOICE, choices=labels
        ),
        ListColumn("old", lambda: _("In the book"), lambda r: r.old, Look.SECONDARY, 190, tip=lambda r: r.old),
        ListColumn("new", lambda: _("In the list"), lambda r: r.new, Look.PLAIN, 190, tip=lambda r: r.new),
    ]


def yours_list(plan: ImportPlan, rows: Sequence[ChangeRow]) -> MemoryList:
    return MemoryList("import_yours", rows, {**_CHANGE_VALUES, "stays": lambda r: _stays(plan, r)})


def yours_columns(plan: ImportPlan, rows: Sequence[ChangeRow]) -> list[ListColumn]:
    """Where a person's own value differs, and which of the two will stand."""
    choices = tuple(Choice(code, _(words), words) for code, (words, _tone) in STAYS.items())
    stays = ListColumn(
        "stays",
        lambda: _("What stays"),
        lambda r: _(STAYS[_stays(plan, r)][0]),
        Look.CHIP,
        100,
        tone=lambda r: STAYS[_stays(plan, r)][1],
        filter=FilterKind.CHOICE,
        choices=choices,
    )
    return [*change_columns(rows), stays]


STAYS = {"yours": (N_("Yours"), "green"), "list": (N_("The list's"), "blue")}


def _stays(plan: ImportPlan, row: ChangeRow) -> str:
    return "list" if plan.taken(row.number) else "yours"


def row_list(rows: Sequence[RowResult]) -> MemoryList:
    return MemoryList(
        "import_rows",
        rows,
        {
            "row": lambda r: (r.table, r.row),
            "outcome": lambda r: r.outcome,
            "name": lambda r: r.name,
            "number": lambda r: r.number,
        },
    )


def row_columns() -> list[ListColumn]:
    outcomes = tuple(Choice(code, _(words), words) for code, (words, _tone) in OUTCOMES.items())
    return [
        ListColumn("row", lambda: _("Row"), lambda r: str(r.row + 1), Look.SECONDARY, 74),
        ListColumn("name", lambda: _("Client"), lambda r: r.name, Look.PLAIN, 220, filter=FilterKind.TEXT),
        ListColumn("number", lambda: _("Policy number"), lambda r: r.number, Look.PLAIN, 220, filter=FilterKind.TEXT),
        ListColumn(
            "outcome",
            lambda: _("What becomes of it"),
            lambda r: _(OUTCOMES[r.outcome][0]),
            Look.CHIP,
            120,
            tone=lambda r: OUTCOMES[r.outcome][1],
            filter=FilterKind.CHOICE,
            choices=outcomes,
        ),
    ]


def row_views(plan: ImportPlan) -> list[View]:
    """All, and one chip for each outcome that occurs."""
    views = [View("all", lambda: _("All"), Asked())]
    for code, (words, _tone) in OUTCOMES.items():
        if plan.count(code):
            views.append(View(code, lambda words=words: _(words), outcome_asked(code)))  # type: ignore[misc]
    return views


def outcome_asked(code: str) -> Asked:
    """The rows of one outcome."""
    return Asked((("outcome", OneOf((code,))),))
