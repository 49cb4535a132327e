"""The form of one call at the right of the sprint, and the one line in which the next contact is typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSizePolicy, QVBoxLayout, QWidget

from fieldcrm.base import clock, forms, text
from fieldcrm.base.errors import InvalidField, InvalidFields
from fieldcrm.base.forms.model import Field, Form
from fieldcrm.base.i18n import _
from fieldcrm.core import callbacks
from fieldcrm.core.callbacks import NextContact, rules
from fieldcrm.ui.kit import icons, tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import Card
from fieldcrm.ui.kit.fields import Entry
from fieldcrm.ui.kit.form import HALO, FormEditor
from fieldcrm.ui.kit.scrolling import Snug
from fieldcrm.ui.kit.text import Elided, soft

FIELDS = ("result", "maturity_explained", "conversion_offer", "intention", "objection", "next_on", "remark")


class NextEntry(Entry):
    """Day, time and way in one line as people say it (`周一10点 上门`); says below what it understood."""

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(field, parent)
        self.retry: NextContact | None = None
        column = QVBoxLayout()
        column.setSpacing(3)
        self.line = QLineEdit()
        self.line.setAccessibleName(field.label)
        self.line.setPlaceholderText(_("tomorrow, Mon 10:00 visit …"))
        ways = self.line.addAction(icons.icon("chevron-down", "soft"), QLineEdit.ActionPosition.TrailingPosition)
        ways.setToolTip(_("How to contact the client"))
        ways.triggered.connect(self.open_ways)
        self.echo = Elided("", size=tokens.SMALL, token="soft")  # noqa: S106 a colour's name
        column.addWidget(self.line)
        column.addWidget(self.echo)
        self.row.addLayout(column)
        self.line.textChanged.connect(lambda _t: self.tell())
        self.line.textEdited.connect(lambda _t: self.changed.emit())
        self.watch(self.line)
        self.tell()

    def contact(self) -> NextContact | None:
        """What is meant; raises `InvalidField(next_on)`."""
        return callbacks.read_next(self.line.text(), clock.now())

    def problem(self) -> InvalidField | None:
        try:
            self.contact()
        except InvalidField as problem:
            return problem
        return None

    def parts(self) -> dict[str, Any]:
        """The values of the form's three fields."""
        found = None if self.problem() else self.contact()
        if found is None:
            return {"next_on": None, "next_time": None, "next_way": None}
        return {"next_on": found.day, "next_time": found.time, "next_way": found.way}

    def set_retry(self, retry: NextContact | None) -> None:
        """When the client is tried again if nothing is typed."""
        self.retry = retry
        self.tell()

    def tell(self) -> None:
        """Say what is understood."""
        found = None if self.problem() is not None else self.contact()
        if self.problem() is not None:
            words = "…"
        elif found is not None and callbacks.show_next(found) == self.line.text():
            words = ""  # written out already
        elif (meant := found or self.retry) is not None:
            words = "→ " + callbacks.show_next(replace(meant, way=meant.way or "phone"))
        else:
            words = ""
        self.echo.setText(words)
        self.echo.setVisible(bool(words))

    def given(self) -> Any:
        return self.line.text().strip() or None

    def value(self) -> Any:
        return self.parts()["next_on"]

    def set_value(self, value: Any) -> None:
        self.line.setText("" if value is None else text.short_date(value))

    def raw(self) -> Any:
        return self.line.text()

    def set_raw(self, raw: Any) -> None:
        self.line.setText(str(raw or ""))

    def stops(self) -> list[QWidget]:
        return [self.line]

    def leave(self) -> None:
        """Write out what was understood."""
        if self.problem() is None and (found := self.contact()) is not None:
            self.line.setText(callbacks.show_next(found))

    def open_ways(self) -> QMenu:
        """The ways of contact as a menu (Alt+Down)."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for choice in forms.get("callback")["next_way"].choices:
            menu.addAction(choice.label).triggered.connect(lambda _c=False, code=choice.code: self._set_way(code))
        menu.popup(self.line.mapToGlobal(QPoint(0, self.line.height() + 2)))
        return menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
            and event.modifiers() & Qt.KeyboardModifier.AltModifier
        ):
            self.open_ways()
            return True
        return super().eventFilter(watched, event)

    def _set_way(self, code: str) -> None:
        self.line.setText(callbacks.with_way(self.line.text(), code))
        self.line.setFocus()
        self.changed.emit()


class CallEditor(FormEditor):
    """The callback form, limited to what is asked on the phone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.next: NextEntry | None = None
        super().__init__(sprint_form(), fields=FIELDS, made=self._entry_of, headings=False, parent=parent)
        self.changed.connect(self._retry)

    def _entry_of(self, field: Field) -> Entry | None:
        if field.name != "next_on":
            return None
        self.next = NextEntry(field)
        return self.next

    @property
    def next_entry(self) -> NextEntry:
        assert self.next is not None  # noqa: S101 made with the editor
        return self.next

    def result(self) -> str | None:
        found: str | None = self.entry("result").value()
        return found

    def given(self) -> dict[str, Any]:
        """What stands in the form now, unchecked, for the line that tells what saving does."""
        return {name: self.entry(name).value() for name in FIELDS} | self.next_entry.parts()

    def values(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        problems: list[InvalidField] = []
        try:
            found = super().values()
        except InvalidFields as several:
            problems = list(several.problems)
        if (of_next := self.next_entry.problem()) is not None:
            problems.append(of_next)
        if problems:
            raise InvalidFields(problems)
        return found

    def _given(self) -> dict[str, Any]:
        return super()._given() | self.next_entry.parts()

    def _entry_left(self, name: str) -> None:
        problem = self.next_entry.problem() if name == "next_on" else None
        if problem is not None:
            self._boxes[name].show_problem(problem.sentence)
            self.left.emit()
        elif name != "next_on":
            super()._entry_left(name)
        else:
            self.left.emit()

    def _retry(self) -> None:
        retry = callbacks.next_echo() if rules.needs_retry(self.result()) else None
        self.next_entry.set_retry(NextContact(*retry, "phone") if retry else None)


def sprint_form() -> Form:
    """The callback form as the sprint asks it: what was offered stands under the words of the paper form."""
    form = forms.get("callback")
    paper = form["conversion_explained"]
    fields = tuple(
        replace(f, zh=paper.zh, en=paper.en) if f.name == "conversion_offer" else f
        for f in form.fields
        if f.name not in ("client_id", "called_at", "conversion_explained")
    )
    return replace(form, fields=fields, sections=(), _by_name={})


def outcome(given: dict[str, Any]) -> str:
    """What saving does besides, in words."""
    parts: list[str] = []
    day = given.get("next_on")
    if day is not None and given.get("next_way") in ("visit", "outlet"):
        parts.append(_("joins the visit plan of {day}").format(day=text.day_text(day)))
    elif day is not None:
        parts.append(_("comes back {day}").format(day=text.within(text.near_date(day))))
    elif rules.needs_retry(given.get("result")):
        on, at = callbacks.next_echo()
        parts.append(_("comes back {day}").format(day=f"{text.within(text.near_date(on))} {at}"))
    if given.get("intention") == "complaint":
        parts.append(_("opens a complaint"))
    parts.append(_("counts in today's diary"))
    return _("On saving: {what}").format(what=" · ".join(parts))


class CallForm(Card):
    """The card around the form. Signals `save_wanted(values)`, `skip_wanted`."""

    save_wanted = Signal(dict)
    skip_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Valid callback"), parent=parent)
        self.set_compact()
        self.editor = CallEditor()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.notices = QVBoxLayout()
        column.addLayout(self.notices)
        column.addWidget(self.editor)
        self.save_button = Button(_("Save and next"), kind="primary", hint="Ctrl ↵")
        self.save_button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.skip_button = Button(_("Skip"))
        self.skip_button.setToolTip(_("Next client without saving") + " (Ctrl+↓)")
        row = QHBoxLayout()
        row.setContentsMargins(HALO, 4, HALO, 0)
        row.setSpacing(8)
        row.addWidget(self.save_button, 1)
        row.addWidget(self.skip_button)
        self.told = soft("", wrap=True)
        self.told.setContentsMargins(HALO, 0, HALO, 0)
        self.body.setContentsMargins(tokens.PAD - HALO, 10, tokens.PAD - HALO, 8)
        self.body.setSpacing(8)
        self.body.addWidget(Snug(inner))
        self.body.addLayout(row)  # below what scrolls: saving is always in sight
        self.body.addWidget(self.told)
        self.body.addStretch(1)
        self.save_button.clicked.connect(self.editor.submit)
        self.editor.submitted.connect(self.save_wanted)
        self.skip_button.clicked.connect(self.skip_wanted)
        self.editor.changed.connect(self.tell)
        self.tell()

    def tell(self) -> None:
        """What saving does, as the form stands."""
        self.told.setText(outcome(self.editor.given()))

    def set_busy(self, busy: bool) -> None:
        self.save_button.setEnabled(not busy)

    def start(self, *, focus: bool) -> None:
        """An empty form for the next client."""
        self.editor.set_values({})
        self.editor.next_entry.set_retry(None)
        self.tell()
        if focus:
            self.editor.entry("result").stops()[0].setFocus(Qt.FocusReason.OtherFocusReason)
