"""The table of pages: every role's pages, words and icons."""

from __future__ import annotations

from fieldcrm.base import resources
from fieldcrm.ui.shell import navigation


def test_keys_are_unique_and_icons_exist() -> None:
    keys = [entry.key for entry in navigation.ENTRIES]
    assert len(keys) == len(set(keys))
    for entry in navigation.ENTRIES:
        assert (resources.folder("icons") / f"{entry.icon}.svg").is_file(), entry.icon


def test_pages_that_are_not_built_are_not_offered() -> None:
    assert not navigation._built("fieldcrm.ui.rooms.nowhere.page")
    assert navigation._built("fieldcrm.ui.rooms")
    for role in (navigation.MANAGER, navigation.OFFICE):
        for entry in navigation.entries(role):
            assert navigation.page_class(entry)
