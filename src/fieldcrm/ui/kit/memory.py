"""The memory of a list between runs: read from the book once, written back at each change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fieldcrm.ui.kit.runner import Runner


class ListMemory(dict[str, Any]):
    """Give it to a `ListPane` as its memory, then `load(pane.recall)`."""

    def __init__(self, runner: Runner, name: str) -> None:
        super().__init__()
        self._runner, self._name = runner, name
        self._read = False

    def load(self, then: Callable[[], object]) -> None:
        """Read what was kept; `then()` when there was something."""
        from fieldcrm.base.data.looks import find_look

        def found(state: dict[str, Any]) -> None:
            self._read = True
            self.update(state)
            if state:
                then()

        self._runner.read(find_look, self._owner(), self._name, then=found, key=f"look.{self._name}")

    def __setitem__(self, key: str, value: Any) -> None:
        from fieldcrm.base.data.looks import save_look

        same = self.get(key) == value
        super().__setitem__(key, value)
        if self._read and not same:  # before, the list only lays itself out
            self._runner.change(save_look, self._owner(), self._name, dict(self))

    def _owner(self) -> str:
        return str(self._runner.store.author.device)
