"""What an import will do, worked out beside the book before anything is written: every row, every changed cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from fieldcrm.base.errors import Refused
from fieldcrm.base.forms import Form, Kind, get, show
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress
from fieldcrm.base.sheets.reader import Workbook, without_collector
from fieldcrm.core.imports import recognise, rules
from fieldcrm.core.imports.book import Known, list_class, newest_client, read_known
from fieldcrm.core.imports.listrows import ListRow, Read, read_rows
from fieldcrm.core.imports.people import HARD, Draft, People, fresh_ids
from fieldcrm.core.imports.problems import BOOK_NAME, CONTRADICTION, NO_LIST, NOBODY, OTHER_NAME, TWICE, Problem
from fieldcrm.core.imports.recognise import Table
from fieldcrm.core.policies import rules as policy_rules

_DATES = ("matures_on", "renews_on")
COMPARING = N_("Comparing with the book")


class CellChange(NamedTuple):
    """One value of a known record that the list changes; `row` and `table` say where it comes from."""

    table: int
    row: int
    kind: str
    record_id: str
    field: str
    old: Any
    new: Any

    def shown(self, masked: bool = True) -> tuple[str, str, str]:
        """Field label, old and new value as text."""
        item = get(self.kind)[self.field]
        return item.label, show(item, self.old, masked), show(item, self.new, masked)


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

    `inserts` are rows per record kind, parents before their lists; `updates` per kind: id → {field: value};
    `newest_client` is the last client's id that the plan knew of.
    """

    source: Path
    tables: list[Table]
    read: int = 0
    rows: list[RowResult] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    changes: list[CellChange] = field(default_factory=list)
    policies: Counts = field(default_factory=Counts)
    clients: Counts = field(default_factory=Counts)
    inserts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    updates: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    newest_client: str = ""

    def count(self, outcome: str) -> int:
        return self._outcomes[outcome]

    @property
    def _outcomes(self) -> Counter[str]:
        return Counter(row.outcome for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        """The report of the command line; read, new … count data rows of the list."""
        outcomes = self._outcomes
        return {
            "read": self.read,
            **{name: outcomes[name] for name in ("new", "changed", "unchanged", "failed")},
            "policies": self.policies.as_json(),
            "clients": self.clients.as_json(),
            "problems": [problem.as_json() for problem in self.problems],
        }


def prepare(
    session: Session,
    workbook: Workbook,
    mapping: Mapping[str, str | None] | None = None,
    progress: Progress | None = None,
) -> ImportPlan:
    """Work out an import; reads only. `mapping`: title → target key or None, over what is recognised.

    Raises `Refused` when there is no list in the workbook, `Cancelled`.
    """
    with without_collector():
        tables = recognise.tables(workbook, mapping)
        if not tables:
            raise Refused(NO_LIST)
        found = read_rows(tables, progress)
        if progress is not None:
            progress.begin(gettext(COMPARING), len(found.rows))
        known = _known(session, tables, found.rows, progress)
        plan = ImportPlan(workbook.path, tables, found.count, newest_client=newest_client(session))
        return _Planner(plan, found, known).run(progress)


def _known(session: Session, tables: list[Table], rows: list[ListRow], progress: Progress | None) -> Known:
    targets = [c.target for table in tables for c in table.columns if c.target is not None]
    fields: dict[str, set[str]] = {"policy": {"line"}, "client": {"sex"}}
    lists: dict[tuple[str, str], tuple[Any, set[str]]] = {}
    for target in targets:
        if target.child is None:
            fields[target.kind].add(target.field.name)
        elif target.field.form is not None:
            cls = list_class(target.field.form.kind)
            lists[target.kind, target.field.name] = cls, {f.name for f in target.field.form.fields}
    if fields["policy"] & set(_DATES):  # the line decides which of the two a list's date is
        fields["policy"] |= set(_DATES)
    return read_known(
        session,
        numbers=[n for row in rows if (n := row.policy.get("number"))],
        id_numbers=[n for row in rows if (n := row.client.get("id_number"))],
        credit_codes=[n for row in rows if (n := row.client.get("credit_code"))],
        names=[n for row in rows if (n := row.client.get("name"))],
        fields=fields,
        lists=lists,
        progress=progress,
    )


class _Planner:
    """Goes through the rows in order; state of one `prepare`."""

    def __init__(self, plan: ImportPlan, found: Read, known: Known) -> None:
        self.plan, self.found, self.known = plan, found, known
        self.people = People(known, by_name=not any(t.has("policy.number") for t in plan.tables))
        self.columns = [
            {c.target.key: c.index for c in reversed(t.columns) if c.target is not None} for t in plan.tables
        ]
        self.seen: dict[str, ListRow] = {}  # policy number → row of the list
        self.forms = {"policy": get("policy"), "client": get("client")}
        self.defaults = {kind: _defaults(form) for kind, form in self.forms.items()}
        self.fresh = fresh_ids()
        self.touched: dict[str, set[str]] = {"policy": set(), "client": set()}

    def run(self, progress: Progress | None) -> ImportPlan:
        plan = self.plan
        for done, row in enumerate(self.found.rows):
            if progress is not None and done % 256 == 0:
                progress.step(done)
            outcome = self._row(row)
            if outcome is not None:
                name, number = row.client.get("name") or "", row.policy.get("number") or ""
                plan.rows.append(RowResult(row.table, row.number, outcome, name, number))
        plan.rows += [RowResult(table, number, "failed", "", "") for table, number in self.found.failed]
        plan.rows.sort(key=lambda row: (row.table, row.row))
        plan.problems = sorted(self.found.problems, key=self._place)
        self._finish_clients()
        self._count()
        return plan

    def _place(self, problem: Problem) -> tuple[int, int, int]:
        table = next(i for i, t in enumerate(self.plan.tables) if t.sheet.name == problem.sheet)
        return table, problem.row, problem.column

    def _row(self, row: ListRow) -> str | None:
        number = row.policy.get("number")
        policy_id = self.known.by_number.get(number) if number is not None else None
        if number is not None and (before := self.seen.get(number)) is not None:
            return self._again(row, before)
        old = self.known.policies[policy_id] if policy_id is not None else None
        applicant_id = old["applicant_id"] if old is not None and old["applicant_id"] in self.known.clients else None
        draft, outcome = None, "unchanged"
        if row.client:
            if row.client.get("name") is None and not self._has_key(row) and applicant_id is None:
                self._fail(row, "policy.number", NOBODY)
                return None
            draft, made = self.people.of(row, applicant_id)
            if not self._client_stands(row, draft):
                return None
            outcome = self._merge_client(row, draft)
            if made and number is None:
                outcome = "new"
        elif old is None:
            self._fail(row, "policy.number", NOBODY)
            return None
        if number is None:
            return outcome
        self.seen[number] = row
        changed = self._insert_policy(row, draft) if old is None else self._update_policy(row, old, draft)
        return "new" if old is None else "changed" if changed or outcome != "unchanged" else "unchanged"

    def _has_key(self, row: ListRow) -> bool:
        return any(row.client.get(n) for n in ("id_number", "credit_code"))

    def _fail(self, row: ListRow, key: str, code: str, **values: Any) -> None:
        columns = self.columns[row.table]
        column = columns.get(key, next(iter(columns.values())))
        sheet = self.plan.tables[row.table].sheet.name
        self.found.fail(row, Problem(sheet, row.number, column, code, values))

    def _again(self, row: ListRow, before: ListRow) -> str | None:
        """The same policy once more: the same values change nothing, others contradict."""
        if any(v is not None and before.policy.get(n) not in (None, v) for n, v in row.policy.items()):
            self._fail(row, "policy.number", TWICE, line=before.number + 1)
            return None
        return "unchanged"

    def _client_stands(self, row: ListRow, draft: Draft) -> bool:
        """Refuse what contradicts the list or the book in who somebody is."""
        name = row.client.get("name")
        if draft.old is None and name is None:
            self._fail(row, "policy.number", NOBODY)
            return False
        if name is not None and draft.value("name") not in (None, name):
            key = next((f"client.{n}" for n in ("id_number", "credit_code") if row.client.get(n)), "client.name")
            if draft.given.get("name") is not None:
                self._fail(row, key, OTHER_NAME, line=draft.first_row + 1)
            else:
                self._fail(row, key, BOOK_NAME)
            return False
        for field_name in HARD:
            mine, theirs = draft.given.get(field_name), row.client.get(field_name)
            if mine is not None and theirs is not None and mine != theirs:
                label = self.forms["client"][field_name].label
                self._fail(row, f"client.{field_name}", CONTRADICTION, label=label, line=draft.first_row + 1)
                return False
        return True

    def _merge_client(self, row: ListRow, draft: Draft) -> str:
        """Take what the row gives; the first row that gives a value is believed, an empty one never overwrites."""
        changed = False
        if not draft.given:
            draft.first_row = row.number
        for name, value in row.client.items():
            if value is None or draft.given.get(name) is not None:
                continue
            draft.given[name] = value
            if draft.old is not None and name != "type" and draft.old.get(name) != value:
                self.plan.changes.append(
                    CellChange(row.table, row.number, "client", draft.id, name, draft.old.get(name), value)
                )
                changed = True
        for name, value in draft.derived.items():
            if draft.old is not None and draft.value(name) is None:
                draft.given[name] = value
                self.plan.changes.append(CellChange(row.table, row.number, "client", draft.id, name, None, value))
                changed = True
        for (kind, list_name), values in row.children.items():
            if kind == "client":
                changed |= self._add_children("client", list_name, draft.id, values)
        return "changed" if changed and draft.old is not None else "unchanged"

    def _add_children(self, kind: str, list_name: str, parent: str, values: list[dict[str, Any]]) -> bool:
        """Rows of a list inside a record that it does not have yet, by the list's first required field."""
        form = self.forms[kind][list_name].form
        if form is None:
            raise TypeError(list_name)
        identity = next(f.name for f in form.fields if f.required)
        held = self.known.children.setdefault((kind, list_name), {}).setdefault(parent, [])
        added = False
        for value in values:
            if value.get(identity) is None or any(child[identity] == value[identity] for child in held):
                continue
            made = {"id": next(self.fresh), "parent_id": parent, "position": len(held), **_given(value)}
            held.append(made)
            self.plan.inserts.setdefault(form.kind, []).append(made)
            added = True
        return added

    def _insert_policy(self, row: ListRow, draft: Draft | None) -> bool:
        made = {**self.defaults["policy"], **_given(row.policy), "id": next(self.fresh)}
        made["applicant_id"] = draft.id if draft is not None else None
        if made.get("line") is None and (product := made.get("product_name")):
            made["line"] = policy_rules.line_of(product)
        policy_rules.settle_dates(made, made.get("line"))
        self.plan.inserts.setdefault("policy", []).append(made)
        self._policy_lists(row, made["id"])
        return True

    def _update_policy(self, row: ListRow, old: dict[str, Any], draft: Draft | None) -> bool:
        given = _given(row.policy)
        policy_rules.settle_dates(given, given.get("line") or old["line"])
        if rules.status_stands(old["status"], given.get("status")):
            del given["status"]
        if draft is not None and draft.id != old["applicant_id"]:
            given["applicant_id"] = draft.id
        changed = {name: value for name, value in given.items() if old.get(name) != value}
        for name, value in changed.items():
            self.plan.changes.append(CellChange(row.table, row.number, "policy", old["id"], name, old.get(name), value))
        if changed:
            self.plan.updates.setdefault("policy", {})[old["id"]] = changed
        added = self._policy_lists(row, old["id"])
        self.touched["policy"].add(old["id"])
        if added and not changed:
            self.plan.policies.changed += 1
        return bool(changed) or added

    def _policy_lists(self, row: ListRow, policy_id: str) -> bool:
        added = False
        for (kind, list_name), values in row.children.items():
            if kind == "policy":
                added |= self._add_children("policy", list_name, policy_id, values)
        return added

    def _finish_clients(self) -> None:
        from fieldcrm.base.data.search.pinyin import sort_key

        for draft in self.people.all():
            if draft.old is None:
                if not draft.given:
                    continue  # its only row contradicted
                made = {**self.defaults["client"], **draft.derived, **draft.given, "id": draft.id}
                made["name_key"] = sort_key(made["name"])
                self.plan.inserts.setdefault("client", []).append(made)
                continue
            self.touched["client"].add(draft.id)
            old = draft.old
            changed = {n: v for n, v in draft.given.items() if n != "type" and old.get(n) != v}
            if changed:
                self.plan.updates.setdefault("client", {})[draft.id] = changed

    def _count(self) -> None:
        plan = self.plan
        grown = {child["parent_id"] for kind, rows in plan.inserts.items() if "_" in kind for child in rows}
        for kind, counts in (("policy", plan.policies), ("client", plan.clients)):
            counts.new = len(plan.inserts.get(kind, ()))
            changed = set(plan.updates.get(kind, ())) | (grown & self.touched[kind])
            counts.changed = len(changed)
            counts.unchanged = len(self.touched[kind] - changed)


def _defaults(form: Form) -> dict[str, Any]:
    return {f.name: f.default for f in form.fields if f.default is not None and f.kind is not Kind.LIST}


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
