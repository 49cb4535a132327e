"""The week as columns of stops: cards to drag between days or to move by keys, clashes and full days marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from fieldcrm.base import clock, text, workdays
from fieldcrm.base.i18n import _, is_chinese, ngettext
from fieldcrm.base.lunar import lunar_text
from fieldcrm.core.visits import DayRows, VisitRow, WeekRows
from fieldcrm.ui.kit import fonts, icons, tokens
from fieldcrm.ui.kit.chips import chip_width, paint_chip
from fieldcrm.ui.kit.paint import paint_panel
from fieldcrm.ui.kit.scrolling import scrolled
from fieldcrm.ui.kit.theme import colors
from fieldcrm.ui.rooms.visits import dragging

_CARD = 72
_HEAD = 40
_LEAST = 92  # px of a day's column: seven beside the list at 1280
_MARK, _MARK_EDGE = 12, 3
_MARKS = {"red": "triangle-alert", "green": "circle-check", "amber": "arrow-right"}  # a state without room for words
_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class StopCard(QWidget):
    """One stop: time, who, what for. Signals: `opened` (Enter), `finish_wanted` (Space), `cancel_wanted` (Delete),
    `stepped(columns, rows)` by arrows, `menu_wanted(global point)`."""

    opened = Signal()
    finish_wanted = Signal()
    cancel_wanted = Signal()
    stepped = Signal(int, int)
    menu_wanted = Signal(QPoint)

    def __init__(self, row: VisitRow, clash: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row, self.clash = row, clash
        self._pressed: QPoint | None = None
        self.current = False  # its result is being typed back
        self.setFixedHeight(_CARD)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(f"{row.slot or ''} {row.name} {row.purpose}")
        lines = [row.name, row.purpose, row.chip, row.bring and _("Bring: {what}").format(what=row.bring), clash]
        if row.reason:
            lines.append(_("Moved: {why}").format(why=row.reason))
        self.setToolTip("\n".join(filter(None, [self.state()[0], *lines])))

    @property
    def tone(self) -> str:
        return "red" if self.clash else self.row.tone

    def state(self) -> tuple[str, str]:
        """The chip at the right of the time, and its tone; nothing for a stop that is simply planned."""
        if self.clash:
            return text.capital(_("clash")), "red"
        return {"done": (_("Done"), "green"), "moved": (text.capital(_("moved")), "amber")}.get(
            self.row.status, ("", "")
        )

    def first_line(self) -> tuple[str, tuple[str, str], int]:
        """The time (with its length where there is room), the chip and its width: the time is never cut for a chip,
        which becomes a mark without words in a narrow column."""
        metrics = QFontMetrics(fonts.figures(tokens.SMALL))
        time = self.row.slot or _("any time")
        words, tone = self.state()
        chip = chip_width(words) if words else 0
        if words and metrics.horizontalAdvance(time) > self.time_room(words, chip):
            words, chip = "", _MARK
        if self.row.minutes and self.row.slot:
            long = f"{time} · " + _("{minutes} min").format(minutes=self.row.minutes)
            time = long if metrics.horizontalAdvance(long) <= self.time_room(words, chip) else time
        return time, (words, tone), chip

    def time_room(self, words: str, chip: int) -> int:
        """px for the time beside a chip with words, a mark at the very edge, or nothing."""
        return self.width() - 12 - chip - (_MARK_EDGE if chip and not words else 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        focused = self.hasFocus() or self.current
        line = c.accent_text if focused else c.control_line if self.underMouse() else c.line
        box = QRectF(self.rect())
        paint_panel(painter, box, c.selection if focused else c.card, line)
        edge = QPainterPath()
        edge.addRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), tokens.RADIUS, tokens.RADIUS)
        painter.save()
        painter.setClipPath(edge)
        painter.fillRect(QRect(0, 0, 3, self.height()), QColor(c.tone(self.tone).fill))
        painter.restore()
        room = self.width() - 22
        time, (words, tone), chip = self.first_line()
        if words:
            paint_chip(painter, self.width() - 8 - chip, 18, words, tone)
        elif chip:
            icons.paint(painter, _MARKS[tone], c.tone(tone).text, self.width() - _MARK_EDGE - chip, 12, chip)
        done = self.row.status == "done"
        for top, line_words, face, shade, wide in (
            (9, time, fonts.figures(tokens.SMALL), c.soft, self.time_room(words, chip)),
            (27, self.row.name, fonts.font(), c.soft if done else c.text, room),
            (46, self.row.purpose or self.row.chip, fonts.font(tokens.SMALL), c.soft, room),
        ):
            painter.setFont(face)
            painter.setPen(QColor(shade))
            shown = painter.fontMetrics().elidedText(line_words, Qt.TextElideMode.ElideRight, wide)
            painter.drawText(QRect(12, top, wide, 18), Qt.AlignmentFlag.AlignVCenter, shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        elif key == Qt.Key.Key_Space:
            self.finish_wanted.emit()
        elif key == Qt.Key.Key_Delete:
            self.cancel_wanted.emit()
        elif key in _STEPS and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.stepped.emit(*_STEPS[key])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        area = self.parent()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parent()
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(self, 0, 8)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = QApplication.startDragDistance()
        here = event.position().toPoint()
        movable = self.row.status in ("planned", "moved")
        if self._pressed is not None and movable and (here - self._pressed).manhattanLength() >= far:
            self._pressed = None
            dragging.drag(self, dragging.STOP, self.row.id, self.grab())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.setFocus()
        self.menu_wanted.emit(event.globalPos())


class DayColumn(QWidget):
    """A day: its head, its stops. `dropped(kind, id, day)` when something was let go over it."""

    dropped = Signal(str, str, object)

    def __init__(self, day: DayRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.day = day
        self._over = False
        self.setAcceptDrops(True)
        self.setMinimumWidth(_LEAST)
        names = {row.id: row.slot or "" for row in day.visits}
        clashes: dict[str, str] = {}
        for clash in day.clashes:
            for one, other in ((clash.first_id, clash.second_id), (clash.second_id, clash.first_id)):
                clashes[one] = _("overlaps the stop at {time}").format(time=names.get(other, ""))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, _HEAD + 1, 1, 1)
        inner = QWidget()
        cards = QVBoxLayout(inner)
        cards.setContentsMargins(8, 8, 8, 8)
        cards.setSpacing(8)
        self.cards = [StopCard(row, clashes.get(row.id, "")) for row in day.visits]
        for card in self.cards:
            cards.addWidget(card)
        cards.addStretch()
        scroll = scrolled(inner)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(scroll)
        self.setToolTip(self._mark(full=True))

    def _mark(self, full: bool = False) -> str:
        """The holiday or make-up workday, else the lunar day (where there is room)."""
        on = self.day.on
        holiday = workdays.holiday_name(on)
        if holiday:
            return holiday
        if workdays.is_makeup(on):
            return _("worked in place")
        return lunar_text(on).removeprefix("农历") if full or is_chinese() else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        on = self.day.on
        today = on == clock.today()
        painter = QPainter(self)
        line = c.accent_text if self._over else c.line
        paint_panel(painter, QRectF(self.rect()), c.selection if self._over else c.head, line)
        painter.setPen(QColor(c.line_soft))
        painter.drawLine(1, _HEAD, self.width() - 2, _HEAD)
        count = len(self.day.visits)
        shade = c.red.text if self.day.too_many else c.soft
        head = self.head_words()
        used = QFontMetrics(fonts.font(tokens.FONT, True)).horizontalAdvance(head)
        painter.setFont(fonts.font(tokens.SMALL))
        words = self.count_words(painter.fontMetrics(), self.width() - 13 - used - 8 - 13)
        right = painter.fontMetrics().horizontalAdvance(words) if count else 0
        painter.setPen(QColor(shade))
        if count:
            box = QRect(self.width() - 13 - right, 0, right + 1, _HEAD)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)
        painter.setFont(fonts.font(tokens.FONT, True))
        painter.setPen(QColor(c.accent_text if today else c.text))
        painter.drawText(QRect(13, 0, used + 2, _HEAD), Qt.AlignmentFlag.AlignVCenter, head)
        free = workdays.holiday_name(on) or on.weekday() >= 5
        painter.setFont(fonts.font(11))
        painter.setPen(QColor(c.red.text if free else c.soft))
        room = self.width() - 13 - used - 8 - right - 20
        mark = painter.fontMetrics().elidedText(self._mark(), Qt.TextElideMode.ElideRight, room)
        if room > 24:
            painter.drawText(QRect(21 + used, 1, room, _HEAD), Qt.AlignmentFlag.AlignVCenter, mark)

    def head_words(self) -> str:
        return f"{text.weekday(self.day.on)} {self.day.on.day}"

    def count_words(self, metrics: QFontMetrics, room: int) -> str:
        """How many stops, and how many too many, in as many words as there is room for: `5 stops, 2 too many`."""
        count, over = len(self.day.visits), self.day.too_many
        stops = ngettext("{n} stop", "{n} stops", count).format(n=count)
        said = [stops, str(count)]
        if over:
            much = _("{n} too many").format(n=over)
            said = [_("{stops}, {over}").format(stops=stops, over=much), much, f"+{over}"]
        return next((words for words in said if metrics.horizontalAdvance(words) <= room), said[-1])

    def _take(self, over: bool) -> None:
        self._over = over
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dragging.read(event.mimeData()) is not None:
            event.acceptProposedAction()
            self._take(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._take(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._take(False)
        found = dragging.read(event.mimeData())
        if found is not None:
            event.acceptProposedAction()
            self.dropped.emit(*found, self.day.on)


class Board(QWidget):
    """The columns of a week. Signals carry the row or (kind, id, day)."""

    opened = Signal(object)
    finish_wanted = Signal(object)
    cancel_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)
    dropped = Signal(str, str, object)
    to_list = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(tokens.GAP - 2)
        self.columns: list[DayColumn] = []

    def show_week(self, week: WeekRows) -> None:
        """Show a week; the focus stays on its stop."""
        focused = self.focused()
        for column in self.columns:
            self._row.removeWidget(column)
            column.hide()
            column.deleteLater()
        self.columns = [DayColumn(day) for day in week.days]
        for column in self.columns:
            self._row.addWidget(column, 1)
            column.dropped.connect(self.dropped)
            for card in column.cards:
                self._connect(card)
        if focused is not None:
            self.focus_stop(focused.id)

    def _connect(self, card: StopCard) -> None:
        card.opened.connect(lambda: self.opened.emit(card.row))
        card.finish_wanted.connect(lambda: self.finish_wanted.emit(card.row))
        card.cancel_wanted.connect(lambda: self.cancel_wanted.emit(card.row))
        card.menu_wanted.connect(lambda point: self.menu_wanted.emit(card.row, point))
        card.stepped.connect(lambda columns, rows: self._step(card, columns, rows))

    def cards(self) -> list[StopCard]:
        """All cards in the order of the paper."""
        return [card for column in self.columns for card in column.cards]

    def focused(self) -> VisitRow | None:
        return next((card.row for card in self.cards() if card.hasFocus()), None)

    def focus_stop(self, visit_id: str) -> bool:
        found = next((card for card in self.cards() if card.row.id == visit_id), None)
        if found is not None:
            found.setFocus()
        return found is not None

    def mark(self, visit_id: str) -> None:
        """Mark the stop that is typed back; empty: none."""
        for card in self.cards():
            card.current = card.row.id == visit_id
            card.update()

    def focus_first(self) -> None:
        for card in self.cards()[:1]:
            card.setFocus()

    def _step(self, card: StopCard, columns: int, rows: int) -> None:
        at = next(n for n, column in enumerate(self.columns) if card in column.cards)
        place = self.columns[at].cards.index(card)
        if rows:
            self._focus(self.columns[at].cards, place + rows)
            return
        while 0 <= at + columns < len(self.columns):
            at += columns
            if self.columns[at].cards:
                self._focus(self.columns[at].cards, min(place, len(self.columns[at].cards) - 1))
                return
        if columns < 0:
            self.to_list.emit()

    def _focus(self, cards: Sequence[StopCard], place: int) -> None:
        if 0 <= place < len(cards):
            cards[place].setFocus()

    def day_of(self, visit_id: str) -> date | None:
        return next((card.row.planned_on for card in self.cards() if card.row.id == visit_id), None)

    def leaveEvent(self, event: QEvent) -> None:
        for column in self.columns:
            column._take(False)
