"""The work diary: figures and sentences counted from the day's records, one entry a day, the countersign."""

from fieldcrm.core.diary.actions import countersign, save_diary
from fieldcrm.core.diary.deadlines import open_deadlines
from fieldcrm.core.diary.draft import DiaryDraft, draft
from fieldcrm.core.diary.figures import Figures, figures
from fieldcrm.core.diary.paper import EveningPaper, evening_paper, evening_sheet_bytes
from fieldcrm.core.diary.queries import (
    CheckRow,
    EntryRow,
    Mark,
    NoteRow,
    PersonMonth,
    check_month,
    check_of_day,
    entry,
    month_marks,
)

__all__ = [
    "CheckRow",
    "DiaryDraft",
    "EntryRow",
    "EveningPaper",
    "Figures",
    "Mark",
    "NoteRow",
    "PersonMonth",
    "check_month",
    "check_of_day",
    "countersign",
    "draft",
    "entry",
    "evening_paper",
    "evening_sheet_bytes",
    "figures",
    "month_marks",
    "open_deadlines",
    "save_diary",
]
