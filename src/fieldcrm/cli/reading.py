"""Commands that only read: search, show, print visit-plan, history; they work while a window is open."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from fieldcrm.base.i18n import N_, gettext
from fieldcrm.cli.call import Call, Usage, table
from fieldcrm.cli.usage import one_of, whole

_COLUMNS = 7  # of a table that people read
_SKIPPED = ("id", "owner_id")


def week(text: str) -> date:
    """The Monday of an ISO week like 2026-W48."""
    found = re.fullmatch(r"(\d{4})-?W(\d{1,2})", text.strip().upper(), re.ASCII)
    try:
        if found is None or not 1900 < int(found[1]) < 2200:  # far off a slip, and at the ends no calendar
            raise ValueError
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        raise Usage(gettext("“{text}” is not a week; write it like 2026-W48.").format(text=text)) from None


def search(
    call: Call,
    text: Annotated[str, typer.Argument(metavar="TEXT")],
    limit: Annotated[int, typer.Option(metavar="N", parser=whole, help=N_("At most so many rows."))] = 20,
) -> None:
    """Find records, best first."""
    from fieldcrm.base import forms
    from fieldcrm.core import search as searching
    from fieldcrm.core import show as showing

    def found(session: Any) -> tuple[int, list[dict[str, Any]]]:
        hits = searching.find(session, text, limit=max(limit, 1000))
        shown = hits[:limit]
        values: dict[str, dict[str, Any]] = {}
        for kind in {hit.kind for hit in shown}:
            ids = [hit.record_id for hit in shown if hit.kind == kind]
            values.update((row["id"], row) for row in showing.list_rows(session, kind, ids=ids, limit=None).rows)
        rows = [
            {"kind": hit.kind, "title": hit.title, "matched": hit.matched, **values.get(hit.record_id, {})}
            for hit in shown
        ]
        return len(hits), rows

    with call.book(writing=False) as book:
        total, rows = book.store.read(found)
    text_rows = [[forms.get(row["kind"]).label, row["title"], _place(row)] for row in rows]
    heads = [gettext("Kind"), gettext("Name"), gettext("More")]
    text_told = table(heads, text_rows) + _rest(len(rows), total) if total else gettext("Nothing was found.")
    call.give({"total": total, "rows": rows}, text_told)


def _rest(shown: int, total: int) -> str:
    """What a table that does not show all says below itself."""
    return "\n" + gettext("{shown} of {total}").format(shown=shown, total=total) if shown < total else ""


def _place(row: dict[str, Any]) -> str:
    phones = [phone["number"] for phone in row.get("phones", [])[:1]]
    words = [row.get("grade"), *phones, row.get("district"), row.get("address"), row.get("matures_on")]
    return " ".join(word for word in words if word)


def show(
    call: Call,
    kind: Annotated[str, typer.Argument(metavar="KIND", help=N_("What to show: clients, policies, callbacks …"))],
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=VALUE", help=N_("Only rows with this value; several must all hold.")),
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", parser=whole, help=N_("At most so many rows."))] = 50,
) -> None:
    """Show rows of a kind; personal numbers are masked."""
    from fieldcrm.core import show as showing

    singular = showing.kind_named(kind)
    conditions = [showing.condition(text) for text in where or ()]
    with call.book(writing=False) as book:
        found = book.store.read(showing.list_rows, singular, conditions, limit)
    call.give({"total": found.total, "rows": found.rows}, _as_table(found))


def _as_table(found: Any) -> str:
    from fieldcrm.base import forms
    from fieldcrm.base.forms import Kind

    if not found.total:
        return gettext("There are none.")
    filled = {name for row in found.rows for name, value in row.items() if value not in (None, "", [])}
    fields = [f for f in found.form.fields if f.name in filled and f.kind is not Kind.LIST][:_COLUMNS]
    lines = []
    for row in found.rows:
        cells = []
        for f in fields:
            value = row[f.name]
            if f.kind is Kind.RECORD:
                value = row.get(f"{f.name.removesuffix('_id')}_name") or ""
            elif value is not None and f.kind not in (Kind.DATE, Kind.INSTANT) and not f.masked:
                value = forms.show(f, value)
            elif f.kind is Kind.INSTANT and value:
                value = value[:16].replace("T", " ")
            cells.append(str(value or ""))
        lines.append(cells)
    return (table([f.label for f in fields], lines) + _rest(len(lines), found.total)).lstrip("\n")


def visit_plan(
    call: Call,
    out: Annotated[Path, typer.Option(metavar="FILE.pdf", help=N_("The file to write."))],
    week: Annotated[
        date | None,
        typer.Option(
            metavar="2026-W48", parser=week, help=N_("The week; this one, or the next that has visits, when not given.")
        ),
    ] = None,
) -> None:
    """Print the plan of a week."""
    from fieldcrm.core import visits

    with call.book(writing=False) as book:
        monday = week or book.store.read(visits.next_week_with_visits)
        plan = book.store.read(visits.plan_paper, monday)
        pages = visits.print_visit_plan(plan, out, call.progress())
        book.audit("print", paper="visit_plan")
    call.end_progress()
    year, number, _ = monday.isocalendar()
    stops = sum(len(day.stops) for day in plan.days)
    result = {"file": str(out), "pages": pages, "week": f"{year}-W{number:02}", "visits": stops}
    text = gettext("{file} · week {week} · pages: {pages} · visits: {visits}")
    call.give(result, text.format(**result))


def form(
    call: Call,
    kind: Annotated[str, typer.Argument(metavar="KIND", help=N_("callback, complaint, client, diary …"))],
    out: Annotated[Path, typer.Option(metavar="FILE.pdf", help=N_("The file to write."))],
) -> None:
    """Print a blank form: what has an official register as that, with rows to write on, else one record's form."""
    from fieldcrm.base import forms
    from fieldcrm.base.paper import sheet
    from fieldcrm.base.paper.form import form_blank
    from fieldcrm.core import callbacks, complaints, register

    one_of(*sorted(forms.all_forms()))(kind)
    blanks = {"callback": callbacks.blank_register, "complaint": complaints.blank_register}
    paper = register.register_document(blanks[kind]()) if kind in blanks else form_blank(forms.get(kind))
    pages = sheet.save(paper, out)
    call.give({"file": str(out), "form": kind, "pages": pages}, str(out))


def history(
    call: Call,
    limit: Annotated[int, typer.Option(metavar="N", parser=whole, help=N_("At most so many rows."))] = 20,
) -> None:
    """What was done, newest first."""
    from fieldcrm.base import clock
    from fieldcrm.core import history as told

    with call.book(writing=False) as book:
        rows = book.store.read(told.list_operations, limit)
        total = book.store.read(told.count_operations)
    result, lines = [], []
    for row in rows:
        words = {"undo": gettext("Undone: {what}"), "redo": gettext("Done again: {what}")}.get(row.mode, "{what}")
        said = words.format(what=told.action_words(row.action))
        at = clock.local(row.at)
        result.append(
            {"id": row.id, "at": at.isoformat(timespec="seconds"), "action": row.action, "words": said,
             "mode": row.mode, "rows": row.rows, "person_id": row.person_id, "person": row.person_name,
             "undone": row.undone, "imported": row.imported}
        )  # fmt: skip
        mark = gettext("undone") if row.undone else ""
        lines.append([f"{at:%Y-%m-%d %H:%M}", said, str(row.rows), row.person_name, mark])
    heads = [gettext("When"), gettext("What was done"), gettext("Records"), gettext("Who"), ""]
    call.give({"total": total, "rows": result}, table(heads, lines))
