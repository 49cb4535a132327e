"""The board of conflicts: record and field, the sides' values, one kept by a click or a key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.base.text import instant_text
from fieldcrm.core.sync import ConflictRow, Side
from fieldcrm.ui.kit import fonts, icons, tokens
from fieldcrm.ui.kit.text import elided_pair
from fieldcrm.ui.kit.theme import colors

HEAD, ROW = 31, 40


class ConflictBoard(QWidget):
    """Emits `kept(ConflictRow, Side)`. Up and down move, 1, 2 … or left and right choose a side, Enter keeps it."""

    kept = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[ConflictRow] = []
        self.current = 0
        self.side: int | None = None  # None: the suggested one
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Conflicts"))

    def show_rows(self, rows: Sequence[ConflictRow]) -> None:
        """Show these conflicts; the place in the list stays."""
        self.rows = list(rows)
        self.current = max(0, min(self.current, len(self.rows) - 1))
        self.side = None
        self.setFixedHeight(ROW * len(self.rows))
        self._say()
        self.update()

    def sides(self, row: ConflictRow) -> list[Side]:
        """The other side's values first, ours last, as the columns stand."""
        return sorted(row.sides, key=lambda s: s.ours)

    def sizeHint(self) -> QSize:
        return QSize(700, ROW * len(self.rows))

    # -- keys and mouse -------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        digit = key - Qt.Key.Key_1
        if not self.rows or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            here = self._chosen()
            count = len(self.rows[self.current].sides)
            self.side = max(0, min(count - 1, here + (1 if key == Qt.Key.Key_Right else -1)))
            self.update()
        elif 0 <= digit < len(self.rows[self.current].sides):
            self._keep(self.current, digit)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._keep(self.current, self._chosen())
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position().toPoint())
        if found is not None and event.button() == Qt.MouseButton.LeftButton:
            self.current, side = found
            self.side = None
            self.update()
            if side is not None:
                self._keep(self.current, side)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position().toPoint())
        over = found is not None and found[1] is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        self.setToolTip(self._tip(*found) if found is not None else "")

    def _tip(self, row: int, side: int | None) -> str:
        """The whole of what is cut short in its cell."""
        conflict = self.rows[row]
        if side is None:
            return f"{conflict.title} · {conflict.label}"
        return f"{self.sides(conflict)[side].text}\n{_('Keep this value')}"

    def cell(self, row: int, side: int) -> QRect:
        """Where a side of a conflict stands."""
        edges = self.edges()
        return QRect(edges[side + 1], row * ROW, edges[side + 2] - edges[side + 1], ROW)

    def _at(self, point: QPoint) -> tuple[int, int | None] | None:
        row = point.y() // ROW
        if not 0 <= row < len(self.rows):
            return None
        for side in range(len(self.rows[row].sides)):
            if self.cell(row, side).contains(point):
                return row, side
        return row, None

    def _move(self, step: int) -> None:
        self.current = max(0, min(len(self.rows) - 1, self.current + step))
        self.side = None
        self._say()
        self.update()
        parent = self.parentWidget()
        area = parent.parentWidget() if parent is not None else None
        if isinstance(area, QScrollArea):
            area.ensureVisible(0, self.current * ROW + ROW // 2, 0, ROW)

    def _chosen(self) -> int:
        if self.side is not None:
            return self.side
        return next(n for n, s in enumerate(self.sides(self.rows[self.current])) if s.suggested)

    def _keep(self, row: int, side: int) -> None:
        conflict = self.rows[row]
        self.kept.emit(conflict, self.sides(conflict)[side])

    def _say(self) -> None:
        if self.rows:
            row = self.rows[self.current]
            values = "; ".join(f"{n}: {s.text} ({s.person})" for n, s in enumerate(self.sides(row), 1))
            self.setAccessibleDescription(f"{row.title} · {row.label}: {values}")

    # -- painting -------------------------------------------------------------------------------

    def edges(self) -> list[int]:
        """The left edges of the columns and the right one of the last."""
        count = max((len(r.sides) for r in self.rows), default=2)
        first = round(self.width() / (count + 1))
        rest = (self.width() - first) / count
        return [0, *(round(first + rest * n) for n in range(count + 1))]

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        edges = self.edges()
        seen = event.rect()
        painter.fillRect(seen, QColor(c.card))
        for number in range(max(0, seen.top() // ROW), min(len(self.rows), seen.bottom() // ROW + 1)):
            self._paint_row(painter, number, edges)

    def _paint_row(self, painter: QPainter, number: int, edges: list[int]) -> None:
        c, row = colors(), self.rows[number]
        top = number * ROW
        here = number == self.current and self.hasFocus()
        if here:
            painter.fillRect(0, top, edges[1], ROW, QColor(c.selection))
        painter.setFont(fonts.font(tokens.FONT))
        painter.setPen(QColor(c.text))
        box = QRect(10, top, edges[1] - 20, ROW)
        painter.drawText(box, _MIDDLE, heading(row, box.width()))
        for n, side in enumerate(self.sides(row)):
            self._paint_side(painter, self.cell(number, n), side, here and n == self._chosen())
        painter.setPen(QColor(c.line_soft))
        painter.drawLine(0, top, self.width(), top)

    def _paint_side(self, painter: QPainter, box: QRect, side: Side, chosen: bool) -> None:
        c = colors()
        if side.suggested:
            painter.fillRect(box.adjusted(0, 1, 0, 0), QColor(c.green.tint))
        if chosen:
            painter.setPen(QColor(c.accent_text))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(box).adjusted(1.5, 2.5, -1.5, -1.5), 4, 4)
        inner = box.adjusted(10, 3, -10, -2)
        painter.setFont(fonts.font(tokens.FONT))
        painter.setPen(QColor(c.green.text if side.suggested else c.text))
        left = inner.left()
        if side.suggested:
            icons.paint(painter, "check", c.green.text, left, inner.top() + 2, 14)
            left += 18
        value = QRect(left, inner.top(), inner.right() - left, 18)
        painter.drawText(value, _MIDDLE, _elided(side.text, value.width(), tokens.FONT))
        painter.setFont(fonts.font(tokens.SMALL))
        painter.setPen(QColor(c.green.text if side.suggested else c.soft))
        below = QRect(left, inner.top() + 17, inner.right() - left, 17)
        who = " ".join(p for p in (instant_text(side.at), side.person) if p)
        painter.drawText(below, _MIDDLE, _elided(who, below.width(), tokens.SMALL))


class BoardHead(QWidget):
    """The heads of a board's columns, which stay while it scrolls."""

    def __init__(self, board: ConflictBoard, office: bool) -> None:
        super().__init__()
        self._board, self._office = board, office
        self.setFixedHeight(HEAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        c, edges = colors(), self._board.edges()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(c.head))
        painter.setFont(fonts.font(tokens.FONT))
        painter.setPen(QColor(c.soft))
        for n, words in enumerate((_("Record · field"), *self._sides(len(edges) - 2))):
            painter.drawText(QRect(edges[n] + 10, 0, edges[n + 1] - edges[n] - 20, HEAD), _MIDDLE, words)

    def _sides(self, count: int) -> list[str]:
        if count == 2:
            return [_("Reported"), _("Here")] if self._office else [_("From the office"), _("Mine")]
        return [_("Value {n}").format(n=n + 1) for n in range(count)]


_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def heading(row: ConflictRow, width: int) -> str:
    """Record and field; where both are too long the record's name gives way, for the field is what is decided."""
    return elided_pair(row.title, f" · {row.label}", QFontMetrics(fonts.font(tokens.FONT)), width)


def _elided(text: str, width: int, size: int) -> str:
    return QFontMetrics(fonts.font(size)).elidedText(text, Qt.TextElideMode.ElideRight, width)
