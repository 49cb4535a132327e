"""Today: the tiles, the day's stops, what needs the person by deadline, and what to do first."""

from fieldcrm.core.today.needs import KINDS, Needs, needs
from fieldcrm.core.today.queries import StopRow, Tiles, TodayRows, day_stops, today
from fieldcrm.core.today.rules import Need

__all__ = ["KINDS", "Need", "Needs", "StopRow", "Tiles", "TodayRows", "day_stops", "needs", "today"]
