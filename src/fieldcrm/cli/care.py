"""Commands that look after the book: check, backup, restore, restored, rekey."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fieldcrm.base.errors import Refused, define
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.cli.call import Call, table
from fieldcrm.cli.exchange import recovery_lines

SERVER_BACKUP = define(
    "backup.on_server", N_("This book is on a PostgreSQL server; it is backed up and restored there.")
)


def check(call: Call) -> int:
    """Check that the book is whole; 1 when something is broken."""
    from fieldcrm.core import history

    with call.book(writing=False) as book:
        found = book.store.read(history.check_book, call.progress())
    call.end_progress()
    checks = [{"name": f.name, "ok": f.ok, "looked_at": f.looked_at, "broken": list(f.broken)} for f in found]
    sound = all(f.ok for f in found)
    lines = [[f.label, gettext("in order") if f.ok else gettext("BROKEN"), str(f.looked_at)] for f in found]
    verdict = gettext("The book is whole.") if sound else gettext("The book is damaged; restore a backup.")
    text = table([gettext("Check"), gettext("Result"), gettext("Looked at")], lines)
    call.give({"ok": sound, "checks": checks}, f"{text}\n{verdict}")
    if not sound:
        call.note(verdict)
    return 0 if sound else 1


def backup(call: Call) -> None:
    """Back the book up; others may write meanwhile."""
    with call.book(writing=False) as book:
        file = book.back_up("hand", call.progress())
    call.end_progress()
    if file is None:
        raise Refused(SERVER_BACKUP)
    call.give({"file": str(file), "size": file.stat().st_size}, gettext("Backup: {file}").format(file=file))


def restore(
    call: Call,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("The backup, a file that ends in .fcbackup."))],
    recovery: Annotated[
        bool,
        typer.Option("--recovery", help=N_("What is given as the password is the recovery code.")),
    ] = False,
) -> None:
    """Put a backup in the book's place."""
    from fieldcrm.core import book as books

    secret = call.password()
    given = {"recovery_code": secret} if recovery else {"password": secret}
    kept = books.restore_book(call.folder, file, progress=call.progress(), **given)
    call.changed = True
    call.end_progress()
    lines = [gettext("Restored from {file}.").format(file=file)]
    if kept is not None:
        lines.append(gettext("The book that was there is kept as {file}.").format(file=kept))
    call.give({"data": str(call.folder), "kept": str(kept) if kept else None}, "\n".join(lines))


def restored(call: Call) -> None:
    """Go on after an office's database was put back without the program."""
    from fieldcrm.core import book as books

    call.require_book()
    books.take_for_restored(call.folder, password=call.password())
    call.changed = True
    told = gettext("The office goes on from here. Give every manager a package; theirs bring back what is missing.")
    call.give({"data": str(call.folder)}, told)


def rekey(call: Call) -> None:
    """Encrypt the book anew under a new key."""
    from fieldcrm.core import book as books

    call.require_book()
    code = books.rekey_book(call.folder, call.password(), call.progress())
    call.changed = True
    call.end_progress()
    told = [gettext("The book has a new key. Backups taken before still open with the password of their day.")]
    told += recovery_lines(code)
    call.give({"data": str(call.folder), "recovery_code": code}, "\n".join(told))
