"""What several pieces paint: the panel of a card, the bar of a progress."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.theme import colors


def paint_panel(painter: QPainter, box: QRectF, ground: str, line: str, radius: float = tokens.RADIUS) -> None:
    """A rounded rectangle with a sharp 1-px border."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(line), 1))
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def paint_bar(painter: QPainter, box: QRectF, ratio: float, tone: str) -> None:
    """A progress bar 5 px high or so, filled from the left to `ratio` (0–1)."""
    c = colors()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = box.height() / 2
    painter.setBrush(QColor(c.track))
    painter.drawRoundedRect(box, radius, radius)
    share = max(0.0, min(1.0, ratio))
    if share > 0:
        painter.setBrush(QColor(c.tone(tone).fill))
        filled = QRectF(box.x(), box.y(), max(box.height(), box.width() * share), box.height())
        painter.drawRoundedRect(filled, radius, radius)
