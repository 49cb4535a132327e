"""The book as a whole: founding it, opening it with its vault, letting it go."""

from fieldcrm.core.book.opening import Book, Founded, found, get_ready, is_book, require_no_book, unlock
from fieldcrm.core.book.restoring import rekey_book, restore_book, take_for_restored

__all__ = [
    "Book",
    "Founded",
    "found",
    "get_ready",
    "is_book",
    "rekey_book",
    "require_no_book",
    "restore_book",
    "take_for_restored",
    "unlock",
]
