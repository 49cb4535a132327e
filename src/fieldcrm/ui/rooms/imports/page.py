"""The page that imports lists: start, reading, preview, writing, report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedLayout, QWidget

from fieldcrm.base.i18n import _, ngettext
from fieldcrm.ui.kit.buttons import Button
from fieldcrm.ui.kit.cards import EmptyState
from fieldcrm.ui.kit.clipboard import parse_cells
from fieldcrm.ui.kit.page import Desk, Page
from fieldcrm.ui.rooms.imports import work
from fieldcrm.ui.rooms.imports.failed import ask_failed, ask_lists
from fieldcrm.ui.rooms.imports.preview import Preview
from fieldcrm.ui.rooms.imports.steps import AskPassword, Report, Waiting
from fieldcrm.ui.rooms.imports.work import ImportWork


class ImportPage(Page):
    """`open(files=[…])` imports these files, `open(cells=[…])` pasted cells; `open(ask=True)` asks for files."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._stale = False
        self.wants_quick_log = False
        self.close_button = Button(_("Close"))
        self.import_button = Button("", kind="primary", icon="upload", hint="Ctrl ↵")
        for button in (self.close_button, self.import_button):
            button.setParent(self)  # the header takes them while there is a preview
            button.hide()
        self.close_button.clicked.connect(self._close)
        self.import_button.clicked.connect(self._import)
        self.start = EmptyState(
            "file-spreadsheet",
            _("Import a list from the core system"),
            _("Drop the file here, or choose it. Excel and text files (.xlsx, .xls, .csv) are read as they are: ")
            + _("titles above the header, totals and dates in any spelling are understood.")
            + " "
            + _("Cells copied from a spreadsheet: Ctrl+V."),
            ((_("Choose a file…"), self.choose),),
        )
        self.waiting, self.password, self.report = Waiting(), AskPassword(), Report()
        self.preview = Preview(desk.runner)
        self.refused: QWidget = QWidget()
        self._stack = QStackedLayout(self)
        for step in (self.start, self.waiting, self.password, self.refused, self.preview, self.report):
            self._stack.addWidget(step)
        enter = QShortcut(QKeySequence("Ctrl+Return"), self)
        enter.activated.connect(self._import)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self.start)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.paste)
        self._connect()
        self.work = ImportWork(desk.runner, desk.device, desk.book)
        self.setFocusProxy(self.start)
        self._watch()

    def _connect(self) -> None:
        self.password.given.connect(lambda password: self.work.read(password))
        self.password.left.connect(self._other)
        self.preview.columns.chosen.connect(lambda title, key: self.work.set_column(title, key))
        self.preview.columns.remember_changed.connect(self._remember)
        self.preview.save_wanted.connect(lambda: self._save(self.preview.save))
        self.preview.take_wanted.connect(lambda places, on: self.work.decide(places, on))
        self.report.save_wanted.connect(lambda: self._save(self.report.save))
        self.report.undo_wanted.connect(self.desk.runner.undo)
        self.report.clients_wanted.connect(lambda: self.desk.go("clients"))
        self.report.next_wanted.connect(self._other)

    def _watch(self) -> None:
        self.work.changed.connect(self._show)
        self.work.saved.connect(self._saved)
        self.work.package_found.connect(self._package)
        self._show()

    # -- the page -------------------------------------------------------------------------------

    def open(self, **what: Any) -> None:
        files = what.get("files", ())
        if files:
            self.work.take([Path(file) for file in files])
        elif what.get("cells"):
            self._take_cells(what["cells"])
        elif what.get("ask"):
            self.choose()

    def state(self) -> dict[str, Any]:
        return {"work": self.work}

    def restore(self, state: dict[str, Any]) -> None:
        kept: ImportWork | None = state.get("work")
        if kept is None:
            return
        if kept.runner is self.desk.runner:
            self.work.deleteLater()
            self.work = kept
            self._watch()
        else:  # the book was locked in between: what was read is gone
            self.work.take(([kept.path] if kept.path else []) + kept.files)

    def put_away(self) -> None:
        if self.work.phase in (work.DONE, work.EMPTY):
            self.work.path = None
        self.work.forget()
        self.preview.forget()

    # -- what a person does ---------------------------------------------------------------------

    def choose(self) -> None:
        """Ask for files and import them."""
        self.work.take(ask_lists(self))

    def paste(self) -> None:
        """Import the cells that lie on the clipboard."""
        self._take_cells(parse_cells(QGuiApplication.clipboard().text()))

    def _take_cells(self, cells: Sequence[Sequence[str]]) -> None:
        if len(cells) < 2 or len(cells[0]) < 2:
            self.desk.say("info", _("To paste a list, copy its rows together with their titles first."), seconds=12)
        elif not self.work.paste(cells):
            self.desk.say("warning", _("A list is at hand already: import or close it first."), seconds=12)

    def _other(self) -> None:
        if self.work.files:
            self.work.next()
        else:
            self.choose()

    def _close(self) -> None:
        self.work.next()
        if self.work.phase == work.EMPTY:
            self.desk.go("clients")

    def _import(self) -> None:
        if self.work.phase == work.PREVIEW and self.import_button.isEnabled():
            self.work.write()

    def _remember(self, on: bool) -> None:
        self.work.remember = on

    def _save(self, button: QWidget) -> None:
        ask_failed(button, self.work.path, self.work.save_failed)

    def _package(self, path: Path, password: str) -> None:
        """The file is no list but a package: on to the page that takes them, its password with it."""
        self.desk.go("inbox" if self.desk.me.role == "office" else "sync", paths=[path], password=password)

    def _saved(self, rows: int) -> None:
        words = ngettext("{n} row saved with its reason.", "{n} rows saved with their reasons.", rows)
        self.desk.say("done", words.format(n=f"{rows:,}"), seconds=12)

    # -- showing --------------------------------------------------------------------------------

    def _show(self) -> None:
        now = self.work
        name = now.path.name if now.path is not None else ""
        self.header_buttons = []
        step: QWidget = self.start
        if now.phase in (work.READING, work.WRITING):
            step = self.waiting
            self.waiting.tell(name, now.phase == work.WRITING)
        elif now.phase == work.PASSWORD:
            step = self.password
            self.password.ask(name, now.problem if now.tried else "")
        elif now.phase == work.REFUSED:
            step = self._refusal(name, now.problem)
        elif now.phase == work.PREVIEW:
            step = self._preview()
        elif now.phase == work.DONE and now.plan is not None:
            step = self.report
            self.report.tell(name, now.plan, undone=now.undone, latest=now.latest, waiting=len(now.files))
        if now.phase in (work.EMPTY, work.READING):
            self.preview.forget()
        self._stack.setCurrentWidget(step)
        self.set_heading(_("Import a list"), self._subtitle(name))
        if step is self.password:
            self.password.password.setFocus()
        elif step is self.preview and self.isVisible():
            if not self.preview.columns.take_focus() and now.plan is not None and now.plan.unclear:
                self.preview.columns.first().setFocus()
        elif step is self.report and self.isVisible():
            self.report.show_clients.setFocus()

    def _subtitle(self, name: str) -> str:
        parts = [name] if name else []
        plan = self.work.plan
        if plan is not None and self.work.phase == work.PREVIEW:
            parts += [table.sheet.name for table in plan.tables if table.sheet.name != Path(name).stem]
        if self.work.files:
            n = len(self.work.files)
            parts.append(ngettext("{n} more file waiting", "{n} more files waiting", n).format(n=n))
        return " · ".join(parts)

    def _preview(self) -> QWidget:
        now, plan = self.work, self.work.plan
        assert plan is not None  # noqa: S101
        self.preview.show_plan(plan, now.shown(), own=bool(now.mapping), remember=now.remember)
        rows = plan.count("new") + plan.count("changed")
        words = ngettext("Import {n} row", "Import {n} rows", rows) if rows else _("Nothing to import")
        self.import_button.setText(words.format(n=f"{rows:,}"))
        self.import_button.setEnabled(rows > 0)
        self.import_button.updateGeometry()
        self.header_buttons = [self.close_button, self.import_button]
        return self.preview

    def _refusal(self, name: str, problem: str) -> QWidget:
        made = EmptyState("circle-alert", name, problem, ((_("Choose another file…"), self._other),))
        self._stack.addWidget(made)
        self._stack.removeWidget(self.refused)
        self.refused.deleteLater()
        self.refused = made
        return made
