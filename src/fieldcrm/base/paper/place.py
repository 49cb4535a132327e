"""Putting a finished PDF where the person wants it, whole or not at all; no PDF library here."""

from __future__ import annotations

from pathlib import Path

from fieldcrm.base import files
from fieldcrm.base.errors import Environment, define
from fieldcrm.base.i18n import N_

NOT_WRITTEN = define("paper_not_written", N_("The PDF cannot be written there: {reason}"))


def put(path: Path, content: bytes) -> None:
    """Write or replace the file; raises `Environment` with the system's reason, the old file kept."""
    try:
        files.write(path, content)
    except OSError as error:
        raise Environment(NOT_WRITTEN, reason=files.why(error)) from None
