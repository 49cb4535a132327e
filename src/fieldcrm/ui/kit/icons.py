"""Lucide icons, drawn when first wanted, in the colour of the moment, sharp at every scale."""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap

from fieldcrm.base import resources
from fieldcrm.ui.kit import theme, tokens


@cache
def _source(name: str) -> str:
    return (resources.folder("icons") / f"{name}.svg").read_text("utf-8")


@lru_cache(maxsize=512)
def pixmap(name: str, color: str, size: int = tokens.ICON, ratio: float = 1.0) -> QPixmap:
    """The icon `name` (a file of resources/icons) in a colour; `size` in px, `ratio` device pixels per px."""
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", color).encode()))
    made = QPixmap(QSize(round(size * ratio), round(size * ratio)))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, made.width(), made.height()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def paint(painter: QPainter, name: str, color: str, x: float, y: float, size: int = tokens.ICON) -> None:
    """Draw the icon with its top left corner at x, y."""
    # not painter.device(): to name the class of a window's device, PySide makes every class that can be one (14 ms)
    painter.drawPixmap(QPointF(x, y), pixmap(name, color, size, max(1.0, painter.deviceTransform().m11())))


class _Engine(QIconEngine):
    """A QIcon that takes its colour from the theme when it is drawn."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self.name, self.token = name, token

    def paint(self, painter: QPainter, rect: object, mode: QIcon.Mode, state: QIcon.State) -> None:
        soft = mode == QIcon.Mode.Disabled
        shade = theme.colors().soft if soft else str(getattr(theme.colors(), self.token))
        size = min(rect.width(), rect.height())  # type: ignore[attr-defined]
        paint(painter, self.name, shade, rect.x(), rect.y(), size)  # type: ignore[attr-defined]

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)  # Qt's own leaves what lay in memory
        painter = QPainter(made)
        self.paint(painter, made.rect(), mode, state)
        painter.end()
        return made

    def clone(self) -> _Engine:
        return _Engine(self.name, self.token)


def icon(name: str, token: str = "text") -> QIcon:  # noqa: S107 a colour's name
    """A QIcon for Qt's own widgets (menus, line edits); `token` is a colour of the token table."""
    return QIcon(_Engine(name, token))
