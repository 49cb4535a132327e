"""The real program: `fieldcrm WORDS`, its answer, its exit code; in a process of its own or, quicker, in this one."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
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
