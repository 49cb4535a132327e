"""Today: the tiles, the day's stops, what needs the person by deadline, and what to do first."""

from fieldcrm.core.today.needs import KINDS, Need, Needs, needs
from fieldcrm.core.today.queries import StopRow, Tiles, TodayRows, day_stops, today

__all__ = ["KINDS", "Need", "Needs", "StopRow", "Tiles", "TodayRows", "day_stops", "needs", "today"]
