"""Working out an import beside the book, before anything is written: every row, every changed cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from fieldcrm.base.errors import Refused
from fieldcrm.base.forms import Form, Kind, get
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress, let_go, without_collector
from fieldcrm.base.sheets.reader import Workbook
from fieldcrm.core.imports import own, recognise, riders, rules
from fieldcrm.core.imports.book import Known, client_names, list_class, newest_client, read_known
from fieldcrm.core.imports.listrows import ListRow, Read, read_rows
from fieldcrm.core.imports.people import HARD, Draft, People, fresh_ids
from fieldcrm.core.imports.plan import CellChange, ImportPlan, RowResult
from fieldcrm.core.imports.problems import (
    BOOK_NAME,
    CONTRADICTION,
    MAIN_LEFT_OUT,
    NO_LIST,
    NOBODY,
    OTHER_NAME,
    TWICE,
    Problem,
)
from fieldcrm.core.imports.table import Table
from fieldcrm.core.policies import rules as policy_rules

_DATES = ("matures_on", "renews_on")
COMPARING = N_("Comparing with the book")


def prepare(
    session: Session,
    workbook: Workbook,
    mapping: Mapping[str, str | None] | None = None,
    progress: Progress | None = None,
    *,
    ask: bool = False,
) -> ImportPlan:
    """Work out an import; reads only. `mapping`: title → target key or None, over what is recognised.

    With `ask` a list of which nothing is recognised gives an `unclear` plan, whose columns a person may name.
    Raises `Refused` when there is no list in the workbook, `Cancelled`.
    """
    with without_collector():
        tables = recognise.tables(workbook, mapping)
        if not tables:
            tables = recognise.guessed(workbook, mapping) if ask else []
            if not tables:
                raise Refused(NO_LIST)
            return ImportPlan(workbook.path, tables, sum(len(table.rows) for table in tables), unclear=True)
        found = read_rows(tables, progress)
        if progress is not None:
            progress.begin(gettext(COMPARING), len(found.rows))
        known = _known(session, tables, found.rows, progress)
        plan = ImportPlan(
            workbook.path, tables, found.count, newest_client=newest_client(session), untaken=found.untaken
        )
        planner = _Planner(plan, found, known)
        planner.run(progress)
        planner.finish(session)
        plan.hidden = recognise.passed_over(workbook, tables)
        let_go(found.rows)
        let_go(planner.people.drafts)
        return plan


def _known(session: Session, tables: list[Table], rows: list[ListRow], progress: Progress | None) -> Known:
    targets = [c.target for table in tables for c in table.columns if c.target is not None]
    fields: dict[str, set[str]] = {"policy": {"line", "product_name", "remark"}, "client": {"sex"}}
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
        self.whole = [
            frozenset(c.target.field.name for c in t.matched if c.target and riders.is_whole(c.title))
            for t in plan.tables
        ]
        self.forms = {"policy": get("policy"), "client": get("client")}
        self.defaults = {kind: _defaults(form) for kind, form in self.forms.items()}
        self.fresh = fresh_ids()
        self.touched: dict[str, set[str]] = {"policy": set(), "client": set()}
        self.differences: list[CellChange] = []
        self.lines: dict[str, ListRow] = {}  # policy number → the row that changes the riders in its remark

    def run(self, progress: Progress | None) -> None:
        """Go through the rows of the list."""
        plan = self.plan
        several = self._several()
        for done, row in enumerate(self.found.rows):
            if progress is not None and done % 256 == 0:
                progress.step(done)
            number = row.policy.get("number")
            if number in several:
                rows, several[number] = several[number], []
                if rows:
                    self._policy_rows(rows)
            else:
                self._done(row, self._row(row))
        plan.rows += [RowResult(table, number, "failed", "", "") for table, number in self.found.failed]
        plan.rows.sort(key=lambda row: (row.table, row.row))
        plan.problems = sorted(self.found.problems, key=self._place)

    def finish(self, session: Session) -> None:
        """Tell what the list changes from what a person typed, and settle the plan."""
        self._finish_clients()
        mine = self._own(session)
        for change in self.differences:
            name = change.new if change.made is not None else change.field
            owned = (change.record_id, name) in mine.get(change.made_kind if change.made is not None else "", ())
            (self.plan.yours if owned else self.plan.changes).append(change)
        self.plan.touched = self.touched
        self.plan.names = self._names(session)
        self.plan.settle()

    def _names(self, session: Session) -> dict[str, str]:
        """Of the clients that a changed value points at, before and after: by id."""
        pointers = {(kind, f.name) for kind, form in self.forms.items() for f in form.fields if f.kind is Kind.RECORD}
        changed = [change for change in self.differences if (change.kind, change.field) in pointers]
        wanted = {id for change in changed for id in (change.old, change.new) if id is not None}
        listed = {id: draft.value("name") for id, draft in self.people.drafts.items() if id in wanted}
        return {**client_names(session, wanted - set(listed)), **listed}

    def _own(self, session: Session) -> dict[str, set[tuple[str, Any]]]:
        """What a person typed of that which differs: "" → (record, field); kind of a list → (record, value)."""
        fields: dict[str, dict[str, Any]] = {}
        rows: dict[str, dict[str, set[str]]] = {}
        names: dict[str, str] = {}
        for change in self.differences:
            if change.made is not None:
                names[change.made_kind] = change.field.partition(".")[2]
                rows.setdefault(change.made_kind, {}).setdefault(change.record_id, set()).add(change.new)
            elif rules.is_own(change.kind, change.field) and not (
                change.field == "remark" and riders.same_words(change.old, change.new)
            ):
                fields.setdefault(change.record_id, {})[change.field] = change.old
        mixed = {id for id, values in fields.items() if riders.split(values.get("remark"))[1]}
        mine: dict[str, set[tuple[str, Any]]] = {"": set(own.typed(session, fields, mixed))}
        for kind, wanted in rows.items():
            mine[kind] = set(own.taken_away(session, list_class(kind), names[kind], wanted))
        return mine

    def _place(self, problem: Problem) -> tuple[int, int, int]:
        table = next(i for i, t in enumerate(self.plan.tables) if t.sheet.name == problem.sheet)
        return table, problem.row, problem.column

    def _done(self, row: ListRow, outcome: str | None) -> None:
        if outcome is not None:
            name, number = row.client.get("name") or "", row.policy.get("number") or ""
            self.plan.rows.append(RowResult(row.table, row.number, outcome, name, number))

    def _several(self) -> dict[str, list[ListRow]]:
        """The policies that want a look at all their rows: on several, or with riders that join them."""
        count = Counter(row.policy.get("number") for row in self.found.rows)
        found: dict[str, list[ListRow]] = {}
        for row in self.found.rows:
            number = row.policy.get("number")
            if number is None:
                continue
            old = self._in_book(number)
            if (
                count[number] > 1
                or riders.is_rider(row.policy.get("product_name"))
                or (old is not None and (riders.split(old["remark"])[1] or riders.is_rider(old["product_name"])))
            ):
                found.setdefault(number, []).append(row)
        return found

    def _in_book(self, number: str | None) -> dict[str, Any] | None:
        policy_id = self.known.by_number.get(number) if number is not None else None
        return self.known.policies[policy_id] if policy_id is not None else None

    def _policy_rows(self, rows: list[ListRow]) -> None:
        """All rows of one policy: the first says whose it is, its products are joined, and it goes in as one row."""
        rows = [row for row in rows if self._same_client(row, rows[0])]
        parts, clashes = riders.parts_of(rows, [self._mark(row) for row in rows])
        if not parts:
            return
        main = riders.main_of(parts)
        number = rows[0].policy["number"]
        old, lost = self._in_book(number), self.found.lost.get(number)
        if lost is not None and old is None and all(part.rider for part in parts):
            for row in rows:
                self._fail(row, "policy.number", MAIN_LEFT_OUT, line=lost + 1)
            return
        values, left = riders.joined(parts, main, old, self.whole[main.rows[0].table])
        for row, other in [*clashes, *((row, main.rows[0]) for part in left for row in part.rows)]:
            self._fail(row, "policy.number", TWICE, line=other.number + 1)
        going = [part for part in parts if part not in left]
        lead = riders.as_one(main.rows[0], [row for part in going for row in part.rows], values)
        self.lines[number] = next((part.rows[0] for part in going if part is not main), lead)
        outcome = self._row(lead)
        if outcome is None:
            problem = self.found.problems[-1]
        for part in going:
            for place, row in enumerate(part.rows):
                if outcome is not None:
                    self._done(row, outcome if place == 0 else "unchanged")
                elif row is not main.rows[0]:
                    sheet = self.plan.tables[row.table].sheet.name
                    self.found.fail(row, replace(problem, sheet=sheet, row=row.number))
        if outcome is not None:
            alone = riders.only_riders(parts, old)
            joined = [part for part in going if alone or part is not main]
            self.plan.joined += sum(len(part.rows) for part in joined)
            self.plan.not_added += sum(len(p.rows) for p in joined if riders.not_added(p, values.get("remark")))

    def _mark(self, row: ListRow) -> bool | None:
        return riders.mark(self.plan.tables[row.table].sheet.rows[row.number])

    def _same_client(self, row: ListRow, first: ListRow) -> bool:
        """Whether a further row of a policy speaks of the same client; if not, it fails."""
        client, before = row.client, first.client
        if not rules.same_name(before.get("name"), client.get("name")):
            self._fail(row, "client.name", OTHER_NAME, line=first.number + 1)
            return False
        for name in ("id_number", "credit_code", *HARD):
            if client.get(name) and before.get(name) and client[name] != before[name]:
                label = self.forms["client"][name].label
                self._fail(row, f"client.{name}", CONTRADICTION, label=label, line=first.number + 1)
                return False
        return True

    def _row(self, row: ListRow) -> str | None:
        number = row.policy.get("number")
        old = self._in_book(number)
        applicant_id = old["applicant_id"] if old is not None and old["applicant_id"] in self.known.clients else None
        draft, new = None, old is None
        if row.client:
            if row.client.get("name") is None and not self._has_key(row) and applicant_id is None:
                self._fail(row, "policy.number", NOBODY)
                return None
            draft, made = self.people.of(row, applicant_id)
            if not self._client_stands(row, draft):
                return None
            self._merge_client(row, draft)
            if number is None:
                new = made
        elif old is None:
            self._fail(row, "policy.number", NOBODY)
            return None
        if number is not None:
            if old is None:
                self._insert_policy(row, draft)
            else:
                self._update_policy(row, old, draft)
        return "new" if new else "unchanged"

    def _has_key(self, row: ListRow) -> bool:
        return any(row.client.get(n) for n in ("id_number", "credit_code"))

    def _fail(self, row: ListRow, key: str, code: str, **values: Any) -> None:
        columns = self.columns[row.table]
        column = columns.get(key, next(iter(columns.values())))
        sheet = self.plan.tables[row.table].sheet.name
        self.found.fail(row, Problem(sheet, row.number, column, code, values))

    def _client_stands(self, row: ListRow, draft: Draft) -> bool:
        """Refuse what contradicts the list or the book in who somebody is."""
        name = row.client.get("name")
        if draft.old is None and name is None:
            self._fail(row, "policy.number", NOBODY)
            return False
        if name is not None and not rules.same_name(draft.value("name"), name):
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

    def _merge_client(self, row: ListRow, draft: Draft) -> None:
        """Take what the row gives; the first row that gives a value is believed, an empty one never overwrites."""
        if not draft.given:
            draft.first_row = row.number
        old = draft.old
        for name, value in row.client.items():
            if value is None or draft.given.get(name) is not None:
                continue
            draft.given[name] = value
            if old is not None and name not in ("type", "name") and old.get(name) != value:
                self._differ(row, "client", draft.id, name, old.get(name), value)
        for name, value in draft.derived.items():
            if old is not None and draft.value(name) is None:
                draft.given[name] = value
                self._differ(row, "client", draft.id, name, None, value)
        for (kind, list_name), values in row.children.items():
            if kind == "client":
                self._add_children(row, "client", list_name, draft.id, values, known=old is not None)

    def _differ(self, row: ListRow, kind: str, id: str, name: str, old: Any, new: Any, made: Any = None) -> None:
        self.differences.append(CellChange(row.table, row.number, kind, id, name, old, new, made))

    def _add_children(
        self, row: ListRow, kind: str, list_name: str, parent: str, values: list[dict[str, Any]], *, known: bool
    ) -> None:
        """Rows of a list inside a record that it does not have yet, by the list's first required field."""
        form = self.forms[kind][list_name].form
        if form is None:
            raise TypeError(list_name)
        identity = next(f.name for f in form.fields if f.required)
        held = self.known.children.setdefault((kind, list_name), {}).setdefault(parent, [])
        for value in values:
            if value.get(identity) is None or any(child[identity] == value[identity] for child in held):
                continue
            made = {"id": next(self.fresh), "parent_id": parent, "position": len(held), **_given(value)}
            held.append(made)
            if known:
                self._differ(row, kind, parent, f"{list_name}.{identity}", None, value[identity], made)
            else:
                self.plan.fresh.setdefault(form.kind, []).append(made)

    def _insert_policy(self, row: ListRow, draft: Draft | None) -> None:
        made = {**self.defaults["policy"], **_given(row.policy), "id": next(self.fresh)}
        made["applicant_id"] = draft.id if draft is not None else None
        if made.get("line") is None and (product := made.get("product_name")):
            made["line"] = policy_rules.line_of(product)
        policy_rules.settle_dates(made, made.get("line"))
        self.plan.fresh.setdefault("policy", []).append(made)
        self._policy_lists(row, made["id"], known=False)

    def _update_policy(self, row: ListRow, old: dict[str, Any], draft: Draft | None) -> None:
        given = _given(row.policy)
        policy_rules.settle_dates(given, given.get("line") or old["line"])
        if rules.status_stands(old["status"], given.get("status")):
            del given["status"]
        if draft is not None and draft.id != old["applicant_id"]:
            given["applicant_id"] = draft.id
        for name, value in given.items():
            if old.get(name) != value:
                source = self.lines.get(old["number"], row) if name == "remark" else row
                self._differ(source, "policy", old["id"], name, old.get(name), value)
        self._policy_lists(row, old["id"], known=True)
        self.touched["policy"].add(old["id"])

    def _policy_lists(self, row: ListRow, policy_id: str, *, known: bool) -> None:
        for (kind, list_name), values in row.children.items():
            if kind == "policy":
                self._add_children(row, "policy", list_name, policy_id, values, known=known)

    def _finish_clients(self) -> None:
        from fieldcrm.base.data.search.pinyin import sort_key

        for draft in self.people.drafts.values():
            if draft.old is not None:
                self.touched["client"].add(draft.id)
            elif draft.given:  # else its only row contradicted
                made = {**self.defaults["client"], **draft.derived, **draft.given, "id": draft.id}
                made["name_key"] = sort_key(made["name"])
                self.plan.fresh.setdefault("client", []).append(made)


def _defaults(form: Form) -> dict[str, Any]:
    return {f.name: f.default for f in form.fields if f.default is not None and f.kind is not Kind.LIST}


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
