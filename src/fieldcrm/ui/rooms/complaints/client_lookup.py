"""How the form of a new complaint finds its client: by the search of the book, through the runner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject

from fieldcrm.ui.kit.fields_many import Found
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.shell import finding


class ClientLookup(QObject):
    """Finds clients only (see `kit.fields_many.Lookup`); a later question drops an earlier one."""

    def __init__(self, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner

    def find(self, kind: str, typed: str, then: Callable[[Sequence[Found]], object]) -> None:
        self._runner.read(_find, typed, then=then, key="complaints.clients", owner=self)

    def name(self, kind: str, record_id: str, then: Callable[[str], object]) -> None:
        self._runner.read(_name, record_id, then=then, owner=self)


def _find(session: Any, typed: str) -> list[Found]:
    return [Found(hit.record_id, hit.title, hit.detail) for hit in finding.find(session, typed, True)]


def _name(session: Any, client_id: str) -> str:
    from fieldcrm.core.clients.tables import Client

    client = session.get(Client, client_id)
    return client.name if client is not None else ""
