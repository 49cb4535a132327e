"""The day's figures, counted and never typed, as pairs of words and numbers."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from fieldcrm.core.diary import Figures, figure_rows
from fieldcrm.ui.kit import fonts
from fieldcrm.ui.kit.text import Label, soft

_COLUMN = 270  # px; wider, a number would stand far from its words
_GAP = 28


class FigureList(QWidget):
    """The figures in `columns`, or in one where that does not fit."""

    def __init__(self, columns: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted, self._columns = columns, 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self._words: list[Label] = []
        self._values: list[Label] = []
        for words, _value in figure_rows(Figures()):
            value = Label("", bold=True)
            value.setFont(fonts.figures(bold=True))
            self._words.append(soft(words))
            self._values.append(value)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        if columns > 1:
            self.setMaximumWidth(columns * _COLUMN + (columns - 1) * _GAP)
        self._lay(columns)

    def _lay(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        rows = -(-len(self._words) // columns)
        for n, (words, value) in enumerate(zip(self._words, self._values, strict=True)):
            row, column = n // columns, n % columns * 3
            self._grid.addWidget(words, row, column)
            self._grid.addWidget(value, row, column + 1, Qt.AlignmentFlag.AlignRight)
        for n in range(self._wanted):
            self._grid.setColumnStretch(n * 3, 1 if n < columns else 0)
            if n:
                self._grid.setColumnMinimumWidth(n * 3 - 1, _GAP - 12 if n < columns else 0)
        for row in range(len(self._words)):
            self._grid.setRowStretch(row, 1 if row < rows else 0)
        self.setMaximumHeight(24 * rows)
        self.updateGeometry()

    def _least(self) -> int:
        """px of one column: the longest words and the longest number."""
        return sum(max(label.sizeHint().width() for label in part) for part in (self._words, self._values)) + 12

    def minimumSizeHint(self) -> QSize:
        return QSize(self._least(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fits = self.width() >= self._wanted * self._least() + (self._wanted - 1) * _GAP
        self._lay(self._wanted if fits else 1)

    def show_figures(self, figures: Figures) -> None:
        for label, (_words, value) in zip(self._values, figure_rows(figures), strict=True):
            label.setText(value)

    def texts(self) -> list[str]:
        return [label.text() for label in self._values]
