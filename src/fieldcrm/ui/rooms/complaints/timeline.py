"""What happened to a complaint, newest first, with a line to add the next step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldcrm.base.i18n import N_, _
from fieldcrm.base.text import capital, instant_text
from fieldcrm.ui.kit.chips import Chip
from fieldcrm.ui.kit.text import Label, soft

KINDS = {
    "received": (N_("received"), "blue"),
    "step": (N_("step"), "grey"),
    "paused": (N_("paused"), "amber"),
    "resumed": (N_("resumed"), "blue"),
    "answered": (N_("answered"), "green"),
    "closed": (N_("closed"), "green"),
}
_TIME_WIDTH, _CHIP_WIDTH = 88, 66


class Timeline(QWidget):
    """Signal `added(words)` on Enter in the line."""

    added = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("What was done? Enter adds it"))
        self.line.setAccessibleName(_("Next step of handling"))
        self.line.returnPressed.connect(self._add)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addLayout(self.rows)

    def show_events(self, events: Sequence[Any]) -> None:
        while (item := self.rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for event in reversed(events):
            self.rows.addWidget(_Row(event))

    def words(self) -> list[str]:
        """What is shown, newest first."""
        found = (self.rows.itemAt(n) for n in range(self.rows.count()))
        return [w.words for item in found if item is not None and isinstance(w := item.widget(), _Row)]

    def _add(self) -> None:
        if self.line.text().strip():
            self.added.emit(self.line.text())


class _Row(QWidget):
    def __init__(self, event: Any) -> None:
        super().__init__()
        msgid, tone = KINDS[event.kind]
        self.words = event.words
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 6, 0, 6)
        row.setSpacing(8)
        when = soft(instant_text(event.at))
        when.setFixedWidth(_TIME_WIDTH)
        holder = QWidget()
        holder.setFixedWidth(_CHIP_WIDTH)
        inside = QHBoxLayout(holder)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(Chip(capital(_(msgid)), tone))
        inside.addStretch()
        row.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(holder, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(event.words, wrap=True), 1, Qt.AlignmentFlag.AlignTop)
        if event.person:
            row.addWidget(soft(event.person), 0, Qt.AlignmentFlag.AlignTop)
