"""The diary draft on Today: the sentences so far, whom to put first tomorrow, and the figures below."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from fieldcrm.base import text
from fieldcrm.base.i18n import _
from fieldcrm.core.diary import DiaryDraft
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.cards import Figure
from fieldcrm.ui.kit.scrolling import scrolled
from fieldcrm.ui.kit.text import Label, soft

_BETWEEN = 5  # px between what happened and tomorrow
_UNLIMITED = 16_777_215  # Qt's own limit


class GrowingDiary(QWidget):
    """Shows a `DiaryDraft`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        inner = self._inner = QWidget()
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(0, 0, 6, 0)
        lines.setSpacing(_BETWEEN)
        self.words = Label(wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.tomorrow = soft(size=tokens.FONT, wrap=True)
        lines.addWidget(self.words)
        lines.addWidget(self.tomorrow)
        lines.addStretch()
        self._scroll = scrolled(inner)
        column.addWidget(self._scroll, 1)
        self._row = QWidget()
        grid = QGridLayout(self._row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(8)
        self.figures = [Figure() for _n in range(5)]
        for number, figure in enumerate(self.figures):
            grid.addWidget(figure, 0, number)
            grid.setColumnStretch(number, 1)
        column.addWidget(self._row)
        column.addStretch()
        self._row.setMinimumHeight(0)

    def _fit(self) -> None:
        """Without the figures where the sentences need the room; no line is cut in half at the foot."""
        words = self._inner.heightForWidth(self.width())
        self._row.setVisible(words + 8 + self._row.sizeHint().height() <= self.height())
        self._scroll.setMaximumHeight(self._whole_lines() if words > self.height() else _UNLIMITED)

    def _whole_lines(self) -> int:
        """The height that ends with a whole line."""
        line, room = self.words.fontMetrics().lineSpacing(), self.height()
        said = self.words.heightForWidth(self.width() - self._scroll.verticalScrollBar().sizeHint().width() - 6)
        below = said + _BETWEEN
        if room < below + line:
            return min(said, room // line * line)
        return below + (room - below) // line * line

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 54)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_draft(self, draft: DiaryDraft) -> None:
        self.words.setText("\n".join(draft.lines) or _("Nothing logged yet today. Ctrl+N logs a contact in seconds."))
        waiting = _("Evening notes and the plan for tomorrow are still to be written.")
        self.tomorrow.setText(f"{waiting} {draft.tomorrow}".strip())
        counted = draft.figures
        for figure, (title, value) in zip(
            self.figures,
            (
                (_("Calls made"), str(counted.calls)),
                (_("Reach rate"), text.percent(counted.reached, counted.calls)),
                (_("Contacts"), str(counted.contacts)),
                (_("Policies issued"), str(counted.policies)),
                (_("Complaints handled"), str(counted.complaints_handled)),
            ),
            strict=True,
        ):
            figure.set(title, value)
        self._fit()
