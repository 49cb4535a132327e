"""Finding anything: which records can be found, by what, and the look-up behind Ctrl+K."""

from fieldcrm.core.search.details import details
from fieldcrm.core.search.sources import attach, find

__all__ = ["attach", "details", "find"]
