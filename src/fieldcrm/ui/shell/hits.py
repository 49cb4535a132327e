"""The list of found things under a search field: painted rows, moved by arrows, chosen by Enter or a click."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import fonts, icons, tokens
from fieldcrm.ui.kit.paint import paint_panel
from fieldcrm.ui.kit.theme import colors
from fieldcrm.ui.shell.finding import KIND_WORDS, Found

_ROW = 34
_PAD = 5


class HitList(QWidget):
    """Shows itself below `field` while it has something to say. Signals: `chosen(Found)`, `dismissed()`."""

    chosen = Signal(object)
    dismissed = Signal()

    def __init__(self, field: QLineEdit, parent: QWidget, width: int = 440) -> None:
        super().__init__(parent)
        self._field, self._over, self._wide = field, parent, width
        self._hits: list[Found] = []
        self._at = 0
        self._note = ""
        self._lead = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        field.installEventFilter(self)
        self.hide()

    def hits(self) -> list[Found]:
        return list(self._hits)

    def note(self) -> str:
        return self._note

    def current(self) -> Found | None:
        return self._hits[self._at] if self._hits else None

    def show_hits(self, hits: Sequence[Found], note: str = "", lead: str = "") -> None:
        """`note` is said below (or alone); `lead` stands before each name (a verb)."""
        self._hits, self._note, self._lead = list(hits), note, lead
        self._at = 0
        self.setVisible(bool(hits or note))
        if self.isVisible():
            self._settle()
        self.update()

    def _settle(self) -> None:
        parent = self._over
        under = self._field.mapTo(parent, QPoint(0, self._field.height() + 4))
        width = max(self._wide, self._field.width())
        left = max(8, min(under.x() + self._field.width() - width, parent.width() - width - 8))
        if self._field.width() >= self._wide:
            left = under.x()
        height = len(self._hits) * _ROW + 2 * _PAD + (24 if self._note else 0)
        self.setGeometry(left, under.y(), width, height)
        self.raise_()

    def move_by(self, step: int) -> None:
        if self._hits:
            self._at = (self._at + step) % len(self._hits)
            self.update()

    def choose(self) -> None:
        found = self.current()
        if found is not None and self.isVisible():
            self.hide()
            self.chosen.emit(found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        if kind == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.isVisible():
            self.move_by(1 if key == Qt.Key.Key_Down else -1)
            return True
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and self.isVisible() and self._hits:
            self.choose()
            return True
        if key == Qt.Key.Key_Escape:
            was = self.isVisible()
            self.hide()
            self.dismissed.emit()
            return was or not self._field.hasFocus()  # who took the keyboard elsewhere has used the key
        return False

    def _row_at(self, y: float) -> int:
        at = int((y - _PAD) // _ROW)
        return at if 0 <= at < len(self._hits) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._row_at(event.position().y())
        if at >= 0 and at != self._at:
            self._at = at
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._row_at(event.position().y())
        if at >= 0:
            self._at = at
            self.choose()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        paint_panel(painter, QRectF(self.rect()), c.card, c.control_line)
        for number, found in enumerate(self._hits):
            row = QRect(_PAD, _PAD + number * _ROW, self.width() - 2 * _PAD, _ROW)
            if number == self._at:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(c.selection))
                painter.drawRoundedRect(QRectF(row), 5, 5)
            self._paint_row(painter, row, found)
        if self._note:
            painter.setFont(fonts.font(tokens.SMALL))
            painter.setPen(QColor(c.soft))
            box = QRect(14, self.height() - 24 - _PAD + 2, self.width() - 28, 22)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self._note)

    def _paint_row(self, painter: QPainter, row: QRect, found: Found) -> None:
        c = colors()
        icons.paint(painter, found.icon or "file-text", c.soft, row.x() + 9, row.y() + (_ROW - 16) / 2)
        small = fonts.font(tokens.SMALL)
        kind = _(KIND_WORDS[found.kind]) if found.kind in KIND_WORDS else ""
        painter.setFont(small)
        painter.setPen(QColor(c.soft))
        right = row.right() - 10
        kind_width = QFontMetrics(small).horizontalAdvance(kind)
        painter.drawText(QRect(right - kind_width, row.y(), kind_width + 2, _ROW), Qt.AlignmentFlag.AlignVCenter, kind)
        x, right = row.x() + 34, right - kind_width - 12
        for words, face, shade in (
            (self._lead, fonts.font(), c.accent_text),
            (found.title, fonts.font(), c.text),
            (found.detail, small, c.soft),
        ):
            if words and right - x > 16:
                painter.setFont(face)
                painter.setPen(QColor(shade))
                shown = QFontMetrics(face).elidedText(words, Qt.TextElideMode.ElideRight, right - x)
                painter.drawText(QRect(x, row.y(), right - x, _ROW), Qt.AlignmentFlag.AlignVCenter, shown)
                x += QFontMetrics(face).horizontalAdvance(shown) + 8
