"""The page of conflicts."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QVBoxLayout

from fieldcrm.base.i18n import _, ngettext
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.rooms.conflicts.card import ConflictCard


class ConflictsPage(Page):
    """All open conflicts, decided one by one with a key or all as suggested."""

    kinds: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.set_heading(_("Conflicts"))
        self.wants_quick_log = False
        self.card = ConflictCard(desk)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.EDGE, 16, tokens.EDGE, 16)
        column.addWidget(self.card)
        self.card.counted.connect(self._count)
        self.setFocusProxy(self.card)

    def load(self) -> None:
        self.card.load()

    def _count(self, n: int) -> None:
        words = ngettext("{n} field to decide", "{n} fields to decide", n).format(n=f"{n:,}") if n else ""
        self.set_heading(_("Conflicts"), words)
        self.desk.badge("conflicts", n or None)
