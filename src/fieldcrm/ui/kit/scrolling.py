"""What is too large for its place scrolls."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fieldcrm.ui.kit import tokens


def scrolled(inside: QWidget, across: bool = False, parent: QWidget | None = None) -> QScrollArea:
    """A widget in a plain area that scrolls up and down, with `across` sideways too."""
    area = QScrollArea(parent)
    _dress(area, inside)
    if across:
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    return area


class Snug(QScrollArea):
    """As `scrolled`, but no higher than what is inside: what stands below follows it, and stays in sight."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self._inside = inside
        _dress(self, inside)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        inside.installEventFilter(self)

    def sizeHint(self) -> QSize:
        inside, wide = self._inside, self.viewport().width()
        tall = inside.heightForWidth(wide) if inside.hasHeightForWidth() else inside.sizeHint().height()
        return QSize(super().sizeHint().width(), tall)

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), min(_LEAST, self.sizeHint().height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


def _dress(area: QScrollArea, inside: QWidget) -> None:
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    inside.setProperty("plain", True)
    area.setWidget(inside)


_LEAST = 96  # px of what scrolls


class Stack(QStackedWidget):
    """Pages of which only the shown one says how much room is needed; `scrolled`, it scrolls when there is less.

    So neither a small screen, a large size of the interface nor messages above push the window's foot away.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(lambda _n: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        return QSize() if page is None else page.minimumSizeHint()

    def heightForWidth(self, width: int) -> int:
        return self.minimumSizeHint().height()


class Columns(QWidget):
    """Cards in two columns, on a narrow window one below the other."""

    def __init__(self, left: Sequence[QWidget], right: Sequence[QWidget]) -> None:
        super().__init__()
        self._columns: list[QVBoxLayout] = []
        self._row = QHBoxLayout(self)
        self._row.setSpacing(14)
        self._row.setContentsMargins(tokens.EDGE, 16, tokens.EDGE, 16)
        for cards in (left, right):
            column = QVBoxLayout()
            column.setSpacing(14)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
            self._row.addLayout(column, 1)
            self._columns.append(column)

    def _widths(self) -> list[int]:
        return [column.minimumSize().width() for column in self._columns]

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self._widths()) + 2 * tokens.EDGE, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= sum(self._widths()) + 2 * tokens.EDGE + self._row.spacing()
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if way != self._row.direction():
            self._row.setDirection(way)
