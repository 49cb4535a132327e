"""Work on the whole book while it is closed (a new key, a backup brought back): progress and Cancel stand before it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.base.jobs import Step
from fieldcrm.ui.kit.messages import step_words
from fieldcrm.ui.shell.entry import Entry, soft, words

_PARTS = 1000  # of the bar


class WorkingPage(Entry):
    """`show_step(Step)`; emits `cancelled`. `busy` is what a window says that is asked to close meanwhile."""

    cancelled = Signal()

    def __init__(self, icon: str, title: str, told: str, busy: str, parent: QWidget | None = None) -> None:
        super().__init__(icon, title, _("Cancel"), _("Cancelling…"), parent)
        self.busy = busy
        self.button.setObjectName("plain")
        self.column.addWidget(soft(told))
        self.stage = words(_("Closing the book…"))
        self.bar = QProgressBar()
        self.bar.setRange(0, _PARTS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Progress"))
        self.count = soft("")
        self.column.addSpacing(4)
        for widget in (self.stage, self.bar, self.count):
            self.column.addWidget(widget)
        self.add_foot()

    @classmethod
    def for_new_key(cls) -> WorkingPage:
        return cls(
            "key-round",
            _("New key for the whole book"),
            _("Everything is encrypted anew. Cancelled, or cut off by a power cut, the book stays as it was."),
            _("The book is getting its new key. Cancel that first, or wait."),
        )

    @classmethod
    def for_backup(cls) -> WorkingPage:
        return cls(
            "undo-2",
            _("Bring back a backup"),
            _("The backup is checked before it takes the book's place. Cancelled, the book stays as it was."),
            _("A backup is being brought back. Cancel that first, or wait."),
        )

    def show_step(self, step: Step) -> None:
        self.stage.setText(step.stage)
        self.bar.setValue(round(_PARTS * step.done / step.total) if step.total else 0)
        self.count.setText(step_words(step))

    def submit(self) -> None:
        self.set_working(True)
        self.cancelled.emit()
