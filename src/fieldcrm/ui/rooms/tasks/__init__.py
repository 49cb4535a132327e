"""What a next step offers wherever it is shown: it is done, or put off with a reason."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from fieldcrm.base import text
from fieldcrm.base.i18n import _
from fieldcrm.core import tasks
from fieldcrm.ui.kit.page import Desk


def finish_step(desk: Desk, task_id: str) -> None:
    """It is done, without an entry that answers it."""
    desk.runner.change(tasks.close_step, task_id, then=lambda _none: desk.done(_("Next step done")))


def put_off_step(desk: Desk, parent: QWidget, place: QPoint, task_id: str) -> None:
    """Ask for the day, then for the reason, at a place of the screen."""
    from fieldcrm.ui.kit.asking import ask_day, ask_line  # with its calendar not needed at the start

    def put_off(day: date, why: str) -> None:
        words = _("Put off to {day}").format(day=text.near_date(day))
        desk.runner.change(tasks.snooze_step, task_id, day, why, then=lambda _none: desk.done(words))

    ask_day(parent, place, lambda day: ask_line(parent, place, _("Why?"), lambda why: put_off(day, why)))
