"""Rows of any record kind by the forms' field names: for the command line and whoever reads its JSON."""

from fieldcrm.core.show.kinds import kind_named, kinds
from fieldcrm.core.show.queries import Rows, list_rows
from fieldcrm.core.show.where import Condition, condition

__all__ = ["Condition", "Rows", "condition", "kind_named", "kinds", "list_rows"]
