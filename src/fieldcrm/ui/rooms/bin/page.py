"""The recycle bin: what was deleted, by whom and when; one key brings it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from fieldcrm.base.data.schema import EVERYONE
from fieldcrm.base.i18n import _, ngettext
from fieldcrm.base.text import instant_text
from fieldcrm.core import bin
from fieldcrm.core.bin import BinRow
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.columns import ListColumn, Look
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.rooms.sync.given import GivenTable, SortKey


class BinPage(Page):
    """Deleted records of every kind, newest first; Enter or the button restores the selected ones."""

    kinds: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.set_heading(_("Recycle bin"))
        self.wants_quick_log = False
        self.rows: dict[str, BinRow] = {}
        self.restore_button = Button(_("Restore"), icon="undo-2", kind="primary", hint="Enter")
        self.header_buttons = [self.restore_button]
        self.table = GivenTable("bin", bin_columns(), lambda row: f"{row.kind}:{row.record_id}", SORTS, desk.runner)
        self.empty = EmptyState(
            "trash-2", _("The bin is empty"), _("What you delete stays here and can be brought back at any time.")
        )
        card = Card(padded=False)
        card.body.setContentsMargins(0, 0, 0, 0)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self.table)
        card.body.addWidget(self.stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.EDGE, 16, tokens.EDGE, 16)
        column.addWidget(card)
        self.table.opened.connect(lambda _id: self.bring_back())
        self.restore_button.clicked.connect(self.bring_back)
        self.table.selected.connect(lambda _n: self._show_button())
        QShortcut(QKeySequence("Ctrl+R"), self).activated.connect(self.bring_back)
        self.setFocusProxy(self.table)
        self._show_button()

    def load(self) -> None:
        self.desk.runner.read(bin.list_deleted, then=self._show, key="bin", owner=self)

    def bring_back(self) -> None:
        """Restore the selected records, as one operation."""
        rows = self._selected()
        if rows:
            keys = [(row.kind, row.record_id) for row in rows]
            one = _("Restored: {title}").format(title=rows[0].title)
            many = _("{n} records restored").format(n=f"{len(rows):,}")
            words = one if len(rows) == 1 else many
            self.desk.runner.change(
                bin.restore_records, keys, then=lambda _n: self.desk.done(words), owner=self
            )  # fmt: skip

    def _selected(self) -> list[BinRow]:
        chosen: list[BinRow] = []
        for first, last in self.table.selected_ranges():
            chosen += self.table.given.rows[first : last + 1]
        return chosen

    def _show(self, rows: Sequence[BinRow]) -> None:
        self.stack.setCurrentWidget(self.table if rows else self.empty)
        self.table.show_rows(rows)
        words = ngettext("{n} deleted record", "{n} deleted records", len(rows)).format(n=f"{len(rows):,}")
        self.set_heading(_("Recycle bin"), words if rows else "")
        if rows and not self.table.currentIndex().isValid():
            self.table.select_row(0)
        self._show_button()

    def _show_button(self) -> None:
        rows = self._selected()
        mine = (self.desk.me.person_id, EVERYONE, None)
        able = bool(rows) and all(row.owner_id in mine for row in rows)
        self.restore_button.setEnabled(able)
        self.restore_button.setToolTip(
            "" if able or not rows else _("It belongs to somebody else, who deleted it; only that person restores it.")
        )


SORTS: dict[str, SortKey] = {
    "title": lambda r: r.title,
    "kind": lambda r: r.kind_label,
    "person": lambda r: r.person,
    "at": lambda r: r.deleted_at,
}


def bin_columns() -> list[ListColumn]:
    """Title, kind, who, when."""
    return [
        ListColumn("title", lambda: _("Record"), lambda r: r.title, Look.PLAIN, 420),
        ListColumn("kind", lambda: _("Kind"), lambda r: r.kind_label, Look.CHIP, 140, lambda r: "grey"),
        ListColumn("person", lambda: _("Deleted by"), lambda r: r.person, width=160),
        ListColumn("at", lambda: _("When"), lambda r: instant_text(r.deleted_at), Look.SECONDARY, 160),
    ]  # fmt: skip
