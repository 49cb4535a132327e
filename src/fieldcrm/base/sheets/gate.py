"""The gate: a file from outside is opened in a child process with limits; a file refused gets one sentence why."""

from __future__ import annotations

import io
import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from fieldcrm.base import clock, errors
from fieldcrm.base.errors import Cancelled, Environment, Refused
from fieldcrm.base.i18n import N_
from fieldcrm.base.jobs import Progress
from fieldcrm.base.sheets import child, limits

_SENTENCES = {
    "missing": N_("There is no such file."),
    "folder": N_("This is a folder, not a file."),
    "no-file": N_("The file cannot be opened."),
    "empty": N_("The file is empty."),
    "big": N_("The file is larger than {most} MB."),
    "damaged": N_("The file is damaged or is not a workbook."),
    "no-workbook": N_("This is not a workbook that can be read here. Save it as .xlsx, .xls or .csv first."),
    "no-text": N_("The text of this file cannot be decoded. Save it as UTF-8 or GB18030."),
    "web-archive": N_("This is a web archive. Open it in a spreadsheet program and save it as .xlsx first."),
    "html": N_("This is a web page, not a list. Open it in a spreadsheet program and save it as .xlsx first."),
    "parts": N_("The file has more than {most:,} parts inside."),
    "names": N_("The file has unsafe names inside."),
    "inflated": N_("The file grows too large when it is unpacked."),
    "ratio": N_("The file is packed suspiciously tight."),
    "doctype": N_("The file declares its own document type, which no spreadsheet program does."),
    "encoding": N_("The file uses an encoding that no spreadsheet program writes."),
    "counts": N_("The file states counts that cannot be true."),
    "external": N_("The file links to other files or data sources. Save a copy with values only."),
    "embedded": N_("The file has other files or controls embedded. Save a copy with values only."),
    "macros": N_("The file contains macros. Save a copy as .xlsx without macros."),
    "sheets": N_("The file has more than {most:,} sheets."),
    "rows": N_("A sheet is used below row {most:,}. Delete the empty rows below the list and save the file again."),
    "columns": N_(
        "A sheet is used to the right of column {most:,}. Delete the columns beside the list and save the file again."
    ),
    "cells": N_("A sheet has more than {most:,} cells."),
    "gap": N_("A sheet is used more than {most:,} rows below the list. Delete those rows and save the file again."),
    "text": N_("A cell holds more than {most:,} characters."),
    "merges": N_("A sheet has more than {most:,} merged cells."),
    "formats": N_("The file has more than {most:,} cell formats."),
    "spin": N_("The file's password protection is set to work too long."),
    "formulas": N_("Cell {cell} holds a formula; a package never does."),
    "heavy": N_("The file needs more memory than a list of its size may need."),
    "slow": N_("The file takes longer to read than a list of its size may take."),
    "crashed": N_("The file brought down its reader and was refused; the program and your data are untouched."),
    "password-needed": N_("The file is protected by a password."),
    "wrong-password": N_("The password of the file is wrong."),
    "password-xls": N_("The file is protected by a password. Save it as .xlsx or remove the password first."),
    "old-encryption": N_("The file is protected in an old way. Save it again with a current spreadsheet program."),
}
for _code, _sentence in _SENTENCES.items():
    errors.define(f"sheet.{_code}", _sentence)
_OWN = {"missing", "folder", "no-file", "empty", "password-needed", "wrong-password"}
_WAIT_FACTOR = 4.0  # wall seconds allowed per second of the child's CPU budget: laptops are busy


@dataclass
class Passage:
    """One file on its way through: frames in order, then what the child used."""

    frames: Iterator[tuple[str, Any]]
    peak_kb: int = 0
    seconds: float = 0.0
    refused: str = ""


@dataclass
class _Watch:
    """Ends the child when its time is over or the person cancels."""

    process: subprocess.Popen[bytes]
    progress: Progress | None
    deadline: float
    why: str = ""
    done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.done.wait(0.05):
            if self.progress is not None and self.progress.cancelled:
                self.why = "cancelled"
            elif clock.monotonic() > self.deadline:
                self.why = "slow"
            if self.why:
                self.process.kill()
                return


class _Plain(pickle.Unpickler):
    """Rows hold plain values and dates; any other name in a pickle is refused."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in ("date", "datetime", "time", "timedelta"):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(name)


@contextmanager
def through(
    path: Path, *, password: str | None = None, formulas: str = "take", progress: Progress | None = None
) -> Iterator[Passage]:
    """Open a file in the child; frames are ("sheet", dict) and ("rows", list of rows).

    `formulas="refuse"` for packages. Raises `Refused`, `Environment` (file, password), `Cancelled`.
    """
    process = subprocess.Popen(  # noqa: S603  (own program, fixed arguments)
        _command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        start_new_session=os.name == "posix",
    )
    watch = _Watch(process, progress, clock.monotonic() + limits.SECONDS * _WAIT_FACTOR)
    thread = threading.Thread(target=watch.run, name="sheet-gate", daemon=True)
    if os.name == "nt":
        from fieldcrm.base.sheets import windows

        windows.bound(process, limits.MEMORY_MOST)
    thread.start()
    try:
        _request(process, {"path": str(path), "password": password, "formulas": formulas})
        passage = Passage(iter(()))
        passage.frames = _frames(process, watch, passage)
        yield passage
    finally:
        watch.done.set()
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close(stream)
        process.wait()
        thread.join()


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except OSError:
        return


def _request(process: subprocess.Popen[bytes], request: dict[str, Any]) -> None:
    assert process.stdin is not None  # noqa: S101
    try:
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.close()
    except OSError:
        return  # the child is gone; reading its frames says so


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, child.FLAG]
    source = str(Path(__file__).resolve().parents[3])
    start = f"import sys; sys.path.insert(0, {source!r}); from fieldcrm.base.sheets.child import main; main()"
    return [sys.executable, "-I", "-X", "utf8", "-c", start]


def _environment() -> dict[str, str]:
    """Nothing secret and nothing that changes how Python starts."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "FIELDCRM", "COV_"))}


def _frames(process: subprocess.Popen[bytes], watch: _Watch, passage: Passage) -> Iterator[tuple[str, Any]]:
    assert process.stdout is not None  # noqa: S101
    started = clock.monotonic()
    while True:
        if watch.progress is not None:
            watch.progress.check()
        head = process.stdout.read(5)
        length = int.from_bytes(head[1:], "little")
        body = process.stdout.read(length) if len(head) == 5 else b""
        kind = head[:1]
        if not body or len(body) < length:
            _fallen(process, watch)
        if kind == b"R":
            yield "rows", _Plain(io.BytesIO(body)).load()
            continue
        told = json.loads(body)
        if kind == b"S":
            yield "sheet", told
        elif kind == b"L":
            wall = min(told["seconds"], limits.SECONDS_MOST) * _WAIT_FACTOR
            watch.deadline = clock.monotonic() + wall
        elif kind == b"E":
            passage.peak_kb, passage.seconds = told["peak_kb"], clock.monotonic() - started
            return
        else:
            refuse(told["code"], told["values"])


def _fallen(process: subprocess.Popen[bytes], watch: _Watch) -> None:
    """The child ended without an end: by whom?"""
    code = process.wait()
    if watch.why == "cancelled":
        raise Cancelled
    if watch.why == "slow" or (os.name == "posix" and -code == _SIGXCPU):
        refuse("slow", {})
    refuse("heavy" if os.name == "posix" and -code == _SIGABRT else "crashed", {})


_SIGXCPU = 24
_SIGABRT = 6


def refuse(code: str, values: dict[str, Any]) -> None:
    """Raise the refusal of a code without its prefix."""
    if code in _OWN:
        raise Environment(f"sheet.{code}", **values)
    raise Refused(f"sheet.{code}", **values)
