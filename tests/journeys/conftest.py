"""Whole stories in the real window, by real clicks and keys, in the users' language."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from fieldcrm.base import i18n
from fieldcrm.ui.kit.theme import theme


@pytest.fixture(autouse=True)
def _as_the_users_have_it(qapp: QApplication) -> Iterator[None]:
    i18n.use("zh_CN")
    if theme.mode != "light":
        theme.apply("light")
    yield
    i18n.use("en")
