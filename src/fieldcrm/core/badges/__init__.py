"""The counts beside the pages' names: one query, which asks only what changed."""

from fieldcrm.core.badges.queries import badges, touched

__all__ = ["badges", "touched"]
