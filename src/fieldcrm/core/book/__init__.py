"""The book as a whole: founding it, opening it with its vault, letting it go."""

from fieldcrm.core.book.opening import Book, Founded, found, is_book, unlock

__all__ = ["Book", "Founded", "found", "is_book", "unlock"]
