"""The fixtures themselves: a server that answers, an office that saves, and leaks that are caught."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from fieldcrm.base import clock
from support.clocks import MovingClock
from support.office import Office
from support.postgres import PostgresServer

pytest_plugins = ["pytester"]
TREE = Path(__file__).resolve().parents[2]


def test_clock_moves_by_hand(moving_clock: MovingClock) -> None:
    assert clock.today() == date(2026, 11, 23)
    moving_clock.forward(days=1)
    assert clock.today() == date(2026, 11, 24)


@pytest.mark.postgres
def test_each_database_is_empty_and_copies_keep_their_template(postgres_server: PostgresServer) -> None:
    import psycopg

    def fill(url: str) -> None:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE word (text TEXT)")

    template = postgres_server.template("words", fill)
    copy, empty = postgres_server.create(template), postgres_server.create()
    for name, tables in ((copy, 1), (empty, 0)):
        with psycopg.connect(postgres_server.url(name).replace("+psycopg", "")) as connection:
            found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        assert found == (tables,)
        postgres_server.drop(name)


@pytest.mark.postgres
def test_url_is_one_for_sqlalchemy(postgres_url: str) -> None:
    import sqlalchemy

    engine = sqlalchemy.create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("SHOW server_encoding")) == "UTF8"
    engine.dispose()


@pytest.mark.office
def test_office_saves_a_workbook_again(office: Office, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = "王淑珍"
    book.save(tmp_path / "list.xlsx")
    book.close()
    ods = office.convert(tmp_path / "list.xlsx", "ods", tmp_path / "once")
    again = office.convert(ods, "xlsx", tmp_path / "twice")
    reread = openpyxl.load_workbook(again)
    assert reread.active["A1"].value == "王淑珍"
    reread.close()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import threading\n    threading.Thread(target=threading.Event().wait, args=(3.5,)).start()", "threads left"),
        ("import logging\n    logging.getLogger('fieldcrm.x').warning('odd')", "logged: WARNING"),
        ("from PySide6.QtWidgets import QWidget\n    global w\n    w = QWidget()\n    w.show()", "widgets left behind"),
    ],
)
def test_what_is_left_behind_fails(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, body: str, said: str
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(str(TREE / part) for part in ("src", "tests")))
    pytester.makeconftest('pytest_plugins = ["support.leaks"]')
    pytester.makepyfile(f"def test_leak(qapp):\n    {body}\n")
    result = pytester.runpytest_subprocess("-p", "no:randomly")
    result.stdout.fnmatch_lines([f"*{said}*"])
    result.assert_outcomes(passed=1, errors=1)
