"""Opens the window, or draws every page into PNG files; the only entry that imports Qt."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Any


def run(folder: Path, *, language: str | None = None, theme: str | None = None, password: str | None = None) -> int:
    """Open the window on the book in `folder` and work until it is closed; gives the exit code.

    `password` opens the book at once (the demo). A second start for the same folder raises the first window.
    """
    sys.setswitchinterval(0.0002)  # a working thread hands over to the window after 0.2 ms, not 5
    gc.disable()  # what a start makes stays: looking it through costs 8 ms; the window's Collector takes over
    from fieldcrm.base import i18n, settings

    device = settings.DeviceSettings(folder)
    i18n.use(language or device.get(settings.LANGUAGE))
    app = application(device.get(settings.SCALE))
    from fieldcrm.ui.kit.theme import theme as look
    from fieldcrm.ui.shell import instance, qtwords
    from fieldcrm.ui.shell.door import BookDoor
    from fieldcrm.ui.shell.window import Window

    if instance.raise_first(folder):
        return 0
    qtwords.speak(i18n.language())
    look.apply(theme or device.get(settings.THEME))
    window = Window(BookDoor(folder, device.get(settings.LAST_PAGE)), device)
    window.first_painted.connect(lambda: _keep_log(folder))
    window.first_painted.connect(lambda: instance.listen(folder, window.raise_window, window))
    window.first_painted.connect(lambda: _collect(window))
    window.demo_wanted.connect(lambda: _open_demo(window))
    if password is not None:
        window.unlock(password)
    window.show()
    return int(app.exec())


def _collect(window: Any) -> None:
    from fieldcrm.ui.kit.collector import Collector

    if window.findChild(Collector) is None:  # each unlock page is a first paint
        Collector(lambda: window.runner is not None and window.runner.working, window)


def _keep_log(folder: Path) -> None:
    """What goes wrong from now on stands in the book's folder, without any value."""
    from fieldcrm.base import log

    log.start(folder)
    log.watch_uncaught()


def _open_demo(window: Any) -> None:
    """Leave this empty window for one on the demo book, which has its own folder."""
    from PySide6.QtCore import QProcess

    frozen = getattr(sys, "frozen", False)
    arguments = ["demo"] if frozen else ["-c", "import sys; from fieldcrm.cli import main; sys.exit(main())", "demo"]
    if QProcess.startDetached(sys.executable, arguments):
        window.close()


def application(scale: int = 100) -> Any:
    """The QApplication, made when there is none; `scale` in percent on top of the screen's own."""
    if scale != 100:
        os.environ.setdefault("QT_SCALE_FACTOR", str(scale / 100))
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication(sys.argv[:1])
    app.setApplicationName("fieldcrm")
    app.setDesktopFileName("fieldcrm")  # type: ignore[attr-defined]
    return app


def draw_pages(
    source: Any, folder: Path, language: str, theme: str, size: tuple[int, int] = (1366, 768), scale: float = 1.0
) -> list[Path]:
    """Draw every page on an open book (or store) into PNG files in `folder`; needs no screen.

    `language` zh_CN or en, `theme` light or dark, `scale` 1.0–2.0.
    """
    if not has_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application()
    from PySide6.QtCore import qInstallMessageHandler

    from fieldcrm.ui.shell import drawing

    qInstallMessageHandler(_without_size_hints)
    return drawing.draw(source, folder, language, theme, size, scale)


def _without_size_hints(_kind: Any, _where: Any, message: str) -> None:
    """Qt's messages, but for what the platform without a screen says of every window it is given."""
    if "propagateSizeHints" not in message:
        sys.stderr.write(message + "\n")


def has_screen() -> bool:
    """Whether a window can be shown here."""
    if os.environ.get("QT_QPA_PLATFORM"):
        return os.environ["QT_QPA_PLATFORM"] not in ("offscreen", "minimal")
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
