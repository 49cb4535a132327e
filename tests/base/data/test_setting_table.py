"""Settings of the book: a person's own before those of the whole book, journalled and undone like any record."""

from __future__ import annotations

import pytest

from fieldcrm.base import settings
from fieldcrm.base.data.setting_table import change_setting, read_settings
from fieldcrm.base.data.store import Store
from fieldcrm.base.errors import InvalidField
from support.stores import PERSON

GOAL = settings.CALLBACKS_A_DAY


def test_nothing_set_means_the_defaults(store: Store) -> None:
    assert store.read(read_settings).get(GOAL) == 20


def test_own_setting_comes_before_that_of_the_book(store: Store) -> None:
    store.change(change_setting, GOAL.key, 30)
    store.change(change_setting, GOAL.key, 12, PERSON)
    assert store.read(read_settings).get(GOAL) == 30
    assert store.read(read_settings, PERSON).get(GOAL) == 12
    assert store.read(read_settings, "9" * 32).get(GOAL) == 30


def test_a_change_tells_its_kind_and_is_undone(store: Store) -> None:
    store.change(change_setting, GOAL.key, 30, PERSON)
    _none, changes = store.change(change_setting, GOAL.key, 40, PERSON)
    assert changes.kinds == {"setting"}
    store.undo()
    assert store.read(read_settings, PERSON).get(GOAL) == 30
    store.undo()
    assert store.read(read_settings, PERSON).get(GOAL) == 20


def test_wrong_value_leaves_the_book_as_it_was(store: Store) -> None:
    with pytest.raises(InvalidField):
        store.change(change_setting, GOAL.key, -1)
    with pytest.raises(ValueError, match="of the device"):
        store.change(change_setting, settings.THEME.key, "dark")
    assert store.read(read_settings).get(GOAL) == 20
