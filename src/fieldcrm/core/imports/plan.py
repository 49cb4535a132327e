"""What an import will do: every row, every changed cell, what stays as a person typed it; nothing is written yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from fieldcrm.base.forms import Field, Kind, get, show
from fieldcrm.base.i18n import gettext, ngettext
from fieldcrm.base.jobs import let_go
from fieldcrm.base.sheets.reader import address
from fieldcrm.core.imports import riders
from fieldcrm.core.imports.problems import Problem
from fieldcrm.core.imports.table import Table


class CellChange(NamedTuple):
    """One value that a list changes in a known record; `row` and `table` say where it comes from.

    A row that is added to a list inside the record has its field with a dot ("phones.number"), no old value, and
    the row itself in `made`.
    """

    table: int
    row: int
    kind: str
    record_id: str
    field: str
    old: Any
    new: Any
    made: dict[str, Any] | None = None

    def item(self) -> tuple[Field, str]:
        """The field, and its label."""
        name, _, child = self.field.partition(".")
        item = get(self.kind)[name]
        if not child or item.form is None:
            return item, item.label
        return item.form[child], item.label

    def shown(self, names: Mapping[str, str]) -> tuple[str, str, str]:
        """Field label, old and new value as text, masked; `names` of the records that a value may point at."""
        item, label = self.item()
        if item.kind is Kind.RECORD:
            return label, names.get(self.old, ""), names.get(self.new, "")
        return label, show(item, self.old), show(item, self.new)

    @property
    def key(self) -> tuple[str, str, str]:
        """Names the difference beyond this plan: record, field, and the new value as text."""
        return self.record_id, self.field, str(self.new)

    @property
    def made_kind(self) -> str:
        """The kind of the row that is added ("client_phone")."""
        form = get(self.kind)[self.field.partition(".")[0]].form
        return form.kind if form is not None else ""


class RowResult(NamedTuple):
    """What becomes of a data row: "new", "changed", "unchanged" or "failed"."""

    table: int
    row: int
    outcome: str
    name: str
    number: str


@dataclass
class Counts:
    """Records of one kind."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def as_json(self) -> dict[str, int]:
        return {"new": self.new, "changed": self.changed, "unchanged": self.unchanged}


@dataclass
class ImportPlan:
    """The whole of an import. `apply_plan` writes `inserts` and `updates`; the rest is for the preview and the report.

    `changes` are taken from the list; `yours` were typed by a person and stay, unless `take` says otherwise.
    `joined` rows are riders of a policy, joined to it; of these `not_added` came without their main row, and their
    premium is not in the policy's. `inserts` are rows per record kind, parents before their lists;
    `updates` per kind: id → {field: value}; `newest_client` is the last client's id that the plan knew of.
    """

    source: Path
    tables: list[Table]
    read: int = 0
    unclear: bool = False  # nobody knows yet what the columns mean: nothing will be imported
    joined: int = 0
    not_added: int = 0
    rows: list[RowResult] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    changes: list[CellChange] = field(default_factory=list)
    yours: list[CellChange] = field(default_factory=list)
    policies: Counts = field(default_factory=Counts)
    clients: Counts = field(default_factory=Counts)
    inserts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    updates: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    newest_client: str = ""
    names: dict[str, str] = field(default_factory=dict)  # of the clients that a changed value points at
    fresh: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # inserts that do not hang on a change
    hidden: list[str] = field(default_factory=list)  # hidden sheets with a list, which was not taken
    untaken: list[str] = field(default_factory=list)  # titles of known columns whose values no client can have
    touched: dict[str, set[str]] = field(default_factory=dict)  # known records that the list speaks of
    _taken: set[int] = field(default_factory=set)  # places in `yours`

    def count(self, outcome: str) -> int:
        return self._outcomes[outcome]

    @property
    def _outcomes(self) -> Counter[str]:
        return Counter(row.outcome for row in self.rows)

    def taken(self, place: int) -> bool:
        """Whether the list's value is taken in this place of `yours`."""
        return place in self._taken

    def take(self, places: Iterable[int], on: bool = True) -> None:
        """Take the list's values in these places of `yours`, or (`on=False`) let the person's own stay."""
        self._taken = self._taken | set(places) if on else self._taken - set(places)
        self.settle()

    def written(self) -> list[CellChange]:
        """The changes that an import will write."""
        return self.changes + [self.yours[place] for place in sorted(self._taken)]

    def settle(self) -> None:
        """Work out what will be written, the outcome of every row, and the counts, from `written`."""
        written = self.written()
        self.updates, self.inserts = {}, {kind: list(rows) for kind, rows in self.fresh.items()}
        grown: set[str] = set()
        for change in written:
            if change.made is not None:
                self.inserts.setdefault(change.made_kind, []).append(change.made)
                grown.add(change.record_id)
            else:
                values = self.updates.setdefault(change.kind, {}).setdefault(change.record_id, {})
                values[change.field] = change.new
        hit = {(change.table, change.row) for change in written}
        for place, row in enumerate(self.rows):
            if row.outcome in ("changed", "unchanged"):
                outcome = "changed" if row[:2] in hit else "unchanged"
                if outcome != row.outcome:
                    self.rows[place] = row._replace(outcome=outcome)
        for kind, counts in (("policy", self.policies), ("client", self.clients)):
            touched = self.touched.get(kind, set())
            changed = set(self.updates.get(kind, ())) | (grown & touched)
            counts.new = len(self.inserts.get(kind, ()))
            counts.changed, counts.unchanged = len(changed), len(touched - changed)

    def let_go(self) -> None:
        """Forget, bit by bit, what would be written; the preview and the report need it no more."""
        for rows in self.inserts.values():
            rows.clear()  # the same as in `fresh`
        for rows in self.fresh.values():
            let_go(rows)
        for changes in self.updates.values():
            let_go(changes)

    def let_go_rows(self) -> None:
        """Forget, bit by bit, the cells of the list but for rows that failed, which may still be given back."""
        failed = {(row.table, row.row) for row in self.rows if row.outcome == "failed"}
        for place, table in enumerate(self.tables):
            for number in table.rows:
                if (place, number) not in failed:
                    table.sheet.rows[number] = []

    def cell(self, change: CellChange) -> str:
        """The cell of the list that a change comes from; the row's first when the column gives it only indirectly."""
        table = self.tables[change.table]
        key = f"{change.kind}.{change.field}"
        columns = [c.index for c in table.columns if c.target is not None and c.target.key == key]
        return address(change.row, columns[0] if columns else 0)

    def as_json(self) -> dict[str, Any]:
        """The report of the command line; read, new … count data rows of the list."""
        outcomes = self._outcomes
        return {
            "read": self.read,
            **{name: outcomes[name] for name in ("new", "changed", "unchanged", "failed")},
            "joined": self.joined,
            "not_added": self.not_added,
            "policies": self.policies.as_json(),
            "clients": self.clients.as_json(),
            "problems": [problem.as_json() for problem in self.problems],
            "values_only": [problem.place for problem in self.problems if problem.kept],
            "yours": [self._difference(place, change) for place, change in enumerate(self.yours)],
            "left_out": self.left_out(),
            "hidden": self.hidden,
            "passed_over": [
                {"sheet": table.sheet.name, "row": number + 1, "why": why}
                for table in self.tables
                for number, why in table.left_out
            ],
        }

    def _difference(self, place: int, change: CellChange) -> dict[str, Any]:
        label, old, new = change.shown(self.names)
        sheet = self.tables[change.table].sheet.name
        told = {"sheet": sheet, "cell": self.cell(change), "field": label, "yours": old, "list": new}
        return told | {"taken": self.taken(place)}

    def note(self) -> str:
        """What became of riders, in a sentence or more: rows joined to a policy, columns that are not read; and hidden
        sheets that hold a list, too; else ""."""
        told = []
        if added := self.joined - self.not_added:
            words = ngettext(
                "{n} row is a further product (rider) of a policy: joined to it, premium added, named in its remark.",
                "{n} rows are further products (riders) of a policy: joined to it, premiums added, named in its "
                "remark.",
                added,
            )
            told.append(words.format(n=f"{added:,}"))
        if self.not_added:
            words = ngettext(
                "{n} rider came without its main product: named in the remark; the policy's premium stays as it is, as "
                "it may include the rider's.",
                "{n} riders came without their main product: named in the remark; the policies' premiums stay as they "
                "are, as they may include the riders'.",
                self.not_added,
            )
            told.append(words.format(n=f"{self.not_added:,}"))
        if beside := [title for title in self.left_out() if riders.is_beside(title)]:
            words = gettext("Riders in columns beside their policy are not read: {titles}. Give each a row of its own.")
            told.append(words.format(titles=", ".join(beside)))
        if self.hidden:
            words = gettext("Hidden sheets hold lists, too, which are not taken: {names}")
            told.append(words.format(names=", ".join(self.hidden)))
        return " ".join(told)

    def left_out(self) -> list[str]:
        """The titles of columns that nothing is taken from; one that told main rows from riders (主附险) was."""
        titles = dict.fromkeys([*(c.title for t in self.tables for c in t.unknown if c.title), *self.untaken])
        return [title for title in titles if not (self.joined and "主附" in title)]
