"""Keeping what is typed: a form's draft is saved as it grows, restored when the form opens, and says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fieldcrm.base import clock, text
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.form import FormEditor
from fieldcrm.ui.kit.text import Elided

PAUSE_MS = 1000


class Book(Protocol):
    """What drafts need of the runner."""

    def change(
        self, action: Callable[..., Any], /, *args: Any, then: Callable[[Any], object] | None = None
    ) -> None: ...
    def read(
        self,
        query: Callable[..., Any],
        /,
        *args: Any,
        then: Callable[[Any], object],
        key: str | None = None,
        owner: QObject | None = None,
    ) -> None: ...


class DraftKeeper(QObject):
    """Keeps one form's draft under a key such as `callback:<client id>`; `owner` is the device.

    `open(key)` after `set_values`; `done()` once the form was saved; `flush()` before the window locks or closes.
    `notice` is a line to put above the form: when something was restored it says so and offers to discard it.
    """

    restored = Signal(object)  # datetime: when the draft was kept
    discarded = Signal()

    def __init__(self, editor: FormEditor, book: Book, owner: str) -> None:
        super().__init__(editor)
        self.notice = DraftNotice()
        self.notice.discard.clicked.connect(self.discard)
        self._editor, self._book, self._owner = editor, book, owner
        self._key: str | None = None
        self._kept = False  # a draft lies in the book
        self._before: dict[str, Any] = {}
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._save)
        editor.changed.connect(self._changed)
        editor.left.connect(self.flush)

    def open(self, key: str) -> None:
        """Begin to keep the form's draft under a key; brings back what was kept, unless typing has begun."""
        from fieldcrm.base.data.drafts import find_draft

        self.flush()
        self.notice.hide()
        self._key, self._kept = key, False
        self._before = self._editor.raw()

        def found(draft: Any) -> None:
            if draft is None or self._key != key:
                return
            self._kept = True
            if not self._editor.dirty():
                self._bring_back(draft.state, draft.saved_at)

        self._book.read(find_draft, self._owner, key, then=found, key=f"draft.{id(self)}", owner=self)

    def flush(self) -> None:
        """Save at once what waits."""
        if self._pause.isActive():
            self._pause.stop()
            self._save()

    def done(self) -> None:
        """The form was saved: its draft goes."""
        self._pause.stop()
        self.notice.hide()
        self._editor.mark_clean()
        self._forget()

    def discard(self) -> None:
        """Throw the draft away; the form is as it was before."""
        self._pause.stop()
        self.notice.hide()
        self._editor.set_raw(self._before)
        self._editor.mark_clean()
        self._pause.stop()
        self._forget()
        self.discarded.emit()

    def _changed(self) -> None:
        if self._key is not None:
            self._pause.start()

    def _save(self) -> None:
        from fieldcrm.base.data.drafts import save_draft

        if self._key is None:
            return
        if not self._editor.dirty():
            self._forget()
            return
        self._kept = True
        self._book.change(save_draft, self._owner, self._key, self._editor.raw())

    def _forget(self) -> None:
        from fieldcrm.base.data.drafts import discard_draft

        if self._kept and self._key is not None:
            self._kept = False
            self._book.change(discard_draft, self._owner, self._key)

    def _bring_back(self, state: dict[str, Any], saved_at: datetime) -> None:
        self._editor.set_raw(state)
        self._pause.stop()  # it lies in the book already
        self.notice.show_for(saved_at)
        self.restored.emit(saved_at)


class DraftNotice(QWidget):
    """ "Restored from 14:02 · Discard"; hidden until something was restored."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 0, 0, 0)
        row.setSpacing(4)
        self.words = Elided("", token="soft")  # noqa: S106 a colour's name
        self.discard = Button(_("Discard"), kind="quiet", small=True)
        row.addWidget(self.words, 1)
        row.addWidget(self.discard)
        self.hide()

    def show_for(self, saved_at: datetime) -> None:
        local = clock.local(saved_at)
        same_day = clock.day_of(saved_at) == clock.today()
        moment = f"{local:%H:%M}" if same_day else f"{text.day_text(clock.day_of(saved_at))} {local:%H:%M}"
        self.words.setText(_("Restored from {time}").format(time=moment))
        self.show()
