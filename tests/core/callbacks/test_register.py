"""The register 有效回访统计表: the list of past calls, on paper, as a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fieldcrm.base import clock, i18n
from fieldcrm.base.data.listing import Asked, Contains, OneOf
from fieldcrm.base.data.store import Store
from fieldcrm.base.paper.preview import Pages
from fieldcrm.base.sheets import reader
from fieldcrm.core import callbacks
from fieldcrm.core.register import register_bytes, write_register
from support.calls import FRIDAY, add_client

pytest_plugins = ["support.stores"]


@pytest.fixture(autouse=True)
def _friday() -> Iterator[None]:
    i18n.use("zh_CN")
    with clock.at(clock.instant(FRIDAY, 10, 12)):
        yield


@pytest.fixture
def called(store: Store) -> Store:
    one, _ = store.change(add_client, "王淑珍")
    two, _ = store.change(add_client, "刘德福")
    store.change(callbacks.log_callback, two, result="no_answer")
    store.change(
        callbacks.log_callback, one, result="reached", maturity_explained=True, intention="interested",
        conversion_offer="年金 D 款 8 万", remark="周末在家",
    )  # fmt: skip
    with clock.at(clock.instant(date(2026, 11, 21), 9)):
        store.change(callbacks.log_callback, two, result="reached", maturity_explained=True, intention="keep")
    return store


def test_the_list_newest_first_narrowed(called: Store) -> None:
    spec = callbacks.call_list()
    page = called.read(spec.page, Asked(), 0, 50)
    assert [(row.client, row.valid) for row in page.rows] == [("刘德福", True), ("王淑珍", True), ("刘德福", False)]
    assert called.read(spec.count, Asked((("client", Contains("王")),))) == 1
    assert called.read(spec.count, Asked((("result", OneOf(("no_answer",))),))) == 1


def test_the_register_of_a_day_holds_the_valid_calls(called: Store) -> None:
    day = called.read(callbacks.call_register, FRIDAY, FRIDAY)
    assert [(row["serial_number"], day.names[row["client_id"]]) for row in day.rows] == [(1, "王淑珍")]
    month = called.read(callbacks.call_register, date(2026, 11, 1), date(2026, 11, 30), valid_only=False)
    assert [row["serial_number"] for row in month.rows] == [1, 2, 3]


def test_on_paper(called: Store) -> None:
    register = called.read(callbacks.call_register, FRIDAY, FRIDAY)
    with Pages(register_bytes(register, who="福州支公司 林晓")) as pages:
        words = pages.text(0)
    for expected in ("有效回访统计表", "福州支公司 林晓", "王淑珍", "8861202211152217", "已说明", "有意向", "年金"):
        assert expected in words.replace("\r\n", "")


def test_as_a_sheet(called: Store, tmp_path: Path) -> None:
    register = called.read(callbacks.call_register, FRIDAY, FRIDAY)
    path = tmp_path / "register.xlsx"
    assert write_register(register, path) == 1
    sheets = reader.read(path)
    assert "王淑珍" in str(sheets)
