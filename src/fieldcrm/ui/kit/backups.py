"""How a backup is called: when it was taken, why, how large it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldcrm.base.i18n import _
from fieldcrm.base.text import instant_text

_REASONS: dict[str, Callable[[], str]] = {
    "close": lambda: _("at closing"),
    "import": lambda: _("before an import"),
    "migration": lambda: _("before an update"),
    "hand": lambda: _("by hand"),
}


def backup_words(row: Any) -> str:
    """One line about a backup (data.backup.BackupRow)."""
    why = _REASONS[row.why]() if row.why in _REASONS else row.why
    return " · ".join((instant_text(row.taken_at), why, f"{row.size / 1_000_000:,.1f} MB"))
