"""A page's content, or the paper made of it in its place."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card
from fieldcrm.ui.kit.page import Desk
from fieldcrm.ui.kit.paper_view import PaperPreview


class PaperStack(QStackedWidget):
    """Shows `content` until `show_paper`; Esc or the button `back` leads back.

    The page calls `shut` from its `put_away`, so that no PDF is open when the window goes. `edges` are the margins
    around the paper.
    """

    def __init__(
        self,
        desk: Desk,
        content: QWidget,
        title: str,
        subtitle: str = "",
        *,
        back: str = "",
        edges: tuple[int, int] = (0, 0),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.paper = PaperPreview(desk.runner)
        self.paper.saved.connect(
            lambda path: desk.say("done", _("Saved: {name}").format(name=Path(path).name), seconds=12)
        )
        self._words = title
        self.card = card = Card(title, subtitle, padded=False)
        self.back_button = Button(back or _("Close"), small=True, hint="Esc")
        self.back_button.clicked.connect(self.shut)
        card.add_button(self.back_button)
        card.body.addWidget(self.paper, 1)
        around = QWidget()
        box = QVBoxLayout(around)
        box.setContentsMargins(*edges, *edges)
        box.addWidget(card)
        self.addWidget(content)
        self.addWidget(around)
        escape = QShortcut(QKeySequence("Esc"), around)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.shut)

    def show_paper(self, content: bytes, name: str, paper: str = "paper", title: str = "") -> None:
        """A PDF in the content's place; `name` and `paper` as in `PaperPreview.open`, `title` unless the usual one."""
        self.card.set_title(title or self._words)
        self.setCurrentIndex(1)
        self.paper.open(content, name, paper)

    def shut(self) -> None:
        """Let go of the paper and go back to the content."""
        self.paper.shut()
        self.setCurrentIndex(0)
