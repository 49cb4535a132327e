"""What goes wrong on real days: another language, a lock, a wrong password, a second start, a closed lid, bad files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from fieldcrm.base.jobs import Progress
from fieldcrm.core import book
from fieldcrm.core.clients.tables import Client
from fieldcrm.ui.shell import instance
from fieldcrm.ui.shell.firststart import FirstStartPage
from fieldcrm.ui.shell.unlock import UnlockPage
from fieldcrm.ui.shell.workbench import Workbench
from support import core_lists
from support.hands import Hands, OpenSeat, Seat

K, Left = Qt.Key, Qt.MouseButton.LeftButton
PASSWORD = "a short sentence"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A manager's book, closed."""
    book.found(tmp_path / "book", name="林晓", unit="福州支公司", role="manager", password=PASSWORD).book.close()
    return tmp_path / "book"


def unlock(hands: Hands, seat: Seat, password: str = PASSWORD) -> None:
    page = seat.until(UnlockPage)
    hands.click(page.password)
    hands.type(password)
    hands.press(K.Key_Return)


def working(hands: Hands, open_seat: OpenSeat, folder: Path) -> Seat:
    seat = open_seat(folder)
    unlock(hands, seat)
    seat.work()
    return seat


def half_a_log(hands: Hands, seat: Seat) -> None:
    hands.control(K.Key_N)
    log = seat.bench.log_panel
    assert log is not None
    hands.click(log.summary)
    hands.type("女儿周末在家")


def half_a_client(hands: Hands, seat: Seat) -> None:
    page = seat.go("clients")
    hands.click(page.new_button)
    hands.wait(lambda: page.side.currentWidget() is page.editor)
    hands.click(page.editor.editor.entry("name").stops()[0])
    hands.type("王淑珍")


def typed_name(seat: Seat) -> str:
    seat.settle()
    page = seat.page("clients")
    return str(page.editor.editor.entry("name").given() or "")


def test_another_language_in_the_middle_of_a_form_keeps_it(hands: Hands, open_seat: OpenSeat, folder: Path) -> None:
    seat = working(hands, open_seat, folder)
    half_a_log(hands, seat)
    before = seat.bench
    seat.window.set_language("en")
    hands.wait(lambda: seat.window.bench is not before)
    seat.work()
    assert seat.bench.rail.items["clients"].text() == "Clients"
    hands.control(K.Key_N)
    log = seat.bench.log_panel
    assert log is not None
    assert log.summary.text() == "女儿周末在家"


def test_a_lock_in_the_middle_of_a_form_keeps_it(hands: Hands, open_seat: OpenSeat, folder: Path) -> None:
    seat = working(hands, open_seat, folder)
    half_a_log(hands, seat)
    hands.control(K.Key_L)
    seat.until(UnlockPage)
    assert seat.window.bench is None
    unlock(hands, seat)
    seat.work()
    hands.control(K.Key_N)
    log = seat.bench.log_panel
    assert log is not None
    hands.wait(lambda: log.summary.text() == "女儿周末在家")


def test_a_half_filled_client_survives_a_lock(hands: Hands, open_seat: OpenSeat, folder: Path) -> None:
    seat = working(hands, open_seat, folder)
    half_a_client(hands, seat)
    hands.control(K.Key_L)
    unlock(hands, seat)
    seat.work()
    page = seat.go("clients")
    hands.click(page.new_button)
    hands.wait(lambda: typed_name(seat) == "王淑珍")


def test_a_wrong_password_is_said_and_keeps_the_book_shut(hands: Hands, open_seat: OpenSeat, folder: Path) -> None:
    seat = open_seat(folder)
    unlock(hands, seat, "not this one")
    page = seat.until(UnlockPage)
    hands.wait(page.problem.isVisible)
    assert page.problem.text() == "密码不正确。"
    page.forget()
    unlock(hands, seat)
    seat.work()


def test_a_second_window_is_refused_and_the_first_comes_forward(
    hands: Hands, open_seat: OpenSeat, folder: Path
) -> None:
    first = working(hands, open_seat, folder)
    raised: list[bool] = []
    server = instance.listen(folder, lambda: raised.append(True), first.window)
    assert instance.raise_first(folder)  # what the program does at its start
    hands.wait(lambda: raised)
    server.deleteLater()
    second = open_seat(folder)  # one that did not ask, as another account would
    unlock(hands, second)
    page = second.until(UnlockPage)
    hands.wait(page.problem.isVisible)
    assert "窗口" in page.problem.text()
    assert isinstance(first.entry, Workbench)


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder that cannot be written; root may write anywhere, so a file stands in its place there."""
    where = tmp_path / "shut"
    if os.geteuid() == 0:
        where.write_text("")
        yield where / "book"
    else:
        where.mkdir(mode=0o500)
        yield where / "book"
        where.chmod(0o700)


def test_a_folder_that_cannot_be_written_is_said_at_first_start(
    hands: Hands, open_seat: OpenSeat, read_only: Path
) -> None:
    seat = open_seat(read_only)
    page = seat.until(FirstStartPage)
    for field, words in ((page.name, "林晓"), (page.unit, "福州支公司"), (page.password, PASSWORD)):
        hands.click(field)
        hands.type(words)
    hands.click(page.again)
    hands.type(PASSWORD)
    hands.press(K.Key_Return)
    hands.wait(page.problem.isVisible)
    assert page.problem.text()
    assert page.name.text() == "林晓"
    assert page.button.isEnabled()


def test_closing_during_a_job_asks_once_in_the_window(hands: Hands, open_seat: OpenSeat, folder: Path) -> None:
    seat = working(hands, open_seat, folder)
    ended: list[bool] = []

    def endless(progress: Progress) -> None:
        progress.begin("数数", 1000)
        while not ended:
            progress.step(1)

    job = seat.bench.runner.job("导入清单", endless)
    seat.window.close()
    assert seat.window.isVisible()
    (bar,) = seat.bench.messages.bars()
    assert bar.text == "还在进行：导入清单。"
    seat.window.close()  # a second time means it
    assert not seat.window.isVisible()
    assert job.progress.cancelled


def test_closing_can_wait_for_the_job(hands: Hands, open_seat: OpenSeat, folder: Path) -> None:
    seat = working(hands, open_seat, folder)
    ended: list[bool] = []

    def until_told(progress: Progress) -> None:
        while not ended:
            progress.step(1)

    seat.bench.runner.job("导入清单", until_told)
    seat.window.close()
    seat.window._close_after_jobs()
    assert seat.window.isVisible()
    ended.append(True)
    hands.wait(lambda: not seat.window.isVisible())


def drop(seat: Seat, *files: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    how = Qt.DropAction.CopyAction, data, Left, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(seat.bench, QDragEnterEvent(QPoint(300, 300), *how))
    QApplication.sendEvent(seat.bench, QDropEvent(QPointF(300, 300), *how))


def test_a_broken_file_dropped_on_the_window_gets_one_sentence(
    hands: Hands, open_seat: OpenSeat, folder: Path, tmp_path: Path
) -> None:
    seat = working(hands, open_seat, folder)
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04 cut short")
    drop(seat, broken)
    hands.wait(lambda: seat.bench.current == "imports" and seat.page("imports").work.phase == "refused")
    assert seat.page("imports").work.problem.endswith("。")
    assert seat.bench.messages.bars() == []
    drop(seat, core_lists.write_csv(tmp_path / "清单.csv", core_lists.make(30)))
    hands.wait(lambda: seat.page("imports").work.phase == "preview")
    hands.control(K.Key_Return)
    hands.wait(lambda: seat.page("imports").work.phase == "done")
    clients = seat.bench.runner.store.read(lambda s: s.scalar(select(func.count()).select_from(Client)))
    assert clients > 10
