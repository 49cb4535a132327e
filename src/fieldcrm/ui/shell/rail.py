"""The rail at the left: brand, unit and person, the pages with their counts, the foot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.base.text import count_short
from fieldcrm.ui.kit import fonts, icons, tokens
from fieldcrm.ui.kit.text import Elided
from fieldcrm.ui.kit.theme import colors
from fieldcrm.ui.shell.navigation import FOOT, GROUP_WORDS, Entry

_ITEM, _LEAST = 34, 24  # px high; less than the first on a small screen


class RailItem(QAbstractButton):
    """One page in the rail: icon, name, count; checked when it is the open one."""

    def __init__(self, entry: Entry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self.count: int | None = None
        self.setText(_(entry.label))
        self.setCheckable(True)
        self.setMinimumHeight(_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        return QSize(tokens.RAIL - 16, _ITEM)

    def set_count(self, count: int | None) -> None:
        self.count = count
        self.setAccessibleDescription(str(count) if count else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        if on or self.underMouse() or self.hasFocus():
            painter.setPen(QColor(c.rail_soft) if self.hasFocus() and not on else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.rail_active if on else c.rail_hover))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        shade = c.rail_strong if on else c.rail_text
        icons.paint(painter, self.entry.icon, shade, 10, (self.height() - tokens.ICON) / 2)
        right = self.width() - 10
        if self.count:
            right -= self._paint_count(painter, right, on) + 4
        painter.setFont(fonts.font(tokens.FONT))
        painter.setPen(QColor(shade))
        words = QFontMetrics(painter.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, right - 36)
        painter.drawText(QRectF(36, 0, right - 36, self.height()), Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_count(self, painter: QPainter, right: int, on: bool) -> int:
        c = colors()
        face = fonts.font(11)
        words = count_short(self.count or 0)
        width = max(20, QFontMetrics(face).horizontalAdvance(words) + 12)
        box = QRectF(right - width, (self.height() - 16) / 2, width, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.rail if on else c.rail_badge))
        painter.drawRoundedRect(box, 8, 8)
        painter.setPen(QColor(c.rail_badge_text))
        painter.setFont(face)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        return width


class Rail(QWidget):
    """Emits `chosen(key)`; `mark(key)` shows which page is open."""

    chosen = Signal(str)

    def __init__(self, pages: Sequence[Entry], unit: str, person: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(tokens.RAIL)
        self.items: dict[str, RailItem] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 18, 8, 14)
        column.setSpacing(2)
        name = Elided(_("Field desk"), size=14, bold=True, token="rail_strong")  # noqa: S106 a colour's name
        self.unit, self.person = (Elided(size=11, token="rail_soft") for _line in range(2))  # noqa: S106
        self._lines = [(line, _indented(line)) for line in (self.unit, self.person)]
        for holder in (_indented(name), *(holder for _line, holder in self._lines)):
            column.addWidget(holder)
        self.show_who(unit, person)
        column.addSpacing(8)
        group = pages[0].group if pages else ""
        for entry in pages:
            if entry.group != group:
                group = entry.group
                if group == FOOT:
                    column.addStretch(1)
                else:
                    column.addSpacing(8)
                    column.addWidget(_indented(Elided(_(GROUP_WORDS[group]), size=11, token="rail_soft")))  # noqa: S106
                    column.addSpacing(2)
            item = RailItem(entry, self)
            item.clicked.connect(lambda _checked=False, key=entry.key: self.chosen.emit(key))
            self.items[entry.key] = item
            column.addWidget(item)
        if group != FOOT:
            column.addStretch(1)

    def show_who(self, unit: str, person: str) -> None:
        """Whose book it is; an empty line takes no room."""
        for (line, holder), words in zip(self._lines, (unit, person), strict=True):
            line.setText(words)
            holder.setVisible(bool(words))

    def mark(self, key: str) -> None:
        for name, item in self.items.items():
            item.setChecked(name == key)

    def set_count(self, key: str, count: int | None) -> None:
        if key in self.items:
            self.items[key].set_count(count)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(colors().rail))


def _indented(line: QWidget) -> QWidget:
    holder = QWidget()
    inner = QVBoxLayout(holder)
    inner.setContentsMargins(10, 0, 4, 0)
    inner.addWidget(line)
    return holder
