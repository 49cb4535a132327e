"""Who is worth a visit: name, the two weightiest reasons, the score; every reason with its points on hover."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from fieldcrm.base.i18n import _
from fieldcrm.base.text import age_words
from fieldcrm.core.visits import CandidateRow
from fieldcrm.ui.kit import fonts, tokens
from fieldcrm.ui.kit.chips import chip_width, paint_chip
from fieldcrm.ui.kit.row_list import RowList
from fieldcrm.ui.kit.theme import colors
from fieldcrm.ui.rooms.visits import dragging


class Candidates(RowList):
    """Signals: `chosen(CandidateRow)` by Enter or double click, `to_board` when → leaves the list,
    `menu_wanted(CandidateRow, global point)`."""

    ROW_HEIGHT = 54

    to_board = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("To be planned"), parent)
        self.setDragEnabled(True)
        self.doubleClicked.connect(lambda index: self.chosen.emit(self.row_at(index)))

    def words(self, row: CandidateRow) -> str:
        return f"{row.name} {row.points} {row.line}"

    def tip(self, row: CandidateRow) -> str:
        head = f"{row.name}\n" if row.name else ""
        return head + _("Score {points} of 99").format(points=row.points) + "\n" + row.explained

    def paint_row(self, painter: QPainter, box: QRect, row: CandidateRow) -> None:
        c = colors()
        score = str(row.points)
        chip = chip_width(score)
        paint_chip(painter, box.right() - 12 - chip, box.center().y() + 1, score, row.tone)
        room = box.width() - chip - 34
        small = fonts.font(tokens.SMALL)
        for top, text, face, shade in (
            (8, row.name, fonts.font(), c.text),
            (27, reasons_that_fit(row, QFontMetrics(small), room), small, c.soft),
        ):
            painter.setFont(face)
            painter.setPen(QColor(shade))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(box.left() + 12, box.top() + top, room, 19), Qt.AlignmentFlag.AlignVCenter, shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Right:
            self.to_board.emit()
        else:
            super().keyPressEvent(event)

    def startDrag(self, supported: Qt.DropAction) -> None:
        row = self.current()
        if row is not None:
            box = self.visualRect(self.currentIndex())
            dragging.drag(self, dragging.CANDIDATE, row.client_id, self.viewport().grab(box))


def reasons_that_fit(row: CandidateRow, metrics: QFontMetrics, room: int) -> str:
    """The reasons and the age, as many as the line shows whole; the weightiest reason always."""
    words = [*row.reasons[:2], age_words(row.age)]
    while len(words) > 1 and metrics.horizontalAdvance(" • ".join(filter(None, words))) > room:
        words.pop()
    return " • ".join(filter(None, words))
