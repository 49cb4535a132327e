"""The real program: `fieldcrm WORDS`, its answer, its exit code; in a process of its own or, quicker, in this one."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PASSWORD = "correct horse 9"
_SOURCE = Path(__file__).parent.parent.parent / "src"


@dataclass(frozen=True)
class Answer:
    """What one run said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        assert self.out.endswith("\n"), self.err
        assert self.out.count("\n") == 1, self.out
        found: dict[str, Any] = json.loads(self.out)
        return found


def fieldcrm(
    *words: str | Path, password: str | None = PASSWORD, stdin: str = "", lang: str | None = "en", **environment: str
) -> Answer:
    """Run `fieldcrm WORDS`; `password` goes by the environment, None leaves it out."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("FIELDCRM_")}
    variables |= {
        "PYTHONPATH": str(_SOURCE),
        "PYTHONIOENCODING": "utf-8",
        "QT_QPA_PLATFORM": "offscreen",
        **environment,
    }
    if password is not None:
        variables["FIELDCRM_PASSWORD"] = password
    if lang is not None:
        variables["FIELDCRM_LANG"] = lang
    done = subprocess.run(
        [sys.executable, "-m", "fieldcrm", *map(str, words)],
        env=variables, input=stdin, capture_output=True, text=True, encoding="utf-8", timeout=180, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return Answer(done.returncode, done.stdout, done.stderr)


def at_a_terminal(
    words: Sequence[str], answer: Callable[[str, int, int], object], **environment: str
) -> tuple[int, str]:
    """Run `fieldcrm WORDS` at a terminal of its own (POSIX); gives exit code and what was told.

    `answer(told so far, process id, terminal)` is asked whenever something was told.
    """
    import pty

    child, terminal = pty.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # as at a terminal, also where the tests run in the background
        given = {"PYTHONPATH": str(_SOURCE), "FIELDCRM_LANG": "en", **environment}
        os.execve(sys.executable, [sys.executable, "-m", "fieldcrm", *words], given)
    told = ""
    while True:
        try:
            told += os.read(terminal, 4096).decode()
        except OSError:  # the other end is closed
            break
        answer(told, child, terminal)
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), told


def in_process(*words: str | Path, password: str | None = PASSWORD, stdin: str = "", lang: str = "en") -> Answer:
    """As `fieldcrm`, in this process: for long stories, where starting Python is most of the time."""
    from unittest import mock

    from fieldcrm import cli

    out, err = io.StringIO(), io.StringIO()
    variables = {"FIELDCRM_LANG": lang} | ({} if password is None else {"FIELDCRM_PASSWORD": password})
    with (
        mock.patch.dict(os.environ, variables),
        mock.patch.object(sys, "stdin", io.StringIO(stdin)),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = cli.main([str(word) for word in words])
    return Answer(code, out.getvalue(), err.getvalue())
