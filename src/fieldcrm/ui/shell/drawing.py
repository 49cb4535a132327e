"""Draws every page into PNG files, without a screen: for people to look at, and for the read-me."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from fieldcrm.base import clock, i18n, settings
from fieldcrm.ui.kit.runner import Runner
from fieldcrm.ui.kit.theme import theme
from fieldcrm.ui.shell.code_page import RecoveryCodePage
from fieldcrm.ui.shell.door import BookDoor
from fieldcrm.ui.shell.firststart import FirstStartPage
from fieldcrm.ui.shell.me import Me
from fieldcrm.ui.shell.recovering import RecoverPage
from fieldcrm.ui.shell.restoring import RestorePage
from fieldcrm.ui.shell.unlock import UnlockPage
from fieldcrm.ui.shell.workbench import Workbench
from fieldcrm.ui.shell.working import WorkingPage

SAMPLE_CODE = "7KQM2-D4XPN-8RWH3-T6VBC-9FGA7-KQM24-X8NRW-H3T6V"
_PATIENCE_SECONDS = 20


def draw(
    source: Any, folder: Path, language: str, mode: str, size: tuple[int, int] = (1366, 768), scale: float = 1.0
) -> list[Path]:
    """One PNG per page of the role of a book (or store), of unlock, first start, search, quick log; gives paths.

    `size` in px, multiplied by `scale` (1.5 draws as a screen at 150 % does).
    """
    i18n.use(language)
    theme.apply(mode)
    folder.mkdir(parents=True, exist_ok=True)
    camera = _Camera(folder, f"{language}-{mode}" + (f"-{scale:g}x" if scale != 1 else ""), QSize(*size), scale)
    book = source if hasattr(source, "vault") else None
    store = source if book is None else book.store
    author = store.author
    me = Me(author.person_id, author.person_name, author.unit_id, author.unit_name, author.role)
    runner = Runner(store)
    device = settings.Values({settings.LANGUAGE.key: language, settings.THEME.key: mode})
    bench = Workbench(runner, me, settings.Values(), device, book)
    theme.dress(bench)

    def ready() -> bool:
        return runner.quiet and not bench.facts.waiting

    try:
        bench.restore({})
        for entry in bench.entries:
            bench.go(entry.key)
            camera.take(entry.key, bench, ready)
        bench.go(bench.entries[0].key)
        camera.take("search", bench, ready, lambda: _search(bench))
        bench.finder.leave()
        camera.take("quick-log", bench, ready, lambda: bench.quick_log())
    finally:
        runner.close()
        bench.close()
        bench.deleteLater()
    restore = RestorePage()
    if book is not None:
        restore.show_backups(BookDoor(book.folder).backups())
    for name, page in (
        ("unlock", UnlockPage()),
        ("first-start", FirstStartPage()),
        ("code", RecoveryCodePage(SAMPLE_CODE)),
        ("recover", RecoverPage()),
        ("restore", restore),
        ("rekey", WorkingPage.for_new_key()),
    ):
        theme.dress(page)
        camera.take(name, page, lambda: True)
        page.close()
        page.deleteLater()
    return camera.taken


def _search(bench: Workbench) -> None:
    bench.activateWindow()
    bench.finder.open()
    bench.header.search.setText("w")
    bench.finder.ask("w")


class _Camera:
    def __init__(self, folder: Path, suffix: str, size: QSize, scale: float) -> None:
        self.folder, self.suffix, self.size, self.scale = folder, suffix, size, scale
        self.taken: list[Path] = []

    def take(
        self, name: str, widget: QWidget, ready: Callable[[], bool], before: Callable[[], object] | None = None
    ) -> None:
        widget.resize(self.size)
        if not widget.isVisible():
            widget.show()
        if before is not None:
            before()
        self._settle(ready)
        picture = QPixmap(self.size * self.scale)
        picture.setDevicePixelRatio(self.scale)
        widget.render(picture)
        path = self.folder / f"{name}-{self.suffix}.png"
        picture.save(str(path))
        self.taken.append(path)

    def _settle(self, ready: Callable[[], bool]) -> None:
        """Let events run until nothing is asked any more, twice in a row, and everything is laid out."""
        began = clock.monotonic()
        calm = 0
        while calm < 3 and clock.monotonic() - began < _PATIENCE_SECONDS:
            loop = QEventLoop()
            QTimer.singleShot(15, loop.quit)
            loop.exec()
            QApplication.sendPostedEvents()
            calm = calm + 1 if ready() else 0
