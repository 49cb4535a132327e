"""The first sentence of the day: what to do first, and the way there."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.paint import paint_panel
from fieldcrm.ui.kit.text import Elided, Label
from fieldcrm.ui.kit.theme import colors


class FirstThing(QWidget):
    """One line in the colour of its urgency; `wanted` by its button or Enter."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = "blue"
        self.setFixedHeight(40)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 0, 7, 0)
        row.setSpacing(10)
        row.addWidget(Label(_("First")))
        self.words = Elided("", bold=True)
        row.addWidget(self.words, 1)
        self.button = Button(_("Go"), small=True, icon="arrow-right")
        self.button.clicked.connect(self.wanted)
        row.addWidget(self.button)

    def show_words(self, words: str, tone: str) -> None:
        self.words.setText(words)
        self._tone = tone if tone in ("red", "amber") else "blue"
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wanted.emit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.wanted.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        tone = c.tone(self._tone)
        painter = QPainter(self)
        paint_panel(painter, QRectF(self.rect()), c.card, c.line)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone.fill))
        painter.drawRoundedRect(QRectF(7, 10, 3, self.height() - 20), 1.5, 1.5)
