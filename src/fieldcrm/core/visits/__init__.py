"""Visits: planned stops of the day and week."""

from fieldcrm.core.visits.actions import (
    Finished,
    cancel_visit,
    change_visit,
    finish_stop,
    finish_visit,
    move_visit,
    plan_visit,
)
from fieldcrm.core.visits.paper import (
    CallPaper,
    DayPaper,
    PlanPaper,
    StopPaper,
    navigation_link,
    print_visit_plan,
    visit_plan_bytes,
)
from fieldcrm.core.visits.plan_rows import plan_paper
from fieldcrm.core.visits.queries import (
    CandidateRow,
    DayRows,
    VisitRow,
    WeekRows,
    candidates,
    monday_of,
    next_week_with_visits,
    week,
)
from fieldcrm.core.visits.rules import OUTCOMES, Clash, free_slot

__all__ = [
    "OUTCOMES",
    "CallPaper",
    "CandidateRow",
    "Clash",
    "DayPaper",
    "DayRows",
    "Finished",
    "PlanPaper",
    "StopPaper",
    "VisitRow",
    "WeekRows",
    "cancel_visit",
    "candidates",
    "change_visit",
    "finish_stop",
    "finish_visit",
    "free_slot",
    "monday_of",
    "move_visit",
    "navigation_link",
    "next_week_with_visits",
    "plan_paper",
    "plan_visit",
    "print_visit_plan",
    "visit_plan_bytes",
    "week",
]
