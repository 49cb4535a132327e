"""A record's form in a side pane: title, draft notice, fields, Save and Cancel; never a dialog over the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fieldcrm.base.errors import InvalidField, InvalidFields
from fieldcrm.base.forms.model import Form
from fieldcrm.base.i18n import _
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card
from fieldcrm.ui.kit.drafts import DraftKeeper
from fieldcrm.ui.kit.fields_record import Lookup
from fieldcrm.ui.kit.form import HALO, FormEditor
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.kit.scrolling import scrolled


class EditPane(Card):
    """Edits one record of a kind, new or known, with a draft kept meanwhile.

    `saved(id | None, values)` on Ctrl+Enter: all values of a new record, only the changed ones of a known one;
    answer with `done()` or `show_problems`. `left()` on Escape and Cancel: what was typed stays as a draft.
    The fields are made when first wanted: a page opens without its forms, which take longer than the page.
    """

    saved = Signal(object, dict)
    left = Signal()

    def __init__(
        self,
        form: Form,
        runner: Runner,
        lookup: Lookup | None = None,
        fields: Sequence[str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(" ", padded=False, parent=parent)
        self._called = ""
        self._title.setMinimumWidth(1)  # a long name ends in …, it does not widen the pane
        self.record_id: str | None = None
        self._form = form
        self._runner, self._lookup, self._fields = runner, lookup, fields
        self._before: dict[str, Any] = {}
        foot = QHBoxLayout()
        foot.setContentsMargins(tokens.PAD, 10, tokens.PAD, 8)
        foot.setSpacing(8)
        self.save_button = Button(_("Save"), kind="primary", hint="Ctrl ↵")
        self.cancel_button = Button(_("Cancel"), hint="Esc")
        foot.addWidget(self.save_button)
        foot.addWidget(self.cancel_button)
        foot.addStretch()
        self.body.addLayout(foot)
        self.save_button.clicked.connect(lambda: self.editor.submit())
        self.cancel_button.clicked.connect(self.leave)
        escape = QShortcut(QKeySequence("Escape"), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.leave)
        save = QShortcut(QKeySequence("Ctrl+Return"), self)
        save.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        save.activated.connect(lambda: self.editor.submit())
        QApplication.instance().focusChanged.connect(self._follow)  # type: ignore[union-attr]

    @property
    def editor(self) -> FormEditor:
        return self._inside[0]

    @property
    def keeper(self) -> DraftKeeper:
        return self._inside[1]

    @cached_property
    def _inside(self) -> tuple[FormEditor, DraftKeeper, QScrollArea]:
        inside = QWidget()
        editor = FormEditor(self._form, fields=self._fields, lookup=self._lookup)
        keeper = DraftKeeper(editor, self._runner, self._runner.store.author.device)
        column = QVBoxLayout(inside)
        column.setContentsMargins(tokens.PAD - HALO, 12, tokens.PAD - HALO, 12)
        column.addWidget(keeper.notice)
        column.addWidget(editor)
        area = scrolled(inside)
        self.body.insertWidget(0, area, 1)
        editor.submitted.connect(self._submitted)
        editor.revealed.connect(self._note_reveal)
        return editor, keeper, area

    @property
    def _made(self) -> bool:
        return "_inside" in self.__dict__

    def flush(self) -> None:
        """Write the draft now, when there is one."""
        if self._made:
            self.keeper.flush()

    def edit(self, title: str, values: Mapping[str, Any], record_id: str | None = None, context: str = "") -> None:
        """Show a record's values (none: a new one); `context` tells drafts of new ones apart (a client's id)."""
        self.set_title(title)
        self.record_id = record_id
        self.editor.set_values(values)
        self._before = dict(values)
        self.keeper.open(f"{self._form.kind}:{record_id or f'new{context}'}")
        self._inside[2].verticalScrollBar().setValue(0)

    def set_title(self, text: str) -> None:
        self._called = text
        super().set_title(text)
        self._fit_title()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_title()

    def _fit_title(self) -> None:
        room = self.width() - 2 * tokens.PAD - 12
        shown = self._title.fontMetrics().elidedText(self._called, Qt.TextElideMode.ElideRight, room)
        self._title.setText(shown)
        self._title.setToolTip(self._called if shown != self._called else "")

    def focus(self, field: str = "") -> None:
        """Go to a field (default: the first that is empty) once the pane is shown."""
        stops = self.editor.entry(field).stops() if field else []
        if stops:
            stops[0].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.editor.focus_first()

    def done(self) -> None:
        """It was saved."""
        self.keeper.done()

    def show_problems(self, problems: Exception) -> None:
        """Say at the fields what was refused; what is no field's fault the window says itself."""
        if isinstance(problems, InvalidField | InvalidFields):
            self.editor.show_problems(problems)

    def leave(self) -> None:
        self.flush()
        self.left.emit()

    def _note_reveal(self, field: str) -> None:
        """A stored number was shown whole: the audit log says so."""
        from fieldcrm.base.data import audit

        self._runner.change(audit.note, "reveal", self.record_id, field=field)

    def _submitted(self, values: dict[str, Any]) -> None:
        if self.record_id is not None:
            values = {n: v for n, v in values.items() if not _same(v, self._before.get(n))}
        self.saved.emit(self.record_id, values)

    def _follow(self, _old: QObject | None, now: QWidget | None) -> None:
        """Keep the field that has the keyboard in sight."""
        if now is not None and self._made and self.editor.isAncestorOf(now):
            self._inside[2].ensureWidgetVisible(now, 0, 60)


def _same(one: Any, other: Any) -> bool:
    """Equal values, or both empty: a list without rows is as empty as none."""
    nothing: tuple[Any, ...] = (None, "", [])
    return bool(one == other) or (one in nothing and other in nothing)
