"""Commands between account managers and offices: enrol and package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldcrm.base.i18n import N_, gettext
from fieldcrm.cli.call import Call, Usage

if TYPE_CHECKING:
    from fieldcrm.core.sync import Enrolled

File = Annotated[Path, typer.Argument(metavar="FILE", help=N_("The file that the other side sent."))]
Out = Annotated[Path, typer.Option(metavar="FILE.xlsx", help=N_("The file to write."))]

FromStdin = Annotated[
    bool,
    typer.Option(
        "--package-password-stdin",
        help=N_("The password of the file is a line of stdin, after the book's where that is there too."),
    ),
]

READ_OUT = N_("Fingerprint: {digits}. Compare it by telephone before the file is trusted.")
STATES = {
    "merged": N_("imported"),
    "repeated": N_("nothing new"),
    "held": N_("waits"),
    "refused": N_("refused"),
}


def request(call: Call, out: Out) -> None:
    """Ask for enrolment."""
    from fieldcrm.core import sync

    with call.book(writing=True) as book:
        digits = sync.request(book, out)
    told = gettext("The request is in {file}; hand it to the office.").format(file=out)
    call.give({"file": str(out), "fingerprint": digits}, f"{told}\n{gettext(READ_OUT).format(digits=digits)}")


def grant(call: Call, file: File, out: Out) -> None:
    """Take a manager in."""
    from fieldcrm.core import sync

    with call.book(writing=True) as book:
        peer = sync.grant(book, file, out)
    told = gettext("{person} is enrolled; the grant is in {file}.").format(person=peer.person_name, file=out)
    call.give({"file": str(out), **_peer(peer)}, f"{told}\n{gettext(READ_OUT).format(digits=peer.fingerprint)}")


def accept(call: Call, file: File) -> None:
    """Trust the office of a grant."""
    from fieldcrm.core import sync

    with call.book(writing=True) as book:
        peer = sync.accept(book, file)
    told = gettext("Enrolled with {unit}.").format(unit=peer.unit_name)
    call.give(_peer(peer), f"{told}\n{gettext(READ_OUT).format(digits=peer.fingerprint)}")


def ask_recovery(call: Call, out: Out) -> None:
    """Ask the office to open a book whose password and recovery code are lost; needs neither."""
    from fieldcrm.core import sync

    digits = sync.recover.request(call.folder, out)
    told = gettext("The request is in {file}; hand it to the office.").format(file=out)
    call.give({"file": str(out), "fingerprint": digits}, f"{told}\n{gettext(READ_OUT).format(digits=digits)}")


def grant_recovery(call: Call, file: File, out: Out) -> None:
    """Answer a manager who forgot the password."""
    from fieldcrm.core import sync

    with call.book(writing=True) as book:
        peer = sync.recover.grant(book, file, out)
    told = gettext("The answer for {person} is in {file}.").format(person=peer.person_name, file=out)
    call.give({"file": str(out), **_peer(peer)}, f"{told}\n{gettext(READ_OUT).format(digits=peer.fingerprint)}")


def accept_recovery(call: Call, file: File) -> None:
    """Open the book by the office's answer; the password given is the new one."""
    from fieldcrm.core import sync

    opened = sync.recover.accept(call.folder, file, call.password(fresh=True))
    call.changed = True
    opened.book.close()
    told = [gettext("The new password is in force."), *recovery_lines(opened.recovery_code)]
    call.give({"data": str(call.folder), "recovery_code": opened.recovery_code}, "\n".join(told))


def recovery_lines(code: str) -> list[str]:
    """The recovery code as it is told once."""
    return [
        gettext("Recovery code: {code}").format(code=code),
        gettext("Print it and keep it apart from the computer: it is shown this once."),
    ]


def _peer(peer: Enrolled) -> dict[str, Any]:
    return {
        "person_id": peer.person_id, "person_name": peer.person_name, "unit_id": peer.unit_id,
        "unit_name": peer.unit_name, "device": peer.device, "fingerprint": peer.fingerprint,
    }  # fmt: skip


def export(
    call: Call,
    out: Out,
    to: Annotated[
        str | None, typer.Option(metavar="NAME", help=N_("For whom, where several people are enrolled here."))
    ] = None,
    readable: Annotated[
        bool,
        typer.Option("--readable", help=N_("Sheets that people can read, under a password that is asked for.")),
    ] = False,
    package_password_stdin: FromStdin = False,
) -> None:
    """Write a package: sealed to its receiver, or readable under a password."""
    from fieldcrm.core import sync

    if package_password_stdin and not readable:
        raise Usage(gettext("Only a readable package has a password."))
    with call.book(writing=True) as book:
        word = call.file_password(package_password_stdin, fresh=True) if readable else None
        made = sync.export_package(book, out, to=to, readable=readable, password=word, progress=call.progress())
    call.end_progress()
    result = {
        "file": str(out), "number": made.number, "to": made.to_name, "operations": made.operations, "rows": made.rows,
        "kinds": made.kinds,
    }  # fmt: skip
    text = gettext("Package {number} for {to}: {operations} operations, {rows} rows, in {file}")
    call.give(result, text.format(**{name: result[name] for name in ("number", "to", "operations", "rows", "file")}))


def inspect(call: Call, file: File, package_password_stdin: FromStdin = False) -> None:
    """The header of a package; nothing is imported."""
    from fieldcrm.core import sync, titles

    with call.book(writing=False) as book:
        header = sync.inspect_package(book, file, password=_word(call, package_password_stdin, [file]))
    signatures = {
        "valid": gettext("Signature: valid"),
        "invalid": gettext("Signature: does not match"),
        "unknown": gettext("Signature: of a computer that is not enrolled here"),
    }
    sender = header.get("from", {})
    lines = [
        gettext("Package {number} from {person}, {unit}, made {at}").format(
            number=header.get("number", "—"), person=_name(sender.get("person")), unit=_name(sender.get("unit")),
            at=_moment(header.get("at")),
        ),
        signatures[header["signature"]],
        *(f"  {titles.kind_label(kind)}: {count}" for kind, count in header.get("counts", {}).items()),
    ]  # fmt: skip
    call.give(header, "\n".join(lines))


def _word(call: Call, from_stdin: bool, files: list[Path]) -> str | None:
    """The password of packages: given, or asked for on a terminal where one of them is under a password."""
    from fieldcrm.core import sync

    if from_stdin or (call.can_ask and any(map(sync.wants_password, files))):
        return call.file_password(from_stdin)
    return None


def _moment(text: Any) -> str:
    """When a file says it was made, in Shanghai's time."""
    from datetime import datetime

    from fieldcrm.base import clock

    try:
        return f"{clock.local(datetime.fromisoformat(text)):%Y-%m-%d %H:%M}"
    except (TypeError, ValueError):
        return "—"


def _name(pair: Any) -> str:
    return str(pair[1] or "—") if isinstance(pair, list) and len(pair) == 2 else "—"


def import_(
    call: Call,
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help=N_("The packages."))],
    package_password_stdin: FromStdin = False,
) -> int:
    """Bring packages in; 1 when one of them was refused."""
    from fieldcrm.core import sync

    with call.book(writing=True) as book:
        word = _word(call, package_password_stdin, files)
        progress = call.progress()
        book.back_up("import", progress)
        received = sync.import_packages(book, files, password=word, progress=progress)
    call.end_progress()
    packages = [
        {"file": str(r.path), "state": r.state, "number": r.number, "sender": r.sender, "operations": r.operations,
         "rows": r.rows, "new": r.new, "changed": r.changed, "conflicts": r.conflicts, "error": r.code or None,
         "message": r.reason or None}
        for r in received
    ]  # fmt: skip
    states = {state: sum(r.state == state for r in received) for state in STATES}
    lines = []
    for r in received:
        told = gettext("{new} new, {changed} changed, {conflicts} conflicts").format(
            new=r.new, changed=r.changed, conflicts=r.conflicts
        )
        lines.append(f"{r.path.name}: {gettext(STATES[r.state])} · {r.reason or told}")
    call.give({"packages": packages, **states}, "\n".join(lines))
    if call.as_json:
        for r in received:
            if r.reason:
                call.note(f"{r.path.name}: {r.reason}")
    return 1 if states["refused"] else 0
