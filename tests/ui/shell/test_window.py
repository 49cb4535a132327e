"""The window on a real book: first start, recovery code, locking, wrong password, language, its place."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldcrm.base import clock, i18n, settings
from fieldcrm.base.data.backup import list_backups
from fieldcrm.base.data.sqlcipher import DISK_FULL
from fieldcrm.base.errors import Environment
from fieldcrm.base.jobs import Progress
from fieldcrm.base.settings import DeviceSettings
from fieldcrm.core import book
from fieldcrm.core.clients.tables import Client
from fieldcrm.ui.kit.theme import theme
from fieldcrm.ui.rooms.settings.backups import BackupCard
from fieldcrm.ui.rooms.settings.safety import KeyPanel
from fieldcrm.ui.shell import instance, place
from fieldcrm.ui.shell.code_page import RecoveryCodePage
from fieldcrm.ui.shell.door import BookDoor
from fieldcrm.ui.shell.entry import Entry
from fieldcrm.ui.shell.firststart import FirstStartPage, strength_words
from fieldcrm.ui.shell.idle import IdleWatch
from fieldcrm.ui.shell.restoring import RestorePage
from fieldcrm.ui.shell.unlock import UnlockPage
from fieldcrm.ui.shell.window import Window
from fieldcrm.ui.shell.workbench import Workbench
from fieldcrm.ui.shell.working import WorkingPage

PASSWORD = "a short sentence"
WAIT = 15_000


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("book")
    made = book.found(folder, name="林晓", unit="福州支公司", role="manager", password=PASSWORD)
    made.book.close()
    return folder, made.recovery_code


def opened(qtbot: QtBot, folder: Path) -> Window:
    window = Window(BookDoor(folder), DeviceSettings(folder))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def window(qtbot: QtBot, founded: tuple[Path, str]) -> Iterator[Window]:
    made = opened(qtbot, founded[0])
    yield made
    made.close()


def page(window: Window) -> object:
    return window.layout().currentWidget()  # type: ignore[union-attr]


def unlock(qtbot: QtBot, window: Window, password: str = PASSWORD) -> None:
    entry = page(window)
    assert isinstance(entry, UnlockPage)
    qtbot.keyClicks(entry.password, password)
    qtbot.keyClick(entry.password, Qt.Key.Key_Return)


def test_a_window_that_locks_while_its_bench_is_made_shows_the_password_again(qtbot: QtBot, window: Window) -> None:
    window._enter(window.door.unlock(PASSWORD, ""))
    assert window.bench is None, "made in the turns to come"
    window.lock()
    qtbot.wait(30)
    assert isinstance(page(window), UnlockPage)
    unlock(qtbot, window)
    qtbot.waitUntil(lambda: isinstance(page(window), Workbench), timeout=WAIT)


def test_first_start_makes_a_book_and_shows_the_code_once(qtbot: QtBot, tmp_path: Path) -> None:
    window = opened(qtbot, tmp_path / "new")
    start = page(window)
    assert isinstance(start, FirstStartPage)
    start.name.setText("林晓")
    start.unit.setText("福州支公司")
    qtbot.keyClicks(start.password, PASSWORD)
    qtbot.keyClicks(start.again, PASSWORD + "x")
    qtbot.mouseClick(start.button, Qt.MouseButton.LeftButton)
    assert start.problem.text() == "The two passwords differ."
    qtbot.keyClick(start.again, Qt.Key.Key_Backspace)
    assert not start.problem.isVisible(), "it is being put right"
    qtbot.mouseClick(start.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(page(window), RecoveryCodePage), timeout=WAIT)
    shown = page(window)
    assert isinstance(shown, RecoveryCodePage)
    code = shown.code
    shown.done.setFocus()
    qtbot.keyClick(shown.done, Qt.Key.Key_Return)  # Return presses the button that has the keyboard
    qtbot.waitUntil(lambda: isinstance(page(window), Workbench), timeout=WAIT)
    assert window.bench.me.name == "林晓"
    window.close()
    again = book.unlock(tmp_path / "new", recovery_code=code)
    again.close()


def test_a_wrong_password_is_said_and_the_right_one_opens(qtbot: QtBot, window: Window) -> None:
    unlock(qtbot, window, "something else")
    entry = page(window)
    assert isinstance(entry, UnlockPage)
    qtbot.waitUntil(entry.problem.isVisible, timeout=WAIT)
    assert entry.password.text() == "something else"
    entry.forget()
    unlock(qtbot, window)
    qtbot.waitUntil(lambda: isinstance(page(window), Workbench), timeout=WAIT)


def test_the_recovery_code_opens(qtbot: QtBot, window: Window, founded: tuple[Path, str]) -> None:
    entry = page(window)
    assert isinstance(entry, UnlockPage)
    qtbot.mouseClick(entry.other, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(entry.code, founded[1])
    qtbot.keyClick(entry.code, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(page(window), Workbench), timeout=WAIT)


def test_locking_blanks_at_once_drops_the_key_and_comes_back_to_the_same_page(qtbot: QtBot, window: Window) -> None:
    unlock(qtbot, window)
    qtbot.waitUntil(lambda: isinstance(page(window), Workbench), timeout=WAIT)
    window.bench.go("policies")
    window.bench.pages["policies"].field.setText("half typed")
    held = window.book
    assert held is not None
    qtbot.keyClick(window.bench, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(page(window), UnlockPage)
    assert window.bench is None
    qtbot.waitUntil(lambda: held.book.vault.locked, timeout=WAIT)  # type: ignore[attr-defined]
    unlock(qtbot, window)
    qtbot.waitUntil(lambda: isinstance(page(window), Workbench), timeout=WAIT)
    assert window.bench.current == "policies"
    assert window.bench.pages["policies"].field.text() == "half typed"


def test_language_and_theme_switch_while_it_runs(qtbot: QtBot, window: Window) -> None:
    from fieldcrm.base import catalogue

    catalogue.compile_all()
    unlock(qtbot, window)
    qtbot.waitUntil(lambda: isinstance(page(window), Workbench), timeout=WAIT)
    window.bench.go("clients")
    window.bench.pages["clients"].field.setText("kept")
    before = window.bench
    window.bench.set_language("zh_CN")
    qtbot.waitUntil(lambda: window.bench is not before)
    assert i18n.language() == "zh_CN"
    assert window.bench.rail.items["clients"].text() == "客户"
    assert window.bench.header.title.text() == "客户"
    assert window.bench.pages["clients"].field.text() == "kept"
    window.bench.set_theme("dark")
    assert theme.mode == "dark"
    kept = DeviceSettings(window.device._file.parent)
    assert (kept.get(settings.LANGUAGE), kept.get(settings.THEME)) == ("zh_CN", "dark")
    window.bench.set_language("en")


def test_the_status_bar_says_what_is_true_and_closing_backs_up(qtbot: QtBot, tmp_path: Path) -> None:
    made = book.found(tmp_path / "own", name="林晓", unit="福州支公司", role="manager", password=PASSWORD)
    made.book.close()
    window = opened(qtbot, tmp_path / "own")
    unlock(qtbot, window)
    qtbot.waitUntil(lambda: isinstance(page(window), Workbench), timeout=WAIT)
    status = window.bench.status
    qtbot.waitUntil(lambda: "not sent yet" in status.left.text(), timeout=WAIT)
    assert "Data encrypted" in status.left.text()
    assert status.right.text() == "No backup yet"
    before = status.left.text()
    window.runner.change(add_client, "王淑珍")  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: status.left.text() != before and "Saving" not in status.left.text(), timeout=WAIT)
    window.close()
    (backup,) = list_backups(tmp_path / "own" / "backups")
    assert backup.why == "close"


def add_client(session: Session, name: str) -> None:
    session.add(Client(name=name, type="person"))


def test_closing_remembers_the_page(qtbot: QtBot, founded: tuple[Path, str]) -> None:
    window = opened(qtbot, founded[0])
    unlock(qtbot, window)
    qtbot.waitUntil(lambda: isinstance(page(window), Workbench), timeout=WAIT)
    window.bench.go("policies")
    window.close()
    assert DeviceSettings(founded[0]).get(settings.LAST_PAGE) == "policies"
    assert DeviceSettings(founded[0]).get(settings.GEOMETRY)


def test_a_second_start_raises_the_first(qtbot: QtBot, window: Window, founded: tuple[Path, str]) -> None:
    raised: list[bool] = []
    server = instance.listen(founded[0], lambda: raised.append(True), window)
    assert instance.raise_first(founded[0])
    qtbot.waitUntil(lambda: raised == [True])
    server.deleteLater()


def test_no_window_no_raise(tmp_path: Path) -> None:
    assert not instance.raise_first(tmp_path)


def test_idle_and_sleep_are_noticed(qapp: QApplication) -> None:
    begin = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    now = [begin]
    with clock.at(lambda: now[0]):
        watch = IdleWatch(10)
        idle: list[bool] = []
        watch.idle.connect(lambda: idle.append(True))
        watch.restart()
        for second in range(5, 595, 5):
            now[0] = begin + timedelta(seconds=second)
            watch.tick()
        assert idle == []
        now[0] = begin + timedelta(minutes=10)
        watch.tick()
        assert idle == [True]
        watch.restart()
        now[0] += timedelta(seconds=90)
        watch.tick()
        assert idle == [True, True]


@pytest.mark.parametrize(
    ("password", "words"),
    [("short", "At least"), ("abcdefgh", "Weak"), ("abcdefgh12", "Fair"), ("a short sentence", "Strong")],
)
def test_strength(password: str, words: str) -> None:
    assert strength_words(password).startswith(words)


def test_first_start_speaks_the_other_language_by_one_click(qtbot: QtBot, tmp_path: Path) -> None:
    from fieldcrm.base import catalogue

    catalogue.compile_all()
    window = opened(qtbot, tmp_path / "new")
    start = page(window)
    assert isinstance(start, FirstStartPage)
    qtbot.mouseClick(start.language, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page(window) is not start)
    again = page(window)
    assert isinstance(again, FirstStartPage)
    assert again.button.text() == "建立工作台"
    assert again.language.text() == "English"
    window.close()


def test_a_screen_without_room_for_the_frame_gets_a_maximised_window(qtbot: QtBot, tmp_path: Path) -> None:
    """The offscreen screen has 800 px; on 1366×768 a window of that size would lose its status bar to the task bar."""
    window = opened(qtbot, tmp_path / "new")
    assert window.isMaximized()
    window.close()


def test_caps_lock_is_said_while_a_password_is_typed(qtbot: QtBot) -> None:
    page = UnlockPage()
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.password.actions() != [])
    shift, none = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
    for text, modifier, on in (("a", none, False), ("A", none, True), ("1", none, True), ("a", shift, True)):
        event = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_A, modifier, text)
        QApplication.sendEvent(page.password, event)
        assert page.caps.isVisible() is on, text
    page.switch()
    assert not page.caps.isVisible()


def test_a_second_start_raises_a_maximised_window_as_it_was(qtbot: QtBot, window: Window) -> None:
    window.showMaximized()
    window.setWindowState(window.windowState() | Qt.WindowState.WindowMinimized)
    window.raise_window()
    assert not window.isMinimized()
    assert window.isMaximized()


def test_another_size_of_the_interface_keeps_the_windows_size(qtbot: QtBot, tmp_path: Path) -> None:
    """Its px of the screen stay: what was 600 × 460 at 100 % takes as much of the screen at 150 %."""
    window = QWidget()
    qtbot.addWidget(window)
    screen = QApplication.primaryScreen()
    name, ratio = screen.name(), screen.devicePixelRatio()
    room = screen.availableGeometry()
    window.setGeometry(QRect(40, 30, 600, 460))
    kept = place.remembered(window)
    assert kept == f"40 30 600 460 0 {name}"
    place.put(window, f"{60 * ratio:.0f} {45 * ratio:.0f} {900 * ratio:.0f} {690 * ratio:.0f} 0 {name}")
    assert window.size() == QSize(900, 690).boundedTo(room.size())
    assert room.contains(window.geometry()), "a screen that has become smaller still shows all of it"
    place.put(window, kept)
    assert window.geometry() == QRect(40, 30, 600, 460)
    place.put(window, kept.replace(" 0 ", " 1 "))
    assert window.isMaximized()


@pytest.mark.parametrize("kept", ["", "AdnQywAD", "1 2 3", "1 2 3 4 5"])
def test_a_place_that_cannot_be_read_is_a_first_one(qtbot: QtBot, kept: str) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    place.put(window, kept)
    assert window.isMaximized(), "the offscreen screen is smaller than wished"


@pytest.fixture
def opened_own(qtbot: QtBot, tmp_path: Path) -> Iterator[Window]:
    """A book of its own, open at its settings."""
    book.found(tmp_path / "own", name="林晓", unit="福州支公司", role="manager", password=PASSWORD).book.close()
    window = opened(qtbot, tmp_path / "own")
    unlock(qtbot, window)
    qtbot.waitUntil(lambda: isinstance(page(window), Workbench), timeout=WAIT)
    yield window
    window.close()


def ask_new_key(qtbot: QtBot, window: Window, password: str) -> KeyPanel:
    panel = KeyPanel(window.bench)
    panel.setParent(window.bench)
    panel.show()
    qtbot.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(panel.password, password)
    qtbot.keyClick(panel.password, Qt.Key.Key_Return)
    return panel


def test_a_new_key_is_given_by_two_clicks_and_the_password(qtbot: QtBot, opened_own: Window, tmp_path: Path) -> None:
    window = opened_own
    window.runner.change(add_client, "王淑珍")  # type: ignore[union-attr]
    before = window.book.book.vault.data_key  # type: ignore[union-attr]
    panel = ask_new_key(qtbot, window, "something else")
    qtbot.waitUntil(lambda: bool(window.bench.messages.bars()), timeout=WAIT)
    assert panel.ask.isVisibleTo(panel), "a wrong password closes nothing"
    panel.password.clear()
    qtbot.keyClicks(panel.password, PASSWORD)
    qtbot.keyClick(panel.password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(page(window), RecoveryCodePage), timeout=WAIT)
    shown = page(window)
    assert isinstance(shown, RecoveryCodePage)
    code = shown.code
    qtbot.mouseClick(shown.done, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(page(window), Workbench), timeout=WAIT)
    assert window.book.book.vault.data_key != before  # type: ignore[union-attr]
    names = window.book.store.read(lambda s: list(s.scalars(select(Client.name))))  # type: ignore[union-attr]
    assert names == ["王淑珍"]
    window.close()
    for secret in ({"password": PASSWORD}, {"recovery_code": code}):
        book.unlock(tmp_path / "own", **secret).close()


def test_a_new_key_cancelled_leaves_the_old_one(
    qtbot: QtBot, opened_own: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it runs the window does not close but says why."""
    window = opened_own
    key = window.book.book.vault.data_key  # type: ignore[union-attr]
    going = threading.Event()
    rekey = window.door.rekey

    def slowly(password: str, progress: Progress) -> Any:
        going.wait(10)
        return rekey(password, progress)

    monkeypatch.setattr(window.door, "rekey", slowly)
    ask_new_key(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: isinstance(page(window), WorkingPage), timeout=WAIT)
    shown = page(window)
    assert isinstance(shown, WorkingPage)
    assert not window.close()
    assert "new key" in shown.problem.text()
    qtbot.mouseClick(shown.button, Qt.MouseButton.LeftButton)
    going.set()
    qtbot.waitUntil(lambda: isinstance(page(window), Workbench), timeout=WAIT)
    assert window.book.book.vault.data_key == key  # type: ignore[union-attr]


def test_a_new_key_that_fails_is_said_at_the_password(
    qtbot: QtBot, opened_own: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(password: str, progress: Progress) -> Any:
        raise Environment(DISK_FULL)

    window = opened_own
    monkeypatch.setattr(window.door, "rekey", full)
    ask_new_key(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: isinstance(page(window), UnlockPage), timeout=WAIT)
    entry = page(window)
    assert isinstance(entry, UnlockPage)
    assert entry.problem.text().startswith("The disk is full")
    unlock(qtbot, window)
    qtbot.waitUntil(lambda: isinstance(page(window), Workbench), timeout=WAIT)


def test_a_backup_comes_back_from_the_settings(qtbot: QtBot, opened_own: Window, tmp_path: Path) -> None:
    """Two clicks and the password: the book is that of the backup, the one before is kept beside it."""
    window = opened_own
    window.runner.change(add_client, "王淑珍")  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: window.runner is not None and window.runner.quiet, timeout=WAIT)
    window.book.book.back_up("hand")  # type: ignore[union-attr]
    window.runner.change(add_client, "陈明")  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: window.runner is not None and window.runner.quiet, timeout=WAIT)
    card = BackupCard(window.bench)
    qtbot.addWidget(card)
    card.load()
    card.show()
    qtbot.mouseClick(card.back_button, Qt.MouseButton.LeftButton)
    ask = ask_backup(qtbot, window, "something else")
    qtbot.waitUntil(lambda: page(window) is not ask and isinstance(page(window), RestorePage), timeout=WAIT)
    again = page(window)
    assert isinstance(again, RestorePage)
    assert again.problem.isVisibleTo(again), "a wrong password is said where it was asked for"
    ask_backup(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: isinstance(page(window), Workbench), timeout=WAIT)
    names = window.book.store.read(lambda s: list(s.scalars(select(Client.name))))  # type: ignore[union-attr]
    assert names == ["王淑珍"]
    (kept,) = (tmp_path / "own").glob("*-kept-book.db")
    (said,) = (bar.text for bar in window.bench.messages.bars())
    assert str(kept) in said, "where the book is that was there before"


def test_a_backup_opens_on_a_computer_that_has_no_book(qtbot: QtBot, tmp_path: Path) -> None:
    made = book.found(tmp_path / "own", name="林晓", unit="福州支公司", role="manager", password=PASSWORD).book
    made.store.change(add_client, "王淑珍")
    backup = made.back_up("hand")
    made.close()
    window = opened(qtbot, tmp_path / "new")
    start = page(window)
    assert isinstance(start, FirstStartPage)
    qtbot.mouseClick(start.backup, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(page(window), RestorePage), timeout=WAIT)
    ask = page(window)
    assert isinstance(ask, RestorePage)
    qtbot.mouseClick(ask.button, Qt.MouseButton.LeftButton)
    assert "no backup" in ask.problem.text()
    ask._choose(backup)  # as the file dialog gives it
    ask_backup(qtbot, window, PASSWORD)
    qtbot.waitUntil(lambda: isinstance(page(window), Workbench), timeout=WAIT)
    names = window.book.store.read(lambda s: list(s.scalars(select(Client.name))))  # type: ignore[union-attr]
    assert names == ["王淑珍"]
    window.close()


@pytest.mark.parametrize("way", ["backup", "office"])
def test_escape_goes_back_to_the_password(qtbot: QtBot, window: Window, way: str) -> None:
    first = page(window)
    assert isinstance(first, UnlockPage)
    first.backup_wanted.emit() if way == "backup" else first.office_wanted.emit()
    qtbot.waitUntil(lambda: page(window) is not first, timeout=WAIT)
    asked = page(window)
    assert isinstance(asked, Entry)
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: isinstance(page(window), UnlockPage), timeout=WAIT)


def ask_backup(qtbot: QtBot, window: Window, password: str) -> RestorePage:
    qtbot.waitUntil(lambda: isinstance(page(window), RestorePage), timeout=WAIT)
    ask = page(window)
    assert isinstance(ask, RestorePage)
    qtbot.waitUntil(lambda: ask.which.count() > 0, timeout=WAIT)
    ask.password.setFocus()
    qtbot.keyClicks(ask.password, password)
    qtbot.keyClick(ask.password, Qt.Key.Key_Return)
    return ask


def test_return_goes_through_the_fields_of_the_first_page_and_creates_the_book(qtbot: QtBot, tmp_path: Path) -> None:
    """No mouse: name, Return, unit, Return, password, Return, again, Return."""
    window = opened(qtbot, tmp_path / "new")
    start = page(window)
    assert isinstance(start, FirstStartPage)
    start.unit.setText("福州支公司")  # Chinese comes by the input method
    start.name.setText("林晓")
    start.name.setFocus()
    for field in (start.unit, start.password, start.again):
        qtbot.keyClick(start.focusWidget(), Qt.Key.Key_Return)
        assert start.focusWidget() is field
        if field is not start.unit:
            qtbot.keyClicks(field, PASSWORD)
    qtbot.keyClick(start.again, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(page(window), RecoveryCodePage), timeout=WAIT)
    window.close()
