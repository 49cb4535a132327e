"""A register behind its list: print and export by day or month, print it blank, the paper in the list's place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from fieldcrm.base import clock
from fieldcrm.base.i18n import _
from fieldcrm.base.jobs import Progress
from fieldcrm.core import register as registers
from fieldcrm.ui.kit import choosing
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.page import Desk
from fieldcrm.ui.kit.paper_stack import PaperStack

Span = tuple[str, date, date]


def days_and_months() -> list[Span]:
    """Today, yesterday, this month, the last one."""
    today = clock.today()
    yesterday = today - timedelta(days=1)
    return [(_("Today"), today, today), (_("Yesterday"), yesterday, yesterday), *months()]


def months() -> list[Span]:
    """This month and the last one."""
    today = clock.today()
    first = today.replace(day=1)
    end = first - timedelta(days=1)
    return [(_("This month"), first, today), (_("Last month"), end.replace(day=1), end)]


class Register(PaperStack):
    """Shows `content`, or the paper in its place.

    `query(session, first, last)` reads it; PDF and workbook are made as jobs. `print_button` and `export_button` are
    for the page to place.
    """

    def __init__(
        self,
        desk: Desk,
        content: QWidget,
        title: str,
        *,
        query: Callable[..., registers.Register],
        blank: Callable[[], registers.Register],
        spans: Callable[[], list[Span]] = months,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, content, title, parent=parent)
        self.title, self._query, self._blank, self._spans = title, query, blank, spans
        self.print_button = Button(_("Print"), small=True)
        self.export_button = Button(_("Export Excel"), small=True)
        self.print_button.clicked.connect(lambda: self.print_menu())
        self.export_button.clicked.connect(lambda: self.menu(self.export_button, self._ask_where))

    def print_menu(self) -> QMenu:
        """The spans to print, and the register to fill in by hand."""
        menu = self.menu(self.print_button, self.preview)
        menu.addSeparator()
        menu.addAction(_("Blank, to fill in by hand")).triggered.connect(lambda _c=False: self.preview_blank())
        return menu

    def menu(self, button: Button, act: Callable[[date, date], object]) -> QMenu:
        """The spans to choose from, below a button."""
        menu = QMenu(self)
        for words, first, last in self._spans():
            menu.addAction(words).triggered.connect(lambda _c=False, a=first, b=last: act(a, b))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))
        return menu

    def preview(self, first: date, last: date) -> None:
        """Show the paper of a span of days."""
        name = self.file_name(first, last, "pdf")
        self.desk.runner.job(
            _("Making the register"),
            lambda progress: self._make(first, last, progress),
            then=lambda content: self.show_paper(content, name, self._code),
            owner=self,
        )

    def preview_blank(self) -> None:
        """Show the register to fill in by hand: where the laptop stays behind."""
        name = f"{self.title}.pdf"
        self.desk.runner.background(
            registers.register_bytes, self._blank(), self._who(),
            then=lambda content: self.show_paper(content, name, self._code), owner=self,
        )  # fmt: skip

    def export(self, first: date, last: date, path: Path) -> None:
        """Write the workbook of a span of days."""

        def told(rows: Any) -> None:
            self.desk.say("done", _("{n} rows written to {name}").format(n=rows, name=path.name), seconds=10)

        self.desk.runner.job(
            _("Writing the workbook"),
            lambda progress: self._write(first, last, path, progress),
            then=told,
            owner=self,
        )

    def _make(self, first: date, last: date, progress: Progress) -> bytes:
        return registers.register_bytes(self.desk.runner.store.read(self._query, first, last), self._who(), progress)

    def _who(self) -> str:
        me = self.desk.me
        return " · ".join(filter(None, (me.unit, "" if me.role == "office" else me.name)))

    def _write(self, first: date, last: date, path: Path, progress: Progress) -> int:
        from fieldcrm.base.data import audit

        store = self.desk.runner.store
        rows = registers.write_register(store.read(self._query, first, last), path, progress)
        store.change(audit.note, "export", list=self._code, rows=rows)
        return rows

    @property
    def _code(self) -> str:
        """What the audit log calls it."""
        return str(getattr(self._query, "__name__", "register"))

    def file_name(self, first: date, last: date, ending: str) -> str:
        """`有效回访统计表 2026-11-20.pdf`; no personal data in it."""
        span = f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d}–{last:%m-%d}"
        return f"{self.title} {span}.{ending}"

    def _ask_where(self, first: date, last: date) -> None:
        name = self.file_name(first, last, "xlsx")
        path = choosing.save_file(self, _("Export Excel"), name)
        if path is not None:
            self.export(first, last, path)
