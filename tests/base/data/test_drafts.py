"""Drafts lie in the book, replace one another, belong to a device, and are nothing to undo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fieldcrm.base import clock
from fieldcrm.base.data.drafts import discard_draft, find_draft, save_draft
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import Refused

ME, OTHER = "a" * 32, "b" * 32


def test_a_draft_is_kept_replaced_and_forgotten(store: Store) -> None:
    noon = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
    with clock.at(noon):
        _result, changes = store.change(save_draft, ME, "callback:1", {"remark": "半句"})
    assert changes.kinds == frozenset()
    found = store.read(find_draft, ME, "callback:1")
    assert found is not None
    assert (found.state, found.saved_at) == ({"remark": "半句"}, noon)
    assert store.read(find_draft, OTHER, "callback:1") is None
    store.change(save_draft, ME, "callback:1", {"remark": "一句话"})
    store.change(save_draft, ME, "callback:2", {})
    store.change(save_draft, ME, "contact", {})
    store.change(discard_draft, ME, "callback:1")
    assert store.read(find_draft, ME, "callback:1") is None


def test_a_draft_is_no_operation(store: Store) -> None:
    store.change(save_draft, ME, "callback:1", {})
    with pytest.raises(Refused):
        store.undo()


def test_forgotten_drafts_go_after_ninety_days(store: Store) -> None:
    with clock.at(clock.now() - timedelta(days=91)):
        store.change(save_draft, ME, "old", {})
    store.change(save_draft, ME, "new", {})
    store.change(discard_draft, ME, "something else")
    assert store.read(find_draft, ME, "old") is None
    assert store.read(find_draft, ME, "new") is not None
