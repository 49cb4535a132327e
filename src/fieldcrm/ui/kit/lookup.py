"""How reference fields find clients, policies and products: through the runner, by the search of the book."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject

from fieldcrm.ui.kit.fields_record import Found
from fieldcrm.ui.kit.runner import Runner

LIMIT = 8


class RunnerLookup(QObject):
    """A form's lookup (see `kit.fields_many.Lookup`); a later question drops an earlier one."""

    def __init__(self, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner

    def find(self, kind: str, typed: str, then: Callable[[Sequence[Found]], object]) -> None:
        self._runner.read(find, kind, typed, then=then, key=f"lookup.{id(self)}", owner=self)

    def name(self, kind: str, record_id: str, then: Callable[[str], object]) -> None:
        self._runner.read(name_of, kind, record_id, then=then, owner=self)


def find(session: Any, kind: str, typed: str) -> list[Found]:
    """Records of a kind for a typed word (runs on a reader)."""
    from fieldcrm.core import clients, policies, search

    if kind == "product":
        return [Found(id, name, code) for id, name, code in policies.find_products(session, typed, LIMIT)]
    if kind not in ("client", "policy"):
        return []
    hits = search.find(session, typed, {kind}, LIMIT)
    ids = [hit.record_id for hit in hits]
    details: dict[str, str] = {}
    if kind == "client":
        rows = clients.client_rows(session, ids)
        details = {id: " · ".join(filter(None, (row.category, row.phone))) for id, row in rows.items()}
    return [Found(hit.record_id, hit.title, details.get(hit.record_id, "")) for hit in hits]


def name_of(session: Any, kind: str, record_id: str) -> str:
    """What a record is called (runs on a reader); empty when it is not known here."""
    from fieldcrm.base.data.schema import record_tables

    table = record_tables().get(kind)
    record: Any = session.get(table, record_id) if table is not None else None
    if record is None:
        return ""
    return str(getattr(record, "name", None) or getattr(record, "number", None) or getattr(record, "what", ""))
