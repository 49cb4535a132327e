"""The mark of the pages before the book."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from fieldcrm.ui.kit import icons
from fieldcrm.ui.kit.theme import colors


def mark(icon: str, size: int, ratio: float) -> QPixmap:
    """An icon on a round square of the accent, `size` px, `ratio` device pixels per px."""
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(QColor(0, 0, 0, 0))
    picture.setDevicePixelRatio(ratio)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors().accent))
    painter.drawRoundedRect(QRectF(0, 0, size, size), 10, 10)
    icons.paint(painter, icon, colors().on_accent, size / 4, size / 4, size // 2)
    painter.end()
    return picture
