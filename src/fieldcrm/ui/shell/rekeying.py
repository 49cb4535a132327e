"""The book gets a new key: it is closed meanwhile, so this stands before it, with progress and Cancel."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.base.jobs import Step
from fieldcrm.ui.kit.messages import step_words
from fieldcrm.ui.shell.entry import Entry, soft, words

_PARTS = 1000  # of the bar


class RekeyPage(Entry):
    """`show_step(Step)`; emits `cancelled`."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("key-round", _("New key for the whole book"), _("Cancel"), _("Cancelling…"), parent)
        self.button.setObjectName("plain")
        told = _("Everything is encrypted anew. Cancelled, or cut off by a power cut, the book stays as it was.")
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

    def show_step(self, step: Step) -> None:
        self.stage.setText(step.stage)
        self.bar.setValue(round(_PARTS * step.done / step.total) if step.total else 0)
        self.count.setText(step_words(step))

    def submit(self) -> None:
        self.set_working(True)
        self.cancelled.emit()
