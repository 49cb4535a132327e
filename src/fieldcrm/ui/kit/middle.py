"""A card in the middle of an otherwise empty widget."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget


def set_in_the_middle(widget: QWidget, card: QWidget) -> None:
    """Lay a card into the middle of a widget, a little above the half."""
    row = QHBoxLayout()
    row.addStretch()
    row.addWidget(card)
    row.addStretch()
    column = QVBoxLayout(widget)
    column.addStretch(2)
    column.addLayout(row)
    column.addStretch(3)
