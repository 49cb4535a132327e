"""The log file of the data folder: codes, counts and places in the source; never what a person typed.

Of a record only the constant sentence of our own source is written, with such values as cannot be
personal: small numbers, and words that the source itself marked with `code()`. Anything else becomes
"•". Messages of libraries and texts of exceptions are left out whole.
"""

from __future__ import annotations

import logging
import platform
import re
import sys
import threading
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import fieldcrm
from fieldcrm.base.errors import FieldcrmError

HIDDEN = "•"
FILE = "fieldcrm.log"
_BYTES = 1_000_000
_KEPT = 4
_LARGEST = 10_000_000  # a telephone number has eleven digits; counts, milliseconds and sizes in KB have fewer
_OURS = "fieldcrm"
_PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]")

logger = logging.getLogger(_OURS)
_handler: logging.Handler | None = None


class code(str):  # noqa: N801
    """A word that may stand in the log: a code, a record kind, a stage; never a value a person typed."""

    __slots__ = ()


def start(folder: Path, level: int = logging.INFO) -> None:
    """Write to `folder`/fieldcrm.log from now on (UTF-8, turned over at 1 MB, four old ones kept)."""
    global _handler
    from logging.handlers import RotatingFileHandler  # pulls in sockets and pickling: not needed to start

    stop()
    _handler = RotatingFileHandler(folder / FILE, maxBytes=_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True)
    # a full disk: the library would print the record to stderr, arguments included
    _handler.handleError = lambda record: None  # type: ignore[method-assign]
    _handler.setFormatter(Clean())
    _handler.setLevel(level)
    root = logging.getLogger()
    root.addHandler(_handler)
    if root.level > level or root.level == logging.NOTSET:
        root.setLevel(level)


def stop() -> None:
    """Close the log file."""
    global _handler
    if _handler is not None:
        logging.getLogger().removeHandler(_handler)
        _handler.close()
        _handler = None


class Clean(logging.Formatter):
    """One line a record, and the frames of its exception; what cannot be shown to be harmless is hidden."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
        line = f"{when}Z {record.levelname} {record.name}:{record.lineno} {_message(record)}"
        if record.exc_info and record.exc_info[1] is not None:
            line += "\n" + describe(record.exc_info[1])
        return line


def _message(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] != _OURS or not isinstance(record.msg, str):
        return HIDDEN
    sentence = record.msg
    if not sentence.isascii() or re.search(r"\d{5}", sentence):  # not a constant of our source
        return HIDDEN
    args = record.args
    if isinstance(args, Mapping):
        return _PLACEHOLDER.sub(lambda m: _harmless(args.get(m[1])), sentence)
    values = iter(args or ())
    return _PLACEHOLDER.sub(lambda _m: _harmless(next(values, None)), sentence)


def _harmless(value: Any) -> str:
    if value is None or isinstance(value, bool | code):
        return str(value)
    if isinstance(value, int | float) and abs(value) < _LARGEST:
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, FieldcrmError):
        return value.code
    if isinstance(value, type):
        return value.__name__
    return HIDDEN


def describe(problem: BaseException) -> str:
    """An exception and those behind it: types, codes and places in the source, without any value."""
    lines: list[str] = []
    seen: set[int] = set()
    now: BaseException | None = problem
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        said = f" {now.code}" if isinstance(now, FieldcrmError) else ""
        lines.append(f"  {'caused by ' if len(seen) > 1 else ''}{type(now).__module__}.{type(now).__name__}{said}")
        lines += [f"    {_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in _frames(now)]
        now = now.__cause__ or (None if now.__suppress_context__ else now.__context__)
    return "\n".join(lines)


def _frames(problem: BaseException) -> list[traceback.FrameSummary]:
    return list(traceback.StackSummary.extract(traceback.walk_tb(problem.__traceback__), lookup_lines=False))


def _place(file: str) -> str:
    """The end of a path only: the beginning may hold a person's name."""
    parts = Path(file).parts
    cut = max(
        (i for i, part in enumerate(parts) if part in ("fieldcrm", "site-packages", "lib")), default=len(parts) - 1
    )
    return "/".join(parts[cut:])


def report(problem: BaseException) -> str:
    """What a person can copy and send when the program met a bug; holds nothing personal."""
    head = f"fieldcrm {fieldcrm.__version__}, Python {platform.python_version()}, {platform.platform()}"
    return f"{head}\n{describe(problem)}"


def watch_uncaught() -> None:
    """Log what nobody caught, in any thread, instead of printing it with its values."""
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _uncaught(kind: type[BaseException], problem: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    problem = problem if problem is not None else kind()
    logger.critical("uncaught %s", kind, exc_info=(kind, problem, trace))
    if sys.stderr is not None:  # a windowed program has none
        print(report(problem), file=sys.stderr)
