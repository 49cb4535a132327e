"""The work diary: figures and sentences counted from the day's records, one entry a day, the countersign."""

from fieldcrm.core.diary.actions import countersign, save_diary
from fieldcrm.core.diary.deadlines import open_deadlines
from fieldcrm.core.diary.draft import DiaryDraft, draft
from fieldcrm.core.diary.figures import Figures, figures
from fieldcrm.core.diary.paper import EveningPaper, evening_paper, evening_sheet_bytes, figure_rows
from fieldcrm.core.diary.queries import (
    CheckOfDay,
    CheckRow,
    DayOfDiary,
    EntryRow,
    Mark,
    NoteRow,
    check_of_day,
    entry,
    month_marks,
    open_check,
    open_day,
)
from fieldcrm.core.diary.rules import WORDS, is_missing

__all__ = [
    "WORDS",
    "CheckOfDay",
    "CheckRow",
    "DayOfDiary",
    "DiaryDraft",
    "EntryRow",
    "EveningPaper",
    "Figures",
    "Mark",
    "NoteRow",
    "check_of_day",
    "countersign",
    "draft",
    "entry",
    "evening_paper",
    "evening_sheet_bytes",
    "figure_rows",
    "figures",
    "is_missing",
    "month_marks",
    "open_check",
    "open_day",
    "open_deadlines",
    "save_diary",
]
