"""The header over a page: its title and subtitle, the search box, quick log, and the page's own buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import icons, tokens
from fieldcrm.ui.kit.buttons import Button, badge_width, paint_badge
from fieldcrm.ui.kit.text import Elided, title
from fieldcrm.ui.kit.theme import colors

_SEARCH = 108  # px: beside the week's buttons in a window of 911 px, 1366 at 150 %


class SearchBox(QLineEdit):
    """The box of Ctrl+K; the badge shows while it is empty and where there is room."""

    HINT = "Ctrl K"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText(_("Search clients, policies, phones, pinyin initials…"))
        self.setAccessibleName(_("Search"))
        self.setClearButtonEnabled(False)
        self.setMinimumWidth(_SEARCH)
        self.setMaximumWidth(320)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.addAction(QAction(icons.icon("search", "soft"), "", self), QLineEdit.ActionPosition.LeadingPosition)
        self._margins()
        self.textChanged.connect(self._margins)

    @property
    def _badge(self) -> bool:
        return not self.text() and self.width() >= _SEARCH + badge_width(self.HINT)

    def _margins(self) -> None:
        self.setTextMargins(0, 0, badge_width(self.HINT) + 4 if self._badge else 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._margins()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._badge:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            x = self.width() - badge_width(self.HINT) - 7
            paint_badge(painter, x, self.height() // 2, self.HINT, colors().soft)


class Header(QWidget):
    """`show_page(title, subtitle, buttons)`; signal `quick_log`."""

    quick_log = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(tokens.HEADER)
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.EDGE, 0, tokens.EDGE, 1)
        row.setSpacing(12)
        self.title = title("")
        self.subtitle = Elided(token="soft")  # noqa: S106
        self.search = SearchBox()
        self.log_button = Button(_("Quick log"), kind="primary", icon="plus", hint="Ctrl N")
        self.log_button.clicked.connect(self.quick_log)
        self.log_small = Button(icon="plus")
        self.log_small.setToolTip(_("Quick log") + " (Ctrl+N)")
        self.log_small.setAccessibleName(_("Quick log"))
        self.log_small.clicked.connect(self.quick_log)
        self.log_small.hide()
        row.addWidget(self.title)
        row.addWidget(self.subtitle, 3)
        row.addWidget(self.search, 2)
        row.addWidget(self.log_small)
        row.addWidget(self.log_button)
        self._row = row
        self._own: list[QWidget] = []

    def show_page(self, words: str, subtitle: str, buttons: Sequence[QWidget], wants_log: bool = True) -> None:
        """Show a page's heading; its buttons stand at the right and shrink quick log to its icon."""
        self.title.setText(words)
        self.subtitle.setText(subtitle)
        self._row.setEnabled(False)  # else what comes, for a moment beside what goes, widens the window
        self.log_button.setVisible(wants_log and not buttons)
        self.log_small.setVisible(wants_log and bool(buttons))
        if list(buttons) != self._own:
            for old in self._own:
                self._row.removeWidget(old)
            gone = [old for old in self._own if old not in buttons]
            self._own = list(buttons)
            for button in self._own:
                self._row.addWidget(button)
                button.show()
            for old in gone:  # the last, so that the keyboard of one that goes finds its neighbour
                if old.hasFocus() and self._own:
                    self._own[0].setFocus()
                old.hide()
        self._row.setEnabled(True)

    def forget(self) -> None:
        """Let go of a page's buttons before the page is deleted."""
        self.show_page(self.title.text(), self.subtitle.text(), ())

    def paintEvent(self, event: QPaintEvent) -> None:
        c = colors()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(c.card))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(c.line))
