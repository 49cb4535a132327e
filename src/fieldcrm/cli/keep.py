"""Commands that write the book: init, import, undo, redo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldcrm.base.errors import Environment, Refused, define
from fieldcrm.base.i18n import N_, gettext, ngettext
from fieldcrm.cli.call import Call
from fieldcrm.cli.exchange import recovery_lines
from fieldcrm.cli.usage import one_of

if TYPE_CHECKING:
    from fieldcrm.base.data.undo import Compensated
    from fieldcrm.base.jobs import Progress
    from fieldcrm.base.sheets.reader import Workbook
    from fieldcrm.core.imports import ImportPlan


LIST_LOCKED = define(
    "import.locked",
    N_("The list is protected by a password: use --list-password-stdin, or run this in a terminal."),
)
OPENS_WITH = N_("The workbook of failed rows holds full values; the password of the book opens it.")


def init(
    call: Call,
    name: Annotated[str, typer.Option(metavar="NAME", help=N_("Your name."))],
    unit: Annotated[str, typer.Option(metavar="UNIT", help=N_("The name of your unit."))],
    role: Annotated[
        str, typer.Option(metavar="manager|office", parser=one_of("manager", "office"), help=N_("Your part."))
    ] = "manager",
    database: Annotated[
        str | None, typer.Option(metavar="URL", help=N_("An office's PostgreSQL server, postgresql+psycopg://…"))
    ] = None,
) -> None:
    """Found a book and tell the recovery code."""
    from fieldcrm.core import book as books

    books.require_no_book(call.folder)  # before a password is asked for
    made = books.found(
        call.folder, name=name, unit=unit, role=role, password=call.password(fresh=True), database=database
    )
    call.changed = True
    made.book.close()
    told = [
        gettext("The book is in {folder}.").format(folder=call.folder),
        *recovery_lines(made.recovery_code),
    ]
    result = {"data": str(call.folder), "person_id": made.person_id, "unit_id": made.unit_id}
    call.give(result | {"recovery_code": made.recovery_code}, "\n".join(told))


def import_list(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("The list to import."))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Only tell what would happen."))] = False,
    errors: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.xlsx",
            help=N_("Write the rows that failed, with the reasons; the password of the book opens it."),
        ),
    ] = None,
    theirs: Annotated[
        bool, typer.Option("--theirs", help=N_("Take the list's values also where you wrote others yourself."))
    ] = False,
    list_password_stdin: Annotated[
        bool,
        typer.Option(
            "--list-password-stdin",
            help=N_("The password of the file is a line of stdin, after the book's where that is there too."),
        ),
    ] = False,
) -> None:
    """Read, plan, write as one operation; failed rows are reported and do not stop the others."""
    from fieldcrm.base.jobs import without_collector
    from fieldcrm.core import imports

    with call.book(writing=not dry_run) as book:
        progress = call.progress()
        workbook = _read(call, file, progress, list_password_stdin)
        plan = book.store.read(imports.prepare, workbook, progress=progress)
        if theirs:
            plan.take(range(len(plan.yours)))
        written = 0
        if errors is not None:  # before the list goes in, so that a file that cannot be written refuses all of it
            written = imports.write_errors(errors, plan, password=call.given_password, progress=progress)
        if not dry_run and (plan.inserts or plan.updates):
            book.back_up("import", progress)
            with without_collector():
                book.store.change(imports.apply_plan, plan, progress)
        if written and not dry_run:
            book.audit("export", rows=written, form="errors")
    call.end_progress()
    report = plan.as_json()
    report["errors"] = str(errors) if written else None
    if written:
        call.note(gettext(OPENS_WITH))
    call.give(report, _told(plan, dry_run, str(errors) if written else None))


def _read(call: Call, file: Path, progress: Progress, from_stdin: bool) -> Workbook:
    """The list, opened by its password: the line of stdin, else the book's, else asked for at a terminal."""
    from fieldcrm.base.sheets.reader import read

    try:
        return read(file, progress, password=call.file_password(True) if from_stdin else call.given_password)
    except Environment as locked:
        if from_stdin or locked.code not in ("sheet.password-needed", "sheet.wrong-password"):
            raise
        call.end_progress()
        if not call.can_ask:
            raise Refused(LIST_LOCKED) from None
        return read(file, progress, password=call.file_password(False))


def _told(plan: ImportPlan, dry_run: bool, errors: str | None) -> str:
    count = plan.as_json()
    words = gettext(
        "Would be imported: {new} new, {changed} changed, {unchanged} unchanged, {failed} failed of {read}."
    )
    if not dry_run:
        words = gettext("Imported: {new} new, {changed} changed, {unchanged} unchanged, {failed} failed of {read}.")
    lines = [words.format(**{name: count[name] for name in ("new", "changed", "unchanged", "failed", "read")})]
    if note := plan.note():
        lines.append(note)
    problems = sorted(plan.problems, key=lambda p: p.kept)
    for p in problems[:20]:
        aside = " " + gettext("(The row goes in without this value.)") if p.kept else ""
        lines.append(f"{p.sheet} {p.cell}: {p.message}{aside}")
    if len(problems) > 20:
        words = gettext("… and {count} more: --json tells all of them, --errors writes the rows that failed.")
        lines.append(words.format(count=len(problems) - 20))
    stay = [told for told in count["yours"] if not told["taken"]]
    if stay:
        words = ngettext(
            "{count} value that you wrote differs from the list and stays; --theirs takes the list's:",
            "{count} values that you wrote differ from the list and stay; --theirs takes the list's:",
            len(stay),
        )
        lines.append(words.format(count=len(stay)))
        lines += [f"{t['sheet']} {t['cell']}: {t['field']} {t['yours']} ≠ {t['list']}" for t in stay[:20]]
    if count["left_out"]:
        lines.append(
            gettext("Columns that nothing was taken from: {titles}").format(titles=", ".join(count["left_out"]))
        )
    if passed := count["passed_over"]:
        words = ngettext(
            "{count} row is a total, a note or a heading and was passed over: {rows}",
            "{count} rows are totals, notes or headings and were passed over: {rows}",
            len(passed),
        )
        rows = ", ".join(f"{p['sheet']} {p['row']}" for p in passed[:20]) + ("…" if len(passed) > 20 else "")
        lines.append(words.format(count=len(passed), rows=rows))
    if errors:
        lines.append(gettext("The rows that failed are in {file}.").format(file=errors))
    return "\n".join(lines)


def undo(call: Call) -> None:
    """Take back the newest operation."""
    with call.book(writing=True) as book:
        undone, _ = book.store.undo(call.progress())
    call.end_progress()
    _tell(call, undone, gettext("Undone: {what}"))


def redo(call: Call) -> None:
    """Do again what was undone."""
    with call.book(writing=True) as book:
        again, _ = book.store.redo(call.progress())
    call.end_progress()
    _tell(call, again, gettext("Done again: {what}"))


def _tell(call: Call, done: Compensated, words: str) -> None:
    from fieldcrm.core.history import action_words

    said = action_words(done.action)
    skipped = [{"kind": s.kind, "id": s.record_id} for s in done.skipped]
    result: dict[str, Any] = {"action": done.action, "words": said, "rows": done.rows, "skipped": skipped}
    text = (
        words.format(what=said)
        + " · "
        + ngettext("{count} record", "{count} records", done.rows).format(count=done.rows)
    )
    if skipped:
        text += "\n" + ngettext(
            "{count} record was changed since and stays as it is.",
            "{count} records were changed since and stay as they are.",
            len(skipped),
        ).format(count=len(skipped))
    call.give(result, text)
