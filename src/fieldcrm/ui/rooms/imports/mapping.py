"""The columns of a list and what each of them means; a person may say otherwise, and have it remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QScrollArea, QWidget

from fieldcrm.base.i18n import _, ngettext
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.cards import Card
from fieldcrm.ui.kit.text import Elided, Label

if TYPE_CHECKING:
    from fieldcrm.core.imports import ColumnMatch, ImportPlan, Target

WIDTH = 344


class TargetBox(QComboBox):
    """What one column means; its long list is filled when it is opened or typed into."""

    chosen = Signal(str, object)  # column title, target key (None: left out)

    def __init__(self, column: ColumnMatch) -> None:
        super().__init__()
        self.title = column.title
        self._key = column.target.key if column.target is not None else None
        self._full = False
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.setMaxVisibleItems(18)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Meaning of the column {title}").format(title=column.title))
        self.addItem(column.target.label if column.target is not None else _("(left out)"), self._key)
        self.activated.connect(self._activated)

    def key(self) -> str | None:
        """The target's key; None: left out."""
        return self._key

    def fill(self) -> None:
        """Offer everything that a column can mean."""
        if self._full:
            return
        from fieldcrm.core.imports import targets

        self._full = True
        self.clear()
        self.addItem(_("(left out)"), None)
        for target in targets():
            self.addItem(_whole_label(target), target.key)
        self.setCurrentIndex(max(0, self.findData(self._key)))
        self.view().setMinimumWidth(280)

    def showPopup(self) -> None:
        self.fill()
        super().showPopup()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.fill()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.fill()
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the list scrolls; a meaning is not changed by rolling over it

    def _activated(self, index: int) -> None:
        key = self.itemData(index)
        if key != self._key:
            self._key = key
            self.chosen.emit(self.title, key)


def _whole_label(target: Target) -> str:
    kind = _("Policy") if target.kind == "policy" else _("Client")
    return f"{kind} · {target.label}"


class ColumnsCard(Card):
    """`show_plan(plan, …)`; `chosen(title, key)` when a person gives a column another meaning."""

    chosen = Signal(str, object)
    remember_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__(_("Columns"), " ", padded=False)
        self.setFixedWidth(WIDTH)
        self.boxes: dict[str, TargetBox] = {}
        self._last = ""  # the column that a person named last
        self.chosen.connect(self._note)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self._area, 1)
        self.remember = QCheckBox(_("Remember my changes for lists like this"))
        self.remember.toggled.connect(self.remember_changed)
        foot = QWidget()
        row = QGridLayout(foot)
        row.setContentsMargins(tokens.PAD, 8, tokens.PAD, 8)
        row.addWidget(self.remember, 0, 0)
        self.body.addWidget(foot)
        self._foot = foot

    def show_plan(self, plan: ImportPlan, *, own: bool, remember: bool) -> None:
        """The columns of the plan's lists; `own`: a person changed some of them."""
        from fieldcrm.core.imports import samples

        found: dict[str, tuple[ColumnMatch, str]] = {}
        for table in plan.tables:
            for column in table.columns:
                if column.title and column.title not in found:
                    tip = " · ".join(samples(table, column)) if column.target is None else ""
                    found[column.title] = (column, tip)
        inside = QWidget()
        inside.setProperty("plain", True)
        grid = QGridLayout(inside)
        grid.setContentsMargins(tokens.PAD, 10, tokens.PAD, 10)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 5)
        grid.setColumnStretch(1, 6)
        self.boxes = {}
        for row, (title, (column, tip)) in enumerate(found.items()):
            self._row(grid, row, title, column, tip)
        grid.setRowStretch(len(found), 1)
        place = self._area.verticalScrollBar().value()
        self._area.setWidget(inside)
        self._area.verticalScrollBar().setValue(place)
        known = sum(1 for column, _tip in found.values() if column.target is not None)
        words = ngettext("{known} of {n} recognised", "{known} of {n} recognised", len(found))
        self.set_subtitle(words.format(known=known, n=len(found)))
        self._foot.setVisible(own)
        self.remember.setChecked(remember)

    def _note(self, title: str, _key: object) -> None:
        self._last = title

    def take_focus(self) -> bool:
        """The keyboard goes to the column that was named last, to go on from there; False when none was."""
        box = self.boxes.get(self._last)
        if box is not None:
            box.setFocus()
            self._area.ensureWidgetVisible(box)
        return box is not None

    def first(self) -> QWidget:
        """The box of the first column."""
        return next(iter(self.boxes.values()), self._area)

    def forget(self) -> None:
        """Another list comes."""
        self._last = ""

    def _row(self, grid: QGridLayout, row: int, title: str, column: ColumnMatch, tip: str) -> None:
        name = Elided(title) if column.target is not None else Elided(title, token="soft")  # noqa: S106 a colour
        box = TargetBox(column)
        box.chosen.connect(self.chosen)
        grid.addWidget(name, row, 0)
        grid.addWidget(box, row, 1)
        if tip:
            box.setToolTip(_("For example: {values}").format(values=tip))
        if column.why == "double":
            mark = Label("2", size=tokens.SMALL, token="amber", bold=True)  # noqa: S106 a tone
            mark.setToolTip(_("Another column of the list has this meaning already."))
            grid.addWidget(mark, row, 2)
        self.boxes[title] = box
