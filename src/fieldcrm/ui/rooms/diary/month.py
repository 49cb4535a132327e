"""A month of diary days: written, countersigned, missing on workdays; lunar days, holidays, make-up workdays."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldcrm.base import clock, text, workdays
from fieldcrm.base.i18n import _, is_chinese
from fieldcrm.base.lunar import lunar_text
from fieldcrm.core.diary import Mark, is_missing
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.text import Label
from fieldcrm.ui.kit.theme import colors

_HEAD = 22
_CELL = (31, 41)  # least and usual height of a day
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}


def add_months(day: date, months: int) -> date:
    """The same day some months on, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class MonthGrid(QWidget):
    """The days; arrows move, page keys change the month. `picked(day)` for a day up to today."""

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.day = clock.today()
        self._marks: Mapping[date, Mark] = {}
        self._waiting: Mapping[date, int] = {}
        self._since: date | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(_HEAD + 6 * _CELL[1])
        self.setMouseTracking(True)
        self.setAccessibleName(_("Month"))

    def show_marks(
        self,
        day: date,
        marks: Mapping[date, Mark],
        waiting: Mapping[date, int] | None = None,
        since: date | None = None,
    ) -> None:
        """Show the month of a day; `waiting` counts on days; from `since` on, workdays without an entry are red."""
        self.day, self._marks, self._waiting, self._since = day, marks, waiting or {}, since
        self.updateGeometry()
        self.update()

    def tone_of(self, day: date) -> str:
        """The mark of a day: green countersigned, blue written, red missing, empty for none."""
        mark = self._marks.get(day, Mark())
        if mark.written:
            return "green" if mark.countersigned else "amber" if day in self._waiting else "blue"
        return "red" if self._since is not None and is_missing(day, clock.today(), self._since) else ""

    def first(self) -> date:
        """The Monday the grid begins with."""
        first = self.day.replace(day=1)
        return first - timedelta(days=first.weekday())

    def weeks(self) -> int:
        last = self.day.replace(day=monthrange(self.day.year, self.day.month)[1])
        return ((last - self.first()).days // 7) + 1

    def sizeHint(self) -> QSize:
        return QSize(7 * 38, _HEAD + 6 * _CELL[1])

    def minimumSizeHint(self) -> QSize:
        return QSize(7 * 38, _HEAD + 6 * _CELL[0])

    def _cell(self) -> int:
        return min(_CELL[1], max(_CELL[0], (self.height() - _HEAD) // 6))

    def box(self, day: date) -> QRect:
        """Where a day stands."""
        n = (day - self.first()).days
        wide = self.width() / 7
        left = round(n % 7 * wide)
        tall = self._cell()
        return QRect(left, _HEAD + n // 7 * tall, round((n % 7 + 1) * wide) - left, tall)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.font(tokens.SMALL))
        painter.setPen(QColor(c.soft))
        for n in range(7):
            on = self.first() + timedelta(days=n)
            words = text.weekday(on)[-1] if is_chinese() else text.weekday(on)[:2]
            box = self.box(on)
            painter.drawText(QRect(box.left(), 0, box.width(), _HEAD), Qt.AlignmentFlag.AlignCenter, words)
        for n in range(self.weeks() * 7):
            self._paint_day(painter, self.first() + timedelta(days=n))

    def _paint_day(self, painter: QPainter, on: date) -> None:
        c = colors()
        box = self.box(on)
        inside = on.month == self.day.month
        chosen = on == self.day
        ring = QRectF(box).adjusted(2.5, 1.5, -2.5, -1.5)
        today = on == clock.today()
        painter.setPen(QPen(QColor(c.accent_text), 1) if today or (chosen and self.hasFocus()) else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.selection) if chosen else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(ring, tokens.RADIUS_CONTROL, tokens.RADIUS_CONTROL)
        if not inside:
            return
        free = not workdays.is_workday(on)
        ahead = on > clock.today()
        painter.setPen(QColor(c.red.text if free else c.soft if ahead else c.text))
        painter.setFont(fonts.font(tokens.FONT, chosen))
        painter.drawText(QRect(box.left(), box.top() + 2, box.width(), 18), Qt.AlignmentFlag.AlignCenter, str(on.day))
        painter.setPen(QColor(c.red.text if free and workdays.holiday_name(on) else c.soft))
        painter.setFont(fonts.font(10))
        painter.drawText(QRect(box.left(), box.top() + 18, box.width(), 13), Qt.AlignmentFlag.AlignCenter, _mark(on))
        tone = self.tone_of(on)
        if tone:
            painter.setPen(QPen(QColor(c.tone(tone).fill), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush if tone == "red" else QColor(c.tone(tone).fill))
            middle = box.left() + box.width() / 2
            low = box.height() >= _CELL[1] - 1  # below the lunar day where there is room, else beside the day
            under = 7 if is_chinese() else 16  # without lunar days right below the figure
            place = (middle - 2.5, box.bottom() - under) if low else (middle + 11, box.top() + 4)
            painter.drawEllipse(QRectF(*place, 5, 5))

    def go(self, day: date) -> None:
        """Pick a day; days to come are not picked."""
        if day <= clock.today():
            self.day = day
            self.updateGeometry()
            self.update()
            self.picked.emit(day)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _KEYS:
            self.go(self.day + timedelta(days=_KEYS[key]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turn(-1 if key == Qt.Key.Key_PageUp else 1)
        else:
            super().keyPressEvent(event)

    def turn(self, months: int) -> None:
        """To the month before or after."""
        self.go(min(add_months(self.day, months), clock.today()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        here = event.position().toPoint()
        for n in range(self.weeks() * 7):
            on = self.first() + timedelta(days=n)
            if self.box(on).contains(here):
                self.go(on)
                return

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.turn(-1 if event.angleDelta().y() > 0 else 1)
        event.accept()


class MonthBox(QWidget):
    """The month with its name, the way to others, and what the marks mean."""

    def __init__(self, legend: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = MonthGrid()
        self._name = Label("", bold=True)
        before, after = (
            Button(icon="chevron-left", kind="quiet", small=True),
            Button(icon="chevron-right", kind="quiet", small=True),
        )
        before.setAccessibleName(_("Month before"))
        after.setAccessibleName(_("Month after"))
        before.clicked.connect(lambda: self.grid.turn(-1))
        after.clicked.connect(lambda: self.grid.turn(1))
        head = QHBoxLayout()
        head.addWidget(self._name)
        head.addStretch()
        head.addWidget(before)
        head.addWidget(after)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.grid)
        row = QHBoxLayout()
        row.setSpacing(4)
        for tone, words in legend:
            row.addWidget(_Dot(tone))
            row.addWidget(Label(words, size=tokens.SMALL, token="soft"))  # noqa: S106 a colour's name
            row.addSpacing(8)
        row.addStretch()
        column.addLayout(row)

    def show_marks(
        self,
        day: date,
        marks: Mapping[date, Mark],
        waiting: Mapping[date, int] | None = None,
        since: date | None = None,
    ) -> None:
        self.grid.show_marks(day, marks, waiting, since)
        self._name.setText(text.month_name(day))


class _Dot(QWidget):
    def __init__(self, tone: str) -> None:
        super().__init__()
        self._tone = tone
        self.setFixedSize(9, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        shade = QColor(colors().tone(self._tone).fill)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(shade, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush if self._tone == "red" else shade)
        painter.drawEllipse(QRectF(1.5, 5.5, 5, 5))


def _mark(day: date) -> str:
    """The holiday, 班 on a make-up workday, else the lunar day; outside Chinese only what changes the day."""
    if is_chinese():
        name = workdays.holiday_name(day)
        if name:
            return name[:3]
        if workdays.is_makeup(day):
            return "班"
        words = lunar_text(day).removeprefix("农历")
        return words[:-2] if words.endswith("初一") else words[-2:]
    return "•" if workdays.is_makeup(day) else ""
