"""The card of open conflicts, under the inbox and on its own page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.core import sync
from fieldcrm.core.sync import ConflictRow, Side
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, EmptyState
from fieldcrm.ui.kit.page import MERGED, Desk
from fieldcrm.ui.rooms.conflicts.board import BoardHead, ConflictBoard


class ConflictCard(Card):
    """Reads the conflicts and resolves them; `counted(n)` after each reading."""

    counted = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(
            _("Conflicts to decide"),
            " ",
            padded=False,
            parent=parent,
        )
        self.desk = desk
        self.total = 0
        self.all_button = Button(_("All as suggested"), small=True)
        self.add_button(self.all_button)
        self.board = ConflictBoard()
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self.board)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.empty = EmptyState(
            "git-merge", _("No conflicts"), _("When two sides change the same field, both values stand here.")
        )
        self.stack = QStackedWidget()
        filled = QWidget()
        column = QVBoxLayout(filled)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.head = BoardHead(self.board, desk.me.role == "office")
        column.addWidget(self.head)
        column.addWidget(self.area, 1)
        self.stack.addWidget(filled)
        self.stack.addWidget(self.empty)
        self.body.addWidget(self.stack, 1)
        self.board.kept.connect(self._keep)
        self.all_button.clicked.connect(self.take_all)
        self.setFocusProxy(self.board)

    def load(self) -> None:
        runner = self.desk.runner
        runner.read(sync.list_conflicts, then=self._show, key=f"conflicts.{id(self)}", owner=self)
        runner.read(sync.count_conflicts, then=self._count, key=f"conflicts.{id(self)}.n", owner=self)

    def take_all(self) -> None:
        """Keep the suggested value of every conflict shown, as one operation."""
        keys = [row.key for row in self.board.rows]
        if keys:
            words = _("{n} conflicts decided as suggested").format(n=len(keys))
            self.desk.runner.change(
                sync.resolve_as_suggested, keys, then=lambda _n: self._done(words), owner=self
            )  # fmt: skip

    def _keep(self, row: ConflictRow, side: Side) -> None:
        words = _("Kept: {title} · {label}: {value}").format(title=row.title, label=row.label, value=side.text)
        self.desk.runner.change(
            sync.resolve_conflict, row.record_id, row.field, side.clock, then=lambda _n: self._done(words), owner=self
        )

    def _done(self, words: str) -> None:
        self.desk.unsay(MERGED)
        self.desk.done(words)
        self.load()

    def _show(self, rows: Sequence[ConflictRow]) -> None:
        self.board.show_rows(rows)
        self.stack.setCurrentIndex(0 if rows else 1)
        self.head.update()
        self.all_button.setVisible(bool(rows))
        self._say_how_many()

    def _count(self, n: int) -> None:
        self.total = n
        self._say_how_many()
        self.counted.emit(n)

    def _say_how_many(self) -> None:
        shown = len(self.board.rows)
        words = _("Green is suggested: the later change · both values are kept until you decide") if shown else ""
        if self.total > shown > 0:
            words = _("the first {n} are shown").format(n=f"{shown:,}") + " · " + words
        self.set_subtitle(words)
