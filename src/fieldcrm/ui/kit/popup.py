"""A small panel over the window that goes when somebody clicks elsewhere: a filter, a month, one question."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.paint import paint_panel
from fieldcrm.ui.kit.theme import colors


class Popup(QWidget):
    """Subclasses lay their widgets out and say in `first` which of them takes the keys."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def first(self) -> QWidget:
        """Takes the keys when the panel opens."""
        raise NotImplementedError

    def show_at(self, place: QPoint) -> None:
        """Open at a point on the screen, within it."""
        area = self.screen().availableGeometry()
        x = max(area.left(), min(place.x(), area.right() - self.width()))
        y = max(area.top(), min(place.y(), area.bottom() - self.height()))
        self.move(x, y)
        self.show()
        self.first().setFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        paint_panel(QPainter(self), QRectF(self.rect()), c.card, c.line, tokens.RADIUS_CONTROL)
