"""One writer for each data folder, held by the operating system: it ends with the process, however that ends."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fieldcrm.base import clock, files
from fieldcrm.base.errors import Environment, Refused, define
from fieldcrm.base.i18n import N_

LOCK_NAME, HOLDER_NAME = "writer.lock", "writer.json"

OPEN_IN_WINDOW = define("open_in_window", N_("The book is open in a window (process {pid}). Close it and try again."))
OPEN_IN_COMMAND = define("open_in_command", N_("Another command is writing to the book (process {pid}). Wait for it."))
LOCK_FOLDER = define("lock_folder", N_("This folder cannot be written, so the book can only be read."))


@dataclass(frozen=True)
class Holder:
    """Who writes now: process id, "window" or "command", and since when (ISO, UTC)."""

    pid: int
    what: str
    since: str


class WriterLock:
    """The right to write to a data folder, until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        from filelock import FileLock

        self._folder = folder
        # any thread may release it, and a lock file that stays cannot be raced for
        self._lock = FileLock(folder / LOCK_NAME, timeout=0, thread_local=False, fallback_to_soft=False)

    def acquire(self, what: str) -> None:
        """Take it at once or raise Refused `open_in_window` / `open_in_command` (pid); Environment(lock_folder)."""
        from filelock import Timeout

        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            now = holder(self._folder)
            code = OPEN_IN_COMMAND if now and now.what == "command" else OPEN_IN_WINDOW
            raise Refused(code, pid=now.pid if now else 0) from None
        except OSError as problem:
            raise Environment(LOCK_FOLDER) from problem
        note = {"pid": os.getpid(), "what": what, "since": clock.now().isoformat(timespec="seconds")}
        with contextlib.suppress(OSError):  # the note is a courtesy, the lock is the truth
            files.write(self._folder / HOLDER_NAME, json.dumps(note).encode())

    def release(self) -> None:
        """Give it back; harmless when not held."""
        if self._lock.is_locked:
            with contextlib.suppress(OSError):
                (self._folder / HOLDER_NAME).unlink(missing_ok=True)
            self._lock.release()


@contextlib.contextmanager
def writing(folder: Path, what: str = "command") -> Iterator[WriterLock]:
    """Hold the writer's lock of a data folder for a while; `what` is "window" or "command"."""
    lock = WriterLock(folder)
    lock.acquire(what)
    try:
        yield lock
    finally:
        lock.release()


def holder(folder: Path) -> Holder | None:
    """Who noted itself as the writer; a note left by a killed process may be stale, the lock never is."""
    try:
        note = json.loads((folder / HOLDER_NAME).read_bytes())
        return Holder(int(note["pid"]), str(note["what"]), str(note["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_held(folder: Path) -> bool:
    """Whether somebody may write now (this process included)."""
    probe = WriterLock(folder)
    try:
        probe._lock.acquire()
    except OSError:  # Timeout is one; so is a folder that cannot be written
        return (folder / LOCK_NAME).exists()
    probe._lock.release()
    return False
