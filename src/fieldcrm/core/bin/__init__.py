"""The recycle bin: deleted records of every kind, and their way back."""

from fieldcrm.core.bin.actions import restore_records
from fieldcrm.core.bin.queries import BinRow, list_deleted

__all__ = ["BinRow", "list_deleted", "restore_records"]
