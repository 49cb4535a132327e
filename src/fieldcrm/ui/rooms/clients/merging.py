"""Two clients that are the same one, side by side: what differs is chosen field by field, then they become one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _, ngettext
from fieldcrm.base.text import EMPTY
from fieldcrm.core import clients
from fieldcrm.core.clients import Comparison, Difference
from fieldcrm.ui.kit import fonts, icons, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card
from fieldcrm.ui.kit.page import Desk
from fieldcrm.ui.kit.paint import paint_panel
from fieldcrm.ui.kit.scrolling import scrolled
from fieldcrm.ui.kit.text import Label, soft, title
from fieldcrm.ui.kit.theme import colors

_LABEL, _TICK = 130, 16
_ROOM = 12


class Value(QAbstractButton):
    """One of the two values of a field; the chosen one is marked. Left and Right choose between the two."""

    stepped = Signal(int)

    def __init__(self, words: str, told: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(words or EMPTY)
        self.setAccessibleName(told)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _words(self, width: int) -> Any:
        room = max(40, width - 2 * _ROOM - _TICK - 6)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        return self.fontMetrics().boundingRect(0, 0, room, 10_000, int(flags), self.text())

    def heightForWidth(self, width: int) -> int:
        return max(tokens.CONTROL, int(self._words(width).height()) + 13)

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(200, self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(140, tokens.CONTROL)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: 0, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        chosen = self.isChecked()
        line = c.accent_text if chosen or self.hasFocus() else c.control_line if self.underMouse() else c.line
        paint_panel(painter, QRectF(self.rect()), c.selection if chosen else c.card, line, tokens.RADIUS_CONTROL)
        if self.hasFocus():
            paint_panel(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), c.selection if chosen else c.card,
                        c.accent_text, tokens.RADIUS_CONTROL)  # fmt: skip
        if chosen:
            icons.paint(painter, "check", c.accent_text, _ROOM - 2, (self.height() - _TICK) // 2, _TICK)
        painter.setFont(fonts.font())
        painter.setPen(QColor(c.text if chosen else c.soft))
        box = self.rect().adjusted(_ROOM + _TICK + 6, 0, -_ROOM, 0)
        painter.drawText(box, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter, self.text())


class MergeView(Card):
    """`begin(ids)` compares the first two; with more, the next one follows. Signals: `merged(id)` once all are one,
    `left` on Escape. Each pair is one operation, so that one undo parts them again."""

    merged = Signal(str)
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(_("Merge two clients"), parent=parent)
        self.desk = desk
        self.found: Comparison | None = None
        self._rest: list[str] = []
        self.choices: dict[str, tuple[Value, Value]] = {}
        self.cancel_button = Button(_("Cancel"), small=True, hint="Esc")
        self.merge_button = Button(_("Merge"), kind="primary", small=True, hint="Ctrl ↵")
        self.add_button(self.cancel_button)
        self.add_button(self.merge_button)
        self.cancel_button.clicked.connect(self.left)
        self.merge_button.clicked.connect(self.merge)
        self._area = scrolled(QWidget())
        self.body.addWidget(self._area)
        for keys, act in (("Esc", self.left.emit), ("Ctrl+Return", self.merge), ("Ctrl+Enter", self.merge)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def begin(self, ids: Sequence[str]) -> None:
        """Compare the first two of several clients."""
        self._rest = list(ids[2:])
        self.desk.runner.read(
            clients.compare_clients, ids[0], ids[1], then=self._show, key="clients.compare", owner=self
        )

    def chosen(self) -> dict[str, str]:
        """Field to the id of the client whose value stays."""
        assert self.found is not None  # noqa: S101 asked only of what is shown
        one, other = (side.client_id for side in self.found.sides)
        return {name: one if pair[0].isChecked() else other for name, pair in self.choices.items()}

    def merge(self) -> None:
        """Make one of the two."""
        found = self.found
        if found is None or not self.merge_button.isEnabled():
            return
        self.merge_button.setEnabled(False)
        kept = found.kept.client_id
        gone = next(side.client_id for side in found.sides if side.client_id != kept)
        self.desk.runner.change(
            clients.merge_clients, kept, [gone], chosen=self.chosen(), then=self._merged,
            failed=lambda _error: self.left.emit(), owner=self,
        )  # fmt: skip

    def _merged(self, done: clients.Merged) -> None:
        n = done.moved
        words = ngettext("Made one client; {n} record moved", "Made one client; {n} records moved", n)
        self.desk.done(words.format(n=n))
        if self._rest:
            self.begin([done.client_id, *self._rest])
        else:
            self.merged.emit(done.client_id)

    # -- showing --------------------------------------------------------------------------------

    def _show(self, found: Comparison) -> None:
        self.found = found
        differ = len(found.differ)
        words = ngettext("{n} field differs: choose what stays", "{n} fields differ: choose what stays", differ)
        parts = [words.format(n=differ) if differ else _("Nothing differs.")]
        if self._rest:
            parts.append(_("{n} more to follow").format(n=len(self._rest)))
        self.set_subtitle(" · ".join(parts))
        self.merge_button.setEnabled(True)
        self.choices = {}
        inner = QWidget()
        inner.setProperty("plain", True)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 2, 8, 2)
        column.setSpacing(14)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, _LABEL)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        column.addLayout(grid)
        self._heads(grid, found)
        for number, one in enumerate(found.differ, 1):
            self._row(grid, number, one)
        quiet = [(_("Both are kept"), found.joined), (_("The same in both"), found.same)]
        row = len(found.differ) + 1
        for heading, lines in quiet:
            if lines:
                grid.addWidget(Label(heading, bold=True), row, 0, 1, 3)
                grid.setRowMinimumHeight(row, 34)
                row += 1
            for label, value in lines:
                grid.addWidget(soft(label), row, 0, Qt.AlignmentFlag.AlignTop)
                grid.addWidget(Label(value, wrap=True), row, 1, 1, 2)
                row += 1
        column.addStretch()
        self._area.setWidget(inner)
        first = next(iter(self.choices.values()), None)
        (self.merge_button if first is None else first[0] if first[0].isChecked() else first[1]).setFocus()

    def _heads(self, grid: QGridLayout, found: Comparison) -> None:
        for place, side in enumerate(found.sides, 1):
            box = QWidget()
            lines = QVBoxLayout(box)
            lines.setContentsMargins(0, 0, 0, 4)
            lines.setSpacing(2)
            name = title(side.name)
            name.setWordWrap(True)
            belongs = ngettext("{n} record belongs to it", "{n} records belong to it", side.records)
            lines.addWidget(name)
            lines.addWidget(soft(" · ".join(filter(None, (side.about, belongs.format(n=side.records)))), wrap=True))
            grid.addWidget(box, 0, place)

    def _row(self, grid: QGridLayout, number: int, one: Difference) -> None:
        label = soft(one.label)
        grid.addWidget(label, number, 0)
        pair = tuple(Value(words, f"{one.label}: {words or EMPTY}") for words in one.values)
        for place, value in enumerate(pair):
            grid.addWidget(value, number, place + 1)
            value.clicked.connect(lambda _on=False, name=one.field, place=place: self.choose(name, place))
            value.stepped.connect(lambda step, name=one.field: self.choose(name, step))
        self.choices[one.field] = (pair[0], pair[1])
        pair[0].setChecked(one.first)
        pair[1].setChecked(not one.first)

    def choose(self, field: str, place: int) -> None:
        """Let the first or the second value of a field stay."""
        for number, value in enumerate(self.choices[field]):
            value.setChecked(number == place)
        self.choices[field][place].setFocus()
