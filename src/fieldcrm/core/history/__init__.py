"""The journal as people read it: what was done, when, by whom, in words; and whether it is whole."""

from fieldcrm.core.history.checking import Finding, check_book
from fieldcrm.core.history.queries import OperationRow, count_operations, list_operations
from fieldcrm.core.history.words import ACTION_WORDS, action_words

__all__ = [
    "ACTION_WORDS",
    "Finding",
    "OperationRow",
    "action_words",
    "check_book",
    "count_operations",
    "list_operations",
]
