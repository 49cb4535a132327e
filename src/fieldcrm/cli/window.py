"""`fieldcrm` alone: the window."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from fieldcrm import app
from fieldcrm.base import i18n, paths
from fieldcrm.base.i18n import N_, gettext

if TYPE_CHECKING:
    from fieldcrm.cli import Given

NO_SCREEN = N_(
    "There is no display to open a window on. The commands work without one: fieldcrm --help; "
    "fieldcrm demo draws the pages into files."
)


def run(given: Given, password: str | None) -> int:
    """Open the window on the book; without a display say so."""
    if not app.has_screen():
        print(gettext(NO_SCREEN), file=sys.stderr)
        return 1
    if given.password_stdin:
        password = sys.stdin.readline().rstrip("\r\n") or password
    language = i18n.language() if given.lang else None
    return app.run(paths.data_folder(given.data), language=language, theme=given.theme, password=password)
