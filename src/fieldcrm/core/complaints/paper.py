"""The register 客户投诉情况统计表."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from fieldcrm.core.complaints.tables import Complaint
from fieldcrm.core.register import Register, blank, read_register

COLUMNS = (
    "serial_number", "client_id", "policy_number", "received_at", "point", "handling_opinion", "irregular_surrender",
    "answered_at", "closed_at", "remark",
)  # fmt: skip
"""The official columns, with the days that prove the time limits."""


def blank_register() -> Register:
    """The register to fill in by hand."""
    return blank("complaint", COLUMNS)


def complaint_register(session: Session, first: date, last: date) -> Register:
    """The complaints received from the first to the last day, both included."""
    return read_register(session, Complaint, Complaint.received_at, COLUMNS, first, last)
