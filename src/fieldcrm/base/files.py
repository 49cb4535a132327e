"""Small files written whole or not at all, and renames made durable."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


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
