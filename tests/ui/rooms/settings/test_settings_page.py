"""Settings on a real book: kept, password changed, recovery code shown once, a backup taken; help in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fieldcrm.base import i18n, settings, vault
from fieldcrm.base.data import backup
from fieldcrm.base.data.setting_table import read_settings
from fieldcrm.base.errors import Refused
from fieldcrm.core.people.actions import read_me
from support.books import PASSWORD, FoundBook
from support.desks import OpenDesk, page_of, settle


def click(qtbot: QtBot, widget: object) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_settings_and_my_data_are_kept(qtbot: QtBot, found_book: FoundBook, open_desk: OpenDesk) -> None:
    made = found_book("林晓", "福州支公司")
    bench = open_desk(made.store, "settings", book=made)
    page = page_of(bench, "settings")
    me = made.store.author.person_id
    field = page.fields["callbacks_a_day"]
    field.setText("24")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: made.store.read(read_settings, me).get(settings.CALLBACKS_A_DAY) == 25)
    qtbot.waitUntil(lambda: bench.settings.get(settings.CALLBACKS_A_DAY) == 25)
    qtbot.waitUntil(lambda: page.mine.fields["name"].text() == "林晓")
    page.mine.fields["phone"].setText("13805910032")
    page.mine.fields["name"].setText("林小")
    click(qtbot, page.mine.button)
    qtbot.waitUntil(lambda: made.store.read(read_me, me)["name"] == "林小")
    qtbot.waitUntil(lambda: made.store.author.person_name == "林小")
    page.mine.fields["phone"].setText("12")
    click(qtbot, page.mine.button)
    qtbot.waitUntil(lambda: page.mine.problem.isVisible())


def test_the_password_is_changed_only_with_the_old_one(
    qtbot: QtBot, found_book: FoundBook, open_desk: OpenDesk
) -> None:
    made = found_book("林晓", "福州支公司")
    bench = open_desk(made.store, "settings", book=made)
    panel = page_of(bench, "settings").password
    for field, words in ((panel.old, "wrong one 1"), (panel.new, "brand new 12"), (panel.again, "brand new 13")):
        field.setText(words)
    qtbot.keyClick(panel.again, Qt.Key.Key_Return)
    assert "differ" in panel.problem.text()
    qtbot.keyClick(panel.again, Qt.Key.Key_Backspace)
    assert not panel.problem.isVisible(), "it is being put right"
    panel.again.setText("brand new 12")
    panel.old.setFocus()
    for field in (panel.new, panel.again):
        qtbot.keyClick(bench.focusWidget(), Qt.Key.Key_Return)
        assert bench.focusWidget() is field
    qtbot.keyClick(panel.again, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(bench.messages.bars()), timeout=20_000)
    vault.unlock(made.folder, password=PASSWORD).lock()
    panel.old.setText(PASSWORD)
    click(qtbot, panel.button)
    qtbot.waitUntil(lambda: panel.new.text() == "", timeout=20_000)
    vault.unlock(made.folder, password="brand new 12").lock()
    with pytest.raises(Refused):
        vault.unlock(made.folder, password=PASSWORD)


def test_a_new_recovery_code_is_shown_once_and_opens_the_book(
    qtbot: QtBot, found_book: FoundBook, open_desk: OpenDesk
) -> None:
    made = found_book("林晓", "福州支公司")
    page = page_of(open_desk(made.store, "settings", book=made), "settings")
    click(qtbot, page.code.button)
    click(qtbot, page.code.keep_button)
    assert not page.code.panel.isVisible()
    click(qtbot, page.code.button)
    click(qtbot, page.code.sure_button)  # it cannot be undone, so it asks
    qtbot.waitUntil(lambda: page.code.panel.isVisible(), timeout=20_000)
    lines = page.code.code.text().split("\n")
    assert len(lines) == 2, "the code fits the card"
    code = "-".join(lines)
    vault.unlock(made.folder, recovery_code=code).lock()
    click(qtbot, page.code.hide_button)
    assert page.code.code.text() == ""
    assert not page.code.panel.isVisible()


def test_a_backup_is_taken_by_one_click(qtbot: QtBot, found_book: FoundBook, open_desk: OpenDesk) -> None:
    made = found_book("林晓", "福州支公司")
    page = page_of(open_desk(made.store, "settings", book=made), "settings")
    click(qtbot, page.backups.now_button)
    folder: Path = made.folder / "backups"
    qtbot.waitUntil(lambda: bool(backup.list_backups(folder)), timeout=20_000)
    qtbot.waitUntil(lambda: "by hand" in page.backups.lines.text(), timeout=20_000)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_help_opens_by_f1_in_both_languages(
    qtbot: QtBot, found_book: FoundBook, open_desk: OpenDesk, language: str
) -> None:
    i18n.use(language)
    made = found_book("林晓", "福州支公司")
    bench = open_desk(made.store, "settings", book=made)
    qtbot.keyClick(bench, Qt.Key.Key_F1)
    assert bench.current == "help"
    settle(qtbot, bench)


def test_the_language_spoken_is_the_one_marked(qtbot: QtBot, found_book: FoundBook, open_desk: OpenDesk) -> None:
    """A start with `--lang en` speaks English, whatever the device remembers."""
    book = found_book("林晓", "福州支公司")
    assert settings.LANGUAGE.default == "zh_CN"
    i18n.use("en")
    field = page_of(open_desk(book.store, "settings", book=book), "settings").fields[settings.LANGUAGE.key]
    assert field.value() == "en"
