"""One small question in one step, below what asks it: a line of text, a day, one of a few."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QVBoxLayout, QWidget

from fieldcrm.base import clock, text, workdays
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit.calendar import CalendarPopup
from fieldcrm.ui.kit.popup import Popup

DAYS = 5


class AskLine(Popup):
    """A line to type one thing into; Enter gives it, Escape or a click elsewhere takes nothing."""

    def __init__(self, hint: str, then: Callable[[str], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setPlaceholderText(hint)
        self.line.returnPressed.connect(self._give)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.line)
        self._then = then
        self.resize(260, self.sizeHint().height())

    def show_at(self, place: QPoint) -> None:
        """Below the place, moved up or left where the screen ends."""
        screen = self.screen().availableGeometry()
        left = min(place.x(), screen.right() - self.width())
        self.move(left, min(place.y(), screen.bottom() - self.height()))
        self.show()
        self.line.setFocus()

    def _give(self) -> None:
        words = self.line.text().strip()
        self.close()
        if words:
            self._then(words)


def ask_line(parent: QWidget, place: QPoint, hint: str, then: Callable[[str], object]) -> AskLine:
    """Ask for one line of text."""
    popup = AskLine(hint, then, parent)
    popup.show_at(place)
    return popup


def ask_choice(
    parent: QWidget, place: QPoint, choices: Sequence[tuple[str | None, str]], then: Callable[[str | None], object]
) -> QMenu:
    """Ask for one of a few, as (code, words)."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for code, words in choices:
        menu.addAction(words).triggered.connect(lambda _checked=False, code=code: then(code))
    menu.popup(place)
    return menu


def ask_day(parent: QWidget, place: QPoint, then: Callable[[date], object]) -> QMenu:
    """Ask for a day: the next working days, or any from the calendar."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    today = clock.today()
    days = [today] if workdays.is_workday(today) else []
    while len(days) < DAYS:
        days.append(workdays.add_workdays(days[-1] if days else today, 1))
    for day in days:
        menu.addAction(text.near_date(day)).triggered.connect(lambda _checked=False, day=day: then(day))
    menu.addSeparator()
    other = menu.addAction(_("Another day…"))
    other.triggered.connect(lambda: CalendarPopup(today, then, parent).show_at(place))
    menu.popup(place)
    return menu
