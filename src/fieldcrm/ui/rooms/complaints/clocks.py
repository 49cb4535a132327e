"""A clock of a complaint as a bar: what it is for, when it is due, how much is used, whether it is paused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fieldcrm.base import clock
from fieldcrm.base.i18n import _, ngettext
from fieldcrm.base.text import instant_text
from fieldcrm.ui.kit import fonts, icons, tokens
from fieldcrm.ui.kit.paint import paint_bar
from fieldcrm.ui.kit.theme import colors

_MARKS = (0.5, 0.8)


def state_words(state: Any, now: datetime) -> str:
    """`还剩 2 天`, `超期 1 天`, `已暂停`, `按时`, `逾期完成`."""
    if state.met is not None:
        return _("in time") if state.met else _("too late")
    if state.paused:
        return _("paused")
    late = now > state.due_at
    seconds = abs((state.due_at - now).total_seconds())
    days, hours = int(seconds // 86400), int(seconds % 86400 // 3600)
    span = ngettext("{n} day", "{n} days", days).format(n=days) if days else _("{n} h").format(n=max(1, hours))
    return (_("{span} over") if late else _("{span} left")).format(span=span)


class ClockBar(QWidget):
    """Title and deadline above, the bar with its marks at 50 and 80 %, the state below at the right."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.state: Any = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_clock(self, title: str, state: Any) -> None:
        self.title, self.state = title, state
        self.setAccessibleName(title)
        self.setAccessibleDescription(self.words())
        hint = _("Counted by a working calendar that is not published yet.") if state.provisional else ""
        self.setToolTip(hint)
        self.update()

    def words(self) -> str:
        """Deadline and state, as read aloud."""
        if self.state is None:
            return ""
        return f"{instant_text(self.state.due_at)} · {state_words(self.state, clock.now())}"

    def sizeHint(self) -> QSize:
        return QSize(200, 44)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 44)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.state is None:
            return
        c, state = colors(), self.state
        tone = "grey" if state.paused else state.tone
        painter = QPainter(self)
        top = QRectF(0, 0, self.width(), 18)
        painter.setFont(fonts.font(tokens.FONT, True))
        painter.setPen(QColor(c.tone(tone).text))
        due = instant_text(state.due_at) + (" *" if state.provisional else "")
        painter.drawText(top, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, due)
        room = self.width() - painter.fontMetrics().horizontalAdvance(due) - 6
        painter.setFont(fonts.font(tokens.SMALL))
        painter.setPen(QColor(c.soft))
        shown = painter.fontMetrics().elidedText(self.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(top, Qt.AlignmentFlag.AlignVCenter, shown)
        bar = QRectF(0, 21, self.width(), 5)
        paint_bar(painter, bar, state.used / 100, tone)
        painter.setPen(QPen(QColor(c.card), 1))
        for mark in _MARKS:
            x = round(bar.width() * mark)
            painter.drawLine(x, int(bar.top()), x, int(bar.bottom()))
        painter.setFont(fonts.font(tokens.SMALL))
        painter.setPen(QColor(c.soft))
        below = QRectF(0, 27, self.width(), 17)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, _("{n}% used").format(n=state.used))
        words = state_words(state, clock.now())
        painter.setPen(QColor(c.tone(tone).text))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
        if state.paused:
            used = painter.fontMetrics().horizontalAdvance(words)
            icons.paint(painter, "pause-circle", c.tone(tone).text, self.width() - used - 17, 29, 13)
