"""The log: planted markers of every kind reach neither the file nor the report of an uncaught exception."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldcrm.base import errors, log

NAME, PHONE, ID = "王淑珍", "13805910032", "350102195803124521"
ODD = errors.define("test.odd", "Odd {value}.")
logger = logging.getLogger("fieldcrm.test")


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    log.start(tmp_path)
    yield tmp_path / log.FILE
    log.stop()


def _fail_deep(value: str) -> None:
    raise KeyError(value)


@pytest.mark.expects_log_warning
def test_planted_markers_are_not_in_the_file(file: Path) -> None:
    logger.info("saved %s of %s", 3, NAME)
    logger.info("phone %d, id %s, pinyin %s", int(PHONE), ID, "wangshuzhen")
    logger.info("by name %(name)s", {"name": NAME})
    logger.info(f"made in place {NAME} {PHONE}")  # noqa: G004
    logger.info(f"digits in place {ID}")  # noqa: G004
    logging.getLogger("sqlalchemy.engine").warning("INSERT %s", NAME)
    try:
        try:
            _fail_deep(NAME)
        except KeyError as problem:
            raise errors.Refused(ODD, value=PHONE) from problem
    except errors.Refused:
        logger.exception("failed with %s", NAME)
    text = file.read_text("utf-8")
    for marker in (NAME, PHONE, ID, "wangshuzhen", "王"):
        assert marker not in text
    assert "saved 3 of •" in text
    assert "fieldcrm.base.errors.Refused test.odd" in text
    assert "caused by builtins.KeyError" in text
    assert "_fail_deep" in text


def test_codes_counts_and_types_are_kept(file: Path) -> None:
    logger.info("%s: %d rows in %.1f s, %s %s", log.code("import"), 36823, 12.5, None, ValueError)
    logger.info("refused %s", errors.Refused(ODD, value=NAME))
    text = file.read_text("utf-8")
    assert "import: 36823 rows in 12.5 s, None ValueError" in text
    assert "refused test.odd" in text


@pytest.mark.expects_log_warning
def test_uncaught_is_logged_without_values(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    log.watch_uncaught()
    thread = threading.Thread(target=_fail_deep, args=(NAME,))
    thread.start()
    thread.join()
    told = file.read_text("utf-8") + capsys.readouterr().err
    assert NAME not in told
    assert "uncaught KeyError" in told


def test_file_turns_over_and_old_ones_go(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log._handler, "maxBytes", 2000)
    for number in range(300):
        logger.info("line %d", number)
    logs = sorted(file.parent.iterdir())
    assert len(logs) == 5
    assert all(part.stat().st_size <= 2000 for part in logs)
    assert "line 299" in file.read_text("utf-8")


def test_places_do_not_name_the_home_of_a_person() -> None:
    assert log._place("/home/wangshuzhen/tools/src/fieldcrm/base/log.py") == "fieldcrm/base/log.py"
    assert log._place("/home/wangshuzhen/script.py") == "script.py"


def test_a_full_disk_prints_no_record_to_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The library's own answer is the record with its arguments on stderr."""
    (tmp_path / "full").mkdir()
    log.start(tmp_path / "full")
    try:
        monkeypatch.setattr("logging.StreamHandler.emit", lambda self, record: self.handleError(record))
        try:
            raise OSError(28, "No space left on device")
        except OSError:
            log._handler.handle(log.logger.makeRecord("fieldcrm", logging.INFO, "", 0, "a %s", ("王淑珍",), None))  # type: ignore[union-attr]
    finally:
        log.stop()
    assert capsys.readouterr().err == ""
