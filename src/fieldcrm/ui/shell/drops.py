"""Files dragged onto the window: their content tells what they are; each finds its page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from fieldcrm.base.i18n import _
from fieldcrm.ui.shell.me import OFFICE

_TEXT = (QLineEdit, QPlainTextEdit, QTextEdit)


class Drops(QObject):
    """Takes drops on a workbench and opens the page that knows the file.

    Text fields let a drag pass to the window: dropped on one, a list would become its address in the text.
    """

    def __init__(self, bench: QWidget) -> None:
        super().__init__(bench)
        self.bench: Any = bench
        bench.setAcceptDrops(True)
        bench.installEventFilter(self)
        self.pass_by(bench)
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101
        app.focusChanged.connect(self._moved)

    def pass_by(self, inside: QWidget) -> None:
        """Have the text fields inside a widget pass drags on."""
        for kind in _TEXT:
            for field in inside.findChildren(kind):
                field.setAcceptDrops(False)

    def _moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        """A form that was made just now gives the keyboard to its first field."""
        if isinstance(now, _TEXT) and now.acceptDrops() and self.bench.isAncestorOf(now):
            self.pass_by(self.bench)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop):
            assert isinstance(event, QDropEvent)  # noqa: S101 the others are kinds of it
            paths = files_of(event.mimeData())
            if not paths:
                return False
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self.take(paths)
            return True
        return False

    def take(self, paths: list[Path]) -> None:
        """Find out off the window's thread what the files are, then open their page."""
        self.bench.runner.background(_kinds, paths, then=self._open, owner=self)

    def _open(self, kinds: list[tuple[Path, str]]) -> None:
        office = self.bench.me.role == OFFICE
        packages = [path for path, kind in kinds if kind == "package"]
        enrolment = [path for path, kind in kinds if kind == "enrolment"]
        lists = [path for path, kind in kinds if kind in ("list", "locked")]
        if packages:
            packages += [path for path, kind in kinds if kind == "locked"]  # they came together
            self.bench.go("inbox" if office else "sync", paths=_whole(packages))
        elif enrolment:
            key, what = ("people", "request") if office else ("sync", "grant")
            self.bench.go(key, **{what: enrolment[0]})
        elif lists:
            self.bench.go("imports", files=lists)
        else:
            self.bench.say("warning", _("This file is neither a package nor a list that can be imported."), seconds=12)


def files_of(data: QMimeData) -> list[Path]:
    """The local files of a drag; empty when there is any other."""
    urls = data.urls()
    return [Path(url.toLocalFile()) for url in urls] if urls and all(url.isLocalFile() for url in urls) else []


def _kinds(paths: list[Path]) -> list[tuple[Path, str]]:
    from fieldcrm.core.sync import drop_kind

    return [(path, drop_kind(path)) for path in paths]


def _whole(paths: list[Path]) -> list[Path]:
    """Folders as the packages in them."""
    from fieldcrm.core.sync import package_files

    return [file for path in paths for file in (package_files(path) if path.is_dir() else [path])]
