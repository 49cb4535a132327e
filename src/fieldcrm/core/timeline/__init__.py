"""One client's time: everything that happened, newest first, and what was changed by whom."""

from fieldcrm.core.timeline.history import FieldChange, HistoryRow, history
from fieldcrm.core.timeline.queries import Entry, client_timeline

__all__ = ["Entry", "FieldChange", "HistoryRow", "client_timeline", "history"]
