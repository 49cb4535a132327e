"""A month to pick a day from, with lunar days, holidays and make-up workdays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate, QLocale, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QTableView, QToolButton, QVBoxLayout, QWidget

from fieldcrm.base import clock, workdays
from fieldcrm.base.i18n import is_chinese
from fieldcrm.base.lunar import lunar_text
from fieldcrm.ui.kit import fonts, icons, tokens
from fieldcrm.ui.kit.popup import Popup
from fieldcrm.ui.kit.theme import colors


class Month(QCalendarWidget):
    """The month itself; weeks begin on Monday."""

    def __init__(self, day: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.SingleLetterDayNames)
        self.setSelectedDate(QDate(day.year, day.month, day.day))
        self.setLocale(QLocale(QLocale.Language.Chinese if is_chinese() else QLocale.Language.English))
        self._dress()

    def paintCell(self, painter: QPainter, rect: QRect, date: QDate) -> None:
        c = colors()
        day = _python(date)
        chosen = date == self.selectedDate()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect, QColor(c.card))
        box = QRectF(rect).adjusted(1.5, 1.5, -1.5, -1.5)
        painter.setPen(QPen(QColor(c.accent_text), 1) if day == clock.today() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.accent) if chosen else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, tokens.RADIUS_CONTROL, tokens.RADIUS_CONTROL)
        other = date.month() != self.monthShown()
        free = not workdays.is_workday(day)
        shade = c.on_accent if chosen else c.soft if other else c.red.text if free else c.text
        painter.setPen(QColor(shade))
        painter.setFont(fonts.font())
        upper = QRect(rect.left(), rect.top() + 3, rect.width(), 18) if is_chinese() else rect
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, str(day.day))
        if is_chinese():
            painter.setPen(QColor(shade if chosen or (free and not other and workdays.holiday_name(day)) else c.soft))
            painter.setFont(fonts.font(10))
            lower = QRect(rect.left(), rect.top() + 20, rect.width(), 14)
            painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, _mark(day))
        painter.restore()

    def _dress(self) -> None:
        c = colors()
        self.setStyleSheet(
            f"QCalendarWidget QWidget {{ background: {c.card}; color: {c.text};"
            f" alternate-background-color: {c.card}; }}"
            f"QCalendarWidget QToolButton {{ border: 0; padding: 4px 8px; font-weight: bold; color: {c.text}; }}"
            f"QCalendarWidget QToolButton:hover {{ background: {c.hover}; border-radius: 4px; }}"
            "QCalendarWidget QToolButton::menu-indicator { width: 0; }"
            f"QCalendarWidget QAbstractItemView {{ background: {c.card}; border: 0; outline: 0;"
            f" selection-background-color: {c.card}; }}"
        )
        for name, icon in (("qt_calendar_prevmonth", "chevron-left"), ("qt_calendar_nextmonth", "chevron-right")):
            button = self.findChild(QToolButton, name)
            if isinstance(button, QToolButton):
                button.setIcon(icons.icon(icon, "soft"))
        heads = QTextCharFormat()
        heads.setForeground(QColor(c.soft))
        self.setHeaderTextFormat(heads)
        for weekday in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.setWeekdayTextFormat(weekday, heads)
        grid = self.findChild(QTableView, "qt_calendar_calendarview")
        if isinstance(grid, QTableView):
            grid.setFont(fonts.font(tokens.SMALL))


class CalendarPopup(Popup):
    """A month below a field; `picked(day)` by click or Enter, Escape closes."""

    def __init__(self, day: date, picked: Callable[[date], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.month = Month(day, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(5, 5, 5, 5)
        column.addWidget(self.month)
        self._pick = picked
        self.month.activated.connect(self._chosen)
        self.month.clicked.connect(self._chosen)
        self.resize(QSize(308, 308 if is_chinese() else 260))

    def first(self) -> QWidget:
        return self.month

    def _chosen(self, day: QDate) -> None:
        self.close()
        self._pick(_python(day))


def _python(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())


def _mark(day: date) -> str:
    """The holiday, 班 on a make-up workday, else the lunar day (the month on its first)."""
    name = workdays.holiday_name(day)
    if name:
        return name[:3]
    if workdays.is_makeup(day):
        return "班"
    words = lunar_text(day).removeprefix("农历")
    return words[:-2] if words.endswith("初一") else words[-2:]
