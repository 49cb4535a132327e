"""The day's figures, counted and never typed, as pairs of words and numbers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from fieldcrm.core.diary import Figures, figure_rows
from fieldcrm.ui.kit import fonts
from fieldcrm.ui.kit.text import Label, soft


class FigureList(QWidget):
    """Two columns of figures."""

    def __init__(self, columns: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self._values: list[Label] = []
        for n, (words, _value) in enumerate(figure_rows(Figures())):
            row, column = n // columns, n % columns * 3
            value = Label("", bold=True)
            value.setFont(fonts.figures(bold=True))
            self._values.append(value)
            self._grid.addWidget(soft(words), row, column)
            self._grid.addWidget(value, row, column + 1, Qt.AlignmentFlag.AlignRight)
            self._grid.setRowStretch(row, 1)
        self.setMaximumHeight(24 * self._grid.rowCount())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        for n in range(columns):
            self._grid.setColumnStretch(n * 3, 1)
            if n:
                self._grid.setColumnMinimumWidth(n * 3 - 1, 18)

    def show_figures(self, figures: Figures) -> None:
        for label, (_words, value) in zip(self._values, figure_rows(figures), strict=True):
            label.setText(value)

    def texts(self) -> list[str]:
        return [label.text() for label in self._values]
