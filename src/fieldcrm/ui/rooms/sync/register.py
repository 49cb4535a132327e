"""The register of packages as a table."""

from __future__ import annotations

from fieldcrm.base.i18n import _
from fieldcrm.base.text import instant_text
from fieldcrm.core.sync import PackageRow
from fieldcrm.ui.kit.columns import ListColumn, Look
from fieldcrm.ui.rooms.sync.given import SortKey
from fieldcrm.ui.rooms.sync.words import change_words, check_words, inside_words, row_state

SORTS: dict[str, SortKey] = {
    "way": lambda r: r.direction,
    "number": lambda r: r.number,
    "with": lambda r: r.source,
    "at": lambda r: r.at,
    "state": lambda r: row_state(r)[0],
    "rows": lambda r: r.rows,
}


def register_columns() -> list[ListColumn]:
    """Which way, number, with whom, when, what became of it, rows, changes, check, what is inside."""
    return [
        ListColumn("way", lambda: _("Direction"), _way, Look.SECONDARY, 66),
        ListColumn("number", lambda: _("No."), lambda r: str(r.number), Look.NUMBER, 56),
        ListColumn("with", lambda: _("With"), lambda r: r.source, Look.PLAIN, 176, least=176, ends=True,
                   tip=lambda r: r.source),
        ListColumn("at", lambda: _("When"), lambda r: instant_text(r.at), Look.SECONDARY, 106, least=106),
        ListColumn("state", lambda: _("State"), _state, Look.CHIP, 118, _tone, tip=_reason),
        ListColumn("rows", lambda: _("Rows"), lambda r: f"{r.rows:,}", Look.NUMBER, 68),
        ListColumn("changes", lambda: _("Brought"), _changes, Look.SECONDARY, 84),
        ListColumn("check", lambda: _("Verification"), _check, Look.CHIP, 140, _check_tone,
                   tip=_reason),
        ListColumn("inside", lambda: _("Inside"), inside_words, Look.SECONDARY, 330, tip=inside_words),
    ]  # fmt: skip


def _way(row: PackageRow) -> str:
    return _("Sent out") if row.direction == "out" else _("Received")


def _changes(row: PackageRow) -> str:
    return "" if row.direction == "out" else change_words(row.new, row.changed, row.deleted, row.state)


def _check(row: PackageRow) -> str:
    return "" if row.direction == "out" else check_words(row.state, row.reason_code or "")[0]


def _check_tone(row: PackageRow) -> str | None:
    return None if row.direction == "out" else check_words(row.state, row.reason_code or "")[1]


def _state(row: PackageRow) -> str:
    return row_state(row)[0]


def _tone(row: PackageRow) -> str:
    return row_state(row)[1]


def _reason(row: PackageRow) -> str | None:
    return row.reason or None
