"""The diary: a month to choose from, the day's draft beside the form; the office reads and countersigns."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fieldcrm.base import clock, text
from fieldcrm.base.i18n import _
from fieldcrm.base.lunar import lunar_text
from fieldcrm.core import diary
from fieldcrm.core.diary import CheckOfDay, DayOfDiary
from fieldcrm.ui.kit import tokens
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.kit.paper_stack import PaperStack
from fieldcrm.ui.rooms.diary.checking import DiaryCheck
from fieldcrm.ui.rooms.diary.writing import DiaryWriting


class DiaryPage(Page):
    """One page for both roles: a manager writes, the office reads and countersigns."""

    kinds: ClassVar[frozenset[str]] = frozenset(
        {"diary", "diary_note", "contact", "visit", "callback", "complaint", "complaint_step", "policy", "person"}
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.wants_quick_log = False
        self.day = clock.today()
        self._arrived = False  # whether somebody chose a day, or there was something on the first one
        self.office = desk.me.role == "office"
        self.writing: DiaryWriting | None = None
        self.checking: DiaryCheck | None = None
        if self.office:
            inner: QWidget = DiaryCheck(desk)
            self.checking = inner if isinstance(inner, DiaryCheck) else None
        else:
            inner = DiaryWriting(desk)
            self.writing = inner if isinstance(inner, DiaryWriting) else None
        self._head()
        self._lay(inner)
        if self.checking is not None:
            self.setFocusProxy(self.checking)
        self._connect()
        self._say_day("")

    @property
    def _month(self) -> Any:
        side = self.checking or self.writing
        assert side is not None  # noqa: S101 one of them is there
        return side.month

    def _head(self) -> None:
        self.before = Button(icon="chevron-left")
        self.today = Button(_("Today"))
        self.after = Button(icon="chevron-right")
        self.before.setAccessibleName(_("Day before"))
        self.after.setAccessibleName(_("Day after"))
        self.print_button = Button(_("Print evening sheet"), icon="printer")
        self.today.setParent(self)  # in the header while another day is shown
        self.today.hide()
        self.header_buttons = [self.before, self.after]
        if self.office:
            self.print_button.setParent(self)
            self.print_button.hide()
        else:
            self.header_buttons.append(self.print_button)

    def _lay(self, inner: QWidget) -> None:
        edges = (tokens.EDGE, 16)
        self.stack = PaperStack(
            self.desk, inner, _("Evening sheet"), _("as it will be printed"), back=_("Back to the diary"), edges=edges
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)

    def _connect(self) -> None:
        self.before.clicked.connect(lambda: self.show_day(self.day - timedelta(days=1)))
        self.after.clicked.connect(lambda: self.show_day(self.day + timedelta(days=1)))
        self.today.clicked.connect(lambda: self.show_day(clock.today()))
        self._month.grid.picked.connect(self.show_day)
        self.print_button.clicked.connect(self.show_paper)
        if not self.office:
            QShortcut(QKeySequence("Ctrl+P"), self).activated.connect(self.show_paper)

    def showEvent(self, event: QShowEvent) -> None:
        """Come back to the form, so that Ctrl+J and Ctrl+Enter save the day."""
        super().showEvent(event)
        if self.writing is not None and self.writing.rows is not None:
            self.writing.editor.focus_first()

    # -- showing --------------------------------------------------------------------------------

    def load(self) -> None:
        runner = self.desk.runner
        if self.office:
            runner.read(diary.open_check, self.day, then=self._show_check, key="diary")
        else:
            runner.read(diary.open_day, self.day, self.desk.me.person_id or None, then=self._show_day, key="diary")

    def show_day(self, day: date) -> None:
        """Show another day, up to today; what was typed stays as a draft."""
        if day <= clock.today():
            self._arrived = True
            if self.writing is not None:
                self.writing.leave_day()
            self.day = day
            self.refresh()

    def open(self, **what: Any) -> None:
        """`day` shows a day, `paper` its evening sheet."""
        if what.get("day"):
            self.show_day(what["day"])
        if what.get("paper"):
            self.show_paper()

    def state(self) -> dict[str, Any]:
        if self.writing is not None:
            self.writing.flush()
        return {"day": self.day}

    def restore(self, state: dict[str, Any]) -> None:
        self.day, self._arrived = state["day"], True

    def put_away(self) -> None:
        self.stack.shut()
        if self.writing is not None:
            self.writing.flush()

    def _show_day(self, rows: DayOfDiary) -> None:
        if self.writing is not None:
            self.writing.show_rows(rows)
            self._say_day(self.writing.state_words(rows))

    def _show_check(self, rows: CheckOfDay) -> None:
        """Show a day; the office arrives at the newest one on which something waits to be read."""
        if not self._arrived and rows.waiting and all(row.entry is None for row in rows.rows):
            self.show_day(max(rows.waiting))
            return
        self._arrived = True
        if self.checking is not None:
            self.checking.show_rows(rows)
            self._say_day(self.checking.state_words(rows))

    def _say_day(self, state: str) -> None:
        words = (text.long_date(self.day), lunar_text(self.day), state)
        self.header_buttons = [button for button in self.header_buttons if button is not self.today]
        if self.day != clock.today():
            self.header_buttons.insert(0, self.today)
        self.set_heading(_("Diary check") if self.office else _("Diary"), " • ".join(filter(None, words)))
        self.after.setEnabled(self.day < clock.today())

    # -- paper ----------------------------------------------------------------------------------

    def show_paper(self) -> None:
        """The evening sheet of the day as it will be printed; what is typed and not saved is not on it."""
        person = self.desk.me.person_id or None
        self.desk.runner.read(diary.evening_paper, self.day, person, then=self._draw_paper, key="diary.paper")

    def _draw_paper(self, paper: Any) -> None:
        self.desk.runner.background(diary.evening_sheet_bytes, paper, then=self._open_paper, owner=self)

    def _open_paper(self, content: bytes) -> None:
        self.stack.show_paper(content, f"diary-{self.day.isoformat()}.pdf", "diary")
