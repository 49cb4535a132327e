"""What every test stands on: no real book, no screen, random order, and nothing left behind."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.pop("FIELDCRM_PASSWORD", None)

pytest_plugins = [
    "support.clocks",
    "support.leaks",
    "support.office",
    "support.postgres",
    "support.stores",
    "support.books",
    "support.desks",
    "support.hands",
]

LONG = os.environ.get("FIELDCRM_LONG") == "1"
"""The long forms of the tests: many more random histories, mutants and kills; hours, not minutes."""

settings.register_profile("short", derandomize=True, deadline=None, max_examples=60, database=None)
settings.register_profile("long", deadline=None, max_examples=5000, print_blob=True)
settings.load_profile("long" if LONG else "short")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues and put the platform's data folder aside, before anything is imported."""
    from fieldcrm.base import catalogue

    catalogue.compile_all()
    folder = tempfile.TemporaryDirectory(prefix="fieldcrm-tests-")
    config.add_cleanup(folder.cleanup)
    os.environ["FIELDCRM_DATA"] = str(Path(folder.name) / "data")


@pytest.fixture
def long() -> bool:
    """Whether the long form was asked for (FIELDCRM_LONG=1)."""
    return LONG


@pytest.fixture(autouse=True)
def _speak_english() -> None:
    """Each test begins in the language of the source; one that needs Chinese says `i18n.use("zh_CN")`."""
    from fieldcrm.base import i18n

    i18n.use("en")
