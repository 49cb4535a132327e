"""How cells and column heads of lists are painted: text tones, numbers, chips, placeholders, marks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from fieldcrm.ui.kit import fonts, icons, tokens
from fieldcrm.ui.kit.chips import chip_width, paint_chip
from fieldcrm.ui.kit.columns import EMPTY, Look
from fieldcrm.ui.kit.rows import EndsRole, LoadedRole, LookRole, ToneRole
from fieldcrm.ui.kit.theme import colors

SIDE = 10
HEAD = 31
Index = QModelIndex | QPersistentModelIndex


def face(look: Look) -> QFont:
    """The font of a look."""
    return fonts.figures() if look == Look.NUMBER else fonts.font()


def needed_width(text: str, look: Look) -> int:
    """Pixels a cell needs to show its text whole."""
    if look == Look.CHIP:
        return chip_width(text) + 2 * SIDE
    return QFontMetrics(face(look)).horizontalAdvance(text) + 2 * SIDE + 1


class CellDelegate(QStyledItemDelegate):
    """Paints a cell by its column's look and its row's tone; a grey bar until the row has arrived."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        text = str(index.data() or "")
        return QSize(needed_width(text, index.data(LookRole)), tokens.ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        c, box = colors(), option.rect
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(c.selection))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(c.hover))
        painter.setPen(QColor(c.line_soft))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        inner = box.adjusted(SIDE, 0, -SIDE, -1)
        if not index.data(LoadedRole):
            self._placeholder(painter, inner)
            return
        self._cell(painter, inner, index)

    def _placeholder(self, painter: QPainter, inner: QRect) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors().track))
        width = min(inner.width(), 70)
        painter.drawRoundedRect(QRectF(inner.left(), inner.center().y() - 4, width, 8), 4, 4)
        painter.restore()

    def _cell(self, painter: QPainter, inner: QRect, index: Index) -> None:
        c, text, look, tone = colors(), str(index.data() or ""), index.data(LookRole), index.data(ToneRole)
        if look == Look.CHIP and text != EMPTY:
            paint_chip(painter, inner.left(), inner.center().y() + 1, text, tone or "grey", inner.width())
            return
        shade = c.tone(tone).text if tone else c.soft if look in (Look.SECONDARY, Look.CHIP) else c.text
        painter.setFont(face(look))
        painter.setPen(QColor(shade))
        metrics = QFontMetrics(face(look))
        if metrics.horizontalAdvance(text) > inner.width():
            mode = Qt.TextElideMode.ElideMiddle if index.data(EndsRole) else Qt.TextElideMode.ElideRight
            text = metrics.elidedText(text, mode, inner.width())
        painter.drawText(inner, index.data(Qt.ItemDataRole.TextAlignmentRole), text)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """The column's own tip, or the whole text of a shortened cell."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        text = str(index.data() or "")
        short = needed_width(text, index.data(LookRole)) > option.rect.width()
        tip = index.data(Qt.ItemDataRole.ToolTipRole) or (text if short else "")
        QToolTip.showText(event.globalPos(), tip, view)
        return True


class ListHeader(QHeaderView):
    """Column heads: quiet text, an arrow where sorted, a funnel where narrowed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.narrowed: frozenset[int] = frozenset()
        self.sorted_by = -1
        self.descending = False
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(40)
        self.setStretchLastSection(True)
        self.setFixedHeight(HEAD)
        self.setMouseTracking(True)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def mark(self, sorted_by: int, descending: bool, narrowed: frozenset[int]) -> None:
        """Which logical column is sorted, which are narrowed."""
        self.sorted_by, self.descending, self.narrowed = sorted_by, descending, narrowed
        self.viewport().update()

    def needed(self, logical: int) -> int:
        """Pixels that show a head whole, with its marks."""
        text = str(self.model().headerData(logical, Qt.Orientation.Horizontal) or "")
        words = QFontMetrics(fonts.font(tokens.FONT)).horizontalAdvance(text)
        return words + 2 * SIDE + 1 + 14 * len(self._marks(logical))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(colors().head))
        painter.end()
        super().paintEvent(event)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 Qt's name
        c = colors()
        painter.fillRect(rect, QColor(c.head))
        painter.setPen(QPen(QColor(c.line_soft)))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(SIDE, 0, -SIDE, 0)
        model = self.model()
        align = model.headerData(logicalIndex, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        marks = self._marks(logicalIndex)
        text = str(model.headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        font = fonts.font(tokens.FONT)
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, inner.width() - 14 * len(marks))
        painter.setFont(font)
        painter.setPen(QColor(c.accent_text if logicalIndex in self.narrowed else c.soft))
        right = bool(align & Qt.AlignmentFlag.AlignRight)
        words = inner.adjusted(0, 0, -14 * len(marks), 0) if right else inner
        painter.drawText(words, align, shown)
        x = words.right() + 3 if right else inner.left() + QFontMetrics(font).horizontalAdvance(shown) + 3
        for mark in marks:
            icons.paint(painter, mark, c.accent_text if mark == "funnel" else c.soft, x, rect.center().y() - 5, 12)
            x += 14

    def _marks(self, logical: int) -> list[str]:
        arrow = ["chevron-down" if self.descending else "chevron-up"] if logical == self.sorted_by else []
        return arrow + (["funnel"] if logical in self.narrowed else [])

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self.logicalIndexAt(QPoint(event.pos().x(), 4))
            text = str(self.model().headerData(at, Qt.Orientation.Horizontal) or "") if at >= 0 else ""
            need = QFontMetrics(fonts.font()).horizontalAdvance(text) + 2 * SIDE
            QToolTip.showText(event.globalPos(), text if at >= 0 and need > self.sectionSize(at) else "", self)
            return True
        return super().event(event)
