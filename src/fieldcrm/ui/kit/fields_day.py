"""The widget of a date, or of a date with a time: typed as people say it, or taken from a calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from fieldcrm.base import clock, forms, text, when
from fieldcrm.base.errors import InvalidField
from fieldcrm.base.forms.model import Field, Kind
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import icons
from fieldcrm.ui.kit.calendar import CalendarPopup
from fieldcrm.ui.kit.fields import LineEntry
from fieldcrm.ui.kit.text import soft


class DayEntry(LineEntry):
    """A date, or a date with a time, typed as people say it; the calendar opens by its button or Alt+Down."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self._aside = soft("")
        self._aside.hide()
        self.row.addWidget(self._aside)
        self._button = self.line.addAction(icons.icon("calendar", "soft"), QLineEdit.ActionPosition.TrailingPosition)
        self._button.setToolTip(_("Calendar"))
        self._button.triggered.connect(self.open_calendar)
        if not field.hint:
            self.line.setPlaceholderText(_("tomorrow, Friday, 11-23 …"))
        self.line.textChanged.connect(lambda _t: self._tell())

    def given(self) -> Any:
        typed = self.line.text().strip()
        try:
            forms.parse(self.field, typed)
        except InvalidField:
            return _said(self.field, typed) or typed
        return typed

    def raw(self) -> Any:
        return self.line.text()

    def open_calendar(self) -> QWidget:
        """The calendar below the field."""
        value = self.value()
        day = clock.day_of(value) if isinstance(value, datetime) else value or clock.today()
        popup = CalendarPopup(day, self._picked, self)
        popup.show_at(self.line.mapToGlobal(QPoint(0, self.line.height() + 2)))
        return popup

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down:
            self.open_calendar()
            return True
        return super().eventFilter(watched, event)

    def _picked(self, day: date) -> None:
        value: date | datetime = day
        if self.field.kind is Kind.INSTANT:
            before = self.value()
            at = clock.local(before if isinstance(before, datetime) else clock.now())
            value = clock.instant(day, at.hour, at.minute)
        self.set_value(value)
        self.line.setFocus()
        self.changed.emit()

    def _tell(self) -> None:
        value = self.value()
        day = clock.day_of(value) if isinstance(value, datetime) else value
        self._aside.setText(text.weekday(day) if day else "")
        self._aside.setVisible(day is not None)


def _said(field: Field, typed: str) -> date | datetime | None:
    """What 明天, 周五下午, 3天后 mean; None when it cannot be told."""
    try:
        meant = when.parse(typed, clock.now(), field.name)
    except InvalidField:
        return None
    if field.kind is Kind.DATE:
        return meant.day
    now = clock.local(clock.now())
    hour, minute = meant.time.split(":") if meant.time else (now.hour, now.minute)
    return clock.instant(meant.day, int(hour), int(minute))
