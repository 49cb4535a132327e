"""Keeps the counts in the rail up to date: after a change, a moment later, only those it can have touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from fieldcrm.ui.kit.runner import Runner

if TYPE_CHECKING:
    from fieldcrm.ui.kit.page import Desk

_SETTLE_MS = 600  # saves in a row are counted once
_FIRST_MS = 250  # the first page comes first


class BadgeWatch(QObject):
    """Asks the book and tells the desk; counts that a page keeps itself are left to that page."""

    def __init__(self, runner: Runner, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._desk = runner, desk
        self._kinds: set[str] | None = None  # None: all of them
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask)
        runner.changed.connect(self._on_changed)
        self._timer.start(_FIRST_MS)

    def _on_changed(self, changes: Any) -> None:
        if self._kinds is not None:
            self._kinds |= changes.kinds
        self._timer.start(_SETTLE_MS)

    def _ask(self) -> None:
        if self._runner.store is None:
            return
        from fieldcrm.core.badges import badges, touched

        author = self._runner.store.author
        keys = touched(author.role, self._kinds)
        self._kinds = set()
        if keys:
            self._runner.read(badges, author.device, keys, then=self._show, owner=self)

    def _show(self, counts: dict[str, int]) -> None:
        for key, count in counts.items():
            self._desk.badge(key, count or None)
