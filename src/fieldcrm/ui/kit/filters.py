"""Narrowing a list: the panel that asks for one column's filter, and filters in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from fieldcrm.base import clock, text
from fieldcrm.base.data.listing import Between, Contains, Filter, FilterKind, OneOf
from fieldcrm.base.i18n import _, is_chinese
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.columns import ListColumn
from fieldcrm.ui.kit.popup import Popup
from fieldcrm.ui.kit.text import Label, soft

Facets = list[tuple[Any, int]]


def in_words(column: ListColumn, wanted: Filter) -> str:
    """A filter as its chip says it: `Grade: A, B`."""
    match wanted:
        case Contains(words):
            said = words
        case OneOf(values):
            said = ("、" if is_chinese() else ", ").join(_value(column, v) for v in values)
        case Between(low, high):
            said = f"{_bound(column, low)} – {_bound(column, high)}"
    return f"{column.title()}：{said}" if is_chinese() else f"{column.title()}: {said}"


def _value(column: ListColumn, value: Any) -> str:
    if value is None:
        return _("(empty)")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return next((c.label for c in column.choices if c.code == value), str(value))


def _bound(column: ListColumn, value: date | int | None) -> str:
    if value is None:
        return "…"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value / 100:,.2f}".removesuffix(".00") if column.filter == FilterKind.MONEY else f"{value:,}"


def parse_bound(kind: FilterKind, typed: str) -> date | int | None:
    """What was typed as a bound: a date as people write them, a number, an amount with 万; None when empty.

    Raises ValueError when it is none of them.
    """
    typed = text.tidy(typed)
    if not typed:
        return None
    if kind == FilterKind.DATE:
        return _day(typed)
    number = typed.replace(",", "").removesuffix("元").strip()
    factor = 1
    if number.endswith("万"):
        number, factor = number[:-1].strip(), 10_000
    amount = float(number) * factor
    return round(amount * 100) if kind == FilterKind.MONEY else round(amount)


def _day(typed: str) -> date:
    parts = [int(p) for p in typed.replace("/", "-").replace(".", "-").split("-")]
    if len(parts) == 2:
        parts.insert(0, clock.today().year)
    if len(parts) != 3:
        raise ValueError(typed)
    return date(*parts)


class FilterPanel(Popup):
    """A small panel under a column head; `done(filter | None)` when applied or cleared."""

    def __init__(
        self, column: ListColumn, wanted: Filter | None, done: Callable[[Filter | None], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.column = column
        self._done = done
        self._boxes: list[tuple[Any, QCheckBox]] = []
        self._lines: list[QLineEdit] = []
        self.setMinimumWidth(240)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 10, 12, 10)
        outer.setSpacing(8)
        outer.addWidget(Label(column.title(), bold=True))
        self._body = QVBoxLayout()
        self._body.setSpacing(6)
        outer.addLayout(self._body)
        self._problem = Label("", size=tokens.SMALL, token="red", wrap=True)  # noqa: S106 a colour's name
        self._problem.hide()
        outer.addWidget(self._problem)
        self._build(wanted)
        row = QHBoxLayout()
        self._apply = Button(_("Apply"), kind="primary", small=True)
        self._apply.clicked.connect(self.apply)
        clear = Button(_("Clear"), small=True)
        clear.clicked.connect(self.clear)
        row.addWidget(self._apply)
        row.addWidget(clear)
        row.addStretch()
        outer.addLayout(row)

    def show_at(self, place: QPoint) -> None:
        self.adjustSize()
        super().show_at(place)

    def first(self) -> QWidget:
        return self._lines[0] if self._lines else self._boxes[0][1] if self._boxes else self._apply

    def set_facets(self, facets: Facets) -> None:
        """The values that occur, with their counts (for a choice column)."""
        chosen = {value for value, box in self._boxes if box.isChecked()}
        self._show_boxes(facets, chosen)
        self.adjustSize()

    def wanted(self) -> Filter | None:
        """The filter as it stands; raises ValueError when a bound cannot be read."""
        kind = self.column.filter
        if kind == FilterKind.TEXT:
            words = self._lines[0].text().strip()
            return Contains(words) if words else None
        if kind == FilterKind.CHOICE:
            chosen = tuple(value for value, box in self._boxes if box.isChecked())
            return OneOf(chosen) if chosen else None
        low, high = (parse_bound(kind, line.text()) for line in self._lines)
        return None if low is None and high is None else Between(low, high)

    def apply(self) -> None:
        try:
            wanted = self.wanted()
        except (ValueError, OverflowError):
            self._problem.setText(self._complaint())
            self._problem.show()
            self.adjustSize()
            return
        self.close()
        self._done(wanted)

    def clear(self) -> None:
        self.close()
        self._done(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply()
        else:
            super().keyPressEvent(event)

    def _complaint(self) -> str:
        if self.column.filter == FilterKind.DATE:
            return _("This is not a date. Write it as 2026-11-23 or 11-23.")
        return _("This is not a number. Write it as 120000 or 12万.")

    def _build(self, wanted: Filter | None) -> None:
        kind = self.column.filter
        if kind == FilterKind.CHOICE:
            chosen = set(wanted.values) if isinstance(wanted, OneOf) else set()
            codes: list[Any] = [c.code for c in self.column.choices]
            codes += [value for value in chosen if value not in codes]
            self._show_boxes([(code, -1) for code in codes], chosen)
            return
        if kind == FilterKind.TEXT:
            line = self._line(_("contains…"))
            line.setText(wanted.text if isinstance(wanted, Contains) else "")
            return
        for name, bound in ((_("from"), "low"), (_("to"), "high")):
            self._body.addWidget(soft(name))
            line = self._line("2026-11-23" if kind == FilterKind.DATE else "")
            value = getattr(wanted, bound) if isinstance(wanted, Between) else None
            line.setText("" if value is None else _bound(self.column, value).replace(",", ""))

    def _line(self, placeholder: str) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText(placeholder)
        line.returnPressed.connect(self.apply)
        self._lines.append(line)
        self._body.addWidget(line)
        return line

    def _show_boxes(self, facets: Facets, chosen: set[Any]) -> None:
        while (item := self._body.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        self._boxes = []
        inside = QWidget()
        inside.setProperty("plain", True)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for value, count in facets:
            words = _value(self.column, value)
            box = QCheckBox(words if count < 0 else f"{words}  {count:,}")
            box.setChecked(value in chosen)
            column.addWidget(box)
            self._boxes.append((value, box))
        column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setFixedHeight(min(260, 4 + 26 * max(1, len(facets))))
        self._body.addWidget(area)
