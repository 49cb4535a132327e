"""Small files written whole or not at all, and renames made durable."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from fieldcrm.base.errors import define
from fieldcrm.base.i18n import N_, gettext

DISK_FULL = define("disk_full", N_("The disk is full. Nothing was lost; free some space and try again."))

_DENIED = N_("it is write-protected, or open in another program")
_REASONS = {
    errno.EACCES: _DENIED,
    errno.EPERM: _DENIED,
    errno.EROFS: _DENIED,
    errno.EBUSY: _DENIED,
    errno.ENOENT: N_("there is no such folder"),
    errno.ENOTDIR: N_("there is no such folder"),
    errno.EISDIR: N_("a folder has this name"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("the disk is full"),
    errno.ENAMETOOLONG: N_("the name is too long"),
}


def why(problem: OSError) -> str:
    """Why a file could not be written, in words of the current language; the system's own for what is rare."""
    known = _REASONS.get(problem.errno or 0)
    return gettext(known) if known else problem.strerror or type(problem).__name__


def write(path: Path, raw: bytes) -> None:
    """Replace a file whole: written beside it, flushed to the disk, renamed. Raises OSError, the old file kept."""
    draft = path.with_name(path.name + ".new")
    try:
        with draft.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        move(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def move(source: Path, target: Path) -> None:
    """Rename within a folder, replacing, durably."""
    source.replace(target)
    sync_folder(target.parent)


def sync(path: Path) -> None:
    """Flush a file's content to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable, where the system can (Windows does it by itself)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
