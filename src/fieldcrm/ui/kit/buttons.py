"""Buttons (primary, secondary, quiet) with icon and shortcut badge, and the segmented choice."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QShortcut,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from fieldcrm.ui.kit import fonts, icons, tokens
from fieldcrm.ui.kit.theme import colors

KINDS = ("primary", "secondary", "quiet", "danger")


class Button(QAbstractButton):
    """A push button. `hint` is a shortcut shown as a badge ("Ctrl N"); it does not make the shortcut.

    `kind`: primary (the one filled button of a place), secondary (outlined), quiet (text only), danger.
    """

    def __init__(
        self,
        text: str = "",
        *,
        kind: str = "secondary",
        icon: str = "",
        hint: str = "",
        small: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kind, self._icon_name, self._hint, self._small = kind, icon, hint, small
        self.token = "accent_text"  # noqa: S105 colour of a quiet button's text: a token or a tone
        self.setText(text)
        self.setFont(fonts.font(tokens.SMALL if small else tokens.FONT))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_kind(self, kind: str) -> None:
        self.kind = kind
        self.update()

    @property
    def hint(self) -> str:
        return self._hint

    def set_hint(self, hint: str) -> None:
        self._hint = hint
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        height = tokens.CONTROL_SMALL if self._small else tokens.CONTROL
        return QSize(max(self._content() + 2 * self._side(), height), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.click()
            return
        super().keyPressEvent(event)

    def _side(self) -> int:
        if not self.text():
            return 7
        return 10 if self._small else 14

    def _content(self) -> int:
        width = self.fontMetrics().horizontalAdvance(self.text()) if self.text() else 0
        if self._icon_name:
            width += tokens.ICON + (6 if self.text() else 0)
        if self._hint:
            width += 8 + badge_width(self._hint)
        return width

    def _shades(self) -> tuple[str, str, str]:
        """Ground, border and text of the present state."""
        c = colors()
        on = self.isEnabled() and (self.underMouse() or self.isDown())
        if self.kind == "primary" and self.isEnabled():
            ground = c.accent_hover if on else c.accent
            return ground, ground, c.on_accent
        if self.kind == "danger" and self.isEnabled():
            return (c.red.tint if on else c.control), c.red.fill, c.red.text
        if self.kind == "quiet":
            shade = getattr(c, self.token)
            words = shade if isinstance(shade, str) else shade.text
            ground = c.hover if on else ""
            return ground, ground, words if self.isEnabled() else c.soft
        if self.isChecked():
            return c.blue.tint, c.focus, c.blue.text
        return (c.hover if on else c.control), c.control_line, c.text if self.isEnabled() else c.soft

    def paintEvent(self, event: QPaintEvent) -> None:
        ground, line, shade = self._shades()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if ground:
            painter.setPen(QPen(QColor(line), 1))
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(box, tokens.RADIUS_CONTROL, tokens.RADIUS_CONTROL)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            strong = self.kind == "primary"
            painter.setPen(QPen(QColor(colors().focus if strong else colors().accent_text), 2 if strong else 1))
            inset = 1.5 if strong else 0.0
            painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), 5, 5)
        x = (self.width() - self._content()) / 2
        if self._icon_name:
            icons.paint(painter, self._icon_name, shade, round(x), round((self.height() - tokens.ICON) / 2))
            x += tokens.ICON + 6
        painter.setPen(QColor(shade))
        width = self.fontMetrics().horizontalAdvance(self.text())
        painter.drawText(QRectF(x, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._hint:
            paint_badge(painter, round(x + width + 8), self.height() // 2, self._hint, shade)


def _badge_font() -> QFont:
    return fonts.font(11)


def badge_width(text: str) -> int:
    """Pixels of a shortcut badge."""
    return QFontMetrics(_badge_font()).horizontalAdvance(text) + 10


def paint_badge(painter: QPainter, x: int, middle: int, text: str, shade: str) -> None:
    """A shortcut in its small frame, in the colour of the text beside it."""
    box = QRect(x, middle - 9, badge_width(text), 18)
    line, ground = QColor(shade), QColor(shade)
    line.setAlphaF(0.35)
    ground.setAlphaF(0.10)
    painter.setPen(QPen(line, 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(QColor(shade))
    painter.setFont(_badge_font())
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def keyed(button: Button, keys: str, page: QWidget) -> None:
    """Let a shortcut of `page` press a button, and say so under the mouse."""
    QShortcut(QKeySequence(keys), page).activated.connect(lambda: button.click() if button.isVisible() else None)
    button.setToolTip(keys.replace("+", " "))


class Segmented(QWidget):
    """One of a few, side by side: [接通|未接|关机|错号]. Arrow keys move, digits choose, the chosen one is filled.

    `options` are (code, label) pairs; `value()` is a code or None; `changed` carries the code.
    """

    changed = Signal(object)

    def __init__(
        self, options: Sequence[tuple[str, str]] = (), value: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._options = list(options)
        self._value = value
        self._hover = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._say()

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        self._options = list(options)
        self.updateGeometry()
        self._say()
        self.update()

    def options(self) -> list[tuple[str, str]]:
        return list(self._options)

    def value(self) -> str | None:
        return self._value

    def set_value(self, value: str | None) -> None:
        """Show a value without emitting `changed`."""
        self._value = value
        self._say()
        self.update()

    def choose(self, value: str) -> None:
        """Choose as the person does."""
        if value != self._value:
            self.set_value(value)
            self.changed.emit(value)

    def sizeHint(self) -> QSize:
        widest = max((self.fontMetrics().horizontalAdvance(label) for _code, label in self._options), default=0)
        return QSize((widest + 24) * max(1, len(self._options)), 30)

    def minimumSizeHint(self) -> QSize:
        total = sum(self.fontMetrics().horizontalAdvance(label) + 12 for _code, label in self._options)
        return QSize(total, 30)

    def _say(self) -> None:
        self.setAccessibleDescription(next((label for code, label in self._options if code == self._value), ""))

    def _edges(self) -> list[int]:
        count = max(1, len(self._options))
        spare = self.width() - self.minimumSizeHint().width()
        if spare < 0 or self.width() >= self.sizeHint().width():
            return [round(self.width() * n / count) for n in range(count + 1)]
        edges, x = [0], 0.0
        for _code, label in self._options:
            x += self.fontMetrics().horizontalAdvance(label) + 12 + spare / count
            edges.append(round(x))
        return edges

    def _at(self, x: float) -> int:
        edges = self._edges()
        return next((n for n in range(len(self._options)) if edges[n] <= x < edges[n + 1]), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._at(event.position().x())
        if at >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.choose(self._options[at][0])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._at(event.position().x())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        codes = [code for code, _label in self._options]
        here = codes.index(self._value) if self._value in codes else -1
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        digit = event.key() - Qt.Key.Key_1
        if step and codes:
            self.choose(codes[max(0, min(len(codes) - 1, here + step))])
        elif 0 <= digit < len(codes) and not event.modifiers():
            self.choose(codes[digit])
        elif event.key() == Qt.Key.Key_Space and codes and here < 0:
            self.choose(codes[0])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(box, tokens.RADIUS_CONTROL, tokens.RADIUS_CONTROL)
        painter.fillPath(shape, QColor(c.control))
        painter.setClipPath(shape)
        edges = self._edges()
        for n, (code, label) in enumerate(self._options):
            part = QRect(edges[n], 0, edges[n + 1] - edges[n], self.height())
            chosen = code == self._value
            if chosen or n == self._hover:
                painter.fillRect(part, QColor(c.accent if chosen else c.hover))
            painter.setPen(QColor(c.control_line))
            if n:
                painter.drawLine(part.left(), 0, part.left(), self.height())
            painter.setPen(QColor(c.on_accent if chosen else c.text if self.isEnabled() else c.soft))
            shown = self.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, part.width() - 6)
            painter.drawText(part, Qt.AlignmentFlag.AlignCenter, shown)
        painter.setClipping(False)
        painter.setPen(QPen(QColor(c.accent_text if self.hasFocus() else c.control_line), 1))
        painter.drawPath(shape)
