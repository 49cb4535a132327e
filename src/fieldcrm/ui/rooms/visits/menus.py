"""What the right mouse button offers on a candidate and on a stop: the same as keys, drags and buttons."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from fieldcrm.base import clock, text
from fieldcrm.base.i18n import _
from fieldcrm.core import visits
from fieldcrm.core.visits import CandidateRow, VisitRow
from fieldcrm.ui.rooms.visits import dragging

if TYPE_CHECKING:
    from fieldcrm.ui.rooms.visits.page import VisitsPage


def candidate_menu(page: VisitsPage, row: CandidateRow, point: QPoint) -> None:
    menu = _menu(page)
    menu.addAction(_("Plan a visit"), lambda: page.plan(row))
    for column in page.board.columns:
        day = column.day.on
        if day >= clock.today():
            words = _("Plan on {day}").format(day=text.short_date(day))
            menu.addAction(words, partial(page.drop, dragging.CANDIDATE, row.client_id, day))
    menu.addAction(_("Show client"), lambda: page.desk.go("clients", client_id=row.client_id))
    menu.exec(point)


def stop_menu(page: VisitsPage, visit: VisitRow, point: QPoint) -> None:
    menu = _menu(page)
    if visit.status in visits.OPEN:
        menu.addAction(_("Change"), lambda: page.edit(visit))
        menu.addAction(_("Log it"), lambda: page.finish(visit))
        for column in page.board.columns:
            day = column.day.on
            if day != visit.planned_on and day >= clock.today():
                words = _("Move to {day}").format(day=text.short_date(day))
                menu.addAction(words, partial(page.drop, dragging.STOP, visit.id, day))
        menu.addAction(_("Cancel visit"), lambda: page.cancel(visit))
    if visit.client_id:
        menu.addAction(_("Show client"), lambda: page.desk.go("clients", client_id=visit.client_id))
    menu.exec(point)


def _menu(page: VisitsPage) -> QMenu:
    menu = QMenu(page)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu
