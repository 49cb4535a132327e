"""`fieldcrm demo`: a book of invented clients, opened or drawn page by page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fieldcrm import app
from fieldcrm.base import i18n, paths
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.cli.call import Call
from fieldcrm.cli.usage import one_of, whole

PAGES = "fieldcrm-pages"
_ENROLLED = 5_000  # clients of a demo that also exchanges packages with an office
NO_SCREEN = N_("There is no display to open a window on: the pages are drawn into {folder} instead.")


def demo(
    call: Call,
    clients: Annotated[int, typer.Option(metavar="N", parser=whole, help=N_("How many clients."))] = 412,
    seed: Annotated[int, typer.Option(metavar="S", parser=whole, help=N_("Another seed, other clients."))] = 1,
    role: Annotated[
        str,
        typer.Option(metavar="manager|office", parser=one_of("manager", "office"), help=N_("Whose book to make.")),
    ] = "manager",
    screenshots: Annotated[
        Path | None, typer.Option(metavar="DIR", help=N_("Draw every page into PNG files and end."))
    ] = None,
    theme: Annotated[
        str | None,
        typer.Option(metavar="light|dark", parser=one_of("light", "dark"), help=N_("The look of the window.")),
    ] = None,
) -> int:
    """Make the demo book in its own folder and open it; draw its pages when asked or without a display."""
    from fieldcrm.core import demo as making

    folder = paths.demo_folder(call.data)
    password = call.password_or_none() or None
    if screenshots is None and not app.has_screen():
        screenshots = Path.cwd() / PAGES
        call.note(gettext(NO_SCREEN).format(folder=screenshots))
    if screenshots is None and making.is_open(folder):
        return app.run(folder, theme=theme)
    secret, progress = password or making.PASSWORD, call.progress()
    if role == "office":
        book = making.make_office(folder, clients=clients, seed=seed, password=secret, progress=progress)
    else:
        book = making.make(
            folder, clients=clients, seed=seed, password=secret, enrolled=clients <= _ENROLLED, progress=progress
        )
    call.end_progress()
    drawn: list[Path] = []
    try:
        if screenshots is not None:
            drawn = app.draw_pages(book, screenshots, i18n.language(), theme or "light")
    finally:
        book.close()
    told = gettext("The demo book is in {folder}; clients: {clients}.").format(folder=folder, clients=clients)
    if password is None:
        told += " " + gettext("Its password is: {password}").format(password=making.PASSWORD)
    if drawn:
        told += "\n" + gettext("Pages drawn in {folder}: {count}.").format(count=len(drawn), folder=screenshots)
    result = {
        "data": str(folder), "clients": clients, "seed": seed,
        "password": making.PASSWORD if password is None else None,
        "screenshots": [str(path) for path in drawn],
    }  # fmt: skip
    call.give(result, told)
    if screenshots is not None:
        return 0
    return app.run(folder, language=i18n.language(), theme=theme, password=secret)
