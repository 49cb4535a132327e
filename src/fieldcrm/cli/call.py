"""One call of a command: its common options, the password, the book, and what is told to whom."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fieldcrm.base import paths
from fieldcrm.base.errors import Cancelled
from fieldcrm.base.i18n import N_, gettext
from fieldcrm.base.jobs import Progress, Step

if TYPE_CHECKING:
    from fieldcrm.core.book import Book

NO_PASSWORD = N_("No password was given: use --password-stdin or FIELDCRM_PASSWORD, or run this in a terminal.")
NO_FILE_PASSWORD = N_("No password for the file was given: use --package-password-stdin, or run this in a terminal.")
DIFFER = N_("The two passwords differ.")


class Usage(Exception):
    """Wrong usage, told in one sentence in the current language; exit code 2."""


@dataclass
class Call:
    """`as_json`: one JSON object on stdout, all else on stderr; else people read stdout."""

    data: str | None = None
    as_json: bool = False
    password_stdin: bool = False
    given_password: str | None = field(default=None, repr=False)
    changed: bool = False  # something was written, whatever comes after it

    @property
    def folder(self) -> Path:
        return paths.data_folder(self.data)

    def password(self, *, fresh: bool = False) -> str:
        """The password: from stdin (its first line), the environment, or a prompt, asked twice when `fresh`."""
        found = self.password_or_none()
        if found is None:
            if not self.can_ask:
                raise Usage(gettext(NO_PASSWORD))
            found = self.given_password = self._asked(gettext("Password: "), fresh)
        return found

    @property
    def can_ask(self) -> bool:
        """Whether somebody sits at a terminal."""
        return bool(sys.stdin) and sys.stdin.isatty()

    def _asked(self, prompt: str, fresh: bool) -> str:
        from getpass import getpass

        try:
            typed = getpass(prompt)
            again = getpass(gettext("Again: ")) if fresh else typed
        except (EOFError, KeyboardInterrupt) as ended:
            self.note("")  # the line of the prompt ends
            raise Cancelled from ended
        if again != typed:
            raise Usage(gettext(DIFFER))
        return typed

    def file_password(self, from_stdin: bool, *, fresh: bool = False) -> str:
        """The password of a package or list: the next line of stdin, or a prompt, asked twice when `fresh`."""
        if from_stdin:
            self.password_or_none()  # the book's is the line before
            return sys.stdin.readline().rstrip("\r\n")
        if not self.can_ask:
            raise Usage(gettext(NO_FILE_PASSWORD))
        return self._asked(gettext("Password of the file: "), fresh)

    def password_or_none(self) -> str | None:
        """As `password`, without a prompt."""
        if self.password_stdin:
            self.password_stdin = False
            self.given_password = sys.stdin.readline().rstrip("\r\n")
        return self.given_password

    @contextlib.contextmanager
    def book(self, *, writing: bool) -> Iterator[Book]:
        """The book, opened with the password; a writing one takes the writer's lock."""
        from fieldcrm.core import book as books
        from fieldcrm.core.history import count_operations

        self.require_book()
        opened = books.unlock(self.folder, password=self.password(), writing="command" if writing else None)
        written = opened.store.read(count_operations) if writing else 0
        try:
            yield opened
        finally:
            if writing:
                self.changed = opened.store.read(count_operations) != written
            opened.close()

    def require_book(self) -> None:
        """Environment(vault_missing) where there is none, before a password is asked for."""
        from fieldcrm.base.vault import sidecar

        sidecar.read(self.folder)

    def give(self, result: dict[str, Any], text: str) -> None:
        """The result: as JSON, or as the text that people read."""
        print(json.dumps(result, ensure_ascii=False) if self.as_json else text)

    def note(self, text: str) -> None:
        """Something beside the result."""
        print(text, file=sys.stderr)

    def progress(self) -> Progress:
        """A progress that is drawn on a terminal, one line; elsewhere silent."""
        if sys.stderr is None or not sys.stderr.isatty():
            return Progress()

        def report(step: Step) -> None:
            done = f" {step.done}/{step.total}" if step.total else ""
            print(f"\r\x1b[K{step.stage}{done}", end="", file=sys.stderr, flush=True)

        return Progress(report)

    def end_progress(self) -> None:
        if sys.stderr is not None and sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns under heads, aligned by the width that terminals give Chinese characters."""
    from unicodedata import east_asian_width

    def width(text: str) -> int:
        return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)

    if not heads:
        return ""
    lines = [list(heads), *([cell.replace("\n", " ") for cell in row] for row in rows)]
    widths = [min(40, max(width(line[n]) for line in lines)) for n in range(len(heads))]

    def fit(text: str, room: int) -> str:
        while width(text) > room:
            text = text[:-2] + "…"
        return text + " " * (room - width(text))

    return "\n".join("  ".join(fit(c, w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines)
