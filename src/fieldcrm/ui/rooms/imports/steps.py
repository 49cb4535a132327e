"""What stands on the page before and after the preview: the start, waiting, a password, a refusal, the report."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from fieldcrm.base.i18n import _, ngettext
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card, Figure
from fieldcrm.ui.kit.middle import set_in_the_middle
from fieldcrm.ui.kit.secrets import Password
from fieldcrm.ui.kit.text import Label, soft, title

_WIDTH = 460


class _Middle(QWidget):
    """A card in the middle of the page."""

    def __init__(self, width: int = _WIDTH) -> None:
        super().__init__()
        self.card = Card()
        self.card.setFixedWidth(width)
        self.card.body.setContentsMargins(24, 20, 24, 22)
        set_in_the_middle(self, self.card)


class Waiting(_Middle):
    """Says what is being done; the window shows how far."""

    def __init__(self) -> None:
        super().__init__()
        self._title = title("")
        self.meanwhile = soft("")
        self.card.body.addWidget(self._title)
        self.card.body.addWidget(self.meanwhile)

    def tell(self, file: str, writing: bool) -> None:
        """`writing`: the list goes into the book now; else it is only read."""
        self._title.setText((_("Importing {file}…") if writing else _("Reading {file}…")).format(file=file))
        going_on = _("You can go on working meanwhile; one undo takes the whole list back.")
        self.meanwhile.setText(
            going_on if writing else _("You can go on working meanwhile; nothing is written before you say so.")
        )


class AskPassword(_Middle):
    """`given(password)`; `left` for another file."""

    given = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = title("")
        self._title.setWordWrap(True)
        self.password = Password(_("Password of the file"))
        self.password.returnPressed.connect(self._give)
        self.problem = Label("", token="red", size=tokens.SMALL, wrap=True)  # noqa: S106 a tone
        self.button = Button(_("Open"), kind="primary")
        self.button.clicked.connect(self._give)
        other = Button(_("Another file…"))
        other.clicked.connect(self.left)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(other)
        row.addStretch()
        body = self.card.body
        body.addWidget(self._title)
        body.addWidget(soft(_("The file is protected by a password.")))
        body.addWidget(self.password)
        body.addWidget(self.problem)
        body.addSpacing(4)
        body.addLayout(row)

    def ask(self, name: str, problem: str) -> None:
        """Ask for the password of a file; `problem` when the last one was wrong."""
        self._title.setText(name)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.password.clear()
        self.password.setFocus()

    def _give(self) -> None:
        if self.password.text():
            self.given.emit(self.password.text())


class Report(_Middle):
    """What was imported, and what to do next."""

    undo_wanted = Signal()
    clients_wanted = Signal()
    save_wanted = Signal()
    next_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(560)
        self._title = title("")
        self._title.setWordWrap(True)
        self._words = Label("", wrap=True)
        self._note = soft("", wrap=True)
        self.figures = [Figure() for _n in range(4)]
        grid = QGridLayout()
        grid.setSpacing(10)
        for place, figure in enumerate(self.figures):
            grid.addWidget(figure, 0, place)
        self.show_clients = Button(_("Show the clients"), kind="primary", icon="users")
        self.undo = Button(_("Undo"), icon="undo-2", hint="Ctrl Z")
        self.save = Button(_("Save the rows left out…"), icon="file-spreadsheet")
        self.next = Button(_("Another list…"), icon="upload")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.show_clients, self.undo, self.next):
            buttons.addWidget(button)
        buttons.addStretch()
        self._left_out = Label("", wrap=True, token="red")  # noqa: S106 a tone
        failed = QHBoxLayout()
        failed.addWidget(self._left_out, 1)
        failed.addWidget(self.save)
        body = self.card.body
        body.addWidget(self._title)
        body.addWidget(self._words)
        body.addWidget(self._note)
        body.addSpacing(4)
        body.addLayout(grid)
        body.addSpacing(4)
        body.addLayout(failed)
        body.addSpacing(8)
        body.addLayout(buttons)
        self.show_clients.clicked.connect(self.clients_wanted)
        self.undo.clicked.connect(self.undo_wanted)
        self.save.clicked.connect(self.save_wanted)
        self.next.clicked.connect(self.next_wanted)
        self.setFocusProxy(self.show_clients)

    def tell(self, name: str, plan: Any, *, undone: bool, latest: bool, waiting: int) -> None:
        """Report a finished import; `latest`: the next undo takes it back; `waiting` files come after it."""
        self._title.setText((_("Import undone: {file}") if undone else _("Imported: {file}")).format(file=name))
        self._words.setText(
            _("The book is as it was before.") if undone else _("One step: undo takes the whole list back.")
        )
        for figure, words, count in zip(
            self.figures,
            (_("New clients"), _("New policies"), _("Clients changed"), _("Policies changed")),
            (plan.clients.new, plan.policies.new, plan.clients.changed, plan.policies.changed),
            strict=True,
        ):
            figure.set(words, f"{count:,}")
            figure.setVisible(not undone)
        kept = len(plan.yours) - sum(map(plan.taken, range(len(plan.yours))))
        stays = ngettext("{n} value that you wrote stays.", "{n} values that you wrote stay.", kept)
        if kept and not undone:
            self._words.setText(f"{self._words.text()} {stays.format(n=f'{kept:,}')}")
        self._note.setText(plan.note())
        self._note.setVisible(bool(plan.note()) and not undone)
        left_out = plan.count("failed")
        words = ngettext("{n} row was left out.", "{n} rows were left out.", left_out)
        self._left_out.setText(words.format(n=f"{left_out:,}"))
        for widget in (self._left_out, self.save):
            widget.setVisible(left_out > 0)
        self.undo.setVisible(latest and not undone)
        self.show_clients.setVisible(not undone)
        if waiting:
            more = ngettext("Next file ({n} waiting)", "Next file ({n} waiting)", waiting)
            self.next.setText(more.format(n=waiting))
        else:
            self.next.setText(_("Another list…"))
        self.next.updateGeometry()
