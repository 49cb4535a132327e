"""The Settings page, built from the table of settings; language and theme change at once."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

import fieldcrm
from fieldcrm.base import i18n, settings
from fieldcrm.base.data.setting_table import change_setting, read_settings
from fieldcrm.base.i18n import _
from fieldcrm.base.settings import Place, Setting
from fieldcrm.core.sync import own_fingerprint
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.kit.scrolling import Columns, scrolled
from fieldcrm.ui.kit.text import Label, soft
from fieldcrm.ui.kit.theme import theme
from fieldcrm.ui.rooms.settings.backups import BackupCard
from fieldcrm.ui.rooms.settings.mine import MineCard
from fieldcrm.ui.rooms.settings.rows import add_setting, field_row
from fieldcrm.ui.rooms.settings.safety import CodePanel, KeyPanel, PasswordPanel


class SettingsPage(Page):
    """Look, my data and the day's work at the left; safety, backups, enrolment and about at the right."""

    kinds: ClassVar[frozenset[str]] = frozenset({"setting", "person", "unit", "package"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.set_heading(_("Settings"))
        self.wants_quick_log = False
        self.fields: dict[str, QWidget] = {}
        self._values: Any = desk.settings
        self.mine = MineCard(desk)
        self.backups = BackupCard(desk)
        self.password = PasswordPanel(desk)
        self.code = CodePanel(desk)
        self.key = KeyPanel(desk)
        left = [self._look(), self.mine, *([] if desk.me.role == "office" else [self._day()])]
        right = [self._safety(), self.backups, self._enrolment(), self._about()]
        self.area = scrolled(Columns(left, right))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.area)

    # -- the cards ------------------------------------------------------------------------------

    def _look(self) -> Card:
        card = Card(_("Look"))
        now = {settings.LANGUAGE.key: i18n.language(), settings.THEME.key: theme.mode}  # a start may ask for others
        for setting in settings.all_settings(Place.DEVICE):
            if not setting.hidden:
                self._add(card, setting, now.get(setting.key, self.desk.device.get(setting)))
        card.body.addWidget(soft(_("A new size takes effect when the program is started again.")))
        return card

    def _day(self) -> Card:
        card = Card(_(settings.DAY))
        for setting in settings.all_settings(Place.BOOK):
            if setting.group == settings.DAY and not setting.hidden:
                self._add(card, setting, self._values.get(setting))
        return card

    def _safety(self) -> Card:
        card = Card(_("Safety"))
        for setting in settings.all_settings(Place.BOOK):
            if setting.group == settings.SAFETY and not setting.hidden:
                self._add(card, setting, self._values.get(setting))
        if self.desk.book is not None:
            card.body.addWidget(self.code)
            card.body.addWidget(self.password)
            card.body.addWidget(self.key)
        return card

    def _enrolment(self) -> Card:
        card = Card(_("Enrolment"))
        me, book = self.desk.me, self.desk.book
        office = me.role == "office"
        if book is not None:
            digits = Label("…", size=tokens.LARGE, bold=True)
            self.desk.runner.background(own_fingerprint, book, then=digits.setText, owner=self)
            digits.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            card.body.addLayout(field_row(_("Fingerprint of this computer"), digits))
        button = Button(_("Units & people") if office else _("Sync"), icon="key-round", small=True)
        button.clicked.connect(lambda: self.desk.go("people" if office else "sync"))
        words = _("Grants") if office else _("Requests and grants")
        card.body.addLayout(field_row(words, button))
        return card

    def _about(self) -> Card:
        card = Card(_("About"), f"fieldcrm {fieldcrm.__version__}")
        if self.desk.book is not None:
            where = soft(_("Your data is kept in {folder}").format(folder=self.desk.book.folder), wrap=True)
            where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            card.body.addWidget(where)
        card.body.addWidget(
            soft(
                _("Made with Python, Qt and PySide6 (LGPL 3), SQLCipher (BSD), SQLAlchemy (MIT); fonts Noto Sans SC "
                  "(OFL 1.1), icons Lucide (ISC). Their licences come with the program."),
                wrap=True,
            )
        )  # fmt: skip
        return card

    def _add(self, card: Card, setting: Setting[Any], value: Any) -> None:
        self.fields[setting.key] = add_setting(card.body, setting, value, self.change)

    # -- changing -------------------------------------------------------------------------------

    def change(self, setting: Setting[Any], value: Any) -> None:
        """Set a setting of the device or of the book."""
        if setting is settings.LANGUAGE:
            self.desk.set_language(value)
        elif setting is settings.THEME:
            self.desk.set_theme(value)
        elif setting.place is Place.DEVICE:
            self.desk.device.set(setting, value)
        else:
            me = self.desk.me.person_id
            self.desk.runner.change(change_setting, setting.key, value, me, then=lambda _n: self._read(), owner=self)

    def load(self) -> None:
        self.mine.load()
        self.backups.load()

    def state(self) -> dict[str, Any]:
        return {"scroll": self.area.verticalScrollBar().value()}

    def restore(self, state: dict[str, Any]) -> None:
        self.area.verticalScrollBar().setValue(state.get("scroll", 0))

    def _read(self) -> None:
        self.desk.runner.read(read_settings, self.desk.me.person_id, then=self._took, key="settings", owner=self)

    def _took(self, values: Any) -> None:
        take = getattr(self.desk, "take_settings", None)
        if take is not None:
            take(values)
