"""Help on one page: keys, the day, where the data lie, what encrypted means."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.ui.kit.buttons import badge_width, paint_badge
from fieldcrm.ui.kit.cards import Card
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.kit.scrolling import Columns, scrolled
from fieldcrm.ui.kit.text import Label
from fieldcrm.ui.kit.theme import colors


class Keys(QWidget):
    """A shortcut in its frame."""

    def __init__(self, keys: str) -> None:
        super().__init__()
        self._keys = keys
        self.setFixedSize(badge_width(keys) + 2, 20)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(keys)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_badge(painter, 1, 10, self._keys, colors().text)


class HelpPage(Page):
    """Reads like one sheet of paper."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.set_heading(_("Help"), _("F1 opens this page"))
        office = desk.me.role == "office"
        left = [self._keys()]
        right = [
            self._words(_("The office's day") if office else _("Your day"), _office_day() if office else _day()),
            self._words(_("What “encrypted” means"), _encrypted(self._on_server)),
            self._words(_("Where your data is kept"), self._where()),
        ]
        area = scrolled(Columns(left, right))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _keys(self) -> Card:
        card = Card(_("Keys"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(7)
        for row, (keys, words, _sequences) in enumerate(shortcuts(self.desk.me.role == "office")):
            grid.addWidget(Keys(keys), row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(Label(words, wrap=True), row, 1)
        grid.setColumnStretch(1, 1)
        card.body.addLayout(grid)
        return card

    def _words(self, title: str, lines: list[str]) -> Card:
        card = Card(title)
        card.body.setSpacing(7)
        for line in lines:
            label = Label(line, wrap=True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            card.body.addWidget(label)
        return card

    @property
    def _on_server(self) -> bool:
        return self.desk.book is not None and self.desk.book.on_server

    def _where(self) -> list[str]:
        book = self.desk.book
        lines = []
        if book is not None and self._on_server:
            lines.append(
                _("On the database server of your office; the keys lie in {folder}.").format(folder=book.folder)
            )
        elif book is not None:
            lines.append(
                _("Only on this computer, in {folder}. Nothing goes to the internet.").format(folder=book.folder)
            )
        lines += [
            _("The database server keeps its own backups.") if self._on_server else
            _("Backups lie in the folder “backups” beside it: one at each closing and before each import. "
              "Copy the newest to a USB stick now and then."),
            _("What leaves the computer is what you export or print, and each of these is noted in the audit log."),
        ]  # fmt: skip
        return lines


def shortcuts(office: bool) -> list[tuple[str, str, tuple[str, ...]]]:
    """What is shown, what it does, and the key sequences it stands for; a test compares them with the window's own."""
    digits = tuple(f"Ctrl+{n}" for n in range(1, 10))
    found = [
        ("Ctrl K", _("Find anything: name, pinyin initials, last four digits of phone, ID or policy"), ("Ctrl+K",)),
        ("Ctrl N", _("Log a contact; the next step may be “tomorrow”, “Friday afternoon”, “in 3 days”"), ("Ctrl+N",)),
        ("Ctrl Enter", _("Save the form and go on to the next one; start the import"), ("Ctrl+Return",)),
        ("Ctrl Z", _("Undo; Ctrl Shift Z or Ctrl Y does it again"), ("Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+Y")),
        ("Esc", _("Close the form, the search or what lies over the page"), ("Esc",)),
        ("Ctrl 1 … 9", _("Go to the pages in the order of the rail"), digits),
        ("Ctrl J", _("Open the diary"), ("Ctrl+J",)),
        ("Ctrl I", _("Import a list"), ("Ctrl+I",)),
        ("Ctrl P", _("Print what the page prints"), ("Ctrl+P",)),
        ("Ctrl L", _("Lock at once"), ("Ctrl+L",)),
        ("F1", _("This page"), ("F1",)),
        ("Enter", _("Open the row; in the recycle bin, restore it (also Ctrl R)"), ("Ctrl+R",)),
        ("Alt N", _("New client, new policy"), ("Alt+N",)),
        ("F2", _("Change the client or policy of the row"), ("F2",)),
        ("Del", _("Move the selected rows to the recycle bin"), ("Del",)),
        ("Ctrl C", _("Copy rows as cells for Excel; with Shift their headings too"), ()),
        ("Ctrl V", _("Import cells copied from a spreadsheet together with their titles"), ("Ctrl+V",)),
        ("Ctrl S", _("Save the paper on the screen as a PDF"), ("Ctrl+S",)),
        ("Alt ↓", _("Open the choices of a field"), ()),
        ("Ctrl O", _("Import packages; under Units & people open a request"), ("Ctrl+O",))
        if office
        else ("Ctrl O", _("Import packages"), ("Ctrl+O",)),
        ("Space", _("Accept or refuse a changed cell of a package"), ("Space",)),
    ]
    if office:
        found += [
            ("Ctrl E", _("Write the package for the person of the row"), ("Ctrl+E",)),
            ("Ctrl M", _("Merge all packages that are ready"), ("Ctrl+M",)),
            ("1, 2", _("Keep this value of a conflict; Enter keeps the suggested one"), ()),
        ]
    else:
        found += [
            ("Ctrl E", _("Export the package"), ("Ctrl+E",)),
            ("Ctrl ↑ ↓", _("Callbacks: the client before, the next one"), ("Ctrl+Up", "Ctrl+Down")),
            ("Alt ← →", _("Visit plan: the week before, the next one"), ("Alt+Left", "Alt+Right", "PgUp", "PgDown")),
        ]
    return found


def _day() -> list[str]:
    return [
        _("Morning: Today says what to do first. Print the visit plan if you go out."),
        _("On the road: after each call or visit press Ctrl N: who, result, one line, next step."),
        _("In the office: Callbacks takes you through the list, one call after the other."),
        _("Evening: the diary is drafted from the day's records; read it, add what is missing, done."),
        _("Friday: Sync, Export package, send the file to your office. Import what comes back."),
        _("Typed something wrong? Ctrl Z. Deleted something? It lies in the recycle bin."),
    ]


def _office_day() -> list[str]:
    return [
        _("Drag the packages of your account managers onto the window, or import their folder."),
        _("Look at what changes, then merge all that are ready; Ctrl Z takes the whole import back."),
        _("Decide the conflicts: 1 or 2 keeps a value, Enter keeps the suggested one."),
        _("Issue a package to each person under Units & people; it also confirms what arrived."),
        _("A new account manager: open the request, compare the twelve digits by telephone, save the grant."),
    ]


def _encrypted(on_server: bool) -> list[str]:
    return [
        _("The records lie on the database server, which guards them. The way to it and your keys only open with "
          "your password or the printed recovery code.") if on_server else
        _("The book is a file that only opens with your password or the printed recovery code. "
          "Who finds the laptop sees nothing, not even names."),
        _("Keep the recovery code on paper, away from the computer: with it a forgotten password is no loss. "
          "Without it only the office you are enrolled with can let you in."),
        _("A sealed package opens only on the computer it is meant for. A readable one opens for anybody "
          "who knows its password: send that another way."),
        _("The program locks itself when you are away; what you had typed is kept."),
        _("Phones and ID numbers are hidden until you ask to see them; showing, exporting and printing are noted."),
    ]  # fmt: skip
